"""The clock is set wrong for half a day, and right again: nothing stays silent, nothing is lost or told twice."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import aclosing
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.core.news import Message
from monitor.core.polling.websub import verified
from monitor.deliver.send import bring_forward, relay
from monitor.ports import Outcome, SendResult
from monitor.watch.watch import owing
from tests.builders import make_change
from tests.simulated import DAY, HOUR, Network, SimulatedFeed, instant, make_feed, seconds, simulate
from tests.test_week import SimulatedFetcher

DAYS = 3.5
#: From when to when the clock is wrong.
WRONG = (1.3 * DAY, 1.8 * DAY)
STEP = 900.0
#: The steps at which it is restarted: while the clock is wrong, and as soon as it is right.
RESTARTS = {150, 173}
LEASE = 2 * HOUR
#: When the monthly digest comes.
THIRD_MORNING = 2 * DAY + 8 * HOUR
PUBLIC, HUB, TOPIC = "https://monitor.example.org", "https://hub.example/hub", "https://hub.example/feed"
LINKS = (("hub", HUB), ("self", TOPIC))
#: Feeds, by host: their own intervals in hours; the others are asked once in six at least.
EVERY: Mapping[str, float | None] = {"quick.example": 1, "slow.example": 12, "any.example": None, "hub.example": None}
SLOWEST = 6.0
CONFIG = """
database: sqlite:///monitor.db
polling: {every: 2h, fastest: 10m, slowest: 6h, spacing: 1s}
"""
#: The digests are those of every morning, and of the fourth of the month at eight: on the third day.
SUBSCRIBERS = """
subscribers:
  - {name: Desk, to: ["jsons://desk.example/"], projects: ["*"]}
  - {name: Sleeper, to: ["jsons://night.example/"], quiet_hours: "22:00-07:00"}
  - {name: Daily, to: ["mailtos://u:p@daily.example?to=a@daily.example"], send: {digest: "0 8 * * *"}}
  - {name: Monthly, to: ["mailtos://u:p@monthly.example?to=a@monthly.example"], send: {digest: "0 8 4 * *"}}
"""
#: Hours that a change is held at the most; beside them it waits for the next step, fails once and is tried again.
LATEST = {"desk": 0, "night": 9, "daily": 24}


class Pushed(SimulatedFeed):
    """A feed that names a hub."""

    def document(self, *, guids: str, wrong_clock: bool) -> bytes:
        hub, own = (f"<link xmlns='http://www.w3.org/2005/Atom' rel='{rel}' href='{to}'/>" for rel, to in LINKS)
        whole = super().document(guids=guids, wrong_clock=wrong_clock)
        return whole.replace(b"<channel>", f"<channel>{hub}{own}".encode())


class Machine:
    """The service on a machine whose clock somebody sets, with all that it does in a time that goes by as it does."""

    def __init__(self, folder: Path, ahead: timedelta, *, is_restarted: bool) -> None:
        self.folder, self.ahead, self.is_restarted = folder, ahead, is_restarted
        chance = Random(20240329)
        made = [make_feed(f"https://{host}/feed", a_day=4, days=DAYS, window=40, chance=chance) for host in EVERY]
        feeds = {feed.url: Pushed(**vars(feed)) if "hub" in feed.url else feed for feed in made}
        self.network = Network(feeds=feeds, troubles={}, chance=chance)
        self.chance = Random(20261102)
        #: When each change came to be known, and arrived where, by a clock that is right.
        self.known: dict[str, float] = {}
        self.arrived: dict[str, list[tuple[str, float]]] = defaultdict(list)
        self.refused: Counter[tuple[str, ...]] = Counter()
        #: When the hub was asked.
        self.asked: list[float] = []
        self.app = self.start()

    def now(self) -> Any:
        return instant() + (self.ahead if WRONG[0] <= seconds() < WRONG[1] else timedelta())

    def start(self) -> App:
        app = App(*load_folder(self.folder), clock=self.now, chance=self.chance.random)
        app.__dict__["sender"] = SimpleNamespace(send=self.send, close=lambda: None)
        self.way = app.courier.dispatcher("w", report=lambda _: None, complain=lambda _: None).context
        app.outbox.release()
        return app

    def send(self, url: str, message: Message) -> SendResult:
        """Every destination refuses each message once."""
        told = tuple(str(each["id"]) for each in message.events)
        self.refused[url, *told] += 1
        if self.refused[url, *told] == 1:
            return SendResult(outcome=Outcome.FAILED, detail="HTTP 503")
        place = str(urlsplit(url).hostname).split(".", maxsplit=1)[0]
        self.arrived[place] += [(change, seconds()) for change in told]
        return SendResult(outcome=Outcome.SENT)

    async def submit(self, url: str, form: Mapping[str, str]) -> None:
        """``ports.Submitter``: the hub, which asks back at once and forgets at the lease's end."""
        assert (url, form["hub.mode"]) == (HUB, "subscribe")
        self.asked.append(seconds())
        token = form["hub.callback"].rsplit("/", 1)[1]

        def confirm(subscription: Any) -> Any:
            lease = timedelta(seconds=LEASE)
            return verified(subscription, self.now(), mode="subscribe", topic=TOPIC, lease=lease, jitter=0.5)

        assert self.app.hubs.change(token, confirm) is not None

    async def run(self) -> None:
        async with SimulatedFetcher(self.network, self.app) as fetcher:
            number = 0
            while seconds() < DAYS * DAY:
                next_step = seconds() + STEP
                if self.is_restarted and number in RESTARTS:
                    self.app.close()
                    self.app = self.start()
                await self.step(fetcher, number)
                number += 1
                await asyncio.sleep(max(0.0, next_step - seconds()))

    async def step(self, fetcher: Any, number: int) -> None:
        app = self.app
        async with aclosing(app.poller.poll(app.poller.due(), fetcher)) as results:
            async for _ in results:
                pass
        await app.poller.tend_hubs(self, PUBLIC)
        bring_forward(self.way)
        while relay(self.way):
            pass
        if number % 4 == 3 and seconds() < THIRD_MORNING - HOUR:
            # What comes to be known now waits for the next step, by when the clock may be another.
            self.announce(f"c{number}")

    def announce(self, id_: str) -> None:
        now = self.now()
        change = make_change(id=id_, at=now, project="plant")
        self.known[id_] = seconds()
        self.app.ledger.note(owing([change], [change], self.app.watch, now))


@pytest.mark.parametrize("is_restarted", [False, True], ids=["running", "restarted"])
@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=-1)], ids=["ahead", "behind"])
def test_a_clock_that_was_wrong_for_half_a_day_leaves_nothing_silent_late_or_told_twice(
    tmp_path: Path, ahead: timedelta, is_restarted: bool
) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "monitor.yaml").write_text(CONFIG)
    (folder / "projects.yaml").write_text("projects: [{id: plant, name: Plant, who: [BTR]}]\n")
    (folder / "subscribers.yaml").write_text(SUBSCRIBERS)
    (folder / "feeds.yaml").write_text(
        "feeds:\n"
        + "".join(
            f"  - {{url: 'https://{host}/feed'{f', every: {hours}h' if hours else ''}}}\n"
            for host, hours in EVERY.items()
        )
    )
    machines: list[Machine] = []

    async def run() -> None:
        machines.append(Machine(folder, ahead, is_restarted=is_restarted))
        await machines[0].run()

    simulate(run)
    [machine] = machines
    machine.app.close()

    silences = {
        url: max(later - at for at, later in pairwise([*feed.asked, DAYS * DAY])) / HOUR
        for url, feed in machine.network.feeds.items()
    }
    longest = {f"https://{host}/feed": 1.1 * (hours or SLOWEST) + STEP / HOUR for host, hours in EVERY.items()}
    assert {url: silence for url, silence in silences.items() if silence > longest[url]} == {}
    for place in ("desk", "night", "daily", "monthly"):
        assert Counter(change for change, _ in machine.arrived[place]) == Counter(list(machine.known)), place
    waits = {place: max(at - machine.known[change] for change, at in machine.arrived[place]) / HOUR for place in LATEST}
    assert {place: wait for place, wait in waits.items() if wait > LATEST[place] + 3 * STEP / HOUR} == {}
    assert max(at for _, at in machine.arrived["monthly"]) < THIRD_MORNING + 3 * STEP
    assert max(later - at for at, later in pairwise([*machine.asked, DAYS * DAY])) <= LEASE + STEP
