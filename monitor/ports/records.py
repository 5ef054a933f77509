"""What goes into the ledger and comes out of it: feeds, entries, articles as they were read, and what follows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.core.alerting.storm import Recent
from monitor.core.folding.listing import Listed
from monitor.core.model import Article, Reading
from monitor.core.news import Change
from monitor.core.polling.cadence import Habit
from monitor.core.polling.polling import Reason
from monitor.core.state import Report, Source
from monitor.ports.fetcher import NO_VALIDATORS, Validators

#: Bytes of the digest by which an entry is known byte for byte.
DIGEST_SIZE = 8


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
    #: The hub that it names to push what is new, and what it calls itself (core.websub); None where it names none.
    hub: str | None = None
    topic: str | None = None


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
    #: Its page, which could not be had before, can be had.
    PAGE = "page"
    #: The operator had it read anew, by another vocabulary or configuration.
    REBUILD = "rebuild"
    #: The operator gave it.
    IMPORT = "import"
    #: The language model, which could not be asked before, can be.
    MODEL = "model"


class Provisional(StrEnum):
    """Stands before the reader's fingerprint where another reader stood in for it: the article is read again."""

    #: What it says then is told as a correction is.
    NEWS = "provisional:"
    #: It was taken as history, and still alerts nobody.
    HISTORY = "provisional-history:"


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
    #: ``Provisional`` stands before it where another reader stood in.
    reader: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A delivery row that a decision asks for: one change for one destination, when, and in whose place.

    Rows of one change and one ``chain`` stand in for each other: that of rank 0 is the first choice, one of rank n + 1
    is to be sent only if none of lower rank was sent by its own ``due_at``, else it is superseded. Once one of them is
    sent, those of the other ranks that are still pending are superseded too. There is one row for each change and
    destination, whichever subscribers share it.
    """

    change_id: str
    subscriber: str
    #: ``Destination.id``
    destination: str
    #: It is not to be sent before: now, the next digest, the end of quiet hours or of a mute.
    due_at: datetime
    #: Whether it goes with all else of this kind that is due to its destination, as one message: a digest, or what was
    #: held back. Else it goes alone.
    together: bool = False
    #: ``Destination.id`` of the first choice in whose place it stands; its own where it is that.
    chain: str
    #: 0 for the first choice.
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """How what is owed is spread in time, by what is on record."""

    #: When it comes to be owed.
    now: datetime
    #: (what new changes owe, what each subscriber was owed lately, by name) → what they owe. Pure; called inside the
    #: transaction.
    pace: Callable[[Sequence[Outgoing], Mapping[str, Sequence[Recent]]], Sequence[Outgoing]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What follows from new reports: changes, each with the deliveries that it owes."""

    changes: tuple[Change, ...] = ()
    #: As it would be if nothing were on record.
    outgoing: tuple[Outgoing, ...] = ()
    #: None where it stays so.
    pacing: Pacing | None = None


#: (reports known before by project, new reports by project) → what follows. Pure; called inside the transaction.
Decide = Callable[[Mapping[str, Sequence[Report]], Mapping[str, Sequence[Report]]], Decision]


#: (reports by project as they were folded before a decision of the operator, and as they are after it) → what follows.
#: Pure; called inside the transaction.
Reconsider = Callable[[Mapping[str, Sequence[Report]], Mapping[str, Sequence[Report]]], Decision]


#: (project, its reports) → what is known of it, as a list has it. Pure; called inside the transaction.
Fold = Callable[[str, Sequence[Report]], Listed]


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
    #: New readings of articles that were known by their feeds' words alone, and are read whole now.
    completed: tuple[ReadArticle, ...] = ()
    #: Why the new articles were read.
    reason: ReadFor = ReadFor.POLL
