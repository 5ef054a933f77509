"""The polls of the service: due feeds at each tick, and pushes from hubs as they arrive."""

import asyncio
import contextlib

from monitor.app.build import App
from monitor.app.log_lines import log_network, log_poll
from monitor.errors import LedgerError
from monitor.logs import get_logger
from monitor.poll.intake import Intake
from monitor.poll.push import lost
from monitor.poll.rounds import CONCURRENT_POLLS
from monitor.ports import Fetcher, Submitter

#: Seconds without polls after the database has refused one. Without the pause each tick would fetch what cannot be
#: stored.
REST = 60
#: The most feeds in one tick. After a standstill all feeds are due, and those that wait for their turn take memory.
AT_A_TICK = 1_000

log = get_logger()


class Polling:
    """Polls for one service. Belongs to one event loop."""

    def __init__(self, app: App, intake: Intake) -> None:
        self._app = app
        self._intake = intake
        #: The feeds being polled, and how many may be polled at the same time.
        self._under_way: set[str] = set()
        self._slots = asyncio.Semaphore(CONCURRENT_POLLS)
        #: No feed is polled before this time of the event loop's clock.
        self._rests_until = 0.0
        app.poller.network.report = log_network

    async def poll_due(self, fetcher: Fetcher) -> None:
        """Poll the due feeds, unless the database has refused within the last ``REST`` seconds."""
        now = asyncio.get_running_loop().time
        if now() < self._rests_until:
            return
        try:
            await self._poll_all_due(fetcher)
        except LedgerError:
            self._rests_until = now() + REST
            raise

    async def _poll_all_due(self, fetcher: Fetcher) -> None:
        """Poll the feeds that are due and not being polled. A slow feed does not delay the others to another tick."""
        await self._app.poller.network.try_again(fetcher)
        # Copied before the query: a feed whose poll ends during the query is no longer due, but may still be in its
        # result.
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
        """Do what is due for the subscriptions at hubs, unless there is no network."""
        if self._app.poller.network.is_lost:
            return
        for each in await self._app.poller.tend_hubs(submitter, public):
            say = log.warning if each.error else log.info
            said = {"error": each.error} if each.error else {}
            say("hub.asked", feed=each.feed, hub=each.hub, leaving=each.is_leaving, **said)
        for push in await asyncio.to_thread(lost, self._app.hubs, self._intake):
            if self._intake.reserve(push.token, 0):
                self._intake.put(push)

    async def take_pushes(self, fetcher: Fetcher) -> None:
        """Read pushes from hubs as they arrive. If the database refuses one, a later tick polls its feed."""
        while (push := await self._intake.next()) is not None:
            try:
                result = await self._app.poller.take(push, fetcher)
            except LedgerError as error:
                log.error("hub.push_not_taken", feed=push.feed, error=str(error))  # noqa: TRY400 - the message says all
                continue
            except Exception:
                log.exception("hub.push_not_taken", feed=push.feed)  # a bug costs one push; the feed is polled instead
                continue
            finally:
                self._intake.release(push.token, len(push.body))
            if result is not None:
                log_poll(result)
