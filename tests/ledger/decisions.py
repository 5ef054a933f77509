"""Decisions for tests in which the ledger is at issue, not what follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.core.changes.revision import Revision
from monitor.core.folding.fold import fold
from monitor.core.folding.weighing import DEFAULT_POLICY
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.news import Change
from monitor.core.state import Report
from monitor.ports import Decide, Decision, Outgoing
from tests.builders import NOW


@dataclass(frozen=True, slots=True, kw_only=True)
class _TakingBack(Revision):
    wrong: frozenset[str]
    #: Whether they are wrong only in their date.
    is_partly: bool

    def is_outdated(self, change: Change) -> bool:
        return change.id in self.wrong and not self.is_partly

    def is_mistake(self, change: Change) -> bool:
        return change.id in self.wrong


def taking_back(*changes: str, is_partly: bool = False) -> Revision:
    """A revision that takes back the changes with these ids."""
    nothing_known = fold("plant", (), INDUSTRIAL)
    return _TakingBack(
        states=lambda: (nothing_known, nothing_known),
        before=(),
        after=(),
        policy=DEFAULT_POLICY,
        at=NOW,
        wrong=frozenset(changes),
        is_partly=is_partly,
    )


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
