"""The outbox on SQL: leases deliveries, which are sent elsewhere, and marks them."""

import threading
from collections import defaultdict
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
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
    func,
    insert,
    not_,
    or_,
    select,
    text,
    update,
)

from monitor.core.alerting.bundling import WaitingDelivery, bundle_id, bundles
from monitor.core.backoff import LEASE, LONGEST_WAIT, SKEW
from monitor.core.changes.revision import annuls, annuls_history, correction_id
from monitor.core.news import Change
from monitor.ledger import rows
from monitor.ledger.engine import chunks, insert_absent, reading, writing
from monitor.ledger.tables import ATTEMPTS, CHANGES, DELIVERIES, DEPARTURES, UTCDateTime
from monitor.ports import (
    AttemptRecord,
    Bundle,
    Decision,
    DeliveryRecord,
    DeliveryState,
    Departure,
    Holder,
    Outgoing,
    Replan,
)

# Chooses which deliveries are leased next -----------------------------------------------------------------------------
#
# ``core.alerting.bundling`` groups the pending rows of one destination into messages.


#: The number of due deliveries of one destination that are considered: several times what fits one message.
_WINDOW = 200

IS_PENDING = DELIVERIES.c.state == DeliveryState.PENDING.value

Messages = Sequence[tuple[WaitingDelivery, ...]]


def is_leased(now: datetime) -> ColumnElement[bool]:
    """Whether a worker is sending it, under a lease that has not expired."""
    return leased_between(now, latest_end(now))


def leased_between(now: datetime | BindParameter[Any], latest: datetime | BindParameter[Any]) -> ColumnElement[bool]:
    """As ``is_leased``, for a statement that is built before the present instant is known.

    Args:
        now: the present instant.
        latest: the ``latest_end`` of that instant.
    """
    until = DELIVERIES.c.acquired_until
    return and_(DELIVERIES.c.acquired_by.is_not(None), until > now, until <= latest)


def latest_end(now: datetime) -> datetime:
    """The latest possible end of a valid lease. A later end comes from a clock that ran ahead."""
    return now + LEASE + SKEW


def choose(connection: Connection, now: datetime, limit: int, without: Collection[str]) -> Messages:
    """The next messages for the destination that has waited longest and can receive one. Empty if none can."""
    for destination in _destinations(connection, now, without):
        waiting = [one for one in _waiting(connection, destination, now) if not _must_wait(connection, one, now)]
        if found := bundles(waiting, now, limit=limit):
            return found
    return ()


def take_lease(connection: Connection, messages: Messages, *, worker: str, now: datetime, until: datetime) -> bool:
    """Lease these messages if all of them are still available. Returns False, without a lease, if not."""
    chosen = [one.id for message in messages for one in message]
    is_chosen = DELIVERIES.c.id.in_(chosen)
    destination = select(DELIVERIES.c.destination).where(is_chosen).limit(1).scalar_subquery()
    taken = select(DELIVERIES.c.id).where(IS_PENDING, DELIVERIES.c.destination == destination, is_leased(now)).limit(1)
    if connection.execute(taken).first() is not None:
        return False
    leased = update(DELIVERIES).where(is_chosen, IS_PENDING).values(acquired_by=worker, acquired_until=until)
    if connection.execute(leased).rowcount != len(chosen):
        return False
    for message in messages:
        if message[0].bundle is None:
            of_message = DELIVERIES.c.id.in_([one.id for one in message])
            connection.execute(update(DELIVERIES).where(of_message).values(bundle=name(message)))
    return True


def name(message: Sequence[WaitingDelivery]) -> str:
    """The id of the message."""
    return message[0].bundle or bundle_id([one.change for one in message])


def _destinations(connection: Connection, now: datetime, without: Collection[str]) -> Iterator[str]:
    """The destinations with a due delivery and none in progress, the longest due first."""
    busy = select(DELIVERIES.c.destination).where(IS_PENDING, is_leased(now))
    query = (
        select(DELIVERIES.c.destination)
        .where(IS_PENDING, DELIVERIES.c.due_at <= now, DELIVERIES.c.destination.not_in(busy))
        .group_by(DELIVERIES.c.destination)
        .order_by(func.min(DELIVERIES.c.due_at), DELIVERIES.c.destination)
    )
    yield from (found for found in connection.scalars(query).all() if found not in without)


def _waiting(connection: Connection, destination: str, now: datetime) -> list[WaitingDelivery]:
    """What is due there and everything that affects its order, in the order in which it became known."""
    pending = select(DELIVERIES).order_by(DELIVERIES.c.id)
    there = pending.where(IS_PENDING, DELIVERIES.c.destination == destination)
    due = connection.execute(there.where(DELIVERIES.c.due_at <= now).limit(_WINDOW)).all()
    if not due:
        return []
    found = {row.id: rows.waiting(row) for row in due}
    before = and_(DELIVERIES.c.id < due[-1].id, DELIVERIES.c.project.in_({row.project for row in due}))
    again = DELIVERIES.c.bundle.in_({row.bundle for row in due if row.bundle is not None})
    not_due = and_(DELIVERIES.c.due_at > now, or_(before, again))
    beyond = and_(DELIVERIES.c.id > due[-1].id, again)
    found |= {row.id: rows.waiting(row) for row in connection.execute(there.where(or_(not_due, beyond)))}
    return [found[number] for number in sorted(found)]


def _must_wait(connection: Connection, one: WaitingDelivery, now: datetime) -> bool:
    """Whether it is a fallback for a delivery that is being sent now."""
    if one.rank == 0:
        return False
    own, other = DELIVERIES.alias(), DELIVERIES.c
    chain = select(own.c.chain).where(own.c.id == one.id).scalar_subquery()
    query = select(other.id).where(
        IS_PENDING, other.change == one.change, other.chain == chain, other.rank < one.rank, is_leased(now)
    )
    return connection.execute(query.limit(1)).first() is not None


# Calls off deliveries of changes that are no longer so, and of the changes that only lead back from them --------------
#
# Nobody was told of history, so what leads back from it is owed to nobody.


_own = DELIVERIES.c
#: Deliveries that have certainly not arrived. What is being sent, or may have arrived, belongs to a message.
_UNSENT = (_own.state.in_([DeliveryState.PENDING.value, DeliveryState.DEAD.value]), _own.bundle.is_(None))
_FIND = select(_own.id.label("delivery_id"), _own.destination, CHANGES).join(CHANGES, CHANGES.c.id == _own.change)
_NO_LONGER_SO = {"state": DeliveryState.SUPERSEDED.value, "last_outcome": "a correction has taken it back"}

#: The changes that are not told any more, by destination.
CalledOff = Mapping[str, Collection[Change]]


def call_off(connection: Connection, decision: Decision) -> CalledOff:
    """Supersede what was not sent yet and is no longer so. Returns these changes."""
    found: dict[int, Any] = {}
    for project, revision in decision.revisions.items():
        unsent = connection.execute(_FIND.where(*_UNSENT, _own.project == project)).all()
        found |= {row.delivery_id: row for row in unsent if revision.is_outdated(rows.change(row))}
    called_off: dict[str, list[Change]] = defaultdict(list)
    for some in chunks(list(found)):
        superseded = update(DELIVERIES).where(_own.id.in_(some), *_UNSENT).values(_NO_LONGER_SO)
        for number in connection.scalars(superseded.returning(_own.id)):
            called_off[found[number].destination].append(rows.change(found[number]))
    return called_off


def drop_corrected(connection: Connection, numbers: Collection[int]) -> None:
    """Call off deliveries that were corrected while they were being sent and did not arrive, and their corrections."""
    query = select(_own.id, _own.project, _own.change, _own.destination).where(_own.id.in_(numbers), *_UNSENT)
    unsent = {(correction_id(row.project, row.change), row.destination): row.id for row in connection.execute(query)}
    changes = [change for change, _ in unsent]
    corrections = select(_own.id, _own.change, _own.destination).where(_own.change.in_(changes), *_UNSENT)
    found = [
        number
        for row in connection.execute(corrections).all()
        if (mistake := unsent.get((row.change, row.destination))) is not None
        for number in (row.id, mistake)
    ]
    if found:
        connection.execute(update(DELIVERIES).where(_own.id.in_(found)).values(_NO_LONGER_SO))


def without_returns(
    outgoing: Sequence[Outgoing], changes: Sequence[Change], called_off: CalledOff, untold: Container[str]
) -> Sequence[Outgoing]:
    """The deliveries without those that lead back to what their destination was told last.

    Args:
        outgoing: the deliveries.
        changes: the new changes.
        called_off: what is not told any more.
        untold: the ids of changes that lead back from history.
    """
    by_id = {change.id: change for change in changes}
    return [
        one
        for one in outgoing
        if one.change_id not in untold
        and not any(annuls(by_id[one.change_id], former) for former in called_off.get(one.destination, ()))
    ]


def returns_from_history(connection: Connection, decision: Decision) -> Container[str]:
    """The ids of changes that only lead back from history that is no longer so. Call it before they are stored."""
    owed = {one.change_id for one in decision.outgoing}
    found: set[str] = set()
    for project, revision in decision.revisions.items():
        if new := [change for change in decision.changes if change.id in owed and change.project == project]:
            on_record = connection.execute(select(CHANGES).where(CHANGES.c.project == project))
            taken_back = list(filter(revision.is_outdated, map(rows.change, on_record)))
            found |= {change.id for change in new if annuls_history(change, taken_back)}
    return found


# Stores who has unsubscribed ------------------------------------------------------------------------------------------


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


# Moves pending deliveries from a destination whose address was incomplete to what the address leads to ----------------


_OWN = DELIVERIES.c


def pending_at(connection: Connection, destinations: Collection[str]) -> bool:
    """Whether anything is pending at one of these destinations."""
    query = select(_OWN.id).where(IS_PENDING, _OWN.destination.in_(destinations)).limit(1)
    return connection.execute(query).first() is not None


def readdress(connection: Connection, old: str, new: Collection[str]) -> int:
    """Owe what is pending at ``old`` to each of ``new`` instead. Returns how many deliveries were pending."""
    found = connection.execute(select(DELIVERIES).where(IS_PENDING, _OWN.destination == old).order_by(_OWN.id)).all()
    outgoing = [
        Outgoing(
            change_id=row.change,
            subscriber=row.subscriber,
            destination=destination,
            due_at=row.due_at,
            together=row.together,
            # Also that of the fallbacks, which were addressed already.
            chain=row.chain,
            rank=row.rank,
        )
        for row in found
        for destination in new
    ]
    projects = {row.change: row.project for row in found}
    owed = still_there(connection, outgoing)
    insert_absent(connection, DELIVERIES, [rows.delivery_values(one, project=projects[one.change_id]) for one in owed])
    values = {"state": DeliveryState.SUPERSEDED.value, "last_outcome": "its address is complete now"}
    connection.execute(update(DELIVERIES).where(IS_PENDING, _OWN.destination == old).values(values))
    return len(found)


_IS_DEAD = DELIVERIES.c.state == DeliveryState.DEAD.value
_FREED = {"acquired_by": None, "acquired_until": None}
#: PostgreSQL's number of the lock for leasing.
_LOCK = 7_261_944_108

#: The largest id that a row can have.
_LAST = 2**31 - 1


# Built once: SQLAlchemy takes longer to build a statement than SQLite to execute it.
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
            messages = choose(connection, now, limit, without)
        if not messages:
            return ()
        with self._writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            if not take_lease(connection, messages, worker=worker, now=now, until=now + lease):
                connection.rollback()
                return ()
            chosen = [one.id for message in messages for one in message]
            query = _with_changes(DELIVERIES.c.id.in_(chosen))
            found = {row.delivery_id: rows.delivery(row, rows.change(row)) for row in connection.execute(query)}
        return [
            Bundle(
                id=name(message),
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
