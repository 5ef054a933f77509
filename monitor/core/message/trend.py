"""The milestones of a project as bars on one scale: when each was first expected, and when it is due or was reached."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, pairwise

from monitor.core.message import words
from monitor.core.message.tongue import Tongue
from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.state import Milestone, ProjectState

#: Fewer bars say no more than a sentence.
_FEWEST = 2
#: The smallest width of a bar. On a scale of years, a day would be invisible.
_THINNEST = 2
#: The smallest width in which the label of a year is legible on a telephone.
_LEGIBLE = 14
_DAYS_OF_A_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of the scale, in whole hundredths of the scale. Never beyond its end."""

    start: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One stage, with labels in the reader's language."""

    label: str
    when: str
    #: When it was first expected. None if no source said.
    first: Span | None
    #: When it was reached, or is expected now.
    now: Span
    is_reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Years:
    """A year, or several if there is no room for each, as a part of the scale."""

    #: The first of them. "" if there is no room for it.
    label: str
    #: In whole hundredths of the scale.
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The stages of a project in their order."""

    bars: tuple[Bar, ...]
    #: The whole scale, from its beginning to its end.
    years: tuple[Years, ...]
    #: The position of the present day on the scale.
    today: int
    #: The labels of the present day, and of bars as first expected, reached, and expected now.
    today_label: str
    first_label: str
    reached_label: str
    expected_label: str


def trend(state: ProjectState | None, today: date, tongue: Tongue) -> Trend | None:
    """The milestones with a known date. None if there are fewer than two."""
    dated = [(m, when) for m in (state.milestones if state else ()) if (when := _now(m)) is not None]
    if len(dated) < _FEWEST:
        return None
    scale = _Scale.over([*(when for _, when in dated), *(m.baseline for m, _ in dated if m.baseline)], today)
    bars = (
        Bar(
            label=words.event(tongue, milestone.stage),
            when=tongue.date(when),
            first=scale.span(milestone.baseline) if milestone.baseline else None,
            now=scale.span(when),
            is_reached=milestone.state is State.REACHED,
        )
        for milestone, when in dated
    )
    return Trend(
        bars=tuple(bars),
        years=tuple(_years(scale, tongue)),
        today=scale.at(today),
        today_label=tongue.date(Period.day(today)),
        first_label=tongue.say("first expected"),
        reached_label=words.state(tongue, State.REACHED, dated[0][0].stage),
        expected_label=tongue.say("expected now"),
    )


def _now(milestone: Milestone) -> Period | None:
    return milestone.actual if milestone.state is State.REACHED else milestone.forecast


def _years(scale: "_Scale", tongue: Tongue) -> Iterator[Years]:
    """The scale, cut where years begin: every year, or every second, fifth, tenth and so on."""
    steps = (unit * 10**power for power in count() for unit in (1, 2, 5))
    step = next(step for step in steps if step * _DAYS_OF_A_YEAR / scale.days * 100 >= _LEGIBLE)
    later = range((scale.first.year // step + 1) * step, scale.last.year + 1, step)
    starts = [(0, scale.first.year), *((scale.at(date(year, 1, 1)), year) for year in later)]
    for (start, year), (end, _) in pairwise([*starts, (100, 0)]):
        label = tongue.date(Period.year(year)) if end - start >= _LEGIBLE else ""
        yield Years(label=label, width=end - start)


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    days: int

    @classmethod
    def over(cls, periods: Sequence[Period], today: date) -> "_Scale":
        first = min(today, *(period.start for period in periods))
        last = max(today, *(period.end for period in periods))
        return cls(first, (last - first).days + 1)

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.days - 1)

    def at(self, day: date) -> int:
        return round((day - self.first).days / self.days * 100)

    def span(self, period: Period) -> Span:
        start = min(self.at(period.start), 100 - _THINNEST)
        end = (period.end - self.first + timedelta(days=1)).days / self.days * 100
        return Span(start=start, width=max(round(end) - start, _THINNEST))
