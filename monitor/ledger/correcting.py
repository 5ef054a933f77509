"""Corrections: the changes that take back what was sent, and their deliveries to everybody who was told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, or_, select

from monitor.core.changes.revision import is_covered
from monitor.core.changes.standing import annuls
from monitor.core.news import Change
from monitor.ledger import rows
from monitor.ledger.tables import CHANGES, DELIVERIES
from monitor.ports import Decision, DeliveryState, Outgoing

_own = DELIVERIES.c
_TELLING = [DeliveryState.SENT.value, DeliveryState.PENDING.value]
#: Deliveries that have arrived, may have, or will. What was wrong altogether and not sent yet is called off before.
_TOLD = or_(_own.state.in_(_TELLING), and_(_own.state == DeliveryState.DEAD.value, _own.bundle.is_not(None)))
_FIND = select(_own.subscriber, _own.destination, CHANGES).join(CHANGES, CHANGES.c.id == _own.change).where(_TOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """What takes mistakes back."""

    changes: tuple[Change, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()
    #: The ids of changes that only lead back from a mistake. A correction stands for each.
    replaced: frozenset[str] = frozenset()
    #: The ids of changes that a correction at the same destination covers, with this destination.
    covered: frozenset[tuple[str, str]] = frozenset()


def find_corrections(connection: Connection, decision: Decision) -> Corrections:
    """The corrections of everything wrong that has reached somebody, or will.

    Call it after what is no longer so is called off, and before the new changes are stored.
    """
    if decision.correct is None:
        return Corrections()
    changes: dict[str, Change] = {}
    outgoing: list[Outgoing] = []
    replaced: set[str] = set()
    for project, readers in _told(connection, decision).items():
        revision = decision.revisions[project]
        for mistake, subscriber, destination in readers:
            correction = revision.correction(mistake)
            changes[correction.id] = correction
            replaced |= {new.id for new in decision.changes if new.project == project and annuls(new, mistake)}
            if (owed := decision.correct(correction, subscriber, destination)) is not None:
                outgoing.append(owed)
    covered = {
        (new.id, owed.destination)
        for owed in outgoing
        for new in decision.changes
        if is_covered(new, changes[owed.change_id])
    }
    return Corrections(
        changes=tuple(changes.values()),
        outgoing=tuple(outgoing),
        replaced=frozenset(replaced),
        covered=frozenset(covered),
    )


def _told(connection: Connection, decision: Decision) -> Mapping[str, Sequence[tuple[Change, str, str]]]:
    """By project, the mistakes that have reached somebody or will, each with a subscriber and a destination."""
    found: dict[str, list[tuple[Change, str, str]]] = defaultdict(list)
    for project, revision in decision.revisions.items():
        judged: dict[str, bool] = {}
        for row in connection.execute(_FIND.where(_own.project == project).order_by(CHANGES.c.number)):
            change = rows.change(row)
            if change.id not in judged:
                judged[change.id] = revision.is_mistake(change)
            if judged[change.id]:
                found[project].append((change, row.subscriber, row.destination))
    return found
