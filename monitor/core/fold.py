"""Reports of one project → its state: milestones, status and facts. Pure, and independent of the order of arrival.

The reports are the log; a state is nothing but a view of them. They are put in the order of publication first, so that
an old article that arrives late fills the past in and never sets a project back; an article heard twice counts once,
and of its editions the one seen last.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from monitor.core.amounts import Told, known_facts
from monitor.core.conditions import in_force
from monitor.core.dispute import Contest, contest
from monitor.core.known import is_known, is_operators_word
from monitor.core.lifecycle import Condition, Lifecycle
from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.schedule import actual, baseline, forecasts
from monitor.core.state import Milestone, PhaseState, ProjectState, Report, Rival
from monitor.core.statement import Statement
from monitor.core.stories import told_once
from monitor.core.weighing import DEFAULT_POLICY, FoldPolicy, origins, standing

#: What some statements say, by stage and condition; each in order of publication.
_ByStage = Mapping[str, Sequence[Statement]]


def publication_order(report: Report) -> tuple[datetime, str]:
    """The order in which reports are heard: by publication, ties by the article's key."""
    return report.source.published_at, report.source.article


def editions(reports: Iterable[Report]) -> list[Report]:
    """Each article once, in the edition seen last, in order of publication."""
    heard: dict[str, Report] = {}
    for report in reports:
        held = heard.setdefault(report.source.article, report)
        if held is not report and _edition(held) < _edition(report):
            heard[report.source.article] = report
    return sorted(heard.values(), key=publication_order)


def fold(
    project: str,
    reports: Iterable[Report],
    lifecycle: Lifecycle,
    policy: FoldPolicy = DEFAULT_POLICY,
    *,
    phases: Sequence[str] = (),
) -> ProjectState:
    """What is known of a project from these reports, in whatever order they come and however often.

    Claims of stages that the lifecycle does not have, and claims below ``policy.min_confidence``, are passed over. The
    project stands where its furthest phase does; what else is told of any phase but the first is that phase's alone.
    """
    ordered = editions(reports)
    statements, told = _heard(told_once(ordered), policy)
    of_project = _of_project(statements, lifecycle, phases)
    contests = {stage: contest(said, policy) for stage, said in of_project.items()}
    milestones = _milestones(of_project, contests, lifecycle, policy)
    overriding, delayed = _in_force(contests, lifecycle)
    highest = _highest(milestones)
    status = overriding.claim.stage if overriding else highest.stage if highest else None
    bearing = contests[status].reached if status else ()
    condition = overriding or delayed
    news = [r.source for r in ordered if not is_known(r.source) and not is_operators_word(r.source)]
    return ProjectState(
        project=project,
        status=status,
        since=overriding.claim.date if overriding else highest.actual if highest else None,
        standing=standing((s.origin for s in bearing), policy, against=contests[status].against if status else ()),
        evidence=tuple(s.evidence for s in bearing),
        condition=condition.claim.stage if condition else None,
        milestones=milestones,
        facts=known_facts([item for item in told if item.fact.phase is None], policy),
        disputed=tuple(sorted(stage for stage, c in contests.items() if _is_disputed(c, policy))),
        phases=tuple(
            _phase(phase, statements, told, lifecycle, policy)
            for phase in phases
            if any(s.claim.phase == phase for s in statements) or any(t.fact.phase == phase for t in told)
        ),
        latest=news[-1] if news else None,
    )


def _edition(report: Report) -> tuple[datetime, str]:
    """Of two reports of one article the one seen later is kept; the text settles a tie, so that order cannot."""
    return report.source.seen_at, repr(report)


def _heard(ordered: Sequence[Report], policy: FoldPolicy) -> tuple[list[Statement], list[Told]]:
    """All that is said surely enough, each with whose word it is."""
    origin = origins(report.source for report in ordered)
    statements = [
        Statement(claim, report.source, origin[report.source.story])
        for report in ordered
        for claim in report.claims
        if claim.confidence >= policy.min_confidence
    ]
    told = [
        Told(fact, report.source, origin[report.source.story])
        for report in ordered
        for fact in report.facts
        if fact.confidence >= policy.min_confidence
    ]
    return statements, told


def _by_stage(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        found[statement.claim.stage].append(statement)
    return found


def _of_project(statements: Sequence[Statement], lifecycle: Lifecycle, phases: Sequence[str]) -> _ByStage:
    """What bears on the whole: all but what is told of later phases, of which the stages reached do.

    That two phases have reached a stage are two events: for the whole the one of the first of them counts.
    """
    later = phases[1:]
    found = _by_stage(s for s in statements if s.claim.phase not in later)
    for phase in later:
        reached = [s for s in statements if s.claim.phase == phase and s.claim.state is State.REACHED]
        for stage, told in _by_stage(reached).items():
            known = found.get(stage, [])
            if lifecycle.has(stage) and not any(s.claim.state is State.REACHED for s in known):
                found[stage] = sorted((*known, *told), key=lambda s: (s.source.published_at, s.source.article))
    return found


def _in_force(contests: Mapping[str, Contest], lifecycle: Lifecycle) -> tuple[Statement | None, Statement | None]:
    return in_force([s for c in contests.values() if not c.is_taken_back for s in c.reached], lifecycle)


def _highest(milestones: Sequence[Milestone]) -> Milestone | None:
    return next((m for m in reversed(milestones) if m.state is State.REACHED), None)


def _is_disputed(told: Contest, policy: FoldPolicy) -> bool:
    return told.is_taken_back or standing((), policy, against=told.against).disputed


# ---------------------------------------------------------------- milestones


def _milestones(
    told: _ByStage, contests: Mapping[str, Contest], lifecycle: Lifecycle, policy: FoldPolicy
) -> tuple[Milestone, ...]:
    movers = frozenset(s.source.article for s in told.get(Condition.DELAYED, ()) if s.claim.state is State.REACHED)
    return tuple(
        _milestone(stage, told[stage], contests[stage], movers, policy) for stage in lifecycle.stages if stage in told
    )


def _milestone(
    stage: str, told: Sequence[Statement], contested: Contest, movers: frozenset[str], policy: FoldPolicy
) -> Milestone:
    """One stage as these statements, in order of publication, make it out."""
    reached = () if contested.is_taken_back else contested.reached
    expected = [s for s in told if s.claim.state is State.EXPECTED]
    found, unlikely = forecasts(expected, movers, policy)
    happened, otherwise = actual(reached)
    against = contested.against
    if reached:
        state, bearing = State.REACHED, reached
    elif expected and (expected[-1] is told[-1] or found):
        state, bearing, against = State.EXPECTED, tuple(expected), ()
    else:
        state, bearing = State.DENIED, tuple(s for s in told if s.claim.state is State.DENIED)
        against = tuple(s.origin for s in contested.reached)
    return Milestone(
        stage=stage,
        state=state,
        baseline=baseline(found),
        forecast=found[-1].period if found and not reached else None,
        actual=happened,
        standing=standing((s.origin for s in bearing), policy, against=against),
        evidence=tuple(s.evidence for s in bearing),
        forecasts=found,
        rivals=_rivals(otherwise, reached, policy) if reached else _rivals(unlikely, expected, policy),
    )


def _rivals(dates: Iterable[Period], told: Sequence[Statement], policy: FoldPolicy) -> tuple[Rival, ...]:
    return tuple(
        Rival(value=str(date), standing=standing((s.origin for s in told if s.claim.date == date), policy))
        for date in dates
    )


# ---------------------------------------------------------------- phases


def _phase(
    phase: str, statements: Sequence[Statement], told: Sequence[Told], lifecycle: Lifecycle, policy: FoldPolicy
) -> PhaseState:
    """One phase, from what names it alone."""
    of_phase = _by_stage(s for s in statements if s.claim.phase == phase)
    contests = {stage: contest(said, policy) for stage, said in of_phase.items()}
    milestones = _milestones(of_phase, contests, lifecycle, policy)
    highest = _highest(milestones)
    overriding, _ = _in_force(contests, lifecycle)
    return PhaseState(
        phase=phase,
        status=overriding.claim.stage if overriding else highest.stage if highest else None,
        milestones=milestones,
        facts=known_facts([item for item in told if item.fact.phase == phase], policy),
    )
