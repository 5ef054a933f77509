"""How late a milestone is: against what was first expected of it, against what was expected last, and today. Pure."""

from dataclasses import dataclass
from datetime import date

from monitor.core.lifecycle import PLANNED
from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.state import Milestone, PhaseState, ProjectState


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A milestone against a date that was expected of it."""

    #: The date that was expected.
    expected: Period
    #: Days by which it is later. Negative if it is earlier, 0 if it is as expected.
    days: int
    #: Whether a date is not a day, so that the number is more precise than the dates.
    is_rough: bool

    @classmethod
    def at(cls, now: Period, expected: Period) -> "Late":
        """A date against one that was expected before."""
        return cls(expected=expected, days=now.days_after(expected), is_rough=not (now.is_exact and expected.is_exact))


def late(milestone: Milestone, of: ProjectState | PhaseState, today: date) -> tuple[Late, ...]:
    """How late the milestone is.

    Against the first date that was expected of it, then against the last one if that is another. What is overdue
    becomes later every day, and only the dates that have passed count. Empty if nothing can be compared, if the
    stage was passed without a report of it, or if the project is delayed and no new date is known.
    """
    if milestone.baseline is None:
        return ()
    if milestone.state is State.REACHED:
        if milestone.actual is None or is_before_all(milestone.actual, milestone, of):
            return ()
        expected = dict.fromkeys((milestone.baseline, milestone.promised or milestone.baseline))
        return tuple(Late.at(milestone.actual, each) for each in expected)
    forecast = next((when for awaited, when in of.to_come if awaited.stage == milestone.stage), None)
    if forecast is None:
        return ()
    if today <= forecast.end:
        found = Late.at(forecast, milestone.baseline)
        is_moved = isinstance(of, ProjectState) and of.delay is not None and not found.days
        return () if is_moved else (found,)
    passed = (overdue_by(each, today) for each in dict.fromkeys((milestone.baseline, forecast)))
    return tuple(each for each in passed if each)


def is_before_all(reached: Period, milestone: Milestone, of: ProjectState | PhaseState) -> bool:
    """Whether a date lies before the project was announced, or before anybody expected the stage.

    What had happened by then was never expected, so it is neither early nor late.
    """
    announced = of.milestone(PLANNED)
    days = [announced.actual.start] if announced and announced.actual else []
    days += [forecast.said_at.date() for forecast in milestone.forecasts[:1]]
    return any(reached.end < day for day in days)


def lateness(of: ProjectState, today: date) -> tuple[Milestone, Late] | None:
    """How late or early the project is, and the stage by which it is known.

    That is the stage that is expected next. If it is neither late nor early, the next one that is late. None if nothing
    expected is known to be late or early.
    """
    in_order = sorted(of.to_come, key=lambda each: (each[1].end, each[1].start))
    for place, (milestone, forecast) in enumerate(in_order):
        found = next(iter(late(milestone, of, today)), None) or overdue_by(forecast, today)
        if found and (found.days > 0 or (found.days and place == 0)):
            return milestone, found
    return None


def overdue_by(expected: Period, today: date) -> Late | None:
    """How late something is that was expected for this period and has not come. None if the period has not passed."""
    if today <= expected.end:
        return None
    return Late(expected=expected, days=(today - expected.end).days, is_rough=not expected.is_exact)
