"""The outbox on SQL: rows are leased, sent elsewhere, and marked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, bindparam, insert, or_, select, update

from monitor.core.news import Delivery
from monitor.ledger import rows
from monitor.ledger.engine import reading, writing
from monitor.ledger.tables import ATTEMPTS, CHANGES, DELIVERIES
from monitor.ports import AttemptRecord, DeliveryRecord, DeliveryState

_PENDING = DELIVERIES.c.state == DeliveryState.PENDING.value
_DEAD = DELIVERIES.c.state == DeliveryState.DEAD.value
_FREE = or_(DELIVERIES.c.acquired_by.is_(None), DELIVERIES.c.acquired_until <= bindparam("now"))
_FREED = {"acquired_by": None, "acquired_until": None}

#: The largest number that a row can have.
_LAST = 2**31 - 1

_DUE = (
    select(DELIVERIES.c.id)
    .where(_PENDING, DELIVERIES.c.due_at <= bindparam("now"), _FREE)
    .order_by(DELIVERIES.c.due_at, DELIVERIES.c.id)
    .limit(bindparam("limit"))
)
# Chosen in a CTE: as a plain subquery with a limit, PostgreSQL may choose twice and lease more than it gives.
_CHOSEN = _DUE.with_for_update(skip_locked=True).cte("due")
_LEASE = (
    update(DELIVERIES)
    .where(DELIVERIES.c.id.in_(select(_CHOSEN.c.id)))
    .values(acquired_by=bindparam("worker"), acquired_until=bindparam("until"))
    .returning(DELIVERIES.c.id)
)


class SQLOutbox:
    """``ports.Outbox`` on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def acquire(self, *, worker: str, now: datetime, lease: timedelta, limit: int) -> Sequence[Delivery]:
        with reading(self._engine) as connection:
            # Nearly always nothing is due, and looking keeps no writer waiting.
            if connection.execute(_DUE, {"now": now, "limit": 1}).first() is None:
                return ()
        wanted = {"now": now, "limit": limit, "worker": worker, "until": now + lease}
        with writing(self._engine) as connection:
            leased = list(connection.scalars(_LEASE, wanted))
            found = connection.execute(
                _with_changes(DELIVERIES.c.id.in_(leased)).order_by(DELIVERIES.c.due_at, DELIVERIES.c.id)
            )
            return [rows.delivery(row, rows.change(row)) for row in found]

    def mark_sent(self, delivery: int, *, worker: str, now: datetime, outcome: str) -> None:  # noqa: ARG002 - the port has it
        # Whoever holds the lease now: the message has gone out.
        self._finish(delivery, now, outcome, {"state": DeliveryState.SENT.value, "sent_at": now})

    def mark_failed(
        self, delivery: int, *, worker: str, now: datetime, outcome: str, retry_at: datetime | None
    ) -> None:
        values: dict[str, Any] = {"state": DeliveryState.DEAD.value} if retry_at is None else {"due_at": retry_at}
        self._finish(delivery, now, outcome, values, DELIVERIES.c.acquired_by == worker)

    def _finish(
        self, delivery: int, now: datetime, outcome: str, values: dict[str, Any], *where: ColumnElement[bool]
    ) -> None:
        """Record the end of an attempt, on a row that nobody has finished yet."""
        statement = update(DELIVERIES).where(DELIVERIES.c.id == delivery, _PENDING, *where)
        values = {**values, **_FREED, "last_outcome": outcome, "attempts": DELIVERIES.c.attempts + 1}
        with writing(self._engine) as connection:
            if connection.execute(statement.values(values)).rowcount:
                connection.execute(insert(ATTEMPTS), {"delivery": delivery, "at": now, "outcome": outcome})

    def release(self) -> int:
        statement = update(DELIVERIES).where(_PENDING, DELIVERIES.c.acquired_by.is_not(None)).values(_FREED)
        with writing(self._engine) as connection:
            return connection.execute(statement).rowcount

    def deliveries(self, *, state: DeliveryState | None = None, limit: int | None = None) -> Sequence[DeliveryRecord]:
        query = _with_changes().order_by(DELIVERIES.c.id.desc()).limit(limit)
        if state is not None:
            query = query.where(DELIVERIES.c.state == state.value)
        with reading(self._engine) as connection:
            return [rows.delivery_record(row) for row in reversed(connection.execute(query).all())]

    def attempts(self, delivery: int) -> Sequence[AttemptRecord]:
        query = select(ATTEMPTS).where(ATTEMPTS.c.delivery == delivery).order_by(ATTEMPTS.c.id)
        with reading(self._engine) as connection:
            return [rows.attempt(row) for row in connection.execute(query)]

    def retry(self, deliveries: Sequence[int] | None, *, now: datetime) -> int:
        statement = update(DELIVERIES).where(_DEAD)
        if deliveries is not None:
            # A number out of a column's range is no row's; a database would raise.
            statement = statement.where(DELIVERIES.c.id.in_([number for number in deliveries if 0 < number <= _LAST]))
        with writing(self._engine) as connection:
            again = statement.values(state=DeliveryState.PENDING.value, due_at=now, attempts=0)
            return connection.execute(again).rowcount


def _with_changes(*where: ColumnElement[bool]) -> Select[Any]:
    own = (column for column in DELIVERIES.c if column.name not in {"id", "change"})
    query = select(DELIVERIES.c.id.label("delivery_id"), *own, CHANGES)
    return query.join(CHANGES, CHANGES.c.id == DELIVERIES.c.change).where(*where)
