"""Stores the subscriptions at hubs, the documents that were given up, and the problems of the monitor itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Engine, delete, func, insert, select, update

from monitor.core.health import Ailment, FeedHealth, Trouble
from monitor.core.polling.websub import HubSubscription
from monitor.ledger import rows
from monitor.ledger.engine import reading, writing
from monitor.ledger.tables import AILMENTS, DELIVERIES, FEEDS, HOSTILE_DOCUMENTS, HUB_SUBSCRIPTIONS
from monitor.ports import DeliveryState, HostileDocument, Step

# Stores the subscriptions at hubs: one row each, updated at every step ------------------------------------------------


_ALL = select(HUB_SUBSCRIPTIONS).order_by(HUB_SUBSCRIPTIONS.c.feed, HUB_SUBSCRIPTIONS.c.token)
_NAMED = select(FEEDS.c.url, FEEDS.c.hub, FEEDS.c.topic).where(FEEDS.c.hub.is_not(None), FEEDS.c.topic.is_not(None))


class SQLHubSubscriptions:
    """``ports.HubSubscriptions`` on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> Sequence[HubSubscription]:
        with reading(self._engine) as connection:
            return [HubSubscription(**row) for row in connection.execute(_ALL).mappings()]

    def named(self) -> Mapping[str, tuple[str, str]]:
        with reading(self._engine) as connection:
            return {row.url: (row.hub, row.topic) for row in connection.execute(_NAMED)}

    def find(self, token: str) -> HubSubscription | None:
        with reading(self._engine) as connection:
            row = connection.execute(_ALL.where(HUB_SUBSCRIPTIONS.c.token == token)).mappings().first()
            return HubSubscription(**row) if row is not None else None

    def add(self, subscription: HubSubscription) -> None:
        with writing(self._engine) as connection:
            connection.execute(insert(HUB_SUBSCRIPTIONS).values(**asdict(subscription)))

    def change(self, token: str, step: Step) -> HubSubscription | None:
        # Anybody may guess tokens. A wrong guess must not block writers.
        if self.find(token) is None:
            return None
        is_it = HUB_SUBSCRIPTIONS.c.token == token
        with writing(self._engine) as connection:
            row = connection.execute(_ALL.where(is_it).with_for_update()).mappings().first()
            after = step(HubSubscription(**row)) if row is not None else None
            if after is not None:
                connection.execute(update(HUB_SUBSCRIPTIONS).where(is_it).values(**asdict(after)))
            return after

    def forget(self, token: str) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(HUB_SUBSCRIPTIONS).where(HUB_SUBSCRIPTIONS.c.token == token))


# Stores the documents that were given up ------------------------------------------------------------------------------


class SQLQuarantine:
    """``ports.Quarantine`` on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, document: HostileDocument) -> None:
        table = HOSTILE_DOCUMENTS
        values = {"digest": document.digest, "url": document.url, "reason": document.reason, "at": document.at}
        with writing(self._engine) as connection:
            connection.execute(delete(table).where(table.c.digest == document.digest))
            connection.execute(insert(table), [values])

    def since(self, at: datetime) -> Sequence[HostileDocument]:
        table = HOSTILE_DOCUMENTS
        query = select(table).where(table.c.at >= at).order_by(table.c.at, table.c.digest)
        with reading(self._engine) as connection:
            return [HostileDocument(**dict(row)) for row in connection.execute(query).mappings()]

    def forget(self, before: datetime) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(HOSTILE_DOCUMENTS).where(HOSTILE_DOCUMENTS.c.at < before))


# Stores the problems of the monitor -----------------------------------------------------------------------------------


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
