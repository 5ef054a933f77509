"""How it moved where a project stands, and what is held to have happened. Pure."""

from collections.abc import Iterator

from monitor.core.changes.comparison import Comparison, newly_reached
from monitor.core.lifecycle import CONDITIONS, OVERRIDING, PLANNED, Condition
from monitor.core.model import State
from monitor.core.news import Change, ChangeType
from monitor.core.state import Confidence, ProjectState

#: What a stage or condition is called in a change of type ``disputed``: contradicted, yet believed; denied and given
#: up; or taken back by who said it.
DISPUTED, DENIED, WITHDRAWN = "disputed", "denied", "withdrawn"


def status(seen: Comparison) -> Iterator[Change]:
    """The status moved: forward, or into or out of a condition."""
    before, after = seen.before, seen.after
    if after.status == before.status:
        return
    if after.status is None:
        # What was told and is taken back is told by ``disputed``.
        if seen.occasion.resumes:
            yield _lifted(seen)
        return
    if before.status is None and after.status == PLANNED and (before.milestones or before.condition):
        # Of what something was expected, or has befallen, there was a plan: that it is told now is no news.
        return
    milestone = after.milestone(after.status)
    passed = before.milestone(after.status)
    is_passed = passed is not None and passed.state is State.REACHED
    if is_passed and before.status in OVERRIDING and seen.occasion.resumes:
        # When it was reached first, and who said so then, tells nothing of its going on again.
        effective, evidence = seen.occasion.date(Condition.RESUMED), seen.evidence(Condition.RESUMED)
    else:
        own = seen.evidence(after.status)
        effective, evidence = after.since, (*own, *(milestone.evidence if milestone else ()))
    yield seen.change(
        ChangeType.STATUS,
        stage=after.status,
        from_=before.status,
        to=after.status,
        effective=effective,
        confidence=after.confidence,
        evidence=evidence,
    )


def _lifted(seen: Comparison) -> Change:
    """A condition is over, and no stage is known to which the project goes back: it has resumed."""
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
    """Stages newly known to be reached that neither the move of the status tells nor what was known before."""
    passed = seen.lifecycle.rank(PLANNED) if seen.before.status is not None else -1
    told = seen.lifecycle.rank(seen.after.status) if seen.climbed and seen.after.status else passed
    for milestone in newly_reached(seen.before, seen.after):
        if seen.lifecycle.rank(milestone.stage) > told:
            yield seen.reached(milestone)


def confirmed(seen: Comparison) -> Iterator[Change]:
    """The status, first reported, is now borne out by an official or an independent source."""
    before, after = seen.before, seen.after
    if after.status is None or after.status != before.status:
        return
    if before.confidence is Confidence.REPORTED and after.confidence is Confidence.CONFIRMED:
        milestone = after.milestone(after.status)
        yield seen.change(
            ChangeType.CONFIRMED,
            stage=after.status,
            from_=Confidence.REPORTED,
            to=Confidence.CONFIRMED,
            effective=after.since,
            confidence=after.confidence,
            evidence=(*seen.evidence(after.status), *(milestone.evidence if milestone else ())),
        )


def disputed(seen: Comparison) -> Iterator[Change]:
    """What was told to have happened is credibly denied, or is taken back by who told it.

    Where the status moves by it, that tells it already.
    """
    told = {seen.before.status} if seen.after.status not in {seen.before.status, None} else set()
    for stage in seen.after.disputed:
        believed = _is_believed(seen.after, stage)
        # A delay that is over is not denied by what ended it.
        is_over = stage in CONDITIONS and all(claim.stage != stage for claim in seen.occasion.claims)
        is_other = believed != _is_believed(seen.before, stage) and not is_over
        if (is_other or stage not in seen.before.disputed) and stage not in told:
            yield _contradicted(seen, stage, DISPUTED if believed else DENIED, State.DENIED)
    for stage in _withdrawn(seen):
        if stage not in told:
            yield _contradicted(seen, stage, WITHDRAWN, State.REACHED)


def _withdrawn(seen: Comparison) -> Iterator[str]:
    """What was held to have happened and nobody says any longer."""
    for milestone in seen.before.milestones:
        now = seen.after.milestone(milestone.stage)
        is_held = now is not None and now.state is State.REACHED
        if milestone.state is State.REACHED and not is_held and milestone.stage not in seen.after.disputed:
            yield milestone.stage
    condition = seen.before.status
    is_over = condition in OVERRIDING and seen.after.status is None
    if condition and is_over and condition not in seen.after.disputed and not seen.occasion.resumes:
        yield condition


def _is_believed(state: ProjectState, stage: str) -> bool:
    """Whether a stage or condition that is denied is held to be reached all the same."""
    milestone = state.milestone(stage)
    return milestone.state is State.REACHED if milestone else stage in {state.status, state.condition}


def _contradicted(seen: Comparison, stage: str, to: str, state: State) -> Change:
    return seen.change(
        ChangeType.DISPUTED,
        stage=stage,
        from_=State.REACHED,
        to=to,
        effective=None,
        confidence=seen.occasion.confidence(seen.policy),
        evidence=seen.evidence(stage, state),
    )
