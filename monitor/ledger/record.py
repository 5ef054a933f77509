"""What happens inside the one transaction that commits a poll, or new readings of what was heard before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

from monitor.core.fold import publication_order
from monitor.core.model import Change, Report
from monitor.ledger import recall, rows
from monitor.ledger.editions import Edition, replace_readings, save_readings
from monitor.ledger.inserts import insert, insert_absent, insert_or_replace, or_else
from monitor.ledger.tables import ARTICLES, CHANGES, DELIVERIES, ENTRIES, FEEDS
from monitor.ports import Decide, Decision, FeedRecord, Outgoing, Poll, ReadArticle, ReadFor

#: The number under which PostgreSQL knows the lock of those who fold; beside it stand those of service and migrations.
_LOCK = 7_261_944_105


def record(connection: Connection, poll: Poll, decide: Decide) -> tuple[Change, ...]:
    """Write all that the poll brought and all that follows from it; returns the changes that are new."""
    feed = _save_feed(connection, poll.feed)
    insert_or_replace(connection, ENTRIES, [rows.entry_values(entry, feed) for entry in poll.entries])
    if not poll.articles and not poll.editions:
        return ()
    # Before anything is looked up: of two polls that bring the same article, or copies of it, the second must find it.
    if poll.editions or any(item.reading.projects for item in poll.articles):
        _serialise(connection)
    new = _save_articles(connection, _absent(connection, poll.articles), feed, poll.reason)
    return _follow(connection, new, replace_readings(connection, poll.editions, ReadFor.CORRECTION), decide)


def reread(connection: Connection, items: Sequence[ReadArticle], reason: ReadFor, decide: Decide) -> tuple[Change, ...]:
    """Let new readings of articles take the places of the former ones; returns the changes that are new."""
    _serialise(connection)
    return _follow(connection, (), replace_readings(connection, items, reason), decide)


def _follow(
    connection: Connection, new: Sequence[ReadArticle], again: Sequence[Edition], decide: Decide
) -> tuple[Change, ...]:
    """Write what follows from new articles and from new editions; returns the changes that are new."""
    items = (*new, *(item for edition in again for item in (edition.item, edition.former)))
    projects = sorted({project for item in items for project in item.reading.projects})
    before, fresh = _parted(recall.reports(connection, projects) if projects else {}, new, again)
    if not fresh:
        return ()
    return note(connection, decide(before, fresh))


def note(connection: Connection, decision: Decision) -> tuple[Change, ...]:
    """Write what was decided; returns the changes that are new."""
    changes = _save_changes(connection, decision.changes)
    _save_deliveries(connection, decision.outgoing, {change.id: change for change in changes})
    return changes


def _parted(
    told: recall.Reports, new: Sequence[ReadArticle], again: Sequence[Edition]
) -> tuple[recall.Reports, recall.Reports]:
    """What was told before of the projects of which something is told now, and what is told now."""
    news = {item.article.key for item in (*new, *(edition.item for edition in again))}
    before: recall.Reports = defaultdict(list)
    fresh: recall.Reports = defaultdict(list)
    for project, reports in told.items():
        for report in reports:
            (fresh if report.source.article in news else before)[project].append(report)
    for edition in again:
        for project, report in edition.said.items():
            before[project].append(report)
            if project not in edition.says:
                # That it says nothing of it any more is what it says now.
                fresh[project].append(Report(source=edition.item.source))
    return {project: sorted(before[project], key=publication_order) for project in fresh}, {
        project: sorted(reports, key=publication_order) for project, reports in fresh.items()
    }


def _save_feed(connection: Connection, feed: FeedRecord) -> int:
    values = rows.feed_values(feed)
    statement = or_else(connection, FEEDS).values(url=feed.url, **values)
    saved = statement.on_conflict_do_update(index_elements=["url"], set_=values).returning(FEEDS.c.id)
    number: int = connection.execute(saved).scalar_one()
    return number


def _serialise(connection: Connection) -> None:
    """Let one transaction at a time fold projects and join stories, which reach across them.

    On SQLite there is one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _absent(connection: Connection, items: Sequence[ReadArticle]) -> list[ReadArticle]:
    """The articles that the ledger does not have, in one order everywhere, as above."""
    by_key = {item.article.key: item for item in reversed(items)}
    known = recall.among(connection, ARTICLES.c.key, list(by_key))
    return [by_key[key] for key in sorted(by_key.keys() - known)]


def _save_articles(
    connection: Connection, items: Sequence[ReadArticle], feed: int, reason: ReadFor
) -> list[ReadArticle]:
    """Insert the articles with all that was read in them; returns those that no other poll has brought since."""
    if not items:
        return []
    statement = or_else(connection, ARTICLES).on_conflict_do_nothing().returning(ARTICLES.c.key, ARTICLES.c.id)
    found = connection.execute(statement, [rows.article_values(item, feed) for item in items])
    numbers = {row.key: row.id for row in found}
    saved = [item for item in items if item.article.key in numbers]
    save_readings(connection, saved, numbers, reason)
    return saved


def _save_changes(connection: Connection, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Insert the changes that are not known yet; returns those."""
    by_id = {change.id: change for change in reversed(changes)}
    known = recall.among(connection, CHANGES.c.id, list(by_id))
    new = tuple(change for change in dict.fromkeys(by_id[change.id] for change in changes) if change.id not in known)
    insert(connection, CHANGES, [rows.change_values(change) for change in new])
    return new


def _save_deliveries(connection: Connection, outgoing: Sequence[Outgoing], changes: Mapping[str, Change]) -> None:
    owed = [rows.delivery_values(one, due_at=changes[one.change_id].at) for one in outgoing if one.change_id in changes]
    insert_absent(connection, DELIVERIES, owed)
