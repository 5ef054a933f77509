"""Asides: the times that stand between two commas, and what they are the times of."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self

from monitor.core.model import State
from monitor.core.reading.dates.timex import TimeExpression
from monitor.core.reading.events.events import Told
from monitor.core.reading.text.document import Span

#: Longer words before a time are more than "since the".
_SINCE = 11
#: So far behind an aside with the time that was planned, in characters, may stand the one that is planned now.
_REPLACING = 28


class Aside(NamedTuple):
    """What stands around a time between the commas of its clause."""

    #: From the comma before the time on, or from where its clause begins.
    start: int
    #: Up to the comma behind it; None where none stands there.
    end: int | None
    #: Whether commas stand on both sides.
    is_enclosed: bool

    @classmethod
    def around(cls, place: Span, text: str, clause: Span) -> Self:
        comma, end = text.rfind(",", clause.start, place.start), text.find(",", place.end, clause.end)
        return cls(max(comma, clause.start), None if end < 0 else end, comma >= 0 <= end)


def is_before_aside(event: Told, time: TimeExpression, aside: Aside) -> bool:
    """Whether a time since when stands before a comma in words that hold nothing of an event: "empty since May, …".

    They may stand between two commas too. What opens its clause is no part of such: "since May, the mine runs".
    """
    is_led = time.is_since and time.span.start - aside.start > _SINCE
    return is_led and aside.end is not None and not Span(aside.start, aside.end).contains(event.head)


def is_replaced(text: str, event: Told, time: TimeExpression, aside: Aside, others: Iterable[TimeExpression]) -> bool:
    """Whether an expected event has a later time behind the commas that enclose this one: what was planned before.

    "The opening, planned for 2025, is expected in 2026"; a number on the way is of something else: "will give 500
    people work by 2026".

    Args:
        text: in which they stand.
        event: that is expected.
        time: of it.
        aside: around that time.
        others: times that the event may have too.
    """
    if event.state is not State.EXPECTED or aside.end is None or not aside.is_enclosed:
        return False
    enclosed, behind = Span(aside.start, aside.end), aside.end
    if enclosed.overlaps(event.span) and not event.span.contains(enclosed):
        # It is told there.
        return False
    return any(
        0 <= other.span.start - behind <= _REPLACING
        and other.ahead.start > time.ahead.start
        and not any(map(str.isdigit, text[behind : other.span.start]))
        for other in others
    )


def is_inserted(event: Told, aside: Aside, owners: Sequence[Told]) -> bool:
    """Whether a time goes with what is told between the same two commas: "the plant, put off in May, will close"."""
    if aside.end is None or not aside.is_enclosed:
        return False
    inserted = Span(aside.start, aside.end)
    return not inserted.contains(event.head) and any(inserted.contains(owner.head) for owner in owners)
