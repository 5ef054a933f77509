"""Words that point at a project without naming it: "the plant", "both sites", "its German factory", "in Spain"."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from monitor.core.forms import Finder, forms, plain
from monitor.core.mention import Mention, Role
from monitor.core.model import Project
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
    #: Before a company: it is only an example (such as).
    EXAMPLE = "examples"
    #: Building, investment: something is put up somewhere.
    WORKS = "works"
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
    #: Plain spelling of a country → its name.
    _countries: Mapping[str, str]
    #: What joins two things (and), or brings one in by the way (after).
    _join: re.Pattern[str]

    @classmethod
    def from_section(cls, section: Section) -> Self:
        """Compile the ``focus`` section of a vocabulary.

        Raises:
            LexiconError: something is wrong in it; names the key.
        """
        words = [sense for sense in Sense if sense not in {Sense.COUNTRY, Sense.ADJECTIVE}]
        section.only(*words, "at", "joins", "asides", "countries")
        meanings: dict[str, tuple[Sense, str]] = {}
        for sense in words:
            for word in section.strings(sense):
                is_noun = sense in {Sense.FACILITY, Sense.OWNER}
                spellings = forms(word, inflected=is_noun, singular=False)
                spellings |= {one for spelling in spellings for one in _owned(spelling)} if is_noun else set()
                meanings.update(dict.fromkeys(spellings, (sense, "")))
        countries = section.section("countries")
        for country in countries:
            meanings.update(dict.fromkeys(forms(country, inflected=False), (Sense.COUNTRY, country)))
            for adjective in countries.strings(country):
                meanings.update(
                    dict.fromkeys(forms(adjective, inflected=True, singular=False), (Sense.ADJECTIVE, country))
                )
        return cls(
            _finder=Finder(meanings),
            _at=re.compile(rf"(?:{_any(section.strings('at'))})\s*$"),
            _countries={plain(country): country for country in countries},
            _join=re.compile(rf"(?P<aside>{_any(section.strings('asides'))})|{_any(section.strings('joins'))}"),
        )

    def find(self, text: Text) -> list[Pointer]:
        """Every pointing word of a text, in its order; those that point only beside a facility, where there is one."""
        return self._find(text, ())

    def _find(self, text: Text, more: Iterable[Pointer]) -> list[Pointer]:
        found = [Pointer(span, sense, country) for span, (sense, country) in self._finder.find(text)]
        nouns = [pointer for pointer in found if pointer.sense in {Sense.FACILITY, Sense.OWNER}]
        nouns = sorted([*nouns, *more], key=lambda noun: noun.span)
        return [p for p in found if p.sense not in _BESIDE_FACILITY or _is_beside(p, nouns, text)]

    def with_adjectives(
        self, text: Text, mentions: Sequence[Mention], projects: Mapping[str, Project]
    ) -> tuple[Mention, ...]:
        """The mentions of a text, with "its German factory" or "German cells" as one of Germany.

        For the projects that have a mention only.
        """
        products = [Pointer(mention.span, Sense.FACILITY) for mention in mentions if mention.role is Role.WHAT]
        adjectives = [pointer for pointer in self._find(text, products) if pointer.sense is Sense.ADJECTIVE]
        if not adjectives:
            return tuple(mentions)
        mentioned = dict.fromkeys(project for mention in mentions for project in mention.projects)
        countries = {project: self.countries_of(projects[project].where) for project in mentioned}
        more = [
            Mention(span=pointer.span, role=Role.WHERE, projects=there, word=pointer.country)
            for pointer in adjectives
            if (there := tuple(project for project in mentioned if pointer.country in countries[project]))
        ]
        return tuple(sorted((*mentions, *more), key=lambda mention: (mention.span.start, -mention.span.end)))

    def countries_of(self, places: Iterable[str]) -> frozenset[str]:
        """The countries that are among the names of places."""
        return frozenset(self._countries[place] for place in map(plain, places) if place in self._countries)

    def is_at(self, text: Text, place: Span) -> bool:
        """Whether the text says that something is at the place."""
        return self._at.search(text.bare, max(0, place.start - 20), place.start) is not None

    def joins(self, text: Text, stretch: Span) -> list[tuple[int, bool]]:
        """Where in a stretch a word such as "and" begins, and whether it opens an aside, as "after" does."""
        found = self._join.finditer(text.bare, stretch.start, stretch.end)
        return [(match.start(), match["aside"] is not None) for match in found]


def _is_beside(pointer: Pointer, nouns: Sequence[Pointer], text: Text) -> bool:
    """Whether of the nouns on either side of the word the nearer is a facility, with a few letters and no mark between.

    A word for several stands before its noun.
    """
    word = pointer.span
    index = bisect_left(nouns, word, key=lambda noun: noun.span)
    around = nouns[index if pointer.sense is Sense.SEVERAL else max(0, index - 1) : index + 1]
    gaps = [(Span(min(word.end, noun.span.end), max(word.start, noun.span.start)), noun.sense) for noun in around]
    if not gaps:
        return False
    gap, sense = min(gaps, key=lambda between: between[0].end - between[0].start)
    is_near = gap.end - gap.start <= _BESIDE and not _MARK.search(text.bare, gap.start, gap.end)
    return sense is Sense.FACILITY and is_near


def _owned(noun: str) -> Iterator[str]:
    """An Arabic noun with the endings for its, her and their; none for those of other scripts."""
    if "\u0600" <= noun[-1] < "\u0780":
        # Before an ending the feminine ha is written ta.
        stem = noun[:-1] + "\u062a" if noun.endswith("\u0647") else noun
        yield from (stem + ending for ending in ("\u0647", "\u0647\u0627", "\u0647\u0645", "\u0647\u0645\u0627"))


def _any(words: Iterable[str]) -> str:
    return "|".join(map(_edged, words)) or "(?!)"


def _edged(word: str) -> str:
    """The word as a pattern with the edges that its script has: none, or before it only, where it is a proclitic."""
    word = bare(word)
    if word >= "\u2e80":
        return re.escape(word)
    after = "" if "\u0600" <= word < "\u0780" and len(word) == 1 else r"(?!\w)"
    return rf"(?<!\w){re.escape(word)}{after}"
