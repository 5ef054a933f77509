"""The milestones of a project as bars on one scale: when each was first expected, and when it is due or was reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.core.message import words
from monitor.core.message.tongue import Tongue
from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.state import Milestone, ProjectState

#: Fewer bars say no more than a sentence.
_FEWEST = 2
#: The smallest width of a bar. On a scale of years, a day would be invisible.
_THINNEST = 2


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
class Trend:
    """The stages of a project in their order."""

    bars: tuple[Bar, ...]
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
        today=scale.at(today),
        today_label=tongue.date(Period.day(today)),
        first_label=tongue.say("first expected"),
        reached_label=tongue.say("reached"),
        expected_label=tongue.say("expected now"),
    )


def _now(milestone: Milestone) -> Period | None:
    return milestone.actual if milestone.state is State.REACHED else milestone.forecast


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    days: int

    @classmethod
    def over(cls, periods: Sequence[Period], today: date) -> "_Scale":
        first = min(today, *(period.start for period in periods))
        last = max(today, *(period.end for period in periods))
        return cls(first, (last - first).days + 1)

    def at(self, day: date) -> int:
        return round((day - self.first).days / self.days * 100)

    def span(self, period: Period) -> Span:
        start = min(self.at(period.start), 100 - _THINNEST)
        end = (period.end - self.first + timedelta(days=1)).days / self.days * 100
        return Span(start=start, width=max(round(end) - start, _THINNEST))
