"""Changes, and who receives them: subscribers, deliveries, messages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from monitor.core.model import FactKind
from monitor.core.periods import Period
from monitor.core.state import Confidence, Report

# ---------------------------------------------------------------- what moves


class ChangeType(StrEnum):
    """The kinds of change. docs/ledger.md says when each is raised."""

    STATUS = "status"
    MILESTONE = "milestone"
    SCHEDULE = "schedule"
    OVERDUE = "overdue"
    FACT = "fact"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    QUIET = "quiet"


class Mistake(StrEnum):
    """Why a change that was told is wrong."""

    #: The article speaks of another project.
    PROJECT = "project"
    DATE = "date"
    AMOUNT = "amount"
    #: The article does not say so: the monitor misread it.
    READING = "reading"
    #: The publisher corrected the article.
    PUBLISHER = "publisher"
    #: The article says so, and it is not true.
    REPORT = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraction:
    """The change that a correction takes back. Type and subject are those of the correction."""

    #: The id of the wrong change.
    change: str
    #: As in the wrong change. Its ``to`` is the ``from_`` of the correction.
    from_: str | float | None
    at: datetime
    #: None if it is not known.
    because: Mistake | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The evidence of one article for a change: its sentence, its address and its outlet."""

    #: As published. "" if the article supports the change without saying it in one sentence.
    sentence: str
    url: str | None
    #: "" if it is not known.
    outlet: str
    #: ISO 639-1 code. None if it is not known.
    language: str | None = None
    #: Whether no article says so, but the operator knew it. The address is that of the configuration.
    known: bool = False
    #: Whether it tells exactly the stage and the date, or the amount, of the change. Else it tells what led to it.
    exact: bool = True
    #: The title of the article. "" if it is not known.
    title: str = ""
    #: When the article was published. Aware, UTC. None if it does not say.
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the ledger knows now and did not know before."""

    #: Stable: the same change computed again has the same id. It accompanies every delivery and retry.
    id: str
    type: ChangeType
    project: str
    #: None for a fact.
    stage: str | None
    #: Statuses for ``status``, dates for ``schedule``, values for ``fact``. None if there was nothing before.
    from_: str | float | None
    to: str | float | None
    #: When the monitor learnt it. Aware, UTC.
    at: datetime
    #: When it happened or is expected.
    effective: Period | None
    confidence: Confidence
    #: Addresses of the articles that support it.
    sources: tuple[str, ...]
    #: Their sentences, as published.
    evidence: tuple[str, ...]
    #: For ``fact`` only.
    kind: FactKind | None = None
    unit: str | None = None
    #: The operator whose decision brought it. None if an article or the passing of time did.
    by: str | None = None
    #: The phase that it concerns. None if it concerns the whole project.
    phase: str | None = None
    #: Which sentence stands where: ``sources`` and ``evidence`` combined, with the outlet. Empty for changes that were
    #: raised before this field existed.
    proof: tuple[Proof, ...] = ()
    #: Whether it is history: the past of a feed, or what was over long before the monitor learnt it. It alerts nobody.
    is_history: bool = False
    #: The wrong change, if this is a correction: it leads from what was told wrongly to what is known.
    retracts: Retraction | None = None

    @property
    def mistake(self) -> "Change | None":
        """The wrong change that a correction takes back. None if this is no correction."""
        if (wrong := self.retracts) is None:
            return None
        return replace(self, id=wrong.change, from_=wrong.from_, to=self.from_, at=wrong.at, retracts=None)

    @property
    def told_at(self) -> datetime:
        """When it was told. For history, which the monitor learnt at once, when it was published.

        What time brings is published by nobody.
        """
        published = [proof.published for proof in self.proof if proof.published]
        is_told = self.is_history and self.type not in {ChangeType.OVERDUE, ChangeType.QUIET}
        return max(published) if is_told and published else self.at


def last_told(changes: Sequence[Change]) -> Sequence[Change]:
    """The changes that were told last, together. Silence is no change."""
    moves = [change for change in changes if change.type is not ChangeType.QUIET]
    last = max((change.told_at for change in moves), default=None)
    return [change for change in moves if change.told_at == last]


# ---------------------------------------------------------------- who receives it


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """One address that receives messages, even if it forwards them to many."""

    #: Stable and free of secrets. Identifies the destination in the outbox.
    id: str
    #: The address with its secrets masked, for people.
    label: str
    #: The Apprise address with its secrets. Never log, store or show it.
    url: str = field(repr=False)
    #: The scheme of the address. It decides the rate limits and the format.
    service: str = ""
    #: What shares the limits of a service: a host, an account. Free of secrets.
    account: str = ""
    #: Whether it is a program, which receives the event of each change separately and no message.
    takes_events: bool = False
    #: Whether it is mail. Mail tells its readers how to unsubscribe.
    is_mail: bool = False
    #: Why nothing can be sent there for now: its address is incomplete. Its messages wait. "" if it is usable.
    fault: str = ""
    #: The id that it has while its address is incomplete. "" if the address contains no reference to the outside.
    stand_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """An address that takes the place of another one that took too long."""

    #: ``Destination.id`` of the first choice.
    instead_of: str
    destination: Destination
    #: How long the first choice may take.
    after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Projects that are muted for some time. Their changes are held and sent afterwards."""

    #: By the subscriber's clock, naive.
    until: datetime
    #: As in ``Subscriber.projects``.
    projects: tuple[str, ...] = ("*",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Whole days in the subscriber's calendar without messages. Changes are held and sent afterwards."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the reader at one destination chose by themselves. It comes before what the operator wrote."""

    #: Changes are held until this instant and sent then. Aware, UTC. None if nothing is held.
    paused_until: datetime | None = None
    #: Ids of projects of which this reader wants no changes.
    without: frozenset[str] = frozenset()
    #: None for that of the subscriber.
    language: str | None = None
    #: Cron expression of the digest. "" to be told at once. None for that of the subscriber.
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Who wants which changes, where, when and in which language."""

    name: str
    #: Every one of them receives each change.
    to: tuple[Destination, ...]
    #: In the order in which they are tried. Those of one first choice may have different delays.
    fallbacks: tuple[Fallback, ...] = ()
    #: Glob patterns of project ids, or of their tags after ``tag:``.
    projects: tuple[str, ...] = ("*",)
    changes: frozenset[ChangeType] = frozenset(ChangeType) - {ChangeType.FACT, ChangeType.QUIET}
    #: Changes of other stages and conditions are not sent. None for all. Changes without a stage are always sent.
    stages: frozenset[str] | None = None
    confidence: Confidence = Confidence.REPORTED
    language: str = "en"
    #: Cron expression of the digest. None to send at once.
    digest: str | None = None
    #: Local times of day between which nothing is sent, "HH:MM". They may span midnight.
    quiet_hours: tuple[str, str] | None = None
    mutes: tuple[Mute, ...] = ()
    away: tuple[Away, ...] = ()
    #: The most messages per hour. Further changes wait and go as one message.
    at_most: int = 20
    timezone: str = "UTC"
    #: What the readers at single destinations chose, by ``Destination.id``.
    choices: Mapping[str, Choice] = field(default_factory=dict, hash=False)
    #: The pause of the reader of one destination (``at``).
    paused_until: datetime | None = None
    #: Whether they subscribed by themselves. Otherwise the configuration names them.
    is_own: bool = False

    @property
    def has_rest(self) -> bool:
        """Whether there may be times at which nothing is sent."""
        return bool(self.quiet_hours or self.mutes or self.away or self.paused_until)

    def at(self, destination: str) -> "Subscriber":
        """The subscriber as the reader at this destination wants it."""
        chosen = self.choices.get(destination)
        if chosen is None:
            return self
        return replace(
            self,
            language=chosen.language or self.language,
            digest=self.digest if chosen.digest is None else chosen.digest or None,
            paused_until=chosen.paused_until,
        )

    def wants(self, project: str, destination: str) -> bool:
        """Whether the reader at this destination has not turned this project off."""
        return destination not in self.choices or project not in self.choices[destination].without

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """All addresses of the subscriber, including fallbacks."""
        return (*self.to, *(fallback.destination for fallback in self.fallbacks))


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One change for one destination: a row of the outbox."""

    id: int
    change: Change
    subscriber: str
    #: ``Destination.id``
    destination: str
    #: The number of earlier attempts.
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The message that a person reads."""

    title: str
    #: Plain text.
    body: str
    #: The id of the change, or of the bundle that the message carries. The same at every attempt.
    id: str
    #: The change or the bundle as a CloudEvents 1.0 event, for destinations that take JSON. Empty if the message is not
    #: about changes.
    event: Mapping[str, object] = field(default_factory=dict, hash=False)
    #: The event of each change in the message, in its order.
    events: tuple[Mapping[str, object], ...] = field(default=(), hash=False)
    #: The project by which mails are threaded, if the message concerns only one. Else "".
    thread: str = ""
    #: The address at which its reader unsubscribes. "" if there is none.
    unsubscribe: str = ""
    #: The body in Markdown, and as an HTML document. "" if only plain text was written.
    markdown: str = ""
    html: str = ""


# Two views of a past day: what this monitor knew, and what had been published -----------------------------------------


@dataclass(frozen=True, slots=True)
class Past:
    """An instant of the past, in one of two views."""

    #: Aware, UTC.
    at: datetime
    #: Whether everything counts that was published by then, whenever this monitor read it. Otherwise what this monitor
    #: had in its ledger.
    as_published: bool = False

    def published(self, reports: Iterable[Report]) -> tuple[Report, ...]:
        """Those of these reports that were published by then."""
        return tuple(report for report in reports if report.source.published_at <= self.at)

    def came(self, change: Change) -> datetime:
        """When a change came to be known in this view."""
        return change.told_at if self.as_published else change.at

    def changes(self, changes: Iterable[Change]) -> list[Change]:
        """Those of these changes that were known by then."""
        return [change for change in changes if self.came(change) <= self.at]
