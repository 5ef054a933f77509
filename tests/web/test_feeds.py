"""The pages on feeds: how each is doing, trying and adding others, OPML."""

import re
from pathlib import Path
from typing import Any

import pytest

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.watch.watch import decider
from monitor.web.pages.feeds import feed_id
from tests.builders import NOW, make_article, make_poll
from tests.readers.hits import BY_HITS
from tests.servers import LoopbackServer, Reply
from tests.web.visiting import browsing, text

DAILY = "https://example.org/feed.xml?key=topsecret1"
FEEDS = f"""# Ours.
feeds:
  - url: {DAILY}  # the daily
    name: Example Daily
    trust: 0.5
  - {{url: 'https://other.example/rss', name: Other weekly}}
"""
RSS = b"""<rss version="2.0"><channel><title>Port news</title>
<item><guid>1</guid><title>Nemo builds a cathode plant</title></item>
<item><guid>2</guid><title>Weather</title></item></channel></rss>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "config"
    made.mkdir()
    (made / "projects.yaml").write_text("projects:\n  - {id: plant, name: Plant, who: [Nemo], what: [cathode]}\n")
    (made / "feeds.yaml").write_text(FEEDS)
    (made / "monitor.yaml").write_text(
        f"{BY_HITS}web: {{port: 0}}\nfetch: {{allow_private: [127.0.0.0/8], timeout: 5s}}\n"
    )
    return made


def fill(app: App, **more: Any) -> None:
    poll = make_poll(make_article("a1", day=-3), feed=DAILY, polled_at=NOW, **more)
    app.ledger.record(poll, decider(app.watch, None))


async def test_a_feed_says_how_it_is_doing(folder: Path) -> None:
    async with browsing(folder) as browser:
        failed = {"failures": 2, "last_error": "no whole answer within 30 seconds", "last_status": "failed"}
        fill(browser.app, latency=0.25, **failed)
        _, english = await browser.get(f"/feeds/{feed_id(DAILY)}")

    assert "failed 2 times in a row" in text(english)
    assert "On projects, 30 days 1" in text(english)
    assert "Answered in: 250 milliseconds" in text(english)
    assert "topsecret1" not in english


async def test_an_error_of_ours_is_in_the_readers_language(folder: Path) -> None:
    async with browsing(folder) as browser:
        fill(browser.app, failures=1, last_error="no whole answer within 30 seconds", last_status="failed")
        _, french = await browser.get(f"/feeds/{feed_id(DAILY)}?lang=fr")

    bare = text(french).translate({0x2068: None, 0x2069: None})
    assert "aucune réponse complète en 30 secondes" in bare


async def test_a_feed_in_chinese_has_no_name_of_a_user(folder: Path) -> None:
    async with browsing(folder) as browser:
        _, chinese = await browser.get(f"/feeds/{feed_id(DAILY)}?lang=zh")

    assert ">名称</label>" in chinese
    assert "用户名" not in chinese


async def test_feeds_are_found_by_words_and_by_how_they_are_doing(folder: Path) -> None:
    async with browsing(folder) as browser:
        fill(browser.app)
        _, by_word = await browser.get("/feeds?q=WEEKLY")
        _, by_state = await browser.get("/feeds?health=well")
        _, nothing = await browser.get("/feeds?q=weekly&health=well")

    assert "Other weekly" in by_word
    assert "Example Daily" not in by_word
    assert "Example Daily" in by_state
    assert "Other weekly" not in by_state
    assert "No feed is like this." in nothing


async def test_without_a_network_the_page_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with browsing(folder) as browser:
        network = browser.app.poller.network
        monkeypatch.setattr(type(network), "is_lost", property(lambda _: True))
        _, shown = await browser.get("/feeds")

    assert "There is no network. 2 feeds wait for it" in text(shown)
    assert "waits for the network" in text(shown)


async def test_a_feed_is_renamed_and_paused_and_the_file_keeps_its_comments(folder: Path) -> None:
    path = f"/feeds/{feed_id(DAILY)}"
    async with browsing(folder) as browser:
        saved = await browser.post(path, path, name="The $ Daily", trust="0,3", paused="yes")
        _, shown = await browser.get(path)
        polled = [feed.name for feed, _ in browser.app.poller.due()]
        (entry,) = browser.app.audit.entries(limit=10)

    assert saved == (303, f"{path}?done=saved")
    assert "The $ Daily" in shown
    assert "paused" in text(shown)
    assert polled == ["Other weekly"]
    written = (folder / "feeds.yaml").read_text()
    assert "# Ours." in written
    assert "# the daily" in written
    assert load_folder(folder)[0].feeds[0].trust == 0.3
    assert (entry.actor, entry.action) == ("local", "feeds.change")
    assert "topsecret1" not in str(entry)


async def test_a_wrong_trust_is_refused_and_what_was_typed_stays(folder: Path) -> None:
    path = f"/feeds/{feed_id(DAILY)}"
    async with browsing(folder) as browser:
        status, shown = await browser.post(path, path, name="Renamed", trust="very")

    assert status == 422
    assert 'value="Renamed"' in shown
    assert "Write a number between 0 and 1." in shown
    assert (folder / "feeds.yaml").read_text() == FEEDS


async def test_the_history_names_who_changed_a_feed_and_undoes_it(folder: Path) -> None:
    path = f"/feeds/{feed_id(DAILY)}"
    async with browsing(folder) as browser:
        await browser.post(path, path, name="Renamed", trust="0.5")
        _, history = await browser.get("/configuration/history")
        number = browser.app.file_editions.editions(file="feeds.yaml", limit=1)[0].id
        place = f"/configuration/history/{number}"
        _, shown = await browser.get(place)
        digest = re.search(r'name="digest" value="(\w+)"', shown)
        assert digest is not None
        undone = await browser.post(place, place, digest=digest[1])

    changed, before = [text(row) for row in re.findall("<tr>.*?</tr>", history, re.DOTALL) if "feeds.yaml" in row]
    assert "local" in changed
    assert "outside of these pages" in before
    assert undone == (303, "/configuration/files/feeds.yaml?saved=1")
    assert (folder / "feeds.yaml").read_text() == FEEDS


async def test_what_stood_there_before_any_edit_cannot_be_taken_back(folder: Path) -> None:
    async with browsing(folder) as browser:
        await browser.post(f"/feeds/{feed_id(DAILY)}", f"/feeds/{feed_id(DAILY)}", name="Renamed", trust="0.5")
        first = browser.app.file_editions.editions(file="feeds.yaml", limit=9)
        status, _ = await browser.post(f"/configuration/putting-back/{first[-1].id}", f"/feeds/{feed_id(DAILY)}")

    assert status == 404
    assert "Renamed" in (folder / "feeds.yaml").read_text()


async def test_a_removed_feed_is_gone_at_once(folder: Path) -> None:
    path = f"/feeds/{feed_id('https://other.example/rss')}"
    async with browsing(folder) as browser:
        removed = await browser.post(f"{path}/remove", path)
        status, _ = await browser.get(path)

    assert removed[0] == 303
    assert removed[1].startswith("/feeds?done=removed&removed=")
    assert status == 404
    assert "Other weekly" not in (folder / "feeds.yaml").read_text()


async def test_a_site_is_tried_and_its_feed_added(folder: Path) -> None:
    with LoopbackServer() as server:
        server.routes["/"] = Reply(
            body=b'<html><link rel="alternate" type="application/rss+xml" href="/rss"><body>x</body></html>',
            headers={"Content-Type": "text/html"},
        )
        server.routes["/rss"] = Reply(body=RSS)
        async with browsing(folder) as browser:
            status, tried = await browser.post("/feeds/try", "/feeds/add", address=server.url("/"))
            stored = browser.app.ledger.feeds()
            added = await browser.post(
                "/feeds/add", "/feeds/add", url=server.url("/rss"), name="Port news", trust="0.5", language=""
            )
            _, again = await browser.post("/feeds/try", "/feeds/add", address=server.url("/rss"))
            twice, refused = await browser.post("/feeds/add", "/feeds/add", url=server.url("/rss"), name="P")

    assert status == 200
    assert "Nemo builds a cathode plant" in tried
    assert "2 entries, one of them on a project" in text(tried)
    assert stored == {}
    assert added == (303, f"/feeds/{feed_id(server.url('/rss'))}?done=added")
    assert "It is configured already." in again
    assert (twice, "is configured already" in refused) == (422, True)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://10.0.0.1/feed", "10.0.0.1 is not on the public internet"),
        ("file:monitor.yaml", "monitor.yaml"),
        ("", ""),
    ],
)
async def test_what_cannot_be_fetched_is_said_at_its_field(folder: Path, address: str, why: str) -> None:
    async with browsing(folder) as browser:
        status, shown = await browser.post("/feeds/try", "/feeds/add", address=address)

    assert status == 422
    assert why in text(shown).replace("\u2060", "")
    assert 'id="failed"' in shown
    assert "reader" not in text(shown)


OPML = '<opml version="2.0"><body><outline text="Tide" xmlUrl="https://tide.example/rss"/>{more}</body></opml>'


async def test_opml_shows_what_it_would_add_and_then_adds_it(folder: Path) -> None:
    document = OPML.format(more='<outline text="Known" xmlUrl="https://other.example/rss"/>')
    async with browsing(folder) as browser:
        _, shown = await browser.post("/feeds/import", "/feeds/import", opml=document)
        before = (folder / "feeds.yaml").read_text()
        added = await browser.post("/feeds/import", "/feeds/import", opml=document, do="add")
        _, exported = await browser.get("/feeds.opml")
        (entry,) = browser.app.audit.entries(limit=10)

    assert "One feed would be added" in text(shown)
    assert before == FEEDS
    assert added == (303, "/feeds?done=imported")
    assert load_folder(folder)[0].feeds[-1].url == "https://tide.example/rss"
    assert (entry.action, entry.detail["added"]) == ("feeds.import", ["https://tide.example/rss"])
    assert 'xmlUrl="https://tide.example/rss"' in exported
    assert "topsecret1" not in exported


async def test_what_is_no_opml_is_refused(folder: Path) -> None:
    async with browsing(folder) as browser:
        status, shown = await browser.post("/feeds/import", "/feeds/import", opml="<html>")

    assert status == 422
    assert "is not an OPML document" in shown
