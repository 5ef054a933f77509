"""Assigns the dates in an article to its events."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from monitor.core.lifecycle import PLANNED, UNDER_WAY, Condition
from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.reading.claims.pairing import Pairing
from monitor.core.reading.claims.suitability import fits, is_given_up, may_share, period_of
from monitor.core.reading.dates.timex import TimeExpression
from monitor.core.reading.events.events import Told
from monitor.core.reading.projects.pointers import Pointers
from monitor.core.reading.text.document import Document


class Dating(NamedTuple):
    """The date of an event."""

    #: None if the article gives none.
    period: Period | None = None
    #: It is an old plan that no longer holds.
    is_superseded: bool = False
    #: It is an old plan that was put off.
    is_put_off: bool = False
    #: It is when something is to come that was put off.
    is_new: bool = False


UNDATED = Dating()
#: Conditions that imply works under way.
_INTERRUPTIONS = frozenset({Condition.SUSPENDED, Condition.RESUMED})


def date_events(
    told: Sequence[Told], times: Sequence[TimeExpression], document: Document, vocabulary: Pointers
) -> tuple[tuple[Dating, ...], ...]:
    """The dates of each event, in the same order: mostly one, several for alternatives ("2026 or 2027").

    A time is given to the event nearest to it in its clause, where no other stands between; one that stands right
    behind an event is rather its than that of what follows. What was planned once comes last. An event whose clause has
    no time takes one from the clauses beside it that nothing there has. A time on the wrong side of the day of
    publication is taken where it suits nothing else in its clause: it makes an expectation of what is told. "Delayed
    until 2027" is not a date of the delay, the day on which it was said that something will happen ("it said on Friday
    that …") none of what will, and the day on which works stop or go on is not that on which they began. A
    sentence that tells nothing itself may say when that was which the one before it tells: "It was signed on Thursday".
    What an "and" joins to an event has the time that stands before that one: "in March it got its permit and broke
    ground".
    """
    by_sentence = _by_sentence(times, document)
    members: dict[int, list[int]] = defaultdict(list)
    for number, event in enumerate(told):
        members[event.sentence].append(number)
    dated: list[tuple[Dating, ...]] = [(UNDATED,)] * len(told)
    for sentence in members.keys() & by_sentence.keys():
        numbers = members[sentence]
        here = [told[number] for number in numbers]
        pairing = Pairing(document, sentence, here, by_sentence[sentence], vocabulary)
        for position, given in pairing.given().items():
            number = numbers[position]
            dated[number] = tuple(_dating(told[number], time, document.published) for time in given)
    for sentence, own in by_sentence.items():
        if all(told[number].stage == PLANNED for number in members.get(sentence, ())):
            before = members.get(sentence - 1, ())
            undated = [n for n in before if dated[n] == (UNDATED,) and not told[n].is_of_part]
            for number, time in _dated_behind(undated, told, own, document.published):
                dated[number] = (_dating(told[number], time, document.published),)
    interrupted = {event.span for event in told if event.stage in _INTERRUPTIONS}
    return tuple(
        (UNDATED,) if event.stage == UNDER_WAY and event.span in interrupted else dates
        for event, dates in zip(told, dated, strict=True)
    )


def _dated_behind(
    undated: Sequence[int], told: Sequence[Told], times: Sequence[TimeExpression], published: Period | None
) -> Iterator[tuple[int, TimeExpression]]:
    """The times from the next sentence for the last undated event of a sentence, and for those that share its time."""
    looking_back = [time for time in times if time.is_of_before and not time.is_superseded]
    for number in reversed(undated):
        for time in looking_back:
            if told[number].state is not State.DENIED and fits(told[number], time, published):
                yield from ((each, time) for each in undated if may_share(told[each], told[number]))
                return


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
    is_superseded = time.is_superseded or is_given_up(event, period, published)
    return Dating(period, is_superseded, is_put_off=time.is_put_off, is_new=time.is_new)
