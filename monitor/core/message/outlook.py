"""How far dates have slipped, where the project stands, and what is expected next or overdue."""

from collections.abc import Iterator
from datetime import date

from monitor.core.changes.clock import missed
from monitor.core.folding.lateness import Against, Late, is_before_all, overdue_by
from monitor.core.lifecycle import OVERRIDING, Condition
from monitor.core.message import words
from monitor.core.message.briefing import Briefing
from monitor.core.message.tongue import Tongue, parsed
from monitor.core.news import Change, ChangeType
from monitor.core.periods import Period
from monitor.core.state import Delay, ProjectState


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
