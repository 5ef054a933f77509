"""The words with which a language distinguishes the quantities of a project from others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Self

from monitor.core.model import FactKind
from monitor.core.reading.text.alternation import Alternation
from monitor.core.reading.text.vocabulary import Section


@dataclass(frozen=True, slots=True)
class Cues:
    """The words for one kind of fact."""

    #: Before a quantity: whether it is a fact of this kind.
    before: Alternation[bool]
    #: The same, right after a quantity.
    after: Alternation[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactWords:
    """How a language distinguishes the quantities of a project from others."""

    cues: Mapping[FactKind, Cues]
    likely: Alternation[bool]
    superseded: Alternation[bool]
    superseded_after: Alternation[bool]
    current: Alternation[bool]
    #: After an initial amount: the later one is told too, and both hold.
    then: Alternation[bool]
    #: Before a range: it is not a range, but the former and the present value.
    moved: Alternation[bool]
    work: Alternation[bool]
    seating: Alternation[bool]
    yearly_goods: Alternation[bool]
    power: Alternation[bool]
    #: The machines of a power station.
    machines: Alternation[bool]
    enough: Alternation[bool]
    #: Before a quantity, whatever stands nearer: it belongs to many plants, to a country, to the company or to one
    #: piece.
    apart: Alternation[bool]
    #: Between an amount and a plant: they say which plant costs it (battery, hydrogen).
    qualifiers: Alternation[bool]
    #: Between a count of machines and a power: it is that of each machine.
    of_each: Alternation[bool]
    #: Between a count of plants and a quantity: it is their sum.
    together: Alternation[bool]
    #: Before money: it is lent or given, whatever it is for.
    given: Alternation[bool]
    #: A subject whose amounts are its own: the country, the market.
    bearers: Alternation[bool]
    #: Before a plant, and after it: the plant existed before.
    existing: Alternation[bool]
    existing_after: Alternation[bool]
    #: Before the number of people that a company employs today.
    employs: Alternation[bool]
    #: Beside an amount: it is that of the whole, although the text was about a part (eventually, all phases).
    in_full: Alternation[bool]
    #: Beside a number of jobs: they are with others (indirect).
    indirect: Alternation[bool]
    #: Beside an amount: it is only the beginning of the whole (initial capacity, at first).
    initial: Alternation[bool]
    #: A part of this name is no part, but the whole when all is built (eventually, in the long run).
    in_the_end: Alternation[bool]
    #: Beside an amount: several parts have it each.
    each: Alternation[bool]
    #: At the start of a sentence: it continues with the subject of the sentence before (its capacity).
    its: Alternation[bool]
    #: Right before an amount: it is a part of the amount before it (of which, including).
    among: Alternation[bool]
    #: Before money: it was meant for something else, and adds to what the project has (shift, redirect).
    shifted: Alternation[bool]

    def prepare(self) -> None:
        """Compile everything now. Otherwise each pattern is compiled when an article first needs it."""
        alone = [words for each in fields(self) if isinstance(words := getattr(self, each.name), Alternation)]
        for words in [*alone, *(words for cues in self.cues.values() for words in (cues.before, cues.after))]:
            words.prepare()

    @classmethod
    def from_section(cls, section: Section) -> Self:
        """Compile the section ``facts``.

        Raises:
            LexiconError: The section is invalid. Names the key.
        """
        listed = (
            "likely", "superseded", "superseded_after", "current", "then", "moved", "work", "seating", "yearly_goods",
            "power", "enough", "apart", "of_each", "together", "bearers", "existing", "existing_after",
            "employs", "given", "qualifiers", "machines", "in_full",
            "indirect", "initial", "in_the_end", "each", "its", "among", "shifted",
        )  # fmt: skip
        section.only(*FactKind, *listed, "prefixes")
        prefixes = section.strings("prefixes")
        return cls(
            cues={kind: _cues(section.section(kind), prefixes) for kind in FactKind},
            **{key: Alternation.of(dict.fromkeys(section.strings(key), True), prefixes) for key in listed},
        )


def _cues(section: Section, prefixes: Sequence[str]) -> Cues:
    section.only("yes", "no", "yes_after", "no_after")

    def both(yes: str, no: str) -> Alternation[bool]:
        says = dict.fromkeys(section.strings(yes), True) | dict.fromkeys(section.strings(no), False)
        return Alternation.of(says, prefixes)

    return Cues(both("yes", "no"), both("yes_after", "no_after"))
