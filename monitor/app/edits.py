"""Writes edits of the configuration from within the running service, and uses them at once."""

import asyncio
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.logs import keep_secret
from monitor.settings.config import Config
from monitor.settings.writing import checked, write

if TYPE_CHECKING:
    from monitor.app.build import App

#: (configuration folder, environment) → the new texts of its files.
Edit = Callable[[Path, Mapping[str, str]], Mapping[str, str]]
#: Two edits at the same time would both start from the same text, and the second would undo the first.
_ONE_AT_A_TIME = threading.Lock()


async def edit(app: "App", change: Edit) -> None:
    """Make an edit, check the configuration as a whole with it, write it, and use it from now on.

    The vocabulary stays as it is. The event loop must be that of the service.

    Raises:
        ConfigError: the edit cannot be made, or the configuration would be invalid. Nothing is written.
    """
    config = await asyncio.to_thread(_written, app.config.folder, change)
    app.reconfigure(config, app.setup().lexicons)


def _written(folder: Path, change: Edit) -> Config:
    with _ONE_AT_A_TIME:
        texts = change(folder, os.environ)
        config = checked(folder, texts, os.environ)
        keep_secret(config.secrets)
        write(folder, texts)
        return config
