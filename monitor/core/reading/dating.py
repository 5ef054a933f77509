"""Which date belongs to which event of an article."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.core.periods import Period
from monitor.core.reading.document import Document
from monitor.core.reading.events import Told
from monitor.core.reading.pairing import Pairing
from monitor.core.reading.suitability import is_given_up, period_of
from monitor.core.reading.timex import TimeExpression


@dataclass(frozen=True, slots=True)
class Dating:
    """The date of an event."""

    #: None where nothing is said of it.
    period: Period | None = None
    #: So it was planned once, and is no more.
    is_superseded: bool = False


UNDATED = Dating()


def date_events(
    told: Sequence[Told], times: Sequence[TimeExpression], document: Document
) -> tuple[tuple[Dating, ...], ...]:
    """The dates of each event, in the same order: mostly one, several where alternatives are told ("2026 or 2027").

    A time is given to the event nearest to it in its clause, where no other stands between; one that stands right
    behind an event is rather its than that of what follows. What was planned once comes last. An event whose clause has
    no time takes one from the clauses beside it that nothing there has. A time on the wrong side of the day of
    publication is taken where it suits nothing else in its clause: it makes an expectation of what is told. "Delayed
    until 2027" is no date of the delay.
    """
    by_sentence = _by_sentence(times, document)
    members: dict[int, list[int]] = defaultdict(list)
    for number, event in enumerate(told):
        members[event.sentence].append(number)
    dated: list[tuple[Dating, ...]] = [(UNDATED,)] * len(told)
    for sentence in members.keys() & by_sentence.keys():
        numbers = members[sentence]
        pairing = Pairing(document, sentence, [told[number] for number in numbers], by_sentence[sentence])
        for position, given in pairing.given().items():
            number = numbers[position]
            dated[number] = tuple(_dating(told[number], time, document.published) for time in given)
    return tuple(dated)


def _by_sentence(times: Sequence[TimeExpression], document: Document) -> dict[int, list[TimeExpression]]:
    found: dict[int, list[TimeExpression]] = defaultdict(list)
    number = 0
    for time in sorted(times, key=lambda time: time.span):
        while number + 1 < len(document.sentences) and document.sentences[number].span.end <= time.span.start:
            number += 1
        found[number].append(time)
    return found


def _dating(event: Told, time: TimeExpression, published: Period | None) -> Dating:
    period = period_of(event, time, published)
    return Dating(period, time.is_superseded or is_given_up(event, period, published))
