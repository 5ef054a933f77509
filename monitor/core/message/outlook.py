"""How far dates have slipped, where the project stands, and what is expected next."""

from datetime import date

from monitor.core.lifecycle import OVERRIDING
from monitor.core.message import words
from monitor.core.message.briefing import Briefing
from monitor.core.message.tongue import Tongue, parsed
from monitor.core.news import ChangeType
from monitor.core.periods import Period, Precision
from monitor.core.state import ProjectState


def slips(briefing: Briefing, tongue: Tongue) -> tuple[str, ...]:
    """By how many days a date is later or earlier than reported before, and than first reported.

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
        found.append(_than_before((now.end - was.end).days, tongue, is_rough=_is_rough(was, now)))
    reached_or_expected = change.type in {ChangeType.SCHEDULE, ChangeType.STATUS, ChangeType.MILESTONE}
    if reached_or_expected and change.effective and baseline and baseline != was:
        slip = 0 if baseline.overlaps(change.effective) else (change.effective.end - baseline.end).days
        if slip or change.type is not ChangeType.SCHEDULE:
            found.append(_than_first(slip, tongue, is_rough=_is_rough(baseline, change.effective)))
    if change.type is ChangeType.OVERDUE and baseline and baseline != change.effective:
        found.append(tongue.say("First expected: {date}", date=tongue.date(baseline)))
    return tuple(found)


def standing_at(state: ProjectState | None, tongue: Tongue) -> str:
    """Where the project stands. "" if nothing is known."""
    if state is None or state.status is None:
        return ""
    at = words.status(tongue, state.status)
    if state.since is None:
        return tongue.say("Status: {status}", status=at)
    return tongue.say("Status: {status} (since {date})", status=at, date=tongue.date(state.since))


def next_expected(state: ProjectState | None, today: date, tongue: Tongue, *, but: str | None = None) -> str:
    """The stage that is expected soonest, other than ``but``. "" if no expected date is still ahead."""
    if state is None:
        return ""
    to_come = [(when, milestone.stage) for milestone, when in state.to_come if when.end >= today]
    soonest = min(((when.end, when, stage) for when, stage in to_come if stage != but), default=None)
    if soonest is None:
        return ""
    _, when, stage = soonest
    return tongue.say("Next expected: {event}, {date}", event=words.event(tongue, stage), date=tongue.date(when))


def _is_rough(one: Period, other: Period) -> bool:
    """Whether a difference in days is more precise than the dates: if one is a year, a half or a quarter."""
    return min(one.precision, other.precision) < Precision.MONTH


def _than_before(days: int, tongue: Tongue, *, is_rough: bool) -> str:
    if days > 0:
        return tongue.count(
            "One day later than said before", "{n} days later than said before", days, is_rough=is_rough
        )
    return tongue.count(
        "One day earlier than said before", "{n} days earlier than said before", -days, is_rough=is_rough
    )


def _than_first(days: int, tongue: Tongue, *, is_rough: bool) -> str:
    if days > 0:
        return tongue.count(
            "One day later than first expected", "{n} days later than first expected", days, is_rough=is_rough
        )
    if days < 0:
        return tongue.count(
            "One day earlier than first expected", "{n} days earlier than first expected", -days, is_rough=is_rough
        )
    return tongue.say("As first expected")
