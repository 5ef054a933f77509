"""What sites ask of those who fetch their pages, asked once a day of each."""

import asyncio
from collections.abc import Awaitable, Callable

from monitor.errors import DisallowedError, FetchError
from monitor.feeds.pacing import loop_time
from monitor.feeds.robots import ANYTHING, MAX_BYTES, Robots, parse_robots

#: Seconds for which an answer holds, and for which one that did not come is not asked for again.
_HOLDS, _HOLDS_FAILED = 24 * 3600.0, 600.0
#: The same for a site that could not be reached, which asks nobody to stay away.
_HOLDS_UNREACHED = 30.0
#: Sites that are remembered; then the longest known is forgotten.
_REMEMBERED = 5_000


class Permissions:
    """The robots.txt of each origin (RFC 9309), as far as it is known. Belongs to one event loop."""

    def __init__(self, get: Callable[[str], Awaitable[bytes]], *, clock: Callable[[], float] = loop_time) -> None:
        """Nothing is known yet.

        Args:
            get: fetches an address; raises FetchError.
            clock: seconds that only grow.
        """
        self._get = get
        self._clock = clock
        self._known: dict[str, tuple[float, Robots | FetchError]] = {}
        self._asking: dict[str, asyncio.Task[Robots | FetchError]] = {}

    async def delay(self, origin: str, url: str) -> float:
        """Seconds that are to lie between two pages of this origin.

        Raises:
            DisallowedError: the site asks not to fetch this page.
            FetchError: what it asks cannot be known now; the recommendation is not to fetch then.
        """
        robots = await self._of(origin)
        if isinstance(robots, FetchError):
            reason = f"what its site allows cannot be read: {robots.reason}"
            again = robots.retry_after
            raise FetchError(url, reason, transient=True, retry_after=again, is_unreached=robots.is_unreached)
        if not robots.allows(url):
            raise DisallowedError(url)
        return robots.delay

    async def _of(self, origin: str) -> Robots | FetchError:
        known = self._known.get(origin)
        if known is not None and self._clock() < known[0]:
            return known[1]
        asking = self._asking.get(origin)
        if asking is None:
            asking = self._asking[origin] = asyncio.create_task(self._ask(origin))
            asking.add_done_callback(lambda _: self._asking.pop(origin, None))
        # Who waits may give up; the others still want to know.
        return await asyncio.shield(asking)

    async def _ask(self, origin: str) -> Robots | FetchError:
        found: Robots | FetchError
        try:
            body = await self._get(f"{origin}/robots.txt")
            found = parse_robots(body[:MAX_BYTES].decode(errors="replace"))
        except FetchError as error:
            # A site that has none allows all; one that cannot say now may have rules (RFC 9309 section 2.3.1.4).
            found = error if error.transient else ANYTHING
        holds = _holds(found)
        if len(self._known) >= _REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known.pop(origin, None)
        self._known[origin] = (self._clock() + holds, found)
        return found


def _holds(found: Robots | FetchError) -> float:
    if not isinstance(found, FetchError):
        return _HOLDS
    return _HOLDS_UNREACHED if found.is_unreached else _HOLDS_FAILED
