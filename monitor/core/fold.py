"""Reports of one project → its state: milestones, status and facts. Pure, and independent of the order of arrival.

The reports are the log; a state is nothing but a view of them. They are put in the order of publication first, so that
an old article that arrives late fills the past in and never sets a project back; an article heard twice counts once.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby

from monitor.core.lifecycle import OVERRIDING, Condition, Lifecycle
from monitor.core.model import (
    Claim,
    Confidence,
    Evidence,
    Fact,
    FactKind,
    KnownFact,
    Milestone,
    Project,
    ProjectState,
    Report,
    Source,
    State,
)
from monitor.core.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldPolicy:
    """How much it takes for the ledger to believe."""

    #: Claims that their reader was less sure of than this are kept but move nothing.
    min_confidence: float = 0.5
    #: Trust of independent outlets that adds up to this confirms: one official source, or two of the press.
    confirming_weight: float = 1.0
    #: Values closer than this share of each other are one value, rounded differently.
    rounding: float = 0.02


DEFAULT_POLICY = FoldPolicy()

#: Begins the article key of what the configuration says to be known.
_KNOWN = "known:"


@dataclass(frozen=True, slots=True)
class _Statement:
    """One claim with the source that makes it."""

    claim: Claim
    source: Source

    @property
    def evidence(self) -> Evidence:
        return Evidence(source=self.source, sentence=self.claim.evidence)

    @property
    def moment(self) -> date:
        """The last day on which what is said to have happened can have happened."""
        published = self.source.published_at.date()
        return min(self.claim.date.end, published) if self.claim.date else published


def known_reports(project: Project) -> tuple[Report, ...]:
    """The milestones that the operator knew before monitoring started, as reports of an official source."""
    return tuple(_known_report(project, index) for index in range(len(project.known)))


def _known_report(project: Project, index: int) -> Report:
    known = project.known[index]
    day = known.date.start if known.date and known.state is not State.EXPECTED else date.min
    instant = datetime.combine(day, time(), UTC)
    article = f"{_KNOWN}{project.id}:{index}"
    source = Source(
        article=article,
        url=known.source,
        outlet="",
        trust=1.0,
        published_at=instant,
        seen_at=instant,
        story=article,
    )
    claim = Claim(
        project=project.id, stage=known.stage, state=known.state, date=known.date, confidence=1.0, evidence=""
    )
    return Report(source=source, claims=(claim,))


def is_known(source: Source) -> bool:
    """Whether this is no article but the operator's own word; its instants say nothing then."""
    return source.article.startswith(_KNOWN)


def publication_order(report: Report) -> tuple[datetime, str]:
    """The order in which reports are heard: by publication, ties by the article's key."""
    return report.source.published_at, report.source.article


def fold(
    project: str, reports: Iterable[Report], lifecycle: Lifecycle, policy: FoldPolicy = DEFAULT_POLICY
) -> ProjectState:
    """What is known of a project from these reports, in whatever order they come and however often.

    Claims of stages that the lifecycle does not have, and claims below ``policy.min_confidence``, are passed over.
    """
    heard: dict[str, Report] = {}
    for report in reports:
        held = heard.setdefault(report.source.article, report)
        if held is not report and _edition(held) < _edition(report):
            heard[report.source.article] = report
    ordered = sorted(heard.values(), key=publication_order)
    statements = [
        _Statement(claim, report.source)
        for report in ordered
        for claim in report.claims
        if claim.confidence >= policy.min_confidence
    ]
    milestones = tuple(
        _milestone(stage, told, policy)
        for stage in lifecycle.stages
        if (told := [statement for statement in statements if statement.claim.stage == stage])
    )
    highest = next((m for m in reversed(milestones) if m.state is State.REACHED), None)
    overriding, delayed = _conditions(ordered, lifecycle, policy)
    in_force = overriding or delayed
    status = overriding.claim.stage if overriding else highest.stage if highest else None
    bearing = [statement for statement in statements if _reaches(statement.claim, status)]
    return ProjectState(
        project=project,
        status=status,
        since=overriding.claim.date if overriding else highest.actual if highest else None,
        confidence=_confidence([statement.source for statement in bearing], policy),
        evidence=tuple(statement.evidence for statement in bearing),
        condition=in_force.claim.stage if in_force else None,
        milestones=milestones,
        facts=_facts(ordered, policy),
    )


def _reaches(claim: Claim, stage: str | None) -> bool:
    return claim.stage == stage and claim.state is State.REACHED


def _edition(report: Report) -> tuple[datetime, str]:
    """Of two reports of one article the one seen later is kept; the text settles a tie, so that order cannot."""
    return report.source.seen_at, repr(report)


# ---------------------------------------------------------------- milestones


def _milestone(stage: str, told: Sequence[_Statement], policy: FoldPolicy) -> Milestone:
    """One stage as these statements, in order of publication, make it out."""
    reached = [s for s in told if s.claim.state is State.REACHED]
    expected = [s for s in told if s.claim.state is State.EXPECTED]
    baseline, forecast = _forecast([s for s in expected if s.claim.date])
    if reached:
        state, bearing = State.REACHED, reached
    elif expected and (expected[-1] is told[-1] or forecast):
        state, bearing = State.EXPECTED, expected
    else:
        state, bearing = State.DENIED, [s for s in told if s.claim.state is State.DENIED]
    return Milestone(
        stage=stage,
        state=state,
        baseline=baseline,
        forecast=None if reached else forecast,
        actual=_agreed_date(reached),
        confidence=_confidence([s.source for s in bearing], policy),
        evidence=tuple(s.evidence for s in bearing),
    )


def _forecast(dated: Sequence[_Statement]) -> tuple[Period | None, Period | None]:
    """The first and the present forecast; a coarser date that agrees with a finer one does not blur it."""
    baseline: Period | None = None
    forecast: Period | None = None
    for _, article in groupby(dated, key=lambda s: s.source.article):
        # An article that gives several dates for one stage speaks of phases: the first to come is the stage's.
        said = min(s.claim.date for s in article if s.claim.date)
        if forecast is None or not said.contains(forecast):
            forecast = said
        if baseline is None or baseline.contains(said):
            baseline = said
    return baseline, forecast


def _agreed_date(reached: Sequence[_Statement]) -> Period | None:
    """The date with most independent trust behind it, the one said first where that is level; as fine as it is said."""
    dates = [s.claim.date for s in reached if s.claim.date]
    if not dates:
        return None

    def support(candidate: Period) -> float:
        return _weight([s.source for s in reached if s.claim.date and s.claim.date.overlaps(candidate)])

    best = max(dates, key=support)
    agreeing = [d for d in dates if best.contains(d)]
    return max(agreeing, key=lambda d: (d.precision, support(d)))


def _weight(sources: Iterable[Source]) -> float:
    """Trust of independent sources: copies of a story count once, and so does each outlet."""
    by_story: dict[str, Source] = {}
    for source in sources:
        held = by_story.get(source.story)
        if held is None or source.trust > held.trust:
            by_story[source.story] = source
    by_outlet: dict[str, float] = {}
    for source in by_story.values():
        outlet = source.outlet or source.story
        by_outlet[outlet] = max(by_outlet.get(outlet, 0.0), source.trust)
    return sum(by_outlet.values())


def _confidence(sources: Iterable[Source], policy: FoldPolicy) -> Confidence:
    return Confidence.CONFIRMED if _weight(sources) >= policy.confirming_weight else Confidence.REPORTED


# ---------------------------------------------------------------- conditions


def _conditions(
    ordered: Sequence[Report], lifecycle: Lifecycle, policy: FoldPolicy
) -> tuple[_Statement | None, _Statement | None]:
    """The overriding condition in force and the delay in force, each by the statement that brought it.

    Walked in the order in which things happened, as far as the sources say when; of what one article says together,
    an adverse condition outlasts the rest. A suspension ends when works resume or the project climbs a rung, a
    cancellation only when it is resumed, a delay when a rung is climbed.
    """
    reached = [
        _Statement(claim, report.source)
        for report in ordered
        for claim in report.claims
        if claim.state is State.REACHED and claim.confidence >= policy.min_confidence
    ]
    # What an article tells beside a suspension is its background, not the end of it.
    of_suspension = {s.source.article for s in reached if s.claim.stage == Condition.SUSPENDED}
    highest = -1
    overriding: _Statement | None = None
    delayed: _Statement | None = None
    for statement in sorted(reached, key=lambda s: (s.moment, s.source.published_at, s.source.article, _tie(s))):
        stage = statement.claim.stage
        if stage in OVERRIDING:
            if overriding is None or overriding.claim.stage != stage:
                overriding = statement
        elif stage == Condition.RESUMED:
            overriding = delayed = None
        elif stage == Condition.DELAYED:
            delayed = statement
        elif lifecycle.has(stage) and lifecycle.rank(stage) > highest:
            highest = lifecycle.rank(stage)
            delayed = None
            suspended = overriding is not None and overriding.claim.stage == Condition.SUSPENDED
            if suspended and statement.source.article not in of_suspension:
                overriding = None
    return overriding, delayed


def _tie(statement: _Statement) -> int:
    """Of things that happened together: stages first, then what lifts a condition, then conditions."""
    stage = statement.claim.stage
    return 2 if stage in OVERRIDING or stage == Condition.DELAYED else 1 if stage == Condition.RESUMED else 0


# ---------------------------------------------------------------- facts


def _facts(ordered: Sequence[Report], policy: FoldPolicy) -> tuple[KnownFact, ...]:
    """For each kind and unit the value believed: the latest progress, else the one with the most independent trust."""
    told = [
        (fact, report.source) for report in ordered for fact in report.facts if fact.confidence >= policy.min_confidence
    ]
    known: list[KnownFact] = []
    for kind, unit in sorted({(fact.kind, fact.unit) for fact, _ in told}):
        same = [(fact, source) for fact, source in told if (fact.kind, fact.unit) == (kind, unit)]
        known.append(_known_fact(kind, unit, same, policy))
    return tuple(known)


def _known_fact(kind: FactKind, unit: str, told: Sequence[tuple[Fact, Source]], policy: FoldPolicy) -> KnownFact:
    def alike(value: float) -> Callable[[tuple[Fact, Source]], bool]:
        return lambda item: same_value(item[0].value, value, policy)

    if kind is FactKind.PROGRESS:
        value = told[-1][0].value
    else:
        # The most trusted; where it is level, the latest said.
        value = max(
            reversed(told), key=lambda item: _weight(source for _, source in filter(alike(item[0].value), told))
        )[0].value
    bearing = [item for item in told if alike(value)(item)]
    return KnownFact(
        kind=kind,
        value=value,
        unit=unit,
        confidence=_confidence([source for _, source in bearing], policy),
        evidence=tuple(Evidence(source=source, sentence=fact.evidence) for fact, source in bearing),
    )


def same_value(one: float, other: float, policy: FoldPolicy) -> bool:
    """Whether two values are one value, rounded differently."""
    return abs(one - other) <= policy.rounding * max(abs(one), abs(other))
