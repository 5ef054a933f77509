"""Decides which job gets a worker next. Small jobs go before large ones, and never wait for many of them.

The time of a job grows at most with the size of its document. So the size tells in advance what it may cost the others.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

#: Seconds after which a job lends its turn to the next one, and how many may do so at a time.
PATIENCE, SPARE = 1.0, 2
#: Characters or bytes from which a document is large. Most feeds have less than a third of that.
LARGE = 200_000
#: Later jobs may pass a waiting one for a second per this many characters or bytes of its document, no longer.
A_SECOND = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    size: int
    #: By the clock of the event loop. Of the waiting jobs, the one with the earliest time is next.
    due: float
    turn: asyncio.Future[None]

    @property
    def is_large(self) -> bool:
        return self.size >= LARGE


@dataclass(slots=True)
class Turns:
    """The turns of one event loop. Only small documents get lent turns."""

    #: Jobs that may run at a time, without those on a lent turn.
    free: int
    _lent: int = field(init=False, default=0)
    _large: int = field(init=False, default=0)
    _most_large: int = field(init=False)
    _waiting: list[_Waiting] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._most_large = self.free

    @asynccontextmanager
    async def one(self, size: int) -> AsyncIterator[None]:
        """Wait for a turn for a job on a document of this size."""
        loop = asyncio.get_running_loop()
        mine = _Waiting(size=size, due=loop.time() + size / A_SECOND, turn=loop.create_future())
        await self._wait(mine)
        is_held = True

        def lend() -> None:
            nonlocal is_held
            if self._lent < SPARE:
                is_held = False
                self._lent += 1
                self.free += 1
                self._give()

        timer = loop.call_later(PATIENCE, lend)
        try:
            yield
        finally:
            timer.cancel()
            self._lent -= not is_held
            self._give_back(mine, is_held=is_held)

    async def _wait(self, mine: _Waiting) -> None:
        self._waiting.append(mine)
        self._give()
        try:
            await mine.turn
        except asyncio.CancelledError:
            if mine in self._waiting:
                self._waiting.remove(mine)
            else:
                self._give_back(mine, is_held=True)
            raise

    def _give(self) -> None:
        while self.free and (able := [one for one in self._waiting if self._may_go(one)]):
            first = min(able, key=lambda one: one.due)
            self._waiting.remove(first)
            self.free -= 1
            self._large += first.is_large
            first.turn.set_result(None)

    def _may_go(self, one: _Waiting) -> bool:
        # A cancelled job takes no turn, although it stays in the list until it is told.
        return not one.turn.cancelled() and not (one.is_large and self._large >= self._most_large)

    def _give_back(self, mine: _Waiting, *, is_held: bool) -> None:
        self.free += is_held
        self._large -= mine.is_large
        self._give()
