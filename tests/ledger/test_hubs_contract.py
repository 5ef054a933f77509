"""The contract of ``ports.HubSubscriptions``, on every implementation."""

import threading
from dataclasses import replace
from datetime import timedelta
from traceback import format_exception
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from monitor.core.polling.websub import HubSubscription
from monitor.ledger.engine import writing
from monitor.ledger.feeds import SQLHubSubscriptions
from monitor.ledger.store import SQLLedger
from monitor.ports import FeedRecord, HubSubscriptions
from tests.builders import NOW, make_poll
from tests.ledger.decisions import nothing


def make_subscription(token: str = "t1", **more: Any) -> HubSubscription:
    made = HubSubscription(
        token=token,
        public="https://monitor.example.org",
        feed="https://example.org/feed",
        hub="https://hub.example.org/",
        topic="https://example.org/feed.xml",
        secret="s3cret",
        next_at=NOW,
    )
    return replace(made, **more)


@pytest.fixture
def hubs(engine: Engine) -> HubSubscriptions:
    return SQLHubSubscriptions(engine)


def test_nothing_is_subscribed_to_at_first(hubs: HubSubscriptions) -> None:
    assert list(hubs.all()) == []
    assert hubs.find("t1") is None


def test_all_of_a_subscription_is_kept(hubs: HubSubscriptions) -> None:
    full = make_subscription(
        is_leaving=True,
        asked_at=NOW,
        is_pending=True,
        until=NOW + timedelta(days=1),
        failures=3,
        error="no connection",
        pushes=7,
        pushed_at=NOW,
        taken_at=NOW - timedelta(seconds=1),
        seen=bytes(range(256)),
    )
    bare = make_subscription("t0")
    hubs.add(full)
    hubs.add(bare)

    assert list(hubs.all()) == [bare, full]
    assert hubs.find("t1") == full


def test_a_step_is_kept_and_told(hubs: HubSubscriptions) -> None:
    hubs.add(make_subscription())

    after = hubs.change("t1", lambda before: replace(before, failures=before.failures + 1))

    assert after == hubs.find("t1") == make_subscription(failures=1)


def test_a_step_that_leads_nowhere_changes_nothing(hubs: HubSubscriptions) -> None:
    hubs.add(make_subscription())

    assert hubs.change("t1", lambda before: None) is None
    assert hubs.find("t1") == make_subscription()


def test_there_is_no_step_for_what_is_not_there(hubs: HubSubscriptions) -> None:
    assert hubs.change("t1", lambda before: before) is None


def test_no_step_is_lost_to_another(hubs: HubSubscriptions) -> None:
    hubs.add(make_subscription())

    def push() -> None:
        for _ in range(10):
            hubs.change("t1", lambda before: replace(before, pushes=before.pushes + 1))

    threads = [threading.Thread(target=push) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert hubs.find("t1") == make_subscription(pushes=40)


def test_what_is_forgotten_is_gone(hubs: HubSubscriptions) -> None:
    hubs.add(make_subscription())
    hubs.add(make_subscription("t2"))

    hubs.forget("t1")
    hubs.forget("t1")

    assert [each.token for each in hubs.all()] == ["t2"]


def test_feeds_that_named_hub_and_topic_are_told(engine: Engine, hubs: HubSubscriptions) -> None:
    ledger = SQLLedger(engine)
    for url, hub, topic in (("f1", "h", "t"), ("f2", "h", None), ("f3", None, "t"), ("f4", None, None)):
        ledger.record(replace(make_poll(), feed=FeedRecord(url=url, hub=hub, topic=topic)), nothing)

    assert hubs.named() == {"f1": ("h", "t")}


def test_what_the_database_refuses_tells_no_secret(hubs: HubSubscriptions) -> None:
    hubs.add(make_subscription())

    with pytest.raises(IntegrityError) as refused:
        hubs.add(make_subscription())

    assert "s3cret" not in "".join(format_exception(refused.value))


def test_a_callback_that_is_none_is_told_while_others_write(engine: Engine, hubs: HubSubscriptions) -> None:
    with writing(engine):
        assert hubs.change("guess", lambda before: before) is None
