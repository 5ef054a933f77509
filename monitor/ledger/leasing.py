"""Chooses which deliveries are leased next.

``core.alerting.bundling`` groups the pending rows of one destination into messages.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, func, or_, select, update

from monitor.core.alerting.bundling import Waiting, bundle_id, bundles
from monitor.core.backoff import LEASE, SKEW
from monitor.ledger import rows
from monitor.ledger.tables import DELIVERIES
from monitor.ports import DeliveryState

#: The number of due deliveries of one destination that are considered: several times what fits one message.
_WINDOW = 200

IS_PENDING = DELIVERIES.c.state == DeliveryState.PENDING.value

Messages = Sequence[tuple[Waiting, ...]]


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


def lease(connection: Connection, messages: Messages, *, worker: str, now: datetime, until: datetime) -> bool:
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


def name(message: Sequence[Waiting]) -> str:
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


def _waiting(connection: Connection, destination: str, now: datetime) -> list[Waiting]:
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


def _must_wait(connection: Connection, one: Waiting, now: datetime) -> bool:
    """Whether it is a fallback for a delivery that is being sent now."""
    if one.rank == 0:
        return False
    own, other = DELIVERIES.alias(), DELIVERIES.c
    chain = select(own.c.chain).where(own.c.id == one.id).scalar_subquery()
    query = select(other.id).where(
        IS_PENDING, other.change == one.change, other.chain == chain, other.rank < one.rank, is_leased(now)
    )
    return connection.execute(query.limit(1)).first() is not None
