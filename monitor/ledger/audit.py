"""Stores who did what."""

from collections.abc import Sequence

from sqlalchemy import Engine, insert, select

from monitor.ledger.engine import reading, writing
from monitor.ledger.tables import AUDIT
from monitor.ports import AuditEntry


class SQLAuditLog:
    """``ports.AuditLog`` on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, entry: AuditEntry) -> None:
        values = {
            "at": entry.at,
            "actor": entry.actor,
            "action": entry.action,
            "target": entry.target,
            "detail": dict(entry.detail),
        }
        with writing(self._engine) as connection:
            connection.execute(insert(AUDIT), [values])

    def entries(self, *, before: int | None = None, limit: int) -> Sequence[AuditEntry]:
        query = select(AUDIT).order_by(AUDIT.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(AUDIT.c.id < before)
        with reading(self._engine) as connection:
            return [AuditEntry(**dict(row)) for row in connection.execute(query).mappings()]
