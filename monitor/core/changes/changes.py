"""What is known before and after → changes, each with a stable id."""

from collections.abc import Iterable, Iterator, Sequence

from monitor.core.changes.comparison import Comparison, moved_forecasts, newly_reached
from monitor.core.changes.moves import confirmed, disputed, milestones, status
from monitor.core.changes.occasion import Occasion
from monitor.core.changes.retold import is_retold
from monitor.core.folding.fold import Folding, publication_order
from monitor.core.folding.weighing import DEFAULT_POLICY, FoldPolicy, same_value
from monitor.core.lifecycle import Condition, Lifecycle
from monitor.core.model import FactKind
from monitor.core.news import Change, ChangeType
from monitor.core.state import PhaseState, ProjectState, Report


def unfold(
    project: str,
    before: Sequence[Report],
    fresh: Iterable[Report],
    lifecycle: Lifecycle,
    policy: FoldPolicy = DEFAULT_POLICY,
    *,
    phases: Sequence[str] = (),
) -> Iterator[tuple[Report, Change]]:
    """The changes that fresh reports bring, taken one by one in the order of their publication, each with its report.

    A report of an article that was heard before takes the place of its former one where it was seen later, and brings
    what that changes; else it brings nothing.
    """
    folding = Folding(project, lifecycle, policy, phases=phases)
    folding.hear(before)
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
    """The changes between two states of a project, of which the second also knows what the occasion brought."""
    seen = Comparison(before, after, occasion, lifecycle, policy)
    return (
        *status(seen),
        *milestones(seen),
        *confirmed(seen),
        *disputed(seen),
        *_schedule(seen),
        *_facts(seen),
        *_phases(seen),
    )


def _schedule(seen: Comparison) -> Iterator[Change]:
    """Forecasts first known, slipped or pulled in; and a delay of which no new date is said."""
    moved = list(moved_forecasts(seen.before, seen.after))
    for was, milestone in moved:
        yield seen.forecast(was, milestone)
    if _is_newly_delayed(seen) and not any(was for was, _ in moved):
        yield seen.change(
            ChangeType.SCHEDULE,
            stage=Condition.DELAYED,
            from_=None,
            to=None,
            effective=seen.occasion.date(Condition.DELAYED),
            confidence=seen.occasion.confidence(seen.policy),
            evidence=seen.evidence(Condition.DELAYED),
        )


def _facts(seen: Comparison) -> Iterator[Change]:
    """Values first known, or changed beyond rounding. What is told again in another currency or unit is no news."""
    for fact in seen.after.facts:
        same_kind = [f for f in seen.before.facts if f.kind is fact.kind]
        was = next((f for f in same_kind if f.unit == fact.unit), None)
        if was is not None and same_value(was.value, fact.value, seen.policy):
            continue
        if was is None and same_kind and fact.kind is FactKind.INVESTMENT:
            continue
        if was is None and any(is_retold(fact, before) for before in same_kind):
            continue
        yield seen.change(
            ChangeType.FACT,
            stage=None,
            from_=was.value if was else None,
            to=fact.value,
            effective=None,
            confidence=fact.confidence,
            evidence=fact.evidence,
            kind=fact.kind,
            unit=fact.unit,
        )


def _phases(seen: Comparison) -> Iterator[Change]:
    """What moved in one phase and is not told of the project: stages reached, forecasts."""
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


def _is_newly_delayed(seen: Comparison) -> bool:
    return seen.after.condition == Condition.DELAYED and seen.before.condition != Condition.DELAYED
