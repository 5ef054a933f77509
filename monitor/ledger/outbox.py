"""The outbox on SQL: leases deliveries, which are sent elsewhere, and marks them."""

import threading
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    false,
    insert,
    not_,
    or_,
    select,
    text,
    update,
)

from monitor.core.backoff import LONGEST_WAIT, SKEW
from monitor.ledger import leasing, rows
from monitor.ledger.calling_off import drop_corrected
from monitor.ledger.chunks import chunks
from monitor.ledger.columns import UTCDateTime
from monitor.ledger.departures import IS_UNWANTED, UNSUBSCRIBED
from monitor.ledger.engine import reading, writing
from monitor.ledger.leasing import IS_PENDING, latest_end, leased_between
from monitor.ledger.readdressing import pending_at, readdress
from monitor.ledger.tables import ATTEMPTS, CHANGES, DELIVERIES
from monitor.ports import AttemptRecord, Bundle, DeliveryRecord, DeliveryState, Replan

_IS_DEAD = DELIVERIES.c.state == DeliveryState.DEAD.value
_FREED = {"acquired_by": None, "acquired_until": None}
#: PostgreSQL's number of the lock for leasing.
_LOCK = 7_261_944_108

#: The largest id that a row can have.
_LAST = 2**31 - 1


# Built once: SQLAlchemy takes longer to build a statement than SQLite to execute it.
_own = DELIVERIES.c
_END = (
    update(DELIVERIES)
    .where(_own.id.in_(bindparam("numbers", expanding=True)), IS_PENDING)
    .values({**_FREED, "last_outcome": bindparam("said"), "attempts": _own.attempts + 1})
    .returning(_own.id, _own.change, _own.chain, _own.rank)
)
_SENT = _END.values(state=DeliveryState.SENT.value, sent_at=bindparam("now"), bundle=bindparam("message"))
_FAILED = _END.where(_own.acquired_by == bindparam("worker")).values(
    state=bindparam("state_"), due_at=bindparam("retry_at"), bundle=bindparam("bundle_")
)
#: Failed deliveries whose reader has unsubscribed.
_LEAVE_ALONE = (
    update(DELIVERIES)
    .where(_own.id.in_(bindparam("numbers", expanding=True)), IS_PENDING, IS_UNWANTED)
    .values(UNSUBSCRIBED)
)
_ATTEMPT = insert(ATTEMPTS)
_OF_CHAIN = (_own.change.in_(bindparam("changes", expanding=True)), _own.chain == bindparam("chain_"))
_TOLD_ELSEWHERE = update(DELIVERIES).values(
    {**_FREED, "state": DeliveryState.SUPERSEDED.value, "last_outcome": "told at another destination"}
)
#: The other ranks of the chain. A message that is being sent cannot be called back.
_SUPERSEDE = _TOLD_ELSEWHERE.where(
    IS_PENDING,
    *_OF_CHAIN,
    _own.rank != bindparam("rank_"),
    not_(leased_between(bindparam("now", type_=UTCDateTime), bindparam("latest", type_=UTCDateTime))),
)
_BRING_FORWARD = update(DELIVERIES).where(_own.id == bindparam("number"), IS_PENDING).values(due_at=bindparam("at"))
_other = DELIVERIES.alias()
#: Failed deliveries if another rank of their chain was sent.
_GIVE_WAY = _TOLD_ELSEWHERE.where(
    IS_PENDING,
    *_OF_CHAIN,
    _own.rank == bindparam("rank_"),
    exists().where(
        _other.c.change == _own.change,
        _other.c.chain == _own.chain,
        _other.c.rank != _own.rank,
        _other.c.state == DeliveryState.SENT.value,
    ),
)


class SQLOutbox:
    """``ports.Outbox`` on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # SQLite allows one writer at a time. Threads that wait here resume at once, while the database would make them
        # sleep.
        self._turn = threading.Lock()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._turn, writing(self._engine) as connection:
            yield connection

    def acquire(
        self, *, worker: str, now: datetime, lease: timedelta, limit: int, without: Collection[str] = ()
    ) -> Sequence[Bundle]:
        with reading(self._engine) as connection:
            # Nearly always nothing is due, and reading does not block writers.
            messages = leasing.choose(connection, now, limit, without)
        if not messages:
            return ()
        with self._writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            if not leasing.lease(connection, messages, worker=worker, now=now, until=now + lease):
                connection.rollback()
                return ()
            chosen = [one.id for message in messages for one in message]
            query = _with_changes(DELIVERIES.c.id.in_(chosen))
            found = {row.delivery_id: rows.delivery(row, rows.change(row)) for row in connection.execute(query)}
        return [
            Bundle(
                id=leasing.name(message),
                deliveries=tuple(found[one.id] for one in message),
                is_together=any(one.together for one in message),
                is_repeat=message[0].bundle is not None,
            )
            for message in messages
        ]

    def give_back(self, bundle: Bundle, *, worker: str) -> None:
        values: dict[str, Any] = _FREED if bundle.is_repeat else {**_FREED, "bundle": None}
        numbers = [delivery.id for delivery in bundle.deliveries]
        is_mine = DELIVERIES.c.acquired_by == worker
        with self._writing() as connection:
            connection.execute(
                update(DELIVERIES).where(DELIVERIES.c.id.in_(numbers), IS_PENDING, is_mine).values(values)
            )
            if not bundle.is_repeat:
                drop_corrected(connection, numbers)

    def mark_sent(self, deliveries: Sequence[int], *, message: str, now: datetime, outcome: str) -> None:
        # Regardless of who holds the lease now: the message was sent.
        values = {"now": now, "message": message}
        with self._writing() as connection:
            for (chain, rank), changes in _chains(_finish(connection, _SENT, deliveries, values, outcome)).items():
                values = {"now": now, "latest": latest_end(now), "chain_": chain, "rank_": rank}
                connection.execute(_SUPERSEDE, {**values, "changes": list(changes)})

    def mark_failed(
        self,
        deliveries: Sequence[int],
        *,
        worker: str,
        message: str,
        now: datetime,
        outcome: str,
        retry_at: datetime | None,
        may_have_arrived: bool,
    ) -> None:
        values = {
            "now": now,
            "message": message,
            "worker": worker,
            "state_": (DeliveryState.DEAD if retry_at is None else DeliveryState.PENDING).value,
            "retry_at": retry_at or now,
            "bundle_": message if may_have_arrived else None,
        }
        with self._writing() as connection:
            finished = _finish(connection, _FAILED, deliveries, values, outcome)
            connection.execute(_LEAVE_ALONE, {"numbers": list(deliveries)})
            if not may_have_arrived:
                drop_corrected(connection, [row.id for row in finished])
            for (chain, rank), changes in _chains(finished).items():
                connection.execute(_GIVE_WAY, {"chain_": chain, "rank_": rank, "changes": list(changes)})

    def bring_forward(self, now: datetime, replan: Replan) -> int:
        with reading(self._engine) as connection:
            # Nearly always there is none, and reading does not block writers.
            query = _with_changes(IS_PENDING, _is_misdated(now)).order_by(DELIVERIES.c.id)
            found = [(rows.delivery(row, rows.change(row)), row.due_at) for row in connection.execute(query)]
        due = [(delivery.id, replan(delivery)) for delivery, due_at in found if replan(delivery) < due_at]
        if due:
            with self._writing() as connection:
                connection.execute(_BRING_FORWARD, [{"number": number, "at": at} for number, at in due])
        return len(due)

    def release(self) -> int:
        statement = update(DELIVERIES).where(IS_PENDING, DELIVERIES.c.acquired_by.is_not(None)).values(_FREED)
        with self._writing() as connection:
            return connection.execute(statement).rowcount

    def readdress(self, moves: Mapping[str, Collection[str]]) -> int:
        with reading(self._engine) as connection:
            # Nearly always there is none, and reading does not block writers.
            if not moves or not pending_at(connection, moves):
                return 0
        with self._writing() as connection:
            return sum(readdress(connection, old, new) for old, new in moves.items())

    def owing(self, subscribers: Collection[str]) -> frozenset[str]:
        if not subscribers:
            return frozenset()
        query = select(DELIVERIES.c.destination).where(IS_PENDING, DELIVERIES.c.subscriber.in_(subscribers)).distinct()
        with reading(self._engine) as connection:
            return frozenset(connection.scalars(query))

    def deliveries(
        self,
        *,
        state: DeliveryState | None = None,
        change: str | None = None,
        project: str | None = None,
        destinations: Collection[str] | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> Sequence[DeliveryRecord]:
        query = _with_changes().order_by(DELIVERIES.c.id.desc()).limit(limit)
        if state is not None:
            query = query.where(DELIVERIES.c.state == state.value)
        if change is not None:
            ids = (DELIVERIES.c.change, DELIVERIES.c.bundle)
            query = query.where(or_(*(each.startswith(change, autoescape=True) for each in ids)))
        if project is not None:
            query = query.where(DELIVERIES.c.project == project)
        if destinations is not None:
            query = query.where(DELIVERIES.c.destination.in_(destinations))
        if before is not None:
            query = query.where(DELIVERIES.c.id < min(before, _LAST))
        with reading(self._engine) as connection:
            return [rows.delivery_record(row) for row in reversed(connection.execute(query).all())]

    def attempts(self, deliveries: Sequence[int]) -> Mapping[int, Sequence[AttemptRecord]]:
        found: dict[int, list[AttemptRecord]] = {number: [] for number in deliveries}
        query = select(ATTEMPTS).order_by(ATTEMPTS.c.id)
        with reading(self._engine) as connection:
            for some in chunks(list(found)):
                for row in connection.execute(query.where(ATTEMPTS.c.delivery.in_(some))):
                    found[row.delivery].append(rows.attempt(row))
        return found

    def retry(
        self, deliveries: Sequence[int] | None = None, *, destinations: Collection[str] | None = None, now: datetime
    ) -> int:
        statement = update(DELIVERIES).where(_IS_DEAD, not_(IS_UNWANTED))
        if deliveries is not None:
            # A number outside the column's range belongs to no row, and a database would raise.
            statement = statement.where(DELIVERIES.c.id.in_([number for number in deliveries if 0 < number <= _LAST]))
        if destinations is not None:
            statement = statement.where(DELIVERIES.c.destination.in_(destinations))
        again = statement.values(state=DeliveryState.PENDING.value, due_at=now, attempts=0)
        with self._writing() as connection:
            return connection.execute(again).rowcount


def _finish(
    connection: Connection, how: Update, deliveries: Sequence[int], values: Mapping[str, Any], outcome: str
) -> Sequence[Row[Any]]:
    """Record the end of an attempt on the deliveries that are still pending. Returns their rows."""
    wanted = {**values, "numbers": list(deliveries), "said": outcome}
    finished = connection.execute(how, wanted).all()
    if finished:
        attempt = {"at": values["now"], "outcome": outcome, "message": values["message"]}
        connection.execute(_ATTEMPT, [{**attempt, "delivery": row.id} for row in finished])
    return finished


def _is_misdated(now: datetime) -> ColumnElement[bool]:
    """Whether it is due later than is possible with a correct clock.

    A delivery that was tried waits at most for its next attempt. An immediate delivery does not wait. Any other
    delivery is misdated if its change is from the future.
    """
    latest = now + SKEW
    is_at_once = and_(_own.together == false(), _own.rank == 0)
    return or_(
        and_(_own.attempts > 0, _own.due_at > latest + LONGEST_WAIT),
        and_(_own.attempts == 0, _own.due_at > latest, or_(is_at_once, CHANGES.c.at > latest)),
    )


def _chains(finished: Sequence[Row[Any]]) -> Mapping[tuple[str, int], Sequence[str]]:
    """The changes of these deliveries, by chain and rank."""
    changes: dict[tuple[str, int], list[str]] = defaultdict(list)
    for row in finished:
        changes[row.chain, row.rank].append(row.change)
    return changes


def _with_changes(*where: ColumnElement[bool]) -> Select[Any]:
    own = (column for column in DELIVERIES.c if column.name not in {"id", "change", "project"})
    query = select(DELIVERIES.c.id.label("delivery_id"), *own, CHANGES)
    return query.join(CHANGES, CHANGES.c.id == DELIVERIES.c.change).where(*where)
