"""How late a milestone is, and against which date: the only place that measures it. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from monitor.core.lifecycle import PLANNED
from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.state import Milestone, PhaseState, ProjectState


class Against(Enum):
    """What a milestone is measured against. Two measures are never compared or added."""

    #: The date that is expected now, or the actual one, against the first date that was told.
    FIRST = "first"
    #: The actual date against the date that was expected last.
    LAST = "last"
    #: The expected date against the one that was told before.
    BEFORE = "before"
    #: Today against the date that is expected now and has passed.
    TODAY = "today"


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A milestone against a date that was expected of it."""

    against: Against
    #: The date that was expected.
    expected: Period
    #: Days by which it is later. Negative if it is earlier, 0 if it is as expected. If it is overdue, the days since.
    days: int
    #: Whether a date is not a day, so that the number is more precise than the dates.
    is_rough: bool

    @classmethod
    def at(cls, now: Period, expected: Period, against: Against) -> "Late":
        """A date against one that was expected before."""
        is_rough = not (now.is_exact and expected.is_exact)
        return cls(against=against, expected=expected, days=now.days_after(expected), is_rough=is_rough)

    @property
    def since(self) -> Period:
        """The first day on which what was expected is overdue."""
        return Period.day(self.expected.end + timedelta(days=1))


def late(milestone: Milestone, of: ProjectState | PhaseState, today: date) -> tuple[Late, ...]:
    """How late the milestone is.

    If it is overdue, that comes first. Then the date against the first one that was expected. What is reached is also
    compared with the date expected last, if that is another. Empty if nothing can be compared, if the stage was passed
    without a report of it, or if the project is delayed and no new date is known.
    """
    first, last = milestone.baseline, milestone.promised
    if milestone.state is State.REACHED:
        if first is None or milestone.actual is None or is_before_all(milestone.actual, milestone, of):
            return ()
        than_first = Late.at(milestone.actual, first, Against.FIRST)
        if last is None or last == first:
            return (than_first,)
        return than_first, Late.at(milestone.actual, last, Against.LAST)
    forecast = next((when for awaited, when in of.to_come if awaited.stage == milestone.stage), None)
    if forecast is None:
        return ()
    overdue = overdue_by(forecast, today)
    slipped = Late.at(forecast, first, Against.FIRST) if first else None
    if slipped and not slipped.days and (overdue or (isinstance(of, ProjectState) and of.delay is not None)):
        slipped = None
    return tuple(each for each in (overdue, slipped) if each)


def is_before_all(reached: Period, milestone: Milestone, of: ProjectState | PhaseState) -> bool:
    """Whether a date lies before the project was announced, or before anybody expected the stage.

    What had happened by then was never expected, so it is neither early nor late.
    """
    announced = of.milestone(PLANNED)
    days = [announced.actual.start] if announced and announced.actual else []
    days += [forecast.said_at.date() for forecast in milestone.forecasts[:1]]
    return any(reached.end < day for day in days)


def lateness(of: ProjectState, today: date) -> tuple[Milestone, Late] | None:
    """How late or early the project is, and the stage by which it is known: the first measure of ``late``.

    That is the stage that is expected next. If it is neither late nor early, the next one that is late. None if nothing
    expected is known to be late or early.
    """
    in_order = sorted(of.to_come, key=lambda each: (each[1].end, each[1].start))
    for place, (milestone, _) in enumerate(in_order):
        found = next(iter(late(milestone, of, today)), None)
        if found and (found.days > 0 or (found.days and place == 0)):
            return milestone, found
    return None


def overdue_by(expected: Period, today: date) -> Late | None:
    """How late something is that was expected for this period and has not come. None if the period has not passed."""
    if today <= expected.end:
        return None
    return Late(against=Against.TODAY, expected=expected, days=(today - expected.end).days, is_rough=False)
