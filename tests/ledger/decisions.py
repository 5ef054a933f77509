"""Decisions for tests in which the ledger is at issue, not what follows from it."""

from collections.abc import Mapping, Sequence

from monitor.core.news import Change
from monitor.core.state import Report
from monitor.ports import Decide, Decision, Outgoing


def nothing(before: Mapping[str, Sequence[Report]], fresh: Mapping[str, Sequence[Report]]) -> Decision:
    return Decision()


def owing(*changes: Change, destinations: Sequence[str] = ("d1",)) -> Decide:
    """These changes, each owed to each destination."""
    outgoing = tuple(
        Outgoing(change_id=change.id, subscriber="Desk", destination=destination, due_at=change.at, chain=destination)
        for change in changes
        for destination in destinations
    )
    return lambda before, fresh: Decision(changes=changes, outgoing=outgoing)
