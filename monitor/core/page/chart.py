"""The milestone trend chart: which date was expected for a milestone (upwards), at which time (to the right).

A level line is a forecast that holds, a rising one a slip. On the diagonal a forecast has come true or has run out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import starmap

from monitor.core.message import words
from monitor.core.message.tongue import Tongue
from monitor.core.periods import Period
from monitor.core.state import Milestone, ProjectState

#: The size of the drawing, and the margins for its labels. It is as wide as the page.
WIDTH, HEIGHT = 800, 320
LEFT, RIGHT, TOP, BOTTOM = 96, 16, 12, 28
#: The most labels of an axis.
_MOST_TICKS = 7
_TWO_YEARS, _HALF_A_YEAR = 730, 180
#: Times before this are of what was known before monitoring; they have no place on the axis.
_EARLIEST = date(1900, 1, 1)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The forecasts of one stage."""

    #: From 1, for its colour and its marks.
    number: int
    label: str
    #: From left to right.
    points: tuple[Point, ...]
    #: Where it was reached. None if it was not.
    reached: Point | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The drawing, in units of its width and height."""

    lines: tuple[Line, ...]
    across: tuple[Tick, ...]
    upwards: tuple[Tick, ...]
    #: The ends of the diagonal.
    diagonal: tuple[Point, Point] | None
    #: The present day on the axis of time.
    today: float
    #: The size of the drawing, and the edges of its plane.
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def chart(state: ProjectState, today: date, tongue: Tongue) -> Chart | None:
    """The trend of the milestones that were ever expected. None if there are none."""
    edge = min((time for milestone in state.milestones for time in _times(milestone)), default=today)
    told = [(milestone, found) for milestone in state.milestones if (found := _forecasts(milestone, edge))]
    if not told:
        return None
    times = [time for _, found in told for time, _ in found]
    dates = [each for milestone, found in told for each in (*(due for _, due in found), *_actual(milestone))]
    first = min(times) - timedelta(days=15)
    across = _Axis(first, max(today, *times) + timedelta(days=15), LEFT, WIDTH - RIGHT)
    upwards = _Axis(min(dates) - timedelta(days=30), max(dates) + timedelta(days=30), HEIGHT - BOTTOM, TOP)
    plane = _Plane(across, upwards)
    lines = (
        Line(
            number=number,
            label=words.event(tongue, milestone.stage),
            points=tuple(starmap(plane.point, _course(milestone, found, today))),
            reached=plane.point(min(milestone.actual.end, today), milestone.actual.end) if milestone.actual else None,
        )
        for number, (milestone, found) in enumerate(told, 1)
    )
    return Chart(
        lines=tuple(lines),
        across=tuple(_ticks(across, tongue)),
        upwards=tuple(_ticks(upwards, tongue)),
        diagonal=_diagonal(plane),
        today=across.at(today),
    )


def _times(milestone: Milestone) -> Iterator[date]:
    """The days on which a date was told."""
    times = (forecast.said_at.date() for forecast in milestone.forecasts)
    return (time for time in times if time >= _EARLIEST)


def _forecasts(milestone: Milestone, edge: date) -> Sequence[tuple[date, date]]:
    """(the day on which it was told, the last day of what was expected), in order.

    What the operator knew before monitoring began stands at the edge.
    """
    return [(_told(forecast.said_at.date(), edge), forecast.period.end) for forecast in milestone.forecasts]


def _told(time: date, edge: date) -> date:
    return time if time >= _EARLIEST else edge


def _actual(milestone: Milestone) -> Iterator[date]:
    if milestone.actual is not None:
        yield milestone.actual.end


def _course(milestone: Milestone, found: Sequence[tuple[date, date]], today: date) -> Sequence[tuple[date, date]]:
    """The points of a line: a forecast holds until the next one, the last one until it is reached or until today."""
    points = list(_steps(found))
    end = min(milestone.actual.end, today) if milestone.actual else today
    if end > points[-1][0]:
        points.append((end, points[-1][1]))
    return points


def _steps(found: Iterable[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """The forecasts, and before each change the date that held until then."""
    before: date | None = None
    for time, due in found:
        if before is not None and before != due:
            yield time, before
        yield time, due
        before = due


@dataclass(frozen=True, slots=True)
class _Axis:
    first: date
    last: date
    start: float
    end: float

    def at(self, day: date) -> float:
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(self.start + share * (self.end - self.start), 1)


@dataclass(frozen=True, slots=True)
class _Plane:
    across: _Axis
    upwards: _Axis

    def point(self, time: date, due: date) -> Point:
        return self.across.at(time), self.upwards.at(due)


def _ticks(axis: _Axis, tongue: Tongue) -> Iterator[Tick]:
    """The beginnings of years. If the axis is shorter than two years, those of quarters; then those of months."""
    years = range(axis.first.year, axis.last.year + 2)
    length = (axis.last - axis.first).days
    months = (1,) if length > _TWO_YEARS else (1, 4, 7, 10) if length > _HALF_A_YEAR else tuple(range(1, 13))
    days = [date(year, month, 1) for year in years for month in months]
    inside = [day for day in days if axis.first <= day <= axis.last]
    step = -(-len(inside) // _MOST_TICKS)
    for day in inside[:: max(step, 1)]:
        period = Period.year(day.year) if months == (1,) else Period.month(day.year, day.month)
        yield Tick(at=axis.at(day), label=tongue.short(period))


def _diagonal(plane: _Plane) -> tuple[Point, Point] | None:
    """Where the expected day is the present day. None if the axes have no day in common."""
    first = max(plane.across.first, plane.upwards.first)
    last = min(plane.across.last, plane.upwards.last)
    return (plane.point(first, first), plane.point(last, last)) if first < last else None
