"""Makes edits of the configuration from within the running service, and uses them at once."""

import asyncio
from typing import TYPE_CHECKING

from monitor.core.access import Actor
from monitor.logs import keep_secret
from monitor.operate.configuration import Edit

if TYPE_CHECKING:
    from monitor.app.build import App


async def edit(app: "App", change: Edit, actor: Actor) -> None:
    """Make an edit as ``Configuration.change`` does, and use it from now on.

    The vocabulary stays as it is. The event loop must be that of the service.

    Raises:
        ConfigError: the edit was refused. Nothing is written.
        LedgerError: the database refused. Nothing is written then.
    """
    config = await asyncio.to_thread(app.configuration.change, change, actor)
    keep_secret(config.secrets)
    app.reconfigure(config, app.setup().lexicons)
