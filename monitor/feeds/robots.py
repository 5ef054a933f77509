"""What a site's robots.txt asks of us (RFC 9309, and the crawl-delay that many add). Pure."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes, urlsplit

from monitor.errors import DisallowedError, FetchError
from monitor.feeds.pacing import loop_time

#: By what name sites know us.
NAME = "milestone-monitor"
#: As much of the file as is read (RFC 9309 section 2.5 wants no less).
MAX_BYTES = 512_000
#: No site makes one request wait longer for another.
LONGEST_DELAY = 10.0
# Rules of more parts than that are no rules but an attempt to keep us busy.
_MAX_RULES, _MAX_STARS = 5_000, 20
_KNOWN = ("user-agent", "allow", "disallow", "crawl-delay")
# Characters that need no escape. A star and a dollar do: in a rule they are signs.
_PLAIN = "/?&;:@=+,!'()[]|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """The rules for us."""

    #: Path pattern, and whether what it matches may be fetched.
    rules: tuple[tuple[str, bool], ...] = ()
    #: Seconds between two requests; 0 where the site does not say.
    delay: float = 0.0

    def allows(self, url: str) -> bool:
        """Whether an address may be fetched: the longest rule that matches decides, of equals the one that allows."""
        parts = urlsplit(url)
        path = _normal((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        matching = ((len(pattern), allowed) for pattern, allowed in self.rules if _matches(pattern, path))
        return max(matching, default=(0, True))[1]


ANYTHING = Robots()


def parse_robots(text: str) -> Robots:
    """The rules for us: those of the groups with our name, else those for everybody."""
    ours, everybodys = [], []
    for agents, lines in _groups(text):
        if NAME in agents:
            ours += lines
        elif "*" in agents:
            everybodys += lines
    return _robots(ours or everybodys)


def _groups(text: str) -> Iterator[tuple[frozenset[str], list[tuple[str, str]]]]:
    """Each group: the names that it is for, and its lines."""
    agents: list[str] = []
    lines: list[tuple[str, str]] = []
    for key, value in _lines(text):
        if key != "user-agent":
            lines.append((key, value))
            continue
        if lines:
            yield frozenset(agents), lines
            agents, lines = [], []
        agents.append(value.partition("/")[0].strip().lower())
    yield frozenset(agents), lines


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.lstrip("\ufeff").splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        if colon and (name := key.strip().lower()) in _KNOWN:
            yield name, value.strip()


def _robots(lines: Iterable[tuple[str, str]]) -> Robots:
    rules: list[tuple[str, bool]] = []
    delay = 0.0
    for key, value in lines:
        if key == "crawl-delay":
            delay = max(delay, _seconds(value))
        elif value and len(rules) < _MAX_RULES and value.count("*") <= _MAX_STARS:
            rules.append((_pattern(value), key == "allow"))
    return Robots(rules=tuple(rules), delay=delay)


def _seconds(value: str) -> float:
    return min(float(value), LONGEST_DELAY) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value) else 0.0


def _pattern(value: str) -> str:
    """A rule as it is compared: its signs stay, all between them is normal."""
    end = "$" if value.endswith("$") else ""
    return "*".join(map(_normal, value.removesuffix("$").split("*"))) + end


def _normal(text: str) -> str:
    """A path as it is compared: each character has one form, however it was escaped."""
    return quote(unquote_to_bytes(text), safe=_PLAIN)


def _matches(pattern: str, path: str) -> bool:
    """Whether a pattern is the beginning of a path; ``*`` stands for anything, ``$`` at its end for the end."""
    whole = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for index, part in enumerate(others):
        if whole and index == len(others) - 1:
            return len(path) - len(part) >= at and path.endswith(part)
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return not whole or at == len(path)


# What sites ask of those who fetch their pages, asked once a day of each ----------------------------------------------


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
