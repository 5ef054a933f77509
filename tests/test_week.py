"""A week of polling in simulated time, with all that hosts do to whoever asks them."""

import asyncio
import os
from bisect import bisect_left
from collections import Counter
from contextlib import aclosing
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.app.service import BUDGET_TICK, POLL_TICK
from monitor.core.identity import article_key
from monitor.core.model import Entry
from monitor.errors import LedgerError
from monitor.feeds.fetch import GuardedFetcher
from monitor.ledger.tables import ARTICLES
from tests.faults import Died, Fault, Faults, FaultyLedger
from tests.simulated import DAY, HOUR, Network, Trouble, instant, intervals, make_feed, seconds, simulate

PER_MINUTE, PER_HOST, SPACING = 6, 2, 3.0
SLOWEST = timedelta(hours=6)
CONFIG = f"""
database: sqlite:///monitor.db
polling:
  every: EVERY
  fastest: 10m
  slowest: 6h
  requests_per_minute: {PER_MINUTE}
  per_host: {PER_HOST}
  spacing: {SPACING:g}s
"""
_IS_NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"


class SimulatedFetcher(GuardedFetcher):
    """The real fetcher; the network alone is simulated."""

    def __init__(self, network: Network, app: App) -> None:
        polling = app.config.polling
        super().__init__(
            per_host=polling.per_host,
            spacing=polling.spacing.total_seconds(),
            per_minute=polling.requests_per_minute,
        )
        self._network = network

    def _session(self) -> Network:  # type: ignore[override]  # as much of a session as is used
        return self._network


def make_network(days: float, copies: int, chance: Random) -> Network:
    """Feeds of each kind, each host with a trouble of its own, and some in common."""
    troubles: dict[str, list[tuple[Trouble, float, float]]] = {
        "down.example": [(Trouble.DOWN, 2 * DAY, 3 * DAY), (Trouble.FAILS, 4 * DAY, 4.5 * DAY)],
        "liar.example": [(Trouble.LIES, 0, (days - 1) * DAY)],
        "clock.example": [(Trouble.WRONG_CLOCK, 0, days * DAY)],
        "guids.example": [(Trouble.NEW_GUIDS, DAY, days * DAY)],
        "moves.example": [(Trouble.REDIRECTS, 0, days * DAY)],
    }
    for host, kind, lasting, every in (
        ("clock.example", Trouble.STORM, 2 * HOUR, DAY),
        ("cut.example", Trouble.CUT_OFF, 3 * HOUR, 8 * HOUR),
        ("cut.example", Trouble.BREAKS, HOUR, 10 * HOUR),
        ("storm.example", Trouble.STORM, 3 * HOUR, 9 * HOUR),
        ("storm.example", Trouble.OTHER_PAGE, 2 * HOUR, 20 * HOUR),
        ("down.example", Trouble.HANGS, 2 * HOUR, 30 * HOUR),
    ):
        troubles.setdefault(host, []).extend(intervals(chance, days, kind, lasting=lasting, every=every))
    # The last day is quiet, so that all can come back.
    quiet = (days - 1) * DAY
    lasting_troubles = {Trouble.WRONG_CLOCK, Trouble.NEW_GUIDS, Trouble.REDIRECTS}
    for host, all_of_them in troubles.items():
        troubles[host] = [
            (kind, since, to if kind in lasting_troubles else min(to, quiet)) for kind, since, to in all_of_them
        ]
    feeds = [
        make_feed(f"https://{host}/feed{number}", a_day=rate, days=days, window=40, chance=chance)
        for number in range(copies)
        for host, rate in zip(sorted(troubles), (2.0, 8.0, 4.0, 1.0, 12.0, 6.0, 3.0), strict=True)
    ]
    return Network(feeds={feed.url: feed for feed in feeds}, troubles=troubles, chance=chance)


class Week:
    """The service as it runs, with simulated time: ticks, faults of the database, and a new start each day."""

    def __init__(self, folder: Path, network: Network, days: float, chance: Random) -> None:
        self.folder, self.network, self.days, self.chance = folder, network, days, chance
        self.outcomes: Counter[str] = Counter()

    async def run(self) -> None:
        while seconds() < self.days * DAY:
            app = self._start()
            try:
                async with asyncio.timeout(min(DAY * 0.9, self.days * DAY - seconds())):
                    await self._serve(app)
            except TimeoutError:
                pass  # it was ended in the middle of whatever it did
            finally:
                app.close()
            await asyncio.sleep(5 * 60)

    def _start(self) -> App:
        app = App(*load_folder(self.folder), clock=instant, chance=self.chance.random)
        faults = (self.chance.choice([*Fault]) if self.chance.random() < 0.02 else Fault.NONE for _ in iter(int, 1))
        app.__dict__["ledger"] = FaultyLedger(app.engine, Faults(to_come=faults))
        return app

    async def _serve(self, app: App) -> None:
        shared = -float(BUDGET_TICK)
        async with SimulatedFetcher(self.network, app) as fetcher:
            while True:
                if seconds() - shared >= BUDGET_TICK:
                    app.poller.share_budget()
                    shared = seconds()
                try:
                    async with aclosing(app.poller.poll(app.poller.due(), fetcher)) as results:
                        async for result in results:
                            self.outcomes[str(result.outcome)] += 1
                except (LedgerError, Died):
                    self.outcomes["broken off"] += 1
                except asyncio.CancelledError:
                    # By a fault, or because all ends: the timeout says which at the next wait.
                    self.outcomes["broken off"] += 1
                await asyncio.sleep(self._until_due(app))

    def _until_due(self, app: App) -> float:
        """Ticks at which nothing is due are left out."""
        nexts = [record.next_poll_at for _, record in app.poller.feeds()]
        waits = [(at - instant()).total_seconds() for at in nexts if at is not None]
        return max(POLL_TICK, min(waits, default=0.0)) if len(waits) == len(nexts) else POLL_TICK


@pytest.mark.slow
def test_a_week_of_faults_loses_no_entry_and_asks_no_more_than_it_may(tmp_path: Path) -> None:
    days, copies, every = (28.0, 3, "1h") if _IS_NIGHTLY else (7.0, 2, "2h")
    chance = Random(20261102)
    network = make_network(days, copies, chance)
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "monitor.yaml").write_text(CONFIG.replace("EVERY", every))
    (folder / "projects.yaml").write_text("projects: [{id: plant, name: Plant, who: [BTR]}]\n")
    (folder / "feeds.yaml").write_text("feeds:\n" + "".join(f"  - url: {url}\n" for url in network.feeds))
    week = Week(folder, network, days, chance)

    simulate(week.run)

    app = App(*load_folder(folder))
    with app.engine.connect() as connection:
        stored = Counter(connection.scalars(select(ARTICLES.c.key)))
    records = app.ledger.feeds()
    app.close()
    lost = {
        url: [
            entry.number for entry in feed.published if entry.visible >= 2 and _key(url, feed.link(entry)) not in stored
        ]
        for url, feed in network.feeds.items()
    }
    begun = sorted(at for at, _ in network.requests)
    a_minute = max(bisect_left(begun, at + 60) - number for number, at in enumerate(begun))
    by_host: dict[str, list[float]] = {}
    for at, host in network.requests:
        by_host.setdefault(host, []).append(at)
    distances = [later - at for times in by_host.values() for at, later in pairwise(sorted(times))]

    assert {url: numbers for url, numbers in lost.items() if numbers} == {}
    assert max(stored.values()) == 1
    assert a_minute <= PER_MINUTE
    assert network.most_under_way <= PER_HOST
    assert min(distances) >= SPACING
    assert {url for url, record in records.items() if record.failures} == set()
    assert all(feed.asked[-1] > days * DAY - 1.1 * SLOWEST.total_seconds() for feed in network.feeds.values())
    # All that was to go wrong did.
    assert {"read", "not modified", "unchanged", "failed", "broken off"} <= set(week.outcomes)


def _key(feed: str, link: str) -> str:
    return article_key(Entry(guid=None, url=link, title="", text="", published_at=None), feed=feed)
