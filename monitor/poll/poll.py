"""One poll, from a feed to the outbox: fetch → parse → match → read → record."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from http import HTTPStatus

from monitor.core.articles import UNREAD
from monitor.core.identity import article_key, canonical_url, entry_key, is_service_link
from monitor.core.model import Entry, Feed
from monitor.core.news import Change
from monitor.core.polling.cadence import Habit, learn
from monitor.core.polling.polling import Hints, Rule, appoint, is_asked_whole
from monitor.core.state import Report
from monitor.errors import FetchError, LedgerError, NoNetworkError, ParseError
from monitor.feeds.parse import ParsedFeed, gather
from monitor.logs import get_logger
from monitor.poll.article import Sifted, read_again, read_entry, sift
from monitor.poll.context import PollContext, Road
from monitor.ports import (
    NO_VALIDATORS,
    Decision,
    EntryRecord,
    FeedRecord,
    Fetched,
    NotModified,
    Poll,
    ReadArticle,
)
from monitor.watch.watch import News, decider

# Links of news searches: from the search service to the publisher of the article --------------------------------------


#: Links followed in one poll. The articles of the others keep the address of the service.
MAX_FOLLOWED = 20


async def resolve(entries: Sequence[Entry], context: PollContext) -> Sequence[Entry]:
    """Return the entries with the addresses of their publishers.

    ``core.identity`` takes out an address that a link carries. Other links of services are followed, and the context
    keeps the pages behind them. Entries whose articles turn out to be known are left out. An entry whose publisher
    cannot be found keeps its link, and the context says why.

    Args:
        entries: new ones that may concern a project, none of them resolved before.
        context: of the poll.
    """
    links = {entry: canonical_url(entry.url) for entry in entries if entry.url}
    services = [entry for entry, link in links.items() if is_service_link(link)]
    if not services:
        return entries
    found = dict[Entry, Entry]()
    for entry in services[:MAX_FOLLOWED]:
        try:
            found[entry] = await _follow(entry, links[entry], context)
        except FetchError as error:
            context.problems.append(f"the publisher's address is not known, the link stands in: {error}")
    if (left := len(services) - MAX_FOLLOWED) > 0:
        context.problems.append(f"{left} links not followed to their publishers: at most {MAX_FOLLOWED} are in a poll")
    keys = {entry: article_key(led, feed=context.feed.url) for entry, led in found.items() if led is not entry}
    known = await asyncio.to_thread(context.road.ledger.known, tuple(keys.values()))
    return [found.get(entry, entry) for entry in entries if keys.get(entry) not in known]


async def _follow(entry: Entry, link: str, context: PollContext) -> Entry:
    """Return the entry with the address its link leads to, or as it is where that still belongs to a service."""
    answer = await context.road.fetcher.fetch(link, is_page=True)
    if not isinstance(answer, Fetched):
        return entry
    end = canonical_url(answer.url)
    led = entry if is_service_link(end) else replace(entry, url=end)
    context.pages[led.url or ""] = answer
    return led


log = get_logger()

#: After this many polls in a row in which a feed says that it has moved for good, its new address is polled.
MOVES = 3
_GONE = "the feed is gone for good and is asked as seldom as can be from now on; take it out of feeds.yaml"


class PollOutcome(StrEnum):
    """How a poll ended."""

    #: The server answered 304.
    NOT_MODIFIED = "not modified"
    #: The document is byte for byte the last one.
    UNCHANGED = "unchanged"
    #: The document was read. It may have brought nothing new.
    READ = "read"
    #: A document that the hub pushed was read.
    PUSHED = "pushed"
    FAILED = "failed"
    #: There is no network. Nothing is recorded.
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """The result of one poll of one feed, for logs and people."""

    feed: Feed
    outcome: PollOutcome
    entries: int = 0
    #: Articles that were not in the ledger.
    new: int = 0
    #: New articles that concern a project.
    relevant: int = 0
    #: Known articles whose content has changed.
    corrected: int = 0
    changes: tuple[Change, ...] = ()
    #: Whether its articles were recorded as history, which alerts nobody.
    is_history: bool = False
    #: Problems with single entries or pages. The rest was read.
    problems: tuple[str, ...] = ()
    error: str = ""


# ---------------------------------------------------------------- fetch → parse → match → read → record


async def poll_feed(feed: Feed, record: FeedRecord, road: Road) -> PollResult:
    """Poll one feed once.

    Everything that the poll brings is committed in one transaction. Validators are saved with the entries, never
    before. A bad feed, entry or page costs only itself: the error is stored with the feed and returned in the result.
    The same holds for a bug of the monitor or of an operator's own reader. A feed that has no network to be asked by
    has not failed: it stays due.

    Raises:
        LedgerError: the database refused; nothing of the poll is stored, and the next poll brings it again.
    """
    context = PollContext(feed=feed, road=road, is_history=record.imported_at is None)
    try:
        return await _poll(record, context)
    except LedgerError:
        raise
    except NoNetworkError as error:
        return PollResult(feed=feed, outcome=PollOutcome.NOT_ASKED, error=str(error))
    except (FetchError, ParseError) as error:
        return await _record_failure(record, error, context)
    except Exception as error:
        # Raised further, it would stop the polls of all other feeds, every few seconds.
        log.exception("feed.fault", feed=feed.name)
        reason = f"internal error ({type(error).__name__}); details are in the log"
        return await _record_failure(record, ParseError(feed.url, reason), context)


async def _poll(record: FeedRecord, context: PollContext) -> PollResult:
    feed, road = context.feed, context.road
    is_whole = is_asked_whole(
        feed.url, record.polled_at, road.clock(), habit=record.habit, shown=record.last_entries or 0
    )
    validators = NO_VALIDATORS if is_whole else record.validators
    answer = await road.fetcher.fetch(_address(feed, record), validators=validators, is_page=feed.page is not None)
    record = _moved(record, answer)
    context.problems += _notices(record, answer)
    if isinstance(answer, NotModified):
        return await _record_same(record, PollOutcome.NOT_MODIFIED, answer, context)
    gathered = await gather(answer, road.fetcher, road.documents)
    answer = gathered.answer
    body_hash = _hash(answer.body, feed)
    if body_hash == record.body_hash:
        return await _record_same(record, PollOutcome.UNCHANGED, answer, context)
    sifted = await _sifted(answer, record, context)
    context.problems += gathered.problems
    return await _record_entries(replace(record, body_hash=body_hash), answer, sifted, context)


async def take_push(feed: Feed, record: FeedRecord, body: bytes, content_type: str, road: Road) -> PollResult:
    """Process a pushed document like a poll, in one transaction.

    The hub may leave out what it pushed before. So the feed's document, its validators and its next poll stay as the
    last poll left them. The next poll still finds everything that pushes miss.

    Args:
        feed: the feed as configured.
        record: its record; its past must have been imported.
        body: the pushed document.
        content_type: its Content-Type, or "".
        road: as for a poll.

    Raises:
        ParseError: the pushed document is not a feed; poll the feed itself.
        LedgerError: the database refused; nothing of the push is stored.
    """
    context = PollContext(feed=feed, road=road, is_history=record.imported_at is None)
    # Relative links in it start where they do in a poll.
    url = _address(feed, record)
    push = Fetched(url=url, body=body, content_type=content_type, validators=record.validators)
    sifted = await _sifted(push, record, context)
    return await _record_entries(record, push, sifted, context, is_push=True)


async def _sifted(answer: Fetched, record: FeedRecord, context: PollContext) -> Sifted:
    feed, road, now = context.feed, context.road, context.road.clock()
    document = await road.documents.parse(
        answer, now=now, known=frozenset(record.shown), page=feed.page, language=feed.language
    )
    return await road.desk.do(sift, document, context, now)


def _hash(body: bytes, feed: Feed) -> str:
    """The identity of a document. The same page with other selectors is another document."""
    return hashlib.sha256(body + (repr(feed.page).encode() if feed.page is not None else b"")).hexdigest()


def _address(feed: Feed, record: FeedRecord) -> str:
    """The address to poll: the new one if the feed has announced it often enough."""
    return record.moved_to if record.moved_to and record.moves >= MOVES else feed.url


def _moved(record: FeedRecord, answer: Fetched | NotModified) -> FeedRecord:
    """The record with what the answer says about the feed's address."""
    if answer.moved_to is None:
        return record if record.moves >= MOVES else replace(record, moved_to=None, moves=0)
    moves = record.moves + 1 if answer.moved_to == record.moved_to else 1
    return replace(record, moved_to=answer.moved_to, moves=moves)


def _notices(record: FeedRecord, answer: Fetched | NotModified) -> tuple[str, ...]:
    """A message to the operator when a feed is polled at a new address from now on; only once."""
    if answer.moved_to is None or record.moves != MOVES:
        return ()
    return (f"the feed has moved to {record.moved_to} and is asked there from now on; write that into feeds.yaml",)


async def _record_same(
    record: FeedRecord, outcome: PollOutcome, answer: Fetched | NotModified, context: PollContext
) -> PollResult:
    """Record a poll that brought nothing new."""
    if isinstance(answer, Fetched):
        record = replace(record, validators=answer.validators)
    poll = Poll(feed=_succeeded(record, outcome, answer, context))
    await context.road.recorder.record(poll, _decide_nothing)
    return PollResult(feed=context.feed, outcome=outcome, problems=tuple(context.problems))


async def _record_failure(record: FeedRecord, error: FetchError | ParseError, context: PollContext) -> PollResult:
    """Record why the poll failed and slow the feed down. Keep what is known of its document: nothing is read twice."""
    now, fetch_error = context.road.clock(), error if isinstance(error, FetchError) else None
    # The new address may be wrong by now: ask the configured one again before the feed counts as gone.
    is_gone = fetch_error is not None and fetch_error.status == HTTPStatus.GONE and record.moves < MOVES
    failed = replace(
        record,
        moved_to=None,
        moves=0,
        polled_at=now,
        failures=record.failures + 1,
        last_error=error.reason,
        last_status=PollOutcome.FAILED,
    )
    hints = Hints(retry_after=fetch_error.retry_after if fetch_error else None)
    poll = Poll(feed=_appointed(failed, hints, context, is_gone=is_gone))
    await context.road.recorder.record(poll, _decide_nothing)
    is_told = any(reason.rule is Rule.GONE for reason in record.reasons)
    problems = (_GONE,) if is_gone and not is_told else ()
    return PollResult(feed=context.feed, outcome=PollOutcome.FAILED, error=str(error), problems=problems)


async def _record_entries(
    record: FeedRecord, answer: Fetched, sifted: Sifted, context: PollContext, *, is_push: bool = False
) -> PollResult:
    """Read what is new in the document and commit it."""
    road, is_history = context.road, context.is_history
    parsed, entries, seen = sifted.parsed, sifted.entries, sifted.seen
    context.problems += parsed.problems
    heard = await _hear(sifted, context)
    articles, said = heard.articles, heard.said
    now = road.clock()
    relevant = sum(1 for article in articles if article.reading.projects)
    # A new entry without a date counts as published now; the age of history without a date is unknown.
    undated = None if is_history else now
    fresh = [entry.published_at or undated for key, entry in entries.items() if key not in seen]
    habit = record.habit or Habit(at=now, since=now)
    record = replace(record, habit=learn(habit, fresh, relevant=relevant, now=now, is_news=not is_history))
    if not is_push:
        shown = parsed.digests if heard.is_whole else record.shown
        record = replace(record, shown=shown, last_entries=parsed.known + len(entries), last_new=len(articles))
        record = _read(record, answer, parsed, context, is_done=parsed.is_whole and heard.is_whole)
    poll = Poll(
        feed=record,
        entries=tuple(entry for key, entry in said.items() if entry != seen.get(key)),
        articles=articles,
        editions=heard.editions,
        completed=heard.completed,
    )
    decide = decider(road.watch, None if is_history else News(since=now - road.watch.alert_horizon, now=now))
    changes = await road.recorder.record(poll, decide)
    return PollResult(
        feed=context.feed,
        outcome=PollOutcome.PUSHED if is_push else PollOutcome.READ,
        entries=parsed.known + len(entries),
        new=len(articles),
        relevant=relevant,
        corrected=len(heard.editions),
        changes=tuple(changes),
        is_history=is_history,
        problems=tuple(context.problems),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """The readings of entries that are new or have changed."""

    articles: tuple[ReadArticle, ...]
    #: New editions of changed articles.
    editions: tuple[ReadArticle, ...]
    #: New readings of articles whose pages could not be fetched before.
    completed: tuple[ReadArticle, ...]
    #: The records of the entries from now on.
    said: Mapping[str, EntryRecord]
    #: Whether every page could be fetched. If not, the document is read again even if it is unchanged.
    is_whole: bool


async def _hear(sifted: Sifted, context: PollContext) -> _Heard:
    concerning = await resolve(sifted.concerning, context)
    progress = context.road.progress
    articles, editions, completed = list(sifted.others), list[ReadArticle](), list[ReadArticle]()
    put_off: dict[str, str] = {}
    for number, entry in enumerate(concerning):
        progress(context.feed, number, len(concerning))
        article, is_whole = await read_entry(entry, context)
        articles.append(article)
        if not is_whole:
            put_off[entry_key(entry)] = UNREAD
    rewritten = sifted.rewritten
    known = await asyncio.to_thread(context.road.ledger.heard, tuple(rewritten)) if rewritten else {}
    for heard, former in known.items():
        key = rewritten[heard]
        again = completed if sifted.seen[key].digest == UNREAD else editions
        try:
            again += await read_again(sifted.entries[key], former, context, may_concern=key in sifted.may_concern)
        except (FetchError, ParseError) as error:
            context.problems.append(f"not read again, to be tried later: {error}")
            put_off[key] = sifted.seen[key].digest
    # The link of an entry may have led to another address and thus to another key; it is not tried again.
    put_off = {key: digest for key, digest in put_off.items() if key in sifted.said}
    later = {key: replace(sifted.said[key], digest=digest) for key, digest in put_off.items()}
    return _Heard(
        articles=tuple(articles),
        editions=tuple(editions),
        completed=tuple(completed),
        said={**sifted.said, **later},
        is_whole=not later,
    )


def _read(
    record: FeedRecord, answer: Fetched, parsed: ParsedFeed, context: PollContext, *, is_done: bool
) -> FeedRecord:
    """The feed's record after a poll that read its document."""
    # The answer's headers take precedence over the document (W3C WebSub, section 4).
    hub, topic = (answer.hub, answer.topic or parsed.topic) if answer.hub else (parsed.hub, parsed.topic)
    read = replace(
        record,
        imported_at=record.imported_at or context.road.clock(),
        # What was cut off may come whole under the same validators, or as the same bytes once more, and what was put
        # off is tried again though the document stays as it is.
        validators=answer.validators if is_done else NO_VALIDATORS,
        body_hash=record.body_hash if is_done else "",
        hub=hub,
        topic=topic,
    )
    ttl = parsed.ttl.total_seconds() if parsed.ttl else None
    return _succeeded(read, PollOutcome.READ, answer, context, ttl=ttl)


def _succeeded(
    record: FeedRecord,
    outcome: PollOutcome,
    answer: Fetched | NotModified,
    context: PollContext,
    *,
    ttl: float | None = None,
) -> FeedRecord:
    """The feed's record after a poll that the server answered."""
    answered = replace(
        record,
        polled_at=context.road.clock(),
        failures=0,
        last_error="",
        last_status=outcome,
        latency=answer.latency,
        size=len(answer.body) if isinstance(answer, Fetched) else 0,
    )
    return _appointed(answered, Hints(max_age=answer.max_age, ttl=ttl), context)


def _appointed(record: FeedRecord, hints: Hints, context: PollContext, *, is_gone: bool = False) -> FeedRecord:
    """The record with when the feed is asked next, and why."""
    feed, road = context.feed, context.road
    appointment = appoint(
        road.clock(),
        every=feed.every,
        share=road.shares.get(feed.url),
        habit=record.habit,
        policy=road.watch.polling,
        jitter=road.chance(),
        failures=record.failures,
        is_gone=is_gone,
        hints=hints,
        pushed_until=road.leases.get(feed.url),
        is_awaiting=feed.url in road.awaiting,
    )
    return replace(record, next_poll_at=appointment.at, reasons=appointment.reasons)


def _decide_nothing(
    before: Mapping[str, Sequence[Report]],  # noqa: ARG001 - the signature of Decide
    fresh: Mapping[str, Sequence[Report]],  # noqa: ARG001 - required by the port
) -> Decision:
    return Decision()
