"""Finds changes as they become known, for all who listen, with one query at a time."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from monitor.core.news import Change
from monitor.errors import LedgerError
from monitor.logs import get_logger
from monitor.ports import Ledger

#: Seconds between two looks at the ledger. Another process may have written. A commit of this one is seen at once.
PERIOD = 5.0
#: The last changes held in memory. A listener that has missed more must begin anew.
KEPT = 200

log = get_logger()


class Ticker:
    """Looks for new changes as long as somebody listens. Belongs to one event loop, except ``wake``."""

    def __init__(self, ledger: Callable[[], Ledger], *, period: float = PERIOD) -> None:
        """Prepare.

        Args:
            ledger: returns the ledger. It is opened when somebody listens.
            period: seconds between two looks.
        """
        self._ledger = ledger
        self._period = period
        #: The last changes, the newest last.
        self._recent: deque[Change] = deque(maxlen=KEPT)
        self._looking = asyncio.Lock()
        self._woken = asyncio.Event()
        self._moved = asyncio.Condition()
        #: How often something was found.
        self.found = 0
        self.listeners = 0
        self._has_begun = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self) -> None:
        """Look now. Any thread may call this."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # closed since
                loop.call_soon_threadsafe(self._woken.set)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Somebody listens within this context. The first one starts the looking, and the last one ends it."""
        self.listeners += 1
        if self.listeners == 1:
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.create_task(self._look_on())
        try:
            yield
        finally:
            self.listeners -= 1
            if self.listeners == 0:
                self._loop = None
                self._task.cancel()

    async def latest(self) -> str:
        """The id of the last change. "" if there is none."""
        await self._look()
        return self._recent[-1].id if self._recent else ""

    async def after(self, last: str) -> Sequence[Change] | None:
        """The changes after the one with this id; all of them for "". None if they are too many, or the id is unknown.

        Raises:
            LedgerError: the database refused.
        """
        found = self._since(last)
        if found is None:
            await self._look()
            found = self._since(last)
        if found is None:
            found = await asyncio.to_thread(self._ledger().changes, after=last or None, limit=KEPT + 1)
            # Whoever has the last change is found above. So nothing after an id means that there is no such change.
            return found if (found or not last) and len(found) <= KEPT else None
        return found

    async def wait(self, found: int, seconds: float) -> bool:
        """Wait until something was found since ``found`` was this. False if nothing was in so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._moved:
                await self._moved.wait_for(lambda: self.found != found)
        return self.found != found

    def _since(self, last: str) -> Sequence[Change] | None:
        for place, change in enumerate(self._recent):
            if change.id == last:
                return list(self._recent)[place + 1 :]
        return None

    async def _look_on(self) -> None:
        while True:
            try:
                await self._look()
            except LedgerError as error:
                log.warning("web.no_changes_seen", error=str(error))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._period):
                    await self._woken.wait()
            self._woken.clear()

    async def _look(self) -> None:
        """Find what is new and tell the listeners."""
        async with self._looking:
            last = self._recent[-1].id if self._recent else None
            # The first time, only the last one: what came before is on the pages of the listeners.
            limit = KEPT if self._has_begun else 1
            new = await asyncio.to_thread(self._ledger().changes, after=last, limit=limit)
            self._has_begun = True
            if not new:
                return
            if len(new) == KEPT:
                self._recent.clear()  # there may be a gap
            self._recent.extend(new)
            self.found += 1
        async with self._moved:
            self._moved.notify_all()
