"""Storms and quiet hours from what is decided to what is sent, over a real database."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from monitor.core.model import FactKind, Project
from monitor.core.news import Away, ChangeType, Destination, Fallback, Subscriber
from monitor.deliver.send import SendContext, relay
from monitor.delivery.pacing import Pacer
from monitor.ledger.backup import upgrade
from monitor.ledger.engine import make_engine
from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.ports import DeliveryState, Outcome, SendResult
from monitor.watch.watch import Watch, owing
from tests.builders import make_change
from tests.fakes import RecordingSender, make_watch

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
CHAT, MAIL = (Destination(id=each, label=each, url=f"{each}://x") for each in ("chat", "mail"))
DESK = Subscriber(name="Desk", to=(CHAT,))
WATCH = make_watch(
    (Project(id=f"p{number}", name={"": "Plant"}, who=("Acme",)) for number in range(600)), subscribers=(DESK,)
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path}/monitor.db")
    upgrade(engine)
    yield engine
    engine.dispose()


class Desk:
    """A subscriber, to whom changes come and are delivered under a clock that the test holds."""

    def __init__(self, engine: Engine, subscriber: Subscriber = DESK) -> None:
        self.now = NOON
        self.ledger, self.outbox, self.sender = SQLLedger(engine), SQLOutbox(engine), RecordingSender()
        self.pacer = Pacer()
        self.subscriber = subscriber
        self.heard = 0
        #: When messages were sent, whatever came of it.
        self.attempted_at: list[datetime] = []

    @property
    def watch(self) -> Watch:
        return replace(WATCH, subscribers=(self.subscriber,))

    def hear(self, count: int = 1) -> None:
        """So many changes, each of a project of its own, come to be known."""
        numbers = range(self.heard, self.heard + count)
        self.heard += count
        changes = [make_change(id=f"c{number}", project=f"p{number}", at=self.now) for number in numbers]
        self.ledger.note(owing(changes, changes, self.watch, self.now))

    def deliver(self) -> list[str]:
        """Send what is due; where each message went."""
        before = len(self.sender.sent)
        while relay(
            SendContext(
                outbox=self.outbox,
                sender=self.sender,
                watch=lambda: self.watch,
                known=lambda project: None,
                pacer=self.pacer,
                page=lambda _project: "",
                unsubscribe=lambda _subscriber, _destination: "",
                manage=lambda _subscriber, _destination: "",
                worker="w",
                clock=lambda: self.now,
                chance=lambda: 0.5,
            )
        ):
            pass
        urls = [url for url, _ in self.sender.sent[before:]]
        self.attempted_at += [self.now] * len(urls)
        return urls

    def live(self, until: datetime, step: timedelta, *, hears: Iterable[int] = ()) -> list[int]:
        """Let time go by, with so many changes at each step; how many messages went out at each."""
        heard = iter(hears)
        sent = []
        while self.now < until:
            if count := next(heard, 0):
                self.hear(count)
            sent.append(len(self.deliver()))
            self.now += step
        return sent

    def live_through(self, duration: timedelta) -> None:
        """Let this time go by, and look at the outbox from time to time."""
        self.live(self.now + duration, duration / 2)

    def told(self) -> list[str]:
        """The changes that were sent, each as often as it was."""
        return [each.delivery.change.id for each in self.outbox.deliveries(state=DeliveryState.SENT)]


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def test_thirty_changes_in_ten_minutes_are_some_messages_and_then_one(desk: Desk) -> None:
    sent = desk.live(NOON + HOUR, 20 * SECOND, hears=[1] * 30)

    assert sum(sent) == 11
    assert max(sent) == 1
    assert len(set(desk.told())) == len(desk.told()) == 30
    assert "20" in desk.sender.sent[-1][1].title


def test_what_one_article_tells_of_a_project_is_one_message_for_people_and_an_event_each_for_programs(
    engine: Engine,
) -> None:
    hook = replace(CHAT, id="hook", url="json://x", takes_events=True)
    desk = Desk(engine, replace(DESK, to=(CHAT, hook), changes=frozenset(ChangeType)))
    facts = make_change(id="fact", project="p1", type=ChangeType.FACT, kind=FactKind.JOBS, to=300.0, at=NOON)
    changes = [replace(facts, id="other", project="p2"), facts, make_change(id="status", project="p1", at=NOON)]
    desk.ledger.note(owing(changes, changes, desk.watch, NOON))

    desk.live(NOON + 5 * SECOND, SECOND)

    assert sorted(url for url, _ in desk.sender.sent) == ["chat://x"] * 2 + ["json://x"] * 3
    (bundled,) = [m for url, m in desk.sender.sent if url == "chat://x" and "p1" in m.thread]
    assert [event["id"] for event in bundled.events] == ["fact", "status"]
    assert bundled.title.endswith("agreed (+1)")
    assert {m.id for url, m in desk.sender.sent if url == "json://x"} == {"other", "fact", "status"}
    receipts = [each for each in desk.outbox.deliveries(change=bundled.id) if each.state is DeliveryState.SENT]
    assert [each.delivery.change.id for each in receipts] == ["fact", "status"]


def test_what_an_archive_brings_at_once_waits_a_little_and_goes_together(desk: Desk) -> None:
    desk.hear(40)

    assert desk.deliver() == []
    desk.now += 10 * MINUTE
    assert len(desk.deliver()) == 1
    assert len(desk.told()) == 40


def test_the_few_that_a_storm_held_back_are_not_said_to_have_waited_for_quiet_hours(desk: Desk) -> None:
    desk.live(NOON + 20 * MINUTE, MINUTE, hears=(9, 0, 4))

    lead = desk.sender.sent[-1][1].body.splitlines()[0]
    assert lead.startswith("So many changes came in so short a time")


def test_in_no_hour_does_a_subscriber_get_more_messages_than_are_taken(desk: Desk) -> None:
    desk.subscriber = replace(DESK, at_most=6)
    sent = desk.live(NOON + 5 * HOUR, 5 * MINUTE, hears=[1] * 48)

    for end in range(12, len(sent)):
        assert sum(sent[end - 11 : end + 1]) <= 6
    assert len(set(desk.told())) == len(desk.told()) == 48


def test_a_failed_message_waits_for_the_end_of_quiet_hours(desk: Desk) -> None:
    desk.subscriber = replace(DESK, quiet_hours=("12:01", "14:00"))
    desk.sender.results = [SendResult(outcome=Outcome.FAILED)]
    desk.hear()
    desk.deliver()
    desk.now += 2 * MINUTE
    sent = desk.live(NOON + 2 * HOUR, 10 * MINUTE)

    assert sum(sent) == 0
    desk.now = NOON + 2 * HOUR
    assert desk.deliver() == ["chat://x"]


def test_what_was_due_before_days_away_and_is_late_waits_for_their_end(desk: Desk) -> None:
    desk.hear()
    desk.subscriber = replace(DESK, away=(Away(first=date(2026, 9, 1), last=date(2026, 9, 1)),))

    assert desk.deliver() == []
    desk.now = datetime(2026, 9, 2, tzinfo=UTC)
    assert desk.deliver() == ["chat://x"]


def test_a_digest_tells_each_change_once(desk: Desk) -> None:
    desk.subscriber = replace(DESK, digest="0 * * * *")
    desk.now += SECOND
    sent = desk.live(NOON + 3 * HOUR + MINUTE, 10 * MINUTE, hears=[2] * 12)

    assert sum(sent) == 2
    assert len(set(desk.told())) == len(desk.told()) == 24


def test_where_an_address_does_not_take_a_message_in_time_the_next_one_gets_it(desk: Desk) -> None:
    desk.subscriber = replace(DESK, fallbacks=(Fallback(instead_of="chat", destination=MAIL, after=15 * MINUTE),))
    desk.hear()
    assert desk.deliver() == ["chat://x"]
    desk.now += HOUR
    assert desk.deliver() == []

    desk.sender.results = [SendResult(outcome=Outcome.REFUSED)]
    desk.hear()
    assert desk.deliver() == ["chat://x"]
    desk.now += 15 * MINUTE
    assert desk.deliver() == ["mail://x"]


# ---------------------------------------------------------------- whatever happens

QUIET = ("22:00", "07:00")
#: What comes in each quarter of an hour: changes, and what the next messages come to.
quarters = st.lists(
    st.tuples(
        st.sampled_from([0, 0, 0, 1, 1, 2, 15]),
        st.lists(st.sampled_from([Outcome.FAILED, Outcome.FAILED, Outcome.SENT]), max_size=3),
    ),
    min_size=20,
    max_size=40,
)
wishes = st.builds(
    Subscriber,
    name=st.just("Desk"),
    to=st.just((CHAT,)),
    fallbacks=st.sampled_from([(), (Fallback(instead_of="chat", destination=MAIL, after=20 * MINUTE),)]),
    digest=st.sampled_from([None, "0 8,18 * * *"]),
    quiet_hours=st.sampled_from([None, QUIET]),
    timezone=st.sampled_from(["Europe/Paris", "Africa/Casablanca"]),
    at_most=st.sampled_from([6, 20]),
)
#: Among them the nights on which the clocks are moved in Paris and in Casablanca.
evenings = st.sampled_from([datetime(2026, month, day, 18, tzinfo=UTC) for month, day in ((2, 14), (3, 28), (10, 24))])


@settings(max_examples=12)
@given(wishes, evenings, quarters)
def test_each_change_is_told_once_whatever_fails_and_never_in_quiet_hours(
    subscriber: Subscriber, begin: datetime, happens: list[tuple[int, list[Outcome]]]
) -> None:
    with TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/monitor.db")
        upgrade(engine)
        desk = Desk(engine, subscriber)
        desk.now = begin
        for new, results in happens:
            desk.hear(new)
            desk.sender.results = [SendResult(outcome=each) for each in results]
            desk.live_through(15 * MINUTE)
        desk.sender.results = []
        # All is mended: the longest wait before another attempt, a night and a digest later nothing is left.
        desk.live(desk.now + 48 * HOUR, 30 * MINUTE)
        records = desk.outbox.deliveries()
        engine.dispose()

    assert not [each for each in records if each.state is DeliveryState.PENDING]
    sent = [each for each in records if each.state is DeliveryState.SENT]
    told = [each.delivery.change.id for each in sent]
    assert sorted(told) == sorted(f"c{number}" for number in range(desk.heard))
    if subscriber.quiet_hours is not None:
        zone = ZoneInfo(subscriber.timezone)
        clocks = [f"{at.astimezone(zone):%H:%M}" for at in desk.attempted_at]
        assert not [clock for clock in clocks if clock >= QUIET[0] or clock < QUIET[1]]
