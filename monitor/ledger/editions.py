"""Readings of articles as they are recorded: the first of each article, and those that take its place later."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection, bindparam, update
from sqlalchemy import insert as plain_insert

from monitor.core.articles import reports_of
from monitor.core.model import Report
from monitor.core.stories import sketch
from monitor.ledger import recall, rows, stories
from monitor.ledger.inserts import insert
from monitor.ledger.tables import ARTICLES, CLAIMS, CONCERNS, FACTS, READINGS
from monitor.ports import ReadArticle, ReadFor

#: Of two readings of an article the later one counts: no two are of one instant, whatever the clock says.
_TICK = timedelta(microseconds=1)

_RETIRE = (
    update(READINGS)
    .where(READINGS.c.article == bindparam("number"), READINGS.c.retired_at.is_(None))
    .values(retired_at=bindparam("at"))
)
_RETELL = (
    update(ARTICLES)
    .where(ARTICLES.c.id == bindparam("number"))
    .values({name: bindparam(f"new_{name}") for name in ("title", "text", "language")})
)
_REREAD = (
    update(READINGS)
    .where(READINGS.c.article == bindparam("number"), READINGS.c.retired_at.is_(None))
    .values(reader=bindparam("by"))
)


@dataclass(frozen=True, slots=True)
class Edition:
    """A new reading of an article, with the one whose place it takes."""

    former: ReadArticle
    item: ReadArticle

    @classmethod
    def of(cls, former: ReadArticle, given: ReadArticle) -> "Edition":
        """The article is the source that it was when it was first heard, but for the instant."""
        at = max(given.source.seen_at, former.source.seen_at + _TICK)
        return cls(former, replace(given, source=replace(former.source, seen_at=at)))

    def in_story(self, story: str) -> "Edition":
        former, item = (replace(i, source=replace(i.source, story=story)) for i in (self.former, self.item))
        return Edition(former, item)

    @property
    def says(self) -> Mapping[str, Report]:
        return reports_of(self.item.source, self.item.reading)

    @property
    def said(self) -> Mapping[str, Report]:
        return reports_of(self.former.source, self.former.reading)


def replace_readings(connection: Connection, items: Sequence[ReadArticle], reason: ReadFor) -> list[Edition]:
    """Let these readings take the places of the last ones of the same articles; returns those that say something else.

    Of what says the same it is kept what read it last, and no second reading; of articles that are not known, nothing.
    No other transaction may be doing so.
    """
    given = {item.article.key: item for item in items}
    editions = [Edition.of(former, given[former.article.key]) for former in recall.articles_of(connection, list(given))]
    if not editions:
        return []
    numbers = recall.numbers_of(connection, list(given))
    connection.execute(_RETELL, list(_texts(editions, numbers)))
    other = [edition for edition in editions if edition.item.reading != edition.former.reading]
    if same := [edition.item for edition in editions if edition.item.reading == edition.former.reading]:
        connection.execute(_REREAD, [{"number": numbers[item.article.key], "by": item.reader} for item in same])
    if other:
        retired = [{"number": numbers[e.item.article.key], "at": e.item.source.seen_at} for e in other]
        connection.execute(_RETIRE, retired)
        save_readings(connection, [edition.item for edition in other], numbers, reason)
    story = recall.stories_of(connection, [edition.item.article.key for edition in other])
    return [edition.in_story(story[edition.item.article.key]) for edition in other]


def _texts(editions: Sequence[Edition], numbers: Mapping[str, int]) -> Iterator[rows.Values]:
    for edition in editions:
        article = edition.item.article
        yield {
            "number": numbers[article.key],
            "new_title": article.title,
            "new_text": article.text,
            "new_language": article.language,
        }


def save_readings(
    connection: Connection, items: Sequence[ReadArticle], numbers: Mapping[str, int], reason: ReadFor
) -> None:
    """Insert all that was read in these articles, whose numbers are given by their keys, and find their stories."""
    if not items:
        return
    values = [rows.reading_values(item, numbers[item.article.key], reason) for item in items]
    saved = connection.scalars(plain_insert(READINGS).returning(READINGS.c.id, sort_by_parameter_order=True), values)
    read = list(zip(saved, (item.reading for item in items), strict=True))
    concerns = [
        {"reading": number, "project": project, "position": position}
        for number, reading in read
        for position, project in enumerate(reading.projects)
    ]
    insert(connection, CONCERNS, concerns)
    insert(
        connection, CLAIMS, [rows.claim_values(claim, number) for number, reading in read for claim in reading.claims]
    )
    insert(connection, FACTS, [rows.fact_values(fact, number) for number, reading in read for fact in reading.facts])
    for item in items:
        if projects := item.reading.projects:
            words = sketch(item.article.title, item.article.text)
            stories.join(connection, numbers[item.article.key], words, item.source.published_at, projects)
