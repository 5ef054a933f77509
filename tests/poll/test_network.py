"""Without a network no feed fails: they wait, and are polled when it is back."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import Engine

from monitor.core.model import Feed
from monitor.core.polling.network import PAUSE
from monitor.errors import FetchError, NoNetworkError
from monitor.ledger.feeds import SQLHubSubscriptions
from monitor.ledger.store import SQLLedger
from monitor.poll.commit import Desk, Recorder
from monitor.poll.network import NetworkNews
from monitor.poll.poll import PollOutcome
from monitor.poll.rounds import Poller
from monitor.ports import NO_VALIDATORS, Fetched, NotModified, Validators
from monitor.watch.setup import Setup
from tests.builders import NOW, make_feed
from tests.fakes import FakeFetcher, InlineDocuments, make_watch

EMPTY = b"<rss version='2.0'><channel><title>T</title></channel></rss>"
FAR = [make_feed(url=f"https://site{number}.example/feed", name=f"Far {number}") for number in range(8)]
NEAR = [make_feed(url="file:history.xml", name="Chronicle"), make_feed(url="http://127.0.0.1:8080/feed", name="Inside")]


class Station:
    """The polls of some feeds on an empty ledger, under a clock of the test."""

    def __init__(self, engine: Engine, feeds: Iterable[Feed]) -> None:
        self.now = NOW
        watch, ledger, desk = make_watch(), SQLLedger(engine), Desk()
        config = SimpleNamespace(feeds=tuple(feeds), polled=tuple(feeds))
        self.fetcher = FakeFetcher(documents={feed.url: EMPTY for feed in config.feeds})
        self.poller = Poller(
            setup=cast("Callable[[], Setup]", lambda: SimpleNamespace(config=config, watch=watch)),
            documents=lambda: InlineDocuments.of(watch),
            ledger=ledger,
            recorder=Recorder(ledger, desk),
            desk=desk,
            hubs=SQLHubSubscriptions(engine),
            clock=lambda: self.now,
            chance=lambda: 0.5,
        )
        self.news: list[NetworkNews] = []
        self.poller.network.report = self.news.append

    async def poll(self) -> dict[str, PollOutcome]:
        """Poll what is due; how that ended, by name."""
        due = self.poller.due()
        return {result.feed.name: result.outcome async for result in self.poller.poll(due, self.fetcher)}

    async def try_again(self) -> None:
        await self.poller.network.try_again(self.fetcher)

    @property
    def words(self) -> list[str]:
        return [each.words for each in self.news]

    @property
    def failures(self) -> dict[str, int]:
        return {feed.name: record.failures for feed, record in self.poller.feeds()}


@pytest.fixture
def station(engine: Engine) -> Station:
    return Station(engine, [*FAR, *NEAR])


async def test_without_a_network_it_is_said_once_and_no_feed_counts_as_failed(station: Station) -> None:
    station.fetcher.is_offline = True

    outcomes = await station.poll()

    assert station.words == ["No network: 8 feeds not asked; trying again in 5 minutes"]
    assert {outcomes[feed.name] for feed in FAR} == {PollOutcome.NOT_ASKED}
    assert {outcomes[feed.name] for feed in NEAR} == {PollOutcome.READ}
    assert set(station.failures.values()) == {0}


async def test_while_it_is_gone_only_feeds_that_need_none_are_asked(station: Station) -> None:
    station.fetcher.is_offline = True
    await station.poll()
    station.now += timedelta(days=2)
    station.fetcher.asked.clear()

    outcomes = await station.poll()

    assert set(outcomes) == {feed.name for feed in NEAR}
    assert set(station.fetcher.asked) == {feed.url for feed in NEAR}
    assert len(station.words) == 1


async def test_when_it_is_back_that_is_said_once_and_what_waited_is_polled(station: Station) -> None:
    station.fetcher.is_offline = True
    await station.poll()
    station.fetcher.is_offline = False

    station.now += PAUSE - timedelta(seconds=1)
    await station.try_again()
    early = list(station.words)
    station.now += timedelta(minutes=7, seconds=1)
    await station.try_again()
    await station.try_again()
    outcomes = await station.poll()

    assert len(early) == 1
    assert station.words[1:] == ["Network is back after 12 minutes; 8 feeds are due"]
    assert {outcomes[feed.name] for feed in FAR} == {PollOutcome.READ}
    assert set(station.failures.values()) == {0}


async def test_while_it_stays_gone_it_is_tried_once_in_a_pause_and_quietly(station: Station) -> None:
    station.fetcher.is_offline = True
    await station.poll()
    station.fetcher.tried.clear()

    for _ in range(60):
        station.now += PAUSE / 60
        await station.try_again()

    assert len(station.fetcher.tried) == 5
    assert len(station.words) == 1


async def test_one_site_that_is_down_is_a_failing_feed_and_no_network_problem(station: Station) -> None:
    down = FAR[3]
    await station.poll()
    station.fetcher.down = {down.url}
    station.now += timedelta(days=2)
    before = station.fetcher.tried.copy()

    for feed, record in station.poller.due():
        if feed == down:
            [result] = [each async for each in station.poller.poll([(feed, record)], station.fetcher)]

    assert result.outcome is PollOutcome.FAILED
    assert station.failures[down.name] == 1
    assert (before, len(station.fetcher.tried)) == ([], 4)
    assert station.words == []


async def test_a_lost_network_is_noticed_by_a_single_poll(station: Station) -> None:
    await station.poll()
    station.now += timedelta(days=2)
    station.fetcher.is_offline = True

    [first, *_] = [item for item in station.poller.due() if item[0] in FAR]
    [result] = [each async for each in station.poller.poll([first], station.fetcher)]

    assert result.outcome is PollOutcome.NOT_ASKED
    assert set(station.failures.values()) == {0}
    assert len(station.words) == 1


async def test_several_dead_sites_among_others_that_answer_are_failing_feeds(station: Station) -> None:
    station.fetcher.down = {feed.url for feed in FAR[:4]}

    outcomes = await station.poll()

    assert [outcomes[feed.name] for feed in FAR] == [PollOutcome.FAILED] * 4 + [PollOutcome.READ] * 4
    assert station.words == []


async def test_a_single_remote_site_that_is_down_is_a_failing_feed(engine: Engine) -> None:
    station = Station(engine, [FAR[0], *NEAR])
    station.fetcher.is_offline = True

    outcomes = await station.poll()

    assert outcomes[FAR[0].name] is PollOutcome.FAILED
    assert station.words == []


async def test_a_site_that_refuses_was_reached(station: Station) -> None:
    station.fetcher.is_offline = True
    await station.poll()
    station.fetcher.is_offline = False
    fetcher = station.poller.network.over(station.fetcher)
    with pytest.raises(NoNetworkError):
        await fetcher.fetch(FAR[0].url)
    station.now += PAUSE
    await station.try_again()
    station.fetcher.statuses = {FAR[0].url: 403}

    with pytest.raises(FetchError, match="refused"):
        await fetcher.fetch(FAR[0].url)

    assert len(station.words) == 2
    assert not station.poller.network.is_lost


async def test_an_answer_on_its_way_when_the_network_seems_lost_shows_that_it_is_not(station: Station) -> None:
    is_lost = asyncio.Event()

    def report(news: NetworkNews) -> None:
        station.news.append(news)
        is_lost.set()

    class Late(FakeFetcher):
        """Answers for one feed only once the network seems lost."""

        async def fetch(
            self, url: str, *, validators: Validators = NO_VALIDATORS, is_page: bool = False
        ) -> Fetched | NotModified:
            if url == FAR[0].url:
                await is_lost.wait()
            return await super().fetch(url, validators=validators, is_page=is_page)

        async def reaches(self, url: str) -> bool:
            return False

    station.poller.network.report = report
    fetcher = Late(documents=station.fetcher.documents, down={feed.url for feed in FAR[1:]})
    results = [each async for each in station.poller.poll(station.poller.due(), fetcher)]

    assert [each.is_lost for each in station.news] == [True, False]
    assert {each.outcome for each in results if each.feed == FAR[0]} == {PollOutcome.READ}
