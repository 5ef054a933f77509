"""Whether a change still holds after a correction, and whether another change only takes it back. Pure."""

from collections.abc import Collection

from monitor.core.changes.moves import WITHDRAWN
from monitor.core.folding.weighing import FoldPolicy, same_value
from monitor.core.lifecycle import PLANNED, Condition
from monitor.core.model import State
from monitor.core.news import Change, ChangeType
from monitor.core.periods import Period
from monitor.core.state import Confidence, Milestone, ProjectState


def is_taken_back(change: Change, before: ProjectState, after: ProjectState, policy: FoldPolicy) -> bool:
    """Whether the change held before a correction, and no longer holds after it.

    Args:
        change: a change of this project.
        before: what was known before the correction.
        after: what is known after it. It differs by the correction alone, not by news.
        policy: says which amounts are equal.
    """
    return _holds(change, before, policy) and not _holds(change, after, policy)


def annuls(new: Change, former: Change) -> bool:
    """Whether the new change leads back to what was known before the former one."""
    if new.phase != former.phase:
        return False
    if (mistake := former.mistake) is not None:
        return (new.type, new.stage, new.kind, new.unit, new.to) == (
            mistake.type,
            mistake.stage,
            mistake.kind,
            mistake.unit,
            mistake.to,
        )
    if new.type is ChangeType.DISPUTED and new.to == WITHDRAWN:
        return former.stage == new.stage and former.type in {ChangeType.STATUS, ChangeType.MILESTONE}
    is_of_same = (new.type, new.kind, new.unit) == (former.type, former.kind, former.unit)
    if new.type is ChangeType.SCHEDULE:
        is_of_same = is_of_same and new.stage == former.stage
    return is_of_same and (new.from_, new.to) == (former.to, former.from_)


def annuls_history(new: Change, taken_back: Collection[Change]) -> bool:
    """Whether the new change only leads back from history, and nobody was told more of that since.

    Args:
        new: a change that a correction brings.
        taken_back: the earlier changes of its project that are no longer so after the correction.
    """
    untold = {_subject(former) for former in taken_back if former.is_history and annuls(new, former)}
    told = {_subject(former) for former in taken_back if not former.is_history}
    return bool(untold) and untold.isdisjoint(told)


def _subject(change: Change) -> tuple[object, ...]:
    return change.phase, change.stage, change.kind, change.unit


def _holds(change: Change, state: ProjectState, policy: FoldPolicy) -> bool:
    """Whether what the change tells is known in this state."""
    if (mistake := change.mistake) is not None:
        return not _holds(mistake, state, policy)
    milestone = _milestone(change, state)
    is_reached = milestone is not None and milestone.state is State.REACHED
    match change.type:
        case ChangeType.STATUS:
            is_planned = change.to == PLANNED and state.status is not None
            is_told = is_reached or is_planned or change.to in {state.status, Condition.RESUMED}
            held = is_told and state.status != change.from_
        case ChangeType.MILESTONE:
            held = is_reached
        case ChangeType.CONFIRMED:
            known = milestone if milestone is not None else state
            is_told = is_reached or change.stage == state.status
            held = is_told and known.confidence is Confidence.CONFIRMED
        case ChangeType.DISPUTED:
            held = not is_reached if change.to == WITHDRAWN else change.stage in state.contradicted
        case ChangeType.SCHEDULE if change.to is None:
            held = state.condition == Condition.DELAYED
        case ChangeType.SCHEDULE:
            held = _is_expected(milestone, change.to)
        case ChangeType.OVERDUE:
            held = _is_expected(milestone, change.from_)
        case ChangeType.FACT:
            held = any(
                (fact.kind, fact.unit, fact.phase) == (change.kind, change.unit, change.phase)
                and same_value(fact.undisputed, float(change.to or 0), policy)
                for fact in state.facts
            )
        case _:
            held = True
    return held


def _milestone(change: Change, state: ProjectState) -> Milestone | None:
    """The stage of the change, in the project or in the phase that it concerns."""
    if change.stage is None:
        return None
    if change.phase is None:
        return state.milestone(change.stage)
    return next((each.milestone(change.stage) for each in state.phases if each.phase == change.phase), None)


def _is_expected(milestone: Milestone | None, date: str | float | None) -> bool:
    """Whether a stage is expected at a date that is, or may be, this one."""
    forecast = milestone.forecast if milestone is not None else None
    return forecast is not None and forecast.overlaps(Period.parse(str(date)))
