"""The service: what runs when. Beside ``ticks``, the only module that knows APScheduler.

APScheduler holds no state of ours: which feed is due and which delivery is owed stands in the database, and each tick
asks it again. A tick that was missed, or that found its forerunner still running, is therefore no loss.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.app import App
from monitor.core.reading.lexicon import Lexicon
from monitor.dispatch import Dispatcher
from monitor.errors import ConfigError, LedgerError, ServeError
from monitor.feeds.fetch import GuardedFetcher
from monitor.ledger.lock import ServiceLock, Standing
from monitor.pipeline import PollOutcome, PollResult
from monitor.poller import CONCURRENT_POLLS
from monitor.ports import Fetcher, Outcome, Submitter
from monitor.relay import Attempt
from monitor.settings.config import Config
from monitor.settings.files import changed
from monitor.ticks import Every, make_scheduler, put_right
from monitor.web.health import health
from monitor.web.intake import Intake
from monitor.web.routes import Route
from monitor.web.server import WebServer
from monitor.web.unsubscribe import Unsubscribing
from monitor.web.websub import Callbacks
from monitor.websub import lost
from monitor.workers.warming import set_apart

#: Seconds between two looks at what is due.
POLL_TICK = 5
#: Seconds between two looks that do not go by the time of day.
STEADY_TICK = 2
#: Seconds without polls once the database has refused one: what cannot be kept would be asked for at every tick.
REST = 60
#: Feeds that are polled by one tick: all are due after a standstill, and those that wait for their turns take memory.
AT_A_TICK = 1_000
#: Ticks that poll at the same time: the slowest answer that is waited for ends within fewer.
POLLING_TICKS = 100
RETENTION_TICK = 24 * 3600
RELOAD_TICK = 3
#: Seconds between two looks at the subscriptions at hubs.
HUB_TICK = 60
#: Pushes that are read at the same time, and the bytes of those that wait.
PUSH_WORKERS, INTAKE = 2, 50_000_000
#: Seconds between two looks at which feeds are worth how many requests.
BUDGET_TICK = 3600
#: Seconds between two looks at what time has brought: forecasts go by at midnight, and nobody minds an hour.
CLOCK_TICK = 3600
#: Seconds between two looks at articles that are to be read again.
REREAD_TICK = 60
#: Seconds between two looks at what ails the service itself.
HEALTH_TICK = 60
#: Enough for every poll to block at once: a reader that hangs keeps no other waiting.
THREADS = CONCURRENT_POLLS + 8
#: Seconds for which one thread may keep the interpreter from others that want it, a tenth of what is usual: what stores
#: news lets go of it many times, and waits as long for it each time while an article is read.
TURN = 0.0005
#: Keys of monitor.yaml of which the service holds something open; an edit of them counts from its next start.
_AT_START = ("database", "fetch", "web")
#: Seconds that polls and sends under way are given to end once the service is told to stop.
GRACE = 8

Load = Callable[[Path], tuple[Config, Mapping[str, Lexicon]]]

log = structlog.get_logger()


class Service:
    """Polls what is due, delivers what is owed and takes up changed configuration, until it is told to stop."""

    def __init__(self, app: App, load: Load) -> None:
        """Prepare to run.

        Args:
            app: on the configuration to begin with.
            load: reads a configuration folder anew; raises ConfigError with every problem in it.
        """
        self._app = app
        self._load = load
        self._stop = asyncio.Event()
        self._intake = Intake(INTAKE)
        #: The feeds that are being polled, and who may be at the same time.
        self._under_way: set[str] = set()
        self._slots = asyncio.Semaphore(CONCURRENT_POLLS)
        #: Until when no feed is polled, by the clock of the event loop.
        self._rests_until = 0.0
        self._worker = f"{socket.gethostname()}/{os.getpid()}"
        #: What is to be said where another service has taken the lock.
        self._usurped: LedgerError | None = None
        #: Of the last edit that was refused, so that it is reported once.
        self._refused = ""

    def stop(self) -> None:
        """Begin to stop; ``run`` returns when what is under way has ended, at most ten seconds later."""
        self._stop.set()

    async def run(self, lock: ServiceLock) -> None:
        """Run until told to stop, by ``stop``, SIGTERM or SIGINT.

        What is under way then is given some seconds to end; what has not ended by then is lost to nobody: a poll that
        was not committed is polled again, a message that was not marked as sent is sent again.

        Args:
            lock: what ``App.exclusively`` gives. While it is lost nothing is begun.

        Raises:
            LedgerError: the database cannot be used at all, or another service has taken the lock.
        """
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(THREADS, "road"))
        sys.setswitchinterval(TURN)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        freed = await asyncio.to_thread(self._app.outbox.release)
        log.info("service.started", feeds=len(self._app.config.feeds), leases_freed=freed)
        dispatcher = self._app.courier.dispatcher(self._worker, report=log_attempt, complain=_complain)
        delivering = threading.Thread(target=dispatcher.run, name="dispatch", daemon=True)
        async with self._app.fetcher() as fetcher:
            scheduler = self._schedule(fetcher)
            steady = asyncio.create_task(self._stay_steady(scheduler, dispatcher, lock))
            delivering.start()
            self._prepare()
            web = await self._serve(fetcher, scheduler)
            try:
                await self._stop.wait()
            finally:
                log.info("service.stopping", grace=GRACE)
                steady.cancel()
                dispatcher.stop()
                until = loop.time() + GRACE
                await web.close()
                self._intake.close()
                await _wind_down(scheduler)
                await asyncio.to_thread(dispatcher.wait, until - loop.time())
                for number in (signal.SIGTERM, signal.SIGINT):
                    loop.remove_signal_handler(number)
        self._app.close()
        log.info("service.stopped")
        if self._usurped is not None:
            raise self._usurped

    def _schedule(self, fetcher: Fetcher) -> AsyncIOScheduler:
        scheduler, now = make_scheduler(), self._app.clock()
        poll = {"id": "poll", "next_run_time": now, "max_instances": POLLING_TICKS}
        scheduler.add_job(self._poll_due, Every(POLL_TICK), [fetcher], **poll)
        scheduler.add_job(self._reload, Every(RELOAD_TICK), id="reload")
        scheduler.add_job(self._share_budget, Every(BUDGET_TICK), id="budget", next_run_time=now)
        scheduler.add_job(self._drop_texts, Every(RETENTION_TICK), id="retention", next_run_time=now)
        scheduler.add_job(self._look_at_the_clock, Every(CLOCK_TICK), id="clock", next_run_time=now)
        scheduler.add_job(self._read_again, Every(REREAD_TICK), id="reread")
        scheduler.add_job(self._look_after_itself, Every(HEALTH_TICK), id="health")
        scheduler.start()
        return scheduler

    async def _serve(self, fetcher: GuardedFetcher, scheduler: AsyncIOScheduler) -> WebServer:
        """Begin to answer on the web; where that cannot be, it is said, and all else goes on."""
        settings = self._app.config.web
        web = WebServer(self._routes(), host=settings.host, port=settings.port)
        try:
            await web.start()
        except ServeError as error:
            log.warning("web.not_served", error=str(error))
            return web
        log.info("web.serving", host=settings.host, port=web.port, public=settings.public)
        if settings.public is not None:
            tend = (self._tend_hubs, Every(HUB_TICK), [fetcher, settings.public])
            scheduler.add_job(*tend, id="hubs", next_run_time=self._app.clock())
            for number in range(PUSH_WORKERS):
                scheduler.add_job(self._take_pushes, args=[fetcher], id=f"pushes-{number}")
        return web

    def _routes(self) -> Iterator[Route]:
        """What is answered on the web; each route is a module of ``monitor.web``."""
        yield health(self._is_well)
        if self._app.config.web.public is not None:
            app = self._app
            callbacks = Callbacks(hubs=app.hubs, intake=self._intake, clock=app.clock, chance=app.chance)
            yield callbacks.route(max_bytes=app.config.fetch.max_bytes)
            yield Unsubscribing(departures=app.departures, clock=app.clock).route()

    def _prepare(self) -> None:
        """Start what workers come from beside all else, and look no more for garbage in what lasts."""

        def run() -> None:
            try:
                self._app.crew.start()
            except Exception:
                if not self._stop.is_set():
                    log.exception("service.no_workers")  # the first poll that needs one tries again
            set_apart()

        threading.Thread(target=run, name="prepare", daemon=True).start()

    async def _is_well(self) -> bool:
        return await asyncio.to_thread(self._app.is_well)

    async def _stay_steady(self, scheduler: AsyncIOScheduler, dispatcher: Dispatcher, lock: ServiceLock) -> None:
        """See that ticks come though the clock is set back, and that nothing is begun while the lock is lost."""
        before = Standing.HELD
        while True:
            await asyncio.sleep(STEADY_TICK)
            put_right(scheduler, self._app.clock())
            try:
                standing = await asyncio.to_thread(lock.look)
            except LedgerError as error:
                dispatcher.pause()
                self._usurped = error
                return self.stop()
            if standing is Standing.LOST and before is not Standing.LOST:
                scheduler.pause()
                dispatcher.pause()
                log.error("service.lock_lost", error=lock.trouble, meanwhile="nothing is polled or sent")
            elif standing is Standing.TAKEN_AGAIN:
                log.warning("service.lock_taken_again")
                scheduler.resume()
                dispatcher.go_on()
            before = standing

    # ------------------------------------------------------------ the ticks

    async def _poll_due(self, fetcher: Fetcher) -> None:
        """Poll what is due, unless the database has refused a moment ago."""
        now = asyncio.get_running_loop().time
        if now() < self._rests_until:
            return
        try:
            await self._poll_what_waits(fetcher)
        except LedgerError:
            self._rests_until = now() + REST
            raise

    async def _poll_what_waits(self, fetcher: Fetcher) -> None:
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

    async def _tend_hubs(self, submitter: Submitter, public: str) -> None:
        for each in await self._app.poller.tend_hubs(submitter, public):
            say = log.warning if each.error else log.info
            said = {"error": each.error} if each.error else {}
            say("hub.asked", feed=each.feed, hub=each.hub, leaving=each.is_leaving, **said)
        for push in await asyncio.to_thread(lost, self._app.hubs, self._intake):
            if self._intake.reserve(push.token, 0):
                self._intake.put(push)

    async def _take_pushes(self, fetcher: Fetcher) -> None:
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

    async def _share_budget(self) -> None:
        await asyncio.to_thread(self._app.poller.share_budget)

    async def _look_at_the_clock(self) -> None:
        for change in await asyncio.to_thread(self._app.knowledge.look_at_the_clock):
            log.info("clock.raised", change=change.id, type=str(change.type), project=change.project)

    async def _read_again(self) -> None:
        for change in await self._app.rereader.read_again():
            log.info("reread.raised", change=change.id, type=str(change.type), project=change.project)

    async def _look_after_itself(self) -> None:
        bulletin = await asyncio.to_thread(self._app.look_after_itself, refused_edit=self._refused)
        for event, say, ailments in (
            ("health.raised", log.warning, bulletin.raised),
            ("health.recovered", log.info, bulletin.recovered),
        ):
            for ailment in ailments:
                say(event, trouble=str(ailment.trouble), subject=ailment.subject, detail=ailment.detail)

    async def _drop_texts(self) -> None:
        """Drop the texts that have been kept for long enough, a few at a time, so that polls come between."""
        total = 0
        while not self._stop.is_set() and (dropped := await asyncio.to_thread(self._app.knowledge.drop_texts)):
            total += dropped
        if total:
            log.info("texts.dropped", articles=total)

    async def _reload(self) -> None:
        """Take up a changed configuration whole, or keep the old one and say what is wrong with the new."""
        folder, since = self._app.config.folder, self._app.config.fingerprint
        if not await asyncio.to_thread(changed, folder, since):
            self._refused = ""
            return
        try:
            config, lexicons = await asyncio.to_thread(self._load, folder)
        except ConfigError as error:
            if str(error) != self._refused:
                self._refused = str(error)
                problems = [str(problem) for problem in error.problems]
                log.warning("configuration.refused", kept="the one before", problems=problems)
            return
        self._refused = ""
        before = self._app.config
        self._app.reconfigure(config, lexicons)
        self._prepare()
        log.info("configuration.taken", projects=len(config.projects), feeds=len(config.feeds))
        if later := [key for key in _AT_START if getattr(config, key) != getattr(before, key)]:
            log.warning("configuration.needs_restart", keys=later)


def log_poll(result: PollResult) -> None:
    """One line for a poll: what a feed brought, or what is wrong with it."""
    say = log.warning if result.outcome is PollOutcome.FAILED else log.info
    said = {"error": result.error} if result.error else {}
    say(
        "feed.polled",
        feed=result.feed.name,
        outcome=str(result.outcome),
        new=result.new,
        relevant=result.relevant,
        corrected=result.corrected,
        changes=len(result.changes),
        history=result.is_history,
        **said,
    )
    for problem in result.problems:
        log.warning("feed.problem", feed=result.feed.name, problem=problem)


def log_attempt(attempt: Attempt) -> None:
    """One line for an attempt at a delivery."""
    say = log.info if attempt.result.outcome is Outcome.SENT else log.warning
    say(
        "delivery.attempted",
        change=attempt.delivery.change.id,
        destination=attempt.destination,
        outcome=str(attempt.result.outcome),
        detail=attempt.result.detail,
        retry_at=attempt.retry_at.isoformat() if attempt.retry_at else None,
        message=attempt.message,
    )
    if attempt.fault is not None:
        log.error("delivery.fault", change=attempt.delivery.change.id, exc_info=attempt.fault)


def _complain(error: Exception) -> None:
    """What kept a delivery from being sent or recorded, once for all that were under way together."""
    if isinstance(error, LedgerError):
        log.error("delivery.failed", error=str(error))
    else:
        log.error("delivery.failed", error=repr(error), exc_info=error)


async def _wind_down(scheduler: AsyncIOScheduler) -> None:
    """No new ticks; those under way get the time of grace, then they are cancelled."""
    scheduler.pause()
    running = asyncio.all_tasks() - {asyncio.current_task()}
    if running:
        _, late = await asyncio.wait(running, timeout=GRACE)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    scheduler.shutdown(wait=False)
