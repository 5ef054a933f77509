"""The ledger on SQL: a poll goes in whole or not at all."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Select, Table, insert, select, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from monitor.core.model import Change, Claim, Fact, Report, Source
from monitor.ledger import rows
from monitor.ledger.engine import reading, writing
from monitor.ledger.tables import (
    ArticleRow,
    ChangeRow,
    ClaimRow,
    ConcernRow,
    DeliveryRow,
    EntryRow,
    FactRow,
    FeedRow,
)
from monitor.ports import Decide, DeliveryState, FeedRecord, Outgoing, Poll, ReadArticle

#: Keys in one question: SQLite takes at most 32,766 variables.
CHUNK = 5000

T = TypeVar("T")


def table(row: type) -> Table:
    """The Core table under an SQLModel class: batches go past the ORM, which costs ten times as much."""
    return row.__table__  # type: ignore[attr-defined, no-any-return]  # SQLModel sets it, its types do not say so


FEEDS, ENTRIES, ARTICLES, CONCERNS = table(FeedRow), table(EntryRow), table(ArticleRow), table(ConcernRow)
CLAIMS, FACTS, CHANGES, DELIVERIES = table(ClaimRow), table(FactRow), table(ChangeRow), table(DeliveryRow)


class SQLLedger:
    """``ports.Ledger`` on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def feeds(self) -> Mapping[str, FeedRecord]:
        with reading(self._engine) as connection:
            found = connection.execute(select(FEEDS)).mappings().all()
        return {row["url"]: rows.feed_record(row) for row in found}

    def unseen(self, feed_url: str, entries: Sequence[str]) -> frozenset[str]:
        with reading(self._engine) as connection:
            seen = _existing(connection, ENTRIES.c.key, entries, ENTRIES.c.feed == feed_url)
        return frozenset(entries) - seen

    def known(self, articles: Sequence[str]) -> frozenset[str]:
        with reading(self._engine) as connection:
            return frozenset(_existing(connection, ARTICLES.c.key, articles))

    def record(self, poll: Poll, decide: Decide) -> tuple[Change, ...]:
        with writing(self._engine) as connection:
            _save_feed(connection, poll.feed)
            if poll.entries:
                _insert_new(connection, ENTRIES, [{"feed": poll.feed.url, "key": key} for key in poll.entries])
            if not poll.articles:
                return ()
            # Before the articles are looked up: of two polls that bring the same one the second must find it.
            _serialise(connection, sorted({p for item in poll.articles for p in item.reading.projects}))
            fresh = _save_articles(connection, poll.articles, poll.feed.url)
            new_reports = _fresh_reports(fresh)
            if not new_reports:
                return ()
            keys = {item.article.key for item in fresh}
            before = {
                project: [report for report in reports if report.source.article not in keys]
                for project, reports in _reports(connection, list(new_reports)).items()
            }
            decision = decide(before, new_reports)
            changes = _save_changes(connection, decision.changes)
            _save_deliveries(connection, decision.outgoing, {change.id: change for change in changes})
            return changes

    def reports(self, project: str | None = None) -> Mapping[str, Sequence[Report]]:
        with reading(self._engine) as connection:
            return _reports(connection, None if project is None else [project])

    def changes(self, *, project: str | None = None, limit: int | None = None) -> Sequence[Change]:
        query = select(CHANGES).order_by(CHANGES.c.number.desc()).limit(limit)
        if project is not None:
            query = query.where(CHANGES.c.project == project)
        with reading(self._engine) as connection:
            return [rows.change(row) for row in reversed(connection.execute(query).all())]


# ---------------------------------------------------------------- inside the transaction


def _existing(connection: Connection, column: Any, values: Sequence[str], *where: Any) -> set[str]:  # noqa: ANN401
    found: set[str] = set()
    for start in range(0, len(values), CHUNK):
        query = select(column).where(column.in_(values[start : start + CHUNK]), *where)
        found.update(connection.scalars(query))
    return found


def _upsert(connection: Connection, into: Table) -> Any:  # noqa: ANN401 - the two dialects' inserts share no type
    return (sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert)(into)


def _insert_new(connection: Connection, into: Table, values: Sequence[rows.Values]) -> None:
    """Insert what is not there yet, in one round."""
    connection.execute(_upsert(connection, into).on_conflict_do_nothing(), values)


def _save_feed(connection: Connection, feed: FeedRecord) -> None:
    values = rows.feed_values(feed)
    statement = _upsert(connection, FEEDS).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["url"], set_=values))


def _serialise(connection: Connection, projects: Sequence[str]) -> None:
    """One transaction at a time may fold a project. On SQLite there is one writer anyway."""
    if connection.dialect.name == "sqlite":
        return
    # In one order everywhere, so that two polls cannot wait for each other.
    numbers = sorted(int.from_bytes(hashlib.sha256(p.encode()).digest()[:8], "big", signed=True) for p in projects)
    for number in numbers:
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def _save_articles(connection: Connection, items: Sequence[ReadArticle], feed: str) -> list[ReadArticle]:
    """Insert the articles that are new, with all that was read in them; returns those."""
    by_key = {item.article.key: item for item in items}
    known = _existing(connection, ARTICLES.c.key, list(by_key))
    wanted = [rows.article_values(item, feed) for key, item in by_key.items() if key not in known]
    if not wanted:
        return []
    # Another process may have brought one of them since: what comes back is what is ours.
    statement = _upsert(connection, ARTICLES).on_conflict_do_nothing().returning(ARTICLES.c.key, ARTICLES.c.id)
    ids = {row.key: row.id for row in connection.execute(statement, wanted)}
    fresh = [by_key[key] for key in by_key if key in ids]
    _insert_all(
        connection,
        CONCERNS,
        [
            {"article": ids[item.article.key], "project": project, "position": position}
            for item in fresh
            for position, project in enumerate(item.reading.projects)
        ],
    )
    _insert_all(connection, CLAIMS, [rows.claim_values(c, ids[i.article.key]) for i in fresh for c in i.reading.claims])
    _insert_all(connection, FACTS, [rows.fact_values(f, ids[i.article.key]) for i in fresh for f in i.reading.facts])
    return fresh


def _insert_all(connection: Connection, into: Table, values: Sequence[rows.Values]) -> None:
    if values:
        connection.execute(insert(into), values)


def _fresh_reports(fresh: Sequence[ReadArticle]) -> dict[str, list[Report]]:
    """What the new articles say, by project."""
    found: dict[str, list[Report]] = defaultdict(list)
    for item in fresh:
        claims, facts = _by_project(item.reading.claims), _by_project(item.reading.facts)
        for project in dict.fromkeys([*claims, *facts]):
            report = Report(
                source=item.source, claims=tuple(claims.get(project, ())), facts=tuple(facts.get(project, ()))
            )
            found[project].append(report)
    return dict(found)


Told = TypeVar("Told", Claim, Fact)


def _by_project(told: Sequence[Told]) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        found[one.project].append(one)
    return found


def _reports(connection: Connection, projects: Sequence[str] | None) -> dict[str, list[Report]]:
    """Reports by project, put together from two queries, oldest publication first."""
    sources: dict[str, Source] = {}
    claims: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    facts: dict[tuple[str, str], list[Fact]] = defaultdict(list)

    def collect(of: Table, make: Callable[[Any], T], into: dict[tuple[str, str], list[T]]) -> None:
        for row in connection.execute(_with_sources(of, projects)):
            if row.key not in sources:
                sources[row.key] = rows.source(row)
            into[row.project, row.key].append(make(row))

    collect(CLAIMS, rows.claim, claims)
    collect(FACTS, rows.fact, facts)
    found: dict[str, list[Report]] = defaultdict(list)
    for project, key in claims.keys() | facts.keys():
        report = Report(
            source=sources[key],
            claims=tuple(claims.get((project, key), ())),
            facts=tuple(facts.get((project, key), ())),
        )
        found[project].append(report)
    for reports in found.values():
        reports.sort(key=lambda report: (report.source.published_at, report.source.article))
    return {project: found[project] for project in sorted(found)}


def _with_sources(of: Table, projects: Sequence[str] | None) -> Select[Any]:
    """What was told, with the source that told it, in the order in which it was read."""
    columns = ("key", "url", "outlet", "trust", "published_at", "seen_at", "story")
    query = select(*(ARTICLES.c[name] for name in columns), of).join(ARTICLES, ARTICLES.c.id == of.c.article)
    if projects is not None:
        query = query.where(of.c.project.in_(projects))
    return query.order_by(of.c.id)


def _save_changes(connection: Connection, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Insert the changes that are new; returns those."""
    known = _existing(connection, CHANGES.c.id, [change.id for change in changes])
    new = tuple({change.id: change for change in changes if change.id not in known}.values())
    _insert_all(connection, CHANGES, [rows.change_values(change) for change in new])
    return new


def _save_deliveries(connection: Connection, outgoing: Sequence[Outgoing], changes: Mapping[str, Change]) -> None:
    values = [
        {
            "change": one.change_id,
            "subscriber": one.subscriber,
            "destination": one.destination,
            "state": DeliveryState.PENDING.value,
            "due_at": changes[one.change_id].at,
            "acquired_by": None,
            "acquired_until": None,
            "attempts": 0,
            "sent_at": None,
            "last_outcome": "",
        }
        for one in outgoing
        if one.change_id in changes
    ]
    if values:
        _insert_new(connection, DELIVERIES, values)
