"""The words by which a language tells the quantities of a project from others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Self

from monitor.core.model import FactKind
from monitor.core.reading.text.alternation import Alternation
from monitor.core.reading.text.vocabulary import Section


@dataclass(frozen=True, slots=True)
class Cues:
    """Words on one kind of fact."""

    #: Before a quantity: whether it is one.
    before: Alternation[bool]
    #: Right behind it: the same.
    after: Alternation[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactWords:
    """How a language tells the quantities of a project from others."""

    cues: Mapping[FactKind, Cues]
    likely: Alternation[bool]
    superseded: Alternation[bool]
    superseded_after: Alternation[bool]
    current: Alternation[bool]
    #: Behind what was so at first: what comes later is told too, and both hold.
    then: Alternation[bool]
    #: Before a range: it is no range, but what was and what is.
    moved: Alternation[bool]
    work: Alternation[bool]
    seating: Alternation[bool]
    yearly_goods: Alternation[bool]
    power: Alternation[bool]
    #: What a power station is put together from.
    machines: Alternation[bool]
    enough: Alternation[bool]
    #: Before a quantity, whatever stands nearer: it is of many plants, of a country, of the company or of a piece.
    apart: Alternation[bool]
    #: Between an amount and a plant: they say which plant it is the cost of (battery, hydrogen).
    qualifiers: Alternation[bool]
    #: Between a count of machines and a power: it is that of each.
    of_each: Alternation[bool]
    #: Between a count of plants and a quantity: it is their sum.
    together: Alternation[bool]
    #: Before money: it is lent or given, whatever it is for.
    given: Alternation[bool]
    #: A subject whose amounts are its own: the country, the market.
    bearers: Alternation[bool]
    #: Before a plant, behind it: it was there before.
    existing: Alternation[bool]
    existing_after: Alternation[bool]
    #: How many work for a company today.
    employs: Alternation[bool]
    #: Beside an amount: it is that of the whole, though a part was spoken of (eventually, all phases).
    in_full: Alternation[bool]
    #: Beside a number of jobs: they are others' (indirect).
    indirect: Alternation[bool]

    def prepare(self) -> None:
        """Compile all of it now: one article needs a part of it, and the next one another."""
        alone = [words for each in fields(self) if isinstance(words := getattr(self, each.name), Alternation)]
        for words in [*alone, *(words for cues in self.cues.values() for words in (cues.before, cues.after))]:
            words.prepare()

    @classmethod
    def from_section(cls, section: Section) -> Self:
        """Compile the section ``facts``.

        Raises:
            LexiconError: something is wrong in it; names the key.
        """
        listed = (
            "likely", "superseded", "superseded_after", "current", "then", "moved", "work", "seating", "yearly_goods",
            "power", "enough", "apart", "of_each", "together", "bearers", "existing", "existing_after",
            "employs", "given", "qualifiers", "machines", "in_full",
            "indirect",
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
