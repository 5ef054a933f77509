"""Records that go into the ledger and come out of it: feeds, entries, articles with their readings, and decisions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.core.alerting.bundling import Recent
from monitor.core.changes.revision import Revision
from monitor.core.folding.listing import Listed
from monitor.core.model import Article, Reading
from monitor.core.news import Change
from monitor.core.polling.cadence import Habit
from monitor.core.polling.polling import PollReason
from monitor.core.state import Report, Source
from monitor.ports.edges import NO_VALIDATORS, Validators

#: Size in bytes of the digest that identifies an entry byte for byte.
DIGEST_SIZE = 8
#: The most copies of one article that are loaded with it.
MOST_COPIES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRecord:
    """What the ledger stores about a feed."""

    url: str
    validators: Validators = NO_VALIDATORS
    #: SHA-256 of the last body, hex; "" before the first.
    body_hash: str = ""
    #: When its past was first imported completely. None until then: its articles are history and alert nobody.
    imported_at: datetime | None = None
    polled_at: datetime | None = None
    next_poll_at: datetime | None = None
    #: Why it is polled then, as decided at that time. Empty before the first poll.
    reasons: tuple[PollReason, ...] = ()
    #: Failed polls in a row.
    failures: int = 0
    #: The last failure; "" if the last poll succeeded.
    last_error: str = ""
    last_status: str = ""
    #: Digests, of DIGEST_SIZE bytes each, of the entries last shown in its document that need not be read again.
    shown: tuple[bytes, ...] = ()
    #: When it publishes. None until it was read once.
    habit: Habit | None = None
    #: The address to which it says it has moved for good, and how often in a row it said so.
    moved_to: str | None = None
    moves: int = 0
    #: The last answer: seconds until it arrived, and bytes of the document (0 for a 304).
    latency: float | None = None
    size: int | None = None
    #: The document that was read last: its entries, and how many of them were new.
    last_entries: int | None = None
    last_new: int | None = None
    #: The hub that it names for pushes, and its own topic (core.polling.websub). None if it names none.
    hub: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRecord:
    """What the ledger stores about an entry that a feed has brought."""

    #: Its identity within the feed (core.identity.entry_key).
    key: str
    #: Digest of its last content (core.corrections.entry_digest); "" if unknown.
    digest: str = ""
    #: How often its content has changed since it was first seen.
    rewrites: int = 0


class ReadFor(StrEnum):
    """Why an article was read."""

    #: A feed brought it.
    POLL = "poll"
    #: Its publisher changed it.
    CORRECTION = "correction"
    #: Its page could not be fetched before, and can be now.
    PAGE = "page"
    #: The operator had it read again with another vocabulary or configuration.
    REBUILD = "rebuild"
    #: The operator imported it.
    IMPORT = "import"
    #: The language model could not be asked before, and can be now.
    MODEL = "model"


class Provisional(StrEnum):
    """Prefix of the reader's fingerprint if another reader stood in for it: the article is to be read again."""

    #: Differences of the next reading are reported like a correction.
    NEWS = "provisional:"
    #: The article was recorded as history. The next reading alerts nobody either.
    HISTORY = "provisional-history:"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArticle:
    """An article as it goes into the ledger: identity, text, source and reading.

    Article and source have the same address and outlet; article and reading have the same language. Every claim and
    fact is of one of the reading's projects. The source's ``seen_at`` is the instant when this reading became known.
    """

    article: Article
    source: Source
    reading: Reading
    #: Whether its text was dropped, so that it cannot be read again.
    is_dropped: bool = False
    #: The fingerprint of the reader: with an equal one, the same text gives the same reading. "" if unknown. It has a
    #: prefix of ``Provisional`` if another reader stood in.
    reader: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRecord:
    """When and why an article was read."""

    #: When its content became known.
    at: datetime
    reason: ReadFor
    #: As in ``ReadArticle``.
    reader: str
    #: When another reading replaced it. None for the one that counts.
    retired_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRecord:
    """Everything that the ledger stores about one article."""

    #: With its last reading.
    read: ReadArticle
    #: The address of the feed in which it was first found.
    feed: str
    #: When it was first seen. Aware, UTC.
    seen_at: datetime
    #: All its readings, the oldest first.
    readings: tuple[ReadingRecord, ...]
    #: The projects that any of these readings is about, sorted.
    projects: tuple[str, ...]
    #: Other articles of its story, the earliest published first. At most ``MOST_COPIES``.
    copies: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A delivery row that a decision asks for: one change for one destination, its due time and its place in a chain.

    Rows of one change and one ``chain`` stand in for each other. Rank 0 is the first choice. A row of rank n + 1 is
    sent only if none of lower rank was sent before its ``due_at``; otherwise it is superseded. Once one of them is
    sent, the pending rows of the other ranks are superseded too. There is one row for each change and destination, even
    if several subscribers share the destination.
    """

    change_id: str
    subscriber: str
    #: ``Destination.id``
    destination: str
    #: It is not sent before this: now, the next digest, the end of quiet hours or of a mute.
    due_at: datetime
    #: Whether it goes in one message with everything of this kind that is due to its destination: a digest, or what was
    #: held back. Otherwise it is bundled at most with deliveries on its project.
    together: bool = False
    #: ``Destination.id`` of the first choice for which it stands in; its own if it is the first choice.
    chain: str
    #: 0 for the first choice.
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """How deliveries are spread in time, given the deliveries on record."""

    #: When the deliveries are created.
    now: datetime
    #: (deliveries of the new changes, recent deliveries by the subscriber's name) → the deliveries to create. Pure;
    #: called inside the transaction.
    pace: Callable[[Sequence[Outgoing], Mapping[str, Sequence[Recent]]], Sequence[Outgoing]]


@dataclass(frozen=True, slots=True)
class Folded:
    """What is known about a project, and the fingerprint of the rules by which it was folded (``Ledger.states``)."""

    rules: str
    listed: Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The result of new reports: changes, and the deliveries that they create."""

    changes: tuple[Change, ...] = ()
    #: As they would be if there were no others on record.
    outgoing: tuple[Outgoing, ...] = ()
    #: None if the deliveries stay as they are.
    pacing: Pacing | None = None
    #: By project, what is known after the new reports, if it was folded anyway.
    folded: Mapping[str, Folded] = field(default_factory=dict)
    #: By project of which something known was corrected, what became of it. Whoever was not told yet of what is
    #: outdated is not told of it any more.
    revisions: Mapping[str, Revision] = field(default_factory=dict)
    #: (correction, name of a subscriber, destination where the mistake was sent) → its delivery, or None if nobody is
    #: to be reached there. Pure; called inside the transaction. None if nobody is told of corrections.
    correct: Callable[[Change, str, str], Outgoing | None] | None = None


#: (reports known before by project, new reports by project) → what follows. Pure; called inside the transaction.
Decide = Callable[[Mapping[str, Sequence[Report]], Mapping[str, Sequence[Report]]], Decision]


#: (reports by project as folded before a decision of the operator, the same after it) → what follows. Pure; called
#: inside the transaction.
Reconsider = Callable[[Mapping[str, Sequence[Report]], Mapping[str, Sequence[Report]]], Decision]


#: (project, its reports) → its state as a list shows it. Pure; called inside the transaction.
Fold = Callable[[str, Sequence[Report]], Listed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """Everything that one poll brought, to be committed as a whole."""

    feed: FeedRecord
    #: The feed's entries that are new or have changed.
    entries: tuple[EntryRecord, ...] = ()
    #: Articles that were unknown.
    articles: tuple[ReadArticle, ...] = ()
    #: New readings of known articles that their publishers have changed.
    editions: tuple[ReadArticle, ...] = ()
    #: New readings of articles that were known only from the feed's own text and now from their page.
    completed: tuple[ReadArticle, ...] = ()
    #: Why the new articles were read.
    reason: ReadFor = ReadFor.POLL
