"""The state of a project and its sources: the values that reports are folded into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import takewhile
from typing import Self

from monitor.core.lifecycle import ENDED
from monitor.core.model import Claim, Fact, FactKind, Said, State
from monitor.core.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where something was read, and how much it weighs."""

    #: The article's key. By it an article counts once, however often it is heard.
    article: str
    url: str | None
    outlet: str
    trust: float
    #: When it was published, as an instant. If the article does not say, when it was first seen. Aware, UTC.
    published_at: datetime
    #: When the monitor first saw it. Aware, UTC.
    seen_at: datetime
    #: The key of the story. All copies share it. Equal to ``article`` if the article has no copies.
    story: str
    #: ISO 639-1 code. None if it is not known. Only a choice between proofs depends on it.
    language: str | None = field(default=None, compare=False)
    #: The title of the article. "" if it is not known. It may be edited, so it does not tell two sources apart.
    title: str = field(default="", compare=False)
    #: If this is no article but an operator's decision on one: the key of that article, and the operator.
    decides_on: str | None = None
    decided_by: str | None = None

    @property
    def about(self) -> str:
        """The key of the article that speaks, or on which an operator decided."""
        return self.decides_on or self.article


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one article says about one project: the unit of the fold."""

    source: Source
    claims: tuple[Claim, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def said(self) -> Sequence[Said]:
        """All claims and facts."""
        return [*self.claims, *self.facts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An edit by a publisher after which an article no longer says something about a project."""

    #: The source of the former edition.
    source: Source
    #: When the monitor saw the change. Aware, UTC.
    at: datetime
    #: What it no longer says.
    claims: tuple[Claim, ...]
    facts: tuple[Fact, ...]

    @classmethod
    def of(cls, former: Report, now: Report, *, at: datetime) -> Self | None:
        """What the later edition no longer says. None if it still says everything."""
        told = {claim.told for claim in now.claims}, {fact.told for fact in now.facts}
        claims = tuple(claim for claim in former.claims if claim.told not in told[0])
        facts = tuple(fact for fact in former.facts if fact.told not in told[1])
        if not claims and not facts:
            return None
        return cls(source=former.source, at=at, claims=claims, facts=facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unverified:
    """What one article was read to say, with low confidence and without corroboration."""

    said: Said
    source: Source
    #: The readings that bear it out together so far, one for each independent source, the surest first. Its own is
    #: among them. Empty if its own is more likely wrong than not.
    readings: tuple[float, ...] = field(default=(), compare=False)


class Confidence(StrEnum):
    """How sure the ledger is."""

    #: Said by one source.
    REPORTED = "reported"
    #: Said by an official source, or by enough independent ones.
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The word of one article for something: the sentence and where it stands."""

    source: Source
    sentence: str
    #: The date that it tells, in the form of the JSON contracts, or the amount. None if it tells no date.
    tells: str | float | None = None

    @classmethod
    def of(cls, said: Said, source: Source) -> Self:
        """The evidence that a claim or fact of this article gives."""
        if isinstance(said, Claim):
            return cls(source=source, sentence=said.evidence, tells=str(said.date) if said.date else None)
        return cls(source=source, sentence=said.evidence, tells=said.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How well something is supported, and by whom. The copies of a story count once."""

    confidence: Confidence = Confidence.REPORTED
    #: Independent sources that say so. If it has a date, only those that agree with the date.
    sources: int = 0
    #: How many of them are official.
    official: int = 0
    #: Independent sources that say otherwise.
    against: int = 0
    #: Whether those weigh enough to be credible by themselves.
    disputed: bool = False
    #: Whether the operator knows it beside these sources, from a ``known:`` entry of the configuration.
    known: bool = False
    #: Whether these sources alone confirm what is confirmed. False if it takes others, which name another date.
    confirms_date: bool = True
    #: If no source says so, the number of independent sources whose words imply it.
    implied: int = 0
    #: How many of the sources are decisions of operators. Each is official.
    decided: int = 0
    #: If no reading is sure enough alone, those that are together, one for each independent source, the surest first.
    readings: tuple[float, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether somebody says so. Otherwise it is only implied."""
        return self.known or not self.implied

    @property
    def is_only_known(self) -> bool:
        """Whether the operator knows it and no source says so."""
        return self.known and not self.sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A date that was expected for a stage, from some instant on."""

    period: Period
    #: When the article that made it the believed one was published. Aware, UTC.
    said_at: datetime
    #: Days by which it is later than the previous forecast. 0 if it is only finer. None for the first.
    slip: int | None
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A date or value that is reported but not believed."""

    value: str | float
    standing: Standing
    #: Whether the value is the day by which it had happened, because the article names no date.
    is_by: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A stage or condition of one project as the ledger knows it."""

    stage: str
    state: State
    #: The first date that was ever expected.
    baseline: Period | None
    #: The date that is expected now. None once reached.
    forecast: Period | None
    #: When it was reached. None if it was not reached or no source says when.
    actual: Period | None
    standing: Standing
    #: The evidence for the state, the earliest published first.
    evidence: tuple[Evidence, ...]
    #: The last date that was expected before it was reached. None if it was not reached or no date was expected.
    promised: Period | None = None
    #: The day by which it was reached: that of the first article that says so, or of a later stage if that is earlier.
    #: None if a source says when it was.
    by: date | None = None
    #: The history of forecasts, the first forecast first.
    forecasts: tuple[Forecast, ...] = ()
    #: Reported dates that contradict the believed one (the actual date, else the forecast).
    rivals: tuple[Rival, ...] = ()

    @property
    def confidence(self) -> Confidence:
        return self.standing.confidence

    @property
    def slip(self) -> int | None:
        """Days by which the actual or forecast date is later than the baseline. None if one of them is unknown."""
        now = self.actual or self.forecast
        return now.days_after(self.baseline) if now and self.baseline else None

    @property
    def denied_on(self) -> date | None:
        """The day of the latest article that says that it has not happened. None if it is reached or expected."""
        told = (each.source.published_at.date() for each in self.evidence)
        return max(told, default=None) if self.state is State.DENIED else None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFact:
    """A quantity of one project as the ledger believes it."""

    kind: FactKind
    value: float
    unit: str
    standing: Standing
    evidence: tuple[Evidence, ...]
    #: Other reported values, the one with the most weight first.
    rivals: tuple[Rival, ...] = ()
    #: The value itself. While it is disputed, the one among the disputed values that was told first.
    undisputed: float
    #: The part that it is an amount of, in the words of an article. None if it is an amount of the whole.
    phase: str | None = None
    #: The investment and its currency that the articles with this amount tell, if they tell another than the believed
    #: one. The amount may then be that of another plan.
    told_with: tuple[float, str] | None = None

    @property
    def confidence(self) -> Confidence:
        return self.standing.confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """A delay in force. The project keeps its stage."""

    #: When it began, if a source says so.
    since: Period | None
    #: The day of the first article that reports it. None if a source says when it began.
    by: date | None
    standing: Standing
    #: The evidence for it, the earliest published first.
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that befell a project: a condition, or the stage or resumption that ended one."""

    what: str
    #: When, if a source says so.
    on: Period | None
    #: The day of the first article that reports it. None if a source says when it was.
    by: date | None
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """A suspension, cancellation or closure that is over."""

    began: Moment
    ended: Moment
    #: How well it is supported that it began.
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseState:
    """What is known about one phase of a project, from what names it."""

    phase: str
    status: str | None
    milestones: tuple[Milestone, ...]
    facts: tuple[KnownFact, ...]
    #: As in ``ProjectState``.
    is_over: bool = False

    @property
    def present_facts(self) -> tuple[KnownFact, ...]:
        """As in ``ProjectState``."""
        return _present(self.facts, is_over=self.is_over)

    @property
    def to_come(self) -> tuple[tuple[Milestone, Period], ...]:
        """As in ``ProjectState``."""
        return _to_come(self.status, self.milestones)

    def milestone(self, stage: str) -> Milestone | None:
        return next((m for m in self.milestones if m.stage == stage), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectState:
    """What is known about one project: the fold of all reports on it."""

    project: str
    #: The highest reached stage, or the overriding condition. None while nothing is known.
    status: str | None = None
    #: When that status was reached, if a source says so.
    since: Period | None = None
    #: The day of the first article that reports that status. None if a source says since when it holds.
    by: date | None = None
    #: How sure the status is. After a halt that is over: how sure it is that the project has resumed.
    standing: Standing = Standing()
    #: The evidence for the status, the earliest published first.
    evidence: tuple[Evidence, ...] = ()
    #: The condition in force (delayed, suspended, cancelled, closed), or None.
    condition: str | None = None
    #: The delay in force, if ``condition`` is that.
    delay: Delay | None = None
    #: The halts that are over, in the order in which they happened.
    halts: tuple[Halt, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    facts: tuple[KnownFact, ...] = ()
    #: Whether the works are over: they are finished, or the project has ended.
    is_over: bool = False
    #: Stages and conditions that were reported and that credible sources deny, as long as it is not settled.
    disputed: tuple[str, ...] = ()
    #: Stages and conditions that were reported and are not believed, because others deny them or still await them.
    denied: tuple[str, ...] = ()
    #: For each of both, the evidence against it.
    denials: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict, hash=False)
    #: The phases with any information, in their order.
    phases: tuple[PhaseState, ...] = ()
    #: The source with a statement that was published last. The operator's own word does not count.
    latest: Source | None = None
    #: What was read and has no effect until it is corroborated, the earliest published first.
    unverified: tuple[Unverified, ...] = ()

    @property
    def confidence(self) -> Confidence:
        return self.standing.confidence

    @property
    def contradicted(self) -> tuple[str, ...]:
        """The stages and conditions that some sources report and others deny, settled against them or not settled."""
        return tuple(sorted({*self.disputed, *self.denied}))

    @property
    def standing_since(self) -> Standing:
        """How sure it is that the status was reached, at the date that ``since`` says."""
        milestone = self.milestone(self.status) if self.status else None
        return milestone.standing if milestone else self.standing

    @property
    def present_facts(self) -> tuple[KnownFact, ...]:
        """The facts to show: without the progress of works that are over."""
        return _present(self.facts, is_over=self.is_over)

    @property
    def to_come(self) -> tuple[tuple[Milestone, Period], ...]:
        """The stages expected above the highest reached one, with their dates.

        Empty if the project was cancelled or closed.
        """
        return _to_come(self.status, self.milestones)

    def milestone(self, stage: str) -> Milestone | None:
        return next((m for m in self.milestones if m.stage == stage), None)


def _to_come(status: str | None, milestones: Sequence[Milestone]) -> tuple[tuple[Milestone, Period], ...]:
    if status in ENDED:
        return ()
    left = takewhile(lambda milestone: milestone.state is not State.REACHED, reversed(milestones))
    return tuple(reversed([(milestone, milestone.forecast) for milestone in left if milestone.forecast]))


def _present(facts: tuple[KnownFact, ...], *, is_over: bool) -> tuple[KnownFact, ...]:
    return tuple(fact for fact in facts if not (is_over and fact.kind is FactKind.PROGRESS))
