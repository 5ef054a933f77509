"""The whole road in a small world whose clock the test holds: anything may fail, be killed, wait or be edited.

Articles are polled, read and folded, and what they change is delivered. Each change reaches each destination that was
entitled to it when it came to be known, and no other; in order, and a second time only where the first one may have
arrived without the monitor knowing, under the same id; nothing comes in quiet hours, on days away or while all is
muted; no message tells a change twice.
"""

import asyncio
import os
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event

from monitor.core.backoff import LEASE
from monitor.core.model import Claim, Feed, Reading, State
from monitor.core.news import Away, Change, ChangeType, Destination, Fallback, Message, Mute, Subscriber
from monitor.core.periods import Period
from monitor.core.state import Confidence
from monitor.deliver.send import SendContext, bring_forward, relay
from monitor.delivery.pacing import Pacer
from monitor.errors import LedgerError
from monitor.ledger.backup import upgrade
from monitor.ledger.engine import make_engine
from monitor.ledger.outbox import SQLOutbox
from monitor.poll.commit import Desk, Recorder
from monitor.poll.context import Road
from monitor.poll.poll import poll_feed
from monitor.ports import DeliveryState, FeedRecord, Outcome, SendResult
from monitor.watch.watch import Watch, what_time_brings
from tests.builders import make_claim, make_feed, make_project
from tests.fakes import FakeFetcher, FakeReader, InlineDocuments, make_watch
from tests.faults import Died, Fault, Faults, FaultyFetcher, FaultyLedger, run_in_one_thread

BEGIN = datetime(2026, 11, 24, 12, tzinfo=UTC)
PROJECTS = {
    name: make_project(id=name, name={"": name}, who=(f"Company{name}",), what=(), tags=tags)
    for name, tags in (("a", ("battery",)), ("b", ()))
}
#: The one's word alone confirms.
FEEDS = (
    make_feed(url="https://press.example/rss", name="Press"),
    make_feed(url="https://official.example/rss", name="Official", trust=1.0),
)
#: MONITOR_WORLDS=300 for a thorough run, of some minutes.
EXAMPLES = int(os.environ.get("MONITOR_WORLDS", "40"))


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Arrival:
    destination: str
    message: str
    changes: tuple[str, ...]
    is_out_of_hours: bool


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
#: Nobody else's; a change for it may come to the one or the other.
CHAIN = {"first", "second"}
SUBSCRIBERS = (
    Subscriber(name="Desk", to=(HOOK, CHAT), changes=frozenset(ChangeType)),
    Subscriber(name="Sleeper", to=(NIGHT,), quiet_hours=("22:00", "07:00")),
    Subscriber(name="Reader", to=(DIGEST,), digest="0 8 * * *"),
    Subscriber(
        name="Careful",
        to=(FIRST,),
        fallbacks=(Fallback(instead_of="first", destination=SECOND, after=timedelta(minutes=15)),),
    ),
)


def wants(subscriber: Subscriber, change: Change) -> bool:
    """What the documentation says of who is told."""
    confirmed_only = subscriber.confidence is Confidence.CONFIRMED
    told_of_stages = not {ChangeType.STATUS, ChangeType.MILESTONE}.isdisjoint(subscriber.changes)
    awaited = confirmed_only and change.type is ChangeType.CONFIRMED and told_of_stages
    return (
        not {"*", change.project, *(f"tag:{tag}" for tag in PROJECTS[change.project].tags)}.isdisjoint(
            subscriber.projects
        )
        and (subscriber.stages is None or change.stage is None or change.stage in subscriber.stages)
        and not (confirmed_only and change.confidence is Confidence.REPORTED)
        and (change.type in subscriber.changes or awaited)
    )


def is_out_of_hours(subscriber: Subscriber, at: datetime) -> bool:
    """Whether nothing at all is to come now."""
    wall, shown = at.replace(tzinfo=None), at.strftime("%H:%M")
    start, end = subscriber.quiet_hours or ("24:00", "24:00")
    is_quiet = start <= shown < end if start < end else shown >= start or shown < end
    is_muted = any(wall < mute.until for mute in subscriber.mutes if "*" in mute.projects)
    return (
        (is_quiet and subscriber.quiet_hours is not None)
        or is_muted
        or any(away.first <= at.date() <= away.last for away in subscriber.away)
    )


@cache
def watch() -> Watch:
    return make_watch(PROJECTS.values(), subscribers=SUBSCRIBERS, alert_horizon=timedelta(days=365))


PLANS = ("take", "refuse", "ask for time", "time out", "take, then time out", "killed before", "killed after")


class World:
    def __init__(self, database: Path) -> None:
        self.engine = make_engine(f"sqlite:///{database}")
        self.faults = Faults()
        self.ledger, self.outbox = FaultyLedger(self.engine, self.faults), SQLOutbox(self.engine)
        self.web, self.readings = FakeFetcher(), dict[str, Reading]()
        self.published: dict[str, list[str]] = {feed.url: [] for feed in FEEDS}
        self.now = BEGIN
        self.pacer = Pacer()
        self.watch = replace(watch(), reader=FakeReader(self.readings))
        #: What the receivers do with the next messages; then they take them all.
        self.plans: list[str] = []
        #: After so many commits more the process is killed.
        self.commits_left: int | None = None
        self.arrived: list[Arrival] = []
        #: By destination and change: how often it arrived although the monitor could not know.
        self.doubtful: Counter[tuple[str, str]] = Counter()
        #: What was given up at a destination, and is retried by hand: whatever is newer may have gone before it.
        self.given_up: set[tuple[str, str]] = set()
        self.owed: dict[str, list[Change]] = defaultdict(list)
        self.known: set[str] = set()
        #: The project that was told of last.
        self.last = ""
        event.listen(self.engine, "commit", self.on_commit)
        for feed in FEEDS:
            self.publish("an old story", feed)
            self.poll(feed, [])

    # ------------------------------------------------------------ what may happen

    def news(self, project: str, says: Sequence[Claim], feeds: Sequence[Feed], *, is_polled: bool) -> None:
        title, self.last = f"Company{project} {len(self.readings)}", project
        told = tuple(replace(each, project=project, evidence=f"{title}.") for each in says)
        self.readings[title] = Reading(language="en", projects=(project,), claims=told, facts=())
        for feed in feeds:
            self.publish(title, feed)
            if is_polled:
                self.poll(feed, [])

    def confirmation(self) -> None:
        """The official source says what was said last."""
        last = self.readings[f"Company{self.last} {len(self.readings) - 1}"]
        self.news(self.last, last.claims, FEEDS[1:], is_polled=True)

    def poll(self, feed: Feed, faults: Sequence[Fault]) -> None:
        self.faults.to_come = iter(faults)
        record = self.ledger.feeds().get(feed.url, FeedRecord(url=feed.url))
        try:
            run_in_one_thread(poll_feed(feed, record, self.road()))
        except (Died, LedgerError, asyncio.CancelledError):
            self.restart()
        self.faults.to_come = iter(())
        self.hear()

    def the_clock_is_looked_at(self) -> None:
        reports = self.ledger.reports()
        states = [self.watch.state_of(project, reports.get(project, ())) for project in PROJECTS]
        self.ledger.note(what_time_brings(self.watch, states, self.now))
        self.hear()

    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def the_clock_is_set(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    def evening_comes(self, plans: Sequence[str]) -> None:
        """Deliveries just before quiet hours begin, and in them."""
        evening = self.now.replace(hour=21, minute=50)
        self.now = evening if evening > self.now else evening + timedelta(days=1)
        self.deliver(plans, None)
        self.now += timedelta(minutes=30)
        self.deliver([], None)

    def deliver(self, plans: Sequence[str], commits: int | None) -> None:
        self.plans, self.commits_left = list(plans), commits
        try:
            bring_forward(self.context())
            for _ in range(20):
                self.now += timedelta(seconds=1)
                if not relay(self.context()):
                    break
        except Killed:
            self.restart()
        self.plans, self.commits_left = [], None
        self.look_for_the_dead()

    def restart(self) -> None:
        """The service ends, however it does, and starts again."""
        self.commits_left = None
        self.outbox.release()
        self.pacer = Pacer()

    def edit(self, number: int, edit: dict[str, object]) -> None:
        self.configure(number, **edit)

    def edit_destinations(self, number: int) -> None:
        """The first one goes, or comes again; there is no fallback without a first choice."""
        to = SUBSCRIBERS[number].to
        self.configure(number, to=to[1:] if self.watch.subscribers[number].to == to else to)

    def mute(self, number: int, hours: int, projects: tuple[str, ...]) -> None:
        until = (self.now + timedelta(hours=hours)).replace(tzinfo=None)
        self.configure(number, mutes=(Mute(until=until, projects=projects),))

    def leave(self, number: int, days: int) -> None:
        first = self.now.date() + timedelta(days=days)
        self.configure(number, away=(Away(first=first, last=first + timedelta(days=1)),))

    def retry_by_hand(self) -> None:
        self.outbox.retry(now=self.now)

    # ------------------------------------------------------------ how it happens

    def publish(self, title: str, feed: Feed) -> None:
        date = format_datetime(self.now)
        link = f"https://press.example/{title.replace(' ', '-')}"
        self.published[feed.url].append(
            f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate></item>"
        )
        items = "".join(reversed(self.published[feed.url]))
        self.web.documents[feed.url] = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()

    def hear(self) -> None:
        """What has come to be known, and who was entitled to it then."""
        for change in self.ledger.changes():
            if change.id not in self.known:
                self.known.add(change.id)
                for subscriber in self.watch.subscribers:
                    for each in subscriber.to if wants(subscriber, change) else ():
                        self.owed[each.id].append(change)

    def configure(self, number: int, **fields: object) -> None:
        edited = list(self.watch.subscribers)
        edited[number] = replace(edited[number], **fields)  # type: ignore[arg-type]  # the rules name fields of Subscriber
        self.watch = replace(self.watch, subscribers=tuple(edited))

    def on_commit(self, _: Connection) -> None:
        if self.commits_left is not None:
            self.commits_left -= 1
            if self.commits_left < 0:
                raise Killed

    def send(self, url: str, message: Message) -> SendResult:
        """``ports.Sender``: every destination."""
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
        owner = next(each for each in self.watch.subscribers if url in {d.id for d in each.destinations})
        self.arrived.append(Arrival(url, message.id, told, is_out_of_hours(owner, self.now)))
        if plan != "take" or self.commits_left is not None:
            self.doubtful.update((url, change) for change in told)
        if plan == "killed after":
            raise Killed
        if plan == "take, then time out":
            return SendResult(outcome=Outcome.UNKNOWN, detail="timed out")
        return SendResult(outcome=Outcome.SENT)

    def look_for_the_dead(self) -> None:
        dead = self.outbox.deliveries(state=DeliveryState.DEAD)
        self.given_up |= {(each.delivery.destination, each.delivery.change.id) for each in dead}

    def road(self) -> Road:
        return Road(
            watch=self.watch,
            fetcher=FaultyFetcher(self.web, self.faults),
            documents=InlineDocuments.of(self.watch),
            ledger=self.ledger,
            recorder=Recorder(self.ledger, Desk()),
            desk=Desk(),
            clock=lambda: self.now,
            chance=lambda: 0.5,
        )

    def context(self) -> SendContext:
        return SendContext(
            outbox=self.outbox,
            sender=self,
            watch=lambda: self.watch,
            known=lambda _: None,
            pacer=self.pacer,
            page=lambda _project: "",
            unsubscribe=lambda _subscriber, _destination: "",
            manage=lambda _subscriber, _destination: "",
            worker="w",
            clock=lambda: self.now,
            chance=lambda: 0.5,
        )

    # ------------------------------------------------------------ what must hold in the end

    def heal(self) -> None:
        """Nothing fails any more, and time goes on until all is quiet."""
        self.restart()
        for feed in FEEDS:
            self.poll(feed, [])
        self.watch = replace(self.watch, subscribers=SUBSCRIBERS)
        for _ in range(120):
            self.outbox.retry(now=self.now)
            while relay(self.context()):
                self.now += timedelta(seconds=1)
            if all(r.state in {DeliveryState.SENT, DeliveryState.SUPERSEDED} for r in self.outbox.deliveries()):
                return
            self.now += timedelta(hours=1) + LEASE
        raise AssertionError([r for r in self.outbox.deliveries() if r.state is DeliveryState.PENDING])

    def check(self) -> None:
        reports = self.ledger.reports()
        read = {claim.evidence for project in PROJECTS for r in reports.get(project, ()) for claim in r.claims}
        assert read == {f"{title}." for title in self.readings}
        for place in (HOOK, CHAT, NIGHT, DIGEST):
            self.check_place(place.id)
        owed = {change.id for change in self.owed["first"]}
        assert {c for each in self.arrived if each.destination in CHAIN for c in each.changes} == owed
        for arrival in self.arrived:
            assert len(arrival.changes) == len(set(arrival.changes))
            assert not arrival.is_out_of_hours, arrival
            if arrival.destination == "hook":
                assert arrival.changes == (arrival.message,)

    def check_place(self, place: str) -> None:
        arrived = [each for each in self.arrived if each.destination == place]
        times: dict[str, list[str]] = defaultdict(list)
        for arrival in arrived:
            for change in arrival.changes:
                times[change].append(arrival.message)
        owed = self.owed[place]
        assert times.keys() == {change.id for change in owed}
        for change, messages in times.items():
            assert len(messages) <= 1 + self.doubtful[place, change]
            assert len(set(messages)) == 1
        for project in PROJECTS:
            mine = [each.id for each in owed if each.project == project and (place, each.id) not in self.given_up]
            heard = list(dict.fromkeys(c for each in arrived for c in each.changes if c in mine))
            assert heard == mine


# ---------------------------------------------------------------- what happens

claims = st.lists(
    st.builds(
        lambda stage, state, date: make_claim(stage=stage, state=state, date=Period.parse(date) if date else None),
        st.sampled_from(["agreed", "construction", "completed", "operating", "suspended", "resumed", "delayed"]),
        st.sampled_from([State.REACHED, State.REACHED, State.EXPECTED, State.DENIED]),
        st.sampled_from([None, "2026-11-25", "2026-12", "2027", "2028"]),
    ),
    min_size=1,
    max_size=3,
)
edits = st.sampled_from(
    [
        {"projects": ("*",)},
        {"projects": ("a",)},
        {"projects": ("tag:battery",)},
        {"changes": frozenset(ChangeType)},
        {"changes": frozenset({ChangeType.STATUS})},
        {"changes": frozenset({ChangeType.SCHEDULE, ChangeType.MILESTONE})},
        {"stages": None},
        {"stages": frozenset({"construction", "suspended"})},
        {"confidence": Confidence.CONFIRMED},
        {"confidence": Confidence.REPORTED},
        {"quiet_hours": None},
        {"quiet_hours": ("22:00", "07:00")},
        {"quiet_hours": ("12:00", "14:00")},
        {"digest": None},
        {"digest": "0 8 * * *"},
        {"mutes": (), "away": ()},
        {"at_most": 4},
    ]
)
plans = st.lists(st.sampled_from(PLANS), max_size=6)
numbers = st.integers(0, len(SUBSCRIBERS) - 1)


def step(what: Callable[..., None], **how: st.SearchStrategy[Any]) -> st.SearchStrategy[Callable[[World], None]]:
    return st.builds(partial, st.just(what), **how)


news = step(
    World.news,
    project=st.sampled_from(list(PROJECTS)),
    says=claims,
    feeds=st.sampled_from([FEEDS, FEEDS[:1], FEEDS[1:]]),
    is_polled=st.sampled_from([True, True, False]),
)
delivery = step(World.deliver, plans=plans, commits=st.none() | st.integers(0, 8))
steps = st.one_of(
    news,
    news,
    delivery,
    delivery,
    step(World.poll, feed=st.sampled_from(FEEDS), faults=st.lists(st.sampled_from(Fault), max_size=4)),
    step(World.confirmation),
    step(World.the_clock_is_looked_at),
    step(World.time_passes, minutes=st.sampled_from([1, 5, 16, 60, 300, 1000])),
    step(World.the_clock_is_set, hours=st.sampled_from([-24, -1, 24])),
    step(World.evening_comes, plans=plans),
    step(World.restart),
    step(World.edit, number=numbers, edit=edits),
    step(World.edit_destinations, number=st.integers(0, 2)),
    step(World.mute, number=numbers, hours=st.integers(1, 40), projects=st.sampled_from([("*",), ("a",)])),
    step(World.leave, number=numbers, days=st.integers(0, 1)),
    step(World.retry_by_hand),
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "monitor.db"
    engine = make_engine(f"sqlite:///{file}")
    upgrade(engine)
    engine.dispose()
    return file


@pytest.mark.timeout(300)
@settings(max_examples=EXAMPLES, deadline=None)
@given(first=st.lists(news, min_size=2, max_size=2), then=st.lists(steps, min_size=10, max_size=25))
def test_whatever_happens_each_change_reaches_each_destination_in_order_and_once(
    template: Path, first: Sequence[Callable[[World], None]], then: Sequence[Callable[[World], None]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(shutil.copy(template, folder)))
        try:
            for happens in (*first, *then):
                happens(world)
            world.heal()
            world.check()
        finally:
            world.engine.dispose()
