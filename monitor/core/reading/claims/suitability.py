"""Decides whether a time may belong to an event, and whether two events may share one."""

from datetime import timedelta

from monitor.core.lifecycle import CONDITIONS, PLANNED, UNDER_WAY, Condition
from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.reading.dates.timex import TimeExpression
from monitor.core.reading.events.events import Told

#: Stages that lie in the past by nature: what has befallen a project, and what was made public.
_PAST_BY_NATURE = CONDITIONS | {PLANNED}
_HALTS = frozenset({Condition.SUSPENDED, Condition.CANCELLED, Condition.CLOSED})
_WEEK = timedelta(weeks=1)
#: The most characters between a time and what happens then.
_LED = 6
#: Stages that one signature often reaches together.
DECIDED = {"agreed", "approved"}
#: A plant that operates again on a day was resumed on it.
_AT_WORK_AGAIN = {"operating", "resumed"}
#: Stages that are due by a day: that one will not be reached by then means that a plan was given up.
_BY_A_DAY = {"completed", "operating"}


def is_condition(event: Told) -> bool:
    return event.stage in CONDITIONS


def period_of(event: Told, time: TimeExpression, published: Period | None) -> Period:
    """The period of an event. If the text leaves the year open, the nearer year, for a bare verb: "starts in May".

    If no form distinguishes a verb from a noun, this holds only for what the time leads ("8月投产"), and within the
    year of publication.
    """
    if event.is_open and time.is_of_plan and event.stage not in _PAST_BY_NATURE:
        return time.ahead
    is_bare = event.is_open and event.state is State.REACHED
    if published is None or not is_bare or time.is_of_past:
        return time.period(event.state)
    if event.is_formless and time.ahead.start - time.behind.start == _WEEK:
        # With a day of the week, papers tell what happened; for the future they add a word that says so.
        return time.behind
    is_led = event.is_formless and event.stage != PLANNED and time.span.end <= event.span.end
    is_verb = event.head != event.span or (is_led and time.ahead.start.year == published.start.year)
    since, until = published.start - time.behind.end, time.ahead.start - published.end
    return time.ahead if is_verb and until < since else time.behind


def fits(event: Told, time: TimeExpression, published: Period | None) -> bool:
    """Whether the time lies where the event may: not in the past if it is expected, nor in the future if reached."""
    if published is None:
        return True
    period = period_of(event, time, published)
    if event.is_open and event.stage not in _PAST_BY_NATURE:
        # Its date will decide whether it has happened.
        return True
    if event.stage == Condition.DELAYED:
        # The day to which something may be put off is not the day of the delay either.
        return event.state is not State.EXPECTED and period.start <= published.end
    if event.state is State.EXPECTED:
        return period.end >= published.start
    return period.start <= published.end


def may_have(event: Told, time: TimeExpression, published: Period | None) -> bool:
    """Whether the event may have the time at all. Even a time that does not fit may turn a fact into an expectation."""
    if event.is_of_part or (time.is_superseded and is_condition(event)):
        # The day when the walls were finished is not the day when works began. The day for which something was planned
        # is not the day when it was put off.
        return False
    if event.stage == Condition.DELAYED and (time.is_new or time.is_until):
        # "Put off to January", "delayed until May": that is when something is to come, not when it was put off.
        return False
    if event.stage == Condition.SUSPENDED and time.is_until and event.head.end <= time.span.start:
        # "Suspended until Thursday": that is when the halt ends.
        return False
    is_no_plan = _is_plainly(State.REACHED, event) or (event.state is State.DENIED and event.stage not in CONDITIONS)
    if (time.is_since and _is_plainly(State.EXPECTED, event)) or (time.is_ahead and is_no_plan):
        # "Since May" is not a time for a plan. What "was built in two years" is not built two years from now, nor is
        # what "is not built after two years".
        return False
    if _is_plainly(State.REACHED, event) and event.stage == UNDER_WAY:
        # "Already under construction, the plant will be ready in 2027."
        return fits(event, time, published)
    return event.stage not in _PAST_BY_NATURE or _is_of_that_day(event, time) or fits(event, time, published)


def _is_of_that_day(event: Told, time: TimeExpression) -> bool:
    """Whether the day right before an unmarked halt, end or return dates it: "when in May the plant closes"."""
    is_led = 0 <= event.head.start - time.span.end <= _LED
    # "Eight months later it was resumed" does not name a day.
    is_halt = event.stage in _HALTS or (event.stage == Condition.RESUMED and time.ahead != time.behind)
    return event.is_open and event.state is State.REACHED and is_halt and is_led


def _is_plainly(state: State, event: Told) -> bool:
    return event.state is state and not event.is_open


def is_given_up(event: Told, period: Period, published: Period | None) -> bool:
    """Whether an event says that a plan for this period was given up: "will not be completed by the end of 2025"."""
    return (
        event.state is State.DENIED
        and event.stage in _BY_A_DAY
        and published is not None
        and period.end >= published.start
    )


def happen_together(one: Told, other: Told) -> bool:
    """Whether two events are one act and so share a date: "approved and signed on 29 March"."""
    if one.state is not other.state:
        return one.stage == other.stage and one.head.overlaps(other.head)
    both = {one.stage, other.stage}
    return one.stage == other.stage or (one.state is State.REACHED and both in (DECIDED, _AT_WORK_AGAIN))


def may_share(one: Told, other: Told) -> bool:
    """Whether two events may have the same time: one act, the same words, or one is only announced."""
    return (
        PLANNED in {one.stage, other.stage}
        or happen_together(one, other)
        or (one.head.overlaps(other.head) and is_condition(one) is is_condition(other))
    )
