"""Decides which quantities are facts of which project: its cost, capacity, jobs, area and progress."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from monitor.core.model import Fact, FactKind
from monitor.core.reading.projects.focus import Focus
from monitor.core.reading.projects.names import WORD
from monitor.core.reading.quantities.bearers import Bearers
from monitor.core.reading.quantities.factwords import FactWords
from monitor.core.reading.quantities.quantities import Quantity
from monitor.core.reading.text.alternation import Alternation
from monitor.core.reading.text.document import Document, Sentence, Span
from monitor.core.reading.text.text import Text

#: The most characters before a quantity to a word that says what it is; after it, to a word that says that it is not a
#: fact, and to one that says that it is ($4 billion plant).
_BEFORE, _AFTER, _NEXT = 90, 15, 3
#: The most characters before a quantity to words that an aside separates from it, or that count whatever is nearer.
_FAR_BEFORE = 150
#: The least number of plants, or machines, that are several.
_SEVERAL = 2
_POWER = {"MW", "GW"}
#: The greatest length of a cue.
_CUE = 30
#: In the search for a word before a quantity, a comma is skipped only if at most this many characters follow it.
_APPOSITION = 20
#: Two amounts at most this many characters apart are the same one in two currencies, unless words say otherwise.
_NEAR = 45
#: The most characters between a word that names a quantity and the quantity: a loan of.
_RIGHT_BEFORE = 12
#: The least value of a fact. Less is a price, a fee, or a word used as a number.
_LEAST = {FactKind.INVESTMENT: 1e6, FactKind.JOBS: 2.0}
_LEAST_COUNT = {"units/yr": 100.0, "seats": 100.0, "m3": 100.0}
#: The confidence with and without a word that supports the reading.
_SURE, _LIKELY = 0.9, 0.7
#: Beside one of these, money is probably the cost of the project.
_COMPANIONS = {FactKind.CAPACITY, FactKind.JOBS, FactKind.AREA}
#: The greatest possible value.
_MOST = {"%": 100.0}
_STOP = re.compile("[;؛；]")
_COMMA = re.compile(r"[,،、](?!\d)")
#: The meaning of power if an article is about goods that are counted in watts (batteries, solar panels): yearly output.
_IN_WATTS = {"GW": ("GW/yr", 1.0), "MWh": ("GWh/yr", 1e-3)}
#: A plant's output is per year (of oil, per day) even if the article does not say so.
_YEARLY = {
    "t": "t/yr",
    "GWh": "GWh/yr",
    "units": "units/yr",
    "TEU": "TEU/yr",
    "passengers": "passengers/yr",
    "bbl": "bbl/day",
}


class Amount(NamedTuple):
    """A quantity as the fact that it may be, of any project."""

    quantity: Quantity
    kind: FactKind
    unit: str
    #: Both ends of a range; if the amount went down, only the end that it went to.
    values: tuple[float, ...]


def amounts(document: Document, found: Sequence[Quantity], words: FactWords) -> Iterator[Amount]:
    """The quantities of a document that may be facts, in text order."""
    page = _Page(document.text, words)
    starts = [quantity.span.start for quantity in found]
    for sentence in document.sentences:
        first, last = (bisect_left(starts, edge) for edge in (sentence.span.start, sentence.span.end))
        if first < last:
            yield from _Scene(page, sentence, found[first:last]).amounts()


def facts(
    document: Document, found: Sequence[Quantity], focus: Focus, words: FactWords, bearers: Bearers
) -> tuple[Fact, ...]:
    """The facts of a document, in text order, each value once."""
    return each_once(attributed(document, found, focus, words, bearers))


def each_once(attributed: Iterable[tuple[Quantity, Fact]]) -> tuple[Fact, ...]:
    """The facts in text order, each once. If one of several equal facts belongs to a part, the result does."""
    told: dict[tuple[str, FactKind, float, str], Fact] = {}
    for _, fact in attributed:
        first = told.setdefault((fact.project, fact.kind, fact.value, fact.unit), fact)
        if first.phase is None and fact.phase is not None:
            told[fact.project, fact.kind, fact.value, fact.unit] = fact
    return tuple(told.values())


def attributed(
    document: Document, found: Sequence[Quantity], focus: Focus, words: FactWords, bearers: Bearers
) -> Iterator[tuple[Quantity, Fact]]:
    """Every occurrence of a fact with its quantity, in text order.

    A range gives both ends; an amount that moved gives the end that it moved to. A quantity in a part about several
    projects, or about none, gives no fact. An old plan counts only if there is no other fact of its kind.
    """
    told = [*_attributed(document, found, focus, words, bearers)]
    current = {(fact.project, fact.kind) for _, fact, is_superseded in told if not is_superseded}
    for quantity, fact, is_superseded in told:
        if not is_superseded or (fact.project, fact.kind) not in current:
            yield quantity, fact


def _attributed(
    document: Document, found: Sequence[Quantity], focus: Focus, words: FactWords, bearers: Bearers
) -> Iterator[tuple[Quantity, Fact, bool]]:
    """The occurrences of facts, each with whether it is an old plan."""
    page = _Page(document.text, words)
    starts = [quantity.span.start for quantity in found]
    for sentence in document.sentences:
        first, last = (bisect_left(starts, edge) for edge in (sentence.span.start, sentence.span.end))
        for fact in _Scene(page, sentence, found[first:last]).read() if first < last else ():
            projects = focus.bearers_at(fact.quantity.span)
            if len(projects) != 1 or bearers.bear(fact.quantity, sentence):
                continue
            ends = (fact.quantity.last,) if fact.has_moved else (fact.quantity.low, fact.quantity.high)
            for value in dict.fromkeys(ends):
                yield (
                    fact.quantity,
                    Fact(
                        project=projects[0],
                        kind=fact.kind,
                        value=round(value * fact.factor, 6),
                        unit=fact.unit,
                        evidence=document.quote(sentence.span),
                        confidence=fact.confidence,
                    ),
                    fact.is_superseded,
                )


class _Found(NamedTuple):
    """A quantity that is a fact about the subject of its sentence."""

    quantity: Quantity
    kind: FactKind
    unit: str
    factor: float
    confidence: float
    #: The first end of the range is the former value.
    has_moved: bool
    #: It is an old plan that no longer holds.
    is_superseded: bool


class _Page:
    """The text of an article, and what it is about."""

    def __init__(self, text: Text, words: FactWords) -> None:
        self.text = text.bare
        self.words = words
        self._original = text

    def has(self, cue: Alternation[bool], place: Span) -> bool:
        """Whether a word of the cue that says yes stands there."""
        return any(says for _, _, says in cue.find(self.text, place.start, place.end))

    def is_qualifier(self, place: Span) -> bool:
        """Whether all words there are names, or say which plant is meant: its $4 billion *Blyth battery* plant."""
        words = [word.start() for word in WORD.finditer(self.text, *place)]
        return bool(words) and all(
            self._original.is_capital(word) or self.words.qualifiers.at(self.text, word) for word in words
        )

    @cached_property
    def is_on_power(self) -> bool:
        """Whether it is about power stations: what is counted there was built, not made."""
        return self.has(self.words.power, Span(0, len(self.text)))

    @cached_property
    def is_on_yearly_goods(self) -> bool:
        return self.has(self.words.yearly_goods, Span(0, len(self.text)))


class _Scene:
    """A sentence with its quantities."""

    def __init__(self, page: _Page, sentence: Sentence, found: Sequence[Quantity]) -> None:
        self._page = page
        self._text = page.text
        self._words = page.words
        self._sentence = sentence
        self._found = found
        self._clause_ends = [clause.end for clause in sentence.clauses]

    def amounts(self) -> Iterator[Amount]:
        """The quantities that may be facts."""
        for quantity in self._found:
            measured = self._measured(quantity, self._clause_of(quantity))
            if measured is not None:
                kind, unit, factor = measured
                ends = (quantity.last,) if quantity.last < quantity.high else (quantity.low, quantity.high)
                values = tuple(round(value * factor, 6) for value in dict.fromkeys(ends))
                yield Amount(quantity, kind, unit, values)

    def read(self) -> Iterator[_Found]:
        # The last quantity that words, or their absence, decided on, and the decision.
        before: Quantity | None = None
        was_fact = False
        # The last count of plants.
        plants: Quantity | None = None
        ends: dict[FactKind, int] = {}
        for index, quantity in enumerate(self._found):
            clause = self._clause_of(quantity)
            if quantity.unit == "plants" and quantity.high >= _SEVERAL:
                plants = quantity
            measured = self._measured(quantity, clause)
            if measured is None or self._is_of_each(index):
                continue
            kind, unit, factor = measured
            # What stands before another quantity of this kind belongs to that one.
            told, ends[kind] = ends.get(kind, self._sentence.span.start), quantity.span.end
            floor = max(told, clause.start)
            if self._is_put_up(quantity) or quantity.high * factor < _LEAST_COUNT.get(unit, _LEAST.get(kind, 0.0)):
                continue
            ahead = self._found[index + 1].span.start if index + 1 < len(self._found) else clause.end
            behind = Span(quantity.span.end, min(ahead, clause.end))
            front = self._front(quantity, floor)
            # Nobody writes a range from its upper end down.
            is_down = quantity.last < quantity.high
            has_moved = is_down or (quantity.low < quantity.high and self._has(self._words.moved, front))
            is_superseded = not has_moved and self._is_superseded(front, behind, ahead)
            if kind is FactKind.PROGRESS:
                verdict = self._is_done(quantity, told, clause.start, behind)
            elif self._is_apart(index, plants):
                verdict = False
            else:
                verdict = self._verdict(kind, unit, front, behind)
            if is_superseded:
                before, is_fact = None, bool(verdict)
            else:
                if verdict is None and before is not None and self._is_like(before, quantity):
                    # The same sum in another currency, or more of the same.
                    verdict = was_fact
                is_fact = self._is_likely(kind) if verdict is None else verdict
                before, was_fact = quantity, is_fact
            if is_fact and quantity.high <= _MOST.get(unit, quantity.high):
                yield _Found(quantity, kind, unit, factor, _SURE if verdict else _LIKELY, has_moved, is_superseded)

    def _clause_of(self, quantity: Quantity) -> Span:
        return self._sentence.clauses[bisect_right(self._clause_ends, quantity.span.start)]

    def _measured(self, quantity: Quantity, clause: Span) -> tuple[FactKind, str, float] | None:
        """What a quantity measures if it is a project's: kind, unit, and factor for its value. None if nothing."""
        if quantity.unit == "people":
            return self._people
        if quantity.kind is None:
            return None
        if quantity.unit in _IN_WATTS and self._page.is_on_yearly_goods and not self._has(self._words.power, clause):
            return FactKind.CAPACITY, *_IN_WATTS[quantity.unit]
        if quantity.unit == "GW":
            return FactKind.CAPACITY, "MW", 1e3
        return quantity.kind, _YEARLY.get(quantity.unit, quantity.unit), 1.0

    @cached_property
    def _people(self) -> tuple[FactKind, str, float] | None:
        """What people are in this sentence: workers, spectators, or neither."""
        if self._has(self._words.work, self._sentence.span):
            return FactKind.JOBS, "jobs", 1.0
        return (FactKind.CAPACITY, "seats", 1.0) if self._has(self._words.seating, self._sentence.span) else None

    def _has(self, cue: Alternation[bool], place: Span) -> bool:
        return self._page.has(cue, place)

    def _front(self, quantity: Quantity, floor: int) -> Span:
        """The stretch before a quantity with words that say what it is, back to another of its kind or to a comma."""
        end = quantity.span.start
        floor = max(floor, end - _BEFORE)
        comma = _last_comma(self._text, floor, end)
        if comma is not None and end - comma < _APPOSITION:
            comma = _last_comma(self._text, floor, comma - 1)
        return Span(comma or floor, end)

    def _is_superseded(self, front: Span, behind: Span, ahead: int) -> bool:
        """Whether it is an old plan that no longer holds."""
        near = Span(max(front.start, front.end - _CUE), front.end)
        words = self._words
        if self._has(words.then, Span(behind.start, ahead)):
            return False
        return bool(self._next(words.superseded_after, behind)) or (
            self._has(words.superseded, near) and not self._next(words.current, behind)
        )

    def _verdict(self, kind: FactKind, unit: str, front: Span, behind: Span) -> bool | None:
        """Whether words around a quantity say that it is a fact. None if they do not say."""
        cues = self._words.cues[kind]
        if unit == _YEARLY["units"] and self._has(self._words.enough, front):
            return False
        says = self._next(cues.after, behind)
        if says is not None and not (says and self._is_given(front)):
            return says
        said = [says for _, _, says in cues.before.find(self._text, front.start, front.end)]
        return said[-1] if said else None

    def _is_given(self, front: Span) -> bool:
        """Whether money is called a loan or a grant right before it, whatever it is for: a loan of 200 million."""
        near = Span(max(front.start, front.end - _CUE), front.end)
        ends = [end for _, end, _ in self._words.given.find(self._text, *near)]
        return bool(ends) and front.end - ends[-1] <= _RIGHT_BEFORE

    def _is_done(self, quantity: Quantity, floor: int, clause: int, behind: Span) -> bool | None:
        """Whether words around a share say that this much of the works is done. None if they do not say.

        The nearest words decide: after the last comma, then after the share ("sixty percent of the works have been
        completed"), then before the comma and before the aside that it may close ("the works, which cost a million,
        are …"). Counterexample: "they should be completed to sixty percent".
        """
        cues = self._words.cues[FactKind.PROGRESS]
        if (says := self._next(cues.after, behind)) is not None:
            return says
        comma = _COMMA.search(self._text, behind.start, behind.end)
        end = quantity.span.start
        floor = max(floor, end - _FAR_BEFORE)
        cuts = {floor, max(floor, clause), *(match.end() for match in _COMMA.finditer(self._text, floor, end))}
        edges = [end, *sorted(cuts, reverse=True)]
        nearest, *farther = [Span(start, stop) for stop, start in pairwise(edges)]
        said = self._said(nearest) or self._said(Span(behind.start, comma.start() if comma else behind.end))[:1]
        if not said and end - nearest.start < _APPOSITION:
            said = next((words for part in farther[:2] if (words := self._said(part))), [])
        return all(said) if said else None

    def _said(self, place: Span) -> list[bool]:
        """What the words on progress in a stretch say."""
        cues = self._words.cues[FactKind.PROGRESS]
        return [says for _, _, says in cues.before.find(self._text, place.start, place.end)]

    def _is_apart(self, index: int, plants: Quantity | None) -> bool:
        """Whether words before a quantity say that it belongs to many plants, to a country or to one piece.

        This holds whatever stands nearer. A count of plants says so too: "ten projects worth 320 billion".
        """
        start = self._found[index].span.start
        if self._has(self._words.apart, Span(max(self._sentence.span.start, start - _FAR_BEFORE), start)):
            return True
        if plants is None or start - plants.span.end >= _BEFORE:
            return False
        # A word for a sum before an earlier quantity belongs to that one: "four plants with a combined 90 MW, it said,
        # and 250 jobs here".
        since = max(plants.span.end, self._found[index - 1].span.end)
        gap = Span(plants.span.end, start)
        return not _COMMA.search(self._text, *gap) or self._has(self._words.together, Span(since, start))

    def _is_put_up(self, quantity: Quantity) -> bool:
        """Whether it counts the machines of a power station."""
        return self._page.is_on_power and self._has(self._words.machines, quantity.span)

    def _is_of_each(self, index: int) -> bool:
        """Whether a power is that of each of several machines: forty turbines of 6 MW."""
        quantity, before = self._found[index], self._found[index - 1] if index else None
        if before is None or before.unit != "units" or quantity.unit not in _POWER:
            return False
        gap = Span(before.span.end, quantity.span.start)
        said = {self._text[start:end] for start, end, _ in self._words.of_each.find(self._text, *gap)} | {""}
        return before.high >= _SEVERAL and self._text[slice(*gap)].strip() in said

    def _is_likely(self, kind: FactKind) -> bool:
        """Whether a quantity is a fact if no word near it decides."""
        return self._is_on_projects if kind is FactKind.INVESTMENT else kind is not FactKind.PROGRESS

    @cached_property
    def _is_on_projects(self) -> bool:
        """Whether money in this sentence is probably a project's."""
        span = self._sentence.span
        return (
            any(quantity.kind in _COMPANIONS for quantity in self._found)
            or self._has(self._words.likely, span)
            or self._has(self._words.cues[FactKind.INVESTMENT].before, span)
        )

    def _is_like(self, before: Quantity, quantity: Quantity) -> bool:
        """Whether a quantity is so near another of its sort that both are facts, or neither is."""
        is_money = before.kind is quantity.kind is FactKind.INVESTMENT
        gap = Span(before.span.end, quantity.span.start)
        is_near = gap.end - gap.start <= _NEAR and not _STOP.search(self._text, *gap)
        return is_near and (is_money or before.unit == quantity.unit)

    def _next(self, cue: Alternation[bool], behind: Span) -> bool | None:
        """What a cue that begins shortly after a quantity, without a comma between, says. None if there is none.

        A cue that says yes may be preceded by qualifiers.
        """
        for start, _, says in cue.find(self._text, behind.start, min(behind.end, behind.start + _AFTER + _CUE)):
            gap = Span(behind.start, start)
            near = start - behind.start <= (_NEXT if says else _AFTER) or (says and self._page.is_qualifier(gap))
            return says if near and _last_comma(self._text, *gap) is None else None
        return None


def _last_comma(text: str, start: int, end: int) -> int | None:
    """Where the text after the last comma begins; None without a comma. A comma within a number does not count."""
    found = [match.end() for match in _COMMA.finditer(text, start, end)]
    return found[-1] if found else None
