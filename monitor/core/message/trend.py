"""The milestones of a project as bars on one scale: when each was first expected, and when it comes or came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.core.message import words
from monitor.core.message.tongue import Tongue
from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.state import Milestone, ProjectState

#: Fewer bars tell nothing that a sentence does not.
_FEWEST = 2
#: The least width of a bar: a day in years is nothing.
_THINNEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of the scale, in whole hundredths of it; never beyond its end."""

    start: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One stage, with words in the reader's language."""

    label: str
    when: str
    #: When it was first expected; None where nobody said.
    first: Span | None
    #: When it was reached, or is expected now.
    now: Span
    is_reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The stages of a project in their order."""

    bars: tuple[Bar, ...]
    #: Where the present day is.
    today: int
    #: The words for it, and for bars as first expected, reached, expected now.
    today_label: str
    first_label: str
    reached_label: str
    expected_label: str


def trend(state: ProjectState | None, today: date, tongue: Tongue) -> Trend | None:
    """The milestones of which a date is known; None where that are too few to see anything."""
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
