"""The page on what reads: a language model is tried in the background, and an admin lets it read."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.app import trials
from monitor.readers import endpoint
from monitor.settings.init import init
from tests.fakes import FakeReader
from tests.played import CHAT, completion, play, poor_answer, title_of
from tests.readers.hits import HITS
from tests.servers import LoopbackServer, Reply
from tests.web.visiting import Browser, browsing, text


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackServer]:
    monkeypatch.setattr(trials, "reader_factory", lambda *_, **__: lambda *_: FakeReader())
    with LoopbackServer() as server:
        play(server, "good", "other")
        monkeypatch.setattr(endpoint, "USUAL", {server.url("/v1"): "Ollama"})
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "c"
    init(made)
    (made / "monitor.yaml").write_text("reader: {use: 'tests.readers.hits:HitReader'}\nweb: {port: 0}\n")
    return made


async def over(browser: Browser) -> str:
    """The page once the trial is over."""
    for _ in range(600):
        _, shown = await browser.get("/reader")
        if "Stop the trial" not in shown:
            return shown
        await asyncio.sleep(0.05)
    raise AssertionError("the trial does not end")


async def test_a_model_is_tried_in_the_background_and_let_read(folder: Path, server: LoopbackServer) -> None:
    url = server.url("/v1")
    async with browsing(folder) as browser:
        _, shown = await browser.get("/reader")
        assert f"Read by: {HITS}" in text(shown)
        assert f"Ollama: {url} good, other" in text(shown)

        assert await browser.post("/reader/try", "/reader", endpoint=url, model="good") == (303, "/reader")
        shown = await over(browser)
        assert re.search(r"Both together \(F1\) (0\.9\d|1\.00) 0\.00", text(shown))
        assert "Tokens for an article 2,000 –" in text(shown)
        assert "100 articles would cost about 200,000 tokens." in text(shown)
        assert "Recommended." in text(shown)
        assert "llm" not in (folder / "monitor.yaml").read_text()

        assert await browser.post("/reader/use", "/reader") == (303, "/reader?done=used")
        assert f'llm: {{endpoint: "{url}", model: good}}' in (folder / "monitor.yaml").read_text()
        _, shown = await browser.get("/reader?done=used")
        assert f"A language model reads: good, at {url}. Beside it reads: trained." in text(shown)

        await browser.post("/reader/use", "/reader", name="trained")
        assert "use: trained" in (folder / "monitor.yaml").read_text()


async def test_a_trial_shows_how_far_it_is_and_can_be_stopped(folder: Path, server: LoopbackServer) -> None:
    server.routes[CHAT] = Reply(delay=60)
    async with browsing(folder) as browser:
        await browser.post("/reader/try", "/reader", endpoint=server.url("/v1"), model="good")
        _, shown = await browser.get("/reader")
        assert "0 of 40 articles are read." in text(shown)
        status, shown = await browser.post("/reader/try", "/reader", endpoint=server.url("/v1"), model="other")
        assert (status, "Another trial is running." in text(shown)) == (422, True)

        await browser.post("/reader/stop", "/reader")

        assert "It was stopped." in text(await over(browser))


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(status=401), "The endpoint does not accept the key, or wants one."),
        (Reply(status=404), "The endpoint has no such model"),
        (completion("garbage"), "It gave no usable answer to the first articles."),
    ],
)
async def test_what_fails_is_told(folder: Path, server: LoopbackServer, reply: Reply, said: str) -> None:
    server.routes[CHAT] = reply
    async with browsing(folder) as browser:
        await browser.post("/reader/try", "/reader", endpoint=server.url("/v1"), model="good")

        shown = await over(browser)

    assert said in text(shown)
    assert "Let this model read" not in shown


async def test_a_model_that_reads_poorly_is_not_recommended(folder: Path, server: LoopbackServer) -> None:
    turns = iter(range(100))
    server.routes[CHAT] = lambda request: completion("no" if next(turns) % 2 else poor_answer(title_of(request)))
    async with browsing(folder) as browser:
        await browser.post("/reader/try", "/reader", endpoint=server.url("/v1"), model="good")

        assert "Not recommended." in text(await over(browser))


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"model": "good"}, "Fill this in."),
        ({"endpoint": "ftp://x", "model": "good"}, "Not saved: a field is filled in wrongly."),
        (
            {"endpoint": "http://127.0.0.1:1/v1", "model": "m", "api_key": "sk-secret-123"},
            "Write where the key is kept",
        ),
        ({"endpoint": "http://127.0.0.1:1/v1", "model": "m", "api_key": "${UNSET_KEY}"}, "UNSET_KEY is not set"),
    ],
)
async def test_what_is_filled_in_wrongly_is_told_beside_its_field(
    folder: Path, server: LoopbackServer, form: dict[str, str], said: str
) -> None:
    async with browsing(folder) as browser:
        status, shown = await browser.post("/reader/try", "/reader", **form)

    assert status == 422
    assert said in text(shown)
    assert "sk-secret-123" not in shown
    assert not server.asked(CHAT)
