"""Limits requests: a number per minute in total; for each site, a number at a time and a pause between them.

All times are those of a monotonic clock, so a change of the system time neither speeds up nor delays a request.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from monitor.errors import FetchError

_MINUTE = 60.0
#: The maximum pause, in seconds, of a site that wants to be left alone. A single feed may wait longer.
LONGEST_PAUSE = 3600.0
#: The number of sites to remember. Beyond it, sites without requests, waiting times and pauses are dropped.
REMEMBERED = 20_000


def loop_time() -> float:
    """Seconds of the running event loop's monotonic clock."""
    return asyncio.get_running_loop().time()


class RequestPace:
    """Lets requests start one by one, at most ``per_minute`` in any sixty seconds. Belongs to one event loop."""

    def __init__(self, per_minute: int) -> None:
        #: When the last ``per_minute`` requests started.
        self._begun: deque[float] = deque(maxlen=per_minute)
        self._queue = asyncio.Lock()

    async def turn(self) -> None:
        """Wait, first come, first served, until another request may start, and count it."""
        async with self._queue:
            now = asyncio.get_running_loop().time()
            if len(self._begun) == self._begun.maxlen:
                await asyncio.sleep(max(0.0, self._begun[0] + _MINUTE - now))
            self._begun.append(asyncio.get_running_loop().time())


class _Site:
    """The state of one site: its free places, when the next request may start, and the end of its pause."""

    __slots__ = ("door", "inside", "next_at", "paused_until", "places")

    def __init__(self, places: int) -> None:
        self.places = asyncio.Semaphore(places)
        #: Held from the start of the wait to the start of the request, so that the starts keep their distance.
        self.door = asyncio.Lock()
        #: The number of requests that run or wait.
        self.inside = 0
        self.next_at = 0.0
        self.paused_until = 0.0


class Sites:
    """The limits of all sites. Belongs to one event loop."""

    def __init__(
        self,
        per_site: int,
        *,
        clock: Callable[[], float] = loop_time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Start without known sites.

        Args:
            per_site: concurrent requests to one site.
            clock: monotonic seconds; those of the event loop, except in tests.
            sleep: waits for a number of seconds.
        """
        self._per_site = per_site
        self._clock = clock
        self._sleep = sleep
        self._sites: dict[str, _Site] = {}

    @asynccontextmanager
    async def place(self, name: str) -> AsyncIterator[None]:
        """Hold one of the places of a site, first come, first served."""
        site = self._find(name)
        site.inside += 1
        try:
            async with site.places:
                yield
        finally:
            site.inside -= 1

    @asynccontextmanager
    async def beginning(self, name: str, spacing: float, *, asked: str) -> AsyncIterator[None]:
        """Wait until a request to a site may start. The ``with`` block waits for other limits and ends with the start.

        Args:
            name: the site; the caller holds one of its places.
            spacing: seconds from this start to the next.
            asked: the requested address, for the error.

        Raises:
            FetchError: the site wants to be left alone for now.
        """
        site = self._find(name)
        async with site.door:
            if (left := site.paused_until - self._clock()) > 0:
                reason = f"not asked: its site wants to be left alone for another {left:.0f} seconds"
                raise FetchError(asked, reason, transient=True, retry_after=left)
            if (wait := site.next_at - self._clock()) > 0:
                await self._sleep(wait)
            yield
            site.next_at = self._clock() + spacing

    def pause(self, name: str, seconds: float) -> None:
        """Leave a site alone for this time, at most ``LONGEST_PAUSE``, because it asked for it."""
        site = self._find(name)
        site.paused_until = max(site.paused_until, self._clock() + min(max(seconds, 0.0), LONGEST_PAUSE))

    def _find(self, name: str) -> _Site:
        site = self._sites.get(name)
        if site is None:
            if len(self._sites) >= REMEMBERED:
                now = self._clock()
                self._sites = {
                    known: each
                    for known, each in self._sites.items()
                    if each.inside or max(each.next_at, each.paused_until) > now
                }
            site = self._sites[name] = _Site(self._per_site)
        return site
