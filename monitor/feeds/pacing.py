"""Manners: so many requests in any minute to all, and to each site so many at a time, with a pause between.

All by a clock that only grows: when the time of day jumps, nothing is asked sooner or later.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from monitor.errors import FetchError

_MINUTE = 60.0
#: A site that wants to be left alone is, for at most so long; each feed may wait longer by itself.
LONGEST_PAUSE = 3600.0
#: Sites that are remembered before those are dropped of which nothing need be.
REMEMBERED = 20_000


def loop_time() -> float:
    """Seconds of the event loop that runs: they only grow, whatever happens to the time of day."""
    return asyncio.get_running_loop().time()


class Pace:
    """Lets requests go one by one, at most so many in any sixty seconds. Belongs to one event loop."""

    def __init__(self, per_minute: int) -> None:
        #: When the last so many requests began.
        self._begun: deque[float] = deque(maxlen=per_minute)
        self._queue = asyncio.Lock()

    async def turn(self) -> None:
        """Wait until another request may begin, first come, first served, and count it."""
        async with self._queue:
            now = asyncio.get_running_loop().time()
            if len(self._begun) == self._begun.maxlen:
                await asyncio.sleep(max(0.0, self._begun[0] + _MINUTE - now))
            self._begun.append(asyncio.get_running_loop().time())


class _Site:
    """One site: who is let in, when the next request may begin, and until when none may."""

    __slots__ = ("door", "inside", "next_at", "paused_until", "places")

    def __init__(self, places: int) -> None:
        self.places = asyncio.Semaphore(places)
        #: Held from waiting to the beginning of a request, so that beginnings keep their distance.
        self.door = asyncio.Lock()
        #: Requests that are under way or wait.
        self.inside = 0
        self.next_at = 0.0
        self.paused_until = 0.0


class Sites:
    """The turns of all sites. Belongs to one event loop."""

    def __init__(
        self,
        per_site: int,
        *,
        clock: Callable[[], float] = loop_time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Nobody was asked yet.

        Args:
            per_site: requests at a time to one site.
            clock: seconds that only grow; those of the event loop unless a test holds them.
            sleep: waits so many seconds.
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
        """Wait until a request to a site may begin; within, it waits for what else it needs, and at the end it begins.

        Args:
            name: of the site, of which a place is held.
            spacing: seconds from this beginning to the next.
            asked: the address, for the error.

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
        """Leave a site alone for so long, within bounds: it said so."""
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
