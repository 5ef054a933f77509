"""Which articles of the ledger are one story: core.stories on SQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from monitor.core.stories import WINDOW, copies
from monitor.ledger.recall import chunks
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
