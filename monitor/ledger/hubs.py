"""Stores the subscriptions at hubs: one row each, updated at every step."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Engine, delete, insert, select, update

from monitor.core.polling.websub import HubSubscription
from monitor.ledger.engine import reading, writing
from monitor.ledger.tables import FEEDS, HUB_SUBSCRIPTIONS
from monitor.ports import Step

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
