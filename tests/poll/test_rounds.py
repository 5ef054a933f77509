"""How the polls of many feeds are shared out."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import Engine

from monitor.core.model import Article, Reading, State
from monitor.core.periods import Period
from monitor.core.polling.cadence import Habit
from monitor.core.polling.polling import Polling, Rule
from monitor.know.queries import Knowledge
from monitor.ledger.feeds import SQLHubSubscriptions
from monitor.ledger.store import SQLLedger
from monitor.poll.commit import Desk, Recorder
from monitor.poll.rounds import Poller
from monitor.watch.setup import Setup
from tests.builders import NOW, make_article, make_claim, make_feed, make_poll
from tests.fakes import FakeFetcher, InlineDocuments, make_watch
from tests.ledger.decisions import nothing

WATCH = make_watch()
EMPTY = b"<rss version='2.0'><channel><title>T</title></channel></rss>"


class Faulty:
    """A reader that breaks its promise to raise nothing."""

    def read(self, article: Article) -> Reading:
        raise ZeroDivisionError(article.title)


@pytest.mark.parametrize("days", [1, 300])
async def test_feeds_that_tell_of_a_project_are_asked_more_often_when_something_is_expected_of_it(
    engine: Engine, days: int
) -> None:
    ledger, habit = SQLLedger(engine), Habit(at=NOW, since=NOW)
    expected = Period.day((NOW + timedelta(days=days)).date())
    claims = (make_claim(stage="operating", state=State.EXPECTED, date=expected),)
    reading = Reading(language="en", projects=("plant",), claims=claims, facts=())
    feeds = make_feed(), make_feed(url="https://example.org/other.xml")
    ledger.record(make_poll(make_article(reading=reading), feed=feeds[0].url, habit=habit, imported_at=NOW), nothing)
    ledger.record(make_poll(feed=feeds[1].url, habit=habit, imported_at=NOW), nothing)
    polling = SimpleNamespace(policy=Polling(), requests_per_minute=60)
    config = SimpleNamespace(feeds=feeds, polled=feeds, polling=polling)
    setup = cast("Callable[[], Setup]", lambda: SimpleNamespace(config=config, watch=WATCH))
    Knowledge(watch=lambda: setup().watch, ledger=ledger, clock=lambda: NOW).keep_states()
    poller = Poller(
        setup=setup,
        documents=lambda: InlineDocuments.of(WATCH),
        ledger=ledger,
        recorder=Recorder(ledger, Desk()),
        desk=Desk(),
        hubs=SQLHubSubscriptions(engine),
        clock=lambda: NOW,
        chance=lambda: 0.5,
    )

    poller.share_budget()
    fetcher = FakeFetcher(documents={feed.url: EMPTY for feed in feeds})
    assert [result.error async for result in poller.poll(poller.feeds(), fetcher)] == ["", ""]

    is_hastened = {url: Rule.BURST in [each.rule for each in record.reasons] for url, record in ledger.feeds().items()}
    assert is_hastened == {feeds[0].url: days == 1, feeds[1].url: False}


async def test_a_fault_in_one_feed_costs_its_poll_and_no_other(
    engine: Engine,
) -> None:
    ledger = SQLLedger(engine)
    feeds = make_feed(), make_feed(url="https://example.org/other.xml")
    item = "<item><title>BTR cathode agreed</title><guid>1</guid></item>"
    documents = {
        feeds[0].url: f"<rss version='2.0'><channel><title>T</title>{item}</channel></rss>".encode(),
        feeds[1].url: EMPTY,
    }
    config = SimpleNamespace(feeds=feeds, polled=feeds)
    watch = make_watch(reader=Faulty())
    poller = Poller(
        setup=cast("Callable[[], Setup]", lambda: SimpleNamespace(config=config, watch=watch)),
        documents=lambda: InlineDocuments.of(watch),
        ledger=ledger,
        recorder=Recorder(ledger, Desk()),
        desk=Desk(),
        hubs=SQLHubSubscriptions(engine),
        clock=lambda: NOW,
        chance=lambda: 0.5,
    )

    errors = {result.feed.url: result.error async for result in poller.poll(poller.feeds(), FakeFetcher(documents))}

    assert "internal error (ZeroDivisionError)" in errors[feeds[0].url]
    assert errors[feeds[1].url] == ""
    assert {url: record.failures for url, record in ledger.feeds().items()} == {feeds[0].url: 1, feeds[1].url: 0}
