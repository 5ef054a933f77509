"""Calls off deliveries of changes that are no longer so, and of the changes that only lead back from them.

Nobody was told of history, so what leads back from it is owed to nobody.
"""

from collections import defaultdict
from collections.abc import Collection, Container, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from monitor.core.changes.revision import correction_id
from monitor.core.changes.standing import annuls, annuls_history
from monitor.core.news import Change
from monitor.ledger import rows
from monitor.ledger.chunks import chunks
from monitor.ledger.tables import CHANGES, DELIVERIES
from monitor.ports import Decision, DeliveryState, Outgoing

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
