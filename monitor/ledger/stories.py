"""Which articles of the ledger are one story: core.stories on SQL."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from monitor.core import stories
from monitor.core.state import Report
from monitor.core.stories import WINDOW, Telling, copies
from monitor.ledger.chunks import chunks
from monitor.ledger.tables import ARTICLES, SKETCHES


def join(connection: Connection, article: int, words: bytes, published_at: datetime, projects: Sequence[str]) -> None:
    """Make an article that concerns these projects one story with its copies, of whatever stories they were.

    It is known by the sketch that it is first joined with, whatever becomes of its words. No other transaction may be
    joining stories.
    """
    held = connection.execute(select(SKETCHES).where(SKETCHES.c.article == article)).all()
    if held:
        words, published_at = held[0].sketch, held[0].published_at
    new = sorted(set(projects) - {row.project for row in held})
    if not new:
        return
    found = copies(words, _near(connection, published_at, new))
    values = {"published_at": published_at, "article": article, "sketch": words}
    connection.execute(insert(SKETCHES), [{"project": project, **values} for project in new])
    if found:
        _make_one(connection, {article, *found})


def without_echoes(connection: Connection, told: Mapping[str, list[Report]]) -> dict[str, list[Report]]:
    """Reports by project, without what copies only echo (core.stories)."""
    copied = {r.source.story for reports in told.values() for r in reports if r.source.story != r.source.article}
    if not copied:
        return dict(told)
    members: dict[str, dict[str, Telling]] = defaultdict(dict)
    columns = (ARTICLES.c.story, ARTICLES.c.key, ARTICLES.c.trust, SKETCHES.c.published_at, SKETCHES.c.sketch)
    query = select(*columns).join_from(SKETCHES, ARTICLES)
    for chunk in chunks(sorted(copied)):
        for row in connection.execute(query.where(ARTICLES.c.story.in_(chunk))):
            members[row.story][row.key] = Telling(row.published_at, row.key, row.trust, row.sketch)

    def heard(report: Report) -> Report:
        story = members.get(report.source.story)
        return stories.without_echoes(report, story.values()) if story else report

    return {project: [heard(report) for report in reports] for project, reports in told.items()}


def _near(connection: Connection, at: datetime, projects: Sequence[str]) -> Iterable[tuple[int, bytes]]:
    """The articles that concern one of the projects, of the same days."""
    query = select(SKETCHES.c.article, SKETCHES.c.sketch).where(
        SKETCHES.c.project.in_(projects), SKETCHES.c.published_at.between(at - WINDOW, at + WINDOW)
    )
    return connection.execute(query)


def _make_one(connection: Connection, articles: Iterable[int]) -> None:
    """One story of the stories of these articles, known by the earliest of all."""
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
