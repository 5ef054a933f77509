"""What happens inside the one transaction that commits an operator's decision."""

from sqlalchemy import Connection

from monitor.core.news import Change
from monitor.core.review.review import Review
from monitor.ledger import recall, states
from monitor.ledger.record import note, serialise
from monitor.ledger.reviews import in_force, keep, take_back
from monitor.ports import Reconsider


def reconsider(connection: Connection, review: Review, decide: Reconsider) -> tuple[Change, ...]:
    """Keep or take back the decision, and write what follows; returns the changes that are new."""
    serialise(connection)
    # What it takes the place of may have touched others.
    former = in_force(connection, review.projects)
    projects = sorted({project for each in (review, *former) for project in each.projects})
    before = recall.reports(connection, projects)
    if review.is_in_force:
        keep(connection, review)
    elif not take_back(connection, review):
        return ()
    states.forget(connection, projects)
    return note(connection, decide(before, recall.reports(connection, projects)))
