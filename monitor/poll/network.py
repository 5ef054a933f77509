"""Notices that the network is gone, and that it is back. Meanwhile no address is asked that needs it."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from monitor.core.polling.network import (
    CONNECTED,
    Network,
    back_words,
    enough,
    is_near,
    is_to_be_tried,
    lost_words,
    tried,
    unreached,
)
from monitor.errors import FetchError, NoNetworkError
from monitor.feeds import addresses
from monitor.ports import NO_VALIDATORS, Fetched, Fetcher, NotModified, Validators

#: How many sites are tried first to tell an outage of one site from one of the network.
_FIRST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkNews:
    """The network is lost or is back. Reported once each."""

    is_lost: bool
    #: The number of feeds that wait for the network, or that are due now that it is back.
    feeds: int
    #: The same in words.
    words: str


def _tell_nobody(news: NetworkNews) -> None: ...


class NetworkWatch:
    """What one process knows of the network. Belongs to one event loop."""

    def __init__(
        self,
        *,
        feeds: Callable[[], Collection[str]],
        due: Callable[[], Collection[str]],
        clock: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        """Suppose that there is a network.

        Args:
            feeds: returns the addresses of all feeds.
            due: returns the addresses of the due feeds. It blocks, so it is called in a thread.
            clock: returns the present instant, aware, in UTC.
            chance: returns a number in [0, 1), to choose which sites are tried.
        """
        self._feeds = feeds
        self._due = due
        self._clock = clock
        self._chance = chance
        self._network: Network = CONNECTED
        #: The number of times that a site was reached.
        self._answers = 0
        #: Held while sites are tried.
        self._trying = asyncio.Lock()
        #: Receives the news.
        self.report: Callable[[NetworkNews], None] = _tell_nobody

    @property
    def is_lost(self) -> bool:
        return self._network.is_lost

    def keeps_waiting(self, url: str) -> bool:
        """Whether an address is not asked because there is no network."""
        return self.is_lost and not is_near(url)

    @property
    def words(self) -> str:
        """What it means that there is no network. Empty if there is one."""
        return lost_words(self.waiting()) if self.is_lost else ""

    def waiting(self) -> int:
        """The number of feeds that need the network."""
        return sum(not is_near(url) for url in self._feeds())

    def over(self, fetcher: Fetcher) -> Fetcher:
        """This fetcher, whose results tell of the network."""
        return _Watched(self, fetcher)

    async def try_again(self, fetcher: Fetcher) -> None:
        """If there is no network and it is time to try again, find out whether it is back."""
        if not is_to_be_tried(self._network, self._clock()):
            return
        self._network = tried(self._network, self._clock())
        sample = self._sample()
        if any(await asyncio.gather(*map(fetcher.reaches, list(sample.values())[: enough(len(sample))]))):
            await self.reached()

    async def reached(self) -> None:
        """Take in that an address was reached that needs the network."""
        self._answers += 1
        lost_at, self._network = self._network.lost_at, CONNECTED
        if lost_at is not None:
            due = sum(not is_near(url) for url in await asyncio.to_thread(self._due))
            words = back_words(self._clock() - lost_at, due)
            self.report(NetworkNews(is_lost=False, feeds=due, words=words))

    async def is_to_blame(self, url: str, fetcher: Fetcher) -> bool:
        """Whether an address could not be reached because there is no network. Tries other sites to find out."""
        sample, answers = self._sample(), self._answers
        own = _site(url)
        self._take_in(own, len(sample))
        async with self._trying:
            others = [each for site, each in sample.items() if site != own]
            for several in (others[:_FIRST], others[_FIRST : enough(len(sample))]):
                if self.is_lost or self._answers != answers:
                    break
                reached = await asyncio.gather(*map(fetcher.reaches, several))
                if any(reached):
                    await self.reached()
                    break
                for each in several:
                    self._take_in(_site(each), len(sample))
            return self.is_lost

    def _take_in(self, site: str, watched: int) -> None:
        """Take in that a site could not be reached."""
        before, self._network = self._network, unreached(self._network, site, self._clock(), watched=watched)
        if self.is_lost and not before.is_lost:
            feeds = self.waiting()
            self.report(NetworkNews(is_lost=True, feeds=feeds, words=lost_words(feeds)))

    def _sample(self) -> Mapping[str, str]:
        """An address of each site that needs the network, in a random order."""
        far = {_site(url): url for url in self._feeds() if not is_near(url)}
        return dict(sorted(far.items(), key=lambda _: self._chance()))


def _site(url: str) -> str:
    return addresses.site_of(urlsplit(url).hostname or "")


class _Watched:
    """``ports.Fetcher`` over another one."""

    def __init__(self, network: NetworkWatch, inner: Fetcher) -> None:
        self._network = network
        self._inner = inner

    async def fetch(
        self, url: str, *, validators: Validators = NO_VALIDATORS, is_page: bool = False
    ) -> Fetched | NotModified:
        """Like the inner fetcher.

        Raises:
            NoNetworkError: there is no network, and the address needs it.
        """
        if is_near(url):
            return await self._inner.fetch(url, validators=validators, is_page=is_page)
        if self._network.is_lost:
            raise NoNetworkError(url)
        try:
            answer = await self._inner.fetch(url, validators=validators, is_page=is_page)
        except FetchError as error:
            if error.status is not None:
                await self._network.reached()
            elif error.is_unreached and await self._network.is_to_blame(url, self._inner):
                raise NoNetworkError(url) from error
            raise
        await self._network.reached()
        return answer

    async def reaches(self, url: str) -> bool:
        return await self._inner.reaches(url)
