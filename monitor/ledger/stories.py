"""Finds which articles of the ledger are one story: ``core.stories`` on SQL."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row, select, update

from monitor.core import stories
from monitor.core.state import Report
from monitor.core.stories import WINDOW, Sketches, StoryMember
from monitor.ledger.engine import chunks, insert
from monitor.ledger.tables import ARTICLES, SKETCHES


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """An article, by its number, that is to be in one story with its copies."""

    article: int
    published_at: datetime
    sketch: bytes
    #: The projects whose articles are searched for copies.
    projects: frozenset[str]


def join(connection: Connection, items: Iterable[Joining]) -> None:
    """Join each of these articles and its copies, whatever their stories were, into one story.

    An article keeps the sketch with which it is first joined, even if its words change. No other transaction may join
    stories at the same time.
    """
    new = _not_joined_yet(connection, items)
    insert(connection, SKETCHES, [_values(item, project) for item in new for project in sorted(item.projects)])
    sketches: Sketches[int] = Sketches()
    for item in new:
        sketches.add(item.article, item.sketch)
    by_number = {item.article: item for item in new}
    found: dict[int, set[int]] = defaultdict(set)
    # Each nearby article is compared once, however many articles arrive together.
    for row in _near(connection, new):
        for number in sketches.copies(row.sketch):
            item = by_number[number]
            is_near = abs(row.published_at - item.published_at) <= WINDOW and row.project in item.projects
            if is_near and number != row.article:
                found[number].add(row.article)
    for number in sorted(found):
        _make_one(connection, {number, *found[number]})


def _not_joined_yet(connection: Connection, items: Iterable[Joining]) -> list[Joining]:
    """The articles as they were joined before, each with the projects in which it was not joined yet."""
    by_number = {item.article: item for item in items}
    query = select(SKETCHES)
    for chunk in chunks(sorted(by_number)):
        for row in connection.execute(query.where(SKETCHES.c.article.in_(chunk))).all():
            projects = by_number[row.article].projects - {row.project}
            by_number[row.article] = Joining(
                article=row.article, published_at=row.published_at, sketch=row.sketch, projects=projects
            )
    return [item for item in by_number.values() if item.projects]


def _values(item: Joining, project: str) -> dict[str, object]:
    return {
        "project": project,
        "published_at": item.published_at,
        "article": item.article,
        "sketch": item.sketch,
    }


def without_echoes(connection: Connection, told: Mapping[str, list[Report]]) -> dict[str, list[Report]]:
    """The reports by project, without what copies only repeat (``core.stories.retelling``)."""
    copied = {r.source.story for reports in told.values() for r in reports if r.source.story != r.source.article}
    if not copied:
        return dict(told)
    members: dict[str, dict[str, StoryMember]] = defaultdict(dict)
    columns = (
        ARTICLES.c.story,
        ARTICLES.c.key,
        ARTICLES.c.outlet,
        ARTICLES.c.trust,
        SKETCHES.c.published_at,
        SKETCHES.c.sketch,
    )
    query = select(*columns).join_from(SKETCHES, ARTICLES)
    for chunk in chunks(sorted(copied)):
        for row in connection.execute(query.where(ARTICLES.c.story.in_(chunk))):
            members[row.story][row.key] = StoryMember(row.published_at, row.key, row.outlet, row.trust, row.sketch)

    def heard(report: Report) -> Report:
        story = members.get(report.source.story)
        return stories.without_echoes(report, story.values()) if story else report

    return {project: [heard(report) for report in reports] for project, reports in told.items()}


def _near(connection: Connection, items: Iterable[Joining]) -> Iterator[Row[Any]]:
    """The articles on their projects that were published within ``WINDOW`` of these articles, including these."""
    instants: dict[str, list[datetime]] = defaultdict(list)
    for item in items:
        for project in item.projects:
            instants[project].append(item.published_at)
    for project, published in sorted(instants.items()):
        for first, last in _runs(sorted(published)):
            days = SKETCHES.c.published_at.between(first - WINDOW, last + WINDOW)
            yield from connection.execute(select(SKETCHES).where(SKETCHES.c.project == project, days))


def _runs(instants: Sequence[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """The first and the last instant of each run of instants that are at most twice ``WINDOW`` apart."""
    first = instants[0]
    for one, other in pairwise(instants):
        if other - one > 2 * WINDOW:
            yield first, one
            first = other
    yield first, instants[-1]


def _make_one(connection: Connection, articles: Iterable[int]) -> None:
    """Merge the stories of these articles into one, with the key of the earliest article of all."""
    heard = {
        story
        for chunk in chunks(sorted(articles))
        for story in connection.scalars(select(ARTICLES.c.story).where(ARTICLES.c.id.in_(chunk)))
    }
    firsts = sorted(
        first
        for chunk in chunks(sorted(heard))
        for first in connection.execute(
            select(ARTICLES.c.published_at, ARTICLES.c.key).where(ARTICLES.c.key.in_(chunk))
        )
    )
    (_, story), *later = firsts
    for chunk in chunks([key for _, key in later]):
        connection.execute(update(ARTICLES).where(ARTICLES.c.story.in_(chunk)).values(story=story))
