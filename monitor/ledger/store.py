"""The ledger on SQL. A poll is stored whole or not at all."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, Engine, ScalarSelect, and_, bindparam, false, func, select, true, update

from monitor.core.alerting.bundling import Recent
from monitor.core.backoff import SKEW
from monitor.core.folding.listing import Listed
from monitor.core.model import Claim, Fact
from monitor.core.news import Change, ChangeType
from monitor.core.polling.cadence import Habit
from monitor.core.review import Review
from monitor.core.state import Correction, ProjectState, Report
from monitor.ledger import recall, rows, states
from monitor.ledger.engine import chunks, reading, trying, writing
from monitor.ledger.recall import decided_since, reviews
from monitor.ledger.record import note, owed_lately, reconsider, record, reread, serialise
from monitor.ledger.tables import ARTICLES, CHANGES, CLAIMS, CONCERNS, DELIVERIES, ENTRIES, FACTS, FEEDS, READINGS
from monitor.ports import (
    MOST_COPIES,
    ArticleRecord,
    Decide,
    Decision,
    EntryRecord,
    FeedRecord,
    Fold,
    Poll,
    Provisional,
    ReadArticle,
    ReadFor,
    ReadingRecord,
    Reconsider,
)

# Loads one article with everything that is stored about it ------------------------------------------------------------


_FIRST = (
    select(ARTICLES.c.id, ARTICLES.c.story, ARTICLES.c.seen_at, FEEDS.c.url)
    .select_from(ARTICLES)
    .join(FEEDS, FEEDS.c.id == ARTICLES.c.feed)
)
_SOURCE = [
    ARTICLES.c[name]
    for name in ("key", "url", "outlet", "trust", "published_at", "seen_at", "story", "language", "title")
]


def article(connection: Connection, key: str) -> ArticleRecord | None:
    """The article with this key, its readings and its copies. None if there is no such article."""
    first = connection.execute(_FIRST.where(ARTICLES.c.key == key)).one_or_none()
    if first is None:
        return None
    [read] = recall.articles_of(connection, [key])
    readings = connection.execute(select(READINGS).where(READINGS.c.article == first.id).order_by(READINGS.c.seen_at))
    projects = select(CONCERNS.c.project).join(READINGS).where(READINGS.c.article == first.id).distinct()
    copies = connection.execute(
        select(*_SOURCE)
        .where(ARTICLES.c.story == first.story, ARTICLES.c.id != first.id)
        .order_by(ARTICLES.c.published_at, ARTICLES.c.id)
        .limit(MOST_COPIES)
    )
    return ArticleRecord(
        read=read,
        feed=first.url,
        seen_at=first.seen_at,
        readings=tuple(
            ReadingRecord(at=row.seen_at, reason=ReadFor(row.reason), reader=row.reader, retired_at=row.retired_at)
            for row in readings
        ),
        projects=tuple(sorted(connection.scalars(projects))),
        copies=tuple(map(rows.source, copies)),
    )


# What a decision or a poll would commit, for a transaction that is rolled back ----------------------------------------


def foresee(connection: Connection, reviews: Sequence[Review], decide: Reconsider) -> Decision:
    """The new changes and deliveries of decisions that are made together."""
    return _followed(connection, reconsider(connection, reviews, decide))


def foresee_poll(connection: Connection, poll: Poll, decide: Decide) -> Decision:
    """The new changes and deliveries of a poll."""
    return _followed(connection, record(connection, [(poll, decide)])[0])


def _followed(connection: Connection, changes: Sequence[Change]) -> Decision:
    """These new changes, with their deliveries."""
    owed = select(DELIVERIES).order_by(DELIVERIES.c.id)
    some = chunks([change.id for change in changes])
    found = [row for ids in some for row in connection.execute(owed.where(DELIVERIES.c.change.in_(ids)))]
    return Decision(changes=tuple(changes), outgoing=tuple(map(rows.outgoing, found)))


# Corrections by publishers: readings that were replaced because the article changed -----------------------------------


_LATER = READINGS.alias("later")
_COLUMNS = [
    *(ARTICLES.c[name] for name in ("key", "url", "outlet", "trust", "published_at", "story", "language", "title")),
    *(READINGS.c[name] for name in ("id", "seen_at", "retired_at")),
    _LATER.c.id.label("later"),
]


def corrections(connection: Connection, project: str, as_of: datetime | None) -> list[Correction]:
    """What publishers no longer say about a project, in the order of their edits.

    Args:
        connection: the connection.
        project: the project.
        as_of: if given, only edits that were seen by this instant.
    """
    query = (
        select(*_COLUMNS)
        .join_from(CONCERNS, READINGS)
        .join(ARTICLES)
        .join(_LATER, and_(_LATER.c.article == READINGS.c.article, _LATER.c.seen_at == READINGS.c.retired_at))
        .where(CONCERNS.c.project == project, _LATER.c.reason == ReadFor.CORRECTION.value)
    )
    if as_of is not None:
        query = query.where(READINGS.c.retired_at <= as_of)
    found = connection.execute(query.order_by(READINGS.c.retired_at, ARTICLES.c.key)).all()
    claims, facts = _said(connection, project, [number for row in found for number in (row.id, row.later)])
    made = (
        Correction.of(
            Report(source=rows.source(row), claims=tuple(claims[row.id]), facts=tuple(facts[row.id])),
            Report(source=rows.source(row), claims=tuple(claims[row.later]), facts=tuple(facts[row.later])),
            at=row.retired_at,
        )
        for row in found
    )
    return [correction for correction in made if correction is not None]


def _said(
    connection: Connection, project: str, readings: Sequence[int]
) -> tuple[dict[int, list[Claim]], dict[int, list[Fact]]]:
    """The claims and facts on the project in these readings, by the number of the reading."""
    claims: dict[int, list[Claim]] = defaultdict(list)
    facts: dict[int, list[Fact]] = defaultdict(list)
    for some in chunks(readings):
        for row in connection.execute(select(CLAIMS).where(CLAIMS.c.reading.in_(some), CLAIMS.c.project == project)):
            claims[row.reading].append(rows.claim(row))
        for row in connection.execute(select(FACTS).where(FACTS.c.reading.in_(some), FACTS.c.project == project)):
            facts[row.reading].append(rows.fact(row))
    return claims, facts


#: The number of feed rows that are held at a time. All at once would take 20 MB for 10,000 feeds.
_FEEDS_AT_A_TIME = 500

#: The given entries that a feed has brought. Built once: building it takes longer than running it.
_BROUGHT = (
    select(ENTRIES)
    .join(FEEDS)
    .where(FEEDS.c.url == bindparam("feed"), ENTRIES.c.key.in_(bindparam("entries", expanding=True)))
)


class SQLLedger:
    """``ports.Ledger`` on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine, *, committed: Callable[[], None] = lambda: None) -> None:
        """Prepare.

        Args:
            engine: of the database.
            committed: called after changes, and possibly deliveries, were committed.
        """
        self._engine = engine
        self._committed = committed
        self._decoded = states.Decoded()

    def feeds(self) -> Mapping[str, FeedRecord]:
        with reading(self._engine) as connection:
            found = connection.execute(select(FEEDS), execution_options={"yield_per": _FEEDS_AT_A_TIME})
            return {row["url"]: rows.feed_record(row) for row in found.mappings()}

    def feed(self, url: str) -> FeedRecord | None:
        with reading(self._engine) as connection:
            row = connection.execute(select(FEEDS).where(FEEDS.c.url == url)).mappings().first()
        return rows.feed_record(row) if row is not None else None

    def habits(self) -> Iterator[tuple[str, Habit, int]]:
        query = select(FEEDS.c.url, FEEDS.c.habit, FEEDS.c.shown).where(FEEDS.c.habit.is_not(None))
        with reading(self._engine) as connection:
            for row in connection.execute(query, execution_options={"yield_per": _FEEDS_AT_A_TIME}):
                yield rows.feed_habit(row)

    def due(self, now: datetime) -> tuple[Mapping[str, FeedRecord], frozenset[str]]:
        # A poll time in the future comes from a clock that ran ahead, which also postponed the feed.
        is_waiting = and_(FEEDS.c.next_poll_at > now, (FEEDS.c.polled_at > now + SKEW).is_not(True))
        with reading(self._engine) as connection:
            # In this order, a feed that is polled meanwhile is in both results, and never in neither, as a new feed
            # would be.
            found = connection.execute(
                select(FEEDS).where(is_waiting.is_not(True)), execution_options={"yield_per": _FEEDS_AT_A_TIME}
            )
            due = {row["url"]: rows.feed_record(row) for row in found.mappings()}
            return due, frozenset(connection.scalars(select(FEEDS.c.url).where(is_waiting)))

    def seen(
        self, feed_url: str, entries: Sequence[str], articles: Sequence[str]
    ) -> tuple[Mapping[str, EntryRecord], frozenset[str]]:
        with reading(self._engine) as connection:
            brought = {
                row.key: rows.entry_record(row)
                for chunk in chunks(entries)
                for row in connection.execute(_BROUGHT, {"feed": feed_url, "entries": chunk})
            }
            return brought, frozenset(recall.among(connection, ARTICLES.c.key, articles))

    def known(self, articles: Sequence[str]) -> frozenset[str]:
        with reading(self._engine) as connection:
            return frozenset(recall.among(connection, ARTICLES.c.key, articles))

    def record(self, poll: Poll, decide: Decide) -> tuple[Change, ...]:
        return self.record_all([(poll, decide)])[0]

    def record_all(self, polls: Sequence[tuple[Poll, Decide]]) -> Sequence[tuple[Change, ...]]:
        with writing(self._engine) as connection:
            changes = record(connection, polls)
        if any(changes):
            self._committed()
        return changes

    def owed_lately(self, destinations: Collection[str], now: datetime) -> Mapping[str, Sequence[Recent]]:
        with reading(self._engine) as connection:
            return owed_lately(connection, destinations, now)

    def note(self, decision: Decision) -> tuple[Change, ...]:
        return self._commit(lambda connection: note(connection, decision))

    def reread(self, articles: Sequence[ReadArticle], reason: ReadFor, decide: Decide) -> tuple[Change, ...]:
        return self._commit(lambda connection: reread(connection, articles, reason, decide))

    def _commit(self, step: Callable[[Connection], tuple[Change, ...]]) -> tuple[Change, ...]:
        with writing(self._engine) as connection:
            changes = step(connection)
        if changes:
            self._committed()
        return changes

    def read_otherwise(self, reader: str) -> Iterator[ReadArticle]:
        return self._in_pages(lambda connection, after: recall.read_otherwise(connection, reader, after))

    def provisional(self, kind: Provisional) -> Iterator[ReadArticle]:
        return self._in_pages(lambda connection, after: recall.provisional(connection, kind, after))

    def _in_pages(self, find: Callable[[Connection, int], Mapping[int, int]]) -> Iterator[ReadArticle]:
        after = 0
        while True:
            with reading(self._engine) as connection:
                numbers = find(connection, after)
                items = recall.articles_by_reading(connection, list(numbers))
            if not numbers:
                return
            yield from items
            after = max(numbers.values())

    def count_read_otherwise(self, reader: str) -> int:
        with reading(self._engine) as connection:
            return recall.count_read_otherwise(connection, reader)

    def reports(
        self, project: str | None = None, *, as_of: datetime | None = None, as_read: bool = False
    ) -> Mapping[str, Sequence[Report]]:
        with reading(self._engine) as connection:
            found = recall.as_read if as_read else recall.reports
            return found(connection, None if project is None else [project], as_of)

    def corrections(self, project: str, *, as_of: datetime | None = None) -> Sequence[Correction]:
        with reading(self._engine) as connection:
            return corrections(connection, project, as_of)

    def states(self, rules: Mapping[str, str]) -> Mapping[str, ProjectState]:
        with reading(self._engine) as connection:
            return self._decoded.states(connection, rules)

    def listed(self, rules: Mapping[str, str]) -> Mapping[str, Listed]:
        with reading(self._engine) as connection:
            return states.listed(connection, rules)

    def moved_since(self, at: datetime) -> frozenset[str]:
        with reading(self._engine) as connection:
            return recall.moved_since(connection, at) | decided_since(connection, at)

    def telling_of(self, projects: Sequence[str]) -> frozenset[str]:
        with reading(self._engine) as connection:
            return recall.telling_of(connection, projects)

    def relevant_since(self, at: datetime) -> Mapping[str, int]:
        with reading(self._engine) as connection:
            return recall.relevant_since(connection, at)

    def keep_states(self, rules: Mapping[str, str], fold: Fold, *, limit: int) -> int:
        with reading(self._engine) as connection:
            # Nearly always nothing is missing, and reading does not block writers.
            absent = dict(islice(states.missing(connection, rules).items(), limit))
        if not absent:
            return 0
        with writing(self._engine) as connection:
            serialise(connection)
            # Without those that another process has folded meanwhile.
            states.keep(connection, states.missing(connection, absent), fold)
        return len(absent)

    def reviews(self, project: str | None = None) -> Sequence[Review]:
        with reading(self._engine) as connection:
            return reviews(connection, None if project is None else [project])

    def review(self, reviews: Sequence[Review], decide: Reconsider) -> tuple[Change, ...]:
        return self._commit(lambda connection: reconsider(connection, reviews, decide))

    def foresee(self, reviews: Sequence[Review], decide: Reconsider) -> Decision:
        with trying(self._engine) as connection:
            return foresee(connection, reviews, decide)

    def foresee_poll(self, poll: Poll, decide: Decide) -> Decision:
        with trying(self._engine) as connection:
            return foresee_poll(connection, poll, decide)

    def articles(self, *, project: str | None = None, limit: int | None = None) -> Sequence[ReadArticle]:
        with reading(self._engine) as connection:
            return recall.articles(connection, project, limit)

    def heard(self, articles: Sequence[str]) -> Mapping[str, ReadArticle]:
        with reading(self._engine) as connection:
            return {item.article.key: item for item in recall.articles_of(connection, articles)}

    def article(self, key: str) -> ArticleRecord | None:
        with reading(self._engine) as connection:
            return article(connection, key)

    def drop_texts(self, *, before: datetime, limit: int) -> int:
        oldest = (
            select(ARTICLES.c.id)
            .where(ARTICLES.c.dropped == false(), ARTICLES.c.seen_at < before)
            .order_by(ARTICLES.c.seen_at)
            .limit(limit)
        )
        dropped = update(ARTICLES).where(ARTICLES.c.id.in_(oldest)).values(text="", dropped=True)
        with writing(self._engine) as connection:
            return connection.execute(dropped).rowcount

    def change(self, id_: str) -> Change | None:
        with reading(self._engine) as connection:
            row = connection.execute(select(CHANGES).where(CHANGES.c.id == id_)).first()
        return rows.change(row) if row is not None else None

    def changes(
        self,
        *,
        project: str | None = None,
        before: str | None = None,
        after: str | None = None,
        history: bool | None = None,
        limit: int | None = None,
    ) -> Sequence[Change]:
        query = select(CHANGES).order_by(CHANGES.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(CHANGES.c.number < _number_of(before))
        if after is not None:
            query = query.where(CHANGES.c.number > _number_of(after))
        if project is not None:
            query = query.where(CHANGES.c.project == project)
        if history is not None:
            query = query.where(CHANGES.c.history.is_(true()) if history else CHANGES.c.history.is_not(true()))
        with reading(self._engine) as connection:
            return [rows.change(row) for row in reversed(connection.execute(query).all())]

    def last_changes(self, projects: Sequence[str]) -> Mapping[str, Sequence[Change]]:
        is_move = CHANGES.c.type != ChangeType.QUIET.value
        newest = select(CHANGES.c.project, func.max(CHANGES.c.told_at).label("at")).where(is_move)
        found: dict[str, list[Change]] = {}
        with reading(self._engine) as connection:
            for some in chunks(projects):
                last = newest.where(CHANGES.c.project.in_(some)).group_by(CHANGES.c.project).subquery()
                is_last = and_(CHANGES.c.project == last.c.project, CHANGES.c.told_at == last.c.at)
                query = select(CHANGES).join(last, is_last).where(is_move).order_by(CHANGES.c.number)
                for row in connection.execute(query):
                    found.setdefault(row.project, []).append(rows.change(row))
        return found


def _number_of(change: str) -> ScalarSelect[int]:
    return select(CHANGES.c.number).where(CHANGES.c.id == change).scalar_subquery()
