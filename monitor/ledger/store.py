"""The ledger on SQL: a poll goes in whole or not at all."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine, select

from monitor.core.model import Change, Report
from monitor.ledger import recall, rows
from monitor.ledger.engine import reading, writing
from monitor.ledger.record import note, record
from monitor.ledger.tables import ARTICLES, CHANGES, ENTRIES, FEEDS
from monitor.ports import Decide, Decision, FeedRecord, Poll, ReadArticle


class SQLLedger:
    """``ports.Ledger`` on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def feeds(self) -> Mapping[str, FeedRecord]:
        with reading(self._engine) as connection:
            found = connection.execute(select(FEEDS)).mappings().all()
        return {row["url"]: rows.feed_record(row) for row in found}

    def unseen(self, feed_url: str, entries: Sequence[str]) -> frozenset[str]:
        feed = select(FEEDS.c.id).where(FEEDS.c.url == feed_url).scalar_subquery()
        with reading(self._engine) as connection:
            return frozenset(entries) - recall.among(connection, ENTRIES.c.key, entries, ENTRIES.c.feed == feed)

    def known(self, articles: Sequence[str]) -> frozenset[str]:
        with reading(self._engine) as connection:
            return frozenset(recall.among(connection, ARTICLES.c.key, articles))

    def record(self, poll: Poll, decide: Decide) -> tuple[Change, ...]:
        with writing(self._engine) as connection:
            return record(connection, poll, decide)

    def note(self, decision: Decision) -> tuple[Change, ...]:
        with writing(self._engine) as connection:
            return note(connection, decision)

    def reports(self, project: str | None = None, *, as_of: datetime | None = None) -> Mapping[str, Sequence[Report]]:
        with reading(self._engine) as connection:
            return recall.reports(connection, None if project is None else [project], as_of)

    def articles(self, *, project: str | None = None, limit: int | None = None) -> Sequence[ReadArticle]:
        with reading(self._engine) as connection:
            return recall.articles(connection, project, limit)

    def changes(self, *, project: str | None = None, limit: int | None = None) -> Sequence[Change]:
        query = select(CHANGES).order_by(CHANGES.c.number.desc()).limit(limit)
        if project is not None:
            query = query.where(CHANGES.c.project == project)
        with reading(self._engine) as connection:
            return [rows.change(row) for row in reversed(connection.execute(query).all())]
