"""Compares what is known before and after, and derives changes with stable ids."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from monitor.core.changes.comparison import (
    MAX_EVIDENCE,
    Occasion,
    StateComparison,
    change_id,
    confirmed,
    delay_is_new,
    disputed,
    milestones,
    moved_forecasts,
    newly_reached,
    proof_of,
    status,
)
from monitor.core.folding.fold import Folding, publication_order
from monitor.core.folding.known import proofs
from monitor.core.folding.weighing import DEFAULT_POLICY, FoldPolicy, same_value
from monitor.core.lifecycle import ENDED, OVERRIDING, Condition, Lifecycle
from monitor.core.model import FactKind
from monitor.core.news import Change, ChangeType
from monitor.core.periods import Period, Precision, later
from monitor.core.state import Confidence, Evidence, KnownFact, PhaseState, ProjectState, Report

# Detects quantities that were already reported in another unit --------------------------------------------------------


#: How many of these time units make a year.
_IN_A_YEAR = {"yr": 1, "month": 12, "day": 365}
#: For batteries, the press writes gigawatts and means gigawatt-hours too.
_MEANT = {"GW": "GWh"}
#: The tolerated relative difference. A plant does not run every day of the year, and monthly figures are rounded.
_APART = 0.1


def is_retold(fact: KnownFact, before: KnownFact) -> bool:
    """Whether a rate repeats a known rate in another unit: 5,000 t a month after 60,000 t a year."""
    value, what = _in_a_year(fact)
    known, known_of = _in_a_year(before)
    return what is not None and what == known_of and abs(value - known) <= _APART * max(value, known)


def _in_a_year(fact: KnownFact) -> tuple[float, str | None]:
    """The yearly value, and its unit without the time. The unit is None if the fact is not a rate."""
    what, _, time = fact.unit.partition("/")
    if time not in _IN_A_YEAR:
        return fact.value, None
    return fact.value * _IN_A_YEAR[time], _MEANT.get(what, what)


def unfold(
    project: str,
    before: Sequence[Report],
    fresh: Iterable[Report],
    lifecycle: Lifecycle,
    policy: FoldPolicy = DEFAULT_POLICY,
    *,
    phases: Sequence[str] = (),
) -> Iterator[tuple[Report, Change]]:
    """The changes that fresh reports bring, each with its report. The reports are applied in order of publication.

    A report on an article that was heard before replaces the former report if it was seen later. It brings the changes
    of that replacement. If it was not seen later, it brings none.
    """
    folding = Folding(project, lifecycle, policy, phases=phases)
    folding.hear(before)
    yield from follow(folding, fresh, lifecycle, policy)


def follow(
    folding: Folding, fresh: Iterable[Report], lifecycle: Lifecycle, policy: FoldPolicy = DEFAULT_POLICY
) -> Iterator[tuple[Report, Change]]:
    """As ``unfold``, after what this folding has heard. It has heard the fresh reports too when all is told."""
    state = folding.state(in_full=False)
    for report in sorted(fresh, key=publication_order):
        former = folding.edition(report.source.article)
        if former is not None and former.source.seen_at >= report.source.seen_at:
            continue
        folding.hear([report])
        after = folding.state(in_full=False)
        occasion = Occasion.of(report, is_edition=former is not None)
        for change in diff(state, after, occasion, lifecycle, policy):
            yield report, change
        state = after


def diff(
    before: ProjectState,
    after: ProjectState,
    occasion: Occasion,
    lifecycle: Lifecycle,
    policy: FoldPolicy = DEFAULT_POLICY,
) -> tuple[Change, ...]:
    """The changes between two states of a project. The second state includes what the occasion brought."""
    seen = StateComparison(before, after, occasion, lifecycle, policy)
    return (
        *status(seen),
        *milestones(seen),
        *confirmed(seen),
        *disputed(seen),
        *_schedule(seen),
        *_facts(seen),
        *_phases(seen),
    )


def _schedule(seen: StateComparison) -> Iterator[Change]:
    """Forecasts that are new, slipped or pulled in, and a delay without a new date."""
    moved = list(moved_forecasts(seen.before, seen.after))
    for was, milestone in moved:
        yield seen.forecast(was, milestone)
    delay = seen.after.delay
    if delay is not None and delay_is_new(seen.before, delay) and not any(was for was, _ in moved):
        yield seen.change(
            ChangeType.SCHEDULE,
            stage=Condition.DELAYED,
            from_=None,
            to=None,
            effective=delay.since,
            confidence=delay.standing.confidence,
            evidence=(*seen.evidence(Condition.DELAYED), *delay.evidence),
            told=delay.since,
        )


def _facts(seen: StateComparison) -> Iterator[Change]:
    """Values that are new or changed beyond rounding. The same value in another currency or unit is no news."""
    for fact in seen.after.facts:
        # An amount of a part is no former value of the whole.
        is_of_part = fact.phase is not None
        same_kind = [f for f in seen.before.facts if f.kind is fact.kind and (f.phase is not None) is is_of_part]
        known = [f for f in same_kind if f.unit == fact.unit]
        if fact.standing.disputed and known:
            # One disagreement, whichever side was heard last.
            continue
        if any(same_value(was.undisputed, fact.undisputed, seen.policy) for was in known):
            continue
        if not known and same_kind and fact.kind is FactKind.INVESTMENT:
            continue
        if not known and any(is_retold(fact, before) for before in same_kind):
            continue
        yield seen.change(
            ChangeType.FACT,
            stage=None,
            # The value of one part is no former value of another.
            from_=next((was.undisputed for was in known if was.phase == fact.phase), None),
            to=fact.undisputed,
            effective=None,
            confidence=fact.confidence,
            evidence=fact.evidence,
            told=fact.undisputed,
            kind=fact.kind,
            unit=fact.unit,
            phase=fact.phase,
        )


def _phases(seen: StateComparison) -> Iterator[Change]:
    """Stages and forecasts that moved in one phase and are not reported for the whole project."""
    known = {phase.phase: phase for phase in seen.before.phases}
    told = {milestone.stage for milestone in newly_reached(seen.before, seen.after)}
    moved = {milestone.stage for _, milestone in moved_forecasts(seen.before, seen.after)}
    for after in seen.after.phases:
        before = known.get(after.phase, PhaseState(phase=after.phase, status=None, milestones=(), facts=()))
        for milestone in newly_reached(before, after):
            if milestone.stage not in told:
                yield seen.reached(milestone, phase=after.phase)
        for was, milestone in moved_forecasts(before, after):
            if milestone.stage not in moved:
                yield seen.forecast(was, milestone, phase=after.phase)


# Changes that time brings without news: overdue forecasts and quiet projects ------------------------------------------
#
# Both are inferences, not news: no source says them. Later news withdraws them.


#: News of an expected event may come this long before or after its date.
_EVE = timedelta(days=2)


def to_come(state: ProjectState, lifecycle: Lifecycle, quiet_after: timedelta) -> tuple[Change, ...]:
    """The changes that will be raised unless news comes first. The ``at`` of each is the instant when it is due.

    The same state gives the same changes with the same ids. Changes whose instant has passed are due now.

    Args:
        state: the state of the project.
        lifecycle: the lifecycle of the project.
        quiet_after: how long a project must be without news to count as quiet.
    """
    return (*_overdue(state), *_quiet(state, lifecycle, quiet_after))


def is_awaited(state: ProjectState, now: datetime) -> bool:
    """Whether a stage of this project is expected now: its forecast is a day or a month, and that is near."""
    return state.status not in OVERRIDING and any(
        forecast.since - now <= _EVE and now - forecast.until < _EVE
        for milestone in state.milestones
        if (forecast := milestone.forecast) is not None and forecast.precision in {Precision.DAY, Precision.MONTH}
    )


def quiet_since(state: ProjectState, lifecycle: Lifecycle, quiet_after: timedelta, now: datetime) -> datetime | None:
    """When the last news of a project was published, if that is ``quiet_after`` ago or more. Else None."""
    if state.latest is None or not _goes_on(state, lifecycle) or now - state.latest.published_at < quiet_after:
        return None
    return state.latest.published_at


def _overdue(state: ProjectState) -> Iterator[Change]:
    if state.status in OVERRIDING:
        return
    for milestone, forecast in state.to_come:
        expected = str(forecast)
        shown = proofs(milestone.evidence, forecast, is_expected=True)[:MAX_EVIDENCE]
        yield Change(
            id=change_id(state.project, ChangeType.OVERDUE, milestone.stage, expected),
            type=ChangeType.OVERDUE,
            project=state.project,
            stage=milestone.stage,
            from_=expected,
            to=None,
            at=missed(forecast),
            effective=forecast,
            confidence=milestone.confidence,
            sources=tuple(dict.fromkeys(e.source.url for e in shown if e.source.url)),
            evidence=tuple(dict.fromkeys(e.sentence for e in shown if e.sentence)),
            proof=proof_of(shown),
        )


def _quiet(state: ProjectState, lifecycle: Lifecycle, quiet_after: timedelta) -> Iterator[Change]:
    if state.latest is None or not _goes_on(state, lifecycle):
        return
    heard = state.latest.published_at
    yield Change(
        id=change_id(state.project, ChangeType.QUIET, state.latest.article),
        type=ChangeType.QUIET,
        project=state.project,
        stage=None,
        from_=None,
        to=None,
        at=later(heard, quiet_after),
        effective=Period.day(heard.date()),
        confidence=Confidence.REPORTED,
        sources=(state.latest.url,) if state.latest.url else (),
        evidence=(),
        proof=proof_of((Evidence(source=state.latest, sentence=""),)),
    )


def _goes_on(state: ProjectState, lifecycle: Lifecycle) -> bool:
    """Whether more is to come. A plant that runs, or that was given up, may well be silent."""
    return state.status not in ENDED and state.status != lifecycle.stages[-1]


def missed(period: Period) -> datetime:
    """When an expectation for this period counts as missed.

    After a day, two more days pass, as news may be a day late.
    """
    return later(period.until, _EVE) if period.precision is Precision.DAY else period.until
