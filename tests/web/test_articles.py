"""The page of one article, over HTTP, from the ledger alone."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.core.model import Claim, Fact, Reading, Said, State
from monitor.core.periods import Period
from monitor.ports import ReadArticle, ReadFor
from monitor.watch.watch import decider
from tests.builders import NOW, make_article, make_claim, make_fact, make_poll
from tests.ledger.decisions import nothing
from tests.web.test_pages import HOSTILE, Tags, folder, foreign, served, text

__all__ = ["folder"]

FEED = "https://example.org/feed.xml?key=topsecret1"


def told(key: str, *said: Said, words: str, title: str = "News", **more: Any) -> ReadArticle:
    """An article of these words, with these claims and facts."""
    reading = Reading(
        language="en",
        projects=("plant",),
        claims=tuple(each for each in said if isinstance(each, Claim)),
        facts=tuple(each for each in said if isinstance(each, Fact)),
    )
    made = make_article(key, reading=reading, **more)
    return replace(made, article=replace(made.article, text=words, title=title))


def keep(where: Path, *articles: ReadArticle) -> None:
    """Record these articles in the database of the folder."""
    app = App(*load_folder(where), clock=lambda: NOW)
    try:
        app.ledger.record(make_poll(*articles, feed=FEED, polled_at=NOW), decider(app.watch, None))
    finally:
        app.close()


@pytest.fixture
def database(folder: Path) -> Path:
    """A monitor whose database is a file."""
    with (folder / "monitor.yaml").open("a") as file:
        file.write(f"database: sqlite:///{folder / 'monitor.db'}\n")
    return folder


async def test_an_article_shows_what_was_read_in_it_and_what_became_of_that(database: Path) -> None:
    sentence = "Works began in March."
    building = make_claim(stage="construction", date=Period.parse("2026-03"), evidence=sentence)
    keep(database, told("a1", building, make_fact(), words=f"Nemo builds.\n{sentence} More follows."))

    async with served(database, is_filled=False) as client:
        status, page, _ = await client.get("/articles/a1")

    said = text(page)
    assert status == 200
    assert "construction: reached, March 2026" in said
    assert "sure: 95%" in said
    assert "Counts: it agrees with what is believed now" in said
    assert f'<a href="#c1"><mark class="well">{sentence}</mark></a> More follows.' in page
    assert 'id="c1"' in page
    assert "“3 billion dirhams.”" in said, "a sentence that does not stand in the text is quoted"
    assert "Feed Example Daily" in said
    assert 'href="/projects/plant"' in page
    assert "topsecret1" not in page


async def test_an_article_whose_text_was_dropped_keeps_what_was_read(database: Path) -> None:
    keep(database, told("a1", make_claim(), words="The agreement was signed."))
    app = App(*load_folder(database), clock=lambda: NOW)
    app.ledger.drop_texts(before=NOW + timedelta(days=1), limit=9)
    app.close()

    async with served(database, is_filled=False) as client:
        _, page, _ = await client.get("/articles/a1")

    assert "The text was dropped" in page
    assert "“The agreement was signed.”" in page


async def test_copies_lead_to_each_other_and_say_that_they_count_once(database: Path) -> None:
    words = " ".join(f"word{number}" for number in range(60)) + ". The agreement was signed."
    keep(
        database,
        told("a1", make_claim(), words=words, day=-2, outlet="First Daily"),
        told("a2", make_claim(), words=words, day=-1, outlet="Second Daily"),
    )

    async with served(database, is_filled=False) as client:
        _, first, _ = await client.get("/articles/a1")
        _, second, _ = await client.get("/articles/a2")

    assert 'href="/articles/a2"' in first
    assert "Counts: it agrees" in first
    assert 'href="/articles/a1"' in second
    assert "A copy of the story says so too; it counts once" in second


async def test_what_a_publisher_no_longer_says_is_shown_with_the_readings(database: Path) -> None:
    keep(database, told("a1", make_claim(), words="The agreement was signed.", day=-2))
    app = App(*load_folder(database), clock=lambda: NOW)
    mended = told("a1", words="There is no agreement.", day=-1)
    app.ledger.reread([replace(mended, reading=replace(mended.reading, projects=()))], ReadFor.CORRECTION, nothing)
    app.close()

    async with served(database, is_filled=False) as client:
        _, page, _ = await client.get("/articles/a1")

    said = text(page)
    assert "What it no longer says 23 November 2026 agreed: reached, 29 March 2024" in said
    assert "Nothing was read in it." in said
    assert said.index("read again: its publisher changed it") < said.index("read when the feed brought it")


async def test_an_article_on_a_project_that_is_gone_is_shown(database: Path) -> None:
    keep(database, told("a1", make_claim(), words="The agreement was signed."))
    (database / "projects.yaml").write_text("projects:\n  - {id: other, name: Other, who: [Other]}\n")

    async with served(database, is_filled=False) as client:
        status, page, _ = await client.get("/articles/a1")

    assert status == 200
    assert "This project is not configured any more" in page
    assert "/projects/plant" not in page


async def test_nothing_of_a_hostile_article_is_live(database: Path) -> None:
    evidence = f"Works {HOSTILE} began \N{RIGHT-TO-LEFT OVERRIDE}backwards."
    claim = make_claim(stage="construction", state=State.REACHED, evidence=evidence)
    keep(
        database,
        told(
            "a1",
            claim,
            make_fact(evidence=HOSTILE),
            words=f"{HOSTILE}\n{evidence}",
            title=f"{HOSTILE}\N{RIGHT-TO-LEFT OVERRIDE}",
            outlet=HOSTILE,
            url="javascript:alert(1)",
        ),
    )

    async with served(database, is_filled=False) as client:
        _, page, headers = await client.get("/articles/a1")

    tags = Tags(page).found
    assert not [tag for tag, _ in foreign(page) if tag in {"script", "img", "iframe", "object"}]
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on") or name == "style"]
    assert "javascript:" not in "".join(attributes.get("href") or "" for _, attributes in tags)
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in page
    assert '<span class="hidden" title="RIGHT-TO-LEFT OVERRIDE">U+202E</span>' in page
    assert "unsafe" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize("key", ["other", "%00", "..%2F..%2Fetc", "review:x", "known:plant:0", "x" * 200])
async def test_an_article_that_is_not_there_is_not_found(database: Path, key: str) -> None:
    async with served(database, is_filled=False) as client:
        assert (await client.get(f"/articles/{key}"))[0] == 404
