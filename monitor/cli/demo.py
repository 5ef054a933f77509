"""``demo``: replays the chronicle as if it were news, to show how alerts arrive."""

import asyncio
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from xml.sax.saxutils import escape, quoteattr

import typer

from monitor.app.opening import build_app, load_folder
from monitor.cli.output import out, show
from monitor.cli.render_projects import overview
from monitor.core.model import Entry, Feed
from monitor.core.news import Subscriber
from monitor.errors import FetchError, InputError
from monitor.feeds.parse import parse_feed
from monitor.ports import NO_VALIDATORS, Fetched, Fetcher, NotModified, Validators
from monitor.settings import Config
from monitor.settings.init import EXAMPLES, example_folder

if TYPE_CHECKING:
    from monitor.app.build import App

_LONG_AGO = timedelta(days=36_500)


def demo(
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="DIR",
            envvar="MONITOR_CONFIG",
            help="A configuration folder with a chronicle; the example that ships with the program when absent.",
        ),
    ] = None,
    *,
    pause: Annotated[float, typer.Option("--pause", min=0, help="Seconds to look at each alert.")] = 1.5,
) -> None:
    """Play the past as if it were today's news: a feed on this machine serves each entry on its day.

    Everything from the fetch to the alert is real, except the clock. The ledger is deleted at the end, and alerts go
    only to this terminal.

    Examples:
        monitor demo
        monitor demo --pause 0
    """
    loaded, lexicons = load_folder(config or example_folder(EXAMPLES[0]))
    with tempfile.TemporaryDirectory() as folder, _server() as (address, server):
        clock = _DemoClock()
        app = build_app(_as_demo(loaded, address, Path(folder)), lexicons, clock=clock)
        try:
            asyncio.run(_play(app, _chronicle(loaded), server, clock, pause))
            show(overview(app.watch.projects.values(), app.knowledge.overview(), app.watch.lifecycles, now=clock()))
        finally:
            app.close()


class _DemoClock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = datetime(2000, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def _chronicle(config: Config) -> Sequence[Entry]:
    """The dated entries of the feeds in the configuration folder, oldest first.

    Raises:
        InputError: there are no entries.
    """
    entries: list[Entry] = []
    for feed in config.feeds:
        if feed.url.startswith("file:"):
            path = config.folder / feed.url.removeprefix("file:")
            parsed = parse_feed(path.read_bytes(), url=feed.url, content_type="", now=datetime.now(UTC))
            entries += (entry for entry in parsed.entries if entry.published_at)
    if not entries:
        raise InputError(f"{config.folder}: no feed of a file: address in feeds.yaml, so there is nothing to play")
    return sorted(entries, key=_published_at)


def _published_at(entry: Entry) -> datetime:
    assert entry.published_at is not None
    return entry.published_at


def _as_demo(config: Config, address: str, folder: Path) -> Config:
    """The configuration with one feed, one subscriber and a new ledger. Nothing in it is known before or is history."""
    # Apprise takes a while to import; see opening.build_app.
    from monitor.delivery.apprise import resolve  # noqa: PLC0415 - slow to load

    return replace(
        config,
        projects=tuple(replace(project, known=()) for project in config.projects),
        database=f"sqlite:///{folder}/demo.db",
        feeds=(Feed(url=address, name="Chronicle, as news", trust=0.7),),
        subscribers=(Subscriber(name="Terminal", to=(resolve("console://"),)),),
        polling=replace(config.polling, requests_per_minute=6_000),
        fetch=replace(config.fetch, allow_private=(IPv4Network("127.0.0.0/8"),)),
        alert_horizon=_LONG_AGO,
    )


async def _play(app: "App", entries: Sequence[Entry], server: "_Server", clock: _DemoClock, pause: float) -> None:
    # The first poll of a feed counts as its history. This one is empty.
    clock.now = _published_at(entries[0]) - timedelta(days=1)
    async with app.fetcher() as fetcher:
        await _poll(app, fetcher)
        for number, entry in enumerate(entries, start=1):
            clock.now = _published_at(entry) + timedelta(hours=1)
            server.document = _document(entries[:number])
            changed = await _poll(app, fetcher)
            out.print(f"{clock.now.date()}  {entry.title}", style=None if changed else "dim", markup=False)
            for _ in app.courier.deliver("demo"):
                await asyncio.to_thread(time.sleep, pause)


async def _poll(app: "App", fetcher: Fetcher) -> bool:
    """Run one poll. True if it changed anything."""
    polls = app.poller.poll(app.poller.feeds(), _FeedOnly(fetcher, app.config.feeds[0].url))
    return any([result.changes async for result in polls])


class _FeedOnly:
    """Fetches the feed but no pages. The entries' own text is enough, and their publishers are not contacted."""

    def __init__(self, fetcher: Fetcher, url: str) -> None:
        self._fetcher, self._url = fetcher, url

    async def fetch(
        self, url: str, *, validators: Validators = NO_VALIDATORS, is_page: bool = False
    ) -> Fetched | NotModified:
        if url != self._url:
            raise FetchError(url, "pages are not fetched in the demonstration", transient=False)
        return await self._fetcher.fetch(url, validators=validators, is_page=is_page)

    async def reaches(self, url: str) -> bool:
        return await self._fetcher.reaches(url)


# ---------------------------------------------------------------- the feed on this machine


class _Server:
    """Holds the document to serve."""

    document = b""


@contextmanager
def _server() -> Iterator[tuple[str, _Server]]:
    """A feed server on a free port, reachable only from this machine. Yields the feed's address and the server."""
    served = _Server()
    served.document = _document([])
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, served))
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/feed.xml", served
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, served: _Server, *args: object) -> None:
        self._served = served
        super().__init__(*args)  # type: ignore[arg-type]  # the arguments that the server passes

    def do_GET(self) -> None:
        document = self._served.document
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(document)))
        self.end_headers()
        self.wfile.write(document)

    def log_message(self, *_: object) -> None:
        """Log nothing: the terminal is for alerts."""


def _document(entries: Sequence[Entry]) -> bytes:
    """A feed of these entries, newest first."""
    items = "".join(map(_item, reversed(entries)))
    head = "<title>Chronicle</title><link>https://example.org/</link><description/>"
    return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>{head}{items}</channel></rss>".encode()


def _item(entry: Entry) -> str:
    link, date = escape(entry.url or ""), format_datetime(_published_at(entry))
    source = f"<source url={quoteattr(entry.url or '')}>{escape(entry.outlet)}</source>" if entry.outlet else ""
    return (
        f"<item><title>{escape(entry.title)}</title><link>{link}</link><pubDate>{date}</pubDate>{source}"
        f"<description>{escape(escape(entry.text))}</description></item>"
    )
