"""The composition root: builds everything from a configuration. Nothing else constructs an engine or a fetcher."""

import asyncio
import random
import secrets
import threading
import weakref
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from rich.console import Console
from sqlalchemy import Engine

from monitor.core.articles import outlets_of
from monitor.core.cadence import RESERVE, Share, need, shares
from monitor.core.health import Bulletin, Finding
from monitor.core.known import known_reports
from monitor.core.matching import Matcher
from monitor.core.message.voice import Voice
from monitor.core.model import Feed
from monitor.core.news import Change, Destination, Message, Subscriber
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.reader import RuleReader
from monitor.core.state import ProjectState, Report
from monitor.core.storm import Storm, storm
from monitor.core.websub import HubSubscription
from monitor.delivery.apprise import AppriseSender
from monitor.delivery.pacer import Failing, Pacer
from monitor.dispatch import Dispatcher
from monitor.entries import Road
from monitor.errors import LedgerError
from monitor.feeds import sites
from monitor.feeds.addresses import AddressPolicy
from monitor.feeds.fetch import GuardedFetcher
from monitor.feeds.language import LanguageDetector
from monitor.health import Physician, findings
from monitor.ledger.backup import backup, restore
from monitor.ledger.departures import SQLDepartures
from monitor.ledger.engine import make_engine
from monitor.ledger.health import SQLHealthRecord
from monitor.ledger.hubs import SQLHubSubscriptions
from monitor.ledger.lock import service_lock
from monitor.ledger.migrate import upgrade
from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.pipeline import PollResult, poll_feed
from monitor.ports import FeedRecord, Fetcher, Reader, SendResult, Submitter
from monitor.readers.plug import reader_factory
from monitor.recorder import Recorder
from monitor.relay import Attempt, Way
from monitor.settings.config import Config
from monitor.settings.reading import reading_fingerprint
from monitor.warming import steps
from monitor.watch import Watch, what_time_brings
from monitor.web.intake import Push
from monitor.web.unsubscribe import UNSUBSCRIBE_PATH
from monitor.websub import Attempted, Keeper, take, tend
from monitor.wording.catalogues import catalogues
from monitor.wording.layouts import Layouts

#: Feeds that are polled at the same time, most of them waiting for an answer; what a host may be asked at a time is the
#: fetcher's business.
CONCURRENT_POLLS = 32
#: Projects that are folded in one transaction: nobody else writes meanwhile.
STATES_AT_A_TIME = 20
#: Projects that are looked at in one question for whether they are to be folded.
STATES_LOOKED_AT = 200
#: Texts that are dropped in one transaction.
TEXTS_AT_A_TIME = 500


def _nobody() -> None:
    """Wakes nobody."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def build_watch(
    config: Config,
    lexicons: Mapping[str, Lexicon],
    *,
    clock: Callable[[], datetime] = utc_now,
    is_closing: Callable[[], bool] = lambda: False,
) -> Watch:
    """What is watched, from the configuration and the vocabulary; a reader that waits gives up when all is closing."""
    return Watch(
        projects={project.id: project for project in config.projects},
        lifecycles=config.lifecycles,
        subscribers=config.subscribers,
        matcher=Matcher(config.projects),
        reader=_reader(config, lexicons, clock, is_closing),
        detector=LanguageDetector(tuple(lexicons)),
        polling=config.polling.policy,
        alert_horizon=config.alert_horizon,
        timezone=ZoneInfo(config.timezone),
        fingerprint=reading_fingerprint(config),
        voice=Voice(catalogues=catalogues(), layouts=Layouts(config.templates)),
        policy=config.weighing,
        outlets=outlets_of(config.feeds),
    )


def _reader(
    config: Config, lexicons: Mapping[str, Lexicon], clock: Callable[[], datetime], is_closing: Callable[[], bool]
) -> Reader:
    """The reader that the configuration asks for; raises ValueError where it names none that can be loaded."""
    factory = reader_factory(config.reader.use) if config.reader.use is not None else RuleReader
    reader = factory(config.projects, lexicons, config.lifecycles)
    llm = config.reader.llm
    if llm is None:
        return reader
    # Off by default: who does not ask for it loads nothing of it.
    from monitor.readers.answers import Answers  # noqa: PLC0415 - off, it is not loaded
    from monitor.readers.endpoint import Endpoint  # noqa: PLC0415 - off, it is not loaded
    from monitor.readers.settling import SettlingReader  # noqa: PLC0415 - off, it is not loaded

    return SettlingReader(
        reader,
        projects=config.projects,
        lifecycles=config.lifecycles,
        endpoint=Endpoint(
            llm.endpoint, api_key=llm.api_key or "", timeout=llm.timeout.total_seconds(), is_closing=is_closing
        ),
        model=llm.model,
        below=llm.below,
        answers=Answers(
            llm.answers,
            requests_per_day=llm.budget.requests_per_day,
            tokens_per_day=llm.budget.tokens_per_day,
            requests_per_article=llm.budget.requests_per_article,
            tokens_per_article=llm.budget.tokens_per_article,
        ),
        clock=clock,
    )


class App:
    """The monitor on one configuration. The database is opened when it is first needed, and brought up to date then."""

    def __init__(
        self,
        config: Config,
        lexicons: Mapping[str, Lexicon],
        *,
        console: Console | None = None,
        clock: Callable[[], datetime] = utc_now,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Prepare; nothing is opened yet.

        Args:
            config: of the whole program.
            lexicons: the vocabulary, by language.
            console: where ``console://`` destinations print; standard output when None.
            clock: the present instant, aware, in UTC.
            chance: a number in [0, 1), for jitter.
        """
        self.config = config
        self.clock = clock
        self.chance = chance
        self._console = console
        self._closing = threading.Event()
        self._shares: Mapping[str, Share] = {}
        #: Until when hubs push what is new in feeds.
        self._leases: Mapping[str, datetime] = {}
        #: Of each feed that is being read: one thing at a time, a poll or a push.
        self._turns: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        #: Of each site that is being polled, as long as it is.
        self._places: weakref.WeakValueDictionary[str, asyncio.Semaphore] = weakref.WeakValueDictionary()
        self._pacer = Pacer()
        #: Wakes whoever delivers in this process.
        self._wake: Callable[[], None] = _nobody
        self.watch = self._watch(config, lexicons)
        self._lexicons = lexicons

    def reconfigure(self, config: Config, lexicons: Mapping[str, Lexicon]) -> None:
        """Watch by another configuration from the next poll and delivery on; the database and the fetcher stay."""
        self.watch = self._watch(config, lexicons)
        self._lexicons = lexicons
        self.config = config

    def _watch(self, config: Config, lexicons: Mapping[str, Lexicon]) -> Watch:
        return build_watch(config, lexicons, clock=self.clock, is_closing=self._closing.is_set)

    # ------------------------------------------------------------ edges

    @cached_property
    def engine(self) -> Engine:
        """Raises LedgerError where the database cannot be used."""
        engine = make_engine(self.config.database)
        upgrade(engine)
        return engine

    @cached_property
    def ledger(self) -> SQLLedger:
        return SQLLedger(self.engine, committed=self._committed)

    def _committed(self) -> None:
        self._wake()

    @cached_property
    def recorder(self) -> Recorder:
        return Recorder(self.ledger)

    @cached_property
    def outbox(self) -> SQLOutbox:
        return SQLOutbox(self.engine)

    @cached_property
    def health(self) -> SQLHealthRecord:
        return SQLHealthRecord(self.engine)

    @cached_property
    def _physician(self) -> Physician:
        return Physician(record=self.health, sender=self.sender, clock=self.clock)

    @cached_property
    def departures(self) -> SQLDepartures:
        return SQLDepartures(self.engine)

    @cached_property
    def hubs(self) -> SQLHubSubscriptions:
        return SQLHubSubscriptions(self.engine)

    @cached_property
    def sender(self) -> AppriseSender:
        policy = AddressPolicy(tuple(self.config.fetch.allow_private))
        return AppriseSender(refusal=policy.refusal, console=self._console)

    @asynccontextmanager
    async def fetcher(self) -> AsyncIterator[GuardedFetcher]:
        """The one fetcher of a run; closed at the end."""
        limits = self.config.fetch
        async with GuardedFetcher(
            timeout=limits.timeout.total_seconds(),
            max_bytes=limits.max_bytes,
            contact=limits.contact or "",
            allow_private=limits.allow_private,
            files_root=self.config.folder,
            per_host=self.config.polling.per_host,
            spacing=self.config.polling.spacing.total_seconds(),
            per_minute=self.config.polling.requests_per_minute,
        ) as fetcher:
            yield fetcher

    def close(self) -> None:
        """Give the database back, where it was opened; a reader that waits for an answer gives up."""
        self._closing.set()
        if "sender" in self.__dict__:
            self.sender.close()
        if "engine" in self.__dict__:
            self.engine.dispose()

    def is_well(self) -> bool:
        """Whether the database answers."""
        try:
            self.outbox.deliveries(limit=1)
        except LedgerError:
            return False
        return True

    def backup(self, file: Path) -> int:
        """Write all that the database holds into a new file; returns the number of rows. LedgerError: ledger.backup."""
        return backup(self.engine, file)

    def restore(self, file: Path, scratch: Path) -> int:
        """Fill the empty database with a backup; returns the number of rows. No service may run on it meanwhile.

        Raises:
            LedgerError: as ``ledger.backup.restore``, or a service runs.
        """
        with self.exclusively():
            return restore(self.engine, file, scratch)

    def exclusively(self) -> AbstractContextManager[None]:
        """Hold the database as its only service. Raises LedgerError where another one runs on it."""
        return service_lock(self.engine)

    def warm_up(self) -> Iterator[Callable[[], object]]:
        """The steps of what is slow the first time, to be taken before it is needed; see ``monitor.warming``."""
        return steps(self._lexicons)

    # ------------------------------------------------------------ poll

    def feeds(self, urls: Sequence[str] | None = None) -> tuple[tuple[Feed, FeedRecord], ...]:
        """All feeds of the configuration (or these, by address or name), each with what is known of it."""
        records = self.ledger.feeds()
        return tuple(
            (feed, records.get(feed.url, FeedRecord(url=feed.url)))
            for feed in self.config.feeds
            if urls is None or feed.url in urls or feed.name in urls
        )

    def due(self) -> tuple[tuple[Feed, FeedRecord], ...]:
        """The feeds whose time has come; those never polled first, then the longest due."""
        now, never = self.clock(), datetime.min.replace(tzinfo=UTC)
        records, waiting = self.ledger.due(now)
        due = [
            (feed, records.get(feed.url, FeedRecord(url=feed.url)))
            for feed in self.config.feeds
            if feed.url not in waiting
        ]
        return tuple(sorted(due, key=lambda item: item[1].next_poll_at or never))

    def share_budget(self) -> None:
        """Share the budget of requests among the feeds, by what each has been worth so far.

        On average each is asked once in ``polling.every``; never are all together asked for more than the budget, less
        what is kept back for bursts.

        Raises:
            LedgerError: the database refused; the shares stay as they were.
        """
        polling = self.config.polling
        needs = {
            feed.url: need(record.habit, trust=feed.trust, shown=len(record.shown))
            for feed, record in self.feeds()
            if feed.every is None and record.habit is not None
        }
        day = timedelta(days=1)
        a_day = min(len(needs) * (day / polling.policy.every), polling.requests_per_minute * 60 * 24)
        self._shares = shares(
            needs, a_day=a_day * (1 - RESERVE), fastest=polling.policy.fastest, slowest=polling.policy.slowest
        )

    async def poll(
        self, feeds: Sequence[tuple[Feed, FeedRecord]], fetcher: Fetcher, *, slots: asyncio.Semaphore | None = None
    ) -> AsyncGenerator[PollResult, None]:
        """Poll these feeds, some at a time, and give each result as it comes.

        Args:
            feeds: each with what is known of it.
            fetcher: the one of this run.
            slots: shared with other polls at the same time; as many as ``CONCURRENT_POLLS`` when None.

        Raises:
            LedgerError: the database refused; what is under way is given up and will be polled again.
        """
        road = self._road(fetcher)
        free = slots or asyncio.Semaphore(CONCURRENT_POLLS)

        async def one(feed: Feed, record: FeedRecord) -> PollResult:
            async with self._place(feed), free, self._turn(feed):
                return await poll_feed(feed, record, road)

        tasks = [asyncio.create_task(one(feed, record)) for feed, record in feeds]
        try:
            for done in asyncio.as_completed(tasks):
                yield await done
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _road(self, fetcher: Fetcher) -> Road:
        return Road(
            watch=self.watch,
            fetcher=fetcher,
            ledger=self.ledger,
            recorder=self.recorder,
            clock=self.clock,
            chance=self.chance,
            shares=self._shares,
            leases=self._leases,
        )

    def _turn(self, feed: Feed) -> asyncio.Lock:
        turn = self._turns.get(feed.url)
        if turn is None:
            turn = self._turns[feed.url] = asyncio.Lock()
        return turn

    def _place(self, feed: Feed) -> asyncio.Semaphore:
        """Half of the slots for a site, lest many feeds that wait for their turns there keep all others waiting."""
        site = sites.site_of(urlsplit(feed.url).hostname or "")
        places = self._places.get(site)
        if places is None:
            places = self._places[site] = asyncio.Semaphore(CONCURRENT_POLLS // 2)
        return places

    # ------------------------------------------------------------ hubs

    async def tend_hubs(self, submitter: Submitter, public: str) -> tuple[Attempted, ...]:
        """Do what is due for the subscriptions at hubs: ask for them, renew them, take them back.

        Raises:
            LedgerError: the database refused; what was not done is done the next time.
        """
        keeper = Keeper(
            hubs=self.hubs,
            submitter=submitter,
            public=public,
            clock=self.clock,
            chance=self.chance,
            secret=secrets.token_urlsafe,
        )
        attempted = await tend((feed.url for feed in self.config.feeds), keeper)
        now, subscriptions = self.clock(), await asyncio.to_thread(self.hubs.all)
        self._leases = {each.feed: each.until for each in subscriptions if each.until and each.is_live(now)}
        return attempted

    async def take(self, push: Push, fetcher: Fetcher) -> PollResult | None:
        """Take what a hub pushed down the road (``monitor.websub.take``).

        None where the feed is none of the configuration any more.

        Raises:
            LedgerError: the database refused; it is asked for the next time.
        """
        feed = next((feed for feed in self.config.feeds if feed.url == push.feed), None)
        if feed is None:
            return None
        async with self._turn(feed):
            return await take(feed, push, self._road(fetcher), self.hubs)

    def hub_subscriptions(self) -> Mapping[str, HubSubscription]:
        """The subscription of each feed that has one, by its address."""
        return {each.feed: each for each in self.hubs.all() if not each.is_leaving}

    # ------------------------------------------------------------ deliver

    def dispatcher(
        self, worker: str, *, report: Callable[[Attempt], None], complain: Callable[[Exception], None]
    ) -> Dispatcher:
        """What delivers in this process; it is woken by what is committed here. See ``Dispatcher``."""
        way = Way(
            outbox=self.outbox,
            sender=self.sender,
            watch=lambda: self.watch,
            known=self.known,
            pacer=self._pacer,
            unsubscribe=self.unsubscribe,
            worker=worker,
            clock=self.clock,
            chance=self.chance,
        )
        dispatcher = Dispatcher(way=way, report=report, complain=complain)
        self._wake = dispatcher.wake
        return dispatcher

    def unsubscribe(self, subscriber: Subscriber, destination: Destination) -> str:
        """Where the reader of a mail says that they want no more; "" where the monitor cannot be reached."""
        public = self.config.web.public
        if public is None:
            return ""
        token = self.departures.token(subscriber.name, destination.id, secrets.token_urlsafe(24))
        return f"{public.rstrip('/')}{UNSUBSCRIBE_PATH}{token}"

    def deliver(self, worker: str) -> Iterator[Attempt]:
        """Send what is due until nothing is, and give each attempt as it ends.

        Raises:
            LedgerError: the database refused; what was not recorded is sent again.
        """
        said: SimpleQueue[Attempt | Exception | None] = SimpleQueue()
        dispatcher = self.dispatcher(worker, report=said.put, complain=said.put)

        def run() -> None:
            dispatcher.run(until_idle=True)
            said.put(None)

        thread = threading.Thread(target=run, name="dispatch", daemon=True)
        thread.start()
        try:
            while (each := said.get()) is not None:
                if isinstance(each, Exception):
                    raise each
                yield each
        finally:
            dispatcher.stop()

    def failing(self) -> tuple[Failing, ...]:
        """The destinations that keep failing, as far as this process has sent to them."""
        return self._pacer.failing()

    def look_after_itself(self, *, refused_edit: str = "") -> Bulletin:
        """Find what is wrong with the monitor itself and tell its operator what of it is news; returns that.

        Raises:
            LedgerError: the database refused; the next look tells it.
        """
        return self._physician.look(self.findings(refused_edit=refused_edit), self.config.operator)

    def findings(self, *, refused_edit: str = "") -> tuple[Finding, ...]:
        """What is wrong with the monitor itself now, as far as this process knows. Raises LedgerError."""
        file = self.engine.url.database if self.engine.dialect.name == "sqlite" else None
        return tuple(
            findings(
                self.health,
                self.config.feeds,
                now=self.clock(),
                failing=self.failing(),
                storms=self.storms(),
                refused_edit=refused_edit,
                data=Path(file).parent if file else None,
            )
        )

    def send_test(self, subscriber: Subscriber) -> Iterator[tuple[Destination, SendResult]]:
        """Send a test message to each destination of a subscriber, past the outbox."""
        message = Message(
            title="Milestone monitor: a test",
            body=f"This is a test for {subscriber.name}. No project has moved; alerts will arrive here.",
            id="test",
            event={"specversion": "1.0", "id": "test", "source": "/monitor", "type": "monitor.test"},
        )
        for destination in subscriber.destinations:
            yield destination, self.sender.send(destination.url, message)

    def look_at_the_clock(self) -> tuple[Change, ...]:
        """Raise what time alone has brought: forecasts gone by, and silences; returns what was not raised before.

        Raises:
            LedgerError: the database refused; the next look raises it.
        """
        watch, now = self.watch, self.clock()
        due = [self.state(state.project) for state in self.overview() if watch.inferred(state, now)]
        return self.ledger.note(what_time_brings(watch, due, now))

    def storms(self) -> Mapping[str, Storm]:
        """The storms that are on, by the names of the subscribers whose changes wait for their end.

        Raises:
            LedgerError: the database refused.
        """
        now, everyone = self.clock(), self.watch.subscribers
        recent = self.ledger.owed_lately({each.id for one in everyone for each in one.destinations}, now)
        found = {
            one.name: storm(0, recent.get(one.name, ()), at_most=one.at_most, now=now)
            for one in everyone
            if one.digest is None
        }
        return {name: each for name, each in found.items() if each is not None}

    def keep_states(self) -> None:
        """Fold what has changed since it was folded last, and keep it, so that nobody need wait for it later.

        Raises:
            LedgerError: the database refused; what is not kept is folded when it is asked for.
        """
        watch, projects = self.watch, tuple(self.watch.projects)
        for start in range(0, len(projects), STATES_LOOKED_AT):
            some = projects[start : start + STATES_LOOKED_AT]
            while self.ledger.keep_states(some, watch.rules, watch.brief_of, limit=STATES_AT_A_TIME):
                pass

    def drop_texts(self) -> int:
        """Drop some of the texts that have been kept for as long as the configuration says; returns how many.

        Raises:
            LedgerError: the database refused; they are dropped the next time.
        """
        kept = self.config.keep_texts
        return self.ledger.drop_texts(before=self.clock() - kept, limit=TEXTS_AT_A_TIME) if kept is not None else 0

    # ------------------------------------------------------------ what is known

    def reports(self, project: str, *, as_of: datetime | None = None) -> tuple[Report, ...]:
        """All reports on a project (that were known then), what the configuration knows included, oldest first."""
        return (*known_reports(self.watch.projects[project], as_of=as_of), *self._told(project, as_of=as_of))

    def state(self, project: str, *, as_of: datetime | None = None) -> ProjectState:
        """All that is known (or was known then) of one project."""
        return self.watch.state_of(project, self._told(project, as_of=as_of), as_of=as_of)

    def overview(self) -> tuple[ProjectState, ...]:
        """What is known of every project of the configuration in few words (core.brief), in its order."""
        watch = self.watch
        kept = self.ledger.states(watch.rules)
        return tuple(kept.get(project) or watch.brief_of(project, self._told(project)) for project in watch.projects)

    def known(self, project: str) -> ProjectState | None:
        """What is known of one project in few words (core.brief); None where it is none of the configuration."""
        watch = self.watch
        if project not in watch.projects:
            return None
        kept = self.ledger.states(watch.rules, (project,))
        return kept.get(project) or watch.brief_of(project, self._told(project))

    def states(self, *, as_of: datetime | None = None) -> tuple[ProjectState, ...]:
        """All that is known (or was known then) of every project of the configuration, in its order."""
        reports, watch = self.ledger.reports(as_of=as_of), self.watch
        return tuple(watch.state_of(project, reports.get(project, ()), as_of=as_of) for project in watch.projects)

    def _told(self, project: str, *, as_of: datetime | None = None) -> Sequence[Report]:
        return self.ledger.reports(project, as_of=as_of).get(project, ())
