"""The work inside the transaction that commits an operator's decision."""

from sqlalchemy import Connection

from monitor.core.news import Change
from monitor.core.review.review import Review
from monitor.ledger import recall, states
from monitor.ledger.record import note, serialise
from monitor.ledger.reviews import in_force, keep, take_back
from monitor.ports import Reconsider


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
