"""The overview and the pages of projects, over HTTP."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from monitor.app.build import App
from monitor.core.model import Claim, Fact, Reading, State
from monitor.core.periods import Period
from monitor.ports import ReadArticle
from monitor.watch.watch import News, decider, owing
from monitor.web.view.overview import row
from tests.builders import NOW, make_article, make_change, make_claim, make_fact, make_poll
from tests.web.test_pages import FEEDS, SETTINGS, SUBSCRIBERS, Client, served, text

PROJECTS = """
projects:
  - {id: plant, name: {en: Nemo plant, fr: Usine Nemo}, who: [Nemo]}
  - {id: rail, name: Northern rail, who: [Rail]}
  - {id: port, name: Deep port, who: [Port]}
  - {id: empty, name: Empty field, who: [Empty]}
"""
#: A story that another outlet copies word for word.
STORY = (
    "Nemo has laid the first stone of its plant in Port Alder on Monday, a plant of three billion dirhams that will"
    " make cathodes for the batteries of cars in Europe, its director told the guests."
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "config"
    made.mkdir()
    files = (("projects", PROJECTS), ("feeds", FEEDS), ("subscribers", SUBSCRIBERS), ("monitor", SETTINGS))
    for name, written in files:
        (made / f"{name}.yaml").write_text(written)
    return made


def article(
    key: str, day: int, *said: Claim | Fact, project: str = "plant", outlet: str = "Example Daily", words: str = ""
) -> ReadArticle:
    told = [replace(each, project=project) for each in said]
    reading = Reading(
        language="en",
        projects=(project,),
        claims=tuple(each for each in told if isinstance(each, Claim)),
        facts=tuple(each for each in told if isinstance(each, Fact)),
    )
    made = make_article(key, day=day, reading=reading, outlet=outlet)
    return replace(made, article=replace(made.article, title="The first stone", text=words)) if words else made


def expected(when: str, evidence: str = "It begins then.") -> Claim:
    return make_claim(stage="operating", state=State.EXPECTED, date=Period.parse(when), evidence=evidence)


BEGUN = make_claim(stage="construction", date=Period.parse("2025-02"), evidence=STORY)
ARTICLES = (
    article("a1", -300, make_claim(), expected("2026-09", "In September."), make_fact(value=3e9)),
    article("a2", -200, BEGUN, outlet="Gazette", words=STORY),
    article("a3", -199, BEGUN, outlet="Morning Echo", words=STORY),
    article("a4", -3, expected("2027-03", "In March."), make_fact(value=3.6e9)),
    article("b1", -250, make_claim(stage="approved"), expected("2026-05"), project="rail"),
    article("c1", -100, make_claim(stage="construction", evidence="Works have begun."), project="port"),
    article(
        "c2",
        -2,
        make_claim(stage="construction", state=State.DENIED, date=None, evidence="Nothing has begun."),
        project="port",
        outlet="Other Daily",
    ),
)


def fill(app: App) -> None:
    """As if each article had been heard on its day."""
    for item in ARTICLES:
        heard = item.source.seen_at
        decide = decider(app.watch, News(since=heard - timedelta(days=7), now=heard))
        app.ledger.record(make_poll(item, polled_at=heard), decide)


@pytest.fixture(autouse=True)
def filled() -> Iterator[None]:
    with patch("tests.web.test_pages.fill", fill):
        yield


async def shown(client: Client, path: str) -> str:
    status, page, _ = await client.get(path)
    assert status == 200, page
    return page


def names(page: str) -> list[str]:
    """The projects of an overview, in their order."""
    return [part.partition('"')[0] for part in page.split('data-project="')[1:]]


async def test_the_filters_say_how_many_need_attention(folder: Path) -> None:
    async with served(folder) as client:
        page = text(await shown(client, "/"))

    assert "overdue 1" in page
    assert "disputed 1" in page
    assert "no news for a long time 1" in page


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["plant", "rail", "port", "empty"]),
        ("?order=urgent", ["rail", "port", "plant", "empty"]),
        ("?only=overdue", ["rail"]),
        ("?only=disputed", ["port"]),
        ("?status=construction", ["plant", "port"]),
        ("?status=construction&only=disputed&q=deep", ["port"]),
        ("?status=construction&only=overdue", []),
        ("?only=nonsense", ["plant", "rail", "port", "empty"]),
    ],
)
async def test_the_overview_is_narrowed(folder: Path, query: str, ids: list[str]) -> None:
    async with served(folder) as client:
        page = await shown(client, f"/{query}")

    assert names(page) == ids
    assert ("No project is like this." in page) is (not ids)


async def test_a_row_has_the_last_change_of_its_project(folder: Path) -> None:
    async with served(folder) as client:
        page = text(await shown(client, "/?q=nemo"))

    assert "Last change start of operation later than expected, September 2026 → March 2027 21 November 2026" in page


async def test_only_the_rows_of_projects_that_have_changed_are_made_again(folder: Path) -> None:
    apps: list[App] = []

    def keep(app: App) -> None:
        fill(app)
        apps.append(app)

    with patch("tests.web.test_pages.fill", keep), patch("monitor.web.pages.events.row", wraps=row) as made:
        async with served(folder) as client:
            pages = [await shown(client, "/"), await shown(client, "/")]
            numbers = [made.call_count]
            later = article("d1", 0, make_claim(stage="completed", date=None), project="rail")
            apps[0].ledger.record(make_poll(later), decider(apps[0].watch, None))
            pages.append(await shown(client, "/"))
            numbers.append(made.call_count)
            await shown(client, "/?lang=fr")
            numbers.append(made.call_count)

    assert pages[0] == pages[1] != pages[2]
    assert numbers == [4, 5, 9]


async def test_the_overview_names_the_last_change_that_it_knows(folder: Path) -> None:
    """From there on the page listens."""
    async with served(folder) as client:
        page = await shown(client, "/?lang=fr")
        newest = (await client.json("/changes?limit=1"))["items"]

    assert isinstance(newest, list)
    assert f'data-events="/events?after={newest[0]["id"]}&amp;lang=fr"' in page


async def test_the_sheet_has_the_most_urgent_first_and_what_moved(folder: Path) -> None:
    async with served(folder) as client:
        page = text(await shown(client, "/brief"))

    assert "Where the projects stand 24 November 2026" in page
    assert "4 projects · overdue 1 · disputed 1 · no news for a long time 1" in page
    assert (
        page.index("Northern rail") < page.rindex("Deep port") < page.rindex("Nemo plant") < page.index("Empty field")
    )
    assert "start of operation, May 2026 overdue since 1 June 2026: 177 days" in page


async def test_the_sheet_of_a_day_says_what_was_known_then(folder: Path) -> None:
    async with served(folder) as client:
        page = await shown(client, "/projects/plant?as_of=2026-11-20")
        sheet = text(await shown(client, "/projects/plant/brief?as_of=2026-11-20"))

    assert 'href="/projects/plant/brief?as_of=2026-11-20"' in page
    assert "20 November 2026" in sheet
    assert "24 November 2026" not in sheet


async def test_a_long_sheet_says_what_it_leaves_out(folder: Path) -> None:
    with patch("monitor.web.pages.overview._ON_PAPER", 2):
        async with served(folder) as client:
            page = text(await shown(client, "/brief"))

    assert "Empty field" not in page
    assert "2 more are on the overview" in page


async def test_the_sheet_of_a_project_has_its_milestones_and_disputes(folder: Path) -> None:
    async with served(folder) as client:
        plant, port = (
            text(await shown(client, "/projects/plant/brief")),
            text(await shown(client, "/projects/port/brief")),
        )
        missing, _, _ = await client.get("/projects/other/brief")

    assert "operating expected, March 2027" in plant
    assert "Next expected: start of operation, March 2027" in plant
    assert "investment 3.6 billion" in plant
    assert "construction: reached (one source); denied (one source)" in port
    assert missing == 404


async def test_copies_of_a_story_are_folded(folder: Path) -> None:
    async with served(folder) as client:
        page = await shown(client, "/projects/plant")

    said = text(page.partition('id="said"')[2])
    assert "and one copy of this story" in said
    assert said.count("Nemo has laid the first stone") == 1
    assert said.index("Gazette") < said.index("Morning Echo")


async def test_a_long_timeline_has_several_pages(folder: Path) -> None:
    with patch("monitor.web.pages.project._SAID", 2):
        async with served(folder) as client:
            first, second = await shown(client, "/projects/plant"), await shown(client, "/projects/plant?number=2")

    assert 'href="/projects/plant?number=2#said" rel="next"' in first
    assert "21 November 2026" in text(first.partition('id="said"')[2])
    assert 'href="/projects/plant?number=1#said" rel="prev"' in second
    assert "In September." in text(second.partition('id="said"')[2])


async def test_the_reader_steps_through_what_was_known_when(folder: Path) -> None:
    async with served(folder) as client:
        now = await shown(client, "/projects/plant")
        before = await shown(client, "/projects/plant?as_of=2026-11-20")
        first = await shown(client, "/projects/plant?as_of=2026-01-28")

    assert 'href="/projects/plant?as_of=2026-11-21" rel="prev"' in now
    assert 'rel="next"' not in now
    assert "operating expected, September 2026" in text(before)
    assert 'href="/projects/plant?as_of=2026-05-08" rel="prev"' in before
    assert 'href="/projects/plant?as_of=2026-11-21" rel="next"' in before
    assert "This is what was known then." in before
    assert 'rel="prev"' not in first
    assert "agreed since 29 March 2024" in text(first)


async def test_each_side_of_a_dispute_has_its_sentences(folder: Path) -> None:
    async with served(folder) as client:
        page = await shown(client, "/projects/port")

    sides = text(page.partition('class="sides"')[2])
    assert sides.index("Works have begun.") < sides.index("denied") < sides.index("Nothing has begun.")


async def test_amounts_are_told_over_time(folder: Path) -> None:
    async with served(folder) as client:
        page = text(await shown(client, "/projects/plant"))

    assert "investment 3 billion MAD 28 January 2026 one source 3.6 billion MAD 21 November 2026 one source" in page


async def test_who_was_alerted_is_asked_for_the_project_alone(folder: Path) -> None:
    """However many alerts there were on others since."""

    def fill_and_alert(app: App) -> None:
        fill(app)
        told = [make_change(id=f"c{number}", project="plant" if number < 2 else "rail", at=NOW) for number in range(9)]
        app.ledger.note(owing(told, told, app.watch, NOW))

    with patch("tests.web.test_pages.fill", fill_and_alert), patch("monitor.web.pages.project._DELIVERIES", 4):
        async with served(folder) as client:
            page = await shown(client, "/projects/plant")
            then = await shown(client, "/projects/plant?as_of=2026-11-20")

    alerted = page.partition("Who was alerted")[2].partition("</table>")[0]
    assert alerted.count("Desk") == 2
    assert "Who was alerted" not in then


async def test_a_project_without_news_has_a_page_and_a_sheet(folder: Path) -> None:
    async with served(folder) as client:
        pages = [text(await shown(client, path)) for path in ("/projects/empty", "/projects/empty/brief")]

    assert all("nothing known yet" in page for page in pages)
    assert "Nothing was said of it yet." in pages[0]


@pytest.mark.parametrize("path", ["/projects/plant", "/projects/plant/brief"])
async def test_a_day_before_all_knowledge_says_so_and_when_it_begins(folder: Path, path: str) -> None:
    words = "the monitor knew nothing about this project yet. What it knows begins on 28 January 2026."
    async with served(folder) as client:
        before, first, now, never = [
            text(await shown(client, each))
            for each in (
                f"{path}?as_of=2026-01-27",
                f"{path}?as_of=2026-01-28",
                path,
                f"{path}?as_of=2026-01-27".replace("plant", "empty"),
            )
        ]

    assert words in before
    assert "This is what was known then." not in before
    assert all("knew nothing" not in page for page in (first, now, never))


def _import_late(app: App) -> None:
    """Articles of the past, read today."""
    fill(app)
    claims = make_claim(project="empty", stage="construction", date=Period.parse("2025-03"), evidence="Works began.")
    reading = Reading(language="en", projects=("empty",), claims=(claims,), facts=())
    decide = decider(app.watch, News(since=NOW, now=NOW))
    app.ledger.record(make_poll(make_article("late", day=-600, seen_at=NOW, reading=reading)), decide)


@pytest.mark.parametrize("path", ["/projects/empty", "/projects/empty/brief"])
async def test_imported_history_is_seen_as_published_and_not_as_known_here(folder: Path, path: str) -> None:
    with patch("tests.web.test_pages.fill", _import_late):
        async with served(folder) as client:
            here, published, before = [
                text(await shown(client, f"{path}?{view}"))
                for view in ("as_of=2025-06-01", "published_by=2025-06-01", "published_by=2025-01-01")
            ]

    assert "nothing known yet" in here
    assert "This is what had been published by then" in published
    assert "Must have been reached, nobody said so: announced, agreed, approved" in published
    assert "construction since March 2025" in published
    assert "had been published by then. It begins on" in before


async def test_the_reader_changes_between_the_views_of_a_day(folder: Path) -> None:
    async with served(folder) as client:
        here = await shown(client, "/projects/plant?as_of=2026-11-20&lang=fr")
        published = await shown(client, "/projects/plant?published_by=2026-11-20&lang=fr")

    assert 'href="/projects/plant?lang=fr&amp;published_by=2026-11-20"' in here
    assert 'href="/projects/plant?lang=fr&amp;as_of=2026-11-20"' in published
    assert 'href="/projects/plant/brief?lang=fr&amp;published_by=2026-11-20"' in published


async def test_the_api_tells_a_past_day_as_it_was_published(folder: Path) -> None:
    with patch("tests.web.test_pages.fill", _import_late):
        async with served(folder) as client:
            here, published = [
                await client.json(f"/projects/empty?{view}=2025-06-01") for view in ("as_of", "published_by")
            ]
            timeline = await client.json("/projects/empty/timeline?published_by=2025-06-01")
            listed = (await client.json("/projects?published_by=2025-06-01"))["items"]

    assert isinstance(here, dict)
    assert isinstance(published, dict)
    assert (here["status"], published["status"]) == (None, "construction")
    assert isinstance(timeline["reports"], list)
    assert len(timeline["reports"]) == 1
    assert isinstance(listed, list)
    assert published in listed
