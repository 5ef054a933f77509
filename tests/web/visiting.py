"""A person on this machine, who reads pages and posts forms without scripts."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path

import aiohttp

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.poll.push import Intake
from monitor.web.site import site
from tests.builders import NOW


class Browser:
    """A person on this machine, without scripts."""

    def __init__(self, address: str, app: App) -> None:
        self.address, self.app = address, app

    async def get(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(self.address + path) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, at: str, **form: str) -> tuple[int, str]:
        """Post a form with the token of the page on which it stands. The answer, or where it leads."""
        _, shown = await self.get(at)
        token = re.search(r'name="csrf" value="(\w+)"', shown)
        assert token is not None, shown
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.address + path, data={"csrf": token[1], **form}, allow_redirects=False) as answer,
        ):
            return answer.status, answer.headers.get("Location") or await answer.text()


@asynccontextmanager
async def browsing(folder: Path) -> AsyncIterator[Browser]:
    app = App(*load_folder(folder), clock=lambda: NOW)
    server = site(app, Intake(1_000))
    await server.start()
    try:
        yield Browser(f"http://127.0.0.1:{server.port}", app)
    finally:
        await server.close()
        app.close()


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())
