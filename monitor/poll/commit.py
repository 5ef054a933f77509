"""Commits polls that end at about the same time together: a commit costs the disk the same for one or for many."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.core.news import Change
from monitor.errors import LedgerError
from monitor.poll.desk import Desk
from monitor.ports import Decide, Ledger, Poll

#: The most polls in one transaction. Nobody else can write during it.
_AT_A_TIME = 100


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
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
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def record(self, poll: Poll, decide: Decide) -> tuple[Change, ...]:
        """Commit a poll as a whole, like ``Ledger.record``. Returns the new changes.

        A poll that cannot be recorded does not affect the others.

        Raises:
            LedgerError: the database refused; nothing of the poll is stored.
        """
        waiting = _Waiting(poll, decide)
        self._waiting.append(waiting)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await waiting.told

    async def _write(self) -> None:
        batch: Sequence[_Waiting] = ()
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

    async def _commit(self, batch: Sequence[_Waiting]) -> None:
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


def _settle(batch: Sequence[_Waiting], outcomes: Sequence[tuple[Change, ...] | Exception]) -> None:
    for each, outcome in zip(batch, outcomes, strict=True):
        if each.told.done():
            continue  # its caller was cancelled; the poll is recorded nevertheless
        if isinstance(outcome, Exception):
            each.told.set_exception(outcome)
        else:
            each.told.set_result(outcome)
