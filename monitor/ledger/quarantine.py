"""Stores the documents that were given up."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, delete, insert, select

from monitor.ledger.engine import reading, writing
from monitor.ledger.tables import HOSTILE_DOCUMENTS
from monitor.ports import HostileDocument


class SQLQuarantine:
    """``ports.Quarantine`` on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, document: HostileDocument) -> None:
        table = HOSTILE_DOCUMENTS
        values = {"digest": document.digest, "url": document.url, "reason": document.reason, "at": document.at}
        with writing(self._engine) as connection:
            connection.execute(delete(table).where(table.c.digest == document.digest))
            connection.execute(insert(table), [values])

    def since(self, at: datetime) -> Sequence[HostileDocument]:
        table = HOSTILE_DOCUMENTS
        query = select(table).where(table.c.at >= at).order_by(table.c.at, table.c.digest)
        with reading(self._engine) as connection:
            return [HostileDocument(**dict(row)) for row in connection.execute(query).mappings()]

    def forget(self, before: datetime) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(HOSTILE_DOCUMENTS).where(HOSTILE_DOCUMENTS.c.at < before))
