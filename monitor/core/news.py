"""What moves, and who hears of it: changes, subscribers, deliveries, messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from monitor.core.model import FactKind
from monitor.core.periods import Period
from monitor.core.state import Confidence

# ---------------------------------------------------------------- what moves


class ChangeType(StrEnum):
    """The kinds of change; DESIGN gives when each is raised."""

    STATUS = "status"
    MILESTONE = "milestone"
    SCHEDULE = "schedule"
    OVERDUE = "overdue"
    FACT = "fact"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One article's word for a change: what it says, where, and who published it."""

    #: As published; "" where the article bears it out without saying it in one sentence.
    sentence: str
    url: str | None
    #: "" where it is not known.
    outlet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the ledger knows now and did not know before."""

    #: Stable: the same change computed again has the same id; it travels with every delivery and retry.
    id: str
    type: ChangeType
    project: str
    #: None for a fact.
    stage: str | None
    #: Statuses for ``status``, dates for ``schedule``, values for ``fact``; None where there was nothing before.
    from_: str | float | None
    to: str | float | None
    #: When the monitor came to know it. Aware, UTC.
    at: datetime
    #: When it happened or is expected.
    effective: Period | None
    confidence: Confidence
    #: Addresses of the articles that bear it out.
    sources: tuple[str, ...]
    #: Their sentences, as published.
    evidence: tuple[str, ...]
    #: For ``fact`` only.
    kind: FactKind | None = None
    unit: str | None = None
    #: The operator whose decision brought it; None where an article or the clock did.
    by: str | None = None
    #: The phase that it is of; None where it is of the whole project.
    phase: str | None = None
    #: Which sentence stands where: ``sources`` and ``evidence`` kept together, with the outlet. None is there of
    #: changes that were raised before it was kept.
    proof: tuple[Proof, ...] = ()


# ---------------------------------------------------------------- who hears of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """One address that messages go to, whatever it fans out to."""

    #: Stable and free of secrets; what the outbox knows the destination by.
    id: str
    #: The address with its secrets masked, for people.
    label: str
    #: The Apprise address with its secrets: never to be logged, stored or shown.
    url: str = field(repr=False)
    #: The scheme of the address: what its pace and its form go by.
    service: str = ""
    #: What shares a service's limits: a host, an account. Free of secrets.
    account: str = ""
    #: Whether it is a program, which receives the event of each change by itself, rather than a message.
    takes_events: bool = False
    #: Whether it is mail, whose readers are told how to receive no more.
    is_mail: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """An address that stands in for another one that took too long."""

    #: ``Destination.id`` of the first choice.
    instead_of: str
    destination: Destination
    #: How long the first choice has.
    after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """What is not told for some time; it is held, and told then."""

    #: By the subscriber's clock: naive.
    until: datetime
    #: As ``Subscriber.projects``.
    projects: tuple[str, ...] = ("*",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Whole days, by the subscriber's calendar, on which nothing is told; it is held, and told afterwards."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Who wants which changes, where, when and in which language."""

    name: str
    #: All of them are sent to.
    to: tuple[Destination, ...]
    #: In the order in which they are tried; those of one first choice may take different times.
    fallbacks: tuple[Fallback, ...] = ()
    #: Glob patterns of project ids, or of their tags after ``tag:``.
    projects: tuple[str, ...] = ("*",)
    changes: frozenset[ChangeType] = frozenset(ChangeType) - {ChangeType.FACT, ChangeType.QUIET}
    #: Changes of other stages and conditions are not told; None for all. What is of no stage is told in any case.
    stages: frozenset[str] | None = None
    confidence: Confidence = Confidence.REPORTED
    language: str = "en"
    #: Cron expression of the digest; None to send at once.
    digest: str | None = None
    #: Local times of day between which nothing is sent, "HH:MM", may span midnight.
    quiet_hours: tuple[str, str] | None = None
    mutes: tuple[Mute, ...] = ()
    away: tuple[Away, ...] = ()
    #: Messages in an hour; what is beyond them waits, and goes as one.
    at_most: int = 20
    timezone: str = "UTC"

    @property
    def has_rest(self) -> bool:
        """Whether there may be times at which nothing is to be sent."""
        return bool(self.quiet_hours or self.mutes or self.away)

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """All addresses of the subscriber, those that only stand in included."""
        return (*self.to, *(fallback.destination for fallback in self.fallbacks))


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One change for one destination: a row of the outbox."""

    id: int
    change: Change
    subscriber: str
    #: ``Destination.id``
    destination: str
    #: How often it was tried before.
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a person reads."""

    title: str
    #: Plain text.
    body: str
    #: The change's id, or that of the bundle which the message tells of; the same at every attempt.
    id: str
    #: The change, or the bundle, as a CloudEvents 1.0 event, for destinations that take JSON; empty where no change is
    #: told of.
    event: Mapping[str, object] = field(default_factory=dict, hash=False)
    #: The event of each change that is told of, in the order in which the message tells them.
    events: tuple[Mapping[str, object], ...] = field(default=(), hash=False)
    #: The project, where the message tells of one only: what mails on it are threaded by; "" else.
    thread: str = ""
    #: Where its reader says that they want no more; "" where that cannot be said.
    unsubscribe: str = ""
    #: The body in Markdown, and as an HTML document; "" where only the plain text was written.
    markdown: str = ""
    html: str = ""
