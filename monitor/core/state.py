"""What is known of a project, and from whom: the values that reports are folded into."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import takewhile
from typing import Self

from monitor.core.lifecycle import ENDED
from monitor.core.model import Claim, Fact, FactKind, Said, State
from monitor.core.periods import Period


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

    @property
    def said(self) -> Sequence[Said]:
        """All that it says."""
        return [*self.claims, *self.facts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A publisher's change to an article by which it no longer says something of a project."""

    #: As the former edition was.
    source: Source
    #: When the monitor saw the change. Aware, UTC.
    at: datetime
    #: What it no longer says.
    claims: tuple[Claim, ...]
    facts: tuple[Fact, ...]

    @classmethod
    def of(cls, former: Report, now: Report, *, at: datetime) -> Self | None:
        """What the later edition takes back of the former one; None where that is nothing."""
        told = {claim.told for claim in now.claims}, {fact.told for fact in now.facts}
        claims = tuple(claim for claim in former.claims if claim.told not in told[0])
        facts = tuple(fact for fact in former.facts if fact.told not in told[1])
        if not claims and not facts:
            return None
        return cls(source=former.source, at=at, claims=claims, facts=facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unverified:
    """What one article was read to say, not surely, and nobody bears out."""

    said: Said
    source: Source


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
    #: The source that was published last and said something; the operator's own word is none.
    latest: Source | None = None
    #: What was read and moves nothing until it is borne out, the earliest published first.
    unverified: tuple[Unverified, ...] = ()

    @property
    def confidence(self) -> Confidence:
        return self.standing.confidence

    @property
    def to_come(self) -> tuple[tuple[Milestone, Period], ...]:
        """The stages expected above the highest reached, each with when; none of what was given up or closed."""
        if self.status in ENDED:
            return ()
        left = takewhile(lambda milestone: milestone.state is not State.REACHED, reversed(self.milestones))
        return tuple(reversed([(milestone, milestone.forecast) for milestone in left if milestone.forecast]))

    def milestone(self, stage: str) -> Milestone | None:
        return next((m for m in self.milestones if m.stage == stage), None)
