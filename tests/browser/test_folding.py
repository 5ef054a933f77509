"""Sections that fold: opened by a link to their place, by the keyboard, and on paper."""

from tests.browser.conftest import Visiting

_SAID = "document.getElementById('said').checkVisibility({contentVisibilityAuto: true})"


async def test_a_link_to_a_folded_section_opens_it(visit: Visiting) -> None:
    window = await visit()
    await window.open("/projects/plant")
    assert not await window.page.evaluate(_SAID)
    await window.open("/projects/unheard")
    await window.open("/projects/plant#said")
    assert await window.page.evaluate(_SAID)


async def test_the_keyboard_opens_a_section(visit: Visiting) -> None:
    window = await visit()
    await window.open("/projects/plant")
    await window.page.locator(".fold:has(#said) > summary").focus()
    await window.page.keyboard.press("Enter")
    assert await window.page.evaluate(_SAID)


async def test_paper_and_a_browser_without_scripts_show_all(visit: Visiting) -> None:
    window = await visit()
    await window.open("/projects/plant")
    await window.page.emulate_media(media="print")
    # The page hears of it a moment later.
    await window.page.locator("#said").wait_for(state="visible", timeout=10_000)
    bare = await visit(has_scripts=False)
    await bare.open("/projects/plant")
    assert await bare.page.evaluate(_SAID)
