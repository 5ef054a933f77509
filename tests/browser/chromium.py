"""The browser of the tests: where it is, and how it is started."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

#: A program that takes the place of the Chromium on the PATH, or ``none`` for a developer who does without a browser.
CHOICE = "MONITOR_BROWSER"
NONE = "none"
MISSING = (
    "The tests of the pages need a browser: apt install chromium, or python -m playwright install chromium. "
    f"{CHOICE}=/path/to/chromium names another one, {CHOICE}={NONE} leaves these tests out."
)
#: No page may reach another machine, whatever is wrong with it.
_OPTIONS = ("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",)


class NoBrowserError(Exception):
    """There is no browser."""

    def __init__(self) -> None:
        super().__init__(MISSING)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A running Chromium, without a window.

    Raises:
        NoBrowserError: there is none.
    """
    async with async_playwright() as playwright:
        choices = [os.environ[CHOICE]] if CHOICE in os.environ else ["chromium", playwright.chromium.executable_path]
        program = next(filter(None, map(shutil.which, choices)), None)
        if program is None:
            raise NoBrowserError
        # Chromium refuses to put itself into a sandbox for root.
        browser = await playwright.chromium.launch(
            executable_path=program, chromium_sandbox=os.geteuid() != 0, args=_OPTIONS
        )
        yield browser
        await browser.close()
