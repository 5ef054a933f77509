"""The configuration in the browser: shown with what is wrong, edited, never harmed, and undone."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import aiohttp
import pytest
from fastapi import APIRouter, Depends, Request

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.core.access import Actor, Role
from monitor.core.model import Reading
from monitor.ports import SignUp
from monitor.watch.watch import News, decider
from monitor.web.access import CSRF_FIELD, Gate, Visitor, csrf_token
from monitor.web.pages.configuration import ConfigurationPages
from monitor.web.pages.items import ItemPages
from monitor.web.pages.what_if import _TRYING
from monitor.web.server import WebServer
from tests.builders import NOW, make_article, make_claim, make_poll

PROJECTS = "projects:\n  - {id: plant, name: Plant, who: [Nemo]}\n"
SUBSCRIBERS = "subscribers:\n  - {name: Desk, to: ['json://127.0.0.1:9/topsecret']}\n"
SETTINGS = "reader: {use: 'tests.readers.hits:HitReader'}\nweb: {port: 0}\nfetch: {allow_private: [127.0.0.0/8]}\n"
TOKEN = csrf_token("secret")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "config"
    made.mkdir()
    for name, text in (("projects", PROJECTS), ("subscribers", SUBSCRIBERS), ("monitor", SETTINGS)):
        (made / f"{name}.yaml").write_text(text)
    return made


class Editor:
    """A browser without scripts."""

    def __init__(self, app: App, address: str) -> None:
        self.app, self._address = app, address

    async def get(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(self._address + path) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, form: Mapping[str, str]) -> tuple[int, str]:
        with aiohttp.MultipartWriter("form-data") as body:
            for field, value in {CSRF_FIELD: TOKEN, **form}.items():
                body.append(BytesIO(value.encode())).set_content_disposition("form-data", name=field)
        async with (
            aiohttp.ClientSession() as session,
            session.post(self._address + path, data=body, allow_redirects=False) as answer,
        ):
            return answer.status, answer.headers.get("Location", "") or await answer.text()

    async def load(self, name: str) -> dict[str, str]:
        """The form of a file as it is filled in at first."""
        status, page = await self.get(f"/configuration/files/{name}")
        assert status == 200
        return filled(page)


def filled(page: str) -> dict[str, str]:
    """What the form of a page sends."""
    digest = re.search(r'name="digest" value="(\w*)"', page)
    text = re.search(r'<textarea id="text"[^>]*>\n(.*)</textarea>', page, re.DOTALL)
    assert digest is not None
    return {"digest": digest[1], **({"text": unescape(text[1])} if text else {})}


def fields(page: str) -> dict[str, str]:
    """What the form of an item sends."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r' name="(field[^"]*|search[^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name is not None and (" checked" in tag or not re.search('type="(radio|checkbox)"', tag)):
            found[name[1]] = value[1] if value is not None else "on"
    areas = re.findall(r'<textarea id="[^"]*" name="([^"]*)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    chosen = re.findall(r'<select id="[^"]*" name="([^"]*)"[^>]*>(?:(?!</select>).)*?value="([^"]*)" selected', page)
    return {**filled(page), **{name: unescape(text) for name, text in (*found.items(), *areas, *chosen)}}


LATER = "Not in use before the next start of the service: "


def words(page: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", page).split()))


@asynccontextmanager
async def editing(folder: Path, role: Role = Role.ADMIN) -> AsyncIterator[Editor]:
    async def identify(request: Request) -> Visitor:
        assert request
        return Visitor(Actor("ada", role), TOKEN)

    app = App(*load_folder(folder), clock=lambda: NOW)
    router = APIRouter(dependencies=[Depends(Gate(identify))])
    router.include_router(ConfigurationPages(app).router())
    router.include_router(ItemPages(app).router())
    server = WebServer([router], host="127.0.0.1", port=0)
    await server.start()
    try:
        yield Editor(app, f"http://127.0.0.1:{server.port}")
    finally:
        await server.close()
        app.close()


async def test_the_files_are_listed_with_who_has_edited_them(folder: Path) -> None:
    async with editing(folder) as browser:
        status, page = await browser.get("/configuration")

    assert status == 200
    assert "The service uses these files as they are." in words(page)
    assert re.search(r"projects.yaml is there .* outside of these pages", words(page))
    assert "feeds.yaml not there yet" in words(page)


async def test_what_waits_for_the_next_start_is_named_until_then(folder: Path) -> None:
    edit = SETTINGS.replace("port: 0", "port: 8123") + "timezone: Europe/Paris\n"
    async with editing(folder) as browser:
        form = await browser.load("monitor.yaml")
        _, checked = await browser.post("/configuration/files/monitor.yaml", {**form, "text": edit, "action": "check"})
        _, there = await browser.post("/configuration/files/monitor.yaml", {**form, "text": edit, "action": "save"})
        _, saved = await browser.get(there)
        browser.app.reconfigure(*load_folder(folder))
        _, taken = await browser.get("/configuration")
        (folder / "monitor.yaml").write_text(SETTINGS)
        browser.app.reconfigure(*load_folder(folder))
        _, undone = await browser.get("/configuration")

    for page in (checked, saved, taken):
        assert f"{LATER}web.port" in words(page)
        assert f"{LATER}web.port," not in words(page)
    assert "The service uses these files, but for what waits for its next start." in words(taken)
    assert LATER not in words(undone)
    assert "The service uses these files as they are." in words(undone)


async def test_an_invalid_file_is_told_with_its_line_and_what_the_service_does(folder: Path) -> None:
    async with editing(folder) as browser:
        (folder / "projects.yaml").write_text(PROJECTS.replace("name", "nmae"))
        _, listed = await browser.get("/configuration")
        _, page = await browser.get("/configuration/files/projects.yaml")

    assert "The service goes on with the former configuration." in words(listed)
    assert '<a href="/configuration/files/projects.yaml#line-2"' in listed
    assert '<a href="#line-2"' in page
    assert re.search(r'<div id="line-2" class="line bad">.*</div>\n<p class="note bad"[^>]*>projects\[0\]', page)


async def test_a_good_edit_is_saved_and_told(folder: Path) -> None:
    async with editing(folder, Role.OPERATOR) as browser:
        form = await browser.load("projects.yaml")
        edited = form["text"].replace("Nemo", "Nemo, Acme").replace("\n", "\r\n")
        checked = await browser.post("/configuration/files/projects.yaml", {**form, "text": edited, "action": "check"})
        assert (folder / "projects.yaml").read_text() == PROJECTS
        saved = await browser.post(
            "/configuration/files/projects.yaml?lang=fr", {**form, "text": edited, "action": "save"}
        )
        _, after = await browser.get("/configuration/files/projects.yaml?saved=1")
        (entry,) = browser.app.audit.entries(limit=10)

    assert (checked[0], saved) == (200, (303, "/configuration/files/projects.yaml?lang=fr&saved=1"))
    assert "This text is valid. Nothing was saved yet." in words(checked[1])
    assert "Saved." in words(after)
    assert (folder / "projects.yaml").read_text() == PROJECTS.replace("Nemo", "Nemo, Acme")
    assert (entry.actor, entry.action, entry.target) == ("ada", "configuration.save", "projects.yaml")


async def test_a_bad_edit_is_shown_again_with_what_is_wrong(folder: Path) -> None:
    async with editing(folder) as browser:
        form = await browser.load("projects.yaml")
        form["text"] = "\n<b>" + form["text"]
        status, page = await browser.post("/configuration/files/projects.yaml", {**form, "action": "save"})

    assert status == 422
    assert "Not saved: the configuration could not be loaded with this text." in words(page)
    assert filled(page) == form
    assert (folder / "projects.yaml").read_text() == PROJECTS


async def test_of_two_editors_the_second_sees_both_texts_and_may_then_decide(folder: Path) -> None:
    path = "/configuration/files/projects.yaml"
    async with editing(folder) as browser:
        form = await browser.load("projects.yaml")
        (folder / "projects.yaml").write_text(PROJECTS + "# theirs\n")
        form["text"] += "# mine\n"
        status, page = await browser.post(path, {**form, "action": "save"})
        assert (folder / "projects.yaml").read_text() == PROJECTS + "# theirs\n"
        again = await browser.post(path, {**filled(page), "action": "save"})

    assert status == 409
    assert filled(page)["text"] == form["text"]
    assert "-# theirs +# mine" in words(page)
    assert again[0] == 303
    assert (folder / "projects.yaml").read_text() == PROJECTS + "# mine\n"


async def test_two_who_save_at_the_same_time_do_not_both_succeed(folder: Path) -> None:
    path = "/configuration/files/projects.yaml"
    async with editing(folder) as browser:
        form = await browser.load("projects.yaml")
        edits = [{**form, "text": f"{form['text']}# {number}\n", "action": "save"} for number in range(4)]
        answers = await asyncio.gather(*(browser.post(path, edit) for edit in edits))

    assert sorted(status for status, _ in answers) == [303, 409, 409, 409]


async def test_an_operator_sees_no_secret_on_any_page_and_may_not_edit_the_settings(folder: Path) -> None:
    (folder / "monitor.yaml").write_text(SETTINGS + "operator: {to: 'json://127.0.0.1:9/ops-token'}\n")
    async with editing(folder, Role.OPERATOR) as browser:
        form = await browser.load("subscribers.yaml")
        form["text"] = form["text"].replace("Desk", "Board")
        saved = await browser.post("/configuration/files/subscribers.yaml", {**form, "action": "save"})
        paths = ("", "/files/subscribers.yaml", "/files/monitor.yaml", "/history", "/history/1", "/history/2")
        pages = [await browser.get(f"/configuration{path}") for path in paths]
        refused = await browser.post("/configuration/files/monitor.yaml", {"text": "", "action": "save"})

    assert saved[0] == 303
    assert (folder / "subscribers.yaml").read_text() == SUBSCRIBERS.replace("Desk", "Board")
    assert [status for status, _ in pages] == [200] * len(pages)
    assert not [secret for secret in ("topsecret", "ops-token") for _, page in pages if secret in page]
    assert "<textarea" not in pages[2][1]
    assert refused[0] == 403


FEEDS = """feeds:
  - {url: 'https://example.org/feed.xml?key=topsecret1', name: One}
  - {url: 'https://ada:topsecret2@example.org/feed.xml', name: Two}
"""


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMIN])
async def test_a_file_is_shown_without_its_secrets_and_keeps_them_when_it_is_edited(folder: Path, role: Role) -> None:
    (folder / "feeds.yaml").write_text(FEEDS)
    async with editing(folder, role) as browser:
        _, page = await browser.get("/configuration/files/feeds.yaml")
        form = filled(page)
        edited = form["text"].replace("name: One", "name: First").replace("name: Two", "name: Second")
        saved, _ = await browser.post("/configuration/files/feeds.yaml", {**form, "text": edited, "action": "save"})
        _, item = await browser.get("/configuration/edit/subscribers/item?name=Desk")
        named, _ = await browser.post(
            "/configuration/edit/subscribers/item?name=Desk", {**fields(item), "field.language": "fr", "action": "save"}
        )

    assert "topsecret" not in page + item
    assert [each.count("Show the secrets") for each in (page, item)] == [int(role is Role.ADMIN)] * 2
    assert (saved, named) == (303, 303)
    assert (folder / "feeds.yaml").read_text() == FEEDS.replace("One", "First").replace("Two", "Second")
    assert "/topsecret'" in (folder / "subscribers.yaml").read_text()


@pytest.mark.parametrize(("role", "is_shown"), [(Role.OPERATOR, False), (Role.ADMIN, True)])
async def test_only_an_admin_who_asks_sees_the_secrets_of_a_file(folder: Path, role: Role, *, is_shown: bool) -> None:
    (folder / "feeds.yaml").write_text(FEEDS)
    async with editing(folder, role) as browser:
        _, page = await browser.get("/configuration/files/feeds.yaml?secrets=1")
        form = filled(page)
        saved, _ = await browser.post(
            "/configuration/files/feeds.yaml?secrets=1",
            {**form, "text": form["text"].replace("One", "First"), "action": "save"},
        )
        _, item = await browser.get("/configuration/edit/subscribers/item?name=Desk&secrets=1")

    assert ("topsecret1" in page and "topsecret2" in page and "topsecret" in item) is is_shown
    assert "Show the secrets" not in page + item
    assert saved == 303
    assert (folder / "feeds.yaml").read_text() == FEEDS.replace("One", "First")


@pytest.mark.parametrize(
    "name", ["..%2Fsecrets.yaml", "../secrets.yaml", "%2Fetc%2Fpasswd", "lexicons/..%2F..%2Fx.yaml", "x.yaml", "a%00"]
)
async def test_no_other_file_can_be_named(folder: Path, name: str) -> None:
    (folder.parent / "secrets.yaml").write_text("topsecret")
    async with editing(folder) as browser:
        shown = await browser.get(f"/configuration/files/{name}")
        sent = await browser.post(f"/configuration/files/{name}", {"text": "x", "action": "save"})

    assert (shown[0], sent[0]) == (404, 404)


async def test_a_text_of_ten_megabytes_is_not_taken(folder: Path) -> None:
    async with editing(folder) as browser:
        form = await browser.load("projects.yaml")
        huge = await browser.post("/configuration/files/projects.yaml", {**form, "text": "x" * 10_000_000})
        large = await browser.post("/configuration/files/projects.yaml", {**form, "text": "x" * 950_000})

    assert (huge[0], large[0]) == (413, 422)
    assert "has more than 900 kB" in words(large[1])[:5_000]


async def test_a_folder_that_cannot_be_written_is_shown_without_an_editor(folder: Path) -> None:
    async with editing(folder) as browser:
        form = await browser.load("projects.yaml")
        with patch("monitor.settings.whole.os.access", return_value=False):
            _, page = await browser.get("/configuration/files/projects.yaml")
            sent = await browser.post("/configuration/files/projects.yaml", {**form, "action": "save"})

    assert "is read-only here, as in a container" in words(page)
    assert "<textarea" not in page
    assert sent[0] == 422


async def test_a_full_disk_is_told_and_the_text_is_kept_in_the_form(folder: Path) -> None:
    async with editing(folder) as browser:
        form = await browser.load("projects.yaml")
        form["text"] += "# more\n"
        with patch("monitor.settings.whole.os.fsync", side_effect=OSError(28, "No space left on device")):
            status, page = await browser.post("/configuration/files/projects.yaml", {**form, "action": "save"})

    assert status == 422
    assert "No space left on device" in words(page)
    assert filled(page) == form


async def test_an_edit_is_undone_from_the_history(folder: Path) -> None:
    async with editing(folder, Role.OPERATOR) as browser:
        form = await browser.load("projects.yaml")
        form["text"] += "# more\n"
        await browser.post("/configuration/files/projects.yaml", {**form, "action": "save"})
        _, listed = await browser.get("/configuration/history?file=projects.yaml")
        newest = re.findall(r"/configuration/history/(\d+)", listed)[0]
        _, page = await browser.get(f"/configuration/history/{newest}")
        undone = await browser.post(f"/configuration/history/{newest}", filled(page))
        again = await browser.post(f"/configuration/history/{newest}", filled(page))

    assert "+# more" in words(page)
    assert "-# more" in words(page)
    assert undone == (303, "/configuration/files/projects.yaml?saved=1")
    assert (folder / "projects.yaml").read_text() == PROJECTS
    assert again[0] == 409


async def test_what_is_not_in_the_history_is_not_found(folder: Path) -> None:
    async with editing(folder) as browser:
        assert (await browser.get("/configuration/history/4711"))[0] == 404
        assert (await browser.post("/configuration/history/4711", {}))[0] == 404
        assert (await browser.get("/configuration/history/99999999999999999999"))[0] == 422
        _, empty = await browser.get("/configuration/history?file=lexicons/fr.yaml")

    assert "No edit is known yet." in words(empty)


async def test_the_history_turns_its_pages(folder: Path) -> None:
    async with editing(folder) as browser:
        for number in range(55):
            (folder / "projects.yaml").write_text(PROJECTS + f"# {number}\n")
            browser.app.configuration.notice()
        _, first = await browser.get("/configuration/history")
        before = re.search(r"before=(\d+)", first)
        assert before is not None
        _, second = await browser.get(f"/configuration/history?before={before[1]}")

    shown = [int(number) for page in (first, second) for number in re.findall(r"/configuration/history/(\d+)", page)]
    assert shown == sorted(set(shown), reverse=True)
    assert len(shown) == 57


def fill(app: App) -> None:
    """A status change that Desk was told of, and an article on a plant that is not watched yet."""
    decide = decider(app.watch, News(since=NOW - timedelta(days=7), now=NOW))
    claim = make_claim(stage="construction", evidence="Works on the Nemo plant began.")
    read = Reading(language="en", projects=("plant",), claims=(claim,), facts=())
    unread = Reading(language="en", projects=(), claims=(), facts=())
    told = make_article("a1", day=-1, reading=read)
    other = make_article("a2", day=-1, reading=unread)
    told = replace(told, article=replace(told.article, title="Nemo", text="Works on the Nemo plant began."))
    other = replace(other, article=replace(other.article, title="Acme starts", text="Acme has begun construction."))
    app.ledger.record(make_poll(told, other), decide)


async def tried(browser: Editor, name: str, old: str, new: str, days: str = "30") -> str:
    form = await browser.load(name)
    form["text"] = form["text"].replace(old, new)
    status, page = await browser.post(f"/configuration/files/{name}", {**form, "days": days, "action": "try"})
    assert status == 200, words(page)
    return words(page.partition('id="trial"')[2].partition("</section>")[0])


async def test_a_trial_of_a_subscriber_tells_who_would_have_been_told_what(folder: Path) -> None:
    async with editing(folder) as browser:
        fill(browser.app)
        silent = await tried(browser, "subscribers.yaml", "name: Desk", "name: Desk, changes: [fact]")
        more = await tried(
            browser, "subscribers.yaml", "\n  -", "\n  - {name: Board, to: ['json://127.0.0.1:9/board']}\n  -"
        )
        same = await tried(browser, "subscribers.yaml", "name: Desk", "name: Desk, language: fr")
        earlier = await tried(browser, "subscribers.yaml", "name: Desk", "name: Desk, changes: [fact]", days="7")

    assert "Desk would not have been told of one change" in silent
    assert "Plant" in silent
    assert "Board would have been told of one more change" in more
    assert "Nothing: nobody would have been told more or less" in same
    assert "in the last 7 days" in earlier
    assert (folder / "subscribers.yaml").read_text() == SUBSCRIBERS


async def test_a_trial_names_who_would_come_and_go_though_nothing_was_for_them(folder: Path) -> None:
    idle = "  - {name: Idle, to: ['json://127.0.0.1:9/idle'], projects: [none]}\n"
    with (folder / "subscribers.yaml").open("a") as file:
        file.write(idle)
    async with editing(folder) as browser:
        fill(browser.app)
        gone = await tried(browser, "subscribers.yaml", "name: Idle", "name: Busy")
        both = await tried(browser, "subscribers.yaml", "name: Desk", "name: Board")

    assert "Would be subscribed as well: Busy Would be subscribed no longer: Idle" in gone
    assert "No change in this time was for them. Nobody else would have been told more or less" in gone
    assert "Nothing:" not in gone
    assert "Would be subscribed no longer: Desk" in both
    assert "Desk would not have been told of one change" in both
    assert "was for them" not in both


async def test_a_trial_leaves_those_who_subscribed_alone(folder: Path) -> None:
    offer = "subscribe: {from: 'mailto://127.0.0.1?from=m@x.org', domains: [x.org]}"
    (folder / "monitor.yaml").write_text(SETTINGS.replace("port: 0", f"port: 0, {offer}"))
    eve = SignUp(address="eve@x.org", projects=(), language="fr", digest=None, requested_at=NOW)
    async with editing(folder) as browser:
        browser.app.readers.request(eve, "hash", forget_before=NOW)
        browser.app.readers.confirm("hash", NOW, since=NOW)
        fill(browser.app)
        same = await tried(browser, "subscribers.yaml", "name: Desk", "name: Desk, language: fr")

    assert "Nothing: nobody would have been told more or less" in same


async def test_a_trial_of_a_project_reads_articles_again(folder: Path) -> None:
    async with editing(folder) as browser:
        fill(browser.app)
        acme = "\n  - {id: acme, name: Acme works, who: [Acme]}\n  -"
        more = await tried(browser, "projects.yaml", "\n  -", acme)
        less = await tried(browser, "projects.yaml", "Nemo", "Nautilus")

    assert "Acme starts" in more
    assert "+ Acme works" in more
    assert "Alerts that would have come as well:" in more
    assert ": Desk" in more
    assert "− Plant" in less
    assert "One of them was last read by an earlier configuration" in less


async def test_a_trial_says_what_there_was_no_time_for(folder: Path) -> None:
    async with editing(folder) as browser:
        fill(browser.app)
        with patch("monitor.web.pages.what_if.PATIENCE", 0):
            found = await tried(browser, "projects.yaml", "Nemo", "Nautilus")

    assert "0 articles were read. There was no time for the others." in found


async def test_one_trial_runs_at_a_time(folder: Path) -> None:
    async with editing(folder) as browser:
        form = await browser.load("projects.yaml")
        with patch("monitor.web.pages.what_if._WAITING", 0), _TRYING:
            status, said = await browser.post("/configuration/files/projects.yaml", {**form, "action": "try"})

    assert (status, said) == (503, "Another trial is running. Try again in a moment.\n")


async def test_an_invalid_edit_is_not_tried(folder: Path) -> None:
    async with editing(folder) as browser:
        form = await browser.load("projects.yaml")
        status, page = await browser.post("/configuration/files/projects.yaml", {**form, "text": "x", "action": "try"})

    assert status == 422
    assert 'id="trial"' not in page


async def test_a_trial_tells_of_feeds_and_of_words_of_the_vocabulary(folder: Path) -> None:
    async with editing(folder) as browser:
        fill(browser.app)
        feed = "feeds: [{url: 'https://example.org/x.xml', name: Example}]\n"
        form = await browser.load("feeds.yaml")
        _, page = await browser.post("/configuration/files/feeds.yaml", {**form, "text": feed, "action": "try"})
        form = await browser.load("lexicons/en.yaml")
        _, again = await browser.post(
            "/configuration/files/lexicons/en.yaml", {**form, "text": "events: {}\n", "action": "try"}
        )

    assert "Would be polled as well: Example" in words(page)
    assert "articles were read" in words(again) or "One article was read." in words(again)
    assert not (folder / "lexicons").exists()


FORM = "/configuration/edit/projects/item"


async def test_a_project_is_edited_in_a_form_and_the_rest_of_the_file_stays(folder: Path) -> None:
    (folder / "projects.yaml").write_text("# ours\n" + PROJECTS.replace("}", "} # one"))
    async with editing(folder, Role.OPERATOR) as browser:
        _, listed = await browser.get("/configuration/edit/projects")
        _, page = await browser.get(f"{FORM}?name=plant")
        form = {**fields(page), "field.who": "Nemo, 贝特瑞", "field.tags": "battery"}
        sent = await browser.post(f"{FORM}?name=plant", {**form, "action": "save"})
        same = await browser.post(f"{FORM}?name=plant", {**fields(page), "action": "check"})

    assert f'href="{FORM}?name=plant"' in listed
    assert sent == (303, "/configuration/edit/projects?saved=1")
    after = "# ours\nprojects:\n  - {id: plant, name: Plant, who: [Nemo, 贝特瑞], tags: [battery]} # one\n"
    assert (folder / "projects.yaml").read_text() == after
    assert same[0] == 409


async def test_a_project_is_added_with_its_searches_tried_removed_and_put_back(folder: Path) -> None:
    async with editing(folder, Role.OPERATOR) as browser:
        fill(browser.app)
        _, page = await browser.get(FORM)
        new = {**fields(page), "field.name": "Plant", "field.who": "Acme", "field.where": "Tozeur, Tunisie"}
        new |= {"search.en": "on"}
        _, trial = await browser.post(FORM, {**new, "action": "try"})
        added = await browser.post(FORM, {**new, "action": "save"})
        files = {name: (folder / name).read_text() for name in ("projects.yaml", "feeds.yaml")}
        removed = await browser.post(f"{FORM}?name=plant-2", {"action": "remove"})
        number = removed[1].partition("removed=")[2]
        without = (folder / "projects.yaml").read_text()
        back = await browser.post(f"/configuration/putting-back/{number}", {})

    assert "Would be polled as well: Google News, Plant (en)" in words(trial)
    assert (added[0], removed[0], back[0]) == (303, 303, 303)
    assert without == PROJECTS
    assert files["projects.yaml"] == (
        PROJECTS + "  - id: plant-2\n    name: Plant\n    who: [Acme]\n    where: [Tozeur, Tunisie]\n"
    )
    assert "projects: [plant-2]" in files["feeds.yaml"]
    assert {name: (folder / name).read_text() for name in files} == files


async def test_an_empty_form_is_refused_beside_its_fields_in_the_language_of_the_reader(folder: Path) -> None:
    async with editing(folder) as browser:
        _, page = await browser.get(FORM)
        status, again = await browser.post(f"{FORM}?lang=fr", {**fields(page), "action": "save"})

    assert status == 422
    assert re.search(r'id="wrong-name"[^>]*>C’est vide', again)
    assert re.search(r'id="wrong-who"[^>]*>Indiquez qui le construit', again)
    assert (folder / "projects.yaml").read_text() == PROJECTS


async def test_a_mail_address_is_typed_as_one_and_needs_an_account(folder: Path) -> None:
    path = "/configuration/edit/subscribers/item"
    new = {"field.name": "Board", "field.to.mail": "board@example.org", "action": "save"}
    async with editing(folder) as browser:
        _, page = await browser.get(path)
        new = {**fields(page), **new, **{f"field.changes.{each}": "on" for each in ("status", "schedule")}}
        status, refused = await browser.post(path, new)
        (folder / "monitor.yaml").write_text(SETTINGS + "mail: mailto://127.0.0.1?from=m@example.org\n")
        added = await browser.post(path, new)

    assert status == 422
    assert "No mail account is set up from which the monitor writes." in words(refused)
    assert added[0] == 303
    assert 'to: ["board@example.org"]' in (folder / "subscribers.yaml").read_text()


async def test_a_form_that_would_change_more_points_to_the_text(folder: Path) -> None:
    shared = "projects:\n  - {id: a, name: A, who: &w [Nemo]}\n  - {id: b, name: B, who: *w}\n"
    (folder / "projects.yaml").write_text(shared)
    async with editing(folder) as browser:
        _, page = await browser.get(f"{FORM}?name=a")
        status, again = await browser.post(f"{FORM}?name=a", {**fields(page), "field.who": "X", "action": "save"})

    assert status == 422
    assert "who is shared with others by &w" in words(again)
    assert 'href="/configuration/files/projects.yaml"' in again


async def test_what_has_no_form_is_not_found(folder: Path) -> None:
    async with editing(folder) as browser:
        assert (await browser.get("/configuration/edit/monitor"))[0] == 422
        assert (await browser.get(f"{FORM}?name=nobody"))[0] == 404
        (folder / "projects.yaml").write_text("projects: [")
        assert (await browser.get("/configuration/edit/projects"))[0] == 409
        assert (await browser.get(f"{FORM}?name=plant"))[0] == 409
