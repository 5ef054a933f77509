"""The periodic work of the service besides polls and deliveries."""

import asyncio
from collections.abc import Callable

from monitor.app.build import App
from monitor.app.log_lines import log_change
from monitor.logs import get_logger

log = get_logger()


class Upkeep:
    """The periodic work of one service."""

    def __init__(
        self,
        app: App,
        *,
        is_stopping: Callable[[], bool],
        refused_edit: Callable[[], str],
        unserved: Callable[[], str],
    ) -> None:
        """Prepare.

        Args:
            app: the monitor.
            is_stopping: whether the service was told to stop.
            refused_edit: returns the error of the last edit of the configuration, or "".
            unserved: returns why the web server does not listen, or "".
        """
        self._app = app
        self._is_stopping = is_stopping
        self._refused_edit = refused_edit
        self._unserved = unserved

    async def share_budget(self) -> None:
        await asyncio.to_thread(self._app.poller.share_budget)

    async def look_at_the_clock(self) -> None:
        for change in await asyncio.to_thread(self._app.look_at_the_clock):
            log_change("clock.raised", change)

    async def read_again(self) -> None:
        for change in await self._app.rereader.read_again():
            log_change("reread.raised", change)

    async def look_after_itself(self) -> None:
        known = {"refused_edit": self._refused_edit(), "unserved": self._unserved()}
        bulletin = await asyncio.to_thread(self._app.look_after_itself, **known)
        for event, say, ailments in (
            ("health.raised", log.warning, bulletin.raised),
            ("health.recovered", log.info, bulletin.recovered),
        ):
            for ailment in ailments:
                say(event, trouble=str(ailment.trouble), subject=ailment.subject, detail=ailment.detail)

    async def drop_texts(self) -> None:
        """Drop expired texts in small batches, so that polls can commit in between."""
        total = 0
        drop, kept = self._app.knowledge.drop_texts, self._app.config.keep_texts
        while not self._is_stopping() and (dropped := await asyncio.to_thread(drop, kept)):
            total += dropped
        if total:
            log.info("texts.dropped", articles=total)
