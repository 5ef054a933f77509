"""The road in its two functions, over a real database and fakes for the network."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from monitor.core.articles import MAX_LOOKS, outlets_of
from monitor.core.backoff import LEASE
from monitor.core.identity import article_key, entry_key
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Article, Entry, Feed, Reading, Selectors, State
from monitor.core.news import ChangeType, Destination, Subscriber
from monitor.core.periods import Period
from monitor.core.polling.cadence import BudgetShare
from monitor.core.polling.polling import Polling, Rule
from monitor.core.review import Doubt, open_claims
from monitor.core.state import Confidence
from monitor.deliver.send import MOST_UNMOVED, Attempt, SendContext, relay
from monitor.delivery.pacing import Pacer
from monitor.errors import HostileError, ParseError
from monitor.feeds.language import LanguageDetector
from monitor.feeds.page import PageText
from monitor.ledger.backup import upgrade
from monitor.ledger.engine import make_engine
from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.poll.commit import Desk, Recorder
from monitor.poll.context import Road
from monitor.poll.poll import MAX_FOLLOWED, PollOutcome, PollResult, poll_feed, take_push
from monitor.ports import (
    NO_VALIDATORS,
    Decision,
    DeliveryState,
    EntryRecord,
    FeedRecord,
    Fetched,
    Outcome,
    Poll,
    ReadOutcome,
    SendResult,
)
from monitor.watch.watch import what_time_brings
from monitor.workers.jobs import ParsedDocument
from tests.builders import NOW, make_claim, make_feed, make_project
from tests.fakes import FakeFetcher, FakeReader, InlineDocuments, RecordingSender, make_watch
from tests.ledger.decisions import nothing

SHARE = BudgetShare(interval=timedelta(hours=6), trust=0.5, bound=None)
Item = tuple[str, datetime | None]


def rss(*items: Item) -> bytes:
    """A feed whose items are named by their titles; each links to its own page."""
    parts = []
    for title, published_at in items:
        date = f"<pubDate>{format_datetime(published_at)}</pubDate>" if published_at else ""
        link = f"https://example.org/{title.replace(' ', '-')}"
        parts.append(f"<item><title>{escape(title)}</title><link>{link}</link>{date}</item>")
    return f"<rss version='2.0'><channel><title>T</title>{''.join(parts)}</channel></rss>".encode()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path}/monitor.db")
    upgrade(engine)
    yield engine
    engine.dispose()


def reading(stage: str) -> Reading:
    claim = make_claim(stage=stage, date=None, evidence=f"BTR cathode: {stage}")
    return Reading(language="en", projects=("plant",), claims=(claim,), facts=())


@dataclass
class Wary(InlineDocuments):
    """Gives up whatever these methods are asked of."""

    hostile: set[str]

    async def parse(self, answer: Fetched, **more: Any) -> ParsedDocument:
        self._refuse("parse")
        return await super().parse(answer, **more)

    async def extract(self, answer: Fetched) -> PageText:
        self._refuse("extract")
        return await super().extract(answer)

    async def read(self, article: Article, *, language: str | None) -> tuple[str | None, ReadOutcome]:
        self._refuse("read")
        return await super().read(article, language=language)

    def _refuse(self, method: str) -> None:
        if method in self.hostile:
            raise HostileError("https://example.org/bomb", "it takes longer than 30 seconds to read")


class World:
    """One feed on a road whose clock the test holds."""

    def __init__(self, engine: Engine) -> None:
        self.now = NOW
        self.shares: dict[str, BudgetShare] = {}
        self.leases: dict[str, datetime] = {}
        self.feed: Feed = make_feed()
        #: Which methods of ``Documents`` give every document up.
        self.hostile: set[str] = set()
        self.fetcher = FakeFetcher()
        self.reader = FakeReader(
            {f"BTR cathode {stage}": reading(stage) for stage in (*INDUSTRIAL.stages, "suspended", "cancelled")}
        )
        self.ledger = SQLLedger(engine)
        self.outbox = SQLOutbox(engine)
        self.sender = RecordingSender()
        self.pacer = Pacer()
        desk = Subscriber(name="Desk", to=(Destination(id="d1", label="console", url="console://", service="console"),))
        self.watch = make_watch(subscribers=(desk,), reader=self.reader, detector=LanguageDetector(("en", "fr")))

    async def poll(self, *items: Item, feed: Feed | None = None) -> PollResult:
        feed = feed or self.feed
        if items:
            self.fetcher.documents[feed.url] = rss(*items)
        return await poll_feed(feed, self.ledger.feeds().get(feed.url, FeedRecord(url=feed.url)), self.road)

    async def push(self, *items: Item, body: bytes | None = None) -> PollResult:
        return await take_push(self.feed, self.record, rss(*items) if body is None else body, "", self.road)

    @property
    def record(self) -> FeedRecord:
        return self.ledger.feeds()[self.feed.url]

    @property
    def road(self) -> Road:
        return Road(
            watch=self.watch,
            fetcher=self.fetcher,
            documents=Wary(InlineDocuments.of(self.watch).bench, self.hostile),
            ledger=self.ledger,
            recorder=Recorder(self.ledger, Desk()),
            desk=Desk(),
            clock=lambda: self.now,
            chance=lambda: 0.5,
            shares=self.shares,
            leases=self.leases,
        )

    def deliver(self) -> list[str]:
        """Titles of what is sent until nothing is due."""
        before = len(self.sender.sent)
        while self.step():
            pass
        return [message.title for _, message in self.sender.sent[before:]]

    def step(self) -> tuple[Attempt, ...]:
        """What is due to one destination; empty when nothing is."""
        return relay(
            SendContext(
                outbox=self.outbox,
                sender=self.sender,
                watch=lambda: self.watch,
                known=lambda project: self.watch.brief_of(project, self.ledger.reports(project).get(project, ())),
                pacer=self.pacer,
                page=lambda _project: "",
                unsubscribe=lambda _subscriber, _destination: "",
                manage=lambda _subscriber, _destination: "",
                worker="w",
                clock=lambda: self.now,
                chance=lambda: 0.5,
            )
        )

    async def import_past(self) -> None:
        await self.poll(("an old story", NOW - timedelta(days=300)))
        self.now += timedelta(hours=1)


@pytest.fixture
def world(engine: Engine) -> World:
    return World(engine)


async def test_the_first_import_is_history_and_alerts_nobody(world: World) -> None:
    result = await world.poll(*((f"BTR cathode {stage}", NOW) for stage in INDUSTRIAL.stages))

    assert (result.outcome, result.new, result.relevant, result.is_history) == (PollOutcome.READ, 7, 7, True)
    assert [change.to for change in world.ledger.changes() if change.type == "status"]
    assert world.outbox.deliveries() == []


async def test_news_after_the_import_is_one_alert(world: World) -> None:
    await world.import_past()
    result = await world.poll(("BTR cathode agreed", world.now))

    assert [(c.type.value, c.from_, c.to) for c in result.changes] == [("status", None, "agreed")]
    assert len(world.deliver()) == 1
    assert world.deliver() == []


async def test_the_same_article_again_and_in_a_second_feed_is_no_news(world: World) -> None:
    await world.import_past()
    item = ("BTR cathode agreed", world.now)
    second = make_feed(url="https://example.com/feed.xml", name="Other")
    await world.poll(("another old story", NOW), feed=second)
    await world.poll(item)
    again = await world.poll(item, ("something else", world.now))
    elsewhere = await world.poll(item, feed=second)

    assert (again.new, again.changes) == (1, ())
    assert (elsewhere.new, elsewhere.changes) == (0, ())
    assert len(world.deliver()) == 1


async def test_an_old_article_that_arrives_late_fills_the_past_in_and_alerts_nobody(world: World) -> None:
    await world.import_past()
    await world.poll(("BTR cathode construction", world.now))
    late = await world.poll(("BTR cathode agreed", world.now - timedelta(days=30)))

    assert [(c.type.value, c.to) for c in late.changes] == [("milestone", "agreed")]
    assert len(world.deliver()) == 1


@pytest.mark.parametrize(
    "names",
    [
        "<guid isPermaLink='false'>{n}</guid><link>https://example.org/news</link>",
        "<guid isPermaLink='false'>{n}</guid><link>https://example.org/news#{n}</link>",
        "<guid isPermaLink='false'>0</guid><link>https://example.org/{n}</link>",
        "<link>https://example.org/news</link>",
    ],
)
async def test_news_that_share_a_guid_or_a_link_are_all_heard(world: World, names: str) -> None:
    stages = INDUSTRIAL.stages
    items = [
        f"<item><title>BTR cathode {stage}</title>{names.format(n=number)}"
        f"<pubDate>{format_datetime(world.now + timedelta(hours=number))}</pubDate></item>"
        for number, stage in enumerate(stages)
    ]
    told = []
    for count in range(2, len(stages) + 1):
        world.now = NOW + timedelta(hours=count)
        shown = "".join(reversed(items[:count]))
        feed = f"<rss version='2.0'><channel><title>T</title>{shown}</channel></rss>"
        world.fetcher.documents[world.feed.url] = feed.encode()
        told += [change.to for change in (await world.poll()).changes if world.record.imported_at != world.now]

    assert told == list(stages[2:])


async def test_an_unchanged_feed_is_neither_parsed_nor_read(world: World) -> None:
    await world.import_past()
    same = await world.poll()

    assert same.outcome is PollOutcome.NOT_MODIFIED
    record = world.ledger.feeds()[world.feed.url]
    assert record.polled_at == world.now
    assert record.next_poll_at is not None
    assert record.next_poll_at > world.now


async def test_the_same_body_under_new_validators_is_unchanged(world: World) -> None:
    await world.import_past()
    record = world.ledger.feeds()[world.feed.url]
    forgetful = FeedRecord(url=record.url, body_hash=record.body_hash, imported_at=record.imported_at)

    assert (await poll_feed(world.feed, forgetful, world.road)).outcome is PollOutcome.UNCHANGED


async def test_only_what_may_concern_a_project_is_read_and_its_page_fetched(world: World) -> None:
    await world.import_past()
    world.fetcher.asked.clear()
    await world.poll(("BTR cathode agreed", world.now), ("Football results", world.now))

    assert world.reader.read_titles == ["BTR cathode agreed"]
    assert world.fetcher.asked == [world.feed.url, "https://example.org/BTR-cathode-agreed"]


async def test_a_page_that_cannot_be_read_costs_its_text_and_is_reported(world: World) -> None:
    await world.import_past()
    result = await world.poll(("BTR cathode agreed", world.now))

    assert len(result.changes) == 1
    assert [problem for problem in result.problems if "not found (404)" in problem]


async def test_a_feed_document_that_is_given_up_is_a_failed_poll_that_says_why(world: World) -> None:
    await world.import_past()
    world.hostile = {"parse"}
    result = await world.poll(("BTR cathode agreed", world.now))

    assert (result.outcome, result.new) == (PollOutcome.FAILED, 0)
    assert "longer than 30 seconds" in world.record.last_error
    world.hostile = set()
    world.now += timedelta(days=1)
    assert (await world.poll()).new == 1


async def test_a_page_that_is_given_up_costs_its_text(world: World) -> None:
    await world.import_past()
    world.fetcher.documents["https://example.org/BTR-cathode-agreed"] = b"<html>a bomb</html>"
    world.hostile = {"extract"}
    result = await world.poll(("BTR cathode agreed", world.now))

    assert [change.to for change in result.changes] == ["agreed"]
    assert any("longer than 30 seconds" in problem for problem in result.problems)


async def test_an_article_that_is_given_up_is_kept_unread_for_a_rebuild(world: World) -> None:
    world.watch = replace(world.watch, fingerprint="f")
    await world.import_past()
    world.hostile = {"read"}
    result = await world.poll(("BTR cathode agreed", world.now), ("BTR cathode announced", world.now))

    assert (result.new, result.changes) == (2, ())
    assert sum("longer than 30 seconds" in problem for problem in result.problems) == 2
    unread = [each.article.title for each in world.ledger.read_otherwise("f")]
    assert sorted(unread) == ["BTR cathode agreed", "BTR cathode announced"]


async def test_an_extractor_that_cannot_be_imported_costs_the_page_s_text_and_is_reported(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.import_past()
    world.fetcher.documents["https://example.org/BTR-cathode-agreed"] = page("BTR")
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    result = await world.poll(("BTR cathode agreed", world.now))

    assert (result.outcome, len(result.changes)) == (PollOutcome.READ, 1)
    assert [problem for problem in result.problems if "cannot be loaded" in problem]


async def test_a_page_that_its_site_asks_not_to_fetch_costs_its_text_and_is_reported(world: World) -> None:
    await world.import_past()
    link = "https://example.org/BTR-cathode-agreed"
    world.fetcher.documents[link] = page("BTR")
    world.fetcher.disallowed.add(link)
    result = await world.poll(("BTR cathode agreed", world.now))

    assert len(result.changes) == 1
    assert [problem for problem in result.problems if "robots.txt" in problem]


async def test_a_page_s_text_is_read_where_it_says_more(world: World) -> None:
    await world.import_past()
    world.fetcher.documents["https://example.org/BTR-cathode-agreed"] = page("BTR")
    result = await world.poll(("BTR cathode agreed", world.now))

    assert result.problems == ()
    assert len(result.changes) == 1


async def test_what_is_too_long_to_be_read_whole_is_reported(world: World) -> None:
    await world.import_past()
    endless = page("BTR", *["The two sides met again in Rabat."] * 8_000)
    world.fetcher.documents["https://example.org/BTR-cathode-agreed"] = endless
    result = await world.poll(("BTR cathode agreed", world.now))

    assert result.problems == ("https://example.org/BTR-cathode-agreed: only the first 200,000 characters are read",)


async def test_a_failing_feed_slows_down_says_why_and_comes_back(world: World) -> None:
    await world.import_past()
    del world.fetcher.documents[world.feed.url]
    first = await world.poll()
    second = await world.poll()
    record = world.ledger.feeds()[world.feed.url]

    assert first.outcome is second.outcome is PollOutcome.FAILED
    assert "404" in second.error
    assert (record.failures, record.last_status) == (2, "failed")
    assert "404" in record.last_error

    back = await world.poll(("BTR cathode agreed", world.now))
    assert len(back.changes) == 1
    assert world.ledger.feeds()[world.feed.url].failures == 0


async def test_what_is_no_feed_harms_only_itself(world: World) -> None:
    await world.import_past()
    world.fetcher.documents[world.feed.url] = b"<!doctype html><html><body>Please log in</body></html>"
    result = await world.poll()

    assert result.outcome is PollOutcome.FAILED
    assert "HTML" in result.error


async def test_a_date_in_the_future_is_taken_for_now(world: World) -> None:
    await world.import_past()
    await world.poll(("BTR cathode agreed", world.now + timedelta(days=4000)))

    [report] = world.ledger.reports()["plant"]
    assert report.source.published_at == world.now


async def test_an_undated_article_is_news_when_it_is_fresh_and_dateless_when_it_is_history(world: World) -> None:
    await world.import_past()
    await world.poll(("BTR cathode agreed", None))

    assert len(world.deliver()) == 1


async def test_undated_entries_teach_when_a_feed_publishes_once_its_past_is_known(world: World) -> None:
    await world.poll(("one", None), ("two", None))
    before = world.record.habit
    await world.poll(("one", None), ("two", None), ("three", None))
    after = world.record.habit

    assert before is not None
    assert after is not None
    assert (before.entries, before.newest_at, before.read) == (0, None, 2)
    assert (after.entries, after.newest_at) == (1, world.now)


async def test_a_project_that_is_no_longer_watched_changes_nothing(world: World) -> None:
    await world.import_past()
    world.reader.readings = {
        "BTR cathode agreed": Reading(language="en", projects=("gone",), claims=(make_claim(project="gone"),), facts=())
    }
    result = await world.poll(("BTR cathode agreed", world.now))

    assert result.changes == ()


# ---------------------------------------------------------------- corrections


def page(title: str, *sentences: str) -> bytes:
    """A page that says more than its feed does."""
    padding = "The two sides met in Rabat and spoke of the plant, its workers and its port at great length. " * 5
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in (padding, *sentences, padding))
    return f"<html><body><article><h1>{title}</h1>{paragraphs}</article></body></html>".encode()


class Newsroom:
    """One article whose publisher edits it."""

    link = "https://example.org/plant"

    def __init__(self, world: World) -> None:
        self.world = world

    async def publish(self, title: str, *, text: str = "", at: datetime | None = None) -> PollResult:
        date = format_datetime(at or self.world.now)
        item = (
            f"<title>{title}</title><link>{self.link}</link><description>{text}</description><pubDate>{date}</pubDate>"
        )
        feed = f"<rss version='2.0'><channel><title>T</title><item>{item}</item></channel></rss>"
        self.world.fetcher.documents[self.world.feed.url] = feed.encode()
        return await self.world.poll()

    def says(self) -> list[str]:
        return [claim.stage for report in self.world.ledger.reports().get("plant", ()) for claim in report.claims]


@pytest.fixture
async def newsroom(world: World) -> Newsroom:
    """Its article says that an agreement was signed; the page that it links to says so too."""
    await world.import_past()
    newsroom = Newsroom(world)
    world.fetcher.documents[newsroom.link] = page("BTR cathode")
    await newsroom.publish("BTR cathode agreed")
    world.now += timedelta(hours=1)
    return newsroom


async def test_a_correction_replaces_what_was_read_and_is_told(newsroom: Newsroom) -> None:
    result = await newsroom.publish("BTR cathode construction")

    assert (result.new, result.corrected) == (0, 1)
    assert newsroom.says() == ["construction"]
    assert [(change.type.value, change.to) for change in result.changes] == [("status", "construction")]


async def test_an_edit_that_brings_nothing_new_changes_nothing(newsroom: Newsroom) -> None:
    newsroom.world.reader.readings = {
        title: reading("agreed") for title in ("BTR cathode agreed", "BTR cathode plant agreed")
    }
    result = await newsroom.publish("BTR cathode plant agreed")

    assert (result.corrected, result.changes) == (1, ())
    assert newsroom.world.ledger.articles(limit=1)[0].article.title == "BTR cathode plant agreed"


async def test_noise_in_a_feed_costs_no_request(newsroom: Newsroom) -> None:
    newsroom.world.fetcher.asked.clear()
    await newsroom.publish(" BTR cathode  agreed ", at=newsroom.world.now)

    assert newsroom.world.fetcher.asked == [newsroom.world.feed.url]


async def test_an_edit_of_the_feed_alone_is_looked_at_once_and_read_never(newsroom: Newsroom) -> None:
    newsroom.world.reader.read_titles.clear()
    await newsroom.publish("BTR cathode agreed", text="In short.")
    newsroom.world.fetcher.asked.clear()
    again = await newsroom.publish("BTR cathode agreed", text="In short.", at=newsroom.world.now + timedelta(hours=1))

    assert again.corrected == 0
    assert newsroom.world.reader.read_titles == []
    assert newsroom.world.fetcher.asked == [newsroom.world.feed.url]


async def test_a_feed_that_is_rewritten_for_ever_is_left_at_last(newsroom: Newsroom) -> None:
    for number in range(10):
        await newsroom.publish("BTR cathode agreed", text=f"Read by {number} of us.")

    assert newsroom.world.fetcher.asked.count(newsroom.link) == 1 + MAX_LOOKS


async def test_a_correction_of_history_is_not_looked_at(newsroom: Newsroom) -> None:
    newsroom.world.now += timedelta(days=30)
    newsroom.world.fetcher.asked.clear()
    result = await newsroom.publish("BTR cathode construction")

    assert result.corrected == 0
    assert newsroom.world.fetcher.asked == [newsroom.world.feed.url]


async def test_what_concerned_nobody_is_not_looked_at_when_it_is_edited(newsroom: Newsroom) -> None:
    newsroom.link = "https://example.org/football"
    await newsroom.publish("Football results")
    newsroom.world.fetcher.asked.clear()
    await newsroom.publish("Results of football")

    assert newsroom.world.fetcher.asked == [newsroom.world.feed.url]


async def test_an_article_that_names_a_project_since_its_correction_is_read(newsroom: Newsroom) -> None:
    newsroom.link = "https://example.org/football"
    await newsroom.publish("Football results")
    result = await newsroom.publish("BTR cathode construction")

    assert (result.new, result.corrected) == (0, 0), "its page is not to be had"
    newsroom.world.fetcher.documents[newsroom.link] = page("BTR cathode")
    assert (await newsroom.publish("BTR cathode construction", text="Again.")).corrected == 1


async def test_a_correction_whose_page_cannot_be_had_is_tried_again(newsroom: Newsroom) -> None:
    corrected = newsroom.world.fetcher.documents.pop(newsroom.link)
    failed = await newsroom.publish("BTR cathode construction")
    newsroom.world.fetcher.documents[newsroom.link] = corrected
    again = await newsroom.publish("BTR cathode construction", at=newsroom.world.now + timedelta(hours=1))

    assert (failed.corrected, again.corrected) == (0, 1)
    assert [problem for problem in failed.problems if "to be tried later" in problem]
    assert newsroom.says() == ["construction"]


async def test_a_correction_is_tried_again_though_the_document_stays_as_it_is(newsroom: Newsroom) -> None:
    corrected = newsroom.world.fetcher.documents.pop(newsroom.link)
    failed = await newsroom.publish("BTR cathode construction")
    newsroom.world.fetcher.documents[newsroom.link] = corrected
    again = await newsroom.publish("BTR cathode construction")
    settled = await newsroom.publish("BTR cathode construction")

    assert (failed.corrected, again.corrected) == (0, 1)
    assert settled.outcome is PollOutcome.NOT_MODIFIED


async def test_an_article_whose_page_cannot_be_had_for_now_is_read_whole_when_it_can(newsroom: Newsroom) -> None:
    world, newsroom.link = newsroom.world, "https://example.org/news"
    whole = page("BTR cathode", "Works have begun.")
    world.fetcher.documents[newsroom.link] = whole
    world.fetcher.failing.add(newsroom.link)
    world.reader.readings = {"BTR cathode": reading("announced")}
    first = await newsroom.publish("BTR cathode")
    still = await newsroom.publish("BTR cathode")
    world.fetcher.failing.clear()
    world.reader.readings = {"BTR cathode": reading("construction")}
    again = await newsroom.publish("BTR cathode")
    settled = await newsroom.publish("BTR cathode")

    assert [problem for problem in first.problems if "full text not read, to be tried again" in problem]
    assert [problem for problem in still.problems if "not read again, to be tried later" in problem]
    assert ("status", "construction") in [(change.type.value, change.to) for change in again.changes]
    assert settled.outcome is PollOutcome.NOT_MODIFIED
    assert (again.corrected, world.ledger.corrections("plant")) == (0, []), "its publisher has changed nothing"


async def test_a_page_that_can_never_be_had_is_asked_for_a_few_times(newsroom: Newsroom) -> None:
    newsroom.link = "https://example.org/news"
    newsroom.world.fetcher.failing.add(newsroom.link)
    for _ in range(10):
        settled = await newsroom.publish("BTR cathode construction")

    assert newsroom.world.fetcher.asked.count(newsroom.link) == 1 + MAX_LOOKS
    assert (settled.outcome, newsroom.says()) == (PollOutcome.NOT_MODIFIED, ["agreed", "construction"])


async def test_the_pages_of_history_are_asked_for_once(world: World) -> None:
    link = "https://example.org/BTR-cathode-agreed"
    world.fetcher.failing.add(link)
    await world.poll(("BTR cathode agreed", world.now))
    await world.poll(("BTR cathode agreed", world.now))

    assert world.fetcher.asked.count(link) == 1


async def test_a_correction_whose_page_is_not_to_be_fetched_takes_back_nothing(newsroom: Newsroom) -> None:
    before = newsroom.says()
    newsroom.world.fetcher.disallowed.add(newsroom.link)

    result = await newsroom.publish("BTR cathode suspended")
    again = await newsroom.publish("BTR cathode suspended")

    assert (result.corrected, newsroom.says()) == (0, before)
    assert [problem for problem in result.problems if "robots.txt" in problem]
    assert again.problems == ()


async def test_an_article_whose_text_is_taken_away_says_nothing_any_more(newsroom: Newsroom) -> None:
    newsroom.world.feed = make_feed(url="file:desk.xml")
    await newsroom.world.import_past()
    newsroom.link = "https://example.org/without-a-page"
    await newsroom.publish("BTR cathode construction", text="Works have begun.")
    assert newsroom.says() == ["agreed", "construction"]
    await newsroom.publish("BTR cathode construction")

    assert newsroom.says() == ["agreed"]


async def test_an_old_entry_of_which_it_is_not_known_what_it_said_is_taken_for_unchanged(newsroom: Newsroom) -> None:
    ledger, url = newsroom.world.ledger, newsroom.world.feed.url
    entry = Entry(guid=None, url=newsroom.link, title="", text="", published_at=None)
    forgotten = Poll(feed=ledger.feeds()[url], entries=(EntryRecord(key=entry_key(entry)),))
    ledger.record(forgotten, lambda before, fresh: Decision())
    unchanged = await newsroom.publish("BTR cathode construction")
    changed = await newsroom.publish("BTR cathode operating")

    assert (unchanged.corrected, changed.corrected) == (0, 1)


# ---------------------------------------------------------------- relay


@pytest.fixture
async def owing(world: World) -> World:
    """A world with one delivery due."""
    await world.import_past()
    await world.poll(("BTR cathode agreed", world.now))
    return world


async def test_a_delivery_is_sent_with_the_change_s_id_and_recorded(owing: World) -> None:
    [change] = owing.ledger.changes()
    owing.deliver()

    [(url, message)] = owing.sender.sent
    assert (url, message.id) == ("console://", change.id)
    assert "BTR cathode: agreed" in message.body
    [record] = owing.outbox.deliveries(state=DeliveryState.SENT)
    assert record.sent_at == owing.now


@pytest.mark.parametrize(("later", "is_overtaken"), [(timedelta(seconds=2), False), (timedelta(hours=2), True)])
async def test_what_two_feeds_bring_at_one_time_is_not_said_to_be_overtaken(
    owing: World, later: timedelta, *, is_overtaken: bool
) -> None:
    owing.now += later
    await owing.poll(("BTR cathode construction", owing.now))
    owing.deliver()

    [(_, message)] = owing.sender.sent
    assert ("Newer changes came" in message.body) == is_overtaken


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.UNKNOWN])
async def test_what_fails_or_may_have_failed_is_sent_again_later_under_the_same_id(
    owing: World, outcome: Outcome
) -> None:
    owing.sender.results = [SendResult(outcome=outcome, detail="busy")]
    owing.deliver()
    [record] = owing.outbox.deliveries(state=DeliveryState.PENDING)
    owing.now = record.due_at

    assert "busy" in record.last_outcome
    assert len(owing.deliver()) == 1
    assert len({message.id for _, message in owing.sender.sent}) == 1


async def test_what_may_have_arrived_keeps_its_id_though_its_repeat_is_refused(owing: World) -> None:
    answers = [Outcome.UNKNOWN, Outcome.FAILED]
    owing.sender.results = [SendResult(outcome=outcome) for outcome in answers]
    for number in range(3):
        owing.deliver()
        # At last something newer, which would be told with it if it had surely not arrived.
        await owing.poll((f"BTR cathode {'construction' if number else 'agreed'}", owing.now))
        owing.now += timedelta(hours=1)

    ids = [message.id for _, message in owing.sender.sent]
    assert ids[0] == ids[1] == ids[2]
    assert len(set(ids)) == len(ids) - 2


@pytest.mark.parametrize(("others", "is_named"), [(2, True), (MOST_UNMOVED + 1, False)])
async def test_a_digest_names_the_projects_that_did_not_move_unless_they_are_many(
    owing: World, others: int, is_named: bool
) -> None:
    more = {
        f"other-{number}": make_project(id=f"other-{number}", name={"": f"Other {number}"}) for number in range(others)
    }
    desk = replace(owing.watch.subscribers[0], digest="0 8 * * *")
    owing.watch = replace(owing.watch, projects={**owing.watch.projects, **more}, subscribers=(desk,))
    await owing.poll(("BTR cathode construction", owing.now), ("BTR cathode suspended", owing.now))
    owing.now += timedelta(days=1)
    owing.deliver()

    message = owing.sender.sent[-1][1]
    assert ("Other 1" in message.body) == is_named
    assert message.title.startswith("Digest, 24–25 November 2026: ")
    assert "Other 0" not in owing.sender.sent[0][1].title


@pytest.mark.parametrize("confidence", list(Confidence))
async def test_a_digest_tells_what_is_not_verified_but_nobody_who_wants_it_confirmed(
    owing: World, confidence: Confidence
) -> None:
    official = make_feed(url="https://official.example/feed.xml", name="official", trust=1.0)
    doubtful = make_claim(stage="cancelled", date=None, confidence=0.6, evidence="It is given up, a neighbour says.")
    perhaps = Reading(language="en", projects=("plant",), claims=(doubtful,), facts=())
    owing.reader.readings = {**owing.reader.readings, "BTR cathode perhaps": perhaps}
    desk = replace(owing.watch.subscribers[0], digest="0 8 * * *", confidence=confidence)
    owing.watch = replace(owing.watch, subscribers=(desk,))
    await owing.poll(("an old story", NOW - timedelta(days=30)), feed=official)
    await owing.poll(("BTR cathode construction", owing.now), feed=official)
    await owing.poll(("BTR cathode perhaps", owing.now))
    owing.now += timedelta(days=1)
    owing.deliver()

    message = owing.sender.sent[-1][1]
    assert "construction" in message.title
    told = "Reported, not verified — cancelled: happened (sure: 60%)"
    assert (told in message.body and doubtful.evidence in message.body) is (confidence is Confidence.REPORTED)
    assert "cancelled" not in message.title


async def test_a_service_that_asks_for_time_is_given_it(owing: World) -> None:
    owing.sender.results = [SendResult(outcome=Outcome.FAILED, detail="429", retry_after=1800)]
    owing.deliver()

    assert owing.outbox.deliveries()[0].due_at >= owing.now + timedelta(seconds=1800)


async def test_what_keeps_failing_is_given_up_visibly_and_can_be_retried(owing: World) -> None:
    owing.sender.results = [SendResult(outcome=Outcome.FAILED, detail="down")] * 50
    for _ in range(20):
        owing.deliver()
        owing.now += timedelta(days=1)
    [dead] = owing.outbox.deliveries(state=DeliveryState.DEAD)
    owing.sender.results.clear()

    assert "down" in dead.last_outcome
    assert owing.deliver() == []
    assert owing.outbox.retry(None, now=owing.now) == 1
    assert len(owing.deliver()) == 1


async def test_a_destination_unusable_as_written_is_not_tried_again(owing: World) -> None:
    owing.sender.results = [SendResult(outcome=Outcome.REFUSED, detail="no such service")]
    owing.deliver()

    assert [r.last_outcome for r in owing.outbox.deliveries(state=DeliveryState.DEAD)] == ["refused: no such service"]


@pytest.mark.parametrize(
    "subscribers",
    [
        pytest.param((), id="the subscriber is gone"),
        pytest.param((Subscriber(name="Desk", to=()),), id="the destination is gone"),
    ],
)
async def test_a_destination_that_is_no_longer_configured_is_given_up_and_said_so(
    owing: World, subscribers: tuple[Subscriber, ...]
) -> None:
    object.__setattr__(owing.watch, "subscribers", subscribers)

    assert owing.deliver() == []
    [dead] = owing.outbox.deliveries(state=DeliveryState.DEAD)
    assert "no longer configured" in dead.last_outcome


async def test_a_kill_between_sending_and_recording_repeats_the_one_message_with_the_same_id(owing: World) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    marked, owing.outbox.mark_sent = owing.outbox.mark_sent, killed  # type: ignore[method-assign]  # to be killed there
    with pytest.raises(Killed):
        owing.step()
    owing.outbox.mark_sent = marked  # type: ignore[method-assign]  # to be killed there

    assert owing.deliver() == []
    owing.now += LEASE
    assert len(owing.deliver()) == 1
    assert len({message.id for _, message in owing.sender.sent}) == 1
    assert len(owing.sender.sent) == 2


# ---------------------------------------------------------------- what time brings


def at_the_clock(world: World) -> list[tuple[str, str | None]]:
    """What a look at the clock raises now."""
    state = world.watch.state_of("plant", world.ledger.reports("plant").get("plant", ()))
    raised = world.ledger.note(what_time_brings(world.watch, [state], world.now))
    return [(change.type.value, change.stage) for change in raised]


def say_when(world: World, date: str) -> None:
    """Let the article "BTR cathode forecast" expect production at that date."""
    expected = make_claim(stage="operating", state=State.EXPECTED, date=Period.parse(date))
    told = Reading(language="en", projects=("plant",), claims=(expected,), facts=())
    world.reader.readings = {**world.reader.readings, "BTR cathode forecast": told}


@pytest.mark.parametrize(
    ("sure", "waits"),
    [(0.5, [["first"], ["first", "second"], []]), (0.6, [["first"], [], []])],
    ids=["three of 0.5", "two of 0.6"],
)
async def test_a_doubtful_claim_alerts_nobody_until_enough_outlets_make_it_and_then_once_with_all(
    world: World, sure: float, waits: list[list[str]]
) -> None:
    doubtful = make_claim(stage="construction", date=None, confidence=sure)
    told = Reading(language="en", projects=("plant",), claims=(doubtful,), facts=())
    titles = ("BTR cathode perhaps", "Site of a BTR cathode", "Once more the BTR cathode")
    world.reader.readings = dict.fromkeys(titles, told)
    await world.import_past()
    feeds = [make_feed(url=f"https://{name}.example/feed.xml", name=name) for name in ("first", "second", "third")]
    for feed in feeds:
        await world.poll(("an old story", NOW - timedelta(days=30)), feed=feed)

    def unverified() -> list[str]:
        reports = world.ledger.reports("plant")["plant"]
        found = open_claims(reports, (), world.watch.state_of("plant", reports))
        return [each.source.outlet for each in found if Doubt.UNVERIFIED in each.doubts]

    sent = []
    waiting = []
    for title, feed in zip(titles, feeds, strict=True):
        await world.poll((title, NOW), feed=feed)
        sent.append(len(world.deliver()))
        waiting.append(unverified())

    assert waiting == waits
    enough = waits.index([])
    assert sent == [int(number == enough) for number in range(3)]
    [change] = world.ledger.changes(history=False)
    assert len(change.sources) == enough + 1


async def test_a_forecast_that_goes_by_is_told_once_and_so_is_silence(world: World) -> None:
    say_when(world, "2026-12")
    await world.import_past()
    await world.poll(("BTR cathode forecast", NOW))
    world.deliver()

    assert at_the_clock(world) == []
    world.now = datetime(2027, 1, 1, tzinfo=UTC)
    assert at_the_clock(world) == [("overdue", "operating")]
    assert at_the_clock(world) == []
    assert [change.type.value for change in world.ledger.changes(history=False)][-1] == "overdue"
    assert len(world.deliver()) == 1
    world.now = NOW + timedelta(days=180)
    assert at_the_clock(world) == [("quiet", None)]
    assert world.deliver() == []


async def test_what_was_overdue_long_before_it_was_heard_of_alerts_nobody(world: World) -> None:
    say_when(world, "2026-06")
    await world.poll(("BTR cathode forecast", NOW - timedelta(days=300)))

    assert at_the_clock(world) == [("overdue", "operating"), ("quiet", None)]
    assert world.deliver() == []
    assert world.ledger.changes(history=False) == []


# ---------------------------------------------------------------- what a poll costs, and when the next one is


async def test_of_a_document_that_has_changed_only_what_is_new_is_read(world: World) -> None:
    first, second = ("an old story", NOW), ("another story", NOW)
    await world.poll(first)
    result = await world.poll(second, first)
    record = world.ledger.feeds()[world.feed.url]

    assert (result.entries, result.new) == (2, 1)
    assert len(record.shown) == 2
    assert (await world.poll(first)).new == 0


async def test_the_habit_of_a_feed_is_learnt_and_decides_when_it_is_asked_again(world: World) -> None:
    await world.poll(*((f"story {number}", NOW - timedelta(hours=25 * number)) for number in range(30)))
    learnt = world.ledger.feeds()[world.feed.url].habit
    assert learnt is not None
    assert learnt.entries > 20
    assert learnt.relevant_at is None

    world.shares = {world.feed.url: SHARE}
    await world.poll(("BTR cathode agreed", NOW))
    record = world.ledger.feeds()[world.feed.url]
    assert record.habit is not None
    assert record.habit.relevant_at == NOW
    assert record.next_poll_at is not None
    # Six hours, a quarter of that after news, and less as long as the news is fresh.
    assert timedelta(minutes=15) < record.next_poll_at - NOW < timedelta(minutes=90)


async def test_the_operators_interval_goes_before_what_was_learnt(world: World) -> None:
    feed = make_feed(every=timedelta(hours=1))
    world.shares = {feed.url: SHARE}
    await world.poll(("a story", NOW), feed=feed)

    assert world.ledger.feeds()[feed.url].next_poll_at == NOW + timedelta(hours=1)


async def test_a_feed_that_has_moved_for_good_is_asked_there_after_three_equal_answers(world: World) -> None:
    new = "https://new.example/feed.xml"
    world.fetcher.moved[world.feed.url] = new
    world.fetcher.documents[new] = rss(("a story", NOW))
    results = [await world.poll() for _ in range(5)]

    assert world.fetcher.asked == [world.feed.url] * 3 + [new] * 2
    assert [len(result.problems) for result in results] == [0, 0, 1, 0, 0]
    assert new in results[2].problems[0]

    del world.fetcher.documents[new]
    await world.poll()
    await world.poll()
    assert world.fetcher.asked[-1] == world.feed.url


async def test_a_feed_that_moves_about_or_back_is_asked_at_its_own_address(world: World) -> None:
    for at in range(4):
        new = f"https://new.example/{at % 2}"
        world.fetcher.moved[world.feed.url] = new
        world.fetcher.documents[new] = rss(("a story", NOW))
        await world.poll()
    world.fetcher.moved.clear()
    await world.poll(("a story", NOW))

    assert set(world.fetcher.asked) == {world.feed.url}
    assert world.ledger.feeds()[world.feed.url].moves == 0


async def test_why_a_feed_is_asked_when_it_is_is_kept_with_it(world: World) -> None:
    world.shares = {world.feed.url: SHARE}
    await world.poll(("a story", NOW), ("another story", NOW))
    record = world.ledger.feeds()[world.feed.url]

    assert [reason.rule for reason in record.reasons] == [Rule.BUDGET, Rule.HOUR, Rule.JITTER]
    assert record.next_poll_at == NOW + record.reasons[-1].wait
    assert (record.last_entries, record.last_new) == (2, 2)
    size = record.size

    await world.poll()
    record = world.ledger.feeds()[world.feed.url]
    assert size
    assert (record.size, record.last_entries) == (0, 2)


async def test_a_feed_that_is_gone_for_good_is_told_of_once_asked_seldom_and_comes_back(world: World) -> None:
    world.fetcher.statuses[world.feed.url] = 410
    results = [await world.poll() for _ in range(2)]
    record = world.ledger.feeds()[world.feed.url]

    assert [len(result.problems) for result in results] == [1, 0]
    assert "gone for good" in results[0].problems[0]
    assert record.next_poll_at == NOW + Polling().slowest

    world.fetcher.statuses.clear()
    await world.poll(("a story", NOW))
    assert world.ledger.feeds()[world.feed.url].next_poll_at == NOW + Polling().every


async def test_a_feed_that_is_gone_where_it_moved_to_is_asked_at_its_own_address_soon(world: World) -> None:
    new = "https://new.example/feed.xml"
    world.fetcher.moved[world.feed.url] = new
    world.fetcher.documents[new] = rss(("a story", NOW))
    for _ in range(3):
        await world.poll()
    world.fetcher.statuses[new] = 410
    result = await world.poll()
    record = world.ledger.feeds()[world.feed.url]

    assert result.problems == ()
    assert record.next_poll_at is not None
    assert record.next_poll_at <= NOW + 2 * Polling().every


async def test_what_is_noticed_late_is_owed_from_then_on(world: World) -> None:
    say_when(world, "2026-12")
    await world.import_past()
    await world.poll(("BTR cathode forecast", NOW))
    world.deliver()
    world.now = datetime(2027, 1, 2, 3, 4, tzinfo=UTC)
    at_the_clock(world)

    (owed,) = world.outbox.deliveries(state=DeliveryState.PENDING)
    assert owed.due_at == world.now


# ---------------------------------------------------------------- what a hub pushes


async def test_what_a_hub_pushes_is_told_as_if_it_had_been_polled(world: World) -> None:
    await world.import_past()

    result = await world.push(("BTR cathode construction", world.now))

    assert result.outcome is PollOutcome.PUSHED
    assert [change.to for change in result.changes if change.type is ChangeType.STATUS] == ["construction"]
    assert len(world.deliver()) == 1


async def test_a_push_leaves_the_feeds_next_poll_and_its_validators_as_they_were(world: World) -> None:
    await world.import_past()
    before = world.record

    await world.push(("BTR cathode construction", world.now))

    after = world.record
    assert after.habit != before.habit
    assert replace(after, habit=before.habit) == before


async def test_what_was_pushed_is_not_new_when_it_is_polled(world: World) -> None:
    await world.import_past()
    await world.push(("BTR cathode construction", world.now))

    polled = await world.poll(("an old story", NOW - timedelta(days=300)), ("BTR cathode construction", world.now))

    assert (polled.outcome, polled.new, polled.changes) == (PollOutcome.READ, 0, ())


async def test_what_is_pushed_twice_is_told_once(world: World) -> None:
    await world.import_past()
    await world.push(("BTR cathode construction", world.now))

    again = await world.push(("BTR cathode construction", world.now))

    assert (again.new, again.changes) == (0, ())
    assert len(world.deliver()) == 1


async def test_what_is_no_feed_is_said_to_be_none_and_nothing_is_kept(world: World) -> None:
    await world.import_past()
    before = world.record

    with pytest.raises(ParseError):
        await world.push(body=b"<html>")
    assert world.record == before


async def test_a_feed_is_asked_less_often_while_its_hub_pushes(world: World) -> None:
    world.leases[world.feed.url] = NOW + timedelta(days=10)

    await world.import_past()

    assert Rule.PUSHED in [reason.rule for reason in world.record.reasons]


async def test_the_hub_that_a_document_names_is_remembered_until_another_names_none(world: World) -> None:
    links = b'<channel><link xmlns="http://www.w3.org/2005/Atom" rel="hub" href="https://hub.example.org/"/>'
    links += b'<link xmlns="http://www.w3.org/2005/Atom" rel="self" href="https://example.org/self"/>'
    document = rss(("an old story", NOW))
    world.fetcher.documents[world.feed.url] = document.replace(b"<channel>", links)
    await world.poll()
    await world.poll()
    assert (world.record.hub, world.record.topic) == ("https://hub.example.org/", "https://example.org/self")

    await world.poll(("an old story", NOW))

    assert (world.record.hub, world.record.topic) == (None, None)


async def test_the_hub_of_the_headers_goes_before_that_of_the_document(world: World) -> None:
    world.fetcher.hubs[world.feed.url] = ("https://other.example.org/", None)
    link = b'<channel><link xmlns="http://www.w3.org/2005/Atom" rel="%b" href="https://example.org/%b"/>'
    document = rss(("an old story", NOW)).replace(b"<channel>", link % (b"hub", b"hub"))
    world.fetcher.documents[world.feed.url] = document.replace(b"<channel>", link % (b"self", b"self"))

    await world.poll()

    assert (world.record.hub, world.record.topic) == ("https://other.example.org/", "https://example.org/self")


# ---------------------------------------------------------------- other sources


async def test_a_page_without_a_feed_is_watched_and_only_what_is_new_on_it_is_news(world: World) -> None:
    page = make_feed(url="https://port.example/news", page=Selectors(item="li", date="time"))
    item = "<li><a href='/{0}'>{0}</a><time>{1:%Y-%m-%d %H:%M}</time></li>"
    first = item.format("old", NOW - timedelta(days=40))
    world.fetcher.documents[page.url] = f"<ul>{first}</ul>".encode()
    imported = await world.poll(feed=page)
    world.now += timedelta(hours=1)
    news = item.format("BTR cathode agreed", world.now)
    world.fetcher.documents[page.url] = f"<p>Visits: 7</p><ul>{news}{first}</ul>".encode()
    result = await world.poll(feed=page)

    assert (imported.new, imported.is_history) == (1, True)
    assert (result.new, [change.to for change in result.changes]) == (1, ["agreed"])
    assert len(world.deliver()) == 1


async def test_a_selector_that_finds_nothing_is_told_and_nothing_is_forgotten(world: World) -> None:
    page = make_feed(url="https://port.example/news", page=Selectors(item="li"))
    world.fetcher.documents[page.url] = b"<ul><li><a href=/a>One</a></ul>"
    await world.poll(feed=page)
    world.fetcher.documents[page.url] = b"<div><a href=/a>One</a></div>"
    result = await world.poll(feed=page)

    assert result.outcome is PollOutcome.FAILED
    assert "page.item: 'li' finds nothing on the page" in world.ledger.feeds()[page.url].last_error


async def test_other_selectors_find_other_entries_on_the_same_page(world: World) -> None:
    page = make_feed(url="https://port.example/news", page=Selectors(item="nav"))
    world.fetcher.documents[page.url] = b"<nav><a href=/>Home</a></nav><li><a href=/a>BTR cathode agreed</a></li>"
    await world.poll(feed=page)
    world.ledger.record(Poll(feed=replace(world.ledger.feeds()[page.url], validators=NO_VALIDATORS)), nothing)

    result = await world.poll(feed=replace(page, page=Selectors(item="li")))

    assert (result.outcome, result.new) == (PollOutcome.READ, 1)


async def test_a_page_that_a_sitemap_says_has_changed_is_dated_by_itself(world: World) -> None:
    sitemap = make_feed(url="https://daily.example/sitemap.xml")
    address = "https://daily.example/btr-cathode-agreed"
    changed = f"<url><loc>{address}</loc><lastmod>{NOW:%Y-%m-%d}</lastmod></url>"
    world.fetcher.documents[sitemap.url] = f"<urlset>{changed}</urlset>".encode()
    world.fetcher.documents[address] = (
        "<html><head><title>BTR</title><meta property='article:published_time' content='2024-03-30T10:00:00+00:00'>"
        f"</head><body><article><h1>BTR</h1><p>{'BTR signed for its cathode plant in Morocco. ' * 20}</p></article>"
    ).encode()

    await world.poll(feed=sitemap)

    entry = Entry(guid=None, url=address, title="", text="", published_at=None)
    [known] = world.ledger.heard([article_key(entry, feed=sitemap.url)]).values()
    assert known.source.published_at == datetime(2024, 3, 30, tzinfo=UTC)
    assert known.article.published == Period.parse("2024-03-30")


async def test_the_sitemaps_of_an_index_are_polled_as_one_feed(world: World) -> None:
    index = make_feed(url="https://daily.example/sitemap_index.xml")
    news = "https://daily.example/news.xml"
    entry = "<url><loc>https://daily.example/{0}</loc><n:news><n:title>{0}</n:title>{1}</n:news></url>"
    date = f"<n:publication_date>{NOW:%Y-%m-%d}</n:publication_date>"
    world.fetcher.documents[index.url] = f"<sitemapindex><sitemap><loc>{news}</loc></sitemap></sitemapindex>".encode()
    world.fetcher.documents[news] = f"<urlset>{entry.format('a', date)}</urlset>".encode()
    first = await world.poll(feed=index)
    same = await world.poll(feed=index)
    world.fetcher.documents[news] = f"<urlset>{entry.format('b', date)}{entry.format('a', date)}</urlset>".encode()
    second = await world.poll(feed=index)

    assert (first.new, same.outcome, second.new) == (1, PollOutcome.UNCHANGED, 1)


# ---------------------------------------------------------------- news searches


def search_result(title: str, link: str, *, outlet: str = "Daily") -> bytes:
    source = f'<source url="https://www.daily.example">{outlet}</source>'
    item = (
        f"<guid isPermaLink='false'>{title}</guid><title>{title} - {outlet}</title><link>{escape(link)}</link>{source}"
    )
    return f"<rss version='2.0'><channel><item>{item}</item></channel></rss>".encode()


ARTICLE = "https://www.daily.example/agreed"
PAGE = f"<html><body><article><p>{'BTR signed for its cathode plant in Morocco. ' * 20}</p></article>".encode()


@pytest.fixture
def search(world: World) -> Feed:
    """A search, beside the feed of an outlet that it finds articles of."""
    daily = make_feed(url="https://daily.example/feed", name="The Daily", trust=0.6)
    world.watch = replace(world.watch, outlets=outlets_of([daily]))
    return make_feed(url="https://news.google.com/rss/search?q=BTR", name="Search", trust=0.3)


async def test_a_link_of_a_search_is_followed_once_and_the_article_is_its_publishers(
    world: World, search: Feed
) -> None:
    link = "https://bit.ly/abc"
    world.fetcher.documents |= {search.url: search_result("BTR cathode agreed", link), ARTICLE: PAGE}
    world.fetcher.moved[link] = ARTICLE
    await world.poll(feed=search)
    world.fetcher.documents[search.url] = search_result("BTR cathode agreed", f"{link}?again")
    again = await world.poll(feed=search)

    [known] = world.ledger.articles()
    assert (known.source.url, known.source.outlet, known.source.trust) == (ARTICLE, "The Daily", 0.6)
    assert "signed for its cathode plant" in known.article.text
    assert world.fetcher.asked == [search.url, link, search.url]
    assert (again.new, again.corrected) == (0, 0)


async def test_an_article_that_a_search_finds_too_is_one(world: World, search: Feed) -> None:
    link = "https://bit.ly/abc"
    item = f"<item><title>BTR cathode agreed</title><link>{ARTICLE}</link></item>"
    daily = make_feed(url="https://daily.example/feed", name="The Daily", trust=0.6)
    world.fetcher.documents |= {
        daily.url: f"<rss version='2.0'><channel>{item}</channel></rss>".encode(),
        search.url: search_result("BTR cathode agreed", link),
        ARTICLE: PAGE,
    }
    world.fetcher.moved[link] = ARTICLE
    first = await world.poll(feed=daily)
    second = await world.poll(feed=search)

    assert (first.new, second.new, len(world.ledger.articles())) == (1, 0, 1)


async def test_a_link_that_leads_nowhere_costs_nothing_but_the_publishers_address(world: World, search: Feed) -> None:
    link = "https://news.google.com/rss/articles/CBMiqwFBVV95cUxNMTRqdUZp"
    world.fetcher.documents[search.url] = search_result("BTR cathode agreed", link)
    result = await world.poll(feed=search)

    [known] = world.ledger.articles()
    assert (known.source.url, known.source.outlet, known.source.trust) == (link, "The Daily", 0.6)
    assert "the publisher's address is not known" in result.problems[0]


async def test_links_are_followed_for_what_may_concern_a_project_and_few_at_a_time(world: World, search: Feed) -> None:
    items = "".join(
        f"<item><title>{'BTR cathode' if number else 'weather'} {number}</title>"
        f"<link>https://bit.ly/{number}</link></item>"
        for number in range(MAX_FOLLOWED + 3)
    )
    world.fetcher.documents[search.url] = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
    world.fetcher.documents |= {f"https://daily.example/{number}": PAGE for number in range(MAX_FOLLOWED + 3)}
    world.fetcher.moved |= {
        f"https://bit.ly/{number}": f"https://daily.example/{number}" for number in range(MAX_FOLLOWED + 3)
    }
    result = await world.poll(feed=search)

    assert "https://bit.ly/0" not in world.fetcher.asked
    resolved = [item for item in world.ledger.articles() if "daily.example" in (item.source.url or "")]
    assert len(resolved) == MAX_FOLLOWED
    assert "2 links not followed to their publishers" in " ".join(result.problems)
