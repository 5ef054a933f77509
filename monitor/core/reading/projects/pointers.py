"""Words that point at a project without naming it: "the plant", "both sites", "its German factory", "in Spain"."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple, Self

from monitor.core.reading.projects.forms import Finder, forms, plain, town_adjective
from monitor.core.reading.text.text import Span, Text, apart, bare
from monitor.core.reading.text.tokens import Memo
from monitor.core.reading.text.vocabulary import VocabularySection

# How words point at a project without naming it, and what small words before a noun say about it ----------------------


class Sense(StrEnum):
    """How a word points; the values are the keys of the vocabulary."""

    #: What a project is called once it has been named: plant, project, site.
    FACILITY = "facilities"
    #: What a company is called. If the adjective of a country is nearer to it than to a facility, it says whose, not
    #: where.
    OWNER = "owners"
    #: Before a facility: more than one that was mentioned (both, the two).
    SEVERAL = "several"
    #: May also follow a ``SEVERAL`` word, but is not a facility: plans.
    PLANS = "plans"
    #: Like ``SEVERAL``, but by itself (both of them; the dual in Arabic).
    ALL = "all"
    #: The first two of more than two that were just named.
    FIRST_TWO = "first_two"
    #: Before or after a facility: not the one that was mentioned.
    OTHER = "other"
    #: Like ``OTHER``, but counted: one more than the one mentioned (second); with a facility, or by itself.
    SECOND = "seconds"
    #: Contains such a word, but does not mean it (until further notice).
    NOT_OTHER = "not_other"
    #: Another company: a competitor, or a word for "other" beside a company.
    RIVAL = "rivals"
    #: One of several that were mentioned; its name follows.
    ONE_OF = "one_of"
    #: Before or after a facility: many that are not distinguished (several).
    MANY = "many"
    #: Turns to something else (as for).
    TURN = "turns"
    #: Before or after somebody or something else that a project is contrasted with (unlike).
    UNLIKE = "unlike"
    #: Opens a sentence about something else (elsewhere).
    ELSEWHERE = "elsewhere"
    #: Before a company: it is only an example (such as).
    EXAMPLE = "examples"
    #: A part of a project that may operate before the rest (phase).
    PART = "parts"
    #: A part that is built later (second phase).
    LATER_PART = "later_parts"
    #: Opens a sentence with those who came before (after).
    AFTER = "after"
    #: What follows is only next to the subject (that will serve, similar to, a rival of).
    BESIDE = "beside"
    #: Building, investment: something is built somewhere.
    WORKS = "works"
    #: The name of a country.
    COUNTRY = "countries"
    #: The name of a town or a region.
    TOWN = "towns"
    #: The adjective of a country beside a facility.
    ADJECTIVE = "adjectives"
    #: The adjective of a country before a name: it says where a company is from.
    NATIONAL = "nationals"


class Small(StrEnum):
    """What a word before a noun says about it; the values are keys of the vocabulary."""

    #: It is known: the plant.
    ARTICLE = "articles"
    #: It belongs to the company, or was not mentioned before: its plant, a plant.
    INTRODUCING = "introducing"
    #: It belongs to the subject: its own plant.
    OWN = "own"
    #: The text is not about it: from the plant.
    OBLIQUE = "oblique"
    #: The word is written like a name but is not one.
    NO_NAME = "no_names"
    #: The word opens a sentence, and is not a name although it has a capital there.
    OPENER = "openers"
    #: The word continues what was told before: it, its.
    PRONOUN = "pronouns"


#: Senses that the vocabulary does not list under their own name.
_NAMED = frozenset({Sense.COUNTRY, Sense.ADJECTIVE, Sense.NATIONAL, Sense.TOWN})
_BESIDE_FACILITY = frozenset({Sense.SEVERAL, Sense.OTHER, Sense.ADJECTIVE})
#: The most characters between words that are beside each other. For "other" also the most words before its noun, and
#: after it.
_BESIDE, _WORDS_BEFORE_NOUN, _WORDS_BEHIND_NOUN = 25, 2, 1
_WORD = re.compile(r"\w+")
#: The greatest length of a pointing word.
_LONGEST = 60
_span = attrgetter("span")
_MARK = re.compile(r"[^\w\s'-]")


# A tuple, because every text has many.
class Pointer(NamedTuple):
    """A pointing word at its place in a text."""

    span: Span
    sense: Sense
    #: For a country or its adjective, the country as the vocabulary calls it; for a town, its region.
    country: str = ""


@dataclass(frozen=True, slots=True)
class Pointers:
    """The pointing words of one language. Build it once for a lexicon."""

    _finder: Finder[tuple[Sense, str]]
    #: Bare word before a noun → what it says about the noun.
    _small: Mapping[str, Small]
    #: Bare words that say that a noun after them is the subject's: its.
    possessives: frozenset[str]
    #: Words for facilities of one kind only: motorway, port.
    kinds: frozenset[str]
    #: Words for several facilities, in all their spellings: plants.
    plurals: frozenset[str]
    #: Words for facilities of any kind, in all their spellings: plant, works.
    generic: frozenset[str]
    #: What precedes a place at which something is.
    _at: re.Pattern[str]
    #: What stands between a facility and its place or owner.
    _link: re.Pattern[str]
    #: Matches an adjective that is written like a name.
    _adjective: re.Pattern[str]
    #: A place → a pattern for its adjective (Tanger: tangérois). None if it has no recognisable one.
    _of_town: Mapping[str, re.Pattern[str] | None]
    #: Matches a word that is not a name although it opens a sentence.
    _common: re.Pattern[str]
    #: What follows a subject: has, shelved.
    _doing: re.Pattern[str]
    #: A place → if it is a country, that country and those that share an adjective with it: Britain, Wales.
    _countries: Mapping[str, frozenset[str]]
    #: Words that continue what was just named (which, whose).
    _relative: re.Pattern[str]
    #: How a text speaks of a plant in a ``town`` that is not listed and whose name no capital shows.
    _in_towns: tuple[re.Pattern[str], ...]

    @classmethod
    def from_section(cls, section: VocabularySection) -> Self:
        """Compile the ``focus`` section of a vocabulary.

        Raises:
            LexiconError: The section is invalid. Names the key.
        """
        words = [sense for sense in Sense if sense not in _NAMED]
        section.only(
            *words,
            *Small,
            "at",
            "of",
            "possessives",
            "kinds",
            "plurals",
            "generic",
            "adjectives",
            "of_towns",
            "auxiliaries",
            "common_endings",
            "past_endings",
            "relatives",
            "in_towns",
            "countries",
            "towns",
        )
        meanings: dict[str, tuple[Sense, str]] = {}
        for sense in words:
            for word in section.strings(sense):
                is_noun = sense in {Sense.FACILITY, Sense.OWNER}
                spellings = forms(word, inflected=is_noun, singular=False)
                spellings |= {one for spelling in spellings for one in _owned(spelling)} if is_noun else set()
                meanings = dict.fromkeys(spellings, (sense, "")) | meanings
        countries = section.section("countries")
        for country in countries:
            meanings.update(dict.fromkeys(forms(country, inflected=False), (Sense.COUNTRY, country)))
            for adjective in countries.strings(country):
                meanings.update(
                    dict.fromkeys(forms(adjective, inflected=True, singular=False), (Sense.ADJECTIVE, country))
                )
        towns = section.section("towns")
        for region in towns:
            for town in (region, *towns.strings(region)):
                meanings = dict.fromkeys(forms(town, inflected=False), (Sense.TOWN, region)) | meanings
        return cls(
            _finder=Finder(meanings),
            _small={bare(word): small for small in Small for word in section.strings(small)},
            possessives=frozenset(map(bare, section.strings("possessives"))),
            kinds=frozenset(bare(word) for word in section.strings("kinds")),
            plurals=_plurals(section),
            generic=frozenset(
                form for word in section.strings("generic") for form in forms(word, inflected=True, singular=False)
            ),
            _at=re.compile(rf"(?:{_any(section.strings('at'))})\s*$"),
            _link=re.compile(rf"(?:\s+|(?<=')|\b)(?:{_any((*section.strings('of'), *section.strings('at')))})\s*"),
            _adjective=re.compile(rf"{_ending(section, 'adjectives')}(?!\w)"),
            _of_town=Memo(partial(town_adjective, tuple(map(bare, section.strings("of_towns"))))),
            _common=re.compile(_ending(section, "common_endings")),
            _doing=re.compile(
                rf"\s+(?:{_ending(section, 'past_endings')}(?!\w)|{_any(section.strings('auxiliaries'))})"
            ),
            _countries=Memo(partial(_countries_of, _alike(countries))),
            _relative=re.compile(rf"\s*(?:{_any(section.strings('relatives'))})"),
            _in_towns=tuple(re.compile(pattern) for pattern in section.strings("in_towns")),
        )

    def find(self, text: Text) -> list[Pointer]:
        """Every pointing word of a text, in text order. ``beside`` later drops those that do not point."""
        found = [Pointer(span, sense, country) for span, (sense, country) in self._finder.find(text)]
        towns = [*self._unlisted(text, found)] if self._in_towns else ()
        return sorted([*found, *towns], key=_span) if towns else found

    def _unlisted(self, text: Text, found: Iterable[Pointer]) -> Iterator[Pointer]:
        """The unlisted towns, recognised by what is said to be in them."""
        listed = [pointer.span for pointer in found if pointer.sense in {Sense.TOWN, Sense.COUNTRY}]
        for pattern in self._in_towns:
            towns = (Span(*match.span("town")) for match in pattern.finditer(text.bare))
            yield from (Pointer(town, Sense.TOWN) for town in apart(towns, listed))

    def beside(self, text: Text, found: Sequence[Pointer], products: Iterable[Pointer] = ()) -> list[Pointer]:
        """The pointing words, without those that point only beside a facility and have none beside them.

        A word for "other" beside a company makes that company a rival.
        """
        nouns = [pointer for pointer in found if pointer.sense in {Sense.FACILITY, Sense.OWNER}]
        nouns = sorted([*nouns, *products], key=_span)
        of_several = sorted([*nouns, *(pointer for pointer in found if pointer.sense is Sense.PLANS)], key=_span)
        not_other = [pointer.span for pointer in found if pointer.sense is Sense.NOT_OTHER]
        pointers: list[Pointer] = []
        for pointer in found:
            if pointer.sense not in _BESIDE_FACILITY:
                pointers.append(pointer)
            elif any(span.contains(pointer.span) for span in not_other):
                continue
            elif pointer.sense is Sense.ADJECTIVE and _is_before_capital(text, pointer.span.end):
                pointers.append(Pointer(pointer.span, Sense.NATIONAL))
            elif noun := _beside(pointer, of_several if pointer.sense is Sense.SEVERAL else nouns, text):
                if noun.sense in {Sense.FACILITY, Sense.PLANS}:
                    pointers.append(pointer)
                elif pointer.sense is Sense.OTHER:
                    start, end = min(noun.span.start, pointer.span.start), max(noun.span.end, pointer.span.end)
                    pointers.append(Pointer(Span(start, end), Sense.RIVAL))
        return sorted(pointers, key=_span)

    def adjective_of(self, place: str) -> re.Pattern[str] | None:
        """A pattern for the adjective of a town or region (Tanger: tangérois). None if it has no recognisable one.

        None too for a country. Its adjective has a pointer, because it just as often says where a company is from.
        """
        return None if self._countries[place] else self._of_town[place]

    def countries_of(self, places: Iterable[str]) -> frozenset[str]:
        """The countries among the names of places, under all their names."""
        return frozenset().union(*map(self._countries.__getitem__, places))

    def small(self, word: str) -> Small | None:
        """What a bare word says about the noun after it."""
        return self._small.get(word)

    def behind_link(self, text: Text, at: int) -> int | None:
        """Where the text after "of" or "in" begins; None if no such word begins at ``at``."""
        link = self._link.match(text.bare, at)
        return link.end() if link else None

    def is_adjective(self, text: Text, at: int) -> bool:
        """Whether the word there has the ending of an adjective that is written with a capital (Bavarian)."""
        return self._adjective.match(text.bare, at, at + _LONGEST) is not None

    def is_name_before_verb(self, text: Text, word: Span) -> bool:
        """Whether a word that opens a sentence does not look like a common noun, and a verb or comma follows it."""
        is_common = self._common.fullmatch(text.bare, word.start, word.end) is not None
        is_set_off = text.bare.startswith(",", word.end)
        return not is_common and (is_set_off or self._doing.match(text.bare, word.end) is not None)

    def is_at(self, text: Text, place: Span) -> bool:
        """Whether the text says that something is at the place."""
        return self._at.search(text.bare, max(0, place.start - 20), place.start) is not None

    def is_relative(self, text: Text, at: int) -> bool:
        """Whether the text there continues what was just named."""
        return self._relative.match(text.bare, at) is not None

    def goes_on(self, text: Text, at: int) -> bool:
        """Whether the text there continues what was told before."""
        word = _WORD.search(text.bare, at, at + _LONGEST)
        return word is not None and self._small.get(word.group()) is Small.PRONOUN


def _plurals(section: VocabularySection) -> frozenset[str]:
    """The regular plurals of the facilities, and the listed irregular ones."""
    words = section.strings(Sense.FACILITY)
    singular = {form for word in words for form in forms(word, inflected=False)}
    regular = {form for word in words for form in forms(word, inflected=True, singular=False)} - singular
    return frozenset(regular | {form for word in section.strings("plurals") for form in forms(word, inflected=False)})


def _alike(countries: VocabularySection) -> Mapping[str, frozenset[str]]:
    """Plain spelling of a country → its name, and the countries that share an adjective with it."""
    return {
        plain(country): frozenset(other for other in countries if other == country or own & {*countries.strings(other)})
        for country in countries
        for own in [set(countries.strings(country))]
    }


def _countries_of(countries: Mapping[str, frozenset[str]], place: str) -> frozenset[str]:
    return countries.get(plain(place), frozenset())


def _is_before_capital(text: Text, end: int) -> bool:
    """Whether the next word is written like a name."""
    at, behind = text.original_span(end, end + 3)
    space, beginning = text.original[at : at + 1], text.original[at + 1 : behind]
    return space == " " and beginning[:1].isupper() and beginning.istitle()


def _beside(pointer: Pointer, nouns: Sequence[Pointer], text: Text) -> Pointer | None:
    """The nearer of the nouns on either side of the word, if it is near and no mark stands between.

    A word for several stands before its noun.
    """
    index = bisect_left(nouns, pointer.span, key=_span)
    around = nouns[index if pointer.sense is Sense.SEVERAL else max(0, index - 1) : index + 1]
    near = [noun for noun in around if _is_near(pointer, noun, text)]
    return min(near, key=lambda noun: _distance(pointer.span, noun.span), default=None)


def _is_near(pointer: Pointer, noun: Pointer, text: Text) -> bool:
    if _distance(pointer.span, noun.span) > _BESIDE:
        return False
    words = text.bare[min(pointer.span.end, noun.span.end) : max(pointer.span.start, noun.span.start)]
    if _MARK.search(words):
        return False
    if pointer.sense is not Sense.OTHER:
        return True
    if noun.span > pointer.span:
        return len(words.split()) <= _WORDS_BEFORE_NOUN
    return words[:1].isspace() and len(words.split()) <= _WORDS_BEHIND_NOUN


def _distance(one: Span, other: Span) -> int:
    return max(one.start, other.start) - min(one.end, other.end)


def _owned(noun: str) -> Iterator[str]:
    """An Arabic noun with the endings for its, her and their; nothing for nouns in other scripts."""
    if "\u0600" <= noun[-1] < "\u0780":
        # Before an ending, the feminine ha is written ta.
        stem = noun[:-1] + "\u062a" if noun.endswith("\u0647") else noun
        yield from (stem + ending for ending in ("\u0647", "\u0647\u0627", "\u0647\u0645", "\u0647\u0645\u0627"))


def _ending(section: VocabularySection, key: str) -> str:
    """A pattern for words with one of the listed endings."""
    return rf"\w+(?:{'|'.join(map(bare, section.strings(key))) or '(?!)'})"


def _any(words: Iterable[str]) -> str:
    """A pattern for any of the words.

    Adjacent words with the same edges share one check of them, because a look-behind is slow.
    """
    by_edges = groupby(map(bare, words), key=_edges)
    return "|".join(f"{left}(?:{'|'.join(map(re.escape, some))}){right}" for (left, right), some in by_edges) or "(?!)"


def _edges(word: str) -> tuple[str, str]:
    """The patterns for the two edges of a word, as its script requires: nothing after a word joined to the next."""
    if word >= "\u2e80":
        return "", ""
    is_joined = word.endswith("'") or ("\u0600" <= word < "\u0780" and len(word) == 1)
    return r"(?<!\w)", "" if is_joined else r"(?!\w)"
