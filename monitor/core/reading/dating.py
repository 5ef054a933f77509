"""Which date belongs to which event of a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.core.lifecycle import Condition
from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.reading.document import Document, Span
from monitor.core.reading.events import Told
from monitor.core.reading.timex import TimeExpression


@dataclass(frozen=True, slots=True)
class Dating:
    """The date of an event."""

    #: None where nothing is said of it.
    period: Period | None = None
    #: So it was planned once, and is no more.
    is_superseded: bool = False


UNDATED = Dating()

#: Most characters between two times that are told as one.
JOINED = 6
#: Stages that are often reached by one act of signature.
DECIDED = {"agreed", "approved"}
#: The stage of a project of which nothing further is told than that there is a plan.
PLANNED = "announced"


def date_events(
    told: Sequence[Told], times: Sequence[TimeExpression], document: Document
) -> tuple[tuple[Dating, ...], ...]:
    """The dates of each event, in the same order: mostly one, several where alternatives are told ("2026 or 2027").

    An event takes the time nearest to it in its clause that no other event stands before, unless the time lies on the
    wrong side of the day of publication and suits another event. Where its clause has none, it takes one from the
    clauses beside it that no event stands beside. "Delayed until 2027" is no date of the delay.
    """
    by_sentence: dict[int, list[TimeExpression]] = {}
    number = 0
    for time in sorted(times, key=lambda time: time.span):
        while number + 1 < len(document.sentences) and document.sentences[number].span.end <= time.span.start:
            number += 1
        by_sentence.setdefault(number, []).append(time)
    events: dict[int, list[Told]] = {}
    for event in told:
        events.setdefault(event.sentence, []).append(event)
    return tuple(_date(event, by_sentence.get(event.sentence, ()), events[event.sentence], document) for event in told)


def _date(
    event: Told, times: Sequence[TimeExpression], events: Sequence[Told], document: Document
) -> tuple[Dating, ...]:
    if not times:
        return (UNDATED,)
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
                # That something was said then does not keep what was said from having happened then.
                if other.stage != PLANNED and not _happen_together(event, other)
            )
        ]
    for time in sorted(
        near, key=lambda time: (_belongs_to_another(time, event, events), _distance(event.head, time.span))
    ):
        if _fits(event, time, document.published):
            return tuple(
                Dating(_period(event, alternative), alternative.is_superseded)
                for alternative in (time, *_alternatives(time, times))
                if _fits(event, alternative, document.published)
            )
        is_another_s = any(
            other.stage != event.stage and _sees(other, time, events) and _fits(other, time, document.published)
            for other in events
        )
        if not is_another_s and event.stage not in set(Condition):
            return (Dating(_period(event, time), time.is_superseded),)
    return (UNDATED,)


def _belongs_to_another(time: TimeExpression, event: Told, events: Sequence[Told]) -> bool:
    """Whether the time stands nearer to another event, or as near to one told before ("begun in 2021 and opened …")."""
    own = (_distance(event.head, time.span), event.head.start)
    return any(
        other.stage != event.stage and (_distance(other.head, time.span), other.head.start) < own for other in events
    )


def _alternatives(time: TimeExpression, times: Sequence[TimeExpression]) -> list[TimeExpression]:
    """The times joined to this one by a mere word: "October 2024 and April 2025"."""
    return [other for other in times if other is not time and _distance(time.span, other.span) <= JOINED]


def _clause(span: Span, clauses: Sequence[Span]) -> int:
    return next((number for number, clause in enumerate(clauses) if span.start < clause.end), len(clauses))


def _sees(event: Told, time: TimeExpression, events: Sequence[Told]) -> bool:
    """Whether no other event stands between this one and the time."""
    if event.span.overlaps(time.span):
        return True
    low, high = sorted((event.head, time.span))
    return not any(
        low.end <= other.head.start and other.head.end <= high.start and not _happen_together(event, other)
        for other in events
    )


def _happen_together(one: Told, other: Told) -> bool:
    """Whether two events are one act, so that they share a date: "approved and signed on 29 March"."""
    return one.stage == other.stage or (
        one.state is other.state is State.REACHED and {one.stage, other.stage} == DECIDED
    )


def _fits(event: Told, time: TimeExpression, published: Period | None) -> bool:
    """Whether the time lies where the event may: not past what is expected, nor ahead of what is reached."""
    if published is None:
        return True
    period = _period(event, time)
    if event.state is State.EXPECTED:
        return period.end >= published.start
    return period.start <= published.end


def _period(event: Told, time: TimeExpression) -> Period:
    return time.period(event.state)


def _distance(one: Span, other: Span) -> int:
    return max(0, one.start - other.end, other.start - one.end)
