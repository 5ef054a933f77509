"""What a decision or a poll would commit, for a transaction that is rolled back."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection

from monitor.core.news import Change
from monitor.core.review.review import Review
from monitor.core.state import Report
from monitor.ledger.reconsider import reconsider
from monitor.ledger.record import record
from monitor.ports import Decide, Decision, Outgoing, Poll, Reconsider

_Reports = Mapping[str, Sequence[Report]]


def foresee(connection: Connection, review: Review, decide: Reconsider) -> Decision:
    """The new changes and deliveries of a decision."""
    return _noted(decide, lambda noting: reconsider(connection, review, noting))


def foresee_poll(connection: Connection, poll: Poll, decide: Decide) -> Decision:
    """The new changes and deliveries of a poll."""
    return _noted(decide, lambda noting: record(connection, [(poll, noting)])[0])


def _noted(
    decide: Callable[[_Reports, _Reports], Decision],
    work: Callable[[Callable[[_Reports, _Reports], Decision]], Sequence[Change]],
) -> Decision:
    outgoing: list[Outgoing] = []

    def noting(before: _Reports, after: _Reports) -> Decision:
        found = decide(before, after)
        outgoing.extend(found.outgoing)
        return found

    changes = tuple(work(noting))
    new = {change.id for change in changes}
    return Decision(changes=changes, outgoing=tuple(one for one in outgoing if one.change_id in new))
