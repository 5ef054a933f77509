"""Polls in any interleaving, with a fault between any two steps: every entry is stored once, no validators lead."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from monitor.core.identity import article_key, entry_key
from monitor.core.model import Article, Entry, Feed, Reading
from monitor.errors import FetchError, LedgerError
from monitor.ledger.tables import ARTICLES, CLAIMS, ENTRIES, READINGS
from monitor.poll.commit import Desk, Recorder
from monitor.poll.context import Road
from monitor.poll.poll import PollResult, poll_feed
from monitor.ports import NO_VALIDATORS, FeedRecord, Fetched, NotModified, Validators
from tests.builders import NOW, make_claim, make_feed
from tests.fakes import InlineDocuments, make_watch
from tests.faults import Died, Fault, Faults, FaultyFetcher, FaultyLedger, run_in_one_thread
from tests.ledger.emptying import empty

FEEDS = tuple(make_feed(url=f"https://feed{number}.example/rss", name=f"Feed {number}") for number in range(2))


class Web:
    """Feeds that only grow; the validator of a document is the number of its entries."""

    def __init__(self) -> None:
        #: What each feed has published, the newest last: articles by number.
        self.published: dict[str, list[int]] = {feed.url: [] for feed in FEEDS}

    def entry(self, feed: str, number: int) -> Entry:
        """What an article is in a feed: two feeds give the same article guids of their own."""
        return Entry(
            guid=f"{feed}#{number}",
            url=f"https://example.org/{number}",
            title=self.title(number),
            text="",
            published_at=NOW,
        )

    def title(self, number: int) -> str:
        return f"BTR cathode {number}" if number % 2 else f"weather {number}"

    def document(self, feed: str, length: int) -> bytes:
        items = "".join(
            f"<item><guid isPermaLink='false'>{entry.guid}</guid><title>{entry.title}</title>"
            f"<link>{entry.url}</link></item>"
            for entry in (self.entry(feed, number) for number in reversed(self.published[feed][:length]))
        )
        return f"<rss version='2.0'><channel>{items}</channel></rss>".encode()

    async def fetch(
        self, url: str, *, validators: Validators = NO_VALIDATORS, is_page: bool = False
    ) -> Fetched | NotModified:
        if url not in self.published:
            raise FetchError(url, "no pages here", transient=False, status=404)
        current = Validators(etag=str(len(self.published[url])))
        if validators == current:
            return NotModified()
        body = self.document(url, len(self.published[url]))
        return Fetched(url=url, body=body, content_type="", validators=current)

    async def reaches(self, url: str) -> bool:
        return True


class OneClaimReader:
    """Reads one claim in every article that it is given."""

    def read(self, article: Article) -> Reading:
        claim = make_claim(evidence=article.title)
        return Reading(language="en", projects=("plant",), claims=(claim,), facts=())


class World:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.web = Web()
        self.faults = Faults()
        self.ledger = FaultyLedger(engine, self.faults)
        watch = make_watch(reader=OneClaimReader())
        self.road = Road(
            watch=watch,
            fetcher=FaultyFetcher(self.web, self.faults),
            documents=InlineDocuments.of(watch),
            ledger=self.ledger,
            recorder=Recorder(self.ledger, Desk()),
            desk=Desk(),
            clock=lambda: NOW,
            chance=lambda: 0.5,
        )

    async def poll(self, feeds: Sequence[Feed]) -> None:
        """Poll these at the same time, as workers do that do not know of each other; whatever fails is over."""

        async def one(feed: Feed) -> PollResult:
            return await poll_feed(feed, self.ledger.feeds().get(feed.url, FeedRecord(url=feed.url)), self.road)

        done = await asyncio.gather(*(asyncio.create_task(one(feed)) for feed in feeds), return_exceptions=True)
        for each in done:
            assert isinstance(each, PollResult | Died | LedgerError | asyncio.CancelledError), repr(each)

    def check_validators(self) -> None:
        """Of the document that a feed's validators or hash stand for every entry is stored."""
        for url, record in self.ledger.feeds().items():
            by_hash = {
                sha256(self.web.document(url, length)).hexdigest(): length
                for length in range(len(self.web.published[url]) + 1)
            }
            length = max(int(record.validators.etag or 0), by_hash.get(record.body_hash, 0))
            keys = [entry_key(self.web.entry(url, number)) for number in self.web.published[url][:length]]
            assert SQLKeys(self.engine).of(url) >= set(keys)


class SQLKeys:
    """The keys of the entries that are stored, past the ledger and its faults."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, url: str) -> set[str]:
        from monitor.ledger.tables import FEEDS as TABLE  # noqa: PLC0415 - its name is taken here

        with self._engine.connect() as connection:
            return set(connection.scalars(select(ENTRIES.c.key).join(TABLE).where(TABLE.c.url == url)))


_NUMBERS = st.integers(0, 5)
_STEPS = st.one_of(
    st.tuples(st.sampled_from(FEEDS), _NUMBERS),
    st.lists(st.sampled_from(FEEDS), min_size=1, max_size=4),
)
_FAULTS = st.lists(st.sampled_from([Fault.NONE, *Fault]), max_size=40)


def walk(world: World, steps: Sequence[tuple[Feed, int] | list[Feed]], faults: Sequence[Fault]) -> None:
    async def all_steps() -> None:
        world.faults.to_come = iter(faults)
        for step in steps:
            if isinstance(step, list):
                await world.poll(step)
                world.check_validators()
            elif step[1] not in world.web.published[step[0].url]:
                world.web.published[step[0].url].append(step[1])
        world.faults.to_come = iter(())
        await world.poll(FEEDS)
        world.check_validators()

    run_in_one_thread(all_steps())


def check_stored(world: World) -> None:
    """Every entry and every article is there, once; each was read once, and what was read in it is there once."""
    published = world.web.published
    articles = {
        article_key(world.web.entry(url, number), feed=url): number for url in published for number in published[url]
    }
    for url, numbers in published.items():
        assert SQLKeys(world.engine).of(url) == {entry_key(world.web.entry(url, number)) for number in numbers}
    with world.engine.connect() as connection:
        assert Counter(connection.scalars(select(ARTICLES.c.key))) == Counter(articles.keys())
        assert len(connection.execute(select(READINGS)).all()) == len(articles)
        evidence = Counter(connection.scalars(select(CLAIMS.c.evidence)))
    assert evidence == Counter(title for n in set(articles.values()) if "BTR" in (title := world.web.title(n)))


@settings(
    max_examples=int(settings().max_examples * 0.6),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(_STEPS, max_size=14), faults=_FAULTS)
@example(steps=[(FEEDS[0], 1), (FEEDS[0], 2), (FEEDS[0], 3), [FEEDS[0]]], faults=[Fault.CUT_OFF])
@example(steps=[(FEEDS[0], 1), (FEEDS[1], 1), [*FEEDS, *FEEDS]], faults=[])
def test_every_entry_is_stored_once_and_validators_never_run_ahead(
    engine: Engine, steps: list[tuple[Feed, int] | list[Feed]], faults: list[Fault]
) -> None:
    empty(engine)
    world = World(engine)

    walk(world, steps, faults)

    check_stored(world)


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("at", range(8))
def test_a_fault_at_each_step_of_a_poll_loses_nothing(engine: Engine, fault: Fault, at: int) -> None:
    world = World(engine)
    faults = [*[Fault.NONE] * at, fault]

    walk(world, [(FEEDS[0], 0), (FEEDS[0], 1), (FEEDS[0], 3), (FEEDS[1], 3), [FEEDS[0], FEEDS[1]]], faults)

    check_stored(world)
