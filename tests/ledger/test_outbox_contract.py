"""The contract of ``ports.Outbox``, on every implementation."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.ports import AttemptRecord, DeliveryState, Outbox
from tests.builders import NOW, make_article, make_change, make_poll
from tests.ledger.decisions import owing

LEASE = timedelta(seconds=60)
Owe = Callable[[int], None]


@pytest.fixture
def outbox(engine: Engine) -> Outbox:
    return SQLOutbox(engine)


@pytest.fixture
def owe(engine: Engine) -> Owe:
    """Make so many deliveries due now."""

    def make(count: int) -> None:
        changes = (make_change(id=f"c{number}") for number in range(count))
        SQLLedger(engine).record(make_poll(make_article()), owing(*changes))

    return make


def test_nothing_is_owed_at_first(outbox: Outbox) -> None:
    assert outbox.acquire(worker="w", now=NOW, lease=LEASE, limit=10) == ()
    assert outbox.deliveries() == []


def test_a_due_delivery_is_leased_to_one_worker_at_a_time(outbox: Outbox, owe: Owe) -> None:
    owe(2)

    [first] = outbox.acquire(worker="one", now=NOW, lease=LEASE, limit=1)
    [second] = outbox.acquire(worker="two", now=NOW, lease=LEASE, limit=5)

    assert (first.change, first.subscriber, first.destination, first.attempts) == (
        make_change(id="c0"),
        "Desk",
        "d1",
        0,
    )
    assert second.change.id == "c1"
    assert outbox.acquire(worker="three", now=NOW, lease=LEASE, limit=5) == ()


def test_a_lease_that_runs_out_is_free_again(outbox: Outbox, owe: Owe) -> None:
    owe(1)
    outbox.acquire(worker="dead", now=NOW, lease=LEASE, limit=1)

    assert outbox.acquire(worker="w", now=NOW + LEASE / 2, lease=LEASE, limit=1) == ()
    assert len(outbox.acquire(worker="w", now=NOW + LEASE, lease=LEASE, limit=1)) == 1


def test_what_is_sent_is_never_leased_again(outbox: Outbox, owe: Owe) -> None:
    owe(1)
    [delivery] = outbox.acquire(worker="w", now=NOW, lease=LEASE, limit=1)
    outbox.mark_sent(delivery.id, worker="w", now=NOW, outcome="sent")

    [record] = outbox.deliveries(state=DeliveryState.SENT)
    assert (record.sent_at, record.last_outcome, record.delivery.attempts) == (NOW, "sent", 1)
    assert outbox.acquire(worker="w", now=NOW + 10 * LEASE, lease=LEASE, limit=1) == ()
    assert outbox.retry(None, now=NOW) == 0


def test_a_failure_waits_for_its_next_attempt(outbox: Outbox, owe: Owe) -> None:
    owe(1)
    [delivery] = outbox.acquire(worker="w", now=NOW, lease=LEASE, limit=1)
    later = NOW + timedelta(minutes=5)
    outbox.mark_failed(delivery.id, worker="w", now=NOW, outcome="refused", retry_at=later)

    assert outbox.acquire(worker="w", now=later - timedelta(seconds=1), lease=LEASE, limit=1) == ()
    [again] = outbox.acquire(worker="w", now=later, lease=LEASE, limit=1)
    assert again.attempts == 1


def test_what_is_given_up_stays_listed_until_an_operator_retries_it(outbox: Outbox, owe: Owe) -> None:
    owe(2)
    for delivery in outbox.acquire(worker="w", now=NOW, lease=LEASE, limit=2):
        outbox.mark_failed(delivery.id, worker="w", now=NOW, outcome="no such host", retry_at=None)

    dead = outbox.deliveries(state=DeliveryState.DEAD)
    assert [record.last_outcome for record in dead] == ["no such host"] * 2
    assert outbox.acquire(worker="w", now=NOW + 100 * LEASE, lease=LEASE, limit=2) == ()
    assert outbox.retry([dead[0].delivery.id], now=NOW) == 1
    assert outbox.retry(None, now=NOW) == 1
    assert [d.attempts for d in outbox.acquire(worker="w", now=NOW, lease=LEASE, limit=2)] == [0, 0]


def test_every_attempt_is_remembered_through_a_retry(outbox: Outbox, owe: Owe) -> None:
    owe(1)
    [delivery] = outbox.acquire(worker="w", now=NOW, lease=LEASE, limit=1)
    outbox.mark_failed(delivery.id, worker="w", now=NOW, outcome="refused", retry_at=None)
    outbox.retry([delivery.id], now=NOW + LEASE)
    outbox.acquire(worker="w", now=NOW + LEASE, lease=LEASE, limit=1)
    outbox.mark_sent(delivery.id, worker="w", now=NOW + 2 * LEASE, outcome="sent")

    assert outbox.attempts(delivery.id) == [
        AttemptRecord(at=NOW, outcome="refused"),
        AttemptRecord(at=NOW + 2 * LEASE, outcome="sent"),
    ]
    assert outbox.attempts(delivery.id + 1) == []


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**70])
def test_a_number_that_is_no_delivery_s_retries_nothing(outbox: Outbox, owe: Owe, number: int) -> None:
    owe(1)
    [delivery] = outbox.acquire(worker="w", now=NOW, lease=LEASE, limit=1)
    outbox.mark_failed(delivery.id, worker="w", now=NOW, outcome="refused", retry_at=None)

    assert outbox.retry([number], now=NOW) == 0
    assert outbox.retry([number, delivery.id], now=NOW) == 1


def test_the_longest_due_goes_first(outbox: Outbox, owe: Owe) -> None:
    owe(3)
    first, *_ = outbox.acquire(worker="w", now=NOW, lease=LEASE, limit=1)
    outbox.mark_failed(first.id, worker="w", now=NOW, outcome="busy", retry_at=NOW + timedelta(seconds=1))

    again = outbox.acquire(worker="w", now=NOW + LEASE, lease=LEASE, limit=3)
    assert [delivery.change.id for delivery in again] == ["c1", "c2", "c0"]


def test_a_worker_that_lost_its_lease_does_not_postpone_another_s_attempt(outbox: Outbox, owe: Owe) -> None:
    owe(1)
    [delivery] = outbox.acquire(worker="slow", now=NOW, lease=LEASE, limit=1)
    outbox.acquire(worker="quick", now=NOW + LEASE, lease=LEASE, limit=1)
    outbox.mark_failed(delivery.id, worker="slow", now=NOW + LEASE, outcome="timeout", retry_at=None)

    assert outbox.deliveries(state=DeliveryState.DEAD) == []


def test_a_message_that_went_out_after_its_lease_still_counts_as_sent(outbox: Outbox, owe: Owe) -> None:
    owe(1)
    [delivery] = outbox.acquire(worker="slow", now=NOW, lease=LEASE, limit=1)
    outbox.acquire(worker="quick", now=NOW + LEASE, lease=LEASE, limit=1)
    outbox.mark_sent(delivery.id, worker="slow", now=NOW + LEASE, outcome="sent")
    outbox.mark_sent(delivery.id, worker="quick", now=NOW + 2 * LEASE, outcome="sent again")

    assert [(r.sent_at, r.last_outcome) for r in outbox.deliveries()] == [(NOW + LEASE, "sent")]


def test_all_leases_can_be_freed_at_once(outbox: Outbox, owe: Owe) -> None:
    owe(3)
    outbox.acquire(worker="dead", now=NOW, lease=LEASE, limit=2)

    assert outbox.release() == 2
    assert len(outbox.acquire(worker="w", now=NOW, lease=LEASE, limit=5)) == 3


def test_six_workers_share_the_work_and_send_nothing_twice(outbox: Outbox, owe: Owe) -> None:
    owe(60)
    leased: list[int] = []
    start = threading.Barrier(6)

    def work(name: str) -> None:
        start.wait()
        while mine := outbox.acquire(worker=name, now=NOW, lease=LEASE, limit=3):
            leased.extend(delivery.id for delivery in mine)

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(leased) == len(set(leased)) == 60
