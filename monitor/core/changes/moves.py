"""Changes to the status of a project and to what is believed to have happened. Pure."""

from collections.abc import Iterator, Sequence

from monitor.core.changes.comparison import Comparison, newly_reached
from monitor.core.folding.proof import proofs
from monitor.core.lifecycle import CONDITIONS, OVERRIDING, PLANNED, Condition
from monitor.core.model import State
from monitor.core.news import Change, ChangeType
from monitor.core.state import Confidence, Evidence, ProjectState

#: The values of ``to`` in a ``disputed`` change: contradicted but still believed, denied and no longer believed, or
#: withdrawn by its source.
DISPUTED, DENIED, WITHDRAWN = "disputed", "denied", "withdrawn"


def status(seen: Comparison) -> Iterator[Change]:
    """The status moved: forward, or into or out of a condition."""
    before, after = seen.before, seen.after
    if after.status == before.status:
        return
    if after.status is None:
        # ``disputed`` reports what a source withdrew.
        if seen.occasion.resumes:
            yield _lifted(seen)
        return
    if before.status is None and after.status == PLANNED and (before.milestones or before.condition):
        # A project with a milestone or a condition was already planned. That it is announced now is no news.
        return
    milestone = after.milestone(after.status)
    passed = before.milestone(after.status)
    is_passed = passed is not None and passed.state is State.REACHED
    reached = milestone.evidence if milestone else after.evidence
    effective, told = after.since, after.since
    evidence: Sequence[Evidence] = (*seen.evidence(after.status), *reached)
    beside: Sequence[Evidence] = ()
    stage: str = after.status
    if is_passed and before.status in OVERRIDING and seen.occasion.resumes:
        # The date and evidence from when the stage was first reached say nothing about the resumption.
        stage, effective, told, evidence = (
            Condition.RESUMED,
            seen.occasion.date(Condition.RESUMED),
            None,
            seen.evidence(Condition.RESUMED),
        )
    elif before.status and not seen.evidence(after.status) and (against := seen.against(before.status)):
        # What takes the former status back comes first, then what proves the stage below.
        told, evidence, beside = None, against, proofs(reached, after.since)
    yield seen.change(
        ChangeType.STATUS,
        stage=stage,
        from_=before.status,
        to=after.status,
        effective=effective,
        confidence=after.confidence,
        evidence=evidence,
        told=told,
        beside=beside,
    )


def _lifted(seen: Comparison) -> Change:
    """The project has resumed: a condition is over, and no stage is known to which the project returns."""
    return seen.change(
        ChangeType.STATUS,
        stage=Condition.RESUMED,
        from_=seen.before.status,
        to=Condition.RESUMED,
        effective=seen.occasion.date(Condition.RESUMED),
        confidence=seen.occasion.confidence(seen.policy),
        evidence=seen.evidence(Condition.RESUMED),
    )


def milestones(seen: Comparison) -> Iterator[Change]:
    """Newly reached stages that neither the status change reports nor the earlier status implies."""
    passed = seen.lifecycle.rank(PLANNED) if seen.before.status is not None else -1
    told = seen.lifecycle.rank(seen.after.status) if seen.climbed and seen.after.status else passed
    for milestone in newly_reached(seen.before, seen.after):
        if seen.lifecycle.rank(milestone.stage) > told:
            yield seen.reached(milestone)


def confirmed(seen: Comparison) -> Iterator[Change]:
    """The status was only reported, and an official or independent source now confirms it."""
    before, after = seen.before, seen.after
    if after.status is None or after.status != before.status:
        return
    if before.confidence is Confidence.REPORTED and after.confidence is Confidence.CONFIRMED:
        milestone = after.milestone(after.status)
        # Confirmed may be that works go on, or that it happened at some time.
        is_dated = after.standing.confirms_date and after.standing == after.standing_since
        when = after.since if is_dated else None
        yield seen.change(
            ChangeType.CONFIRMED,
            stage=after.status,
            from_=Confidence.REPORTED,
            to=Confidence.CONFIRMED,
            effective=when,
            confidence=after.confidence,
            evidence=(
                *seen.evidence(after.status),
                *seen.evidence(Condition.RESUMED),
                *(milestone.evidence if milestone else after.evidence),
            ),
            told=when,
        )


def disputed(seen: Comparison) -> Iterator[Change]:
    """A reported event is credibly denied, or its source withdraws it.

    If that moves the status, the status change reports it already.
    """
    told = {seen.before.status} if seen.after.status not in {seen.before.status, None} else set()
    for stage in seen.after.contradicted:
        believed = _is_believed(seen.after, stage)
        # The end of a delay does not deny the delay.
        is_over = stage in CONDITIONS and all(claim.stage != stage for claim in seen.occasion.told)
        is_other = believed != _is_believed(seen.before, stage) and not is_over
        if (is_other or stage not in seen.before.contradicted) and stage not in told:
            yield _contradicted(seen, stage, DISPUTED if believed else DENIED, seen.against(stage))
    for stage in _withdrawn(seen):
        if stage not in told:
            milestone = seen.before.milestone(stage)
            yield _contradicted(seen, stage, WITHDRAWN, milestone.evidence if milestone else seen.before.evidence)


def _withdrawn(seen: Comparison) -> Iterator[str]:
    """What was believed to have happened and no source says any more."""
    for milestone in seen.before.milestones:
        now = seen.after.milestone(milestone.stage)
        is_held = now is not None and now.state is State.REACHED
        if milestone.state is State.REACHED and not is_held and milestone.stage not in seen.after.contradicted:
            yield milestone.stage
    condition = seen.before.status
    is_over = condition in OVERRIDING and seen.after.status is None
    if condition and is_over and condition not in seen.after.contradicted and not seen.occasion.resumes:
        yield condition


def _is_believed(state: ProjectState, stage: str) -> bool:
    """Whether a denied stage or condition is still believed to be reached."""
    milestone = state.milestone(stage)
    return milestone.state is State.REACHED if milestone else stage in {state.status, state.condition}


def _contradicted(seen: Comparison, stage: str, to: str, evidence: Sequence[Evidence]) -> Change:
    return seen.change(
        ChangeType.DISPUTED,
        stage=stage,
        from_=State.REACHED,
        to=to,
        effective=None,
        confidence=seen.occasion.confidence(seen.policy),
        evidence=evidence,
    )
