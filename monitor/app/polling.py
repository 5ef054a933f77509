"""The service's polls: feeds that are due, at each tick, and what hubs push, as it comes."""

import asyncio
import contextlib

import structlog

from monitor.app.build import App
from monitor.app.events import log_poll
from monitor.errors import LedgerError
from monitor.poll.intake import Intake
from monitor.poll.push import lost
from monitor.poll.rounds import CONCURRENT_POLLS
from monitor.ports import Fetcher, Submitter

#: Seconds without polls once the database has refused one: what cannot be kept would be asked for at every tick.
REST = 60
#: Feeds that one tick polls: after a standstill all are due, and those that wait for their turn take memory.
AT_A_TICK = 1_000

log = structlog.get_logger()


class Polling:
    """Polls for one service. Belongs to one event loop."""

    def __init__(self, app: App, intake: Intake) -> None:
        self._app = app
        self._intake = intake
        #: The feeds that are being polled, and how many may be at the same time.
        self._under_way: set[str] = set()
        self._slots = asyncio.Semaphore(CONCURRENT_POLLS)
        #: Until when no feed is polled, by the clock of the event loop.
        self._rests_until = 0.0

    async def poll_due(self, fetcher: Fetcher) -> None:
        """Poll what is due, unless the database has refused a moment ago."""
        now = asyncio.get_running_loop().time
        if now() < self._rests_until:
            return
        try:
            await self._poll_all_due(fetcher)
        except LedgerError:
            self._rests_until = now() + REST
            raise

    async def _poll_all_due(self, fetcher: Fetcher) -> None:
        """Poll what is due and not under way: a feed that does not answer keeps no other one waiting for a tick."""
        # As of before the question: what ends while it is asked is not due, and may be in its answer all the same.
        busy = set(self._under_way)
        due = [
            (feed, record)
            for feed, record in await asyncio.to_thread(self._app.poller.due)
            if feed.url not in busy and feed.url not in self._under_way
        ][:AT_A_TICK]
        mine = {feed.url for feed, _ in due}
        self._under_way |= mine
        try:
            async with contextlib.aclosing(self._app.poller.poll(due, fetcher, slots=self._slots)) as results:
                async for result in results:
                    self._under_way.discard(result.feed.url)
                    log_poll(result)
        finally:
            self._under_way -= mine
        await asyncio.to_thread(self._app.knowledge.keep_states)

    async def tend_hubs(self, submitter: Submitter, public: str) -> None:
        for each in await self._app.poller.tend_hubs(submitter, public):
            say = log.warning if each.error else log.info
            said = {"error": each.error} if each.error else {}
            say("hub.asked", feed=each.feed, hub=each.hub, leaving=each.is_leaving, **said)
        for push in await asyncio.to_thread(lost, self._app.hubs, self._intake):
            if self._intake.reserve(push.token, 0):
                self._intake.put(push)

    async def take_pushes(self, fetcher: Fetcher) -> None:
        """Read what hubs push, as it comes; one that the database refuses is asked for at a later tick."""
        while (push := await self._intake.next()) is not None:
            try:
                result = await self._app.poller.take(push, fetcher)
            except LedgerError as error:
                log.error("hub.push_not_taken", feed=push.feed, error=str(error))  # noqa: TRY400 - the message says all
                continue
            except Exception:
                log.exception("hub.push_not_taken", feed=push.feed)  # a bug costs one push; the feed is asked instead
                continue
            finally:
                self._intake.release(push.token, len(push.body))
            if result is not None:
                log_poll(result)
