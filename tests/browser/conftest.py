"""A browser for each process of tests, a site for each world, and a window for each visit.

All of them live in one event loop, that of the session: the browser is started once.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from inspect import iscoroutinefunction
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.chromium import CHOICE, NONE, NoBrowserError, chromium
from tests.browser.visits import Visit, visiting
from tests.browser.worlds import WORLDS

#: Opens a window on the site of a world.
Visiting = Callable[..., Awaitable[Visit]]
#: The address of the site of a world.
Serving = Callable[[str], Awaitable[str]]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let every test of this folder run where the browser does."""
    if isinstance(item, pytest.Function) and iscoroutinefunction(item.function):
        item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    if os.environ.get(CHOICE) == NONE:
        pytest.skip(f"{CHOICE} is {NONE}")
    try:
        async with chromium() as started:
            yield started
    except NoBrowserError as error:
        pytest.fail(str(error), pytrace=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def serve(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Serving]:
    """Serves each world when it is first visited."""
    addresses: dict[str, str] = {}
    async with AsyncExitStack() as serving:

        async def serve(world: str) -> str:
            if world not in addresses:
                folder = tmp_path_factory.mktemp(world) / "config"
                addresses[world] = await serving.enter_async_context(WORLDS[world].served(folder))
            return addresses[world]

        yield serve


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, serve: Serving) -> AsyncIterator[Visiting]:
    """Opens windows. When the test is over, nothing may have gone wrong in any of them."""
    visits: list[Visit] = []
    async with AsyncExitStack() as windows:

        async def open_window(world: str = "working", **preferences: Any) -> Visit:
            opened = await windows.enter_async_context(visiting(browser, await serve(world), **preferences))
            visits.append(opened)
            return opened

        yield open_window
    assert [each for opened in visits for each in opened.complaints] == []
    assert [each for opened in visits for each in opened.strayed] == []
