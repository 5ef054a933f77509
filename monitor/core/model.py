"""The words of the monitor as values. See the glossary in ARCHITECTURE.md; one word for one thing, everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.core.periods import Period

# ---------------------------------------------------------------- what is watched


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMilestone:
    """A milestone that the operator knew before monitoring started."""

    stage: str
    state: "State"
    date: Period | None
    source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A part of a project that is built by itself: the first 25,000 t, the second line."""

    name: str
    #: A sentence that has one of these speaks of this phase; matched as the words of a project are.
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Something built over years, described by who, what and where."""

    id: str
    #: The name in each language; the key "" holds a name given without one.
    name: Mapping[str, str]
    who: tuple[str, ...] = ()
    what: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    #: Words that show that a text speaks of something else.
    not_: tuple[str, ...] = ()
    lifecycle: str = "industrial"
    known: tuple[KnownMilestone, ...] = ()
    #: In the order in which they are to be built.
    phases: tuple[Phase, ...] = ()
    #: How long without news is a silence; the ledger's own idea of it when None.
    quiet_after: timedelta | None = None

    def name_in(self, language: str) -> str:
        """The name in this language, else in English, else any: never empty."""
        return self.name.get(language) or self.name.get("") or self.name.get("en") or next(iter(self.name.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """An address that is polled."""

    url: str
    name: str
    #: 1.0 official source, 0.5 press, 0.3 aggregator.
    trust: float = 0.5
    #: Of its articles; detected when None.
    language: str | None = None
    #: The operator's fixed interval; adaptive when None.
    every: timedelta | None = None


# ---------------------------------------------------------------- what is published


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed document."""

    guid: str | None
    #: Absolute http(s) address, or None where the item has no usable link.
    url: str | None
    #: Plain text, without markup.
    title: str
    #: Plain text of the longest of the item's content and summary.
    text: str
    #: Aware, UTC; None where absent or impossible. An instant in the future is kept: the reader of it decides.
    published_at: datetime | None
    language: str | None = None
    #: The publisher, where a feed of several publishers says so (RSS ``source``).
    outlet: str | None = None


#: An article is read so far; what stands beyond in a longer one is not.
MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An entry with its canonical URL and, where fetched, its full text."""

    #: Identity: the same article in two feeds has the same key (core.identity).
    key: str
    url: str | None
    title: str
    text: str
    #: With the precision that is known; relative dates in the text are resolved against it.
    published: Period | None
    #: ISO 639-1 code; None where it could not be told.
    language: str | None
    outlet: str = ""


# ---------------------------------------------------------------- what is read


class State(StrEnum):
    """What an article says of a stage or condition."""

    #: It has happened, or is so.
    REACHED = "reached"
    #: It will or may happen.
    EXPECTED = "expected"
    #: It has not happened, or is denied.
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one article says of one stage or condition of one project."""

    project: str
    #: A stage of the project's lifecycle, or a condition.
    stage: str
    state: State
    #: When it happened or is expected; None where the article does not say.
    date: Period | None
    #: How sure the reader is of its reading, 0 to 1; says nothing of the outlet.
    confidence: float
    #: The sentence that says so, exactly as published.
    evidence: str
    #: The phase of the project that the sentence names; None where it speaks of the whole.
    phase: str | None = None


class FactKind(StrEnum):
    """What a fact measures."""

    #: Full units of an ISO 4217 currency.
    INVESTMENT = "investment"
    #: ``t/yr``, ``GWh/yr``, ``MW``, ``units/yr``…
    CAPACITY = "capacity"
    #: ``jobs``
    JOBS = "jobs"
    #: ``ha``
    AREA = "area"
    #: ``%``
    PROGRESS = "progress"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What one article says of one quantity of one project."""

    project: str
    kind: FactKind
    value: float
    unit: str
    evidence: str
    confidence: float = 1.0
    #: As of a claim.
    phase: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that was read in one article."""

    language: str | None
    #: Projects that the article concerns, whether or not it claims anything of them; in configuration order.
    projects: tuple[str, ...]
    claims: tuple[Claim, ...]
    facts: tuple[Fact, ...]


# ---------------------------------------------------------------- what is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where something was read, and how it weighs."""

    #: The article's key; with it the same article counts once however often it is heard.
    article: str
    url: str | None
    outlet: str
    trust: float
    #: When it was published, as an instant; where the article does not say, when it was first seen. Aware, UTC.
    published_at: datetime
    #: When the monitor first saw it. Aware, UTC.
    seen_at: datetime
    #: Copies of one story share it; equal to ``article`` where the article stands alone.
    story: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one article says of one project: the unit that is folded."""

    source: Source
    claims: tuple[Claim, ...] = ()
    facts: tuple[Fact, ...] = ()


class Confidence(StrEnum):
    """How sure the ledger is."""

    #: Said by one source.
    REPORTED = "reported"
    #: Said by an official source, or by enough independent ones.
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One article's word for something: the sentence and where it stands."""

    source: Source
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How well something is borne out, and by whom; copies of a story count once."""

    confidence: Confidence = Confidence.REPORTED
    #: Independent sources that say so.
    sources: int = 0
    #: How many of them are official.
    official: int = 0
    #: Independent sources that say otherwise.
    against: int = 0
    #: Whether those weigh enough to be believed by themselves.
    disputed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A date that was expected of a stage, from a moment on."""

    period: Period
    #: When the article was published that made it the one to believe. Aware, UTC.
    said_at: datetime
    #: Days by which its end is later than that of the forecast before; 0 where it only is finer; None for the first.
    slip: int | None
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A date or value that is told as well and not believed."""

    value: str | float
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A stage or condition of one project as the ledger knows it."""

    stage: str
    state: State
    #: The first date that was ever expected.
    baseline: Period | None
    #: The date that is expected now; None once reached.
    forecast: Period | None
    #: When it was reached; None where not reached or no source says when.
    actual: Period | None
    standing: Standing
    #: Those that bear the state out, the earliest published first.
    evidence: tuple[Evidence, ...]
    #: What was expected when, the first forecast first.
    forecasts: tuple[Forecast, ...] = ()
    #: Dates told of what holds now (the actual date, else the forecast) that contradict it.
    rivals: tuple[Rival, ...] = ()

    @property
    def confidence(self) -> Confidence:
        return self.standing.confidence

    @property
    def slip(self) -> int | None:
        """Days from the end of the baseline to that of the actual or forecast date; None where one is unknown."""
        now = self.actual or self.forecast
        if now is None or self.baseline is None:
            return None
        return 0 if self.baseline.overlaps(now) else (now.end - self.baseline.end).days


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFact:
    """A quantity of one project as the ledger believes it."""

    kind: FactKind
    value: float
    unit: str
    standing: Standing
    evidence: tuple[Evidence, ...]
    #: Other values that are told, the weightiest first.
    rivals: tuple[Rival, ...] = ()

    @property
    def confidence(self) -> Confidence:
        return self.standing.confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseState:
    """What is known of one phase of a project, from what names it."""

    phase: str
    status: str | None
    milestones: tuple[Milestone, ...]
    facts: tuple[KnownFact, ...]

    def milestone(self, stage: str) -> Milestone | None:
        return next((m for m in self.milestones if m.stage == stage), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectState:
    """What is known of one project: the fold of all reports on it."""

    project: str
    #: The highest reached stage, or the overriding condition; None while nothing is known.
    status: str | None = None
    #: When that status was reached, where a source says so.
    since: Period | None = None
    #: How sure the status is.
    standing: Standing = Standing()
    #: Those that bear the status out, the earliest published first.
    evidence: tuple[Evidence, ...] = ()
    #: The condition in force (delayed, suspended, cancelled, closed), or None.
    condition: str | None = None
    milestones: tuple[Milestone, ...] = ()
    facts: tuple[KnownFact, ...] = ()
    #: Stages and conditions that were told and that credible sources deny, whether or not they are believed.
    disputed: tuple[str, ...] = ()
    #: The phases of which something is known, in their order.
    phases: tuple[PhaseState, ...] = ()
    #: The source that was published last; the operator's own word is none.
    latest: Source | None = None

    @property
    def confidence(self) -> Confidence:
        return self.standing.confidence

    def milestone(self, stage: str) -> Milestone | None:
        return next((m for m in self.milestones if m.stage == stage), None)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Who wants which changes, where, when and in which language."""

    name: str
    to: tuple[Destination, ...]
    #: Glob patterns of project ids.
    projects: tuple[str, ...] = ("*",)
    changes: frozenset[ChangeType] = frozenset(ChangeType) - {ChangeType.FACT, ChangeType.QUIET}
    confidence: Confidence = Confidence.REPORTED
    language: str = "en"
    #: Cron expression of the digest; None to send at once.
    digest: str | None = None
    #: Local times of day between which nothing is sent, "HH:MM", may span midnight.
    quiet_hours: tuple[str, str] | None = None
    timezone: str = "UTC"


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
    #: The change's id; the same at every attempt.
    id: str
    #: The change as a CloudEvents 1.0 event, for destinations that take JSON; empty where no change is told of.
    event: Mapping[str, object] = field(default_factory=dict, hash=False)
