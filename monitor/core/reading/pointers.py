"""Words that point at a project without naming it: "the plant", "both sites", "its German factory", "in Spain"."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from monitor.core.forms import Finder, forms
from monitor.core.reading.document import Span
from monitor.core.reading.text import Text, bare
from monitor.core.reading.vocabulary import Section


class Sense(StrEnum):
    """How a word points; the values are the keys of the vocabulary."""

    #: What a project is called once it has been named: plant, project, site.
    FACILITY = "facilities"
    #: What a company is called: an adjective of a country nearer to it than to a facility says whose, not where.
    OWNER = "owners"
    #: Before a facility: more than one that was spoken of (both, the two).
    SEVERAL = "several"
    #: The same by itself (both of them; the dual in Arabic).
    ALL = "all"
    FORMER = "former"
    LATTER = "latter"
    #: Before or after a facility: not the one that was spoken of.
    OTHER = "other"
    #: The name of a country.
    COUNTRY = "countries"
    #: The adjective of a country beside a facility.
    ADJECTIVE = "adjectives"


_BESIDE_FACILITY = frozenset({Sense.SEVERAL, Sense.OTHER, Sense.ADJECTIVE})
#: Beside is at most so many characters away.
_BESIDE = 25
_MARK = re.compile(r"[^\w\s'-]")


@dataclass(frozen=True, slots=True)
class Pointer:
    """A pointing word where it stands."""

    span: Span
    sense: Sense
    #: For a country and its adjective: the country, as the vocabulary calls it.
    country: str = ""


@dataclass(frozen=True, slots=True)
class Pointers:
    """The pointing words of one language. Build it once for a lexicon."""

    _finder: Finder[tuple[Sense, str]]
    #: What stands before a place at which something is.
    _at: re.Pattern[str]
    #: Spellings of a country → its name.
    _countries: dict[str, str]

    @classmethod
    def from_section(cls, section: Section) -> Self:
        """Compile the ``focus`` section of a vocabulary.

        Raises:
            LexiconError: something is wrong in it; names the key.
        """
        words = (Sense.OTHER, Sense.FACILITY, Sense.OWNER, Sense.SEVERAL, Sense.ALL, Sense.FORMER, Sense.LATTER)
        section.only(*words, "at", "countries")
        meanings: dict[str, tuple[Sense, str]] = {}
        for sense in words:
            for word in section.strings(sense):
                meanings.update(
                    dict.fromkeys(forms(word, inflected=sense in {Sense.FACILITY, Sense.OWNER}), (sense, ""))
                )
        countries = section.section("countries")
        names: dict[str, str] = {}
        for country in countries:
            names.update(dict.fromkeys(forms(country, inflected=False), country))
            for adjective in countries.strings(country):
                meanings.update(dict.fromkeys(forms(adjective, inflected=True), (Sense.ADJECTIVE, country)))
        meanings.update((spelling, (Sense.COUNTRY, country)) for spelling, country in names.items())
        return cls(Finder(meanings), _ending_in(section.strings("at")), names)

    def find(self, text: Text) -> list[Pointer]:
        """Every pointing word of a text, in its order; those that point only beside a facility, where there is one."""
        found = [Pointer(span, sense, country) for span, (sense, country) in self._finder.find(text)]
        nouns = [pointer for pointer in found if pointer.sense in {Sense.FACILITY, Sense.OWNER}]
        return [p for p in found if p.sense not in _BESIDE_FACILITY or _is_beside(p.span, nouns, text)]

    def countries_of(self, places: Iterable[str]) -> frozenset[str]:
        """The countries that are among the names of places."""
        return frozenset(self._countries[place] for place in map(bare, places) if place in self._countries)

    def is_at(self, text: Text, place: Span) -> bool:
        """Whether the text says that something is at the place."""
        return self._at.search(text.bare, max(0, place.start - 20), place.start) is not None


def _is_beside(word: Span, nouns: Sequence[Pointer], text: Text) -> bool:
    """Whether a facility stands before or after the word, with a few letters and no mark or owner between them."""
    index = bisect_left(nouns, word, key=lambda noun: noun.span)
    for noun in nouns[max(0, index - 1) : index + 1]:
        start, end = min(word.end, noun.span.end), max(word.start, noun.span.start)
        if noun.sense is Sense.FACILITY and end - start <= _BESIDE and not _MARK.search(text.bare, start, end):
            return True
    return False


def _ending_in(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(_edged(bare(word)) for word in words) or '(?!)'})\s*$")


def _edged(word: str) -> str:
    # Scripts that write no spaces have no edge to look for.
    return re.escape(word) if word >= "\u2e80" else rf"(?<!\w){re.escape(word)}"
