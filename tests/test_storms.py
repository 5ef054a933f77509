"""Storms and quiet hours from what is decided to what is sent, over a real database."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.matching import Matcher
from monitor.core.model import Project
from monitor.core.news import Away, Destination, Fallback, Subscriber
from monitor.core.polling import Polling
from monitor.delivery.pacer import Pacer
from monitor.feeds.language import LanguageDetector
from monitor.ledger.engine import make_engine
from monitor.ledger.migrate import upgrade
from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.ports import DeliveryState, Outcome, SendResult
from monitor.relay import Way, relay
from monitor.watch import Watch, owing
from tests.builders import VOICE, make_change
from tests.fakes import FakeReader, RecordingSender

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
CHAT, MAIL = (Destination(id=each, label=each, url=f"{each}://x") for each in ("chat", "mail"))
DESK = Subscriber(name="Desk", to=(CHAT,))


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
        self._changes = 0

    @property
    def watch(self) -> Watch:
        projects = {f"p{number}": Project(id=f"p{number}", name={"": "Plant"}, who=("Acme",)) for number in range(600)}
        return Watch(
            projects=projects,
            lifecycles={"industrial": INDUSTRIAL},
            subscribers=(self.subscriber,),
            matcher=Matcher([]),
            reader=FakeReader({}),
            detector=LanguageDetector(("en",)),
            polling=Polling(),
            alert_horizon=timedelta(days=7),
            timezone=UTC,
            voice=VOICE,
        )

    def hear(self, count: int = 1) -> None:
        """So many changes, each of a project of its own, come to be known."""
        numbers = range(self._changes, self._changes + count)
        self._changes += count
        changes = [make_change(id=f"c{number}", project=f"p{number}", at=self.now) for number in numbers]
        self.ledger.note(owing(changes, changes, self.watch, self.now))

    def deliver(self) -> list[str]:
        """Send what is due; where each message went."""
        before = len(self.sender.sent)
        while relay(
            Way(
                outbox=self.outbox,
                sender=self.sender,
                watch=lambda: self.watch,
                known=lambda project: None,
                pacer=self.pacer,
                worker="w",
                clock=lambda: self.now,
                chance=lambda: 0.5,
            )
        ):
            pass
        return [url for url, _ in self.sender.sent[before:]]

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


def test_what_an_archive_brings_at_once_waits_a_little_and_goes_together(desk: Desk) -> None:
    desk.hear(40)

    assert desk.deliver() == []
    desk.now += 10 * MINUTE
    assert len(desk.deliver()) == 1
    assert len(desk.told()) == 40


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
