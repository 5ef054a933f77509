"""Loads one article with everything that is stored about it."""

from sqlalchemy import Connection, select

from monitor.ledger import recall, rows
from monitor.ledger.tables import ARTICLES, CONCERNS, FEEDS, READINGS
from monitor.ports import MOST_COPIES, ArticleRecord, ReadFor, ReadingRecord

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
