"""A monitor that the browser visits: its configuration, and what it has recorded."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.poll.push import Intake
from monitor.web.site import site
from tests.builders import NOW
from tests.fakes import InlineCrew

SETTINGS = "reader: {use: 'tests.readers.hits:HitReader'}\nweb: {port: 0}\nfetch: {allow_private: [127.0.0.0/8]}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The configuration of a monitor, and what it has recorded when the browser comes."""

    #: The text of each file of the configuration, by its name without ending.
    files: dict[str, str]
    fill: Callable[[App], None] = lambda _: None

    @contextmanager
    def opened(self, folder: Path) -> Iterator[App]:
        """This monitor in a folder of its own."""
        folder.mkdir()
        for name, text in {"monitor": SETTINGS, **self.files}.items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            # A site serves all tests of a process, so the patch of a single test would come too late.
            patch.setattr("monitor.app.build.Crew", InlineCrew)
            app = App(*load_folder(folder), clock=lambda: NOW)
        self.fill(app)
        try:
            yield app
        finally:
            app.close()

    @asynccontextmanager
    async def served(self, folder: Path) -> AsyncIterator[str]:
        """The address of the site of this monitor, while it is served."""
        with self.opened(folder) as app:
            server = site(app, Intake(1_000))
            await server.start()
            try:
                yield f"http://127.0.0.1:{server.port}"
            finally:
                await server.close()
