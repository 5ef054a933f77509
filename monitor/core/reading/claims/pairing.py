"""Assigns the times of a sentence to the events in it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from monitor.core.lifecycle import PLANNED, Condition
from monitor.core.model import State
from monitor.core.periods import Precision
from monitor.core.reading.claims.asides import Aside, is_before_aside, is_inserted, is_replaced
from monitor.core.reading.claims.suitability import fits, happen_together, is_condition, may_have, may_share
from monitor.core.reading.dates.timex import TimeExpression
from monitor.core.reading.events.events import Told
from monitor.core.reading.projects.pointers import Pointers
from monitor.core.reading.text.document import Document, Span

#: The most characters between two times that form one.
JOINED = 6
#: The most characters between the start of an "and" and what it joins.
JOINED_BY = 8
#: The most characters between an event and a time right after it; for what follows, ``ANOTHER_S`` is added to the cost.
RIGHT_BEHIND = 12
#: In Chinese, a time at most this many characters before an event belongs to it, whatever stands before the time.
_RIGHT_BEFORE = 2
_HAN = "\u2e80"
#: Like ``RIGHT_BEHIND``, if what follows has another time after it: "tests are to be held in April, before it opens in
#: autumn".
BEHIND = 40
ANOTHER_S = 20
#: The cost of a time before the "after" that introduces an event: it belongs to the main clause, however far.
ASIDE = 60
#: The cost of a time on the wrong side of the day of publication.
UNFIT = 10
#: The distance, in clauses, of two clauses that an aside separates.
_ACROSS_ASIDE = 2
#: The most characters before a time that opens its clause.
_OPENS = 6
_RANGE = frozenset(" -–/~")
#: An announcement is no longer news after this many days.
NEWS = 31
#: The number of times that are considered on either side of an event.
BESIDE = 3


class _Pair(NamedTuple):
    """The indices of an event and of a time that it may have. The better of two pairs sorts first."""

    cost: int
    #: A halt takes a date before the works that were halted.
    is_stage: bool
    distance: int
    event: int
    time: int


class Pairing:
    """The events of one sentence and its times."""

    def __init__(
        self,
        document: Document,
        sentence: int,
        events: Sequence[Told],
        times: Sequence[TimeExpression],
        vocabulary: Pointers,
    ) -> None:
        """Prepare the pairing.

        Args:
            document: the article.
            sentence: the index of the sentence.
            events: the events in it.
            times: the times in it, in text order.
            vocabulary: the words that join two things.
        """
        self._vocabulary = vocabulary
        self._text_of = document.text
        self._text = document.text.bare
        self._published = document.published
        self._clauses = document.sentences[sentence].clauses
        self._events = events
        self._times = times
        self._clauses_of_events = [
            (self._clause(e.head.start), self._clause(max(e.head.end, e.span.end) - 1)) for e in events
        ]
        self._clauses_of_times = [self._clause(time.span.start) for time in times]
        self._asides = [
            Aside.around(time.span, self._text, self._clauses[clause])
            for time, clause in zip(times, self._clauses_of_times, strict=True)
        ]
        self._by_head = sorted(events, key=lambda event: event.head)
        self._heads = [event.head.start for event in self._by_head]

    def given(self) -> Mapping[int, Sequence[TimeExpression]]:
        """The time of each event that has one, by event index, with the joined times that fit the event as well."""
        own, beside = self._pairs()
        given: dict[int, int] = {}
        takers: dict[int, list[Told]] = defaultdict(list)
        for is_superseded in (False, True):
            for pair in (*own, *beside):
                event = self._events[pair.event]
                if (
                    self._times[pair.time].is_superseded is is_superseded
                    and pair.event not in given
                    and all(may_share(taker, event) for taker in takers[pair.time])
                    and self._is_its_own(event, pair.time)
                ):
                    given[pair.event] = pair.time
                    for time in (pair.time, *self._joined(pair.time)):
                        takers[time].append(event)
        given.update(self._shared(given))
        return {
            event: [self._times[time], *(self._times[t] for t in self._joined(time) if self._fits(event, t))]
            for event, time in given.items()
        }

    def _shared(self, given: Mapping[int, int]) -> list[tuple[int, int]]:
        """The undated events that an "and" joins to one with a time before it, each with the index of that time."""
        order = sorted(range(len(self._events)), key=lambda number: self._events[number].head)
        shared: list[tuple[int, int]] = []
        for before, number in pairwise(order):
            one, other = self._events[before], self._events[number]
            if number in given or before not in given or not (_is_done(one) and _is_done(other)):
                continue
            time = self._times[given[before]]
            is_one_clause = self._clauses_of_events[before] == self._clauses_of_events[number]
            is_led = time.span.end <= one.head.start and fits(other, time, self._published)
            if is_one_clause and is_led and self._is_joined(Span(one.head.end, other.head.start)):
                shared.append((number, given[before]))
        return shared

    def _is_joined(self, between: Span) -> bool:
        """Whether the words between two events end with an "and"."""
        joins = self._vocabulary.joins(self._text_of, between)
        return any(between.end - start <= JOINED_BY and not opens_aside for start, opens_aside in joins)

    def _pairs(self) -> tuple[list[_Pair], list[_Pair]]:
        """Pairs of events with possible times of their own clause, and with those of the adjacent clauses."""
        own: list[_Pair] = []
        beside: list[_Pair] = []
        starts = [time.span.start for time in self._times]
        for number, event in enumerate(self._events):
            first, last = self._clauses_of_events[number]
            at = bisect_left(starts, event.head.start)
            for time in range(max(0, at - BESIDE), min(len(starts), at + BESIDE)):
                if not may_have(event, self._times[time], self._published):
                    continue
                if self._times[time].is_of_next and not self._is_next(event, time):
                    continue
                aside = self._asides[time]
                if is_before_aside(event, self._times[time], aside) or self._is_of_opening(event, time):
                    continue
                if self._is_of_telling(event, time):
                    continue
                apart = max(first - self._clauses_of_times[time], self._clauses_of_times[time] - last, 0)
                if apart == 0 and self._sees(event, time):
                    own.append(self._pair(number, time))
                elif apart == 1 or (apart == _ACROSS_ASIDE and self._is_behind_aside(event, time)):
                    beside.append(self._pair(number, time))
        own = [pair for pair in own if not self._is_replaced(pair, own)]
        owners: dict[int, list[Told]] = defaultdict(list)
        for pair in own:
            owners[pair.time].append(self._events[pair.event])
        provided = {pair.event for pair in own if not self._times[pair.time].is_superseded}
        followed = {pair.event for pair in own if self._follows(pair)}
        weighed = [
            self._weighed(pair, owners[pair.time], is_followed=pair.event in followed)
            for pair in own
            if not (self._befell(pair, owners[pair.time]) or self._is_of_what_is_late(pair, owners[pair.time]))
        ]
        free = [
            pair
            for pair in beside
            if pair.event not in provided and self._is_left(self._events[pair.event], owners[pair.time])
        ]
        return sorted(weighed), sorted(free)

    def _is_of_telling(self, event: Told, time: int) -> bool:
        """Whether a time is only when somebody said that something will happen, or not: "it said on Friday that …"."""
        place = self._times[time].span
        if event.state is State.REACHED or event.head.start < place.end:
            return False
        behind = place.end + (self._text[place.end : place.end + 1] == " ")
        return self._vocabulary.that.at(self._text, behind) is not None

    def _is_replaced(self, pair: _Pair, own: Sequence[_Pair]) -> bool:
        """Whether the event has a later time after the aside that contains this one."""
        others = [self._times[other.time] for other in own if other.event == pair.event]
        return is_replaced(
            self._text, self._events[pair.event], self._times[pair.time], self._asides[pair.time], others
        )

    def _is_behind_aside(self, event: Told, time: int) -> bool:
        """Whether the clause between an event and a time is an aside, and the time continues the event's clause.

        In a script whose comma ends a clause: "works began، the first of their kind، in May". A time in the aside must
        be superseded: "the start was put off، which was due in May، to July".
        """
        place = self._times[time].span
        goes_on = place.start - self._clauses[self._clauses_of_times[time]].start <= _OPENS
        between = (each for each in self._times[:time] if each.span.start >= event.head.end)
        is_next = all(each.is_superseded for each in between)
        return event.head.end <= place.start and goes_on and is_next and not any(self._between(event.head, place))

    def _pair(self, number: int, time: int) -> _Pair:
        event, place = self._events[number], self._times[time].span
        if not event.span.contains(place):
            cost = _distance(event.span, place)
        elif event.head == event.span:
            # If the verb is not known, it is the last of the words that tell the event.
            cost = event.span.end - place.end
        else:
            cost = _distance(event.head, place)
        cost += 0 if self._fits(number, time) else UNFIT
        return _Pair(cost, not is_condition(event), _distance(event.head, place), number, time)

    def _follows(self, pair: _Pair) -> bool:
        return self._times[pair.time].span.start >= self._events[pair.event].head.end

    def _weighed(self, pair: _Pair, owners: Sequence[Told], *, is_followed: bool) -> _Pair:
        """The pair; its cost is higher if the time belongs to an event before this one.

        It does right after another event, or with "and" between: "they are due in June and production starts …"; or
        with "after" between: "restarted in June after a halt".
        """
        event, time = self._events[pair.event], self._times[pair.time]
        is_han = self._text[event.span.start] >= _HAN
        is_led = is_han and 0 <= event.span.start - time.span.end <= _RIGHT_BEFORE
        is_another_s = (
            event.span.end > time.span.start
            and not is_led
            and any(
                0 <= time.span.start - owner.span.end <= (BEHIND if is_followed else RIGHT_BEHIND)
                and (not may_share(event, owner) or (is_followed and not event.span.overlaps(owner.span)))
                for owner in owners
            )
        )
        is_before_and = time.is_before_and and event.span.start >= time.span.end
        is_another_s = is_another_s or is_inserted(event, self._asides[pair.time], owners)
        if self._is_by_the_way(event, time):
            return pair._replace(cost=pair.cost + ASIDE)
        return pair._replace(cost=pair.cost + ANOTHER_S) if is_another_s or is_before_and else pair

    def _is_by_the_way(self, event: Told, time: TimeExpression) -> bool:
        """Whether an "after" stands right after a time and before the event."""
        between = Span(time.span.end, min(event.head.start, time.span.end + JOINED_BY))
        return between.end > between.start and any(
            opens_aside for _, opens_aside in self._vocabulary.joins(self._text_of, between)
        )

    def _befell(self, pair: _Pair, owners: Sequence[Told]) -> bool:
        """Whether the words for a stage also tell a condition that came at that time: "works were halted in May"."""
        event = self._events[pair.event]
        return not is_condition(event) and any(
            is_condition(owner) and owner.head.overlaps(event.head) for owner in owners
        )

    def _is_of_what_is_late(self, pair: _Pair, owners: Sequence[Told]) -> bool:
        """Whether a time before a delay belongs to what is late: "is now due in January, a year behind schedule"."""
        event, place = self._events[pair.event], self._times[pair.time].span
        return (
            event.stage == Condition.DELAYED
            and place.end <= event.head.start
            and any(owner.state is State.EXPECTED and owner.head.end <= place.start for owner in owners)
        )

    def _is_left(self, event: Told, owners: Sequence[Told]) -> bool:
        """Whether the events in a time's own clause leave it to an event in another clause.

        An announcement leaves it: what was announced may have happened at the same time.
        """
        return all(owner.stage == PLANNED or may_share(event, owner) for owner in owners)

    def _is_its_own(self, event: Told, time: int) -> bool:
        """Whether the time suits the event, or at least suits nothing else in its clause."""
        return fits(event, self._times[time], self._published) or not any(
            first <= self._clauses_of_times[time] <= last
            and other.stage != event.stage
            and not other.is_open
            and self._sees(other, time)
            and fits(other, self._times[time], self._published)
            for other, (first, last) in zip(self._events, self._clauses_of_events, strict=True)
        )

    def _sees(self, event: Told, time: int) -> bool:
        """Whether no other event that might have the time stands between this one and the time."""
        place = self._times[time].span
        return event.span.overlaps(place) or all(
            (other.stage == PLANNED and not self._is_of_announcement(other, time))
            or happen_together(event, other)
            or not may_have(other, self._times[time], self._published)
            for other in self._between(event.head, place)
        )

    def _is_of_announcement(self, event: Told, time: int) -> bool:
        """Whether a time right after a word of announcing is that of the announcement: "which it announced in 2023".

        A time shortly before the day of publication is that of the news.
        """
        place, behind = self._times[time].span, self._times[time].behind
        is_long_ago = self._published is not None and (self._published.start - behind.end).days > NEWS
        return is_long_ago and 0 <= place.start - event.head.end <= RIGHT_BEHIND

    def _is_of_opening(self, event: Told, time: int) -> bool:
        """Whether a time belongs to a word of announcing that opens a sentence: "Announced in 2023, it was sold"."""
        place = self._times[time].span
        return (
            event.stage != PLANNED
            and self._text.startswith(",", place.end)
            and any(
                other.stage == PLANNED
                and other.head.start - self._clauses[0].start <= _OPENS
                and other.head.end <= place.start < event.head.start
                and self._is_of_announcement(other, time)
                for other in self._events
            )
        )

    def _is_next(self, event: Told, time: int) -> bool:
        """Whether this is the event that "two months after works began" dates.

        False if the event is still to come by then: "it will open two years after works begin".
        """
        place, published = self._times[time].span, self._published
        is_over = published is not None and self._times[time].ahead.end < published.start
        is_to_come = any(e.state is State.EXPECTED and e.head.end <= place.start for e in self._events)
        return (
            place.end <= event.head.start and not any(self._between(place, event.head)) and not (is_over and is_to_come)
        )

    def _joined(self, time: int) -> list[int]:
        """The times that only a word joins to this one: "October 2024 or April 2025"."""
        return [
            other
            for other in (time - 1, time + 1)
            if 0 <= other < len(self._times)
            and self._clauses_of_times[other] == self._clauses_of_times[time]
            and not self._times[other].is_superseded
            and self._is_mere_word(*sorted((time, other)))
        ]

    def _is_mere_word(self, first: int, second: int) -> bool:
        is_year, is_other = (self._times[n].behind.precision is Precision.YEAR for n in (first, second))
        if is_year is not is_other:
            # "In August and in 2027" are not alternatives.
            return False
        one, other = self._times[first].span, self._times[second].span
        between = self._text[one.end : other.start]
        is_word = self._times[first].is_before_and or set(between) <= _RANGE
        return (
            len(between) <= JOINED
            and is_word
            and not self._times[second].is_of_next
            and set(between).isdisjoint(",،，;")
            and not any(self._between(one, other))
        )

    def _between(self, one: Span, other: Span) -> Iterator[Told]:
        """The events whose heads stand between two places."""
        low, high = sorted((one, other))
        for event in self._by_head[bisect_left(self._heads, low.end) : bisect_left(self._heads, high.start)]:
            if event.head.end <= high.start:
                yield event

    def _fits(self, number: int, time: int) -> bool:
        return fits(self._events[number], self._times[time], self._published)

    def _clause(self, at: int) -> int:
        return next((n for n, clause in enumerate(self._clauses) if at < clause.end), len(self._clauses))


def _is_done(event: Told) -> bool:
    return event.state is State.REACHED and not is_condition(event) and event.stage != PLANNED and not event.is_of_part


def _distance(one: Span, other: Span) -> int:
    return max(0, one.start - other.end, other.start - one.end)
