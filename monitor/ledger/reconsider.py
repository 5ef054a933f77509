"""The work inside the transaction that commits an operator's decision."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from monitor.core.news import Change
from monitor.core.review.review import Review
from monitor.core.state import Report
from monitor.ledger import recall, states
from monitor.ledger.record import note, serialise
from monitor.ledger.reviews import in_force, keep, take_back
from monitor.ports import Decision, Outgoing, Reconsider


def reconsider(connection: Connection, review: Review, decide: Reconsider) -> tuple[Change, ...]:
    """Store or withdraw the decision, and store what follows. Returns the new changes."""
    serialise(connection)
    # A decision that it replaces may have touched other projects.
    former = in_force(connection, review.projects)
    projects = sorted({project for each in (review, *former) for project in each.projects})
    before = recall.reports(connection, projects)
    if review.is_in_force:
        keep(connection, review)
    elif not take_back(connection, review):
        return ()
    states.forget(connection, projects)
    return note(connection, decide(before, recall.reports(connection, projects)))


def foresee(connection: Connection, review: Review, decide: Reconsider) -> Decision:
    """Do the same, and return what was stored, for a transaction that is rolled back."""
    outgoing: list[Outgoing] = []

    def noted(before: Mapping[str, Sequence[Report]], after: Mapping[str, Sequence[Report]]) -> Decision:
        found = decide(before, after)
        outgoing.extend(found.outgoing)
        return found

    changes = reconsider(connection, review, noted)
    new = {change.id for change in changes}
    return Decision(changes=changes, outgoing=tuple(one for one in outgoing if one.change_id in new))
