"""Maintains the subscriptions at hubs (requests, renews and ends them in time) and processes their pushes."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from monitor.core.model import Feed
from monitor.core.polling.websub import HubSubscription, asking, failed, is_fit, leaving, plan, request, taken
from monitor.errors import FetchError, ParseError
from monitor.poll.context import Road
from monitor.poll.poll import PollOutcome, PollResult, poll_feed, take_push
from monitor.ports import FeedRecord, HubSubscriptions, Submitter

# A queue of pushes from hubs: acknowledged at once, read one after the other, bounded in bytes ------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A push from a hub for a feed."""

    #: The token of the subscription.
    token: str = field(repr=False)
    feed: str
    at: datetime
    #: Empty if the feed itself is to be polled.
    body: bytes = field(repr=False)
    #: The Content-Type header, or "".
    content_type: str


class Intake:
    """A queue bounded in bytes. Belongs to one event loop."""

    def __init__(self, max_bytes: int) -> None:
        self._room = max_bytes
        self._in_hand: Counter[str] = Counter()
        self._queue: asyncio.Queue[Push | None] = asyncio.Queue()

    def reserve(self, token: str, size: int) -> bool:
        """Reserve room for a push of this subscription. False if there is no room; the hub has to send it again."""
        if size > self._room:
            return False
        self._room -= size
        self._in_hand[token] += 1
        return True

    def release(self, token: str, size: int) -> None:
        """Free the room of a push that was read or rejected."""
        self._room += size
        self._in_hand[token] -= 1
        if not self._in_hand[token]:
            del self._in_hand[token]

    def has(self, token: str) -> bool:
        """Whether a push of this subscription is waiting or being read."""
        return token in self._in_hand

    def put(self, push: Push) -> None:
        """Enqueue a push for which room was reserved."""
        self._queue.put_nowait(push)

    async def next(self) -> Push | None:
        """Wait for the next push and return it; release it once it was read. None once the intake is closed."""
        push = await self._queue.get()
        if push is None:
            self._queue.put_nowait(None)  # for other waiting readers
        return push

    def close(self) -> None:
        """Stop reading. Pushes that remain are not marked as taken, so their feeds are polled after the next start."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)


#: The most hubs asked at a time: they share the request budget with the feeds.
ASKS = 20
_SILENT = "the hub did not ask back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempted:
    """A request to a hub for a feed. ``error`` says why it was not accepted; "" if it was."""

    feed: str
    hub: str
    is_leaving: bool
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """What is needed to maintain subscriptions."""

    hubs: HubSubscriptions
    submitter: Submitter
    #: The public address of the monitor.
    public: str
    #: Returns the present instant, aware, in UTC.
    clock: Callable[[], datetime]
    #: Returns a number in [0, 1), for jitter.
    chance: Callable[[], float]
    #: Returns a text that cannot be guessed, a new one each time.
    secret: Callable[[], str]


async def tend(feeds: Iterable[str], keeper: Keeper) -> tuple[Attempted, ...]:
    """Do what is due for the subscriptions of these feeds, given by address. Returns the requests made to hubs.

    Hubs verify a request over the web (``monitor.web.websub``), possibly before this function returns.

    Raises:
        LedgerError: the database refused; the next call does what is left.
    """
    due = await asyncio.to_thread(_prepare, frozenset(feeds), keeper)
    done = await asyncio.gather(*(_ask(token, keeper) for token in due))
    return tuple(each for each in done if each is not None)


def _prepare(feeds: frozenset[str], keeper: Keeper) -> tuple[str, ...]:
    """Do everything that needs no hub. Returns the tokens of the subscriptions whose hubs are to be asked."""
    hubs, now = keeper.hubs, keeper.clock()
    wanted = _wanted(feeds, hubs.named())
    todo = plan(wanted, hubs.all(), keeper.public, now)
    for token in todo.forget:
        hubs.forget(token)
    for token in todo.leave:
        hubs.change(token, lambda it: leaving(it, now))
    for token in todo.lapse:
        hubs.change(token, lambda it: failed(it, now, error=_SILENT, jitter=keeper.chance()) if it.is_pending else None)
    for feed, hub, topic in todo.new[:ASKS]:
        new = HubSubscription(
            token=keeper.secret(),
            public=keeper.public,
            feed=feed,
            hub=hub,
            topic=topic,
            secret=keeper.secret(),
            next_at=now,
        )
        hubs.add(new)
    return plan(wanted, hubs.all(), keeper.public, now).ask[:ASKS]


def _wanted(feeds: frozenset[str], named: Mapping[str, tuple[str, str]]) -> Mapping[str, tuple[str, str]]:
    return {feed: it for feed, it in named.items() if feed in feeds and is_fit(feed, it[0])}


async def _ask(token: str, keeper: Keeper) -> Attempted | None:
    """Ask one hub. A failure affects only this hub.

    The request is stored before it is sent, because the hub may verify it at once.
    """
    asked = await asyncio.to_thread(keeper.hubs.change, token, lambda it: asking(it, keeper.clock()))
    if asked is None:
        return None
    attempted = Attempted(feed=asked.feed, hub=asked.hub, is_leaving=asked.is_leaving)
    try:
        await keeper.submitter.submit(asked.hub, request(asked))
    except FetchError as error:
        now, reason, retry_after = keeper.clock(), error.reason, error.retry_after

        def step(it: HubSubscription) -> HubSubscription | None:
            # The hub may have verified the request nevertheless.
            is_this = it.is_pending and it.asked_at == asked.asked_at
            return failed(it, now, error=reason, jitter=keeper.chance(), retry_after=retry_after) if is_this else None

        await asyncio.to_thread(keeper.hubs.change, token, step)
        return Attempted(feed=asked.feed, hub=asked.hub, is_leaving=asked.is_leaving, error=reason)
    return attempted


async def take(feed: Feed, push: Push, road: Road, hubs: HubSubscriptions) -> PollResult:
    """Process a push. Polls the feed itself if the pushed document is empty or not a feed.

    Without a network for that poll, the push counts as not taken.

    Raises:
        LedgerError: the database refused; the push still counts as not taken (``lost``).
    """
    result = await _read(feed, push, road)
    if result.outcome is PollOutcome.NOT_ASKED:
        return result
    await asyncio.to_thread(hubs.change, push.token, lambda it: taken(it, push.at))
    return result


async def _read(feed: Feed, push: Push, road: Road) -> PollResult:
    record = await asyncio.to_thread(road.ledger.feed, feed.url) or FeedRecord(url=feed.url)
    if push.body and record.imported_at is not None:
        with suppress(ParseError):  # the poll reports what is wrong
            return await take_push(feed, record, push.body, push.content_type, road)
    return await poll_feed(feed, record, road)


def lost(hubs: HubSubscriptions, intake: Intake) -> tuple[Push, ...]:
    """The pushes that were acknowledged but neither taken nor in the intake, as after a kill. Poll their feeds."""
    return tuple(
        Push(token=each.token, feed=each.feed, at=each.pushed_at, body=b"", content_type="")
        for each in hubs.all()
        if each.pushed_at is not None and each.is_untaken and not each.is_leaving and not intake.has(each.token)
    )
