"""What a poll needs and what it carries."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.core.model import Feed
from monitor.core.polling.cadence import BudgetShare
from monitor.poll.commit import Desk, Recorder
from monitor.ports import Fetched, Fetcher, Ledger, NotModified
from monitor.watch.watch import Watch
from monitor.workers.documents import Documents

Progress = Callable[[Feed, int, int], None]


def ignore(feed: Feed, read: int, articles: int) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """What every poll needs: the watch and the edges."""

    watch: Watch
    fetcher: Fetcher
    #: Parses and reads what was fetched, by the same configuration as the watch.
    documents: Documents
    ledger: Ledger
    #: Commits polls.
    recorder: Recorder
    #: Runs CPU-bound work off the event loop, one job at a time.
    desk: Desk
    #: The present instant, aware, in UTC.
    clock: Callable[[], datetime]
    #: A number in [0, 1), for jitter.
    chance: Callable[[], float]
    #: Shares of the budget of requests, by address, for feeds without an interval of their own.
    shares: Mapping[str, BudgetShare] = field(default_factory=dict)
    #: When a hub's promise to push a feed ends, by the feed's address.
    leases: Mapping[str, datetime] = field(default_factory=dict)
    #: Addresses of feeds that report on a project with a milestone expected these days.
    awaiting: Collection[str] = ()
    #: Told before an article is read: the feed, how many of its new articles were read, and how many there are.
    progress: Progress = ignore


@dataclass(slots=True, kw_only=True)
class PollContext:
    """One poll of one feed: its edges, and what went wrong on the way."""

    feed: Feed
    road: Road
    #: Whether the poll is the first that succeeds. What it brings is history and alerts nobody.
    is_history: bool
    #: What was wrong with single entries or pages. Each step appends to it.
    problems: list[str] = field(default_factory=list)
    #: Pages that this poll has fetched already, by the address of their article.
    pages: dict[str, Fetched] = field(default_factory=dict)

    async def page(self, url: str) -> Fetched | NotModified:
        """Fetch the page of an article, or return it if this poll has fetched it already.

        A page that was fetched already is returned once, and fetched again after that.

        Raises:
            FetchError: the page cannot be fetched.
        """
        return self.pages.pop(url, None) or await self.road.fetcher.fetch(url, is_page=True)
