"""Stores the problems of the monitor."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Engine, delete, func, insert, select

from monitor.core.health import Ailment, FeedHealth, Trouble
from monitor.ledger import rows
from monitor.ledger.engine import reading, writing
from monitor.ledger.tables import AILMENTS, DELIVERIES, FEEDS
from monitor.ports import DeliveryState

_FEEDS = select(FEEDS.c.url, FEEDS.c.failures, FEEDS.c.last_error, FEEDS.c.next_poll_at, FEEDS.c.habit)
#: The number of feeds that are read at a time. Ten thousand are too many to hold in memory at once, every minute.
_AT_A_TIME = 500
_PENDING = DELIVERIES.c.state == DeliveryState.PENDING.value


class SQLHealthRecord:
    """``ports.HealthRecord`` on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ailments(self) -> Sequence[Ailment]:
        with reading(self._engine) as connection:
            found = connection.execute(select(AILMENTS).order_by(AILMENTS.c.since, AILMENTS.c.trouble)).mappings()
            return [Ailment(**dict(row) | {"trouble": Trouble(row["trouble"])}) for row in found]

    def keep_ailments(self, ailments: Sequence[Ailment]) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(AILMENTS))
            if ailments:
                connection.execute(insert(AILMENTS), [rows.ailment_values(ailment) for ailment in ailments])

    def feeds(self) -> Iterator[FeedHealth]:
        with reading(self._engine) as connection:
            found = connection.execute(_FEEDS, execution_options={"yield_per": _AT_A_TIME})
            yield from map(rows.feed_health, found.mappings())

    def waiting(self, before: datetime) -> int:
        count = select(func.count()).where(_PENDING, DELIVERIES.c.due_at < before, DELIVERIES.c.attempts == 0)
        with reading(self._engine) as connection:
            return connection.execute(count).scalar_one()
