"""The headers that protect the reader are on every answer, whatever is answered."""

import asyncio

import aiohttp
import pytest

from tests.browser.conftest import Serving
from tests.browser.sheets import SHEETS
from tests.browser.worlds import WORLDS

#: What is no page, and what goes wrong: a method, the path, and the status of the answer.
OTHERS = (
    ("GET", "/health", 200),
    ("GET", "/static/style.css", 200),
    ("GET", "/static/icon.svg", 200),
    ("GET", "/static/other.css", 404),
    ("GET", "/changes.atom", 200),
    ("GET", "/expected.ics", 200),
    ("GET", "/api/v1/projects", 200),
    ("GET", "/api/v1/openapi.json", 200),
    ("GET", "/api/v1/projects/other", 404),
    ("GET", "/api/v1/projects?limit=0", 422),
    ("POST", "/api/v1/projects", 405),
    ("GET", "/projects/other", 404),
    ("GET", "/?number=0", 422),
    ("GET", "/nothing", 404),
    ("POST", "/", 404),
    ("OPTIONS", "/", 404),
)
#: The same of a monitor on the internet.
PUBLIC = (
    ("GET", "/websub/token", 404),
    ("POST", "/websub/token", 404),
    ("POST", "/unsubscribe/token", 400),
    ("GET", "/", 303),
)


async def test_every_answer_protects_its_reader(serve: Serving) -> None:
    asked = [
        *((sheet.world, "GET", sheet.path, sheet.status) for sheet in SHEETS),
        *(("working", *other) for other in OTHERS),
        *(("public", *other) for other in PUBLIC),
    ]
    async with aiohttp.ClientSession() as session:
        for world, method, path, status in asked:
            async with session.request(method, await serve(world) + path, allow_redirects=False) as answer:
                assert answer.status == status, path
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy, path
                assert "frame-ancestors 'none'" in policy, path
                assert "unsafe" not in policy, path
                assert answer.headers["X-Content-Type-Options"] == "nosniff", path
                # With no-referrer on a page, browsers send "Origin: null" with its forms.
                referrer = "same-origin" if answer.content_type == "text/html" else "no-referrer"
                assert answer.headers["Referrer-Policy"] == referrer, path


async def test_what_is_no_http_is_answered_with_the_same(serve: Serving) -> None:
    for world in WORLDS:
        host, _, port = (await serve(world)).removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"\0 nonsense\r\n\r\n")
        answer = (await reader.read()).decode()
        writer.close()
        await writer.wait_closed()

        assert answer.startswith("HTTP/1.1 400")
        assert "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'" in answer
        assert "X-Content-Type-Options: nosniff" in answer


async def test_a_bug_is_answered_with_the_same(serve: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    address = await serve("working")
    monkeypatch.setattr("monitor.ledger.store.SQLLedger.changes", None)
    async with aiohttp.ClientSession() as session, session.get(f"{address}/changes") as answer:
        assert answer.status == 500
        assert "default-src 'none'; frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
