"""Which quantities of an article can be facts of a project: its cost, capacity, jobs, area and progress."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import NamedTuple, Self

from monitor.core.model import FactKind, Portion
from monitor.core.reading.projects.pointers import Pointer, Sense
from monitor.core.reading.quantities.quantities import Quantity
from monitor.core.reading.text.alternation import Alternation
from monitor.core.reading.text.text import Document, Sentence, Span, Text, apart
from monitor.core.reading.text.vocabulary import VocabularySection

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


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountWords:
    """The words of a language that say what people and watts are, and of which part of a project an amount is."""

    #: People in its sentence work there.
    work: Alternation[None]
    #: People in its sentence sit there.
    seating: Alternation[None]
    #: The article is about goods that are counted in watts.
    yearly_goods: Alternation[None]
    #: The clause is about power stations, whose watts are no yearly output.
    power: Alternation[None]
    #: A sentence is on capacity.
    capacity: Alternation[None]
    #: Beside a number of jobs: they are with others (indirect).
    indirect: Alternation[None]
    #: Beside an amount: it is only the beginning of the whole (initial capacity, at first).
    initial: Alternation[None]
    #: A part of this name is no part, but the whole when all is built (eventually, in the long run).
    in_the_end: Alternation[None]
    #: Beside an amount: several parts have it each.
    each: Alternation[None]
    #: At the start of a sentence: it continues with the subject of the sentence before (its capacity).
    its: Alternation[None]
    #: Right before an amount: it is a part of the amount before it (of which, including).
    among: Alternation[None]
    #: Before money: it was meant for something else, and adds to what the project has (shift, redirect).
    shifted: Alternation[None]
    #: Beside an amount: it is that of the whole, although the text was about a part (all phases).
    in_full: Alternation[None]

    @classmethod
    def from_section(cls, section: VocabularySection) -> Self:
        """Compile the section ``amounts``.

        Raises:
            LexiconError: The section is invalid. Names the key.
        """
        keys = [field.name for field in fields(cls)]
        section.only(*keys, "prefixes")
        prefixes = section.strings("prefixes")
        return cls(**{key: Alternation.of(dict.fromkeys(section.strings(key)), prefixes) for key in keys})

    def prepare(self) -> None:
        """Compile everything now. Otherwise each pattern is compiled when an article first needs it."""
        for field in fields(self):
            getattr(self, field.name).prepare()


class Amount(NamedTuple):
    """A quantity as the fact that it may be, of any project."""

    quantity: Quantity
    kind: FactKind
    unit: str
    #: Both ends of a range; if the amount went down, only the end that it went to.
    values: tuple[float, ...]


def amounts(document: Document, found: Sequence[Quantity], words: AmountWords) -> Iterator[Amount]:
    """The quantities of a document that may be facts, in text order."""
    page = _FactContext(document.text, words)
    starts = [quantity.span.start for quantity in found]
    for sentence in document.sentences:
        first, last = (bisect_left(starts, edge) for edge in (sentence.span.start, sentence.span.end))
        for quantity in found[first:last]:
            measured = page.measured(quantity, sentence)
            if measured is not None:
                kind, unit, factor = measured
                # Nobody writes a range from its upper end down.
                ends = (quantity.last,) if quantity.last < quantity.high else (quantity.low, quantity.high)
                values = tuple(round(value * factor, 6) for value in dict.fromkeys(ends))
                yield Amount(quantity, kind, unit, values)


class _FactContext:
    """The text of an article, and what it is about."""

    def __init__(self, text: Text, words: AmountWords) -> None:
        self._text = text.bare
        self._words = words

    def measured(self, quantity: Quantity, sentence: Sentence) -> tuple[FactKind, str, float] | None:
        """What a quantity measures if it is a project's: kind, unit, and factor for its value. None if nothing."""
        if quantity.unit == "people":
            if self._has(self._words.work, sentence.span):
                return FactKind.JOBS, "jobs", 1.0
            return (FactKind.CAPACITY, "seats", 1.0) if self._has(self._words.seating, sentence.span) else None
        if quantity.kind is None:
            return None
        if quantity.unit in _IN_WATTS and self._is_on_yearly_goods:
            ends = [clause.end for clause in sentence.clauses]
            if not self._has(self._words.power, sentence.clauses[bisect_right(ends, quantity.span.start)]):
                return FactKind.CAPACITY, *_IN_WATTS[quantity.unit]
        if quantity.unit == "GW":
            return FactKind.CAPACITY, "MW", 1e3
        return quantity.kind, _YEARLY.get(quantity.unit, quantity.unit), 1.0

    def _has(self, words: Alternation[None], place: Span) -> bool:
        return any(True for _ in words.find(self._text, place.start, place.end))

    @cached_property
    def _is_on_yearly_goods(self) -> bool:
        return self._has(self._words.yearly_goods, Span(0, len(self._text)))


# Finds amounts of only a part of a project: what its first phase costs, what it has at first, indirect jobs -----------


_PARTS = frozenset({Sense.PART, Sense.LATER_PART})
#: The most characters between an amount and the part that it is given for: 1.3 billion dollars for phase one.
_BEHIND = 20
#: The most characters between a part, or an amount, and the whole after it: the first phase of its new plant.
_OF_WHOLE = 25
#: The most characters between the whole and an amount of the whole: the first phase of a project of 3 billion.
_RIGHT_BEHIND = 6
#: The most characters between the start of a sentence and a part that is its subject: the first line.
_ARTICLE = 4
#: The most characters between a part and an amount of the whole that follows: the first phase of its 3 billion plant.
_OF = 8
#: A number in digits, with its scale and a measure word: 1.5万个.
_NUMBER = re.compile(r"[\d.,\s]+[^\W\d]{0,2}")
_BREAK = re.compile(r"[;:,.،؛，。；]")
#: The most characters between words that say that an amount is partial and the amount: an initial capacity of about.
_BESIDE = 25
#: The most characters between a verb of moving money and the sum: shifting about.
_OBJECT = 10
#: The greatest length of such words.
_CUE = 30
#: What may not stand between them: another amount, or the end of a clause.
_OTHER = re.compile(r"[\d;:,.،؛，。；]")


class Portioned:
    """Finds where an article names parts of its projects."""

    def __init__(
        self, document: Document, pointers: Sequence[Pointer], names: Iterable[Span], words: AmountWords
    ) -> None:
        """Scan an article.

        Args:
            document: the article.
            pointers: its pointing words, in text order.
            names: the places that name projects; a word inside a name is not a part.
            words: the words that say that an amount is the whole's, or that jobs are with others.
        """
        self._document = document
        self._words = words
        parts = [pointer.span for pointer in pointers if pointer.sense in _PARTS]
        self._parts = apart(parts, names)
        self._wholes = [pointer.span for pointer in pointers if pointer.sense is Sense.FACILITY] if parts else []
        self._after = [pointer.span for pointer in pointers if pointer.sense is Sense.AFTER] if parts else []

    def part(self, amount: Span, kind: FactKind) -> str | None:
        """The part that an amount belongs to: a ``Portion`` if it has no name, else as the article calls it.

        None if the amount may belong to the whole.
        """
        if portion := self._portion(amount, kind):
            return portion
        named = self._named(amount) if self._parts else None
        if named is None:
            return None
        is_last = self._words.in_the_end.at(self._document.text.bare, named.start) is not None
        return Portion.LAST if is_last else self._document.quote(named)

    def _portion(self, amount: Span, kind: FactKind) -> Portion | None:
        """What the words beside an amount say of it: indirect, at first, each, of which, moved."""
        words = self._words
        if self._is_indirect(amount):
            return Portion.INDIRECT
        before = [
            (words.initial, _BESIDE, Portion.FIRST),
            (words.each, _RIGHT_BEHIND, Portion.EACH),
            (words.among, _RIGHT_BEHIND, Portion.PART),
        ]
        if kind is FactKind.INVESTMENT:
            before.append((words.shifted, _OBJECT, Portion.PART))
        found = [portion for cue, most, portion in before if self._is_before(amount, cue, most)]
        behind = ((words.initial, Portion.FIRST), (words.each, Portion.EACH))
        found += [portion for cue, portion in behind if self._is_behind(amount, cue)]
        return found[0] if found else None

    def _named(self, amount: Span) -> Span | None:
        """The words that name the part that an amount belongs to."""
        at = bisect_left(self._parts, amount.start, key=lambda part: part.start)
        if at < len(self._parts) and self._is_given_for(self._parts[at], amount):
            return self._parts[at]
        if at and self._is_spoken_of(self._parts[at - 1], amount):
            return self._parts[at - 1]
        return self._subject_before(amount)

    def _subject_before(self, amount: Span) -> Span | None:
        """The part that is the subject of the sentence before, if this sentence goes on about it."""
        [number] = self._document.sentences_at([amount])
        here, before = self._document.sentences[number].span, self._document.sentences[max(number - 1, 0)].span
        if number == 0 or self._words.its.at(self._document.text.bare, here.start) is None:
            return None
        at = bisect_left(self._parts, before.start, key=lambda part: part.start)
        opens = at < len(self._parts) and self._parts[at].start - before.start <= _ARTICLE
        return self._parts[at] if opens else None

    def _is_indirect(self, amount: Span) -> bool:
        """Whether "indirect" stands right after an amount, or after the number in it; not in "direct and indirect"."""
        text = self._document.text.bare
        for start, _, _ in self._words.indirect.find(text, amount.start, self._end(amount)):
            is_right_behind = start >= amount.end and text[amount.end : start].isspace()
            if is_right_behind or (start < amount.end and _NUMBER.fullmatch(text, amount.start, start)):
                return True
        return False

    def _is_before(self, amount: Span, cue: Alternation[None], most: int) -> bool:
        """Whether words of a kind stand before an amount, near enough and with nothing between."""
        text = self._document.text.bare
        opening = max(0, amount.start - most - _CUE)
        ends = [end for _, end, _ in cue.find(text, opening, amount.start)]
        return bool(ends) and amount.start - ends[-1] <= most and not _OTHER.search(text, ends[-1], amount.start)

    def _is_behind(self, amount: Span, cue: Alternation[None]) -> bool:
        text = self._document.text.bare
        found = cue.find(text, amount.end, self._end(amount))
        return any(not _OTHER.search(text, amount.end, start) for start, _, _ in found)

    def _is_given_for(self, part: Span, amount: Span) -> bool:
        return part.start < self._end(amount)

    def _is_spoken_of(self, part: Span, amount: Span) -> bool:
        """Whether the text is still about the part at an amount after it."""
        before, behind = self._document.sentences_at((part, amount))
        text = self._document.text.bare
        if before != behind or self._is_done(part) or any(self._words.in_full.find(text, part.end, self._end(amount))):
            return False
        for whole in self._wholes_in(part.end, amount.end + _OF_WHOLE):
            if whole.start >= amount.end:
                is_of = " " in text[part.end : amount.start] and amount.start - part.end <= _OF
                return not is_of or self._is_broken(amount.end, whole.start)
            is_far = whole.start - part.end > _OF_WHOLE or self._is_broken(part.end, whole.start)
            is_near = amount.start - whole.end <= _RIGHT_BEHIND and not self._is_broken(whole.end, amount.start)
            if is_far or is_near:
                return False
        return True

    def _is_done(self, part: Span) -> bool:
        """Whether the text is about what follows the part: after this first phase."""
        return any(0 <= part.start - word.end <= _RIGHT_BEHIND for word in self._after)

    def _end(self, amount: Span) -> int:
        """The end of what is said right after the amount."""
        text = self._document.text.bare
        farthest = min(amount.end + _BEHIND, len(text))
        broken = _BREAK.search(text, amount.end, farthest)
        return broken.start() if broken else farthest

    def _wholes_in(self, start: int, end: int) -> Sequence[Span]:
        first, last = (bisect_left(self._wholes, edge, key=lambda whole: whole.start) for edge in (start, end))
        return self._wholes[first:last]

    def _is_broken(self, start: int, end: int) -> bool:
        return _BREAK.search(self._document.text.bare, start, end) is not None
