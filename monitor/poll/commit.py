"""Commits polls that end at about the same time together: a commit costs the disk the same for one or for many."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from monitor.core.news import Change
from monitor.errors import LedgerError
from monitor.ports import Decide, Ledger, Poll

# Runs CPU-bound work off the event loop -------------------------------------------------------------------------------


P = ParamSpec("P")
T = TypeVar("T")


class Desk:
    """Runs one job at a time, in the order of arrival.

    Python runs one thread at a time. Concurrent CPU-bound threads would lose time to switching: a third of the time of
    a first import.
    """

    def __init__(self) -> None:
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Like ``asyncio.to_thread``, once all earlier jobs are done."""
        async with self._turns.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
            return await asyncio.to_thread(work, *args, **kwargs)


#: The most polls in one transaction. Nobody else can write during it.
_AT_A_TIME = 100


@dataclass(frozen=True, slots=True, eq=False)
class _WaitingPoll:
    poll: Poll
    decide: Decide
    told: asyncio.Future[tuple[Change, ...]] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Recorder:
    """Commits together all polls that arrived during the previous commit. Belongs to one event loop.

    It does not wait for more polls.
    """

    def __init__(self, ledger: Ledger, desk: Desk) -> None:
        """Prepare to commit to this ledger, one commit at a time at this desk."""
        self._ledger = ledger
        self._desk = desk
        self._waiting: list[_WaitingPoll] = []
        self._writing: asyncio.Task[None] | None = None

    async def record(self, poll: Poll, decide: Decide) -> tuple[Change, ...]:
        """Commit a poll as a whole, like ``Ledger.record``. Returns the new changes.

        A poll that cannot be recorded does not affect the others.

        Raises:
            LedgerError: the database refused; nothing of the poll is stored.
        """
        waiting = _WaitingPoll(poll, decide)
        self._waiting.append(waiting)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await waiting.told

    async def _write(self) -> None:
        batch: Sequence[_WaitingPoll] = ()
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_AT_A_TIME], self._waiting[_AT_A_TIME:]
                await self._commit(batch)
        finally:
            self._writing = None
            # If the task ends early, release the waiting callers. Completed commits stay.
            for waiting in (*batch, *self._waiting):
                waiting.told.cancel()
            self._waiting = []

    async def _commit(self, batch: Sequence[_WaitingPoll]) -> None:
        try:
            told = await self._desk.do(self._ledger.record_all, [(each.poll, each.decide) for each in batch])
        except LedgerError as error:
            _settle(batch, [error] * len(batch))
        except Exception as error:  # noqa: BLE001 - passed to the waiting callers
            if len(batch) == 1:
                _settle(batch, [error])
                return
            # One of them cannot be recorded. Retried alone, each fails or succeeds by itself.
            for each in batch:
                await self._commit([each])
        else:
            _settle(batch, told)


def _settle(batch: Sequence[_WaitingPoll], outcomes: Sequence[tuple[Change, ...] | Exception]) -> None:
    for each, outcome in zip(batch, outcomes, strict=True):
        if each.told.done():
            continue  # its caller was cancelled; the poll is recorded nevertheless
        if isinstance(outcome, Exception):
            each.told.set_exception(outcome)
        else:
            each.told.set_result(outcome)
