"""Moves pending deliveries from a destination whose address was incomplete to what the address leads to."""

from collections.abc import Collection

from sqlalchemy import Connection, select, update

from monitor.ledger import rows
from monitor.ledger.departures import still_there
from monitor.ledger.inserts import insert_absent
from monitor.ledger.leasing import IS_PENDING
from monitor.ledger.tables import DELIVERIES
from monitor.ports import DeliveryState, Outgoing

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
