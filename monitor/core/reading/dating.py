"""Which date belongs to which event of a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from monitor.core.lifecycle import Condition
from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.reading.document import Document, Span
from monitor.core.reading.events import Told


class Time(Protocol):
    """A time expression in the text."""

    @property
    def span(self) -> Span: ...

    def period(self, state: State) -> Period | None:
        """When it is, for something told in this state; None where that cannot be known."""


@dataclass(frozen=True, slots=True)
class Dating:
    """The date of an event: none where nothing is said of it, an unknown one where it cannot be reckoned."""

    is_said: bool = False
    period: Period | None = None


UNSAID = Dating()


def date_events(told: Sequence[Told], times: Sequence[Time], document: Document) -> tuple[Dating, ...]:
    """The date of each event, in the same order.

    An event takes the time nearest to it in its clause that no other event stands before, unless the time lies on the
    wrong side of the day of publication and suits another event. Where its clause has none, it takes one from the clauses
    beside it that no event stands beside. "Delayed until 2027" is no date of the delay.
    """
    by_sentence: dict[int, list[Time]] = {}
    number = 0
    for time in sorted(times, key=lambda time: time.span):
        while number + 1 < len(document.sentences) and document.sentences[number].span.end <= time.span.start:
            number += 1
        by_sentence.setdefault(number, []).append(time)
    events: dict[int, list[Told]] = {}
    for event in told:
        events.setdefault(event.sentence, []).append(event)
    return tuple(_date(event, by_sentence.get(event.sentence, ()), events[event.sentence], document) for event in told)


def _date(event: Told, times: Sequence[Time], events: Sequence[Told], document: Document) -> Dating:
    if not times:
        return UNSAID
    clauses = document.sentences[event.sentence].clauses
    home = _clause(event.head, clauses)
    near = [time for time in times if _clause(time.span, clauses) == home and _sees(event, time, events)]
    if not near:
        near = [
            time
            for time in times
            if abs(_clause(time.span, clauses) - home) == 1
            and not any(
                _clause(other.head, clauses) == _clause(time.span, clauses) and _sees(other, time, events)
                for other in events
            )
        ]
    if not near:
        return UNSAID
    for time in sorted(near, key=lambda time: _distance(event.span, time.span)):
        if _fits(event, time, document.published):
            return Dating(is_said=True, period=time.period(event.state))
        is_another_s = any(
            other.stage != event.stage and _sees(other, time, events) and _fits(other, time, document.published)
            for other in events
        )
        if not is_another_s and event.stage not in set(Condition):
            return Dating(is_said=True, period=time.period(event.state))
    return UNSAID


def _clause(span: Span, clauses: Sequence[Span]) -> int:
    return next((number for number, clause in enumerate(clauses) if span.start < clause.end), len(clauses))


def _sees(event: Told, time: Time, events: Sequence[Told]) -> bool:
    """Whether no other event stands between this one and the time."""
    if event.span.overlaps(time.span):
        return True
    low, high = sorted((event.head, time.span))
    return not any(
        other.stage != event.stage and low.end <= other.head.start and other.head.end <= high.start for other in events
    )


def _fits(event: Told, time: Time, published: Period | None) -> bool:
    """Whether the time lies where the event may: not past what is expected, nor ahead of what is reached."""
    period = time.period(event.state)
    if period is None or published is None:
        return True
    if event.state is State.EXPECTED:
        return period.end >= published.start
    return period.start <= published.end


def _distance(one: Span, other: Span) -> int:
    return max(0, one.start - other.end, other.start - one.end)
