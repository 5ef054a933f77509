"""Visits of a site with the browser, and what went wrong on them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

from playwright.async_api import Browser, ConsoleMessage, Dialog, Page, Request

Theme = Literal["light", "dark"]
WIDE, NARROW, HEIGHT = 1280, 360, 800
_TWO_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


#: What the console says of a document that is answered with an error, as error pages are.
_REFUSED = "Failed to load resource: the server responded with a status of"


@dataclass
class Visit:
    """One browser window on a site. It notes everything that must not happen on any page."""

    address: str
    page: Page
    has_scripts: bool = True
    #: What was asked of another origin.
    strayed: list[str] = field(default_factory=list)
    _opened: set[str] = field(default_factory=set)
    _heard: list[tuple[str, str]] = field(default_factory=list)

    async def open(self, path: str) -> int:
        """Go to a page of the site. Returns the status of the answer."""
        answer = await self.page.goto(self.address + path)
        assert answer is not None, "the address differs from that of the page before in more than its fragment"
        self._opened.add(answer.url)
        await self.settle()
        return answer.status

    async def settle(self) -> None:
        """Wait until the page has drawn itself twice: whatever runs by itself has begun."""
        if self.has_scripts:  # else no callback is ever called
            await self.page.evaluate(_TWO_FRAMES)

    @property
    def complaints(self) -> list[str]:
        """What the console reported, violations of the content security policy among it, and what asked the reader."""
        return [
            f"{text} ({place})"
            for text, place in self._heard
            if not (text.startswith(_REFUSED) and place in self._opened)
        ]

    def heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._heard.append((message.text, message.location["url"]))

    def failed(self, error: Exception) -> None:
        self._heard.append((str(error), self.page.url))

    async def interrupted(self, dialog: Dialog) -> None:
        self._heard.append((f"{dialog.type}: {dialog.message}", self.page.url))
        await dialog.dismiss()

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
        viewport={"width": width, "height": HEIGHT},
        reduced_motion="reduce",
    )
    page = await context.new_page()
    visit = Visit(address, page, has_scripts)
    page.on("console", visit.heard)
    page.on("pageerror", visit.failed)
    page.on("request", visit.asked)
    page.on("dialog", visit.interrupted)
    yield visit
    await context.close()
