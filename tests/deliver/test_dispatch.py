"""What is owed goes out through threads, to real receivers that fail as they are told."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from monitor.core.news import Subscriber
from monitor.deliver import dispatch
from monitor.deliver.dispatch import Dispatcher
from monitor.deliver.send import Attempt, SendContext, done, lease, relay, send
from monitor.delivery.apprise import AppriseSender, resolve
from monitor.delivery.pacing import Pacer
from monitor.errors import LedgerError
from monitor.ledger.backup import upgrade
from monitor.ledger.engine import make_engine
from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.ports import Decision, DeliveryRecord, DeliveryState, Outgoing
from tests.builders import NOW, make_change
from tests.fakes import make_watch
from tests.servers import Reply
from tests.sinks import HANG, HANG_UP, SmtpSink, WebhookSink, refusing_port


class Post:
    """An outbox with what is owed to these addresses, and all that delivers it."""

    def __init__(self, engine: Engine, *addresses: str) -> None:
        self.now = NOW
        self.destinations = [resolve(address) for address in addresses]
        self.ledger, self.outbox = SQLLedger(engine, committed=self._wake), SQLOutbox(engine)
        self.sender = AppriseSender(refusal=lambda _address, _port: None, time_limit=10)
        self.attempts: list[Attempt] = []
        self.complaints: list[Exception] = []
        watch = make_watch(subscribers=(Subscriber(name="Desk", to=tuple(self.destinations)),))
        self.context = SendContext(
            outbox=self.outbox,
            sender=self.sender,
            watch=lambda: watch,
            known=lambda _: None,
            pacer=Pacer(),
            worker="w",
            clock=lambda: self.now,
            chance=lambda: 0.5,
            page=lambda _project: "",
            unsubscribe=lambda _subscriber, _destination: "",
            manage=lambda _subscriber, _destination: "",
        )
        self.dispatcher = Dispatcher(context=self.context, report=self.attempts.append, complain=self.complaints.append)

    def _wake(self) -> None:
        self.dispatcher.wake()

    def owe(self, *changes: str) -> None:
        told = tuple(make_change(id=change, project=f"of {change}") for change in changes)
        outgoing = tuple(
            Outgoing(change_id=change, subscriber="Desk", destination=there.id, due_at=NOW, chain=there.id)
            for change in changes
            for there in self.destinations
        )
        self.ledger.note(Decision(changes=told, outgoing=outgoing))

    def records(self, destination: int = 0) -> list[DeliveryRecord]:
        return list(self.outbox.deliveries(destinations=[self.destinations[destination].id]))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path}/monitor.db")
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def other() -> Iterator[WebhookSink]:
    with WebhookSink() as sink:
        yield sink


def eventually(done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not done() and time.monotonic() < deadline:
        time.sleep(0.01)
    return done()


def test_a_destination_that_hangs_keeps_nobody_else_waiting(
    engine: Engine, hook: WebhookSink, other: WebhookSink, mail: SmtpSink
) -> None:
    hook.answers(HANG)
    post = Post(engine, hook.address, other.address, mail.address("desk@example.org"))
    post.owe(*(f"c{number}" for number in range(10)))
    thread = threading.Thread(target=post.dispatcher.run, daemon=True)
    thread.start()

    assert eventually(lambda: len(other.events) == len(mail.mails) == 10)
    assert len(hook.events) == 1
    assert {record.state for record in post.records()} == {DeliveryState.PENDING}
    post.dispatcher.stop()
    thread.join()
    # Until the sender waits no longer.
    post.dispatcher.wait(20)
    assert post.records()[0].last_outcome == "unknown: no answer, but it may have arrived: timed out"


def test_what_is_committed_is_told_at_once_and_not_at_the_next_tick(
    engine: Engine, hook: WebhookSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "TICK", 600)
    post = Post(engine, hook.address)
    thread = threading.Thread(target=post.dispatcher.run, daemon=True)
    thread.start()
    for number in range(3):
        post.owe(f"c{number}")
        assert eventually(lambda number=number: len(hook.events) == number + 1)  # type: ignore[misc]  # bound now

    post.dispatcher.stop()
    thread.join(20)
    post.dispatcher.wait(20)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("reply", "outcome", "waits"),
    [
        pytest.param(Reply(status=429, headers={"Retry-After": "120"}), "failed: HTTP 429", 120, id="429"),
        pytest.param(Reply(status=500), "failed: HTTP 500", 0, id="500"),
        pytest.param(HANG_UP, "unknown: no answer, but it may have arrived", 0, id="half-close"),
        pytest.param(Reply(raw=b"HTTP/1.1 2"), "unknown: no answer, but it may have arrived", 0, id="half an answer"),
    ],
)
def test_what_a_webhook_answers_badly_comes_again_under_the_same_id_and_in_order(
    engine: Engine, hook: WebhookSink, reply: Reply, outcome: str, waits: int
) -> None:
    hook.answers(reply, Reply())
    post = Post(engine, hook.address)
    post.owe("first")
    relay(post.context)
    [record] = post.records()
    post.owe("second")

    assert record.last_outcome.startswith(outcome)
    assert record.due_at >= post.now + timedelta(seconds=waits)
    post.now = record.due_at
    while relay(post.context):
        pass
    assert [event["id"] for event in hook.events][:2] == ["first", "first"]
    assert {r.state for r in post.records()} == {DeliveryState.SENT}
    [attempts, _] = post.outbox.attempts([r.delivery.id for r in post.records()]).values()
    assert [each.message for each in attempts] == ["first", "first"]


def test_where_nobody_listens_it_is_tried_until_it_is_given_up_with_its_reason(engine: Engine) -> None:
    post = Post(engine, f"json://127.0.0.1:{refusing_port()}/hook")
    post.owe("c")
    for _ in range(12):
        relay(post.context)
        post.now += timedelta(hours=7)

    [record] = post.records()
    assert (record.state, record.delivery.attempts) == (DeliveryState.DEAD, 12)
    assert record.last_outcome == "failed: cannot connect: Connection refused"
    [failing] = post.context.pacer.failing()
    assert failing.failures == 12


def test_when_all_is_done_it_returns_and_a_fault_is_told(engine: Engine, hook: WebhookSink) -> None:
    post = Post(engine, hook.address)
    post.owe("c0", "c1")
    post.dispatcher.run(until_idle=True)
    assert len(post.attempts) == 2

    def refuse(*_: object, **__: object) -> None:
        raise LedgerError("the database is locked")

    acquire = post.outbox.acquire
    for _ in range(2):
        post.outbox.acquire = refuse  # type: ignore[assignment,method-assign]  # as a database that is gone
        post.dispatcher.run(until_idle=True)
        post.dispatcher.run(until_idle=True)
        post.outbox.acquire = acquire  # type: ignore[method-assign]
        post.dispatcher.run(until_idle=True)
    assert [str(error) for error in post.complaints] == ["the database is locked"] * 2, "once for as long as it is so"


def test_a_message_that_cannot_be_written_costs_itself_and_says_so(engine: Engine, mail: SmtpSink) -> None:
    post = Post(engine, mail.address("desk@example.org"))
    post.owe("c0", "c1")
    send, faults = post.sender.send, iter([ValueError("with a secret")])

    def fail_once(url: str, message: object) -> object:
        for fault in faults:
            raise fault
        return send(url, message)  # type: ignore[arg-type]  # a message

    post.sender.send = fail_once  # type: ignore[assignment,method-assign]  # has a fault
    post.dispatcher.run(until_idle=True)

    [failed] = [attempt for attempt in post.attempts if attempt.fault is not None]
    assert failed.result.detail == "internal error (ValueError); details are in the log"
    assert [record.state for record in post.records()] == [DeliveryState.PENDING, DeliveryState.SENT]


def test_what_a_clock_that_ran_ahead_has_put_off_is_sent(engine: Engine, hook: WebhookSink) -> None:
    post = Post(engine, hook.address)
    post.owe("c0")
    post.now = NOW - timedelta(days=1)

    post.dispatcher.run(until_idle=True)

    assert eventually(lambda: len(hook.events) == 1)
    post.dispatcher.wait(20)


def test_a_clock_that_is_set_back_lets_nobody_send_beyond_the_lease(engine: Engine, hook: WebhookSink) -> None:
    post = Post(engine, hook.address)
    post.owe("c0", "c1")
    batch = lease(post.context)
    assert batch is not None

    post.now = NOW - timedelta(days=1)
    assert list(send(batch, post.context, is_closing=lambda: False)) == []
    done(batch, post.context)

    assert hook.events == []
    post.now = NOW
    assert len(relay(post.context)) == 2


def test_while_it_is_paused_nothing_is_begun(engine: Engine, hook: WebhookSink, other: WebhookSink) -> None:
    hook.answers(Reply(delay=0.5))
    post = Post(engine, hook.address, other.address)
    thread = threading.Thread(target=post.dispatcher.run, daemon=True)
    thread.start()
    post.owe("c0", "c1", "c2")
    assert eventually(lambda: len(hook.events) == 1 and len(other.events) == 3)

    post.dispatcher.pause()
    post.owe("c3")
    # The one that is under way ends.
    post.dispatcher.wait(20)
    time.sleep(2 * dispatch.TICK)
    assert (len(hook.events), len(other.events)) == (1, 3)
    assert [record.state for record in post.records()] == [DeliveryState.SENT, *[DeliveryState.PENDING] * 3]

    post.dispatcher.go_on()
    assert eventually(lambda: len(hook.events) == len(other.events) == 4)
    post.dispatcher.stop()
    thread.join()
    post.dispatcher.wait(20)
