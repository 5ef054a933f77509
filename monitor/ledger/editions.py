"""Stores the readings of articles: the first of each article, and those that replace it later."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection, bindparam, update
from sqlalchemy import insert as plain_insert

from monitor.core.stories.sketches import sketch
from monitor.ledger import recall, rows, stories
from monitor.ledger.inserts import insert
from monitor.ledger.tables import ARTICLES, CLAIMS, CONCERNS, FACTS, READINGS
from monitor.ports import ReadArticle, ReadFor

#: The later of two readings of an article counts. So no two readings have the same instant, whatever the clock says.
_TICK = timedelta(microseconds=1)

_RETIRE = (
    update(READINGS)
    .where(READINGS.c.article == bindparam("number"), READINGS.c.retired_at.is_(None))
    .values(retired_at=bindparam("at"))
)
_RETELL = (
    update(ARTICLES)
    .where(ARTICLES.c.id == bindparam("number"))
    .values({name: bindparam(f"new_{name}") for name in ("title", "text", "language")} | {"dropped": False})
)
_REREAD = (
    update(READINGS)
    .where(READINGS.c.article == bindparam("number"), READINGS.c.retired_at.is_(None))
    .values(reader=bindparam("by"))
)


@dataclass(frozen=True, slots=True)
class Edition:
    """A new reading of an article, with the reading that it replaces."""

    former: ReadArticle
    item: ReadArticle

    @classmethod
    def of(cls, former: ReadArticle, given: ReadArticle) -> "Edition":
        """The new reading with the source of the former one, except for title and instant."""
        at = max(given.source.seen_at, former.source.seen_at + _TICK)
        return cls(former, replace(given, source=replace(former.source, title=given.article.title, seen_at=at)))


def find_editions(connection: Connection, items: Sequence[ReadArticle]) -> list[Edition]:
    """The readings that differ from the latest readings of the same articles.

    For a reading that says the same, only the new text and reader are stored. Readings of unknown articles are ignored.
    """
    given = {item.article.key: item for item in items}
    found = [Edition.of(former, given[former.article.key]) for former in recall.articles_of(connection, list(given))]
    same = [edition.item for edition in found if edition.item.reading == edition.former.reading]
    if same:
        numbers = recall.numbers_of(connection, list(given))
        connection.execute(_RETELL, list(_texts(same, numbers)))
        connection.execute(_REREAD, [{"number": numbers[item.article.key], "by": item.reader} for item in same])
    return [edition for edition in found if edition.item.reading != edition.former.reading]


def replace_readings(connection: Connection, editions: Sequence[Edition], reason: ReadFor) -> None:
    """Replace the former readings by the new ones. No other transaction may do so at the same time."""
    if not editions:
        return
    items = [edition.item for edition in editions]
    numbers = recall.numbers_of(connection, [item.article.key for item in items])
    connection.execute(_RETELL, list(_texts(items, numbers)))
    connection.execute(_RETIRE, [{"number": numbers[i.article.key], "at": i.source.seen_at} for i in items])
    save_readings(connection, items, numbers, [reason] * len(items))


def _texts(items: Sequence[ReadArticle], numbers: Mapping[str, int]) -> Iterator[rows.Values]:
    for article in (item.article for item in items):
        yield {
            "number": numbers[article.key],
            "new_title": article.title,
            "new_text": article.text,
            "new_language": article.language,
        }


def save_readings(
    connection: Connection, items: Sequence[ReadArticle], numbers: Mapping[str, int], reasons: Sequence[ReadFor]
) -> None:
    """Insert everything that was read in these articles, and find their stories.

    Args:
        connection: the connection, in a transaction.
        items: the articles with their readings.
        numbers: the numbers of the articles, by key.
        reasons: why each article was read, in the order of ``items``.
    """
    if not items:
        return
    told = zip(items, reasons, strict=True)
    values = [rows.reading_values(item, numbers[item.article.key], reason) for item, reason in told]
    # Matched by article: if ordered results were requested, SQLAlchemy would insert the rows into SQLite one by one.
    saved = connection.execute(plain_insert(READINGS).returning(READINGS.c.article, READINGS.c.id), values)
    by_article = {row.article: row.id for row in saved}
    read = [(by_article[numbers[item.article.key]], item.reading) for item in items]
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
    stories.join(connection, [_joining(item, numbers) for item in items if item.reading.projects])


def _joining(item: ReadArticle, numbers: Mapping[str, int]) -> stories.Joining:
    return stories.Joining(
        article=numbers[item.article.key],
        published_at=item.source.published_at,
        sketch=sketch(item.article.title, item.article.text),
        projects=frozenset(item.reading.projects),
    )
