"""What happens inside the one transaction that commits a poll."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert, text
from sqlalchemy.dialects import postgresql, sqlite

from monitor.core.model import Change
from monitor.core.stories import sketch
from monitor.ledger import recall, rows, stories
from monitor.ledger.tables import ARTICLES, CHANGES, CLAIMS, CONCERNS, DELIVERIES, ENTRIES, FACTS, FEEDS, READINGS
from monitor.ports import Decide, Decision, FeedRecord, Outgoing, Poll, ReadArticle, ReadFor

#: The number under which PostgreSQL knows the lock of those who fold; beside it stand those of service and migrations.
_LOCK = 7_261_944_105


def record(connection: Connection, poll: Poll, decide: Decide) -> tuple[Change, ...]:
    """Write all that the poll brought and all that follows from it; returns the changes that are new."""
    feed = _save_feed(connection, poll.feed)
    _insert_absent(connection, ENTRIES, [{"feed": feed, "key": key} for key in poll.entries])
    if not poll.articles:
        return ()
    projects = sorted({project for item in poll.articles for project in item.reading.projects})
    # Before anything is looked up: of two polls that bring the same article, or copies of it, the second must find it.
    _serialise(connection, projects)
    new = _save_articles(connection, _absent(connection, poll.articles), feed)
    told = recall.reports(connection, projects) if any(item.reading.projects for item in new) else {}
    before, fresh = _parted(told, {item.article.key for item in new})
    if not fresh:
        return ()
    return note(connection, decide(before, fresh))


def note(connection: Connection, decision: Decision) -> tuple[Change, ...]:
    """Write what was decided; returns the changes that are new."""
    changes = _save_changes(connection, decision.changes)
    _save_deliveries(connection, decision.outgoing, {change.id: change for change in changes})
    return changes


def _save_feed(connection: Connection, feed: FeedRecord) -> int:
    values = rows.feed_values(feed)
    statement = _or_else(connection, FEEDS).values(url=feed.url, **values)
    saved = statement.on_conflict_do_update(index_elements=["url"], set_=values).returning(FEEDS.c.id)
    number: int = connection.execute(saved).scalar_one()
    return number


def _serialise(connection: Connection, projects: Sequence[str]) -> None:
    """Let one transaction at a time fold projects and join stories, which reach across them.

    On SQLite there is one writer anyway.
    """
    if projects and connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _absent(connection: Connection, items: Sequence[ReadArticle]) -> list[ReadArticle]:
    """The articles that the ledger does not have, in one order everywhere, as above."""
    by_key = {item.article.key: item for item in reversed(items)}
    known = recall.among(connection, ARTICLES.c.key, list(by_key))
    return [by_key[key] for key in sorted(by_key.keys() - known)]


def _save_articles(connection: Connection, items: Sequence[ReadArticle], feed: int) -> list[ReadArticle]:
    """Insert the articles with all that was read in them; returns those that no other poll has brought since."""
    if not items:
        return []
    statement = _or_else(connection, ARTICLES).on_conflict_do_nothing().returning(ARTICLES.c.key, ARTICLES.c.id)
    found = connection.execute(statement, [rows.article_values(item, feed) for item in items])
    numbers = {row.key: row.id for row in found}
    saved = [item for item in items if item.article.key in numbers]
    _save_readings(connection, saved, numbers, ReadFor.POLL)
    return saved


def _save_readings(
    connection: Connection, items: Sequence[ReadArticle], numbers: Mapping[str, int], reason: ReadFor
) -> None:
    """Insert all that was read in these articles, whose numbers are given by their keys, and find their stories."""
    if not items:
        return
    values = [rows.reading_values(item, numbers[item.article.key], reason) for item in items]
    saved = connection.scalars(insert(READINGS).returning(READINGS.c.id, sort_by_parameter_order=True), values)
    read = list(zip(saved, (item.reading for item in items), strict=True))
    concerns = [
        {"reading": number, "project": project, "position": position}
        for number, reading in read
        for position, project in enumerate(reading.projects)
    ]
    _insert(connection, CONCERNS, concerns)
    _insert(
        connection, CLAIMS, [rows.claim_values(claim, number) for number, reading in read for claim in reading.claims]
    )
    _insert(connection, FACTS, [rows.fact_values(fact, number) for number, reading in read for fact in reading.facts])
    for item in items:
        if projects := item.reading.projects:
            words = sketch(item.article.title, item.article.text)
            stories.join(connection, numbers[item.article.key], words, item.source.published_at, projects)


def _parted(told: recall.Reports, new: set[str]) -> tuple[recall.Reports, recall.Reports]:
    """Of the projects that these new articles tell of: what was told before, and what they tell."""
    fresh = {project: [r for r in reports if r.source.article in new] for project, reports in told.items()}
    fresh = {project: reports for project, reports in fresh.items() if reports}
    before = {project: [r for r in told[project] if r.source.article not in new] for project in fresh}
    return before, fresh


def _save_changes(connection: Connection, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Insert the changes that are not known yet; returns those."""
    by_id = {change.id: change for change in reversed(changes)}
    known = recall.among(connection, CHANGES.c.id, list(by_id))
    new = tuple(change for change in dict.fromkeys(by_id[change.id] for change in changes) if change.id not in known)
    _insert(connection, CHANGES, [rows.change_values(change) for change in new])
    return new


def _save_deliveries(connection: Connection, outgoing: Sequence[Outgoing], changes: Mapping[str, Change]) -> None:
    owed = [rows.delivery_values(one, due_at=changes[one.change_id].at) for one in outgoing if one.change_id in changes]
    _insert_absent(connection, DELIVERIES, owed)


# ---------------------------------------------------------------- inserts


def _insert(connection: Connection, into: Table, values: Sequence[rows.Values]) -> None:
    if values:
        connection.execute(insert(into), values)


def _insert_absent(connection: Connection, into: Table, values: Sequence[rows.Values]) -> None:
    """Insert what is not there yet."""
    if values:
        connection.execute(_or_else(connection, into).on_conflict_do_nothing(), values)


def _or_else(connection: Connection, into: Table) -> Any:  # noqa: ANN401 - the dialects' inserts share no type
    """An insert that may say what to do on a conflict."""
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(into)
