"""Polls many feeds: selects the due ones, shares the budget among them, and does one thing at a time with each."""

import asyncio
import secrets
import weakref
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from monitor.core.changes.changes import is_awaited
from monitor.core.model import Feed
from monitor.core.polling.cadence import RESERVE, BudgetShare, need, shares
from monitor.feeds import addresses
from monitor.poll.commit import Desk, Recorder
from monitor.poll.context import Progress, Road, ignore
from monitor.poll.network import NetworkWatch
from monitor.poll.poll import PollResult, poll_feed
from monitor.poll.push import Attempted, Keeper, Push, take, tend
from monitor.ports import FeedRecord, Fetcher, HubSubscriptions, Ledger, Submitter
from monitor.watch.setup import Setup
from monitor.watch.watch import recorded
from monitor.workers.documents import Documents

#: The most feeds polled at the same time. Most of them wait for an answer. The fetcher limits the requests to each
#: host.
CONCURRENT_POLLS = 32


@dataclass(slots=True, kw_only=True)
class Poller:
    """One for each process. Between two rounds it keeps only what a restart may forget."""

    #: Returns the current setup.
    setup: Callable[[], Setup]
    #: Returns what parses documents with that setup.
    documents: Callable[[], Documents]
    ledger: Ledger
    recorder: Recorder
    #: Serialises commits and other CPU-bound work.
    desk: Desk
    hubs: HubSubscriptions
    #: Returns the present instant, aware, in UTC.
    clock: Callable[[], datetime]
    #: Returns a number in [0, 1), for jitter.
    chance: Callable[[], float]
    #: Whether there is a network. Without one, only feeds that need none are polled.
    network: NetworkWatch = field(init=False)
    _shares: Mapping[str, BudgetShare] = field(default_factory=dict)
    #: Until when hubs push news of feeds, by address.
    _leases: Mapping[str, datetime] = field(default_factory=dict)
    #: Feeds that report on a project with an event expected these days.
    _awaiting: Collection[str] = ()
    #: A lock for each feed that is being polled or whose push is being read: one at a time.
    _turns: weakref.WeakValueDictionary[str, asyncio.Lock] = field(default_factory=weakref.WeakValueDictionary)
    #: The slots of each site, while it is being polled.
    _places: weakref.WeakValueDictionary[str, asyncio.Semaphore] = field(default_factory=weakref.WeakValueDictionary)

    def __post_init__(self) -> None:
        self.network = NetworkWatch(
            feeds=lambda: [feed.url for feed in self.setup().config.polled],
            due=lambda: [feed.url for feed, _ in self.due()],
            clock=self.clock,
            chance=self.chance,
        )

    def feeds(self, urls: Sequence[str] | None = None) -> tuple[tuple[Feed, FeedRecord], ...]:
        """All feeds that are not paused (or those with these addresses or names), each with its record."""
        config = self.setup().config
        return recorded(config.polled if urls is None else config.feeds, self.ledger, urls)

    def due(self) -> tuple[tuple[Feed, FeedRecord], ...]:
        """The due feeds that can be asked: those not polled yet first, then the longest due."""
        now, never = self.clock(), datetime.min.replace(tzinfo=UTC)
        records, waiting = self.ledger.due(now)
        due = [
            (feed, records.get(feed.url, FeedRecord(url=feed.url)))
            for feed in self.setup().config.polled
            if feed.url not in waiting and not self.network.keeps_waiting(feed.url)
        ]
        return tuple(sorted(due, key=lambda item: item[1].next_poll_at or never))

    def share_budget(self) -> None:
        """Share the request budget among the feeds according to what each has been worth so far.

        On average each feed is polled once in ``polling.every``. Together they get no more than the budget, less the
        reserve for bursts. If even the slowest allowed pace needs more, the fetcher's own limit holds the budget
        (core.polling.cadence).

        Raises:
            LedgerError: the database refused; the shares stay as they were.
        """
        setup, now = self.setup(), self.clock()
        states = self.ledger.states(setup.watch.rules())
        self._awaiting = self.ledger.telling_of(
            [project for project, state in states.items() if is_awaited(state, now)]
        )
        polling = setup.config.polling
        trusts = {feed.url: feed.trust for feed in setup.config.polled if feed.every is None}
        needs = {
            url: need(habit, trust=trusts[url], shown=shown)
            for url, habit, shown in (self.ledger.habits() if trusts else ())
            if url in trusts
        }
        day = timedelta(days=1)
        a_day = min(len(needs) * (day / polling.policy.every), polling.requests_per_minute * 60 * 24)
        self._shares = shares(
            needs, a_day=a_day * (1 - RESERVE), fastest=polling.policy.fastest, slowest=polling.policy.slowest
        )

    async def poll(
        self,
        feeds: Sequence[tuple[Feed, FeedRecord]],
        fetcher: Fetcher,
        *,
        slots: asyncio.Semaphore | None = None,
        progress: Progress = ignore,
    ) -> AsyncGenerator[PollResult, None]:
        """Poll these feeds, several at a time, and yield each result as it comes.

        Args:
            feeds: each with its record.
            fetcher: the fetcher of this run.
            slots: shared with other polls at the same time; ``CONCURRENT_POLLS`` new ones if None.
            progress: told how far the articles of each feed are read.

        Raises:
            LedgerError: the database refused; running polls are cancelled and will be polled again.
        """
        road = self._road(fetcher, progress)
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

    async def take(self, push: Push, fetcher: Fetcher) -> PollResult | None:
        """Process a push (``monitor.poll.push.take``). None if its feed is no longer configured.

        Raises:
            LedgerError: the database refused; the feed is polled later instead.
        """
        feed = next((feed for feed in self.setup().config.polled if feed.url == push.feed), None)
        if feed is None:
            return None
        async with self._turn(feed):
            return await take(feed, push, self._road(fetcher), self.hubs)

    async def tend_hubs(self, submitter: Submitter, public: str) -> tuple[Attempted, ...]:
        """Do what is due for the subscriptions at hubs: request, renew and end them.

        Raises:
            LedgerError: the database refused; the next call does what is left.
        """
        keeper = Keeper(
            hubs=self.hubs,
            submitter=submitter,
            public=public,
            clock=self.clock,
            chance=self.chance,
            secret=secrets.token_urlsafe,
        )
        attempted = await tend((feed.url for feed in self.setup().config.polled), keeper)
        now, subscriptions = self.clock(), await asyncio.to_thread(self.hubs.all)
        self._leases = {each.feed: each.until for each in subscriptions if each.until and each.is_live(now)}
        return attempted

    def _road(self, fetcher: Fetcher, progress: Progress = ignore) -> Road:
        return Road(
            watch=self.setup().watch,
            fetcher=self.network.over(fetcher),
            documents=self.documents(),
            ledger=self.ledger,
            recorder=self.recorder,
            desk=self.desk,
            clock=self.clock,
            chance=self.chance,
            shares=self._shares,
            leases=self._leases,
            awaiting=self._awaiting,
            progress=progress,
        )

    def _turn(self, feed: Feed) -> asyncio.Lock:
        turn = self._turns.get(feed.url)
        if turn is None:
            turn = self._turns[feed.url] = asyncio.Lock()
        return turn

    def _place(self, feed: Feed) -> asyncio.Semaphore:
        """Half of the slots for each site: many feeds that wait for one site must not block all others."""
        site = addresses.site_of(urlsplit(feed.url).hostname or "")
        places = self._places.get(site)
        if places is None:
            places = self._places[site] = asyncio.Semaphore(CONCURRENT_POLLS // 2)
        return places
