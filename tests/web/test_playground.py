"""Trials of articles in the browser: what would be read, and what would follow. Nothing is stored."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlencode

import aiohttp
import pytest

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.core.access import Actor, Role
from monitor.core.model import MAX_TEXT, Reading
from monitor.errors import HostileError
from monitor.web.access import Visitor, csrf_token
from monitor.web.pages.throttle import A_MINUTE, WorkThrottle
from monitor.workers.crew import OverLimitError
from tests.builders import NOW, make_article, make_claim, make_poll
from tests.core.reading.texts import PLANT, make_text
from tests.core.reading.trained.explained import explained
from tests.ledger.decisions import nothing
from tests.readers.hits import HITS
from tests.servers import LoopbackServer, Reply
from tests.web.test_articles import database, keep, told
from tests.web.test_pages import HOSTILE, Client, Tags, folder, foreign, served, text

__all__ = ["database", "folder"]

NEWS = "Nemo broke ground on its plant on 3 May 2026. Production is expected to start in 2027."
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"


@pytest.fixture(autouse=True, scope="module")
def read_once() -> None:
    """Compiles what the first reading in this process needs, for which no reader of a page would wait."""
    explained(make_text(f"BTR: {NEWS}", published="2026-11-23"), PLANT)


@asynccontextmanager
async def playing(folder: Path, role: Role = Role.OPERATOR) -> AsyncIterator[Client]:
    async def ada(_: object) -> Visitor:
        return Visitor(Actor("ada", role), csrf_token("ada"))

    with patch("monitor.web.access.local", ada):
        async with served(folder, is_filled=False) as client:
            yield client


async def post(client: Client, path: str = "/playground", **form: str) -> tuple[int, str, Mapping[str, str]]:
    """Send the form as a browser does: that of a text in parts, the others encoded."""
    fields = {"csrf": csrf_token("ada"), **form}
    kind, body = "application/x-www-form-urlencoded", urlencode(fields)
    if path == "/playground":
        kind = "multipart/form-data; boundary=edge"
        head = '--edge\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
        body = "".join(head.format(*each) for each in fields.items()) + "--edge--\r\n"
    async with (
        aiohttp.ClientSession() as session,
        session.post(client.address + path, data=BytesIO(body.encode()), headers={"Content-Type": kind}) as answer,
    ):
        return answer.status, await answer.text(), answer.headers


def stored(folder: Path) -> tuple[int, int, int]:
    """How many articles, changes and deliveries there are."""
    app = App(*load_folder(folder), clock=lambda: NOW)
    try:
        return len(app.ledger.articles()), len(app.ledger.changes()), len(app.outbox.deliveries())
    finally:
        app.close()


async def test_a_text_shows_what_is_read_what_would_change_and_who_would_be_alerted(database: Path) -> None:
    async with playing(database) as client:
        empty, _, _ = await client.get("/playground")
        status, page, _ = await post(client, title="News", text=NEWS, date="2026-11-23")

    said = text(page)
    assert (empty, status) == (200, 200)
    assert "construction: reached, 3 May 2026" in said
    assert "Status – construction, Reported by one source, not yet confirmed" in said
    assert "Desk" in said.partition("Who would be alerted")[2]
    assert '<mark class="well">Nemo broke ground on its plant on 3 May 2026.</mark>' in page
    assert "claimed" in said, "the notes say what became of each mark"
    assert stored(database) == (0, 0, 0)


async def test_a_text_of_today_is_news_against_what_was_known_this_morning(database: Path) -> None:
    """A day without an hour began before the article of this morning."""
    with closing(App(*load_folder(database), clock=lambda: NOW)) as app:
        reading = Reading(language="en", projects=("plant",), claims=(make_claim(stage="suspended"),), facts=())
        known = make_article("a1", day=0, reading=reading)
        app.ledger.record(make_poll(known), nothing)
    async with playing(database) as client:
        _, page, _ = await post(client, text="Nemo has resumed work on its plant.", date=str(NOW.date()))

    assert "Nothing would move." not in text(page)


async def test_what_is_long_over_would_alert_nobody(database: Path) -> None:
    async with playing(database) as client:
        _, page, _ = await post(client, text=NEWS, date="2026-06")

    assert "Nobody." in page
    assert "history" in page


async def test_a_page_is_fetched_and_tried(database: Path) -> None:
    body = f"<html lang=en><title>News</title><article><h1>News</h1><p>{NEWS}</p><p>{'More of it. ' * 40}</p></article>"
    with LoopbackServer() as outside:
        outside.routes["/news"] = Reply(body=body.encode(), headers={"Content-Type": "text/html"})
        async with playing(database) as client:
            status, page, _ = await post(client, "/playground/page", address=outside.url("/news"))

    assert status == 200
    assert "construction: reached, 3 May 2026" in text(page)
    assert stored(database) == (0, 0, 0)


@pytest.mark.parametrize(
    "address",
    ["", "javascript:alert(1)", "file:///etc/passwd", "ftp://example.org/", "http://[", "https://" + "x" * 2000],
)
async def test_what_is_no_web_address_is_not_fetched(database: Path, address: str) -> None:
    async with playing(database) as client:
        with patch("monitor.feeds.fetch.GuardedFetcher.fetch", side_effect=AssertionError):
            status, page, _ = await post(client, "/playground/page", address=address)

    assert status == 422
    assert "Write an address that begins with https:// or http://." in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize("target", ["http://127.0.0.1:9/", "http://169.254.169.254/", "file:///etc/passwd"])
async def test_an_address_inside_the_network_is_refused_also_behind_a_redirect(database: Path, target: str) -> None:
    (database / "monitor.yaml").write_text(
        (database / "monitor.yaml").read_text().replace("127.0.0.0/8", "127.0.0.1/32")
    )
    with LoopbackServer() as outside:
        outside.routes["/away"] = Reply(status=302, headers={"Location": target.replace("127.0.0.1:9", "127.0.0.2:9")})
        async with playing(database) as client:
            through, page, _ = await post(client, "/playground/page", address=outside.url("/away"))
            straight, direct, _ = await post(client, "/playground/page", address="http://10.0.0.1/")

    assert (through, straight) == (422, 422)
    assert "It could not be read:" in page
    assert "It could not be read:" in direct
    assert "root:" not in page


async def test_a_stored_article_is_read_again(database: Path) -> None:
    keep(database, told("a1", make_claim(), words=NEWS))
    before = stored(database)
    async with playing(database) as client:
        _, article, _ = await client.get("/articles/a1")
        status, page, _ = await post(client, "/articles/a1/reading")
        gone, _, _ = await post(client, "/articles/other/reading")

    assert 'action="/articles/a1/reading"' in article
    assert (status, gone) == (200, 404)
    assert "construction: reached" in text(page)
    assert stored(database) == before


async def test_a_long_text_is_read_up_to_its_limit(database: Path) -> None:
    async with playing(database) as client:
        with patch("monitor.web.pages.playground.try_article") as trying:
            trying.side_effect = HostileError("", "it takes longer than 30 seconds to read")
            status, page, _ = await post(client, text=NEWS + "x" * 1_000_000)
            (_, given), _ = trying.call_args
        huge, _, _ = await post(client, text="x" * 3_000_000)

    assert len(given.text) == MAX_TEXT
    assert status == 422
    assert "A limit was hit: it takes longer than 30 seconds to read" in text(page)
    assert len(page) < 2 * MAX_TEXT
    assert huge == 413


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "text"),
        ({"text": " \n"}, "text"),
        ({"text": NEWS, "date": "soon"}, "date"),
        ({"text": NEWS, "date": "1066"}, "date"),
        ({"text": NEWS, "date": "2999"}, "date"),
        ({"text": NEWS, "language": HOSTILE}, "language"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    database: Path, form: dict[str, str], field: str
) -> None:
    title = "" if field == "text" else HOSTILE
    async with playing(database) as client:
        status, page, _ = await post(client, title=title, outlet=HOSTILE, **form)

    assert status == 422
    assert f'id="{field}-error"' in page
    values = [each.get("value") for tag, each in Tags(page).found if tag == "input" and each.get("name") == "outlet"]
    assert values == [HOSTILE]
    assert not [tag for tag, _ in foreign(page) if tag in {"script", "img"}]


async def test_nothing_of_a_hostile_text_is_live(database: Path) -> None:
    hostile = f"{HOSTILE} Nemo {HOSTILE} broke ground {OVERRIDE} on its plant </textarea>{HOSTILE}"
    async with playing(database) as client:
        status, page, headers = await post(client, title=hostile, text=hostile, outlet=hostile, date="2026-11-23")

    tags = Tags(page).found
    assert status == 200
    assert "onerror" in page, "the hostile text is shown, as text"
    assert not [tag for tag, _ in foreign(page) if tag in {"script", "img", "iframe", "object"}]
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on") or name == "style"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    shown = page.partition("<textarea")[0]
    assert OVERRIDE not in shown
    assert "U+202E" in shown


async def test_only_operators_may_try(database: Path) -> None:
    async with playing(database, Role.VIEWER) as client:
        _, overview, _ = await client.get("/")
        answers = [
            (await client.get("/playground"))[0],
            (await post(client, text=NEWS))[0],
            (await post(client, "/playground/page", address="https://example.org/"))[0],
            (await post(client, "/articles/a1/reading"))[0],
        ]

    assert answers == [403] * 4
    assert "/playground" not in overview


async def test_many_trials_within_a_minute_are_refused(database: Path) -> None:
    with patch("monitor.web.pages.throttle.A_MINUTE", 1):
        async with playing(database) as client:
            first, _, _ = await post(client, text=NEWS)
            second, page, _ = await post(client, text=NEWS)

    assert (first, second) == (200, 429)
    assert "Try it again in a minute." in page
    assert NEWS in page


async def test_what_takes_too_long_is_said_and_nothing_else_begins_meanwhile() -> None:
    now = NOW
    throttle: WorkThrottle[int] = WorkThrottle(lambda: now)
    ended = asyncio.Event()

    async def endless() -> int:
        await ended.wait()
        raise OverLimitError("too long")

    async def quick() -> int:
        return 1

    with pytest.raises(TimeoutError):
        await throttle.run(endless(), 0.0)
    assert not throttle.has_room()
    ended.set()
    await asyncio.sleep(0)
    assert throttle.has_room()
    for _ in range(A_MINUTE - 1):
        assert await throttle.run(quick(), 5.0) == 1
    assert not throttle.has_room()
    now = NOW + timedelta(minutes=1)
    assert throttle.has_room()


async def test_a_page_that_takes_too_long_says_so(database: Path) -> None:
    with patch("monitor.web.pages.playground._PATIENCE", 0.0):
        async with playing(database) as client:
            status, page, _ = await post(client, text=NEWS)

    assert status == 422
    assert "A limit was hit: reading takes longer than 0 seconds." in page


@pytest.mark.usefixtures("real_workers")
async def test_a_text_that_breaks_its_worker_says_which_limit_was_hit(database: Path) -> None:
    settings = (database / "monitor.yaml").read_text().replace(HITS, "tests.readers.plugged:SlowReader")
    (database / "monitor.yaml").write_text(f"{settings}workers: {{time: 1s}}\n")
    async with playing(database) as client:
        with patch("monitor.web.pages.playground._PATIENCE", 120.0):
            status, page, _ = await post(client, text="Nemo broke ground.")

    assert status == 422
    assert "A limit was hit: it takes longer than 1 seconds to read" in text(page)


@pytest.mark.usefixtures("real_workers")
async def test_a_text_is_read_in_a_worker(database: Path) -> None:
    with patch("monitor.web.pages.throttle.A_MINUTE", 1_000):  # the clock stands still
        async with playing(database) as client:
            # The first reading of a worker takes its time.
            while (answer := await post(client, text=NEWS, date="2026-11-23"))[0] in {422, 429}:
                assert "A limit was hit" in answer[1] or "Try it again in a minute" in answer[1]
                await asyncio.sleep(1)

    status, page, _ = answer
    assert status == 200
    assert "construction: reached, 3 May 2026" in text(page)
    assert 'class="explained"' in page
