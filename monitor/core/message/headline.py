"""The headline: what moved, in one line."""

from collections.abc import Callable, Mapping

from monitor.core.changes.comparison import DENIED, WITHDRAWN
from monitor.core.lifecycle import CONDITIONS, Condition
from monitor.core.message import words
from monitor.core.message.tongue import Tongue, parsed
from monitor.core.news import Change, ChangeType, Mistake

#: The types in the order in which a reader wants to know them. A figure moves nothing, and a quiet project is only
#: inferred to be one.
_FIRST = (
    ChangeType.STATUS,
    ChangeType.MILESTONE,
    ChangeType.DISPUTED,
    ChangeType.SCHEDULE,
    ChangeType.OVERDUE,
    ChangeType.CONFIRMED,
    ChangeType.FACT,
    ChangeType.QUIET,
)
#: The types that say that a stage or condition has been reached.
_OF_STAGE = frozenset({ChangeType.STATUS, ChangeType.MILESTONE, ChangeType.CONFIRMED})


def precedence(change: Change) -> int:
    """The rank of a change: the lower, the more important. Within a type, the project comes before its phases.

    Corrections come first.
    """
    rank = 2 * _FIRST.index(change.type) + (change.phase is not None)
    return rank - 2 * len(_FIRST) if change.retracts is not None else rank


def news(change: Change, tongue: Tongue) -> str:
    """What the headline says about the project."""
    if change.retracts is not None and (mistake := change.mistake) is not None:
        told = news(mistake, tongue)
        if change.retracts.because is Mistake.DATE and names_day(mistake) and mistake.effective is not None:
            told = tongue.listed(told, tongue.date(mistake.effective))
        return tongue.say("correction: “{news}” was wrong", news=told)
    return _NEWS[change.type](change, tongue)


def names_day(change: Change) -> bool:
    """Whether the date of the change is the day on which something happened. It stands beside the news."""
    return change.type in _OF_STAGE or (change.type is ChangeType.SCHEDULE and change.stage == Condition.DELAYED)


def matter(change: Change, tongue: Tongue) -> str:
    """The stage as an event, or the quantity. "" if the change concerns the whole project."""
    if change.kind is not None:
        return words.figure(tongue, change.kind)
    return words.event(tongue, change.stage) if change.stage else ""


def _moved(change: Change, tongue: Tongue) -> str:
    if change.stage == Condition.RESUMED:
        if change.to in CONDITIONS:
            return tongue.say_in("move", "resumed")
        return tongue.say_in("move", "resumed ({status})", status=words.status(tongue, str(change.to)))
    return _move(tongue, *(words.status(tongue, str(step)) for step in _steps(change)))


def _reached(change: Change, tongue: Tongue) -> str:
    return tongue.say("{event}, milestone reached", event=matter(change, tongue))


def _overdue(change: Change, tongue: Tongue) -> str:
    what = matter(change, tongue)
    if change.effective is None:
        return tongue.say("{event} overdue", event=what)
    return tongue.say("{event} overdue, was expected {date}", event=what, date=tongue.date(change.effective))


def _figure(change: Change, tongue: Tongue) -> str:
    values = (tongue.value(step, change.kind, change.unit or "") for step in _steps(change))
    return tongue.say("{figure} {values}", figure=matter(change, tongue), values=_move(tongue, *values))


def _confirmed(change: Change, tongue: Tongue) -> str:
    return tongue.say("{matter} confirmed", matter=matter(change, tongue))


def _quiet(change: Change, tongue: Tongue) -> str:
    if change.effective is None:
        return tongue.say("no news for a long time")
    return tongue.say("no news for a long time (last: {date})", date=tongue.date(change.effective))


def _contradicted(change: Change, tongue: Tongue) -> str:
    what = matter(change, tongue)
    if change.to == DENIED:
        return tongue.say("{matter} denied", matter=what)
    if change.to == WITHDRAWN:
        return tongue.say("{matter} no longer maintained by its source", matter=what)
    return tongue.say("{matter} disputed", matter=what)


def _forecast(change: Change, tongue: Tongue) -> str:
    """A date that is newly expected, moved, or only reported to be late."""
    what = matter(change, tongue)
    if change.to is None:
        return words.status(tongue, change.stage or "")
    if change.from_ is None:
        return tongue.say("{event} expected {date}", event=what, date=tongue.moment(change.to))
    dates = _move(tongue, tongue.moment(change.from_), tongue.moment(change.to))
    was, now = parsed(change.from_), parsed(change.to)
    if was and now and now.start < was.start:
        return tongue.say("{event} earlier than expected, {dates}", event=what, dates=dates)
    return tongue.say("{event} later than expected, {dates}", event=what, dates=dates)


def _steps(change: Change) -> tuple[str | float, ...]:
    return tuple(step for step in (change.from_, change.to) if step is not None)


def _move(tongue: Tongue, *steps: str) -> str:
    """The step from one value to the other. Only the new value if there was none before."""
    if len(steps) > 1:
        return tongue.say_in("move", "{before} → {after}", before=steps[0], after=steps[1])
    return "".join(steps)


_NEWS: Mapping[ChangeType, Callable[[Change, Tongue], str]] = {
    ChangeType.STATUS: _moved,
    ChangeType.MILESTONE: _reached,
    ChangeType.SCHEDULE: _forecast,
    ChangeType.OVERDUE: _overdue,
    ChangeType.FACT: _figure,
    ChangeType.CONFIRMED: _confirmed,
    ChangeType.DISPUTED: _contradicted,
    ChangeType.QUIET: _quiet,
}
