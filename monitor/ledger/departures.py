"""Stores who has unsubscribed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, exists, not_, select, update

from monitor.ledger.engine import reading, writing
from monitor.ledger.inserts import insert_absent
from monitor.ledger.leasing import IS_PENDING, is_leased
from monitor.ledger.tables import DELIVERIES, DEPARTURES
from monitor.ports import DeliveryState, Departure, Holder, Outgoing

_HAS_LEFT = DEPARTURES.c.left_at.is_not(None)
_LEFT = select(DEPARTURES.c.subscriber, DEPARTURES.c.destination, DEPARTURES.c.left_at).where(_HAS_LEFT)
#: Whether the reader at the destination of a delivery has unsubscribed.
IS_UNWANTED = exists().where(
    DEPARTURES.c.subscriber == DELIVERIES.c.subscriber, DEPARTURES.c.destination == DELIVERIES.c.destination, _HAS_LEFT
)
UNSUBSCRIBED = {"state": DeliveryState.SUPERSEDED.value, "last_outcome": "its reader has unsubscribed"}


class SQLDepartures:
    """``ports.Departures`` on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def token(self, subscriber: str, destination: str, fresh: str) -> str:
        is_it = (DEPARTURES.c.subscriber == subscriber, DEPARTURES.c.destination == destination)
        with reading(self._engine) as connection:
            known = connection.execute(select(DEPARTURES.c.token).where(*is_it)).scalar()
        if known is not None:
            return str(known)
        values = {"token": fresh, "subscriber": subscriber, "destination": destination}
        with writing(self._engine) as connection:
            insert_absent(connection, DEPARTURES, [values])
            return str(connection.execute(select(DEPARTURES.c.token).where(*is_it)).scalar_one())

    def holder(self, token: str) -> Holder | None:
        with reading(self._engine) as connection:
            row = connection.execute(select(DEPARTURES).where(DEPARTURES.c.token == token)).first()
        if row is None:
            return None
        return Holder(subscriber=row.subscriber, destination=row.destination, has_left=row.left_at is not None)

    def leave(self, token: str, now: datetime) -> Departure | None:
        is_it = DEPARTURES.c.token == token
        with reading(self._engine) as connection:
            # Anybody may guess tokens. A wrong guess must not block writers.
            if connection.execute(select(DEPARTURES.c.token).where(is_it)).first() is None:
                return None
        with writing(self._engine) as connection:
            connection.execute(update(DEPARTURES).where(is_it, not_(_HAS_LEFT)).values(left_at=now))
            row = connection.execute(_LEFT.where(is_it)).first()
            if row is None:
                return None
            waiting = (DELIVERIES.c.subscriber == row.subscriber, DELIVERIES.c.destination == row.destination)
            # A message that is being sent cannot be called back. If it fails, it is not retried.
            connection.execute(
                update(DELIVERIES).where(IS_PENDING, not_(is_leased(now)), *waiting).values(UNSUBSCRIBED)
            )
            return Departure(subscriber=row.subscriber, destination=row.destination, at=row.left_at)

    def all(self) -> Sequence[Departure]:
        with reading(self._engine) as connection:
            found = connection.execute(_LEFT.order_by(DEPARTURES.c.left_at, DEPARTURES.c.subscriber)).all()
            return [Departure(subscriber=row.subscriber, destination=row.destination, at=row.left_at) for row in found]

    def readmit(self, subscriber: str) -> int:
        statement = update(DEPARTURES).where(_HAS_LEFT, DEPARTURES.c.subscriber == subscriber).values(left_at=None)
        with writing(self._engine) as connection:
            return connection.execute(statement).rowcount


def still_there(connection: Connection, outgoing: Sequence[Outgoing]) -> Sequence[Outgoing]:
    """The deliveries to those who have not unsubscribed."""
    if not outgoing:
        return outgoing
    left = {(row.subscriber, row.destination) for row in connection.execute(_LEFT)}
    return [one for one in outgoing if (one.subscriber, one.destination) not in left] if left else outgoing
