"""The outbox on SQL: rows are leased, sent elsewhere, and marked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, and_, insert, or_, select, update

from monitor.core.model import Delivery
from monitor.ledger import rows
from monitor.ledger.engine import reading, writing
from monitor.ledger.store import CHANGES, DELIVERIES, table
from monitor.ledger.tables import AttemptRow
from monitor.ports import DeliveryRecord, DeliveryState

ATTEMPTS = table(AttemptRow)


class SQLOutbox:
    """``ports.Outbox`` on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def acquire(self, *, worker: str, now: datetime, lease: timedelta, limit: int) -> Sequence[Delivery]:
        free = or_(DELIVERIES.c.acquired_until.is_(None), DELIVERIES.c.acquired_until <= now)
        # Chosen in a CTE: as a plain subquery with a limit, PostgreSQL may choose twice and lease more than it gives.
        due = (
            select(DELIVERIES.c.id)
            .where(DELIVERIES.c.state == DeliveryState.PENDING.value, DELIVERIES.c.due_at <= now, free)
            .order_by(DELIVERIES.c.due_at, DELIVERIES.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        with reading(self._engine) as connection:
            # Nearly always nothing is due, and looking costs a writer nothing.
            if connection.execute(select(due.c.id).limit(1)).first() is None:
                return ()
        lease_rows = (
            update(DELIVERIES)
            .where(DELIVERIES.c.id.in_(select(due.c.id)))
            .values(acquired_by=worker, acquired_until=now + lease)
            .returning(DELIVERIES.c.id)
        )
        with writing(self._engine) as connection:
            leased = list(connection.scalars(lease_rows))
            found = connection.execute(_with_changes().where(DELIVERIES.c.id.in_(leased))).all()
        return [rows.delivery(row, rows.change(row)) for row in found]

    def mark_sent(self, delivery: int, *, worker: str, now: datetime, outcome: str) -> None:  # noqa: ARG002
        # Whoever holds the lease now: the message has gone out.
        with writing(self._engine) as connection:
            _finish(connection, delivery, now, outcome, {"state": DeliveryState.SENT.value, "sent_at": now})

    def mark_failed(
        self, delivery: int, *, worker: str, now: datetime, outcome: str, retry_at: datetime | None
    ) -> None:
        values: dict[str, Any] = {"state": DeliveryState.DEAD.value} if retry_at is None else {"due_at": retry_at}
        with writing(self._engine) as connection:
            _finish(connection, delivery, now, outcome, values, DELIVERIES.c.acquired_by == worker)

    def release(self) -> int:
        with writing(self._engine) as connection:
            held = and_(DELIVERIES.c.state == DeliveryState.PENDING.value, DELIVERIES.c.acquired_by.is_not(None))
            statement = update(DELIVERIES).where(held).values(acquired_by=None, acquired_until=None)
            return connection.execute(statement).rowcount

    def deliveries(self, *, state: DeliveryState | None = None, limit: int | None = None) -> Sequence[DeliveryRecord]:
        query = _with_changes().order_by(None).order_by(DELIVERIES.c.id.desc()).limit(limit)
        if state is not None:
            query = query.where(DELIVERIES.c.state == state.value)
        with reading(self._engine) as connection:
            found: Sequence[Row[Any]] = connection.execute(query).all()
        return [rows.delivery_record(row) for row in reversed(found)]

    def retry(self, deliveries: Sequence[int] | None, *, now: datetime) -> int:
        dead = DELIVERIES.c.state == DeliveryState.DEAD.value
        chosen = dead if deliveries is None else and_(dead, DELIVERIES.c.id.in_(deliveries))
        values = {"state": DeliveryState.PENDING.value, "due_at": now, "attempts": 0}
        with writing(self._engine) as connection:
            return connection.execute(update(DELIVERIES).where(chosen).values(values)).rowcount


def _with_changes() -> Select[Any]:
    """Deliveries with their changes, oldest due first."""
    own = (c for c in DELIVERIES.c if c.name not in {"id", "change"})
    query = select(DELIVERIES.c.id.label("delivery_id"), *own, CHANGES)
    return query.join(CHANGES, CHANGES.c.id == DELIVERIES.c.change).order_by(DELIVERIES.c.due_at, DELIVERIES.c.id)


def _finish(
    connection: Connection,
    delivery: int,
    now: datetime,
    outcome: str,
    values: dict[str, Any],
    *where: ColumnElement[bool],
) -> None:
    """Record the end of an attempt on a row that nobody has finished yet."""
    open_ = (DELIVERIES.c.id == delivery, DELIVERIES.c.state == DeliveryState.PENDING.value)
    ended = {"acquired_by": None, "acquired_until": None, "last_outcome": outcome}
    statement = update(DELIVERIES).where(*open_, *where)
    done = connection.execute(statement.values(**ended, **values, attempts=DELIVERIES.c.attempts + 1))
    if done.rowcount:
        connection.execute(insert(ATTEMPTS), {"delivery": delivery, "at": now, "outcome": outcome})
