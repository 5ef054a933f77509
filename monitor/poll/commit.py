"""Polls that end at about the same time, committed together: a commit costs the disk as much for one as for many."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.core.news import Change
from monitor.errors import LedgerError
from monitor.poll.desk import Desk
from monitor.ports import Decide, Ledger, Poll

#: Polls in one transaction: nobody else writes meanwhile.
_AT_A_TIME = 100


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    poll: Poll
    decide: Decide
    told: asyncio.Future[tuple[Change, ...]] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Recorder:
    """Commits together what came while the last commit was under way; nobody waits for more. Of one event loop."""

    def __init__(self, ledger: Ledger, desk: Desk) -> None:
        """Prepare to commit to this ledger, one commit at a time at this desk."""
        self._ledger = ledger
        self._desk = desk
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def record(self, poll: Poll, decide: Decide) -> tuple[Change, ...]:
        """Commit a poll, whole, as ``Ledger.record`` does; returns the changes that are new.

        What cannot be recorded keeps no other poll from it.

        Raises:
            LedgerError: the database refused; nothing of the poll is kept.
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
            # Where it ends before its time, nobody waits for ever; what is done stays so.
            for waiting in (*batch, *self._waiting):
                waiting.told.cancel()
            self._waiting = []

    async def _commit(self, batch: Sequence[_Waiting]) -> None:
        try:
            told = await self._desk.do(self._ledger.record_all, [(each.poll, each.decide) for each in batch])
        except LedgerError as error:
            _settle(batch, [error] * len(batch))
        except Exception as error:  # noqa: BLE001 - handed on to who waits for it
            if len(batch) == 1:
                _settle(batch, [error])
                return
            # One of them cannot be recorded: alone, each fails or succeeds for itself.
            for each in batch:
                await self._commit([each])
        else:
            _settle(batch, told)


def _settle(batch: Sequence[_Waiting], outcomes: Sequence[tuple[Change, ...] | Exception]) -> None:
    for each, outcome in zip(batch, outcomes, strict=True):
        if each.told.done():
            continue  # who waited for it was cancelled; it is recorded all the same
        if isinstance(outcome, Exception):
            each.told.set_exception(outcome)
        else:
            each.told.set_result(outcome)
