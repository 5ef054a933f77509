"""The work inside the transaction that commits an operator's decision."""

from collections.abc import Sequence

from sqlalchemy import Connection

from monitor.core.news import Change
from monitor.core.review.review import Review
from monitor.ledger import recall, states
from monitor.ledger.record import note, serialise
from monitor.ledger.reviews import in_force, keep, take_back
from monitor.ports import Reconsider


def reconsider(connection: Connection, reviews: Sequence[Review], decide: Reconsider) -> tuple[Change, ...]:
    """Store or withdraw the decisions, and store what follows from all of them. Returns the new changes."""
    serialise(connection)
    # A decision that one of them replaces may have touched other projects.
    former = in_force(connection, sorted({project for review in reviews for project in review.projects}))
    projects = sorted({project for each in (*reviews, *former) for project in each.projects})
    before = recall.reports(connection, projects)
    stored = [_store(connection, review) for review in reviews]
    if not any(stored):
        return ()
    states.forget(connection, projects)
    return note(connection, decide(before, recall.reports(connection, projects)))


def _store(connection: Connection, review: Review) -> bool:
    """Returns whether something can follow from it: what is undone must have been in force."""
    if not review.is_in_force:
        return take_back(connection, review)
    keep(connection, review)
    return True
