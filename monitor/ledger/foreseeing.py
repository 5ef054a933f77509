"""What a decision or a poll would commit, for a transaction that is rolled back."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from monitor.core.news import Change
from monitor.core.review.review import Review
from monitor.ledger import rows
from monitor.ledger.chunks import chunks
from monitor.ledger.reconsider import reconsider
from monitor.ledger.record import record
from monitor.ledger.tables import DELIVERIES
from monitor.ports import Decide, Decision, Poll, Reconsider


def foresee(connection: Connection, reviews: Sequence[Review], decide: Reconsider) -> Decision:
    """The new changes and deliveries of decisions that are made together."""
    return _followed(connection, reconsider(connection, reviews, decide))


def foresee_poll(connection: Connection, poll: Poll, decide: Decide) -> Decision:
    """The new changes and deliveries of a poll."""
    return _followed(connection, record(connection, [(poll, decide)])[0])


def _followed(connection: Connection, changes: Sequence[Change]) -> Decision:
    """These new changes, with their deliveries."""
    owed = select(DELIVERIES).order_by(DELIVERIES.c.id)
    some = chunks([change.id for change in changes])
    found = [row for ids in some for row in connection.execute(owed.where(DELIVERIES.c.change.in_(ids)))]
    return Decision(changes=tuple(changes), outgoing=tuple(map(rows.outgoing, found)))
