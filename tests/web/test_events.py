"""Open pages are told of changes as they become known: server-sent events over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from unittest.mock import patch

import aiohttp
import pytest
from fastapi import APIRouter, Depends

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.core.news import Change, ChangeType
from monitor.ledger.store import SQLLedger
from monitor.ports import Decision
from monitor.web.access import Gate, local
from monitor.web.pages import events as ticking
from monitor.web.pages.events import Board, Events, Ticker
from monitor.web.server import WebServer
from tests.builders import NOW, make_change

PROJECTS = """
projects:
  - {id: plant, name: {en: "Nemo plant <b>", ar: مصنع نيمو}, who: [Nemo]}
  - {id: quiet, name: Quiet harbour, who: [Quiet]}
"""
#: Seconds in which something arrives that arrives at once.
SOON = 20


@dataclass
class Event:
    id: str
    kind: str
    data: dict[str, str]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not holds():  # noqa: ASYNC110 - what it waits for tells nobody
            await asyncio.sleep(0.01)


class Stream:
    """One browser's stream of events."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer

    async def next(self) -> Event | None:
        """The next event. None if the stream has ended."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(SOON):
            while line := await self.answer.content.readline():
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if not name and fields.get("event"):
                    return Event(fields["id"], fields["event"], json.loads(fields.get("data") or "{}"))
                fields[name.rstrip(":")] = value
        return None


@dataclass
class Site:
    """The stream of a monitor, with a program beside it that writes to the same database."""

    app: App
    ticker: Ticker
    address: str

    @asynccontextmanager
    async def listen(self, query: str = "", **headers: str) -> AsyncIterator[Stream]:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.address}/events{query}", headers=sent) as answer,
        ):
            assert answer.status == 200, await answer.text()
            assert (await answer.content.readline()).startswith(b"retry: ")
            yield Stream(answer)

    def note(self, *changes: str | Change) -> None:
        """These changes become known to this process."""
        told = tuple(make_change(id=each) if isinstance(each, str) else each for each in changes)
        self.app.ledger.note(Decision(changes=told))


@asynccontextmanager
async def serving(folder: Path, *, period: float = 600, most: int = 100, life: float = 600) -> AsyncIterator[Site]:
    """The period is longer than any test: what arrives is not owed to it unless a test sets it."""
    config, lexicons = load_folder(folder)
    app = App(config, lexicons, clock=lambda: NOW)
    ticker = Ticker(lambda: app.ledger, period=period)
    app.on_commit(ticker.wake)
    every = APIRouter(dependencies=[Depends(Gate(local))])
    every.include_router(Events(Board(app), ticker, most=most, life=life).router())
    server = WebServer([every], host="127.0.0.1", port=0)
    await server.start()
    try:
        yield Site(app, ticker, f"http://127.0.0.1:{server.port}")
    finally:
        await server.close()
        # A thread that still reads gives its connection back before the database is closed.
        await asyncio.get_running_loop().shutdown_default_executor()
        app.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "config"
    made.mkdir()
    (made / "projects.yaml").write_text(PROJECTS)
    (made / "monitor.yaml").write_text("reader: {use: 'tests.readers.hits:HitReader'}\nweb: {port: 0}\n")
    return made


async def test_a_change_arrives_with_the_row_of_its_project(folder: Path) -> None:
    async with serving(folder) as site, site.listen("?after=") as stream:
        await asyncio.to_thread(site.note, "c1")
        event = await stream.next()

    assert event is not None
    assert (event.id, event.kind, event.data["project"]) == ("c1", "change", "plant")
    assert event.data["said"] == "Nemo plant <b>: announced → agreed"
    assert 'data-project="plant"' in event.data["row"]
    assert "Nemo plant &lt;b&gt;" in event.data["row"]
    assert "announced → agreed" in event.data["moved"]


async def test_nothing_in_a_row_is_live_but_its_links(folder: Path) -> None:
    tags: list[tuple[str, list[tuple[str, str | None]]]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: tags.append((tag, attrs))  # type: ignore[method-assign]
    hostile = make_change(id="c1", type=ChangeType.FACT, stage=None, from_=None, to='"><img src=x onerror=alert(1)>')
    async with serving(folder) as site, site.listen("?after=") as stream:
        await asyncio.to_thread(site.note, hostile)
        event = await stream.next()

    assert event is not None
    parser.feed(event.data["row"] + event.data["moved"])
    assert {tag for tag, _ in tags} <= {"li", "div", "h2", "a", "p", "span", "i", "dl", "dt", "dd", "time", "strong"}
    assert not [name for _, attrs in tags for name, _ in attrs if name.startswith("on") or name == "style"]


async def test_it_is_in_the_language_of_the_page(folder: Path) -> None:
    async with (
        serving(folder) as site,
        site.listen("?after=&lang=ar") as chosen,
        site.listen("?after=", Accept_Language="ar") as accepted,
    ):
        await asyncio.to_thread(site.note, "c1")
        events = [await chosen.next(), await accepted.next()]

    rows = [event.data["row"] for event in events if event]
    assert all("مصنع نيمو" in row for row in rows)
    assert ["lang=ar" in row for row in rows] == [True, False]


async def test_what_another_process_has_written_arrives_too(folder: Path) -> None:
    async with serving(folder, period=0.05) as site, site.listen("?after=") as stream:
        other = SQLLedger(site.app.engine)
        await asyncio.to_thread(other.note, Decision(changes=(make_change(id="c1"),)))
        event = await stream.next()

    assert event is not None
    assert event.id == "c1"


async def test_a_browser_that_comes_back_hears_what_it_has_missed(folder: Path) -> None:
    async with serving(folder) as site:
        await asyncio.to_thread(site.note, "c1", "c2", make_change(id="c3", project="quiet"))
        async with site.listen("?after=c1", Last_Event_ID="c2") as returned, site.listen("?after=c1") as loaded:
            events = [await returned.next(), await loaded.next(), await loaded.next()]

    assert [event.id for event in events if event] == ["c3", "c2", "c3"]


async def test_a_listener_that_names_nothing_hears_from_now_on(folder: Path) -> None:
    async with serving(folder) as site:
        await asyncio.to_thread(site.note, "c1")
        async with site.listen() as stream:
            await until(lambda: site.ticker.found == 1)
            await asyncio.to_thread(site.note, "c2")
            event = await stream.next()

    assert event is not None
    assert event.id == "c2"


@pytest.mark.parametrize("last", ["c1", "unknown"])
async def test_whoever_has_missed_too_much_is_told_to_load_the_page_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    monkeypatch.setattr(ticking, "KEPT", 3)
    async with serving(folder) as site:
        await asyncio.to_thread(site.note, *[f"c{number}" for number in range(1, 9)])
        async with site.listen(Last_Event_ID=last) as stream:
            stale = await stream.next()
            await asyncio.to_thread(site.note, "c9")
            event = await stream.next()

    assert stale is not None
    assert (stale.kind, stale.id) == ("stale", "c8")
    assert event is not None
    assert event.id == "c9"


async def test_many_changes_at_once_arrive_in_their_order(folder: Path) -> None:
    names = [f"c{number}" for number in range(50)]
    async with serving(folder) as site, site.listen("?after=") as one, site.listen("?after=") as two:
        await asyncio.to_thread(site.note, *names)
        found = [[(await stream.next() or Event("", "", {})).id for _ in names] for stream in (one, two)]

    assert found == [names, names]


async def test_history_is_no_news(folder: Path) -> None:
    async with serving(folder) as site, site.listen("?after=") as stream:
        await asyncio.to_thread(site.note, make_change(id="c1", is_history=True))
        event = await stream.next()

    assert event is not None
    assert event.data["moved"] == ""
    assert event.data["row"]


async def test_a_project_that_is_no_longer_watched_has_no_row(folder: Path) -> None:
    async with serving(folder) as site, site.listen("?after=") as stream:
        await asyncio.to_thread(site.note, make_change(id="c1", project="gone"), "c2")
        events = [await stream.next(), await stream.next()]

    assert [(event.id, event.data.get("project")) for event in events if event] == [("c1", None), ("c2", "plant")]


async def test_the_answer_ends_by_itself_and_nothing_is_missed(folder: Path) -> None:
    async with serving(folder, life=0.3) as site:
        async with site.listen("?after=") as first:
            assert await first.next() is None
        await asyncio.to_thread(site.note, "c1")
        async with site.listen("?after=") as second:
            event = await second.next()

    assert event is not None
    assert event.id == "c1"


async def test_it_outlives_the_lifetime_of_other_connections(folder: Path) -> None:
    """The server ends them after so many seconds; the route has asked for more."""
    config, lexicons = load_folder(folder)
    app = App(config, lexicons, clock=lambda: NOW)
    ticker = Ticker(lambda: app.ledger)
    app.on_commit(ticker.wake)
    every = APIRouter(dependencies=[Depends(Gate(local))])
    every.include_router(Events(Board(app), ticker).router())
    server = WebServer([every], host="127.0.0.1", port=0, lifetime=0.5)
    await server.start()
    site = Site(app, ticker, f"http://127.0.0.1:{server.port}")
    async with site.listen("?after=") as stream:
        await asyncio.sleep(1)
        await asyncio.to_thread(site.note, "c1")
        event = await stream.next()
    await server.close()
    app.close()

    assert event is not None
    assert event.id == "c1"


async def test_only_so_many_may_listen(folder: Path) -> None:
    async with serving(folder, most=2) as site:
        async with site.listen(), site.listen(), aiohttp.ClientSession() as session:
            await until(lambda: site.ticker.listeners == 2)
            async with session.get(f"{site.address}/events") as refused:
                assert (refused.status, refused.headers["Retry-After"]) == (503, "60")
        await until(lambda: site.ticker.listeners == 0)
        async with site.listen():
            pass


async def test_nobody_looks_while_nobody_listens(folder: Path) -> None:
    async with serving(folder, period=0.01) as site:
        async with site.listen("?after="):
            await until(lambda: site.ticker.listeners == 1)
        await until(lambda: site.ticker.listeners == 0)
        with patch.object(site.app.ledger, "changes", wraps=site.app.ledger.changes) as asked:
            await asyncio.sleep(0.1)
            assert not asked.called
            async with site.listen("?after="):
                await until(lambda: asked.called)


async def test_a_program_of_another_site_hears_nothing(folder: Path) -> None:
    async with (
        serving(folder) as site,
        aiohttp.ClientSession() as session,
        session.get(f"{site.address}/events", headers={"Host": "evil.example"}) as answer,
    ):
        assert answer.status == 404


async def test_changes_of_long_ago_are_not_told_again(folder: Path) -> None:
    async with serving(folder) as site:
        await asyncio.to_thread(site.note, make_change(id="c1", at=NOW - timedelta(days=9)))
        async with site.listen("?after=c1") as stream:
            await asyncio.to_thread(site.note, "c2")
            event = await stream.next()

    assert event is not None
    assert event.id == "c2"
