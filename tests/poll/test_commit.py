"""Polls that are committed together."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from monitor.core.news import Change
from monitor.errors import LedgerError
from monitor.ledger.backup import upgrade
from monitor.ledger.engine import make_engine
from monitor.ledger.store import SQLLedger
from monitor.poll.commit import Desk, Recorder
from monitor.ports import Decide, Poll
from tests.builders import make_article, make_change, make_poll
from tests.ledger.decisions import nothing, owing


class HeldLedger(SQLLedger):
    """Commits when the test lets it, and counts."""

    def __init__(self, path: Path) -> None:
        self.engine = make_engine(f"sqlite:///{path}/monitor.db")
        upgrade(self.engine)
        super().__init__(self.engine)
        self.commits: list[int] = []
        self.go = threading.Event()
        self.refusal: Exception | None = None
        #: Called when a poll that failed with others is tried alone.
        self.when_alone: Callable[[], object] = lambda: None

    def record_all(self, polls: Sequence[tuple[Poll, Decide]]) -> Sequence[tuple[Change, ...]]:
        self.go.wait(10)
        self.commits.append(len(polls))
        if self.commits[-2:] == [3, 1]:
            self.when_alone()
        if self.refusal:
            raise self.refusal
        if any(poll.feed.url == "https://bad.example.org/" for poll, _ in polls):
            raise ValueError("bug")
        return super().record_all(polls)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[HeldLedger]:
    ledger = HeldLedger(tmp_path)
    yield ledger
    ledger.engine.dispose()


def poll(number: int) -> Poll:
    return make_poll(make_article(f"a{number}"), feed=f"https://{number}.example.org/")


async def begun(recorder: Recorder, *polls: tuple[Poll, Decide]) -> list[asyncio.Task[tuple[Change, ...]]]:
    """The first of them is being committed, the others wait."""
    tasks = []
    for each, decide in polls:
        tasks.append(asyncio.create_task(recorder.record(each, decide)))
        await asyncio.sleep(0.01)
    return tasks


async def test_what_comes_while_a_commit_is_under_way_is_committed_together(ledger: HeldLedger) -> None:
    polls = [(poll(number), owing(make_change(id=f"c{number}"))) for number in range(4)]
    tasks = await begun(Recorder(ledger, Desk()), *polls)
    ledger.go.set()

    assert [[change.id for change in told] for told in await asyncio.gather(*tasks)] == [["c0"], ["c1"], ["c2"], ["c3"]]
    assert ledger.commits == [1, 3]
    assert len(ledger.feeds()) == 4


async def test_a_poll_that_cannot_be_recorded_keeps_no_other_from_it(ledger: HeldLedger) -> None:
    bad = make_poll(feed="https://bad.example.org/")
    tasks = await begun(
        Recorder(ledger, Desk()), (poll(0), nothing), (poll(1), nothing), (bad, nothing), (poll(2), nothing)
    )
    ledger.go.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [tuple, tuple, ValueError, tuple]
    assert set(ledger.feeds()) == {f"https://{number}.example.org/" for number in range(3)}


async def test_what_the_database_refuses_every_poll_of_the_transaction_hears(ledger: HeldLedger) -> None:
    recorder = Recorder(ledger, Desk())
    ledger.refusal = LedgerError("the disk is full")
    tasks = await begun(recorder, (poll(0), nothing), (poll(1), nothing), (poll(2), nothing))
    ledger.go.set()

    for task in tasks:
        with pytest.raises(LedgerError, match="the disk is full"):
            await task
    ledger.refusal = None
    assert await recorder.record(poll(3), nothing) == ()
    assert set(ledger.feeds()) == {"https://3.example.org/"}


async def test_who_gives_up_waiting_keeps_nobody_else_waiting(ledger: HeldLedger) -> None:
    tasks = await begun(Recorder(ledger, Desk()), *((poll(number), nothing) for number in range(3)))
    tasks[1].cancel()
    ledger.go.set()

    assert await tasks[0] == await tasks[2] == ()
    assert tasks[1].cancelled()
    # It was asked for, and is committed with the others.
    assert len(ledger.feeds()) == 3


async def test_when_the_loop_ends_nobody_waits_for_ever(ledger: HeldLedger) -> None:
    recorder = Recorder(ledger, Desk())
    tasks = await begun(recorder, *((poll(number), nothing) for number in range(3)))
    writing = next(task for task in asyncio.all_tasks() if "_write" in repr(task.get_coro()))
    writing.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    ledger.go.set()

    assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)


async def test_nobody_waits_for_ever_when_it_ends_while_polls_are_tried_alone(ledger: HeldLedger) -> None:
    bad = make_poll(feed="https://bad.example.org/")
    tasks = await begun(
        Recorder(ledger, Desk()), (poll(0), nothing), (bad, nothing), (poll(1), nothing), (poll(2), nothing)
    )
    writing = next(task for task in asyncio.all_tasks() if "_write" in repr(task.get_coro()))
    loop = asyncio.get_running_loop()
    ledger.when_alone = lambda: loop.call_soon_threadsafe(writing.cancel)
    ledger.go.set()
    outcomes = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 10)

    assert outcomes[0] == ()
    assert all(isinstance(outcome, asyncio.CancelledError | ValueError) for outcome in outcomes[1:])
