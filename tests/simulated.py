"""Days in seconds: an event loop whose time jumps to what comes next, and a network of sites that misbehave."""

import asyncio
import selectors
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import Enum, auto
from hashlib import sha256
from html import escape
from random import Random
from typing import Any

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from tests.faults import OneThread

#: When the simulation begins.
BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
HOUR, DAY = 3600.0, 86_400.0


class _Jump(selectors.SelectSelector):
    """Waits for nothing: the time that would have been waited has passed."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None:
            raise RuntimeError("nothing will ever happen again")
        self.now += max(0.0, timeout)
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)
        self.set_default_executor(OneThread())

    def time(self) -> float:
        return self._jump.now


def simulate(main: Callable[[], Awaitable[None]]) -> None:
    """Run to its end in simulated time, which begins at 0; threads take none."""

    async def run() -> None:
        await main()

    with asyncio.Runner(loop_factory=_Loop) as runner:
        runner.run(run())


def seconds() -> float:
    """Simulated seconds since the beginning."""
    return asyncio.get_running_loop().time()


def instant() -> datetime:
    """The simulated instant."""
    return BEGIN + timedelta(seconds=seconds())


class Trouble(Enum):
    """What a site does for a while."""

    #: Nobody answers at its address.
    DOWN = auto()
    #: It takes requests and never answers.
    HANGS = auto()
    FAILS = auto()
    #: 429 to all, with a Retry-After in seconds, or as a date by its own clock.
    STORM = auto()
    #: 304 to whoever sends validators, whatever has changed.
    LIES = auto()
    #: Two thirds of the body, under the validators of the whole.
    CUT_OFF = auto()
    #: The connection ends in the middle of the body.
    BREAKS = auto()
    #: Another page, under the same validators.
    OTHER_PAGE = auto()
    #: All guids are others than an hour ago.
    NEW_GUIDS = auto()
    #: Its clock and the dates of its entries are wrong.
    WRONG_CLOCK = auto()
    #: It redirects for the time being.
    REDIRECTS = auto()


@dataclass
class Published:
    """An entry, and how often it stood in a document that was asked for."""

    number: int
    at: float
    visible: int = 0


@dataclass
class SimulatedFeed:
    """Publishes at random, shows the newest."""

    url: str
    window: int
    #: To come, the next last.
    to_come: list[Published]
    #: The newest first.
    shown: list[Published] = field(default_factory=list)
    published: list[Published] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)

    def catch_up(self) -> None:
        while self.to_come and self.to_come[-1].at <= seconds():
            entry = self.to_come.pop()
            self.published.append(entry)
            self.shown.insert(0, entry)
        del self.shown[self.window :]

    def link(self, entry: Published) -> str:
        return f"https://{URL(self.url).host}/{URL(self.url).name}/{entry.number}"

    def document(self, *, guids: str, wrong_clock: bool) -> bytes:
        items = []
        for entry in self.shown:
            at = BEGIN + timedelta(seconds=entry.at)
            if wrong_clock:
                at = datetime(1970, 1, 1, tzinfo=UTC) if entry.number % 2 else at + timedelta(days=400)
            items.append(
                f"<item><title>weather {entry.number}</title><link>{escape(self.link(entry))}</link>"
                f"<guid isPermaLink='false'>{guids}{entry.number}</guid><pubDate>{format_datetime(at)}</pubDate></item>"
            )
        return f"<rss version='2.0'><channel><title>F</title>{''.join(items)}</channel></rss>".encode()


def make_feed(url: str, *, a_day: float, days: float, window: int, chance: Random) -> SimulatedFeed:
    """A feed that publishes so many entries a day, as chance has it, beginning with a full window."""
    at, to_come = -window * DAY / a_day, list[Published]()
    while at < days * DAY:
        to_come.append(Published(number=len(to_come), at=at))
        at += chance.expovariate(a_day / DAY)
    return SimulatedFeed(url=url, window=window, to_come=to_come[::-1])


@dataclass
class Network:
    """Feeds and the troubles of their hosts; takes the place of the HTTP client's session."""

    feeds: dict[str, SimulatedFeed]
    #: By host: what it does from when to when, in seconds.
    troubles: dict[str, list[tuple[Trouble, float, float]]]
    chance: Random
    #: When each request began, and to which host.
    requests: list[tuple[float, str]] = field(default_factory=list)
    under_way: dict[str, int] = field(default_factory=dict)
    most_under_way: int = 0

    def has(self, host: str, trouble: Trouble) -> bool:
        return any(kind is trouble and since <= seconds() < to for kind, since, to in self.troubles.get(host, ()))

    @asynccontextmanager
    async def get(self, url: URL, *, headers: dict[str, str], **_: object) -> AsyncIterator["Answer"]:
        host = url.host or ""
        self.requests.append((seconds(), host))
        self.under_way[host] = self.under_way.get(host, 0) + 1
        self.most_under_way = max(self.most_under_way, self.under_way[host])
        try:
            await asyncio.sleep(self.chance.uniform(0.05, 2.0))
            yield await self._answer(url, headers)
        finally:
            self.under_way[host] -= 1

    async def close(self) -> None:
        """As a session; there is nothing to close."""

    async def _answer(self, url: URL, headers: dict[str, str]) -> "Answer":  # noqa: C901, PLR0911 - one for each trouble
        host = url.host or ""
        feed = self.feeds.get(str(url.with_query(None)))
        if feed is None:
            return Answer(404)
        feed.catch_up()
        feed.asked.append(seconds())
        for entry in feed.shown:
            entry.visible += 1
        if self.has(host, Trouble.DOWN):
            raise aiohttp.ServerDisconnectedError
        if self.has(host, Trouble.HANGS):
            await asyncio.sleep(DAY)
        if self.has(host, Trouble.FAILS):
            return Answer(503)
        if self.has(host, Trouble.STORM):
            return Answer(429, self._retry_after(host))
        if self.has(host, Trouble.REDIRECTS) and not url.query:
            return Answer(302, {"Location": "?once=more"})
        guids = str(int(seconds() // HOUR)) if self.has(host, Trouble.NEW_GUIDS) else ""
        body = feed.document(guids=f"{guids}:", wrong_clock=self.has(host, Trouble.WRONG_CLOCK))
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        given = headers.get("If-None-Match")
        if given == etag or (given and self.has(host, Trouble.LIES)):
            return Answer(304)
        sent = {"ETag": etag, "Content-Type": "application/rss+xml"}
        if self.has(host, Trouble.OTHER_PAGE):
            return Answer(200, sent, b"<html><title>Maintenance</title></html>")
        if self.has(host, Trouble.CUT_OFF):
            return Answer(200, sent, body[: len(body) * 2 // 3])
        return Answer(200, sent, body, breaks=self.has(host, Trouble.BREAKS))

    def _retry_after(self, host: str) -> dict[str, str]:
        wait = self.chance.randint(60, 7200)
        if self.chance.random() < 0.5:
            return {"Retry-After": str(wait)}
        clock = instant() + (timedelta(days=3) if self.has(host, Trouble.WRONG_CLOCK) else timedelta())
        until = format_datetime(clock + timedelta(seconds=wait), usegmt=True)
        return {"Date": format_datetime(clock, usegmt=True), "Retry-After": until}


class Answer:
    """As much of the HTTP client's response as is looked at."""

    def __init__(
        self, status: int, headers: dict[str, str] | None = None, body: bytes = b"", *, breaks: bool = False
    ) -> None:
        self.status = status
        self.headers: CIMultiDict[str] = CIMultiDict(headers or {})
        self.content_length = len(body)
        self.content = self
        self._body, self._breaks = body, breaks

    async def iter_any(self) -> AsyncIterator[bytes]:
        half = len(self._body) // 2
        yield self._body[:half]
        if self._breaks:
            raise aiohttp.ClientPayloadError
        yield self._body[half:]


def intervals(chance: Random, days: float, kind: Trouble, *, lasting: float, every: float) -> Iterator[Any]:
    """The trouble again and again, so long each time, about so often."""
    at = chance.uniform(0, every)
    while at < days * DAY:
        yield kind, at, at + lasting
        at += lasting + chance.uniform(every / 2, every * 1.5)
