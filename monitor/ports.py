"""The edges as the pipeline sees them: one Protocol for each, with the contract that every implementation keeps.

All instants are aware and in UTC. The implementations live in ``feeds``, ``ledger`` and ``delivery``; the fakes in
``tests/fakes.py`` are held to the same contract suites.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from monitor.core.cadence import Habit
from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Article, Project, Reading
from monitor.core.news import Change, Delivery, Message
from monitor.core.polling import Reason
from monitor.core.reading.lexicon import Lexicon
from monitor.core.review import Review
from monitor.core.state import ProjectState, Report, Source

# ---------------------------------------------------------------- fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask again cheaply (RFC 9110 section 8.8); opaque, replayed byte for byte."""

    etag: str | None = None
    last_modified: str | None = None


NO_VALIDATORS = Validators()
#: Bytes of the digest by which an entry is known byte for byte.
DIGEST_SIZE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A document, whole: decoded from its transfer and content codings, not from its charset."""

    #: Where it came from, after redirects.
    url: str
    body: bytes
    #: The Content-Type header as sent, or "".
    content_type: str
    validators: Validators
    #: Set when every redirect on the way was permanent (301, 308): the address to ask next time.
    moved_to: str | None = None
    #: Seconds for which the server says the answer stays fresh; None where it says nothing.
    max_age: float | None = None
    #: Seconds from the request to the last byte, redirects included; None where nobody was asked.
    latency: float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server said 304: nothing has changed."""

    #: As of ``Fetched``.
    moved_to: str | None = None
    max_age: float | None = None
    latency: float | None = field(default=None, compare=False)


class Fetcher(Protocol):
    """The only way to any address."""

    async def fetch(self, url: str, *, validators: Validators = NO_VALIDATORS) -> Fetched | NotModified:
        """Get the document.

        Bounded in time, size and redirects; every address on the way is checked before it is connected to.

        Raises:
            FetchError: with whether it will pass; ``ForbiddenAddressError`` where the guard refused.
        """
        ...


# ---------------------------------------------------------------- ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRecord:
    """What the ledger remembers of a feed."""

    url: str
    validators: Validators = NO_VALIDATORS
    #: SHA-256 of the last body, hex; "" before the first.
    body_hash: str = ""
    #: When its past was first imported whole; None until then: what it brings before is history and alerts nobody.
    imported_at: datetime | None = None
    polled_at: datetime | None = None
    next_poll_at: datetime | None = None
    #: Why it is asked then, as it was decided; empty before the first poll.
    reasons: tuple[Reason, ...] = ()
    #: Failed polls in a row.
    failures: int = 0
    #: What the last failure was; "" when the last poll succeeded.
    last_error: str = ""
    last_status: str = ""
    #: Digests of the entries that its document showed last and that need not be read again, of DIGEST_SIZE bytes each.
    shown: tuple[bytes, ...] = ()
    #: When it publishes; None until it was read once.
    habit: Habit | None = None
    #: Where it said that it has moved for good, and how often in a row it said so.
    moved_to: str | None = None
    moves: int = 0
    #: Of the last answer: seconds until it was there, bytes of its document (none where nothing had changed).
    latency: float | None = None
    size: int | None = None
    #: Of the document that was read last: its entries, and how many of them were new.
    last_entries: int | None = None
    last_new: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRecord:
    """What the ledger remembers of an entry that a feed has brought."""

    #: What it is known by within its feed (core.identity.entry_key).
    key: str
    #: Of what it said last (core.identity.entry_digest); "" where that is not known.
    digest: str = ""
    #: How often it has said something else since it was first seen.
    rewrites: int = 0


class ReadFor(StrEnum):
    """Why an article was read."""

    #: A feed brought it.
    POLL = "poll"
    #: Its publisher has changed it.
    CORRECTION = "correction"
    #: The operator had it read anew, by another vocabulary or configuration.
    REBUILD = "rebuild"
    #: The operator gave it.
    IMPORT = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArticle:
    """An article as it goes into the ledger: its identity, its text, where it was found, what was read in it.

    Address and outlet are the same in article and source, the language in article and reading; every claim and fact is
    of one of the reading's projects. The source was seen when this reading of the article came to be known.
    """

    article: Article
    source: Source
    reading: Reading
    #: Whether its text was dropped, so that it cannot be read again.
    is_dropped: bool = False
    #: The fingerprint of what read it: where it is the same, the same text gives the same reading. "" where not known.
    reader: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A delivery row that a decision asks for."""

    change_id: str
    subscriber: str
    destination: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What follows from new reports: changes, each with the deliveries that it owes."""

    changes: tuple[Change, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()


#: (reports known before by project, new reports by project) → what follows. Pure; called inside the transaction.
Decide = Callable[[Mapping[str, Sequence[Report]], Mapping[str, Sequence[Report]]], Decision]


#: (reports by project as they were folded before a decision of the operator, and as they are after it) → what follows.
#: Pure; called inside the transaction.
Reconsider = Callable[[Mapping[str, Sequence[Report]], Mapping[str, Sequence[Report]]], Decision]


#: (project, its reports) → what is known of it. Pure; called inside the transaction.
Fold = Callable[[str, Sequence[Report]], ProjectState]


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """All that one poll brought, to be committed whole."""

    feed: FeedRecord
    #: The feed's entries that are now seen, or that say something else now.
    entries: tuple[EntryRecord, ...] = ()
    #: Articles that were not known.
    articles: tuple[ReadArticle, ...] = ()
    #: New readings of articles that were known, whose publishers have changed them.
    editions: tuple[ReadArticle, ...] = ()
    #: Why the new articles were read.
    reason: ReadFor = ReadFor.POLL


class Ledger(Protocol):
    """What is known, and what is owed. Implementations are safe to call from several threads and processes.

    Every method raises ``LedgerError`` where a person can act (locked, read-only, full, unreachable).
    """

    def feeds(self) -> Mapping[str, FeedRecord]:
        """All feeds that were ever polled, by address."""
        ...

    def due(self, now: datetime) -> tuple[Mapping[str, FeedRecord], frozenset[str]]:
        """The feeds whose next poll has come, by address, and the addresses of those whose next poll is yet to come."""
        ...

    def entries(self, feed_url: str, keys: Sequence[str]) -> Mapping[str, EntryRecord]:
        """Those of the entries, by key, that this feed has brought before."""
        ...

    def known(self, articles: Sequence[str]) -> frozenset[str]:
        """Those of the article keys that are in the ledger already."""
        ...

    def record(self, poll: Poll, decide: Decide) -> tuple[Change, ...]:
        """Commit a poll in one transaction: feed, entries, articles, claims, facts, changes, outbox rows.

        An article whose key is known already is left as it is, and no report of it is passed to ``decide``. New ones
        that concern a project are joined with their copies to stories (core.stories), beside those that they come with;
        the reports passed to ``decide`` have the stories as they are then. A new edition replaces what was last read in
        its article as ``reread`` does. Changes whose id is known already are dropped with their deliveries. Polls that
        bring articles on projects are serialised. Returns the changes that are new.
        """
        ...

    def note(self, decision: Decision) -> tuple[Change, ...]:
        """Commit changes that no article brought, with their deliveries; returns those that are new.

        Changes whose id is known already are dropped with their deliveries.
        """
        ...

    def reread(self, articles: Sequence[ReadArticle], reason: ReadFor, decide: Decide) -> tuple[Change, ...]:
        """Commit new readings of articles in one transaction, with what follows from them.

        Title, text and language become those of the new reading; source and date of publication stay as they were first
        heard. What says the same as the last reading is no edition: only the fingerprint of its reader is kept. Else
        the new reading counts from the instant when its source was seen, or from just after the former one; ``decide``
        is given its reports among the new ones and those of the former reading among those known before, and a report
        that says nothing of a project of which the article no longer speaks. Articles that are not known are left out.
        Returns the changes that are new.
        """
        ...

    def read_otherwise(self, reader: str) -> Iterator[ReadArticle]:
        """The articles whose last reading is by another reader than that of this fingerprint, in the order they came.

        Those without a word of text, and those whose text was dropped, are left out. They come from the database some
        at a time; what is read anew in the meantime is not given again.
        """
        ...

    def count_read_otherwise(self, reader: str) -> int:
        """How many those are."""
        ...

    def heard(self, articles: Sequence[str]) -> Mapping[str, ReadArticle]:
        """Those of the articles, by key, that are in the ledger, as they were last read."""
        ...

    def reports(
        self, project: str | None = None, *, as_of: datetime | None = None, as_read: bool = False
    ) -> Mapping[str, Sequence[Report]]:
        """Reports by project, oldest publication first (ties by article key).

        They are as they are to be folded: by the operator's decisions that were in force (core.review), with his own
        words among them, and without what copies of a story only echo (core.stories); ``as_read`` gives them as they
        were read.

        Of an article that was read several times its last reading counts; with ``as_of`` the last that was recorded by
        that instant, and nothing of articles that came later.
        """
        ...

    def reviews(self, project: str | None = None) -> Sequence[Review]:
        """All decisions ever made (that touch the project), undone ones too, in the order in which they were made.

        Each has the story that its article belongs to now.
        """
        ...

    def review(self, review: Review, decide: Reconsider) -> tuple[Change, ...]:
        """Keep a decision, or take back the one that it is where it is undone; commit what follows with it.

        Its article is in the ledger. ``decide`` is given the reports of all projects that may know something else by
        it; it is not asked where nothing is to be taken back. Returns the changes that are new.
        """
        ...

    def states(self, rules: str) -> Mapping[str, ProjectState]:
        """What is known of the projects of which it was kept, by project; only what was folded by these rules.

        What comes is what folding their reports now would give: whatever bears on a project makes what was kept of it
        void in the same transaction.
        """
        ...

    def keep_states(self, projects: Sequence[str], rules: str, fold: Fold, *, limit: int) -> int:
        """Fold some of these projects, of which nothing is kept by the rules of this fingerprint, and keep it.

        In one transaction; returns how many: 0 when all are kept.
        """
        ...

    def articles(self, *, project: str | None = None, limit: int | None = None) -> Sequence[ReadArticle]:
        """The articles (that concern the project) that came last, newest last, as they were last read."""
        ...

    def drop_texts(self, *, before: datetime, limit: int) -> int:
        """Drop the texts of articles that were first seen before, the oldest first; returns how many were dropped.

        All else that is known of them and by them stays; they come back with an empty text, marked as dropped.
        """
        ...

    def changes(self, *, project: str | None = None, limit: int | None = None) -> Sequence[Change]:
        """The newest changes, newest last."""
        ...


# ---------------------------------------------------------------- outbox


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    #: To be sent, now or at its next attempt.
    PENDING = "pending"
    SENT = "sent"
    #: Given up, with its reason; waits for ``monitor retry``.
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRecord:
    """A delivery as an operator sees it."""

    delivery: Delivery
    state: DeliveryState
    due_at: datetime
    sent_at: datetime | None
    #: What the last attempt said; free of secrets.
    last_outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecord:
    """One attempt at a delivery: when it ended, and how."""

    at: datetime
    #: Free of secrets.
    outcome: str


class Outbox(Protocol):
    """Deliveries that are owed. A row is leased, sent, marked; a lease that runs out is free again."""

    def acquire(self, *, worker: str, now: datetime, lease: timedelta, limit: int) -> Sequence[Delivery]:
        """Lease due deliveries to a worker, oldest due first; none is leased to two workers at a time."""
        ...

    def mark_sent(self, delivery: int, *, worker: str, now: datetime, outcome: str) -> None:
        """Record success, even where the lease has run out; does nothing to a row that is finished already."""
        ...

    def mark_failed(
        self, delivery: int, *, worker: str, now: datetime, outcome: str, retry_at: datetime | None
    ) -> None:
        """Record a failed or unknown attempt; ``retry_at`` None means dead.

        Does nothing once the lease is another's.
        """
        ...

    def release(self) -> int:
        """Free every lease; returns how many. Only for a worker that knows that no other one is alive."""
        ...

    def deliveries(self, *, state: DeliveryState | None = None, limit: int | None = None) -> Sequence[DeliveryRecord]:
        """The newest deliveries, newest last."""
        ...

    def attempts(self, delivery: int) -> Sequence[AttemptRecord]:
        """Every attempt at a delivery, the first one first; those before a retry too."""
        ...

    def retry(self, deliveries: Sequence[int] | None, *, now: datetime) -> int:
        """Make dead deliveries (all, or these) due now with their attempts forgotten; returns how many."""
        ...


# ---------------------------------------------------------------- deliver


class Outcome(StrEnum):
    """How an attempt ended."""

    SENT = "sent"
    #: The destination refused or could not be reached; a later attempt may succeed.
    FAILED = "failed"
    #: It timed out or half-succeeded: the receiver may have the message.
    UNKNOWN = "unknown"
    #: The destination is unusable as written; another attempt would not help.
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    outcome: Outcome
    #: What the service said; free of secrets.
    detail: str = ""
    #: Seconds that the service asked to wait, where it said so.
    retry_after: float | None = None


class Sender(Protocol):
    """Sends one message to one destination."""

    def send(self, url: str, message: Message) -> SendResult:
        """Never raises for what a destination does; blocks at most for the sender's own time limit."""
        ...


# ---------------------------------------------------------------- read


class Reader(Protocol):
    """Reads articles. The built-in one is ``monitor.core.reading.reader.RuleReader``; ``reader.use`` names another."""

    def read(self, article: Article) -> Reading:
        """All that the article says of the projects.

        Raises nothing on any text. Called in threads, several at a time, and never in that of an event loop, so it may
        block. The same article gives the same reading, in every process: a reader that asks something outside keeps the
        answers. Claims and facts are of projects that the reading names, in stages of their lifecycles or conditions,
        and their evidence is words of the article as published.
        """
        ...


#: (projects, vocabulary by language, lifecycles by name) → reader; called at start and after every edit.
ReaderFactory = Callable[[Sequence[Project], Mapping[str, Lexicon], Mapping[str, Lifecycle]], Reader]
