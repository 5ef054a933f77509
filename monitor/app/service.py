"""The service: what runs when. Only this module and ``ticks`` know APScheduler.

APScheduler holds no state of ours. The database knows which feeds and deliveries are due, and each tick asks it again.
So nothing is lost if a tick is missed or finds the one before still running.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from monitor.app.build import App
from monitor.app.log_lines import log_attempt, log_change, log_fault, log_network, log_poll
from monitor.core.backoff import believed
from monitor.core.reading.lexicon import Lexicon
from monitor.deliver.dispatch import Dispatcher
from monitor.errors import ConfigError, LedgerError, ServeError
from monitor.feeds.fetch import GuardedFetcher
from monitor.ledger.lock import LockStanding, ServiceLock
from monitor.logs import get_logger
from monitor.poll.push import Intake, lost
from monitor.poll.rounds import CONCURRENT_POLLS
from monitor.ports import Fetcher, Submitter
from monitor.settings.config import Config, waiting
from monitor.settings.files import changed
from monitor.settings.loading import keep
from monitor.workers.warming import set_apart

# Scheduled ticks on a machine whose clock may be set: APScheduler uses the time of day, which jumps -------------------


log = get_logger()


class Every(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """A tick at this interval after the previous one. If the clock jumps ahead, one tick is due, not all in between."""

    def __init__(self, seconds: float) -> None:
        self.pause = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:  # noqa: ARG002 - the library's signature
        return now + self.pause


def make_scheduler() -> AsyncIOScheduler:
    """Make a scheduler without jobs that logs errors of its ticks."""
    scheduler = AsyncIOScheduler(
        timezone="UTC",
        # A late tick is as good as one on time, and one tick replaces several late ones.
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    scheduler.add_listener(_report, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
    return scheduler


def put_right(scheduler: AsyncIOScheduler, now: datetime) -> None:
    """Run ticks now that are further off than their interval, because the clock was set back.

    Call this at times that do not depend on the clock.
    """
    for job in scheduler.get_jobs():
        if isinstance(job.trigger, Every) and believed(job.next_run_time, now, job.trigger.pause) < job.next_run_time:
            job.modify(next_run_time=now)


def _report(event: JobExecutionEvent) -> None:
    """Log a tick that raised or was missed. APScheduler's own log of it is off. The next tick comes anyway."""
    if isinstance(event.exception, LedgerError):
        log.error("tick.failed", job=event.job_id, error=str(event.exception))
    else:
        log.error("tick.failed", job=event.job_id, error=repr(event.exception), traceback=event.traceback)


# The polls of the service: due feeds at each tick, and pushes from hubs as they arrive --------------------------------


#: Seconds without polls after the database has refused one. Without the pause each tick would fetch what cannot be
#: stored.
REST = 60
#: The most feeds in one tick. After a standstill all feeds are due, and those that wait for their turn take memory.
AT_A_TICK = 1_000


class ServicePolls:
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


# The periodic work of the service besides polls and deliveries --------------------------------------------------------


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


#: Seconds between two checks for due feeds.
POLL_TICK = 5
#: Seconds between two checks of the clock and the lock. They do not depend on the time of day.
STEADY_TICK = 2
#: The most polling ticks at the same time. The slowest fetch ends in fewer ticks than this.
POLLING_TICKS = 100
RETENTION_TICK = 24 * 3600
RELOAD_TICK = 3
#: Seconds between two attempts to listen on an address that is taken.
WEB_TICK = 5
#: Seconds between two checks of the subscriptions at hubs.
HUB_TICK = 60
#: Workers that read pushes at the same time, and the most bytes of waiting pushes.
PUSH_WORKERS, INTAKE = 2, 50_000_000
#: Seconds between two calculations of each feed's share of the request budget.
BUDGET_TICK = 3600
#: Seconds between two checks for changes that time brings. Forecasts expire at midnight; an hour's delay is harmless.
CLOCK_TICK = 3600
#: Seconds between two checks for articles to read again.
REREAD_TICK = 60
#: Seconds between two health checks of the service itself.
HEALTH_TICK = 60
#: Enough threads for every poll to block at once: a reader that hangs delays no other.
THREADS = CONCURRENT_POLLS + 8
#: Seconds for which one thread may hold the interpreter while others wait, a tenth of Python's default. Storing news
#: releases it many times, and would wait this long each time while an article is read.
TURN = 0.0005
#: Seconds that running polls and sends get to finish once the service stops.
GRACE = 8

Load = Callable[[Path], tuple[Config, Mapping[str, Lexicon]]]


class Server(Protocol):
    """A web server that has not been started."""

    @property
    def port(self) -> int:
        """The port on which it listens, once started."""

    async def start(self) -> None:
        """Start to listen and answer.

        Raises:
            ServeError: the address cannot be listened on.
        """

    async def close(self) -> None:
        """Stop answering. Does nothing if it was never started."""


First = Callable[[], Awaitable[None]]
#: (monitor, intake for pushes from hubs) → its web server.
MakeServer = Callable[[App, Intake], Server]


async def _nothing() -> None:
    pass


class Service:
    """Polls due feeds, sends due deliveries and reloads changed configuration, until it is told to stop."""

    def __init__(self, app: App, load: Load, make_server: MakeServer, first: First = _nothing) -> None:
        """Prepare to run.

        Args:
            app: the monitor with its initial configuration.
            load: reads a configuration folder; raises ConfigError with every problem in it.
            make_server: makes the web server.
            first: reads the past, before anything else is polled or sent. The web server answers meanwhile.
        """
        self._app = app
        self._load = load
        self._stop = asyncio.Event()
        self._make_server = make_server
        self._first = first
        self._intake = Intake(INTAKE)
        self._polling = ServicePolls(app, self._intake)
        self._upkeep = Upkeep(
            app, is_stopping=self._stop.is_set, refused_edit=lambda: self._refused, unserved=lambda: self._unserved
        )
        self._worker = f"{socket.gethostname()}/{os.getpid()}"
        #: The error of the last refused edit, so that it is logged once.
        self._refused = ""
        #: Why the web server does not listen. "" if it does.
        self._unserved = ""

    def stop(self) -> None:
        """Begin to stop. ``run`` returns once running work has ended, at most ten seconds later."""
        self._stop.set()

    async def run(self, lock: ServiceLock) -> None:
        """Run until stopped by ``stop``, SIGTERM or SIGINT.

        Running work then gets ``GRACE`` seconds to finish. What does not finish is not lost: an uncommitted poll is
        polled again, and a message not marked as sent is sent again.

        Args:
            lock: the lock from ``App.exclusively``. While it is lost, no work begins.

        Raises:
            LedgerError: the database cannot be used at all, or another service has taken the lock.
        """
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(THREADS, "road"))
        sys.setswitchinterval(TURN)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        await self._keep_configuration()
        dispatcher = self._app.courier.dispatcher(self._worker, report=log_attempt, complain=log_fault)
        async with self._app.fetcher() as fetcher:
            scheduler = self._schedule(fetcher)
            web = self._make_server(self._app, self._intake)
            await self._serve(web, fetcher, scheduler)
            serving = asyncio.create_task(self._serve_once_free(web, fetcher, scheduler))
            work = asyncio.create_task(self._work(scheduler, dispatcher, lock))
            work.add_done_callback(lambda _: self.stop())  # it ends by itself only if it fails
            try:
                await self._stop.wait()
            finally:
                log.info("service.stopping", grace=GRACE)
                work.cancel()
                serving.cancel()
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
        if not work.cancelled():
            work.result()

    async def _work(self, scheduler: AsyncIOScheduler, dispatcher: Dispatcher, lock: ServiceLock) -> None:
        """Read the past, then begin to poll and to send, and see that both go on. Raises LedgerError."""
        await self._notice()
        await self._first()
        freed = await asyncio.to_thread(self._app.outbox.release)
        log.info("service.started", feeds=len(self._app.config.feeds), leases_freed=freed)
        scheduler.resume()
        threading.Thread(target=dispatcher.run, name="dispatch", daemon=True).start()
        self._prepare()
        await self._stay_steady(scheduler, dispatcher, lock)

    def _schedule(self, fetcher: Fetcher) -> AsyncIOScheduler:
        """The scheduler with its ticks, which begin when it is resumed."""
        scheduler, now = make_scheduler(), self._app.clock()
        poll = {"id": "poll", "next_run_time": now, "max_instances": POLLING_TICKS}
        scheduler.add_job(self._polling.poll_due, Every(POLL_TICK), [fetcher], **poll)
        scheduler.add_job(self._reload, Every(RELOAD_TICK), id="reload")
        scheduler.add_job(self._upkeep.share_budget, Every(BUDGET_TICK), id="budget", next_run_time=now)
        scheduler.add_job(self._upkeep.drop_texts, Every(RETENTION_TICK), id="retention", next_run_time=now)
        scheduler.add_job(self._upkeep.look_at_the_clock, Every(CLOCK_TICK), id="clock", next_run_time=now)
        scheduler.add_job(self._upkeep.read_again, Every(REREAD_TICK), id="reread")
        scheduler.add_job(self._upkeep.look_after_itself, Every(HEALTH_TICK), id="health")
        scheduler.start(paused=True)
        return scheduler

    async def _serve_once_free(self, web: Server, fetcher: GuardedFetcher, scheduler: AsyncIOScheduler) -> None:
        """Start the web server once its address is free, beside everything else."""
        while self._unserved:
            await asyncio.sleep(WEB_TICK)
            await self._serve(web, fetcher, scheduler)

    async def _serve(self, web: Server, fetcher: GuardedFetcher, scheduler: AsyncIOScheduler) -> None:
        """Start the web server. If it cannot listen, log why, once for each reason."""
        settings = self._app.config.web
        try:
            await web.start()
        except ServeError as error:
            if str(error) != self._unserved:
                self._unserved = str(error)
                log.warning("web.not_served", error=self._unserved)
            return
        self._unserved = ""
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        address = f"{settings.public or f'http://{host}:{web.port}'}/"
        log.info("web.serving", host=settings.host, port=web.port, public=settings.public, address=address)
        if settings.public is not None:
            tend = (self._polling.tend_hubs, Every(HUB_TICK), [fetcher, settings.public])
            scheduler.add_job(*tend, id="hubs", next_run_time=self._app.clock())
            for number in range(PUSH_WORKERS):
                scheduler.add_job(self._polling.take_pushes, args=[fetcher], id=f"pushes-{number}")

    def _prepare(self) -> None:
        """Start the workers' template in a thread, then exclude long-lived objects from garbage collection."""

        def run() -> None:
            try:
                self._app.crew.start()
            except Exception:
                if not self._stop.is_set():
                    log.exception("service.no_workers")  # the first poll that needs one tries again
            set_apart()

        threading.Thread(target=run, name="prepare", daemon=True).start()

    async def _stay_steady(self, scheduler: AsyncIOScheduler, dispatcher: Dispatcher, lock: ServiceLock) -> None:
        """Keep ticks coming when the clock is set back, and pause polls and deliveries while the lock is lost.

        Raises:
            LedgerError: another service has taken the lock.
        """
        before = LockStanding.HELD
        while True:
            await asyncio.sleep(STEADY_TICK)
            put_right(scheduler, self._app.clock())
            try:
                standing = await asyncio.to_thread(lock.look)
            except LedgerError:
                dispatcher.pause()
                raise
            if standing is LockStanding.LOST and before is not LockStanding.LOST:
                scheduler.pause()
                dispatcher.pause()
                log.error("service.lock_lost", error=lock.trouble, meanwhile="nothing is polled or sent")
            elif standing is LockStanding.TAKEN_AGAIN:
                log.warning("service.lock_taken_again")
                scheduler.resume()
                dispatcher.go_on()
            before = standing

    async def _reload(self) -> None:
        """Take over a changed configuration as a whole, or keep the old one and log what is wrong with the new."""
        folder, since = self._app.config.folder, self._app.config.fingerprint
        if not await asyncio.to_thread(changed, folder, since):
            if self._refused:
                self._refused = ""
                log.info("configuration.restored", kept="the one that was at work meanwhile")
            return
        try:
            config, lexicons = await asyncio.to_thread(self._load, folder)
        except ConfigError as error:
            if str(error) != self._refused:
                self._refused = str(error)
                problems = [str(problem) for problem in error.problems]
                log.warning("configuration.refused", kept="the one before", problems=problems)
                await self._notice()
            return
        self._refused = ""
        self._app.reconfigure(config, lexicons)
        self._prepare()
        await self._keep_configuration()
        log.info("configuration.taken", projects=len(config.projects), feeds=len(config.feeds))
        if config.unset:
            log.warning("configuration.incomplete", problems=[str(problem) for problem in config.unset])
        if later := waiting(self._app.started_with, config):
            log.warning("configuration.needs_restart", keys=list(later))
        await asyncio.to_thread(self._app.courier.readdress)
        await self._notice()

    async def _notice(self) -> None:
        """Keep the contents of files that were edited outside. Files that cannot be read now are kept later."""
        with suppress(ConfigError):
            await asyncio.to_thread(self._app.configuration.notice)

    async def _keep_configuration(self) -> None:
        """Keep the configuration at work, for commands that only read while an edit is invalid."""
        try:
            await asyncio.to_thread(keep, self._app.config)
        except (OSError, ConfigError) as error:
            log.warning("configuration.not_kept", error=str(error))


async def _wind_down(scheduler: AsyncIOScheduler) -> None:
    """Stop new ticks. Running ones get ``GRACE`` seconds, then they are cancelled."""
    scheduler.pause()
    running = asyncio.all_tasks() - {asyncio.current_task()}
    if running:
        _, late = await asyncio.wait(running, timeout=GRACE)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    scheduler.shutdown(wait=False)
