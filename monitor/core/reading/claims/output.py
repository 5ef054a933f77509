"""The output of a plant from some day on: a start of production without a word for it."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby

from monitor.core.lifecycle import PLANNED, Condition
from monitor.core.model import Fact, FactKind, State
from monitor.core.periods import Period
from monitor.core.reading.claims.dated import PRODUCING, Dated
from monitor.core.reading.claims.dating import Dating
from monitor.core.reading.dates.timex import TimeExpression
from monitor.core.reading.events.events import Told
from monitor.core.reading.quantities.quantities import Quantity
from monitor.core.reading.text.document import Document, Span

#: If the article tells one of these about a project, a quantity with a day does not mean a start of production.
_DECIDED = frozenset({PRODUCING, Condition.SUSPENDED, Condition.CANCELLED, Condition.CLOSED})
#: Lower than for a start that is stated explicitly.
_SURENESS = 0.75


def starts_of_output(
    measured: Sequence[tuple[Quantity, Fact]],
    times: Sequence[TimeExpression],
    events: Sequence[Dated],
    document: Document,
) -> Iterator[Dated]:
    """The starts of production that projects expect: "half of its 50,000 tonnes from September 2026".

    Only for projects about whose production, halt or end the article tells nothing else, and only if the sentence
    contains a quantity and a future day, and nothing else that could happen then.
    """
    if document.published is None:
        return
    capacities = [(quantity, fact) for quantity, fact in measured if fact.kind is FactKind.CAPACITY]
    settled = {event.project for event in events if event.told.stage in _DECIDED}
    busy = {event.told.sentence for event in events if event.told.stage != PLANNED}
    for number, own in _by_sentence(capacities, document):
        if number in busy or document.sentences[number].is_title:
            continue
        for clause in document.sentences[number].clauses:
            here = [(quantity, fact) for quantity, fact in own if clause.contains(quantity.span)]
            start = next(_starts(clause, times, document.published), None) if here else None
            for quantity, fact in here if start else ():
                if fact.project in settled:
                    continue
                settled.add(fact.project)
                told = Told(
                    stage=PRODUCING,
                    state=State.EXPECTED,
                    sentence=number,
                    span=quantity.span,
                    head=quantity.span,
                    sureness=_SURENESS,
                    superseded=False,
                    hearsay=False,
                )
                yield Dated(project=fact.project, told=told, dating=Dating(start))


def _by_sentence(
    measured: Sequence[tuple[Quantity, Fact]], document: Document
) -> Iterator[tuple[int, list[tuple[Quantity, Fact]]]]:
    """The measured quantities by sentence index, for sentences that have any."""
    numbers = document.sentences_at(quantity.span for quantity, _ in measured)
    for number, own in groupby(zip(numbers, measured, strict=True), key=lambda one: one[0]):
        yield number, [each for _, each in own]


def _begin(time: TimeExpression) -> int:
    return time.span.start


def _starts(clause: Span, times: Sequence[TimeExpression], published: Period) -> Iterator[Period]:
    """The periods in a clause that can only be in the future; "Monday" may be the day of the news."""
    first, last = (bisect_left(times, edge, key=_begin) for edge in clause)
    for time in times[first:last]:
        if clause.contains(time.span) and not time.is_superseded and time.behind.start > published.end:
            yield time.ahead
