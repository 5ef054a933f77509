"""Asides: times between two commas, and the events that they belong to."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self

from monitor.core.model import State
from monitor.core.reading.dates.timex import TimeExpression
from monitor.core.reading.events.events import Told
from monitor.core.reading.text.document import Span

#: The length of "since the": a longer text before a time says more than that.
_SINCE = 11
#: The most characters between an aside with the old planned time and the time that is planned now.
_REPLACING = 28


class Aside(NamedTuple):
    """The stretch around a time, between the commas of its clause."""

    #: The comma before the time, or the beginning of its clause.
    start: int
    #: The comma after the time. None if there is none.
    end: int | None
    #: Whether there are commas on both sides.
    is_enclosed: bool

    @classmethod
    def around(cls, place: Span, text: str, clause: Span) -> Self:
        comma, end = text.rfind(",", clause.start, place.start), text.find(",", place.end, clause.end)
        return cls(max(comma, clause.start), None if end < 0 else end, comma >= 0 <= end)


def is_before_aside(event: Told, time: TimeExpression, aside: Aside) -> bool:
    """Whether a "since" time stands before a comma, in words without the event: "empty since May, …".

    These words may stand between two commas too. A time that opens its clause does not count: "since May, the mine
    runs".
    """
    is_led = time.is_since and time.span.start - aside.start > _SINCE
    return is_led and aside.end is not None and not Span(aside.start, aside.end).contains(event.head)


def is_replaced(text: str, event: Told, time: TimeExpression, aside: Aside, others: Iterable[TimeExpression]) -> bool:
    """Whether a time is an old plan: an expected event has a later time after the commas that enclose this one.

    "The opening, planned for 2025, is expected in 2026". If a number stands between, the later time belongs to
    something else: "will give 500 people work by 2026".

    Args:
        text: the text that contains them.
        event: the expected event.
        time: the time that it may have.
        aside: the aside around this time.
        others: other times that the event may have.
    """
    if event.state is not State.EXPECTED or aside.end is None or not aside.is_enclosed:
        return False
    enclosed, behind = Span(aside.start, aside.end), aside.end
    if enclosed.overlaps(event.span) and not event.span.contains(enclosed):
        # The event is stated there.
        return False
    return any(
        0 <= other.span.start - behind <= _REPLACING
        and other.ahead.start > time.ahead.start
        and not any(map(str.isdigit, text[behind : other.span.start]))
        for other in others
    )


def is_inserted(event: Told, aside: Aside, owners: Sequence[Told]) -> bool:
    """Whether a time belongs to an event between the same two commas: "the plant, put off in May, will close"."""
    if aside.end is None or not aside.is_enclosed:
        return False
    inserted = Span(aside.start, aside.end)
    return not inserted.contains(event.head) and any(inserted.contains(owner.head) for owner in owners)
