"""What a plant will put out from some day on: a start of production that is told without a word for it."""

from collections.abc import Iterator, Sequence

from monitor.core.model import Fact, FactKind, State
from monitor.core.periods import Period
from monitor.core.reading.claims import Dated
from monitor.core.reading.dating import PLANNED, Dating
from monitor.core.reading.document import Document, Span
from monitor.core.reading.events import Told
from monitor.core.reading.quantities import Quantity
from monitor.core.reading.timex import TimeExpression

#: The stage at which there is output.
PRODUCING = "operating"
#: Less sure than one that is told in so many words.
_SURENESS = 0.75


def starts_of_output(
    measured: Sequence[tuple[Quantity, Fact]],
    times: Sequence[TimeExpression],
    events: Sequence[Dated],
    document: Document,
) -> Iterator[Dated]:
    """The production that projects are to start: "half of its 50,000 tonnes from September 2026".

    Only of projects of whose production the article tells nothing else, and only where the sentence tells of a
    quantity and a day still to come and of nothing else that could happen then.
    """
    if document.published is None:
        return
    settled = {event.project for event in events if event.told.stage == PRODUCING}
    busy = {event.told.sentence for event in events if event.told.stage != PLANNED}
    for number, sentence in enumerate(document.sentences):
        if number in busy or sentence.is_title:
            continue
        for clause in sentence.clauses:
            start = next(_starts(clause, times, document.published), None)
            for quantity, fact in measured if start else ():
                if fact.kind is not FactKind.CAPACITY or not clause.contains(quantity.span) or fact.project in settled:
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


def _starts(clause: Span, times: Sequence[TimeExpression], published: Period) -> Iterator[Period]:
    """The periods still to come that a clause names."""
    for time in times:
        period = time.period(State.EXPECTED)
        if clause.contains(time.span) and not time.is_superseded and period.start > published.end:
            yield period
