"""Bearers: subjects of a sentence whose amounts belong to them and to no project: the country, the zone, the group."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from monitor.core.model import FactKind
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.pointers import Pointer, Pointers
from monitor.core.reading.projects.senses import Sense, Small
from monitor.core.reading.quantities.factwords import FactWords
from monitor.core.reading.quantities.quantities import Quantity
from monitor.core.reading.text.document import Document, Sentence, Span

#: The most words before a subject: "The industrial zone", "تمتد المنطقة".
_BEFORE = 4
#: The most words before the name of a place that is the subject: "Le Maroc produit", "تبلغ قدرة مصر".
_BEFORE_PLACE = 2
#: The most words before a plant that existed before: "Acme's two existing cathode".
_BEFORE_EXISTING = 10
#: The most characters between an amount and the plant that it belongs to.
_NEAR = 40
#: The most characters between a verb of employing and the number of employees.
_EMPLOYS = 40
#: The most characters between a plant and a word that says that it existed before.
_BESIDE = 25
_WORD = re.compile(r"[\u2e80-\u9fff]|[^\W\u2e80-\u9fff]+")
_IS_JOINED = re.compile(r"[\u0600-\u077f]")
#: What may be joined to a subject: the, and, and the.
_ARTICLES = {"\u0627\u0644", "\u0648", "\u0648\u0627\u0644"}
#: In Chinese a country stands before what is in it.
_IS_ATTRIBUTE = re.compile(r"[\u2e80-\u9fff]")
_MAYBE = re.compile(r"[,،]?")
_COMMA = re.compile(r"[,،](?!\d)")
_BREAK = re.compile(r"[,،，。;؛；.()](?!\d)")


class _What(StrEnum):
    """What a noun stands for."""

    #: A country, by its name.
    PLACE = "place"
    #: The place of a project within a country.
    SITE = "site"
    #: A country, a market or a zone, by a common noun.
    BEARER = "bearer"
    PLANT = "plant"
    OWNER = "owner"
    #: What a project makes. Between a subject and an amount it shows that the text is about the project's plant.
    PRODUCT = "product"


class _Noun(NamedTuple):
    """A noun that may be the subject of a sentence."""

    start: int
    end: int
    what: _What


_OF_PROJECTS = frozenset({_What.PLANT, _What.PRODUCT})
_POINTING = {Sense.FACILITY: _What.PLANT, Sense.OWNER: _What.OWNER, Sense.COUNTRY: _What.PLACE}
_NAMING = {Role.WHO: _What.OWNER, Role.WHERE: _What.SITE, Role.WHAT: _What.PRODUCT}


class Bearers:
    """Finds amounts that the subjects of their sentences give to others. Build it once for a document."""

    def __init__(
        self,
        document: Document,
        mentions: Sequence[Mention],
        pointers: Sequence[Pointer],
        vocabulary: Pointers,
        words: FactWords,
    ) -> None:
        """``mentions`` and ``pointers`` are all those of the document, in text order.

        The pointers come from ``vocabulary``.
        """
        self._document = document
        self._vocabulary = vocabulary
        self._words = words
        nouns = [_Noun(*pointer.span, _POINTING[pointer.sense]) for pointer in pointers if pointer.sense in _POINTING]
        countries = {(noun.start, noun.end) for noun in nouns if noun.what is _What.PLACE}
        nouns += [
            _Noun(*mention.span, _NAMING[mention.role])
            for mention in mentions
            if mention.role in _NAMING and (mention.role is not Role.WHERE or mention.span not in countries)
        ]
        self._nouns = sorted(nouns)

    def bear(self, quantity: Quantity, sentence: Sentence) -> bool:
        """Whether the subject of a sentence shows that a quantity in it belongs to something other than a project.

        This applies to what a country, a market or a zone makes, has or covers ("Morocco produces 30 million tonnes"),
        if no plant is named between or right after it. It applies to the number of people that a company employs today,
        and to what a plant makes that existed before.
        """
        at = quantity.span.start
        opening = self._opening(sentence, at)
        nouns = self._nouns_within(Span(opening, at))
        plant = next((noun for noun in nouns if noun.what in _OF_PROJECTS), None)
        if plant and self._is_existing(plant) and self._is_subject(plant, opening, most=_BEFORE_EXISTING):
            return True
        if self._is_of_relative(nouns):
            return True
        for number, noun in enumerate(nouns):
            if self._is_subject(noun, opening, most=_BEFORE_PLACE if noun.what is _What.PLACE else _BEFORE):
                return self._is_anothers(noun, nouns[number + 1 :], quantity, opening)
        return False

    def _is_of_relative(self, nouns: Sequence[_Noun]) -> bool:
        """Whether the last noun before a quantity has its own amount: "in a zone that covers 400 hectares"."""
        if not nouns or nouns[-1].what is not _What.BEARER:
            return False
        text, end = self._document.text, nouns[-1].end
        # An adjective may stand between.
        words = (word.end() for word in _WORD.finditer(text.bare, end, end + _BESIDE))
        places = [end, next(words, end)]
        return any(
            self._vocabulary.is_relative(text, at + len(comma[0]))
            for at in places
            if (comma := _MAYBE.match(text.bare, at))
        )

    def _opening(self, sentence: Sentence, at: int) -> int:
        """Where the subject of the text at ``at`` may begin: after "that", otherwise at the start of its clause."""
        text = self._document.text.bare
        # After a comma the word is a relative: "le marché, que vise Acme".
        that = self._vocabulary.that.find(text, sentence.span.start, at)
        said = [end for start, end, _ in that if not _COMMA.search(text, start - len(", "), start)]
        return max([*said, *(clause.start for clause in sentence.clauses if clause.start <= at)])

    def _nouns_within(self, place: Span) -> list[_Noun]:
        first, last = (bisect_left(self._nouns, (edge,)) for edge in place)
        named = [noun for noun in self._nouns[first:last] if noun.end <= place.end]
        text = self._document.text.bare
        bearers = (_Noun(start, end, _What.BEARER) for start, end, _ in self._words.bearers.find(text, *place))
        return sorted([*named, *bearers])

    def _is_subject(self, noun: _Noun, opening: int, *, most: int) -> bool:
        text = self._document.text.bare
        if _BREAK.search(text, opening, noun.start) or text.startswith("'s", noun.end):
            return False
        if noun.what is _What.PLACE and _IS_ATTRIBUTE.match(text, noun.end):
            return False
        words = list(_WORD.finditer(text, opening, noun.start))
        return len(words) <= most and not any(self._is_link(word, noun) for word in words)

    def _is_existing(self, plant: _Noun) -> bool:
        """Whether a word beside a plant says that it existed before: the existing steel mill, l'usine actuelle."""
        text = self._document.text.bare
        before = Span(max(0, plant.start - _BESIDE), plant.start)
        behind = Span(plant.end, plant.end + _BESIDE)
        gaps = [Span(end, plant.start) for _, end, _ in self._words.existing.find(text, *before)]
        gaps += [Span(plant.end, start) for start, _, _ in self._words.existing_after.find(text, *behind)]
        return any(self._is_mere(gap) for gap in gaps)

    def _is_mere(self, gap: Span) -> bool:
        """Whether a gap contains at most one word, and no "of"."""
        text = self._document.text
        words = list(_WORD.finditer(text.bare, *gap))
        is_linked = any(self._vocabulary.behind_link(text, word.start()) is not None for word in words)
        return len(words) <= 1 and not is_linked and not _BREAK.search(text.bare, *gap)

    def _is_link(self, word: re.Match[str], noun: _Noun) -> bool:
        """Whether a word shows that what follows is not a subject: in, of, from; or, in Arabic, one joined to it."""
        text = self._document.text
        if word.end() == noun.start and _IS_JOINED.match(word.group()):
            return word.group() not in _ARTICLES
        return (
            self._vocabulary.behind_link(text, word.start()) is not None
            or self._vocabulary.small(word.group()) is Small.OBLIQUE
        )

    def _is_anothers(self, subject: _Noun, behind: Sequence[_Noun], quantity: Quantity, opening: int) -> bool:
        if subject.what in _OF_PROJECTS or subject.what is _What.SITE:
            return False
        text, at = self._document.text.bare, quantity.span.start
        commas = [comma.start() for comma in _COMMA.finditer(text, subject.end, at)]
        # What stands between two commas is said in passing.
        aside = Span(commas[0], commas[-1]) if commas else Span(at, at)
        told = [noun for noun in behind if not aside.contains(Span(noun.start, noun.end))]
        # "The market for batteries" is a market.
        if any(noun.what in ({_What.PLANT} if subject.what is _What.BEARER else _OF_PROJECTS) for noun in told):
            return False
        if subject.what == _What.OWNER:
            near = Span(max(opening, at - _EMPLOYS), at)
            is_staff = quantity.kind in {FactKind.JOBS, None} and any(self._words.employs.find(text, *near))
            return is_staff and not self._is_of(quantity, _What.PLANT, _What.SITE)
        is_by_owner = any(noun.what == _What.OWNER for noun in told)
        return not is_by_owner and not self._is_of(quantity, _What.PLANT, _What.OWNER)

    def _is_of(self, quantity: Quantity, *whats: _What) -> bool:
        """Whether one of these stands right after a quantity: a $4 billion plant."""
        text, end = self._document.text.bare, quantity.span.end
        near = self._nouns_within(Span(end, end + _NEAR))
        return any(noun.what in whats and not _BREAK.search(text, end, noun.start) for noun in near)
