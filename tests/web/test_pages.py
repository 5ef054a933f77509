"""The pages and the API, over HTTP, against a monitor with a database."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from unittest.mock import patch
from urllib.parse import quote

import aiohttp
import pytest

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.core.model import Reading, State
from monitor.core.periods import Period
from monitor.errors import InputError, LedgerError
from monitor.poll.push import Intake
from monitor.ports import FeedRecord
from monitor.watch.watch import News, decider
from monitor.web.permissions import PERMISSIONS
from monitor.web.server import WebServer
from monitor.web.site import site
from tests.builders import NOW, make_article, make_claim, make_fact, make_poll

PROJECTS = """
projects:
  - id: plant
    name: {en: "Nemo plant <b>", fr: Usine Nemo, ar: مصنع نيمو}
    who: [Nemo]
    phases: [{name: Line 1, words: [first line]}]
  - {id: quiet, name: Quiet harbour, who: [Quiet]}
"""
FEEDS = "feeds:\n  - {url: 'https://example.org/feed.xml?key=topsecret1', name: Example Daily}\n"
SUBSCRIBERS = """
subscribers:
  - {name: Desk, to: ['json://127.0.0.1:9/hook'], projects: ['*']}
  - {name: Archive, to: ['json://127.0.0.1:9/all'], projects: ['*']}
"""
SETTINGS = "reader: {use: 'tests.readers.hits:HitReader'}\nweb: {port: 0}\nfetch: {allow_private: [127.0.0.0/8]}\n"
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
PATHS = (
    "/",
    "/brief",
    "/projects/plant",
    "/projects/plant/brief",
    "/projects/quiet",
    "/projects/quiet/brief",
    "/changes",
    "/alerts",
    "/feeds",
)
API = ("/projects", "/projects/plant", "/projects/plant/timeline", "/changes", "/feeds", "/deliveries")


class Client:
    """A browser without scripts."""

    def __init__(self, server: WebServer, app: App) -> None:
        self.address = f"http://127.0.0.1:{server.port}"
        self.app = app

    async def get(self, path: str, *, method: str = "GET", **headers: str) -> tuple[int, str, Mapping[str, str]]:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self.address + path, headers=sent, allow_redirects=False) as answer,
        ):
            return answer.status, await answer.text(), answer.headers

    async def json(self, path: str) -> dict[str, object]:
        status, body, _ = await self.get(f"/api/v1{path}")
        assert status == 200, body
        found: dict[str, object] = json.loads(body)
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "config"
    made.mkdir()
    for name, written in (
        ("projects", PROJECTS),
        ("feeds", FEEDS),
        ("subscribers", SUBSCRIBERS),
        ("monitor", SETTINGS),
    ):
        (made / f"{name}.yaml").write_text(written)
    return made


def fill(app: App) -> None:
    """Two articles on one project, one of them hostile, and what follows from them."""
    decide = decider(app.watch, News(since=NOW - timedelta(days=7), now=NOW))
    expected = make_claim(
        stage="operating", state=State.EXPECTED, date=Period.parse("2026-09"), evidence=HOSTILE, phase="Line 1"
    )
    building = make_claim(stage="construction", date=Period.parse("2026-03"), evidence="Works began <i>in</i> March.")
    late = make_claim(stage="operating", state=State.EXPECTED, date=Period.parse("2026-09"), evidence="Soon.")
    first = Reading(language="en", projects=("plant",), claims=(building, expected, late), facts=(make_fact(),))
    second = Reading(language="en", projects=("plant",), claims=(building,), facts=())
    articles = (
        make_article("a1", day=-3, reading=first, outlet=HOSTILE, url="javascript:alert(3)"),
        make_article("a2", day=-2, reading=second, outlet="Other Daily", url="https://example.org/2?a=1&b=<2>"),
    )
    feed = FeedRecord(url="https://example.org/feed.xml?key=topsecret1", polled_at=NOW, failures=2, last_error=HOSTILE)
    app.ledger.record(make_poll(*articles, feed=feed.url, polled_at=NOW, failures=2, last_error=HOSTILE), decide)


@asynccontextmanager
async def served(folder: Path, *, is_filled: bool = True) -> AsyncIterator[Client]:
    config, lexicons = load_folder(folder)
    app = App(config, lexicons, clock=lambda: NOW)
    if is_filled:
        fill(app)
    server = site(app, Intake(1_000))
    await server.start()
    try:
        yield Client(server, app)
    finally:
        await server.close()
        app.close()


class Tags(HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def foreign(page: str) -> list[tuple[str, dict[str, str | None]]]:
    """The tags of a page without the scripts of the pages themselves."""
    own = {"/static/zone.js", "/static/live.js", "/static/editor.js"}
    return [each for each in Tags(page).found if each[0] != "script" or each[1].get("src") not in own]


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


async def test_the_overview_says_where_every_project_stands(folder: Path) -> None:
    async with served(folder) as client:
        status, page, headers = await client.get("/")

    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    said = text(page)
    assert "Nemo plant &lt;b&gt;" in said
    assert "construction since March 2026" in said
    assert "start of operation, September 2026 overdue since 1 October 2026: 55 days" in said
    assert "Quiet harbour nothing known yet" in said
    assert "Moved in the last seven days" in said


async def test_a_project_shows_its_proof_and_who_was_alerted(folder: Path) -> None:
    async with served(folder) as client:
        _, page, _ = await client.get("/projects/plant")

    said = text(page)
    assert "Works began &lt;i&gt;in&lt;/i&gt; March." in said
    assert "Confirmed by 2 independent sources" in said
    assert "investment 3 billion" in said
    assert "Line 1" in said
    assert "Desk" in said
    assert '<svg viewBox="0 0 800 320"' in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "This is partial: 2 feeds are not read yet."),
        ("fr", "Ceci est partiel\u00a0: 2 flux ne sont pas encore lus."),
        ("ar", "هذا جزئي: مصدران لم يُقرآ بعد."),
    ],
)
async def test_the_overview_says_that_feeds_are_not_read_yet(folder: Path, language: str, words: str) -> None:
    more = "  - {url: 'https://example.org/2', name: Two}\n  - {url: 'https://example.org/3', name: Three}\n"
    async with served(folder) as client:
        _, whole, _ = await client.get(f"/?lang={language}")
    (folder / "feeds.yaml").write_text(FEEDS + more)
    async with served(folder) as client:
        _, partial, _ = await client.get(f"/?lang={language}")

    assert words in partial.replace("\n", " ")
    assert 'class="warn"' not in whole


async def test_the_legend_of_a_chart_names_only_what_it_shows(folder: Path) -> None:
    async with served(folder) as client:
        _, page, _ = await client.get("/projects/plant")
        _, french, _ = await client.get("/projects/plant?lang=fr")

    assert 'class="diagonal"' not in page
    assert "A level line holds, a rising one slips; the red line is today." in text(page)
    assert "diagonal" not in text(page) + text(french)


async def test_a_project_is_shown_as_it_was_known_on_a_day(folder: Path) -> None:
    async with served(folder) as client:
        _, then, _ = await client.get(f"/projects/plant?as_of={NOW.date() - timedelta(days=9)}")
        _, future, _ = await client.get("/projects/plant?as_of=2999-01-01")
        _, no_day, _ = await client.get("/projects/plant?as_of=yesterday")

    assert "nothing known yet" in text(then)
    assert "construction since March 2026" in text(future)
    assert "construction since March 2026" in text(no_day)


@pytest.mark.parametrize(
    ("language", "word"), [("fr", "Projets"), ("ar", "المشاريع"), ("zh", "项目"), ("es", "Proyectos")]
)
async def test_pages_speak_the_language_of_the_reader(folder: Path, language: str, word: str) -> None:
    async with served(folder) as client:
        _, asked, _ = await client.get("/", Accept_Language=f"xx, {language}-XX;q=0.9, en;q=0.1")
        _, chosen, _ = await client.get(f"/?lang={language}", Accept_Language="en")

    assert asked.count(f"<h1>{word}</h1>") == 1
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in chosen
    assert f'href="/feeds?lang={language}"' in chosen
    assert f'<input type="hidden" name="lang" value="{language}">' in chosen


async def test_pages_are_english_for_all_others(folder: Path) -> None:
    async with served(folder, is_filled=False) as client:
        pages = [
            (await client.get("/", Accept_Language=accepted))[1]
            for accepted in ("", "de", "*", "en;q=x, fr;q=0", ",;,")
        ]

    assert all('<html lang="en" dir="ltr">' in page for page in pages)


async def test_projects_are_searched_and_ordered(folder: Path) -> None:
    async with served(folder) as client:
        _, found, _ = await client.get("/?q=HARBOUR&order=news")
        _, none, _ = await client.get("/?q=%3Cscript%3E")
        _, ordered, _ = await client.get("/?order=next&number=1")
        wrong, _, _ = await client.get("/?order=sideways")

    assert "/projects/quiet?" not in found
    assert "Quiet harbour" in found
    assert "Nemo" not in text(found).partition("Order")[2]
    assert "No project has these words." in none
    assert 'value="&lt;script&gt;"' in none
    assert ordered.index("Nemo plant") < ordered.index("Quiet harbour")
    assert wrong == 422


async def test_a_monitor_of_which_nothing_is_known_yet_says_so(folder: Path) -> None:
    (folder / "subscribers.yaml").unlink()
    (folder / "feeds.yaml").unlink()
    async with served(folder, is_filled=False) as client:
        pages = [text((await client.get(path))[1]) for path in ("/changes", "/alerts", "/feeds", "/projects/plant")]

    changes, alerts, feeds, project = pages
    assert "Nothing has moved yet." in changes
    assert "Nobody has subscribed." in alerts
    assert "No feed is configured." in feeds
    assert "Nothing was said of it yet." in project


async def test_feeds_and_alerts_are_listed_without_their_secrets(folder: Path) -> None:
    async with served(folder) as client:
        _, feeds, _ = await client.get("/feeds")
        _, alerts, _ = await client.get("/alerts?state=pending")
        _, dead, _ = await client.get("/alerts?state=dead")

    assert "failed 2 times in a row" in feeds
    assert "topsecret1" not in feeds
    assert "announced" not in dead
    assert "Desk<br>" in alerts
    assert "Desk<br>" not in dead


async def test_changes_go_on_on_the_next_page(folder: Path) -> None:
    with patch("monitor.web.pages.overview._CHANGES", 1):
        async with served(folder) as client:
            seen, path = [], "/changes"
            while path:
                _, page, _ = await client.get(path)
                seen.append(text(page).partition("Changes Changes")[2] or text(page))
                more = re.search(r'href="(/changes\?before=[0-9a-f]+)"', page)
                path = more[1] if more else ""
            total = len((await client.json("/changes"))["items"])  # type: ignore[arg-type]  # a list

    assert len(seen) == total > 2
    assert len(set(seen)) == total


async def test_long_lists_have_several_pages(folder: Path) -> None:
    with patch("monitor.web.pages.overview._PROJECTS", 1):
        async with served(folder, is_filled=False) as client:
            _, first, _ = await client.get("/")
            _, second, _ = await client.get("/?number=2")

    assert "Nemo plant" in first
    assert 'href="/?number=2" rel="next"' in first
    assert "Quiet harbour" in second
    assert 'href="/?number=1" rel="prev"' in second


async def test_nothing_of_a_hostile_text_is_live(folder: Path) -> None:
    async with served(folder) as client:
        answers = {path: await client.get(path) for path in PATHS}

    assert "onerror" in answers["/projects/plant"][1], "the hostile text is shown, as text"
    for _, page, headers in answers.values():
        tags = Tags(page).found
        scripts = [attributes["src"] for tag, attributes in tags if tag == "script"]
        assert set(scripts) <= {"/static/zone.js", "/static/live.js"}
        assert not [tag for tag, _ in tags if tag in {"img", "iframe", "object"}]
        links = [attributes.get("href") or "" for _, attributes in tags if "href" in attributes]
        assert all(link.startswith(("/", "#", "http://", "https://")) for link in links)
        assert not [name for _, attributes in tags for name in attributes if name.startswith("on") or name == "style"]
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"


async def test_pages_ask_for_nothing_from_elsewhere(folder: Path) -> None:
    async with served(folder) as client:
        pages = [(await client.get(path))[1] for path in PATHS]
        loaded = {
            attributes[name] or ""
            for page in pages
            for tag, attributes in Tags(page).found
            for name in ("src", "href")
            if tag in {"link", "script", "img"} and name in attributes
        }
        answers = [await client.get(each) for each in sorted(loaded, reverse=True)]

    files = {"/static/style.css", "/static/icon.svg", "/static/live.js", "/static/zone.js"}
    assert loaded == {*files, "/changes.atom?lang=en"}
    assert {status for status, _, _ in answers} == {200}
    kinds = {headers["Content-Type"].partition(";")[0] for _, _, headers in answers}
    assert kinds == {"text/css", "text/javascript", "image/svg+xml", "application/atom+xml"}


async def test_what_is_not_there_is_not_found(folder: Path) -> None:
    paths = ("/projects/other", "/projects/", "/static/other.css", "/static/..%2Fsite.py", "/docs", "/openapi.json")
    async with served(folder, is_filled=False) as client:
        assert [(await client.get(path))[0] for path in paths] == [404] * len(paths)


async def test_only_people_at_this_machine_may_see_them(folder: Path) -> None:
    elsewhere = (
        {"Host": "monitor.example.org"},
        {"Host": "127.0.0.1.example.org:80"},
        {"Host": "[2001:db8::1]:80"},
        {"Host": "[::1].evil.test"},
        {"Host": "[::1]evil.test:80"},
        {"Host": "localhost:80.evil.test"},
        {"Host": "evil.test@localhost"},
        {"X-Forwarded-For": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
        {"Via": "1.1 proxy"},
    )
    async with served(folder, is_filled=False) as client:
        answers = [
            await client.get(path, **headers)
            for headers in elsewhere
            for path in (*PATHS, "/api/v1/projects", "/api/v1/openapi.json", "/changes.atom")
        ]

    assert {status for status, _, _ in answers} == {303, 401}
    assert not [body for _, body, _ in answers if "Nemo" in body]


async def test_this_machine_has_several_names(folder: Path) -> None:
    hosts = ("localhost", "LOCALHOST:8080", "monitor.localhost", "[::1]:8080")
    async with served(folder, is_filled=False) as client:
        assert [(await client.get("/", Host=host))[0] for host in hosts] == [200] * len(hosts)


@pytest.mark.parametrize("web", ["{port: 0, host: 0.0.0.0}", "{port: 0, public: 'https://monitor.example.org'}"])
async def test_what_the_world_can_reach_shows_strangers_nothing(folder: Path, web: str) -> None:
    (folder / "monitor.yaml").write_text(
        f"reader: {{use: 'tests.readers.hits:HitReader'}}\nweb: {web}\nfetch: {{allow_private: [127.0.0.0/8]}}\n"
    )
    async with served(folder, is_filled=False) as client:
        assert (await client.get("/health"))[0] == 200
        answers = [await client.get(path) for path in (*PATHS, "/changes.atom", "/api/v1/projects")]
        _, login, _ = await client.get("/login")

    assert [status for status, _, _ in answers] == [303] * len(PATHS) + [401, 401]
    assert not [body for _, body, _ in answers if "Nemo" in body]
    assert "monitor users add NAME --role admin" in login
    assert '<input type="password"' not in login


async def test_the_api_gives_what_the_commands_print(folder: Path) -> None:
    async with served(folder) as client:
        projects = await client.json("/projects")
        one = await client.json("/projects/plant")
        timeline = await client.json("/projects/plant/timeline")
        feeds = await client.json("/feeds")
        deliveries = await client.json("/deliveries?state=pending")

    assert [each["project"] for each in projects["items"]] == ["plant", "quiet"]  # type: ignore[attr-defined]  # a list
    assert projects["items"][0] == one  # type: ignore[index]  # a list
    assert one["status"] == "construction"
    assert {"reports", "corrections", "changes"} <= timeline.keys()
    assert "topsecret1" not in json.dumps(feeds)
    assert {each["subscriber"] for each in deliveries["items"]} == {"Desk", "Archive"}  # type: ignore[attr-defined]  # a list


@pytest.mark.parametrize(
    ("path", "key"), [("/projects", "project"), ("/changes", "id"), ("/deliveries", "id"), ("/subscribers", "name")]
)
async def test_a_list_goes_on_after_its_cursor(folder: Path, path: str, key: str) -> None:
    async with served(folder) as client:
        whole = await client.json(path)
        found, after = [], ""
        while True:
            page = await client.json(f"{path}?limit=1{after}")
            found += [each[key] for each in page["items"]]  # type: ignore[attr-defined]  # a list
            if page["next"] is None:
                break
            after = f"&after={page['next']}"

    assert found == [each[key] for each in whole["items"]]  # type: ignore[attr-defined]  # a list
    assert len(found) > 1


async def test_a_page_of_feeds_goes_on_after_the_last_name(folder: Path) -> None:
    with (folder / "feeds.yaml").open("a") as file:
        file.write("  - {url: 'https://example.org/2', name: Second}\n")
    async with served(folder) as client:
        first = await client.json("/feeds?limit=1")
        second = await client.json("/feeds?limit=1&after=Example%20Daily")

    assert first["next"] == "Example Daily"
    assert [each["name"] for each in second["items"]] == ["Second"]  # type: ignore[attr-defined]  # a list
    assert second["next"] is None


async def test_the_api_says_who_is_told_and_why_a_feed_is_polled(folder: Path) -> None:
    async with served(folder) as client:
        change = (await client.json("/changes?limit=1"))["items"][0]["id"]  # type: ignore[index]  # a list
        hearings = json.loads((await client.get(f"/api/v1/changes/{change}/hearings"))[1])
        by_name = json.loads((await client.get("/api/v1/feeds/Example%20Daily"))[1])
        address = quote("https://example.org/feed.xml?key=topsecret1", safe="")
        by_address = json.loads((await client.get(f"/api/v1/feeds/{address}"))[1])

    assert {each["subscriber"]: each["told"] for each in hearings} == {"Desk": True, "Archive": True}
    assert by_name == by_address
    assert (by_name[0]["failures"], by_name[0]["moves"]) == (2, 0)
    assert "topsecret1" not in json.dumps(by_name)


async def test_tables_are_those_of_the_command(folder: Path) -> None:
    async with served(folder) as client:
        _, claims, _ = await client.get("/api/v1/export/claims")
        _, table, headers = await client.get("/api/v1/export/milestones?format=csv&project=plant")
        with patch("monitor.web.api.routes.write_table", side_effect=InputError("pyarrow is missing")):
            missing, _, _ = await client.get("/api/v1/export/changes?format=parquet")

    assert {json.loads(line)["project"] for line in claims.splitlines()} == {"plant"}
    assert table.splitlines()[0].lstrip("\ufeff").startswith("project,name,status,stage")
    assert headers["Content-Disposition"] == 'attachment; filename="milestones.csv"'
    assert missing == 501


async def test_a_dead_delivery_is_due_again_on_demand_and_it_is_known_who_asked(folder: Path) -> None:
    async with served(folder) as client:
        bundle = client.app.outbox.acquire(worker="w", now=NOW, lease=timedelta(seconds=60), limit=1)[0]
        numbers = [each.id for each in bundle.deliveries]
        client.app.outbox.mark_failed(
            numbers, worker="w", message="m", now=NOW, outcome="refused", retry_at=None, may_have_arrived=False
        )
        retry = f"/api/v1/deliveries/{numbers[0]}/retry"
        first = await client.get(retry, method="POST", **{"Content-Type": "application/json"})
        again = await client.get(retry, method="POST", **{"Content-Type": "application/json"})
        bare = await client.get(retry, method="POST")
        forged = await client.get(retry, method="POST", Origin="https://evil.example")
        done = client.app.audit.entries(limit=9)

    assert [json.loads(each[1]) for each in (first, again)] == [{"due": 1}, {"due": 0}]
    assert (forged[0], bare[0]) == (403, 403)
    assert [(each.actor, each.action, each.target) for each in done] == [("local", "deliveries.retry", str(numbers[0]))]


async def test_claims_are_decided_on_over_the_api(folder: Path) -> None:
    async with served(folder) as client:
        items = (await client.json("/reviews?all=true"))["items"]
        open_claims: dict[str, str] = {each["stage"] or "": each["claim"] for each in items if "stage" in each}  # type: ignore[attr-defined]  # a list
        wrong, doubted = open_claims["construction"], open_claims["operating"]

        async def decide(claim: str, verdict: str, **more: object) -> tuple[int, dict[str, object]]:
            async with (
                aiohttp.ClientSession() as session,
                session.post(
                    f"{client.address}/api/v1/reviews", json={"claim": claim, "verdict": verdict, **more}
                ) as answer,
            ):
                return answer.status, await answer.json()

        corrected = await decide(wrong, "correct", date="2026-02", reason="Seen on site")
        undone = await decide(wrong, "undo")
        refused = [
            await decide("plant:zzz", "confirm"),
            await decide(doubted, "correct"),
            await decide(doubted, "correct", date="soon"),
            await decide(doubted, "correct", value=3),
            await decide(doubted, "assign", project="plant"),
            await decide(doubted, "undo"),
            await decide(doubted, "think"),
        ]
        assigned = await decide(doubted, "assign", project="quiet")
        decided = (await client.json("/reviews/decided"))["items"]
        done = client.app.audit.entries(limit=9)

    assert corrected[0] == 200
    assert (corrected[1]["verdict"], corrected[1]["by"], corrected[1]["reason"]) == ("correct", "local", "Seen on site")
    assert corrected[1]["instead"]["date"] == "2026-02"  # type: ignore[index]  # a mapping
    assert undone[1]["undone_by"] == "local"
    assert [status for status, _ in refused] == [404, 409, 409, 409, 409, 409, 422]
    assert assigned[1]["instead"]["project"] == "quiet"  # type: ignore[index]  # a mapping
    assert [each["claim"] for each in decided] == [doubted, wrong]  # type: ignore[attr-defined]  # a list
    assert [(each.action, each.target) for each in done] == [
        ("claims.assign", doubted),
        ("claims.undo", wrong),
        ("claims.correct", wrong),
    ]


async def test_the_api_shows_the_past(folder: Path) -> None:
    async with served(folder) as client:
        then = await client.json(f"/projects/plant?as_of={NOW.date() - timedelta(days=9)}")
        timeline = await client.json("/projects/plant/timeline?as_of=2026-01-01")
        listed = await client.json("/projects?as_of=2026-01-01")

    assert then["status"] is None
    assert timeline["changes"] == timeline["reports"] == []
    assert listed["items"][0]["status"] is None  # type: ignore[index]  # a list


async def test_an_unchanged_answer_is_not_sent_again(folder: Path) -> None:
    async with served(folder) as client:
        _, _, headers = await client.get("/api/v1/projects")
        again = await client.get("/api/v1/projects", If_None_Match=f'"other", W/{headers["ETag"]}')
        other = await client.get("/api/v1/feeds", If_None_Match=headers["ETag"])

    assert again[:2] == (304, "")
    assert again[2]["ETag"] == headers["ETag"]
    assert other[0] == 200


async def test_a_problem_is_told_as_one(folder: Path) -> None:
    expected = {
        "/projects/other": 404,
        "/projects/other/timeline": 404,
        "/changes?project=other": 404,
        "/projects?after=other": 404,
        "/nothing": 404,
        "/projects?limit=0": 422,
        "/projects?limit=many": 422,
        "/projects?as_of=soon": 422,
        "/changes?after=%00": 422,
        "/deliveries?state=lost": 422,
        "/deliveries?after=x": 422,
        "/changes/ab/hearings": 404,
        "/changes/other/hearings": 422,
        "/feeds/other": 404,
        "/subscribers?after=other": 404,
        "/export/claims?project=other": 404,
        "/export/secrets": 422,
        "/export/claims?format=xls": 422,
    }
    async with served(folder) as client:
        answers = {path: await client.get(f"/api/v1{path}") for path in expected}
        ends = [(await client.get(f"/api/v1/projects?as_of={day}"))[0] for day in ("0001-01-01", "9999-12-31")]

    assert {path: status for path, (status, _, _) in answers.items()} == expected
    assert {headers["Content-Type"] for _, _, headers in answers.values()} == {"application/problem+json"}
    problems = {path: json.loads(body) for path, (_, body, _) in answers.items()}
    assert {path: problem["status"] for path, problem in problems.items()} == expected
    assert all(problem["detail"] for problem in problems.values())
    assert ends == [200, 200]


async def test_while_the_database_refuses_clients_are_to_come_again(folder: Path) -> None:
    async with served(folder) as client:
        with patch("monitor.know.queries.Knowledge.listed", side_effect=LedgerError("locked")):
            status, body, headers = await client.get("/api/v1/projects")

    assert status == 503
    assert json.loads(body)["title"] == "Service Unavailable"
    assert headers["Retry-After"] == "60"


async def test_the_api_describes_itself(folder: Path) -> None:
    async with served(folder, is_filled=False) as client:
        described = await client.json("/openapi.json")

    served_there = {path.replace(":path", "") for path in PERMISSIONS if path.startswith("/api/v1/")}
    assert served_there - {"/api/v1/openapi.json"} == set(described["paths"])  # type: ignore[call-overload]  # a mapping


async def test_feed_readers_and_calendars_subscribe(folder: Path) -> None:
    async with served(folder) as client:
        _, feed, feed_headers = await client.get("/changes.atom?lang=fr")
        _, calendar, calendar_headers = await client.get("/expected.ics")
        _, french, _ = await client.get("/expected.ics?lang=fr")
        _, other, _ = await client.get("/changes.atom?project=quiet")
        _, items, json_headers = await client.get("/changes.json?lang=fr")
        _, none, _ = await client.get("/expected.ics?project=quiet")
        unknown = [
            (await client.get(f"{path}?project=other"))[0]
            for path in ("/changes.atom", "/changes.json", "/expected.ics")
        ]
        with patch("monitor.web.subscriptions.calendar", side_effect=InputError("icalendar is missing")):
            missing, _, _ = await client.get("/expected.ics")

    assert feed_headers["Content-Type"].startswith("application/atom+xml")
    assert "Usine Nemo" in feed
    assert "<entry>" not in other
    assert calendar_headers["Content-Type"].startswith("text/calendar")
    assert "UID:plant.operating@milestone-monitor" in calendar
    assert "SEQUENCE:0" in calendar
    assert "X-WR-CALNAME:Jalons attendus" in french
    assert "entrée en exploitation\\, échéance" in french.replace("\r\n ", "")
    assert json_headers["Content-Type"] == "application/feed+json"
    assert [each["id"] for each in json.loads(items)["items"]] == re.findall("<id>(urn:.*:change:.*)</id>", feed)
    assert json.loads(items)["items"][0]["title"] in unescape(feed)
    assert "VEVENT" not in none
    assert [*unknown, missing] == [404, 404, 404, 404]


async def test_nothing_can_be_changed(folder: Path) -> None:
    methods = ("POST", "PUT", "DELETE", "PATCH")
    async with served(folder, is_filled=False) as client:
        pages = {(await client.get(path, method=method))[0] for path in PATHS for method in methods}
        api = {(await client.get(f"/api/v1{path}", method=method))[0] for path in API for method in methods}

    assert pages == {404}
    assert api == {405}
