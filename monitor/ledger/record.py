"""What happens inside the one transaction that commits a poll, or new readings of what was heard before."""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, text

from monitor.core.fold import publication_order
from monitor.core.news import Change
from monitor.core.state import Report, Source
from monitor.ledger import recall, rows, states
from monitor.ledger.editions import find_editions, replace_readings, save_readings
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
        serialise(connection)
    new = _save_articles(connection, _absent(connection, poll.articles), feed, poll.reason)
    return _replace(connection, new, poll.editions, ReadFor.CORRECTION, decide)


def reread(connection: Connection, items: Sequence[ReadArticle], reason: ReadFor, decide: Decide) -> tuple[Change, ...]:
    """Let new readings of articles take the places of the former ones; returns the changes that are new."""
    serialise(connection)
    return _replace(connection, (), items, reason, decide)


def _replace(
    connection: Connection,
    new: Sequence[ReadArticle],
    again: Sequence[ReadArticle],
    reason: ReadFor,
    decide: Decide,
) -> tuple[Change, ...]:
    """Replace what was read before, and write what follows from that and from the new articles."""
    editions = find_editions(connection, again)
    former = _reports(connection, [edition.former for edition in editions])
    replace_readings(connection, editions, reason)
    told = _reports(connection, [*new, *(item for edition in editions for item in (edition.former, edition.item))])
    states.forget(connection, told.keys() | former.keys())
    concerning = [item.article.key for item in (*new, *(e.item for e in editions)) if item.reading.projects]
    states.forget_stories(connection, recall.stories_of(connection, concerning))
    sources = {edition.item.article.key: edition.item.source for edition in editions}
    before, fresh = _parted(told, former, {item.article.key for item in new}, _in_stories(connection, sources))
    return note(connection, decide(before, fresh)) if fresh else ()


def _reports(connection: Connection, items: Sequence[ReadArticle]) -> recall.Reports:
    """All that is told of the projects that these articles concern."""
    projects = sorted({project for item in items for project in item.reading.projects})
    return recall.reports(connection, projects) if projects else {}


def _in_stories(connection: Connection, sources: Mapping[str, Source]) -> dict[str, Source]:
    """These sources of articles, with the stories of which they are now."""
    stories = recall.stories_of(connection, list(sources))
    return {article: replace(source, story=stories[article]) for article, source in sources.items()}


def _parted(
    told: recall.Reports, former: recall.Reports, new: Container[str], again: Mapping[str, Source]
) -> tuple[recall.Reports, recall.Reports]:
    """What was told before of the projects of which something is told now, and what is told now.

    Args:
        told: what is told of the projects that are concerned.
        former: what was told of them before.
        new: the articles that are new.
        again: those that were read again, with the sources that they are now.
    """
    before: recall.Reports = defaultdict(list)
    fresh: recall.Reports = defaultdict(list)
    for project, reports in told.items():
        for report in reports:
            article = report.source.article
            (fresh if article in new or article in again else before)[project].append(report)
    for project, reports in former.items():
        telling = {report.source.article for report in fresh[project]}
        for report in reports:
            if (source := again.get(report.source.article)) is None:
                continue
            before[project].append(replace(report, source=replace(report.source, story=source.story)))
            if source.article not in telling:
                # That it says nothing of the project any more is what it says now.
                fresh[project].append(Report(source=source))
    changing = [project for project, reports in fresh.items() if reports]
    return _in_order(before, changing), _in_order(fresh, changing)


def _in_order(reports: recall.Reports, projects: Sequence[str]) -> recall.Reports:
    return {project: sorted(reports[project], key=publication_order) for project in projects}


def note(connection: Connection, decision: Decision) -> tuple[Change, ...]:
    """Write what was decided; returns the changes that are new."""
    changes = _save_changes(connection, decision.changes)
    _save_deliveries(connection, decision.outgoing, {change.id: change.project for change in changes})
    return changes


def _save_feed(connection: Connection, feed: FeedRecord) -> int:
    values = rows.feed_values(feed)
    statement = or_else(connection, FEEDS).values(url=feed.url, **values)
    saved = statement.on_conflict_do_update(index_elements=["url"], set_=values).returning(FEEDS.c.id)
    number: int = connection.execute(saved).scalar_one()
    return number


def serialise(connection: Connection) -> None:
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


def _save_deliveries(connection: Connection, outgoing: Sequence[Outgoing], projects: Mapping[str, str]) -> None:
    """Owe what is decided of new changes, which come with their projects."""
    owed = [one for one in outgoing if one.change_id in projects]
    # Where two want the same change at one destination, one as a substitute, it is sent in any case.
    owed.sort(key=lambda one: one.rank)
    insert_absent(connection, DELIVERIES, [rows.delivery_values(one, project=projects[one.change_id]) for one in owed])
