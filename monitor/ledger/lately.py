"""Reads the recent deliveries of subscribers, which limit how much is sent to them at a time."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from monitor.core.alerting.storm import HOUR, Recent
from monitor.ledger.chunks import chunks
from monitor.ledger.tables import CHANGES, DELIVERIES
from monitor.ports import DeliveryState

_OF_ANY_STATE = DELIVERIES.c.state.in_([state.value for state in DeliveryState])


def owed_lately(connection: Connection, destinations: Collection[str], now: datetime) -> Mapping[str, Sequence[Recent]]:
    """What was due there in the last hour and is due in the next, by subscriber name. Each change once."""
    found: dict[tuple[str, str], Recent] = {}
    for some in chunks(sorted(destinations)):
        query = (
            select(
                DELIVERIES.c.subscriber,
                DELIVERIES.c.change,
                DELIVERIES.c.due_at,
                DELIVERIES.c.project,
                DELIVERIES.c.together,
                CHANGES.c.at,
            )
            .join(CHANGES, CHANGES.c.id == DELIVERIES.c.change)
            # All states are listed, so that the index that begins with the state is used.
            .where(_OF_ANY_STATE, DELIVERIES.c.destination.in_(some), DELIVERIES.c.rank == 0)
            .where(DELIVERIES.c.due_at > now - HOUR, DELIVERIES.c.due_at <= now + HOUR)
            .order_by(DELIVERIES.c.id)
        )
        for row in connection.execute(query):
            recent = Recent(at=row.at, due_at=row.due_at, project=row.project, together=row.together)
            found.setdefault((row.subscriber, row.change), recent)
    by_subscriber: dict[str, list[Recent]] = defaultdict(list)
    for (subscriber, _), recent in found.items():
        by_subscriber[subscriber].append(recent)
    return by_subscriber
