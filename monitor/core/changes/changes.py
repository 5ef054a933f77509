"""Compares what is known before and after, and derives changes with stable ids."""

from collections.abc import Iterable, Iterator, Sequence

from monitor.core.changes.comparison import Comparison, delay_is_new, moved_forecasts, newly_reached
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


def _facts(seen: Comparison) -> Iterator[Change]:
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


def _phases(seen: Comparison) -> Iterator[Change]:
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
