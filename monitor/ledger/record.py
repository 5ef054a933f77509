"""What happens inside the one transaction that commits a poll."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table, insert, text
from sqlalchemy.dialects import postgresql, sqlite

from monitor.core.articles import reports_of
from monitor.core.fold import publication_order
from monitor.core.model import Change, Report
from monitor.ledger import recall, rows
from monitor.ledger.tables import ARTICLES, CHANGES, CLAIMS, CONCERNS, DELIVERIES, ENTRIES, FACTS, FEEDS, READINGS
from monitor.ports import Decide, FeedRecord, Outgoing, Poll, ReadArticle, ReadFor


def record(connection: Connection, poll: Poll, decide: Decide) -> tuple[Change, ...]:
    """Write all that the poll brought and all that follows from it; returns the changes that are new."""
    feed = _save_feed(connection, poll.feed)
    _insert_absent(connection, ENTRIES, [{"feed": feed, "key": key} for key in poll.entries])
    if not poll.articles:
        return ()
    projects = sorted({project for item in poll.articles for project in item.reading.projects})
    # Before anything is looked up: of two polls that bring the same article the second must find it.
    _serialise(connection, projects)
    new = _absent(connection, poll.articles)
    before = recall.reports(connection, projects) if any(item.reading.projects for item in new) else {}
    fresh = _reports(_save_articles(connection, new, feed))
    if not fresh:
        return ()
    decision = decide({project: before.get(project, ()) for project in fresh}, fresh)
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
    """Let one transaction at a time fold a project. On SQLite there is one writer anyway."""
    if connection.dialect.name == "sqlite":
        return
    # In one order everywhere, so that no two polls can wait for each other.
    numbers = sorted(int.from_bytes(sha256(p.encode()).digest()[:8], "big", signed=True) for p in projects)
    for number in numbers:
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


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
    """Insert all that was read in these articles, whose numbers are given by their keys."""
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


def _reports(items: Sequence[ReadArticle]) -> dict[str, list[Report]]:
    """What these articles say, by project, oldest publication first."""
    found: dict[str, list[Report]] = defaultdict(list)
    for item in items:
        for project, report in reports_of(item.source, item.reading).items():
            found[project].append(report)
    return {project: sorted(reports, key=publication_order) for project, reports in found.items()}


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
