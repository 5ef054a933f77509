"""What axe-core finds wrong on a page, by the rules of WCAG 2.2 AA and by good practice."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page

_ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: The rules that the colours of a page decide.
_COLOURS = ["color-contrast", "link-in-text-block"]


async def violations(page: Page) -> list[str]:
    """What is wrong, whatever the theme. Loads axe-core into the page."""
    await page.evaluate(AXE_SCRIPT)
    return await _run(page, _ALL)


async def illegible(page: Page) -> list[str]:
    """What is wrong with the colours. After ``violations``."""
    return await _run(page, _COLOURS)


async def _run(page: Page, rules: list[str]) -> list[str]:
    found: dict[str, Any] = await page.evaluate(
        "options => axe.run(options)", {"runOnly": rules, "resultTypes": ["violations"]}
    )
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]} {node.get('failureSummary', '')}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
