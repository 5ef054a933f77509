"""The road in two functions: ``poll_feed`` (fetch → parse → match → read → record) and ``relay`` (outbox → deliver)."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from monitor.core.articles import article_of, source_of
from monitor.core.brief import brief
from monitor.core.cadence import Habit, learn, wait
from monitor.core.changes import unfold
from monitor.core.clock import to_come
from monitor.core.corrections import MAX_LOOKS, entry_digest, is_emptied, says_the_same
from monitor.core.fold import fold
from monitor.core.identity import article_key, entry_key
from monitor.core.known import known_reports
from monitor.core.lifecycle import Lifecycle
from monitor.core.matching import Matcher
from monitor.core.message import compose
from monitor.core.model import (
    MAX_TEXT,
    Change,
    Delivery,
    Destination,
    Entry,
    Feed,
    Message,
    Project,
    ProjectState,
    Reading,
    Report,
    Subscriber,
)
from monitor.core.periods import Period
from monitor.core.reading.text import Text
from monitor.core.routing import route
from monitor.core.timing import Polling, next_attempt, next_poll
from monitor.core.weighing import DEFAULT_POLICY, FoldPolicy
from monitor.errors import FetchError, ParseError
from monitor.feeds.language import LanguageDetector
from monitor.feeds.page import extract_article
from monitor.feeds.parse import ParsedFeed, parse_feed
from monitor.ports import (
    Decide,
    Decision,
    EntryRecord,
    FeedRecord,
    Fetched,
    Fetcher,
    Ledger,
    NotModified,
    Outbox,
    Outcome,
    Outgoing,
    Poll,
    ReadArticle,
    Reader,
    Sender,
    SendResult,
)

#: How long a worker may hold a delivery; longer than any sender's own time limit.
LEASE = timedelta(seconds=90)
#: A feed that says so many times in a row that it has moved for good is asked at its new address.
MOVES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is watched and how, as the configuration says: values, no edges. Replaced whole when that changes."""

    projects: Mapping[str, Project]
    lifecycles: Mapping[str, Lifecycle]
    subscribers: Sequence[Subscriber]
    matcher: Matcher
    reader: Reader
    detector: LanguageDetector
    polling: Polling
    #: Articles published longer ago than this are history and alert nobody.
    alert_horizon: timedelta
    #: Where the days of publication begin.
    timezone: tzinfo
    policy: FoldPolicy = DEFAULT_POLICY
    #: Of all that bears on a reading: what was read under the same one need not be read again.
    fingerprint: str = ""

    def lifecycle_of(self, project: str) -> Lifecycle:
        return self.lifecycles[self.projects[project].lifecycle]

    def phases_of(self, project: str) -> tuple[str, ...]:
        return tuple(phase.name for phase in self.projects[project].phases)

    def state_of(self, project: str, reports: Iterable[Report]) -> ProjectState:
        """What is known of a project from these reports and from the configuration."""
        return fold(
            project,
            (*known_reports(self.projects[project]), *reports),
            self.lifecycle_of(project),
            self.policy,
            phases=self.phases_of(project),
        )

    @property
    def rules(self) -> str:
        """The fingerprint of all that bears on what is known from the same reports."""
        return hashlib.sha256(f"{self.fingerprint}\0{self.policy!r}".encode()).hexdigest()[:16]

    def brief_of(self, project: str, reports: Iterable[Report]) -> ProjectState:
        """``state_of`` in few words: as much as a list of many projects shows."""
        return brief(self.state_of(project, reports))

    def to_come(self, state: ProjectState) -> tuple[Change, ...]:
        """What the passing of time will bring a project that stays in this state."""
        silence = self.projects[state.project].quiet_after or self.policy.silence
        return to_come(state, self.lifecycle_of(state.project), silence)

    def inferred(self, state: ProjectState, now: datetime) -> tuple[Change, ...]:
        """What the passing of time has brought a project in this state until now."""
        return tuple(change for change in self.to_come(state) if change.at <= now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """The watch and the edges that a poll needs."""

    watch: Watch
    fetcher: Fetcher
    ledger: Ledger
    #: The present instant, aware, in UTC.
    clock: Callable[[], datetime]
    #: A number in [0, 1), for jitter.
    chance: Callable[[], float]
    #: The mean interval of each feed that has none of its own, by address, within the budget of requests.
    intervals: Mapping[str, timedelta] = field(default_factory=dict)

    def every(self, feed: Feed, record: FeedRecord) -> timedelta | None:
        """How long to wait until the feed is asked again, hints and failures aside; None where nothing is known."""
        interval = self.intervals.get(feed.url)
        if feed.every is not None or interval is None or record.habit is None:
            return feed.every or interval
        return wait(record.habit, interval, self.clock())


class PollOutcome(StrEnum):
    """How a poll ended."""

    #: The server said so.
    NOT_MODIFIED = "not modified"
    #: The document is byte for byte the last one.
    UNCHANGED = "unchanged"
    #: The document was read; it may still have brought nothing new.
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """What one poll of one feed did, for logs and people."""

    feed: Feed
    outcome: PollOutcome
    entries: int = 0
    #: Articles that the ledger did not have.
    new: int = 0
    #: New articles that concern a project.
    relevant: int = 0
    #: Articles that were known and say something else now.
    corrected: int = 0
    changes: tuple[Change, ...] = ()
    #: Whether what it brought was taken as history, which alerts nobody.
    is_history: bool = False
    #: What was wrong with single entries or pages; the rest was read.
    problems: tuple[str, ...] = ()
    error: str = ""


# ---------------------------------------------------------------- fetch → parse → match → read → record


async def poll_feed(feed: Feed, record: FeedRecord, road: Road) -> PollResult:
    """Take one feed down the road, once.

    All that the poll brings is committed in one transaction; validators are saved with the entries and never before. A
    bad feed, entry or page costs only itself: what went wrong is kept on the feed and told in the result.

    Raises:
        LedgerError: the database refused; nothing of the poll is kept, and the next one brings it again.
    """
    try:
        answer = await road.fetcher.fetch(_address(feed, record), validators=record.validators)
        record = _moved(record, answer)
        if isinstance(answer, NotModified):
            return await _record_same(feed, record, PollOutcome.NOT_MODIFIED, answer, road)
        body_hash = hashlib.sha256(answer.body).hexdigest()
        if body_hash == record.body_hash:
            return await _record_same(feed, record, PollOutcome.UNCHANGED, answer, road)
        parsed = await asyncio.to_thread(
            parse_feed,
            answer.body,
            url=answer.url,
            content_type=answer.content_type,
            now=road.clock(),
            known=frozenset(record.shown),
        )
    except (FetchError, ParseError) as error:
        return await _record_failure(feed, record, error, road)
    return await _record_entries(feed, replace(record, body_hash=body_hash), answer, parsed, road)


def _address(feed: Feed, record: FeedRecord) -> str:
    """Where the feed is asked: where it has said often enough that it is now."""
    return record.moved_to if record.moved_to and record.moves >= MOVES else feed.url


def _moved(record: FeedRecord, answer: Fetched | NotModified) -> FeedRecord:
    """The record with what the answer says of where the feed is now."""
    if answer.moved_to is None:
        return record if record.moves >= MOVES else replace(record, moved_to=None, moves=0)
    moves = record.moves + 1 if answer.moved_to == record.moved_to else 1
    return replace(record, moved_to=answer.moved_to, moves=moves)


def _notices(record: FeedRecord, answer: Fetched | NotModified) -> tuple[str, ...]:
    """What the operator should know of where the feed is: told once, when it is asked elsewhere from now on."""
    if answer.moved_to is None or record.moves != MOVES:
        return ()
    return (f"the feed has moved to {record.moved_to} and is asked there from now on; write that into feeds.yaml",)


async def _record_same(
    feed: Feed, record: FeedRecord, outcome: PollOutcome, answer: Fetched | NotModified, road: Road
) -> PollResult:
    """The poll brought nothing that was not known."""
    if isinstance(answer, Fetched):
        record = replace(record, validators=answer.validators)
    poll = Poll(feed=_succeeded(feed, record, outcome, answer.max_age, road))
    await asyncio.to_thread(road.ledger.record, poll, _decide_nothing)
    return PollResult(feed=feed, outcome=outcome, problems=_notices(record, answer))


async def _record_failure(feed: Feed, record: FeedRecord, error: FetchError | ParseError, road: Road) -> PollResult:
    """The feed slows down and says why; what is known of its document stays, so that nothing is read twice."""
    now, failures = road.clock(), record.failures + 1
    failed = replace(
        record,
        # Where it had moved to it may be no longer: the configured address is asked again.
        moved_to=None,
        moves=0,
        polled_at=now,
        failures=failures,
        last_error=error.reason,
        last_status=PollOutcome.FAILED,
        next_poll_at=next_poll(
            now,
            every=road.every(feed, record),
            failures=failures,
            max_age=None,
            retry_after=error.retry_after if isinstance(error, FetchError) else None,
            policy=road.watch.polling,
            jitter=road.chance(),
        ),
    )
    await asyncio.to_thread(road.ledger.record, Poll(feed=failed), _decide_nothing)
    return PollResult(feed=feed, outcome=PollOutcome.FAILED, error=str(error))


async def _record_entries(
    feed: Feed, record: FeedRecord, answer: Fetched, parsed: ParsedFeed, road: Road
) -> PollResult:
    """Read what is new in the document and commit it."""
    is_history = record.imported_at is None
    problems = [*_notices(record, answer), *parsed.problems]
    shown = parsed.digests
    entries = {entry_key(entry): entry for entry in parsed.entries}
    seen = await asyncio.to_thread(road.ledger.entries, feed.url, tuple(entries))
    said = {key: _remember(key, entry, seen.get(key)) for key, entry in entries.items()}
    candidates = {article_key(entries[key], feed=feed.url): key for key in entries if _is_worth_a_look(said[key], seen)}
    known = await asyncio.to_thread(road.ledger.known, tuple(candidates))
    articles = [
        await _read_entry(entries[key], feed, road, is_history=is_history, problems=problems)
        for article, key in candidates.items()
        if article not in known
    ]
    rewritten = {article: key for article, key in candidates.items() if article in known and key in seen}
    editions: list[ReadArticle] = []
    for article, heard in (await asyncio.to_thread(road.ledger.heard, tuple(rewritten))).items():
        key = rewritten[article]
        try:
            editions += await _read_again(entries[key], heard, feed, road, problems)
        except (FetchError, ParseError) as error:
            problems.append(f"not read again after it was changed, to be tried later: {error}")
            shown = record.shown
            said[key] = replace(said[key], digest=seen[key].digest)
    now = road.clock()
    relevant = sum(1 for article in articles if article.reading.projects)
    fresh = [entry.published_at or now for key, entry in entries.items() if key not in seen]
    record = replace(
        record,
        imported_at=record.imported_at or now,
        validators=answer.validators,
        shown=shown,
        habit=learn(
            record.habit or Habit(at=now, since=now), fresh, relevant=relevant, now=now, is_news=not is_history
        ),
    )
    ttl = parsed.ttl.total_seconds() if parsed.ttl else 0.0
    poll = Poll(
        feed=_succeeded(feed, record, PollOutcome.READ, max(answer.max_age or 0.0, ttl), road),
        entries=tuple(entry for key, entry in said.items() if entry != seen.get(key)),
        articles=tuple(articles),
        editions=tuple(editions),
    )
    decide = decider(road.watch, news_since=None if is_history else now - road.watch.alert_horizon)
    changes = await asyncio.to_thread(road.ledger.record, poll, decide)
    return PollResult(
        feed=feed,
        outcome=PollOutcome.READ,
        entries=parsed.known + len(entries),
        new=len(articles),
        relevant=relevant,
        corrected=len(editions),
        changes=tuple(changes),
        is_history=is_history,
        problems=tuple(problems),
    )


def _succeeded(feed: Feed, record: FeedRecord, outcome: PollOutcome, fresh_for: float | None, road: Road) -> FeedRecord:
    """The feed's record after a poll that the server answered; the answer stays fresh for so many seconds."""
    now = road.clock()
    return replace(
        record,
        polled_at=now,
        failures=0,
        last_error="",
        last_status=outcome,
        next_poll_at=next_poll(
            now,
            every=road.every(feed, record),
            failures=0,
            max_age=fresh_for,
            retry_after=None,
            policy=road.watch.polling,
            jitter=road.chance(),
        ),
    )


def _remember(key: str, entry: Entry, seen: EntryRecord | None) -> EntryRecord:
    """What is to be known of an entry from now on."""
    digest = entry_digest(entry)
    if seen is None or seen.digest in {"", digest}:
        return EntryRecord(key=key, digest=digest, rewrites=seen.rewrites if seen else 0)
    return EntryRecord(key=key, digest=digest, rewrites=seen.rewrites + 1)


def _is_worth_a_look(entry: EntryRecord, seen: Mapping[str, EntryRecord]) -> bool:
    """Whether an entry is new, or says something else now; one that is rewritten for ever is left at last."""
    before = seen.get(entry.key)
    return before is None or before.rewrites < entry.rewrites <= MAX_LOOKS


async def _read_entry(entry: Entry, feed: Feed, road: Road, *, is_history: bool, problems: list[str]) -> ReadArticle:
    """Match → read: only an entry that may concern a project costs a request for its page, and a reading."""
    watch, now = road.watch, road.clock()
    text, concerned = entry.text, _may_concern(entry, watch)
    if concerned:
        try:
            text = await _full_text(entry, feed, road, problems)
        except (FetchError, ParseError) as error:
            problems.append(f"full text not read, the feed's own text stands in: {error}")
    # A forged or mistaken date in the future is none; what is fresh and undated is of now.
    published_at = min(entry.published_at or now, now)
    dated = entry.published_at is not None or not is_history
    language = _language(entry, text, feed, watch)
    day = Period.day(published_at.astimezone(watch.timezone).date()) if dated else None
    article = article_of(entry, feed, text=text, published=day, language=language)
    source = source_of(article, trust=feed.trust, published_at=published_at, seen_at=now)
    reading = await asyncio.to_thread(watch.reader.read, article) if concerned else _nothing(language)
    return ReadArticle(article=article, source=source, reading=reading, reader=watch.fingerprint)


async def _read_again(
    entry: Entry, heard: ReadArticle, feed: Feed, road: Road, problems: list[str]
) -> tuple[ReadArticle, ...]:
    """The new edition of an article that its publisher has changed; none where it is history, or says what it said.

    Raises:
        FetchError, ParseError: its page cannot be read now; the feed's own text cannot stand in for what was read.
    """
    watch, now = road.watch, road.clock()
    is_concerned = bool(heard.reading.projects) or _may_concern(entry, watch)
    if not is_concerned or heard.source.published_at < now - watch.alert_horizon:
        return ()
    text = await _full_text(entry, feed, road, problems)
    language = _language(entry, text, feed, watch)
    article = replace(heard.article, title=entry.title, text=text, language=language)
    if says_the_same(heard.article, article):
        return ()
    is_withdrawn = is_emptied(heard.article, article)
    reading = _nothing(language) if is_withdrawn else await asyncio.to_thread(watch.reader.read, article)
    source = replace(heard.source, seen_at=now)
    return (ReadArticle(article=article, source=source, reading=reading, reader=watch.fingerprint),)


def _may_concern(entry: Entry, watch: Watch) -> bool:
    return bool(watch.matcher.may_concern(Text.of(f"{entry.title}\n{entry.text}")))


def _language(entry: Entry, text: str, feed: Feed, watch: Watch) -> str | None:
    return watch.detector.detect(f"{entry.title}\n{text}", entry.language or feed.language)


def _nothing(language: str | None) -> Reading:
    return Reading(language=language, projects=(), claims=(), facts=())


async def _full_text(entry: Entry, feed: Feed, road: Road, problems: list[str]) -> str:
    """The article's text from its page; the feed's own where there is no page, or less on it.

    Raises:
        FetchError, ParseError: the page cannot be read.
    """
    text = entry.text
    if entry.url and not feed.url.startswith("file:"):
        answer = await road.fetcher.fetch(entry.url)
        if isinstance(answer, Fetched):
            page = await asyncio.to_thread(extract_article, answer.body, answer.url, answer.content_type)
            text = max(page.text, text, key=len)
    if len(text) >= MAX_TEXT:
        problems.append(f"{entry.url or entry.title}: only the first {MAX_TEXT:,} characters are read")
    return text


# ---------------------------------------------------------------- fold → change → outbox


def decider(watch: Watch, *, news_since: datetime | None) -> Decide:
    """What follows from new reports under this configuration: a pure function for the ledger's transaction.

    Args:
        watch: projects, lifecycles and subscribers.
        news_since: articles published before are history; None when all of them are.
    """

    def decide(before: Mapping[str, Sequence[Report]], fresh: Mapping[str, Sequence[Report]]) -> Decision:
        changes: list[Change] = []
        news: list[Change] = []
        for project in sorted(fresh):
            if project not in watch.projects:
                continue
            past = (*known_reports(watch.projects[project]), *before.get(project, ()))
            told = unfold(
                project,
                past,
                fresh[project],
                watch.lifecycle_of(project),
                watch.policy,
                phases=watch.phases_of(project),
            )
            for report, change in told:
                changes.append(change)
                if news_since is not None and report.source.published_at >= news_since:
                    news.append(change)
        return Decision(changes=tuple(changes), outgoing=owed(news, watch))

    return decide


def what_time_brings(watch: Watch, states: Iterable[ProjectState], now: datetime) -> Decision:
    """The forecasts that have gone by and the silences until now; those that are older than news alert nobody."""
    due = [change for state in states for change in watch.inferred(state, now)]
    return Decision(changes=tuple(due), outgoing=owed([c for c in due if c.at >= now - watch.alert_horizon], watch))


def owed(news: Iterable[Change], watch: Watch) -> tuple[Outgoing, ...]:
    return tuple(
        Outgoing(change_id=change.id, subscriber=subscriber.name, destination=destination.id)
        for change, subscriber, destination in route(news, watch.subscribers)
    )


def _decide_nothing(
    before: Mapping[str, Sequence[Report]],  # noqa: ARG001 - the signature of Decide
    fresh: Mapping[str, Sequence[Report]],  # noqa: ARG001 - the port has it
) -> Decision:
    return Decision()


# ---------------------------------------------------------------- outbox → deliver


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt at one delivery, for logs and people."""

    delivery: Delivery
    #: Without secrets; the destination's id where it is no longer configured.
    destination: str
    result: SendResult
    #: None when it was sent, or given up.
    retry_at: datetime | None


def relay(
    outbox: Outbox,
    sender: Sender,
    watch: Watch,
    *,
    worker: str,
    clock: Callable[[], datetime],
    chance: Callable[[], float],
) -> Attempt | None:
    """Lease the next delivery that is due, send it to its one destination, record the outcome; None when none is due.

    A kill between sending and recording repeats this one message, with the same id, when its lease has run out.

    Raises:
        LedgerError: the database refused; the lease runs out and the delivery is due again.
    """
    leased = outbox.acquire(worker=worker, now=clock(), lease=LEASE, limit=1)
    if not leased:
        return None
    delivery = leased[0]
    subscriber, destination = _addressee(delivery, watch)
    if subscriber is None or destination is None:
        result = SendResult(outcome=Outcome.REFUSED, detail="the destination is no longer configured")
    else:
        result = sender.send(destination.url, _message(delivery.change, subscriber, watch))
    now, label = clock(), destination.label if destination else delivery.destination
    detail = f"{result.outcome}: {result.detail}" if result.detail else str(result.outcome)
    if result.outcome is Outcome.SENT:
        outbox.mark_sent(delivery.id, worker=worker, now=now, outcome=detail)
        return Attempt(delivery=delivery, destination=label, result=result, retry_at=None)
    refused = result.outcome is Outcome.REFUSED
    retry_at = None if refused else next_attempt(now, delivery.attempts + 1, result.retry_after, chance())
    outbox.mark_failed(delivery.id, worker=worker, now=now, outcome=detail, retry_at=retry_at)
    return Attempt(delivery=delivery, destination=label, result=result, retry_at=retry_at)


def _addressee(delivery: Delivery, watch: Watch) -> tuple[Subscriber | None, Destination | None]:
    subscriber = next((s for s in watch.subscribers if s.name == delivery.subscriber), None)
    destination = next((d for d in subscriber.to if d.id == delivery.destination), None) if subscriber else None
    return subscriber, destination


def _message(change: Change, subscriber: Subscriber, watch: Watch) -> Message:
    project = watch.projects.get(change.project) or Project(id=change.project, name={"": change.project})
    return compose(change, project, language=subscriber.language, zone=ZoneInfo(subscriber.timezone))
