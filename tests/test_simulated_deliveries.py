"""Deliveries in a small world whose clock the test holds: anything may fail, be killed, wait or be edited at any time.

Each change reaches each destination that is entitled to it, in order, and a second time only where the first one may
have arrived without the monitor knowing, under the same id; nothing comes in quiet hours; no message tells a change
twice.
"""

import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.matching import Matcher
from monitor.core.message.voice import Voice
from monitor.core.news import Change, Destination, Fallback, Message, Subscriber
from monitor.core.polling import Polling
from monitor.delivery.pacer import Pacer
from monitor.feeds.language import LanguageDetector
from monitor.ledger.engine import make_engine
from monitor.ledger.migrate import upgrade
from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.ports import DeliveryState, Outcome, SendResult
from monitor.relay import LEASE, Way, relay
from monitor.watch import Watch, owing
from monitor.wording.catalogues import catalogues
from monitor.wording.layouts import Layouts
from tests.builders import make_change, make_project
from tests.fakes import FakeReader

BEGIN = datetime(2026, 11, 24, 12, tzinfo=UTC)
PROJECTS = ("a", "b")
#: MONITOR_WORLDS=300 for a thorough run, of some minutes.
EXAMPLES = int(os.environ.get("MONITOR_WORLDS", "30"))


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Arrival:
    at: datetime
    destination: str
    message: str
    changes: tuple[str, ...]


@dataclass
class Receivers:
    """Every destination: does with the next messages what it is told, then takes them all."""

    clock: list[datetime]
    plans: list[str] = field(default_factory=list)
    arrived: list[Arrival] = field(default_factory=list)
    #: Changes that arrived somewhere although the monitor could not know.
    doubtful: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    def send(self, url: str, message: Message) -> SendResult:
        plan = self.plans.pop(0) if self.plans else "take"
        told = tuple(str(event["id"]) for event in message.events)
        if plan == "killed before":
            raise Killed
        if plan == "refuse":
            return SendResult(outcome=Outcome.FAILED, detail="HTTP 503")
        if plan == "ask for time":
            return SendResult(outcome=Outcome.FAILED, detail="HTTP 429", retry_after=600)
        if plan == "time out":
            return SendResult(outcome=Outcome.UNKNOWN, detail="timed out")
        self.arrived.append(Arrival(self.clock[0], url, message.id, told))
        if plan != "take":
            for change in told:
                self.doubtful[url, change] += 1
        if plan == "killed after":
            raise Killed
        if plan == "take, then time out":
            return SendResult(outcome=Outcome.UNKNOWN, detail="timed out")
        return SendResult(outcome=Outcome.SENT)


PLANS = ("take", "refuse", "ask for time", "time out", "take, then time out", "killed before", "killed after")


def destination(name: str, **more: object) -> Destination:
    return replace(Destination(id=name, label=name, url=name, service="jsons"), **more)  # type: ignore[arg-type]  # as named


HOOK, CHAT, NIGHT, DIGEST, FIRST, SECOND = (
    destination("hook", takes_events=True),
    destination("chat"),
    destination("night"),
    destination("digest"),
    destination("first"),
    destination("second"),
)
SUBSCRIBERS = (
    Subscriber(name="Desk", to=(HOOK, CHAT)),
    Subscriber(name="Sleeper", to=(NIGHT,), quiet_hours=("22:00", "07:00")),
    Subscriber(name="Reader", to=(DIGEST,), digest="0 8 * * *"),
    Subscriber(
        name="Careful",
        to=(FIRST,),
        fallbacks=(Fallback(instead_of="first", destination=SECOND, after=timedelta(minutes=15)),),
    ),
)


@cache
def watch() -> Watch:
    projects = {name: make_project(id=name, name={"": name}) for name in PROJECTS}
    return Watch(
        projects=projects,
        lifecycles={"industrial": INDUSTRIAL},
        subscribers=SUBSCRIBERS,
        matcher=Matcher(tuple(projects.values())),
        reader=FakeReader(),
        detector=LanguageDetector(("en",)),
        voice=Voice(catalogues=catalogues(), layouts=Layouts({})),
        polling=Polling(),
        alert_horizon=timedelta(days=7),
        timezone=UTC,
    )


class World(RuleBasedStateMachine):
    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.template, self.folder / "monitor.db")
        self.engine = make_engine(f"sqlite:///{self.folder}/monitor.db")
        self.ledger, self.outbox = SQLLedger(self.engine), SQLOutbox(self.engine)
        self.clock = [BEGIN]
        self.receivers = Receivers(self.clock)
        self.pacer = Pacer()
        self.told: list[Change] = []
        self.quiet_edits: list[tuple[datetime, tuple[str, str] | None]] = []
        self.watch = watch()

    def teardown(self) -> None:
        try:
            self.heal()
            self.check()
        finally:
            self.engine.dispose()
            shutil.rmtree(self.folder)

    @initialize()
    def quiet_from_the_start(self) -> None:
        self.quiet_edits.append((self.clock[0], ("22:00", "07:00")))

    @rule(project=st.sampled_from(PROJECTS), count=st.integers(1, 3))
    def news(self, project: str, count: int) -> None:
        """An article tells some changes, which are committed together."""
        number = len(self.told)
        fresh = tuple(make_change(id=f"c{number + each}", project=project, at=self.clock[0]) for each in range(count))
        self.told += fresh
        self.ledger.note(owing(fresh, fresh, self.watch, self.clock[0]))

    @rule(minutes=st.sampled_from([1, 5, 16, 60, 300, 1000]))
    def time_passes(self, minutes: int) -> None:
        self.clock[0] += timedelta(minutes=minutes)

    @rule()
    def evening_comes(self) -> None:
        """Just before quiet hours begin."""
        evening = self.clock[0].replace(hour=21, minute=50)
        self.clock[0] = evening if evening > self.clock[0] else evening + timedelta(days=1)

    @rule(plans=st.lists(st.sampled_from(PLANS), max_size=6))
    def deliver(self, plans: Sequence[str]) -> None:
        self.receivers.plans[:] = plans
        try:
            for _ in range(20):
                self.clock[0] += timedelta(seconds=1)
                if not relay(self.way()):
                    break
        except Killed:
            self.restart()
        self.receivers.plans.clear()

    @rule()
    def restart(self) -> None:
        """The service ends, however it does, and starts again."""
        self.outbox.release()
        self.pacer = Pacer()

    @rule(hours=st.sampled_from([None, ("22:00", "07:00"), ("12:00", "14:00")]))
    def edit_of_the_quiet_hours(self, hours: tuple[str, str] | None) -> None:
        self.quiet_edits.append((self.clock[0], hours))
        self.watch = replace(
            self.watch,
            subscribers=tuple(
                replace(each, quiet_hours=hours) if each.name == "Sleeper" else each for each in SUBSCRIBERS
            ),
        )

    @precondition(lambda self: any(r.state is DeliveryState.DEAD for r in self.outbox.deliveries()))
    @rule()
    def retry_by_hand(self) -> None:
        self.outbox.retry(now=self.clock[0])

    def way(self) -> Way:
        return Way(
            outbox=self.outbox,
            sender=self.receivers,
            watch=lambda: self.watch,
            known=lambda _: None,
            pacer=self.pacer,
            unsubscribe=lambda _subscriber, _destination: "",
            worker="w",
            clock=lambda: self.clock[0],
            chance=lambda: 0.5,
        )

    # ------------------------------------------------------------ what must hold in the end

    def heal(self) -> None:
        """Nothing fails any more, and time goes on until all is quiet."""
        self.restart()
        for _ in range(60):
            self.outbox.retry(now=self.clock[0])
            while relay(self.way()):
                self.clock[0] += timedelta(seconds=1)
            if all(r.state in {DeliveryState.SENT, DeliveryState.SUPERSEDED} for r in self.outbox.deliveries()):
                return
            self.clock[0] += timedelta(hours=1) + LEASE
        raise AssertionError([r for r in self.outbox.deliveries() if r.state is DeliveryState.PENDING])

    def check(self) -> None:
        for place in (HOOK, CHAT, NIGHT, DIGEST):
            self.check_place(place.id)
        for change in self.told:
            heard = {each.destination for each in self.receivers.arrived if change.id in each.changes}
            assert heard & {"first", "second"}
        for arrival in self.receivers.arrived:
            assert len(arrival.changes) == len(set(arrival.changes))
            if arrival.destination == "hook":
                assert arrival.changes == (arrival.message,)
            if arrival.destination == "night":
                assert not self.is_quiet(arrival.at)

    def check_place(self, place: str) -> None:
        arrived = [each for each in self.receivers.arrived if each.destination == place]
        times: dict[str, list[str]] = defaultdict(list)
        for arrival in arrived:
            for change in arrival.changes:
                times[change].append(arrival.message)
        assert times.keys() == {change.id for change in self.told}
        for change, messages in times.items():
            assert len(messages) <= 1 + self.receivers.doubtful[place, change]
            assert len(set(messages)) == 1
        for project in PROJECTS:
            mine = [change.id for change in self.told if change.project == project]
            heard = list(dict.fromkeys(c for each in arrived for c in each.changes if c in mine))
            assert heard == mine

    def is_quiet(self, at: datetime) -> bool:
        hours = [hours for since, hours in self.quiet_edits if since <= at][-1]
        if hours is None:
            return False
        start, end = hours
        shown = at.strftime("%H:%M")
        return start <= shown < end if start < end else shown >= start or shown < end


@pytest.mark.timeout(300)
def test_whatever_happens_each_change_reaches_each_destination_in_order_and_once(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/template.db")
    upgrade(engine)
    engine.dispose()
    World.template = tmp_path / "template.db"

    run_state_machine_as_test(World, settings=settings(max_examples=EXAMPLES, stateful_step_count=20, deadline=None))
