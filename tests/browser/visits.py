"""Visits of a site with the browser, and what went wrong on them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from playwright.async_api import Browser, ConsoleMessage, Page, Request

Theme = Literal["light", "dark"]
WIDE, NARROW = 1280, 360
_HEIGHT = 800


@dataclass
class Visit:
    """One browser window on a site. It notes everything that must not happen on any page."""

    address: str
    page: Page
    #: What the console reported as an error or a warning, violations of the content security policy among it.
    complaints: list[str] = field(default_factory=list)
    #: What was asked of another origin.
    strayed: list[str] = field(default_factory=list)

    async def open(self, path: str) -> int:
        """Go to a page of the site. Returns the status of the answer."""
        answer = await self.page.goto(self.address + path)
        assert answer is not None, "the address differs from that of the page before in more than its fragment"
        return answer.status

    def heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} ({self.page.url})")

    def failed(self, error: Exception) -> None:
        self.complaints.append(f"{error} ({self.page.url})")

    def asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:")):
            self.strayed.append(f"{request.url} ({self.page.url})")


@asynccontextmanager
async def visiting(
    browser: Browser,
    address: str,
    *,
    theme: Theme = "light",
    language: str = "en",
    width: int = WIDE,
    has_scripts: bool = True,
) -> AsyncIterator[Visit]:
    """A window of its own, without the cookies of others, whose reader prefers this theme and this language."""
    context = await browser.new_context(
        color_scheme=theme,
        locale=language,
        java_script_enabled=has_scripts,
        viewport={"width": width, "height": _HEIGHT},
        reduced_motion="reduce",
    )
    page = await context.new_page()
    visit = Visit(address, page)
    page.on("console", visit.heard)
    page.on("pageerror", visit.failed)
    page.on("request", visit.asked)
    yield visit
    await context.close()
