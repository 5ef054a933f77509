"""The contract of ``ports.HealthRecord``, on every implementation."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from monitor.core.backoff import LEASE
from monitor.core.health import Ailment, FeedHealth, Trouble
from monitor.core.polling.cadence import Habit
from monitor.ledger.feeds import SQLHealthRecord
from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.ports import FeedRecord, HealthRecord, Poll
from tests.builders import NOW, make_article, make_change, make_poll
from tests.ledger.decisions import nothing, owing

HOUR = timedelta(hours=1)
DISK = Ailment(trouble=Trouble.DISK_FULL, subject="/data", detail="12 MB are free", since=NOW, found_at=NOW)
FEED = replace(DISK, trouble=Trouble.FEED_SILENT, subject="f", since=NOW - HOUR, told_at=NOW)


@pytest.fixture
def record(engine: Engine) -> HealthRecord:
    return SQLHealthRecord(engine)


def test_nothing_is_wrong_at_first(record: HealthRecord) -> None:
    assert list(record.ailments()) == []
    assert list(record.feeds()) == []
    assert record.waiting(NOW) == 0


def test_what_is_kept_is_known_and_nothing_else(record: HealthRecord) -> None:
    record.keep_ailments([DISK, FEED])
    assert list(record.ailments()) == [FEED, DISK]

    record.keep_ailments([replace(DISK, detail="none is free")])
    assert list(record.ailments()) == [replace(DISK, detail="none is free")]

    record.keep_ailments([])
    assert list(record.ailments()) == []


def test_feeds_come_with_what_bears_on_their_health(record: HealthRecord, engine: Engine) -> None:
    habit = Habit(at=NOW, since=NOW - 10 * HOUR, entries=3.0, newest_at=NOW - HOUR)
    known = FeedRecord(url="https://a.example/feed", failures=2, last_error="no", next_poll_at=NOW, habit=habit)
    never = FeedRecord(url="https://b.example/feed")
    for feed in (known, never):
        SQLLedger(engine).record(Poll(feed=feed), nothing)

    assert sorted(record.feeds(), key=lambda feed: feed.name) == [
        FeedHealth(
            name=known.url, failures=2, error="no", rate=habit.rate, newest_at=habit.newest_at, next_poll_at=NOW
        ),
        FeedHealth(name=never.url),
    ]


def test_what_was_due_and_never_tried_waits(record: HealthRecord, engine: Engine) -> None:
    SQLLedger(engine).record(make_poll(make_article()), owing(make_change(id="c1"), make_change(id="c2", project="p2")))
    outbox = SQLOutbox(engine)
    [bundle] = outbox.acquire(worker="w", now=NOW, lease=LEASE, limit=1)
    outbox.mark_failed(
        [delivery.id for delivery in bundle.deliveries],
        worker="w",
        message=bundle.id,
        now=NOW,
        outcome="no",
        retry_at=NOW,
        may_have_arrived=False,
    )

    assert record.waiting(NOW + HOUR) == 1
    assert record.waiting(NOW - HOUR) == 0
