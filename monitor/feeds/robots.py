"""What a site's robots.txt asks of us (RFC 9309, and the crawl-delay that many add). Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes, urlsplit

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
