"""The guided path: what is watched, what would be found, who is told, a test message."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from monitor.app.first_run import told_at
from monitor.settings.init import init
from tests.servers import LoopbackServer, Reply
from tests.web.conftest import rss
from tests.web.visiting import browsing, text

_ACME = "name=Acme+plant&who=Acme%2C+Acme+Works&what=cathode&where=Port"


@pytest.fixture
def outside() -> Iterator[LoopbackServer]:
    with LoopbackServer() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path, outside: LoopbackServer) -> Path:
    """A configuration as ``monitor init`` writes it, whose news searches ask a server here."""
    outside.routes["/search"] = Reply(body=rss("Acme begins to build in Port", "Something else"))
    made = tmp_path / "c"
    init(made)
    (made / "monitor.yaml").write_text(
        "reader: {use: 'tests.readers.hits:HitReader'}\nweb: {port: 0}\nfetch: {allow_private: [127.0.0.0/8]}\n"
    )
    address = f"{outside.url('/search')}?q={{query}}&l={{language}}"
    (made / "feeds.yaml").write_text(f"engines: {{google: '{address}&e=g', bing: '{address}&e=b'}}\nfeeds:\n")
    return made


async def test_a_new_operator_is_led_from_a_name_to_a_test_message(folder: Path, outside: LoopbackServer) -> None:
    outside.routes["/hook"] = Reply(body=b"")
    async with browsing(folder) as browser:
        _, overview = await browser.get("/")
        assert 'href="/start"' in overview

        status, found = await browser.post("/start", "/start", name="Acme plant", who="Acme, Acme Works", where="Port")
        assert status == 303
        assert "Acme" not in (folder / "projects.yaml").read_text()

        status, looked = await browser.post(found, found)
        assert "Acme begins to build in Port Acme plant" in text(looked)

        status, told = await browser.post(found.replace("/found", "/watch"), found)
        assert (status, told) == (303, "/start/told?project=acme-plant")
        assert "who: [Acme, Acme Works]" in (folder / "projects.yaml").read_text()
        assert "projects: [acme-plant]" in (folder / "feeds.yaml").read_text()

        hook = outside.url("/hook")
        status, test = await browser.post(told, told, to=hook, name="Desk", language="fr", send="daily")
        assert (status, test) == (303, "/start/test?project=acme-plant&subscriber=Desk")
        assert 'digest: "0 8 * * *"' in (folder / "subscribers.yaml").read_text()

        _, page = await browser.get(test)
        destination = re.findall(r'name="destination" value="([^"]+)"', page)
        assert len(destination) == 1
        status, sent = await browser.post(test, test, destination=unescape(destination[0]))
        assert "The test message was sent." in sent
        assert any(each.path == "/hook" for each in outside.requests)

        _, done = await browser.get(test.replace("/test", "/done"))
        assert all(name in done for name in ("projects.yaml", "feeds.yaml", "subscribers.yaml", "Desk"))


async def test_what_is_missing_is_said_beside_its_field_in_the_language_of_the_reader(folder: Path) -> None:
    async with browsing(folder) as browser:
        before = (folder / "subscribers.yaml").read_text()
        status, nameless = await browser.post("/start?lang=fr", "/start?lang=fr")
        assert (status, 'id="name-error">Écrivez un nom' in nameless) == (422, True)
        status, vague = await browser.post("/start", "/start", name="Acme plant", what="cathode")
        assert (status, 'id="who-error">Name a company' in vague) == (422, True)
        told = "/start/told?project=example-plant"
        for typed, said in (
            ({}, "Write a mail address"),
            ({"to": "desk"}, "neither a mail address"),
            ({"to": "desk@example.org"}, "No mail account is set up."),
        ):
            status, page = await browser.post(told, told, **typed)
            assert status == 422
            assert said in unescape(page).partition('id="to-error">')[2][:80]
        status, page = await browser.post(told, told, to="console://", name="Terminal")
        assert (status, 'id="name-error">Somebody has this name' in page) == (422, True)
        assert (folder / "subscribers.yaml").read_text() == before


async def test_a_second_project_of_the_same_words_shares_the_search(folder: Path) -> None:
    async with browsing(folder) as browser:
        for _ in range(2):
            status, told = await browser.post(f"/start/watch?{_ACME}", f"/start/found?{_ACME}")
            assert status == 303
        assert told == "/start/told?project=acme-plant-2"
        assert (folder / "feeds.yaml").read_text().count("projects: [acme-plant") == 1


async def test_each_step_can_be_resumed_at_its_address(folder: Path) -> None:
    async with browsing(folder) as browser:
        _, page = await browser.get(f"/start/found?{_ACME}")
        assert "who: [Acme, Acme Works]" in unescape(page)
        assert 'href="/start?name=Acme+plant' in page
        _, again = await browser.get(f"/start?{_ACME}")
        assert 'value="Acme, Acme Works"' in again
        for step in ("told", "test", "done"):
            assert (await browser.get(f"/start/{step}?project=example-plant"))[0] == 200
            assert (await browser.get(f"/start/{step}?project=nothing"))[0] == 404


async def test_a_hostile_text_writes_nothing_but_itself(folder: Path) -> None:
    hostile = "x: [${HOME}, '\"<b>"
    async with browsing(folder) as browser:
        _, found = await browser.post("/start", "/start", name=hostile, who="Acme", where="Port")
        _, page = await browser.get(found)
        assert "<b>" not in page
        status, _ = await browser.post(found.replace("/found", "/watch"), found)
        assert status == 303
        assert browser.app.watch.projects["x-home-b"].name == {"": hostile}
        path = f"/start/done?project={quote('x-home-b')}"
        assert "<b>" not in (await browser.get(path))[1]


def test_a_mail_address_goes_by_the_server_that_was_given() -> None:
    sent = told_at("you@example.org", server="mail.example", user="me@mail.example", password="p:/@")
    assert sent == "mailtos://me%40mail.example:p%3A%2F%40@mail.example?to=you@example.org&from=me%40mail.example"
    assert told_at("you@example.org") == "you@example.org"
    assert told_at("https://hooks.example/x") == "jsons://hooks.example/x"
    assert told_at("slack://a/b/c") == "slack://a/b/c"
