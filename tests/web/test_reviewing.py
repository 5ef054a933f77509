"""Decisions on claims, made in the browser."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from unittest.mock import patch

import aiohttp
import pytest

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.core.access import Actor, Role
from monitor.core.model import Objection, ObjectionKind, State
from monitor.core.periods import Period
from monitor.core.review import claim_id
from monitor.web.access import Visitor, csrf_token
from tests.builders import NOW, make_article, make_claim, make_fact
from tests.web.test_articles import database, keep, told
from tests.web.test_pages import HOSTILE, Client, Tags, folder, foreign, served, text

__all__ = ["database", "folder"]

SENTENCE = "Works began in March."
BUILDING = make_claim(stage="construction", date=Period.parse("2026-03"), evidence=SENTENCE)
DOUBTFUL = make_claim(stage="operating", date=Period.parse("2026-10"), confidence=0.3, evidence="It may operate.")
AMOUNT = make_fact()


def name_of(said: object, article: str = "a1") -> str:
    return claim_id(said, make_article(article).source)  # type: ignore[arg-type]  # a claim or a fact


@asynccontextmanager
async def reviewed(folder: Path, role: Role = Role.OPERATOR) -> AsyncIterator[Client]:
    """A monitor with three claims, whose visitor has this role."""
    keep(folder, told("a1", BUILDING, DOUBTFUL, AMOUNT, words=f"{SENTENCE} It may operate. 3 billion dirhams."))

    async def ada(_: object) -> Visitor:
        return Visitor(Actor("ada", role), csrf_token("ada"))

    with patch("monitor.web.access.local", ada):
        async with served(folder, is_filled=False) as client:
            yield client


async def post(client: Client, path: str, **form: str) -> tuple[int, str, Mapping[str, str]]:
    """Send the form, and give status, page and headers of the answer."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(client.address + path, data={"csrf": csrf_token("ada"), **form}, allow_redirects=False) as answer,
    ):
        return answer.status, await answer.text(), answer.headers


def shown_form(page: str) -> dict[str, str]:
    """The hidden fields of the form that asks once more."""
    form = page.partition('class="sure"')[2].partition("</form>")[0]
    found = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}
    del found["csrf"]
    return found


def kept(folder: Path) -> tuple[list[str], list[tuple[str, str, str]]]:
    """The decisions in force, and the audit log: who did what to what."""
    app = App(*load_folder(folder), clock=lambda: NOW)
    try:
        decided = [f"{each.verdict} by {each.author}" for each in app.ledger.reviews() if each.is_in_force]
        return decided, [(each.actor, each.action, each.target) for each in app.audit.entries(limit=9)]
    finally:
        app.close()


async def test_what_waits_is_listed_with_its_doubts(database: Path) -> None:
    async with reviewed(database) as client:
        _, doubtful, _ = await client.get("/review")
        _, every, _ = await client.get("/review?which=all&project=plant")
        _, none, _ = await client.get("/review?which=decided")
        wrong = [(await client.get(f"/review?{query}"))[0] for query in ("which=none", "project=other", "number=0")]

    assert "operating: reached, October 2026" in doubtful
    assert "reported, not verified: its reader was not sure" in doubtful
    assert "construction" not in text(doubtful).partition("Show")[2]
    assert f'href="/review/{name_of(BUILDING)}"' in every
    assert 'href="/articles/a1"' in every
    assert "No decisions yet." in none
    assert wrong == [422, 404, 422]


async def test_an_end_that_is_only_expected_is_offered_however_sure_it_is(database: Path) -> None:
    expected = make_claim(stage="closed", state=State.EXPECTED, date=Period.parse("2027"), confidence=0.96)
    keep(database, told("a1", expected, words=expected.evidence))

    async with served(database, is_filled=False) as client:
        _, doubtful, _ = await client.get("/review")
        _, project, _ = await client.get("/projects/plant")

    assert "closed: expected, 2027" in doubtful
    assert "ahead: a delay, a halt or an end is expected, which no status shows" in doubtful
    assert 'class="status' not in project


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "reported, not verified"),
        ("fr", "rapporté, non vérifié"),
        ("es", "publicado, sin verificar"),
        ("ar", "خبر لم يتحقق منه"),
        ("zh", "有报道，未核实"),
    ],
)
async def test_what_waits_has_one_name_on_all_pages_and_is_no_status(database: Path, language: str, words: str) -> None:
    sentence = "It is given up, <b>a neighbour</b> says."
    given_up = make_claim(stage="cancelled", date=None, confidence=0.62, evidence=sentence)
    keep(database, told("a1", given_up, words=sentence))
    paths = ("/", "/projects/plant", "/projects/plant/brief", "/review", "/articles/a1")

    async with served(database, is_filled=False) as client:
        pages = {path: (await client.get(f"{path}?lang={language}"))[1] for path in paths}

    for path, page in pages.items():
        assert words in text(page).lower(), path
        assert "&lt;b&gt;a neighbour&lt;/b&gt;" in page, path
        assert re.search(r"62\s?%", page), path
        assert 'class="status' not in page, path


@pytest.mark.parametrize(("role", "is_offered"), [(Role.OPERATOR, True), (Role.VIEWER, False)])
async def test_another_company_is_offered_to_be_watched(folder: Path, role: Role, *, is_offered: bool) -> None:
    doubt = Objection(ObjectionKind.UNNAMED, "Umicore & Co")
    keep(folder, told("a1", replace(DOUBTFUL, objection=doubt), words="It may operate."))

    async def ada(_: object) -> Visitor:
        return Visitor(Actor("ada", role), csrf_token("ada"))

    with patch("monitor.web.access.local", ada):
        async with served(folder, is_filled=False) as client:
            _, page, _ = await client.get("/review")

    assert "another company: Umicore & Co. Watch it?" in unescape(text(page))
    assert ("/start?name=Umicore+%26+Co&amp;who=Umicore+%26+Co" in page) is is_offered


async def test_a_decision_is_shown_before_it_is_made_and_changes_nothing_yet(database: Path) -> None:
    async with reviewed(database) as client:
        status, page, _ = await post(client, f"/review/{name_of(BUILDING)}", verdict="reject", reason="Another plant")
        _, confirmed, _ = await post(client, f"/review/{name_of(DOUBTFUL)}", verdict="confirm")

    said = text(page)
    assert status == 200
    assert "construction reached, March 2026, Reported by one source, not yet confirmed –" in said
    assert "Disputed start of construction no longer maintained by its source Who" in said
    assert "Nobody." in said.partition("Who would be alerted")[2], "it is history that nobody was told of"
    assert "Desk" in text(confirmed).partition("Who would be alerted")[2]
    assert kept(database) == ([], [])


async def test_what_was_seen_is_decided_and_can_be_undone(database: Path) -> None:
    path = f"/review/{name_of(BUILDING)}"
    async with reviewed(database) as client:
        _, seen, _ = await post(client, path, verdict="reject", reason="Another plant")
        status, _, headers = await post(client, f"{path}?lang=en", **shown_form(seen))
        made = kept(database)
        _, after, _ = await client.get(path)
        _, article, _ = await client.get("/articles/a1")
        _, listed, _ = await client.get("/review?which=decided")
        _, undoing, _ = await post(client, path, verdict="undo")
        undone, _, _ = await post(client, path, **shown_form(undoing))
        _, then, _ = await client.get(path)
        again, _, _ = await post(client, path, verdict="undo", sure="yes")

    assert (status, headers["Location"]) == (303, f"{path}?lang=en")
    assert made == (["reject by ada"], [("ada", "claims.reject", name_of(BUILDING))])
    assert all("Rejected by ada, 24 November 2026 (Another plant)" in text(page) for page in (after, article, listed))
    assert "construction – reached" in text(undoing), "what it was before comes back"
    assert (undone, again) == (303, 200)
    assert "Undone by ada" in then
    assert kept(database)[0] == []
    assert kept(database)[1][0][1] == "claims.undo"


@pytest.mark.parametrize(
    ("said", "form", "words"),
    [
        (DOUBTFUL, {"verdict": "confirm"}, "Status construction → operating"),
        (
            BUILDING,
            {"verdict": "correct", "stage": "completed", "state": "reached", "date": "2026-Q2"},
            "Status construction → completed",
        ),
        (BUILDING, {"verdict": "correct", "stage": "construction", "state": "expected", "date": ""}, "construction"),
        (AMOUNT, {"verdict": "correct", "value": "5e9", "unit": "MAD"}, "5 billion MAD"),
        (BUILDING, {"verdict": "assign", "project": "quiet"}, "Quiet harbour"),
    ],
)
async def test_everything_can_be_decided(database: Path, said: object, form: dict[str, str], words: str) -> None:
    path = f"/review/{name_of(said)}"
    async with reviewed(database) as client:
        _, seen, _ = await post(client, path, **form)
        status, _, _ = await post(client, path, **shown_form(seen))
        _, after, _ = await client.get(path)

    assert words in text(seen).replace("\u00a0", " ").partition("What it would change")[2]
    assert status == 303
    assert kept(database)[0] == [f"{form['verdict']} by ada"]
    assert "by ada" in text(after)


@pytest.mark.parametrize(
    ("said", "form", "field"),
    [
        (BUILDING, {}, "verdict"),
        (BUILDING, {"verdict": "forget"}, "verdict"),
        (BUILDING, {"verdict": "correct", "stage": "construction", "state": "reached", "date": "2026-03"}, "verdict"),
        (BUILDING, {"verdict": "correct", "stage": "bricks", "state": "reached"}, "stage"),
        (BUILDING, {"verdict": "correct", "stage": "construction", "state": "told"}, "state"),
        (BUILDING, {"verdict": "correct", "stage": "construction", "state": "reached", "date": "soon"}, "date"),
        (BUILDING, {"verdict": "correct", "stage": "construction", "state": "reached", "date": "2026-02-30"}, "date"),
        (BUILDING, {"verdict": "assign", "project": "plant"}, "project"),
        (BUILDING, {"verdict": "assign", "project": HOSTILE}, "project"),
        (BUILDING, {"verdict": "confirm", "reason": "x" * 501}, "reason"),
        (AMOUNT, {"verdict": "correct", "value": "nan", "unit": "MAD"}, "value"),
        (AMOUNT, {"verdict": "correct", "value": "much", "unit": "MAD"}, "value"),
        (AMOUNT, {"verdict": "correct", "value": "1" * 41, "unit": "MAD"}, "value"),
        (AMOUNT, {"verdict": "correct", "value": "1", "unit": "M\u202eD"}, "unit"),
    ],
)
async def test_what_cannot_be_decided_is_shown_again_with_the_error_at_its_field(
    database: Path, said: object, form: dict[str, str], field: str
) -> None:
    async with reviewed(database) as client:
        status, page, _ = await post(client, f"/review/{name_of(said)}", **form, sure="yes")

    assert status == 422
    assert f'id="{field}-error"' in page
    assert f'aria-describedby="{field}-error"' in page
    assert not [tag for tag, _ in foreign(page) if tag == "script"]
    assert kept(database) == ([], [])


async def test_what_was_typed_stays(database: Path) -> None:
    form = {"verdict": "correct", "stage": "completed", "state": "reached", "date": "soon", "reason": HOSTILE}
    async with reviewed(database) as client:
        _, page, _ = await post(client, f"/review/{name_of(BUILDING)}", **form, quiet="yes")

    values = {attributes.get("name"): attributes for tag, attributes in Tags(page).found if tag == "input"}
    assert values["date"]["value"] == "soon"
    assert values["reason"]["value"] == HOSTILE
    assert "checked" in values["quiet"]
    assert '<option value="completed" selected>' in page


async def test_quiet_alerts_nobody(database: Path) -> None:
    async with reviewed(database) as client:
        _, page, _ = await post(client, f"/review/{name_of(BUILDING)}", verdict="reject", quiet="yes")

    assert "Nobody." in text(page).partition("Who would be alerted")[2]


async def test_a_viewer_sees_and_does_not_decide(database: Path) -> None:
    path = f"/review/{name_of(BUILDING)}"
    async with reviewed(database, Role.VIEWER) as client:
        _, page, _ = await client.get(path)
        _, article, _ = await client.get("/articles/a1")
        status, _, _ = await post(client, path, verdict="reject", sure="yes")

    assert "<form" not in page
    assert "/review/plant" not in article
    assert status == 403
    assert kept(database) == ([], [])


@pytest.mark.parametrize("name", ["plant:00000000", "plant:", "other:12345678", "%00", "plant", "x" * 200])
async def test_a_claim_that_is_not_there_is_not_found(database: Path, name: str) -> None:
    async with reviewed(database) as client:
        assert (await client.get(f"/review/{name}"))[0] == 404
        assert (await post(client, f"/review/{name}", verdict="reject"))[0] == 404


async def test_a_long_list_has_several_pages(database: Path) -> None:
    with patch("monitor.web.pages.reviewing._CLAIMS", 2):
        async with reviewed(database) as client:
            _, first, _ = await client.get("/review?which=all")
            _, second, _ = await client.get("/review?which=all&number=2")

    assert first.count('<article class="entry claim">') == 2
    assert second.count('<article class="entry claim">') == 1
    assert 'href="/review?which=all&amp;number=2"' in first


async def test_nothing_of_a_hostile_claim_is_live(database: Path) -> None:
    evidence = f"{HOSTILE}\N{RIGHT-TO-LEFT OVERRIDE}"
    claim = make_claim(stage="operating", state=State.REACHED, confidence=0.1, evidence=evidence)
    keep(database, told("a9", claim, words=evidence, title=HOSTILE, outlet=HOSTILE, url="javascript:alert(1)"))
    async with reviewed(database) as client:
        pages = [(await client.get(path))[1] for path in ("/review?which=all", f"/review/{name_of(claim, 'a9')}")]

    for page in pages:
        assert "onerror" in page, "the hostile text is shown, as text"
        assert not [tag for tag, _ in foreign(page) if tag in {"script", "img"}]
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in page
        assert 'href="javascript' not in page


async def test_one_click_says_that_an_article_is_about_another_project_and_another_undoes_it(folder: Path) -> None:
    async with reviewed(folder) as client:
        assert "Wrong project" in (await client.get("/articles/a1"))[1]
        status, _, headers = await post(client, "/articles/a1/project", project="plant")
        assert (status, headers["Location"]) == (303, "/articles/a1")

        rejected = (await client.get("/articles/a1"))[1]
        assert rejected.count("Rejected by ada") == 3
        assert "Undo: it is about this project" in rejected
        assert (await post(client, "/articles/a1/project", project="plant"))[0] == 303

        await post(client, "/articles/a1/project?lang=fr", project="plant", undo="yes")
        assert "Rejected by ada" not in (await client.get("/articles/a1"))[1]
        assert (await post(client, "/articles/a1/project", project="plant", undo="yes"))[0] == 303


@pytest.mark.parametrize(("article", "project"), [("a1", "unknown"), ("a9", "plant")])
async def test_only_a_known_article_is_about_another_project(folder: Path, article: str, project: str) -> None:
    async with reviewed(folder) as client:
        assert (await post(client, f"/articles/{article}/project", project=project))[0] == 404


async def test_what_was_wrong_is_one_of_the_reasons(folder: Path) -> None:
    async with reviewed(folder) as client:
        path = f"/review/{name_of(BUILDING)}"
        status, page, _ = await post(client, path, verdict="reject", because="mood")
        assert status == 422
        assert "Choose what was wrong." in page
        status, page, _ = await post(client, path, verdict="reject", because="date", sure="yes")
        assert status == 303
