"""How far dates have slipped, where the project stands, and what is expected next or overdue."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, pairwise

from monitor.core.changes.changes import missed
from monitor.core.folding.listing import Against, Late, is_before_all, overdue_by
from monitor.core.lifecycle import OVERRIDING, Condition
from monitor.core.message import words
from monitor.core.message.briefing import Briefing
from monitor.core.message.tongue import Tongue, parsed
from monitor.core.model import State
from monitor.core.news import Change, ChangeType
from monitor.core.periods import Period
from monitor.core.state import Delay, Milestone, ProjectState


def slips(briefing: Briefing, tongue: Tongue) -> tuple[str, ...]:
    """By how many days a date is later or earlier than reported before, and than first reported.

    What is reached is also compared with the date that was expected last, if that is another.
    The resumption after a halt was expected for no date, so it has no slip.
    """
    change = briefing.change
    if change.from_ in OVERRIDING:
        return ()
    milestone = briefing.milestone
    baseline = milestone.baseline if milestone else None
    found = []
    was, now = parsed(change.from_), parsed(change.to)
    if change.type is ChangeType.SCHEDULE and was and now and not was.overlaps(now):
        found.append(how_late(Late.at(now, was, Against.BEFORE), tongue))
    reached_or_expected = change.type in {ChangeType.SCHEDULE, ChangeType.STATUS, ChangeType.MILESTONE}
    if reached_or_expected and _is_comparable(briefing) and change.effective and baseline and baseline != was:
        late = Late.at(change.effective, baseline, Against.FIRST)
        if late.days or change.type is not ChangeType.SCHEDULE:
            found.append(how_late(late, tongue))
        promised = milestone.promised if milestone else None
        if promised and promised != baseline and change.type is not ChangeType.SCHEDULE:
            found.append(how_late(Late.at(change.effective, promised, Against.LAST), tongue))
    if change.type is ChangeType.OVERDUE and baseline and baseline != change.effective:
        found.append(tongue.say("First expected: {date}", date=tongue.date(baseline)))
    return tuple(found)


def _is_comparable(briefing: Briefing) -> bool:
    """Whether the date of the change can be early or late (``core.folding.lateness``)."""
    reached, milestone, part = briefing.change.effective, briefing.milestone, briefing.part
    return not (reached and milestone and part and is_before_all(reached, milestone, part))


def outlook(state: ProjectState | None, today: date, tongue: Tongue) -> tuple[str, ...]:
    """Where the project stands, what is overdue, and what is expected next."""
    found = (standing_at(state, tongue), *overdue(state, today, tongue), next_expected(state, today, tongue))
    return tuple(filter(None, found))


def standing_at(state: ProjectState | None, tongue: Tongue) -> str:
    """Where the project stands. "" if nothing is known."""
    at = _stands(state, tongue)
    return tongue.say("Status: {status}", status=at) if at else ""


def stands_after(mistake: Change, state: ProjectState | None, tongue: Tongue) -> str:
    """Where the project stands after a wrong change of its status is taken back. "" if nothing is known."""
    at = _stands(state, tongue)
    if not at or state is None:
        return ""
    if mistake.from_ == state.status:
        return tongue.say("The status is as before: {status}", status=at)
    return tongue.say("The status is: {status}", status=at)


def _stands(state: ProjectState | None, tongue: Tongue) -> str:
    if state is None or state.status is None:
        return ""
    at = _dated(state.status, state, tongue)
    if state.delay is not None:
        at = tongue.listed(at, _dated(Condition.DELAYED, state.delay, tongue))
    return at


def _dated(status: str, held: ProjectState | Delay, tongue: Tongue) -> str:
    at = words.status(tongue, status)
    if held.since is not None:
        return tongue.say("{status} (since {date})", status=at, date=tongue.date(held.since))
    if held.by is not None:
        return tongue.say("{status} (since {day} at the latest)", status=at, day=tongue.date(Period.day(held.by)))
    return at


def overdue(state: ProjectState | None, today: date, tongue: Tongue, *, but: str | None = None) -> Iterator[str]:
    """The stages, other than ``but``, that are overdue, each with the days since its date. None during a halt."""
    for milestone, when in state.to_come if state and state.status not in OVERRIDING else ():
        late = overdue_by(when, today)
        if late and missed(when).date() <= today and milestone.stage != but:
            what, by = words.event(tongue, milestone.stage), how_late(late, tongue)
            yield tongue.say("Expected: {event}, {date}, {late}", event=what, date=tongue.date(when), late=by)


def next_expected(state: ProjectState | None, today: date, tongue: Tongue) -> str:
    """The stage that is expected soonest. "" if no expected date is still ahead."""
    if state is None:
        return ""
    to_come = [(when, milestone.stage) for milestone, when in state.to_come if when.end >= today]
    soonest = min(((when.end, when, stage) for when, stage in to_come), default=None)
    if soonest is None:
        return ""
    _, when, stage = soonest
    return tongue.say("Next expected: {event}, {date}", event=words.event(tongue, stage), date=tongue.date(when))


def how_late(late: Late, tongue: Tongue) -> str:
    """By how many days something is late or early, in words that say against which date."""
    days, is_rough, is_later = abs(late.days), late.is_rough, late.days > 0
    if late.against is Against.TODAY:
        since, passed = tongue.date(late.since), tongue.count("one day", "{n} days", days)
        return tongue.say("overdue since {day}: {days}", day=since, days=passed)
    if late.against is Against.BEFORE:
        return (
            tongue.count("One day later than said before", "{n} days later than said before", days, is_rough=is_rough)
            if is_later
            else tongue.count(
                "One day earlier than said before", "{n} days earlier than said before", days, is_rough=is_rough
            )
        )
    if late.against is Against.LAST:
        return _than_last(days, tongue, is_rough=is_rough, is_later=is_later)
    return _than_first(days, tongue, is_rough=is_rough, is_later=is_later)


def _than_first(days: int, tongue: Tongue, *, is_rough: bool, is_later: bool) -> str:
    if not days:
        return tongue.say("As first expected")
    if is_later:
        return tongue.count(
            "One day later than first expected", "{n} days later than first expected", days, is_rough=is_rough
        )
    return tongue.count(
        "One day earlier than first expected", "{n} days earlier than first expected", days, is_rough=is_rough
    )


def _than_last(days: int, tongue: Tongue, *, is_rough: bool, is_later: bool) -> str:
    if not days:
        return tongue.say("As last expected")
    if is_later:
        return tongue.count(
            "One day later than last expected", "{n} days later than last expected", days, is_rough=is_rough
        )
    return tongue.count(
        "One day earlier than last expected", "{n} days earlier than last expected", days, is_rough=is_rough
    )


# The milestones of a project as bars on one scale: when each was first expected, and when it is due or was reached ----


#: Fewer bars say no more than a sentence.
_FEWEST = 2
#: The smallest width of a bar. On a scale of years, a day would be invisible.
_THINNEST = 2
#: The smallest width in which the label of a year is legible on a telephone.
_LEGIBLE = 14
_DAYS_OF_A_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendSpan:
    """A part of the scale, in whole hundredths of the scale. Never beyond its end."""

    start: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One stage, with labels in the reader's language."""

    label: str
    when: str
    #: When it was first expected. None if no source said.
    first: TrendSpan | None
    #: When it was reached, or is expected now.
    now: TrendSpan
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

    def span(self, period: Period) -> TrendSpan:
        start = min(self.at(period.start), 100 - _THINNEST)
        end = (period.end - self.first + timedelta(days=1)).days / self.days * 100
        return TrendSpan(start=start, width=max(round(end) - start, _THINNEST))
