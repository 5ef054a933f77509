"""A monitor that can be reached, a feed and the hub that it names."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.core.polling.websub import HubSubscription
from monitor.feeds.fetch import GuardedFetcher
from monitor.poll.poll import PollResult
from monitor.poll.push import Intake
from monitor.web.server import WebServer
from monitor.web.websub import Callbacks
from tests.builders import NOW
from tests.hub import Hub
from tests.servers import LoopbackServer, Reply

MAX_BYTES = 100_000


def rss(*titles: str, hub: str = "", at: datetime = NOW) -> bytes:
    """A feed of articles without pages, which names its hub."""
    links = f'<a:link rel="hub" href="{hub}"/><a:link rel="self" href="https://example.org/self"/>' if hub else ""
    date = format_datetime(at)
    items = "".join(f"<item><guid>{t}</guid><title>{t}</title><pubDate>{date}</pubDate></item>" for t in titles)
    start = '<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>T</title>'
    return f"{start}{links}{items}</channel></rss>".encode()


class Station:
    """A monitor on a folder of its own, with the parts that the service would run."""

    def __init__(self, folder: Path, outside: LoopbackServer, hub: Hub) -> None:
        self.folder, self.outside, self.hub = folder, outside, hub
        self.now = NOW
        self.feed = outside.url("/feed")
        self.public = ""
        self.say("history")
        self.configure(f"feeds:\n  - {{url: '{self.feed}', name: Daily}}\n")

    def say(self, *titles: str, hub: str | None = None) -> None:
        """What the feed says from now on."""
        self.outside.routes["/feed"] = Reply(body=rss(*titles, hub=self.hub.url if hub is None else hub, at=self.now))

    def configure(self, feeds: str) -> None:
        (self.folder / "feeds.yaml").write_text(feeds)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Station"]:
        """As after a start of the service, until it is stopped."""
        config, lexicons = load_folder(self.folder)
        self.app = App(config, lexicons, clock=lambda: self.now, chance=lambda: 0.5)
        self.intake = Intake(MAX_BYTES)
        callbacks = Callbacks(hubs=self.app.hubs, intake=self.intake, clock=lambda: self.now, chance=lambda: 0.5)
        port = int(self.public.rpartition(":")[2] or 0)
        server = WebServer([callbacks.router(max_bytes=MAX_BYTES)], host="127.0.0.1", port=port)
        await server.start()
        self.public = f"http://127.0.0.1:{server.port}"
        try:
            async with GuardedFetcher(timeout=5, allow_private=[ip_network("127.0.0.1/32")]) as self.fetcher:
                yield self
        finally:
            await server.close()
            self.app.close()

    async def poll(self) -> PollResult:
        (result,) = [result async for result in self.app.poller.poll(self.app.poller.feeds(), self.fetcher)]
        return result

    async def tend(self) -> list[str]:
        """One look at the subscriptions; the errors of the hubs that were asked."""
        attempted = await self.app.poller.tend_hubs(self.fetcher, self.public)
        await asyncio.to_thread(self.hub.settle)
        return [each.error for each in attempted]

    async def subscribe(self) -> HubSubscription:
        await self.poll()
        await self.tend()
        return self.subscription

    @property
    def subscription(self) -> HubSubscription:
        (found,) = self.app.hubs.all()
        return found

    async def push(self, body: bytes, **more: Any) -> int:
        return await asyncio.to_thread(lambda: self.hub.push(body, **more))

    async def question(self, callback: str, **said: str) -> int:
        return (await asyncio.to_thread(lambda: self.hub.question(callback, **said)))[0]

    async def take(self) -> PollResult:
        """Read the next push."""
        async with asyncio.timeout(20):
            push = await self.intake.next()
        assert push is not None
        result = await self.app.poller.take(push, self.fetcher)
        self.intake.release(push.token, len(push.body))
        assert result is not None
        return result

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be read."""
        return not self.intake.has(self.subscription.token)

    def wait(self, span: timedelta) -> None:
        self.now += span


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    folder = tmp_path / "config"
    folder.mkdir()
    project = "{id: plant, name: Plant, who: [Acme], what: [cathode]}"
    (folder / "projects.yaml").write_text(f"projects:\n  - {project}\n")
    (folder / "monitor.yaml").write_text("fetch: {allow_private: [127.0.0.1/32]}\n")
    with LoopbackServer() as outside:
        yield Station(folder, outside, Hub(outside))


Tell = Callable[..., bytes]
