"""Which quantities of an article can be facts of a project: its cost, capacity, jobs, area and progress."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import NamedTuple, Self

from monitor.core.model import FactKind
from monitor.core.reading.quantities.quantities import Quantity
from monitor.core.reading.text.alternation import Alternation
from monitor.core.reading.text.document import Document, Sentence, Span
from monitor.core.reading.text.text import Text
from monitor.core.reading.text.vocabulary import Section

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
    def from_section(cls, section: Section) -> Self:
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
    page = _Page(document.text, words)
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


class _Page:
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
