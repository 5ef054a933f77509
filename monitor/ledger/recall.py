"""Reads the tables into core values: what articles say, by project and by article."""

from collections import defaultdict
from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from monitor.core.folding.fold import publication_order
from monitor.core.model import Claim, Fact, Said, State
from monitor.core.news import Mistake
from monitor.core.review import Review, Ruling, bearing, reviewed
from monitor.core.state import Report
from monitor.ledger import rows, stories
from monitor.ledger.engine import chunks
from monitor.ledger.tables import ARTICLES, CLAIMS, CONCERNS, FACTS, FEEDS, PROVISIONAL, READINGS, REVIEWS
from monitor.ports import Provisional, ReadArticle

# Stores the decisions of operators ------------------------------------------------------------------------------------


#: The source of the article: known since the article was first seen, and with its present story.
_REVIEWED_SOURCE = [
    ARTICLES.c[name]
    for name in ("key", "url", "outlet", "trust", "published_at", "seen_at", "story", "language", "title")
]


def reviews(connection: Connection, projects: Sequence[str] | None) -> list[Review]:
    """All decisions that touch these projects, or all projects, in the order in which they were made."""
    return _reviews(connection, _touches(projects))


def in_force(connection: Connection, projects: Sequence[str] | None, as_of: datetime | None = None) -> list[Review]:
    """The decisions that bear on these projects, or on all, now or at that instant (``core.review.review.bearing``)."""
    origins = select(REVIEWS.c.project).where(_touches(projects))
    standing: ColumnElement[bool] = REVIEWS.c.undone_at.is_(None)
    if as_of is not None:
        standing = and_(REVIEWS.c.at <= as_of, or_(standing, REVIEWS.c.undone_at > as_of))
    return _reviews(connection, REVIEWS.c.project.in_(origins), standing)


def decided_since(connection: Connection, at: datetime) -> frozenset[str]:
    """The projects affected by a decision that was made or withdrawn after this instant."""
    aimed = select(REVIEWS.c.project).where(or_(REVIEWS.c.at > at, REVIEWS.c.undone_at > at))
    # A decision may have replaced one that assigned a claim to another project.
    found = connection.execute(select(REVIEWS.c.project, REVIEWS.c.to_project).where(REVIEWS.c.project.in_(aimed)))
    return frozenset(project for row in found for project in row if project)


def _reviews(connection: Connection, *where: ColumnElement[bool]) -> list[Review]:
    query = select(REVIEWS, *_REVIEWED_SOURCE).join(ARTICLES).where(*where).order_by(REVIEWS.c.id)
    return [_review(row) for row in connection.execute(query)]


def _touches(projects: Sequence[str] | None) -> ColumnElement[bool]:
    if projects is None:
        return true()
    return or_(REVIEWS.c.project.in_(projects), REVIEWS.c.to_project.in_(projects))


def keep(connection: Connection, review: Review) -> None:
    """Raises NoResultFound if the ledger has no such article."""
    article = select(ARTICLES.c.id).where(ARTICLES.c.key == review.source.article)
    number = connection.execute(article).scalar_one()
    connection.execute(insert(REVIEWS), {"article": number, **_values(review)})


def take_back(connection: Connection, review: Review) -> bool:
    """Withdraw the decision. Returns whether it was in force until now."""
    claim = review.claim
    articles = select(ARTICLES.c.id).where(ARTICLES.c.key == review.source.article)
    aimed = and_(
        REVIEWS.c.article.in_(articles),
        *(REVIEWS.c[name].is_not_distinct_from(value) for name, value in _review_said(claim).items()),
        REVIEWS.c.at == review.at,
        REVIEWS.c.undone_at.is_(None),
    )
    undone = {"undone_at": review.undone_at, "undone_by": review.undone_by}
    return connection.execute(update(REVIEWS).where(aimed).values(undone)).rowcount > 0


def _review_said(said: Said) -> rows.Values:
    """The content of a claim or fact, by column."""
    claim = (said.stage, said.state.value, said.date) if isinstance(said, Claim) else (None, None, None)
    fact = (said.kind.value, said.value, said.unit) if isinstance(said, Fact) else (None, None, None)
    what = zip(("stage", "state", "date", "kind", "value", "unit"), (*claim, *fact), strict=True)
    return {"project": said.project, **dict(what), "phase": said.phase}


def _values(review: Review) -> rows.Values:
    claim = review.claim
    instead = _review_said(review.instead) if review.instead else {}
    names = ("project", "stage", "state", "date", "value", "unit", "phase")
    return {
        **_review_said(claim),
        "confidence": claim.confidence,
        "evidence": claim.evidence,
        "verdict": review.verdict.value,
        **{f"to_{name}": instead.get(name) for name in names},
        "author": review.author,
        "reason": review.reason,
        "because": review.because.value if review.because else None,
        "at": review.at,
        "undone_at": review.undone_at,
        "undone_by": review.undone_by,
    }


def _review(row: Row[Any]) -> Review:
    return Review(
        claim=rows.claim(row) if row.kind is None else rows.fact(row),
        source=rows.source(row),
        verdict=Ruling(row.verdict),
        instead=_instead(row),
        author=row.author,
        reason=row.reason,
        because=Mistake(row.because) if row.because else None,
        at=row.at,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
    )


def _instead(row: Row[Any]) -> Said | None:
    if row.to_project is None:
        return None
    said: Said = rows.claim(row) if row.kind is None else rows.fact(row)
    if isinstance(said, Fact):
        return replace(
            said, project=row.to_project, value=row.to_value, unit=row.to_unit, phase=row.to_phase, confidence=1.0
        )
    return replace(
        said,
        project=row.to_project,
        stage=row.to_stage,
        state=State(row.to_state),
        date=row.to_date,
        phase=row.to_phase,
        confidence=1.0,
    )


T = TypeVar("T")

#: The columns of a source, with the instant at which one reading of its article became known.
_SOURCE = [
    *(ARTICLES.c[name] for name in ("key", "url", "outlet", "trust", "published_at", "story", "language", "title")),
    READINGS.c.id.label("reading"),
    READINGS.c.seen_at,
]

#: The columns of an article, with its latest reading.
_ARTICLE = [
    *_SOURCE,
    *(ARTICLES.c[name] for name in ("text", "published", "dropped")),
    READINGS.c.reader,
]

#: The number of articles, with their texts, that are read from the database at a time.
_PAGE = 500

#: The id of a project and the number of a reading.
_Place = tuple[str, int]

#: The reports of each project.
Reports = dict[str, list[Report]]


def among(
    connection: Connection, column: ColumnElement[str], values: Sequence[str], *where: ColumnElement[bool]
) -> set[str]:
    """The values that the column contains."""
    query = _among(column).where(*where) if where else _among(column)
    return {value for chunk in chunks(values) for value in connection.scalars(query, {"values": chunk})}


@cache
def _among(column: ColumnElement[str]) -> Select[str]:
    """Cached: building such a query takes longer than running it."""
    return select(column).where(column.in_(bindparam("values", expanding=True)))


def numbers_of(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    """The numbers of these articles, without unknown ones."""
    return _by_key(connection, ARTICLES.c.id, keys)


def stories_of(connection: Connection, keys: Sequence[str]) -> dict[str, str]:
    """The stories of these articles, without unknown ones."""
    return _by_key(connection, ARTICLES.c.story, keys)


def _by_key(connection: Connection, column: ColumnElement[T], keys: Sequence[str]) -> dict[str, T]:
    query = select(ARTICLES.c.key, column)
    return {
        key: value
        for chunk in chunks(keys)
        for key, value in connection.execute(query.where(ARTICLES.c.key.in_(chunk)))
    }


def reports(connection: Connection, projects: Sequence[str] | None, as_of: datetime | None = None) -> Reports:
    """The reports to fold for these projects, or for all, after the decisions in force.

    As they were known at ``as_of``, or are known now.
    """
    told = stories.without_echoes(connection, as_read(connection, projects, as_of))
    for project, decided in bearing(in_force(connection, projects, as_of)).items():
        if projects is None or project in projects:
            told[project] = list(reviewed(project, told.get(project, ()), decided))
    return {project: told[project] for project in sorted(told) if told[project]}


def as_read(connection: Connection, projects: Sequence[str] | None, as_of: datetime | None = None) -> Reports:
    """The reports on these projects, or on all, as they were read, oldest publication first.

    As they were known at ``as_of``, or are known now.
    """
    query = _sources(is_of_all=projects is None, is_of_then=as_of is not None)
    counting = connection.execute(query, {"projects": projects, "as_of": as_of}).all()
    sources = {(row.project, row.reading): row for row in counting}
    claims = _told(connection, CLAIMS, rows.claim, projects, sources)
    facts = _told(connection, FACTS, rows.fact, projects, sources)
    found: Reports = defaultdict(list)
    for place, row in sources.items():
        if place in claims or place in facts:
            report = Report(
                source=rows.source(row), claims=tuple(claims.get(place, ())), facts=tuple(facts.get(place, ()))
            )
            found[row.project].append(report)
    # Sorted here, because the database's order of texts depends on its locale.
    return {project: sorted(found[project], key=publication_order) for project in sorted(found)}


def _told(
    connection: Connection,
    table: Table,
    value: Callable[[Row[Any]], T],
    projects: Sequence[str] | None,
    counting: Container[_Place],
) -> dict[_Place, list[T]]:
    """Everything read about these projects in the readings that count, in the order of reading."""
    told: dict[_Place, list[T]] = defaultdict(list)
    for row in connection.execute(_said(table, is_of_all=projects is None), {"projects": projects}).all():
        place = row.project, row.reading
        if place in counting:
            told[place].append(value(row))
    return told


@cache
def _sources(*, is_of_all: bool, is_of_then: bool) -> Select[Any]:
    """Cached, like every query that runs for each article: building a query takes as long as running it."""
    query = select(CONCERNS.c.project, *_SOURCE).join_from(CONCERNS, READINGS).join(ARTICLES)
    return query.where(_of(CONCERNS, is_of_all=is_of_all), _standing(bindparam("as_of") if is_of_then else None))


@cache
def _said(table: Table, *, is_of_all: bool) -> Select[Any]:
    # Which readings count is queried once, with their sources. Nearly all do.
    query = select(table).where(_of(table, is_of_all=is_of_all))
    return query.order_by(table.c.project, table.c.reading, table.c.id)


def _of(table: Table, *, is_of_all: bool) -> ColumnElement[bool]:
    return true() if is_of_all else table.c.project.in_(bindparam("projects", expanding=True))


def _standing(as_of: BindParameter[datetime] | None) -> ColumnElement[bool]:
    """The condition that a reading counts, at that instant or now."""
    unretired = READINGS.c.retired_at.is_(None)
    if as_of is None:
        return unretired
    return and_(READINGS.c.seen_at <= as_of, or_(unretired, READINGS.c.retired_at > as_of))


def moved_since(connection: Connection, at: datetime) -> frozenset[str]:
    """The projects with a reading that was made or retired after this instant."""
    query = select(CONCERNS.c.project).join(READINGS).distinct()
    return frozenset(connection.scalars(query.where(or_(READINGS.c.seen_at > at, READINGS.c.retired_at > at))))


def telling_of(connection: Connection, projects: Sequence[str]) -> frozenset[str]:
    """The addresses of the feeds that brought an article on one of these projects."""
    brought = (
        select(FEEDS.c.url).join_from(CONCERNS, READINGS).join(ARTICLES).join(FEEDS, FEEDS.c.id == ARTICLES.c.feed)
    )
    query = brought.where(_standing(None)).distinct()
    return frozenset(
        url for chunk in chunks(projects) for url in connection.scalars(query.where(CONCERNS.c.project.in_(chunk)))
    )


def relevant_since(connection: Connection, at: datetime) -> dict[str, int]:
    """The number of articles on projects that each feed brought since this instant, by its address."""
    number = func.count(ARTICLES.c.id.distinct())
    brought = select(FEEDS.c.url, number).join_from(CONCERNS, READINGS).join(ARTICLES)
    of_feeds = brought.join(FEEDS, FEEDS.c.id == ARTICLES.c.feed).group_by(FEEDS.c.url)
    found = connection.execute(of_feeds.where(_standing(None), ARTICLES.c.seen_at >= at))
    return {row.url: row[1] for row in found}


def articles(connection: Connection, project: str | None, limit: int | None) -> list[ReadArticle]:
    """The latest articles, the newest last, each with its latest reading."""
    chosen = select(READINGS.c.id).where(_standing(None)).order_by(READINGS.c.article.desc()).limit(limit)
    if project is not None:
        chosen = chosen.join(CONCERNS).where(CONCERNS.c.project == project)
    return _articles(connection, chosen)


def articles_of(connection: Connection, keys: Sequence[str]) -> list[ReadArticle]:
    """The known ones of these articles, each with its latest reading."""
    chosen = select(READINGS.c.id).join(ARTICLES).where(_standing(None))
    return [item for chunk in chunks(keys) for item in _articles(connection, chosen.where(ARTICLES.c.key.in_(chunk)))]


def articles_by_reading(connection: Connection, readings: Sequence[int]) -> list[ReadArticle]:
    """The articles of these readings, each with that reading."""
    return _articles(connection, select(READINGS.c.id).where(READINGS.c.id.in_(readings)))


def read_otherwise(connection: Connection, reader: str, after: int) -> dict[int, int]:
    """The current readings by another reader, of the next articles after this number: reading → article number."""
    return _next(connection, READINGS.c.reader != reader, after)


def provisional(connection: Connection, kind: Provisional, after: int) -> dict[int, int]:
    """As ``read_otherwise``, for the readings that are to be repeated."""
    return _next(connection, and_(PROVISIONAL, READINGS.c.reader.startswith(kind.value)), after)


def count_read_otherwise(connection: Connection, reader: str) -> int:
    number: int = connection.execute(_readable(READINGS.c.reader != reader, func.count())).scalar_one()
    return number


def _next(connection: Connection, which: ColumnElement[bool], after: int) -> dict[int, int]:
    query = _readable(which, READINGS.c.id, READINGS.c.article).where(READINGS.c.article > after)
    return {row.id: row.article for row in connection.execute(query.order_by(READINGS.c.article).limit(_PAGE))}


def _readable(which: ColumnElement[bool], *columns: Any) -> Select[Any]:  # noqa: ANN401 - they share no type
    # Written so that no index applies. Otherwise SQLite would start with everything that is not dropped, for each page.
    has_words = and_(ARTICLES.c.dropped.is_not(true()), or_(ARTICLES.c.text != "", ARTICLES.c.title != ""))
    return select(*columns).select_from(READINGS).join(ARTICLES).where(_standing(None), which, has_words)


def _articles(connection: Connection, chosen: Select[tuple[int]]) -> list[ReadArticle]:
    """The articles of these readings, ordered by article number."""
    readings = chosen.cte("chosen")

    def by_reading(table: Table, order: ColumnElement[int]) -> dict[int, list[Row[Any]]]:
        found: dict[int, list[Row[Any]]] = defaultdict(list)
        query = select(table).where(table.c.reading.in_(select(readings.c.id))).order_by(order)
        for row in connection.execute(query):
            found[row.reading].append(row)
        return found

    concerns = by_reading(CONCERNS, CONCERNS.c.position)
    claims = by_reading(CLAIMS, CLAIMS.c.id)
    facts = by_reading(FACTS, FACTS.c.id)
    found = select(*_ARTICLE).join_from(READINGS, ARTICLES).where(READINGS.c.id.in_(select(readings.c.id)))
    return [
        rows.read_article(row, concerns.get(row.reading, ()), claims.get(row.reading, ()), facts.get(row.reading, ()))
        for row in connection.execute(found.order_by(ARTICLES.c.id))
    ]
