"""Plans that are brought forward: "in October 2027 instead of March 2028" is no delay."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from monitor.core.reading.dates.timex import TimeExpression
from monitor.core.reading.text.document import Document, Span


def brought_forward(times: Sequence[TimeExpression], document: Document) -> Mapping[int, Span]:
    """Where a time stands beside a later one that it replaces, by sentence index; ``times`` are in text order."""
    numbers = document.sentences_at(time.span for time in times)
    return {
        number: Span(one.span.start, other.span.end)
        for (one, number), (other, after) in pairwise(zip(times, numbers, strict=True))
        if number == after and _is_sooner(one, other)
    }


def _is_sooner(one: TimeExpression, other: TimeExpression) -> bool:
    """Whether one of two times is a former plan, and the other one lies before it."""
    new, old = (one, other) if other.is_superseded else (other, one)
    # Without a year, the former time may lie on either side.
    return old.is_superseded and not new.is_superseded and new.ahead.end < old.behind.start
