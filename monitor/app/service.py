"""The service: what runs when. Only this module and ``ticks`` know APScheduler.

APScheduler holds no state of ours. The database knows which feeds and deliveries are due, and each tick asks it again.
So nothing is lost if a tick is missed or finds the one before still running.
"""

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.app.build import App
from monitor.app.log_lines import log_attempt, log_fault
from monitor.app.polls import Polling
from monitor.app.ticks import Every, make_scheduler, put_right
from monitor.app.upkeep import Upkeep
from monitor.core.reading.lexicon import Lexicon
from monitor.deliver.dispatch import Dispatcher
from monitor.errors import ConfigError, LedgerError, ServeError
from monitor.feeds.fetch import GuardedFetcher
from monitor.ledger.lock import ServiceLock, Standing
from monitor.logs import get_logger
from monitor.poll.intake import Intake
from monitor.poll.rounds import CONCURRENT_POLLS
from monitor.ports import Fetcher
from monitor.settings.config import Config, waiting
from monitor.settings.files import changed
from monitor.settings.last_valid import keep
from monitor.workers.warming import set_apart

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

log = get_logger()


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
        self._polling = Polling(app, self._intake)
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
        before = Standing.HELD
        while True:
            await asyncio.sleep(STEADY_TICK)
            put_right(scheduler, self._app.clock())
            try:
                standing = await asyncio.to_thread(lock.look)
            except LedgerError:
                dispatcher.pause()
                raise
            if standing is Standing.LOST and before is not Standing.LOST:
                scheduler.pause()
                dispatcher.pause()
                log.error("service.lock_lost", error=lock.trouble, meanwhile="nothing is polled or sent")
            elif standing is Standing.TAKEN_AGAIN:
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
