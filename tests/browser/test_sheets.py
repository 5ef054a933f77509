"""Every page: for every reader, on every screen, without scripts, by the keyboard."""

from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from playwright.async_api import Page

from monitor.poll.push import Intake
from monitor.web.access import Reception
from monitor.web.site import routes
from tests.browser.accessibility import illegible, violations
from tests.browser.conftest import Visiting
from tests.browser.sheets import NO_PAGES, SHEETS, Sheet
from tests.browser.visits import HEIGHT, NARROW, WIDE, Theme
from tests.browser.worlds import WORLDS

each_sheet = pytest.mark.parametrize("sheet", SHEETS, ids=str)

_OPEN_ALL = "for (const each of document.querySelectorAll('details')) each.open = true"
#: Names of what a reader finds and uses on a page.
_CONTENT = """[...document.querySelectorAll('h1, h2, h3, th, td, dt, dd, li, a, button, input, select, summary')]
    .filter(each => each.checkVisibility()).map(each => `${each.localName} ${each.name || each.innerText}`)"""
#: What can be reached by the keyboard, in order; each gets a number by which it is known again. Of radio buttons that
#: belong together the chosen one is reached.
_STOPS = """[...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter(each => each.checkVisibility() && !each.disabled && (each.type !== 'radio' || each.checked))
    .map((each, number) => (each.dataset.stop = number, `${each.localName} ${each.name || each.innerText}`))"""
_FOCUSED = """(() => {
    const each = document.activeElement, style = getComputedStyle(each), box = each.getBoundingClientRect()
    return {
        stop: each.dataset.stop ?? null,
        isMarked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        isSeen: box.width > 0 && box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight,
    }
})()"""


def test_the_table_has_every_page(tmp_path: Path) -> None:
    served: dict[str, list[str]] = {}
    for name, world in WORLDS.items():
        with world.opened(tmp_path / name) as app:
            known = [route for router in routes(app, Intake(1), Reception.of(app)) for route in router.routes]
        read = [route for route in known if isinstance(route, APIRoute) and "GET" in (route.methods or ())]
        for route in read:
            paths = [sheet.path.partition("?")[0] for sheet in SHEETS if sheet.world == name]
            served.setdefault(route.path, []).extend(path for path in paths if route.path_regex.match(path))
    without = {path for path, shown in served.items() if not shown}

    assert without == {path for path in served if path.startswith(tuple(NO_PAGES))}


@each_sheet
async def test_everybody_can_read_it(visit: Visiting, sheet: Sheet) -> None:
    window = await visit(sheet.world)
    readers: tuple[tuple[str, Theme, Theme], ...] = (("en", "light", "dark"), ("ar", "dark", "light"))
    for language, theme, other in readers:
        await window.page.emulate_media(color_scheme=theme)
        await window.page.set_viewport_size({"width": WIDE, "height": HEIGHT})
        assert await window.open(sheet.path_in(language)) == sheet.status
        await window.page.evaluate(_OPEN_ALL)

        assert await violations(window.page) == []
        await window.page.emulate_media(color_scheme=other)
        assert await illegible(window.page) == []
        await window.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        width = await window.page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROW, f"a telephone must scroll sideways, in {language!r}"


@each_sheet
async def test_it_is_whole_without_scripts(visit: Visiting, sheet: Sheet) -> None:
    with_scripts = await visit(sheet.world)
    without = await visit(sheet.world, has_scripts=False)
    await with_scripts.open(sheet.path)
    await without.open(sheet.path)

    content: list[str] = await without.page.evaluate(_CONTENT)
    assert content
    assert [each for each in await with_scripts.page.evaluate(_CONTENT) if each not in content] == []


@each_sheet
async def test_the_keyboard_reaches_everything_in_order(visit: Visiting, sheet: Sheet) -> None:
    window = await visit(sheet.world)
    await window.open(sheet.path)
    stops: list[str] = await window.page.evaluate(_STOPS)

    reached = await _tabbed(window.page, len(stops))

    assert reached == list(range(len(stops))), stops


async def _tabbed(page: Page, stops: int) -> list[int]:
    """The numbers of what has the focus in turn. Everything that has it shows it."""
    reached: list[int] = []
    # Parts of a field are stops of their own, and so is a region that can be scrolled.
    for _ in range(5 * stops + 10):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(_FOCUSED)
        if focused["stop"] is None or (reached and int(focused["stop"]) == reached[-1]):
            continue
        reached.append(int(focused["stop"]))
        assert focused["isMarked"], f"stop {reached[-1]} does not show that it has the focus"
        assert focused["isSeen"], f"stop {reached[-1]} is outside the window"
        if len(reached) == stops:
            break
    return reached
