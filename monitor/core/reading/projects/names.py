"""Proper names, recognised by capitals: which of an article's names belong to none of the concerned projects.

In a script without capitals no names are found.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import takewhile

from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.pointers import Pointer, Pointers
from monitor.core.reading.projects.senses import Sense, Small
from monitor.core.reading.text.document import Document, Span
from monitor.core.reading.text.text import Text

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
#: The same, but "150-millimetre" and "1,850" are one word.
_COMPOUND = re.compile(r"[^\W_]+(?:['.,-][^\W_]+)*")
#: A mark between parts of a clause.
COMMA = re.compile(r"[,\u060c\u3001;:(](?!\d)")
_SPELT = re.compile(r"[^\W_]+")
#: Begins with a plain character, so that the search can skip to it.
_WITHIN = re.compile(r" (?<=[\w,:] )([^\W_]+)")
#: The first character of the scripts without spaces.
NO_SPACES = "\u2e80"
#: Words before a noun that only say whether it is known, and whose it is.
DETERMINERS = frozenset({Small.ARTICLE, Small.INTRODUCING, Small.OWN})
#: What precedes the first word of a sentence or quotation, which has a capital anyway.
_FIRST = re.compile(r"(?:^|[.!?:\n]\s|[\n\"'«“‘¿¡(]\s?)$")
#: Something at most this many characters from a place of the project is there too.
_NEARBY = 40
#: The greatest length of a name or configured word that is considered.
_LONGEST = 60
#: The most words for a kind of plant between a name and the plant, or in a chain after it.
_KINDS = 2
#: The most adjectives between "its" and its noun.
_ADJECTIVES = 3
#: The senses that stand for a plant.
PLANTS = frozenset({Sense.FACILITY, Sense.ONE, Sense.THE_ONE})
#: Shorter acronyms usually belong to countries and offices, not to companies.
_ACRONYM = 3


class Names:
    """The proper names of one article, with its mentions and pointing words."""

    def __init__(
        self, document: Document, pointers: Sequence[Pointer], mentions: Sequence[Mention], vocabulary: Pointers
    ) -> None:
        """Scan an article.

        Args:
            document: the article.
            pointers: its pointing words, in text order.
            mentions: of the projects that it concerns, in text order.
            vocabulary: the vocabulary that the pointers come from.
        """
        self._text = document.text
        self._vocabulary = vocabulary
        #: In text order.
        self.pointers = pointers
        self._pointer_starts = [pointer.span.start for pointer in pointers]
        self._pointer_senses: dict[int, list[Sense]] = defaultdict(list)
        for span, sense, _ in pointers:
            self._pointer_senses[span.start].append(sense)
        self._mentions = mentions
        self._mention_starts = [mention.span.start for mention in mentions]
        self._document = document

    def pointing(self, span: Span) -> Sequence[Pointer]:
        """The pointing words that begin in a span."""
        first = bisect_left(self._pointer_starts, span.start)
        return self.pointers[first : bisect_left(self._pointer_starts, span.end, lo=first)]

    def small(self, start: int) -> Small | None:
        """What the word there says about a noun after it."""
        return self._vocabulary.small(self.word(start))

    def points(self, at: int, *senses: Sense) -> bool:
        """Whether a pointing word with one of the senses begins there."""
        return at in self._pointer_senses and any(sense in senses for sense in self._pointer_senses[at])

    def mentioned(self, span: Span) -> Sequence[Mention]:
        """The mentions that a span overlaps."""
        first, last = (
            bisect_right(self._mention_starts, span.start - _LONGEST),
            bisect_left(self._mention_starts, span.end),
        )
        return [mention for mention in self._mentions[first:last] if mention.span.end > span.start]

    def plants(self, span: Span) -> list[Span]:
        """The words for plants in a span: facilities, then what the projects make or are."""
        facilities = [pointer.span for pointer in self.pointing(span) if pointer.sense is Sense.FACILITY]
        return facilities + [mention.span for mention in self.mentioned(span) if mention.role is Role.WHAT]

    def is_at_home(self, span: Span) -> bool:
        """Whether a span names a company or place of the projects."""
        return any(mention.role in {Role.WHO, Role.WHERE} for mention in self.mentioned(span))

    def is_placed(self, span: Span) -> bool:
        """Whether a span names a place of the projects that is not a whole country."""
        places = [mention.word for mention in self.mentioned(span) if mention.role is Role.WHERE]
        return not all(self._vocabulary.countries_of([place]) for place in places)

    def words(self, start: int, end: int) -> list[int]:
        """Where the words of a stretch begin."""
        return [word.start() for word in WORD.finditer(self._text.bare, start, end)]

    def smalls(self, span: Span) -> Iterator[tuple[int, Small | None]]:
        """Where the words of a stretch begin, each with what it says about a noun after it."""
        for word in WORD.finditer(self._text.bare, *span):
            yield word.start(), self._vocabulary.small(word.group())

    def compounds(self, start: int, end: int) -> list[int]:
        """Where the words of a stretch begin; words joined by a hyphen are one."""
        return [word.start() for word in _COMPOUND.finditer(self._text.bare, start, end)]

    def is_strange(self, start: int) -> bool:
        """Whether a name begins there that belongs to none of the projects."""
        if not (self._is_capital(start) and self._is_name(start)):
            return False
        end = start
        for word in WORD.finditer(self._text.bare, start, start + _LONGEST):
            if not self._is_capital(word.start()) or self._text.bare[end : word.start()].strip():
                break
            end = word.end()
        return not self._is_own(Span(start, end))

    def stands_for_another(self, noun: int) -> bool:
        """Whether the name of a stranger follows a noun: the mine of zinc in Honduras, that of the group Cupco."""
        at = noun
        for _ in range(_KINDS + 1):
            behind = self._vocabulary.behind_link(self._text, at)
            if behind is None:
                return False
            if self.names_stranger(behind):
                return True
            at = self._end_of_whole(behind) or self.end(behind)
        return False

    def _end_of_whole(self, start: int) -> int | None:
        """Where "its plant" ends, in "an expansion of its plant in Dresden". None if no facility begins there."""
        words = [word for word in self.words(start, start + _LONGEST) if self.small(word) not in DETERMINERS]
        if not words or not self.points(words[0], Sense.FACILITY):
            return None
        return self.end([*takewhile(lambda word: self.points(word, Sense.FACILITY, Sense.ADJECTIVE), words)][-1])

    def names_stranger(self, start: int) -> bool:
        """Whether a strange name begins there, possibly after "the group" or the like."""
        is_company = False
        for word in self.words(start, start + _LONGEST)[: _KINDS + 1]:
            is_company = is_company or self.points(word, Sense.OWNER)
            if self._is_capital(word):
                return self.is_strange(word)
            if not is_company and self.small(word) is not Small.ARTICLE:
                break
        return False

    def is_link(self, start: int) -> bool:
        """Whether what follows the word is only come from, sold to, or the owner of something."""
        return self.small(start) is Small.OBLIQUE or self._vocabulary.behind_link(self._text, start) is not None

    def is_at(self, span: Span) -> bool:
        """Whether a span begins with a word such as "in" or "of"."""
        first = WORD.search(self._text.bare, *span)
        return first is not None and self._vocabulary.behind_link(self._text, first.start()) is not None

    def is_in_name(self, noun: Span) -> bool:
        """Whether a noun is only the first word of a name: Port Harcourt."""
        if not self._is_capital(noun.start):
            return False
        behind = WORD.search(self._text.bare, noun.end, noun.end + _LONGEST)
        return behind is not None and self._is_capital(behind.start())

    def strange_name_before(self, noun: int, start: int) -> int | None:
        """Where a strange name before a noun begins: the Port Harcourt oil refinery."""
        name: int | None = None
        for number, word in enumerate(reversed(self.words(start, noun))):
            if self._is_small(word):
                break
            if self._is_capital(word):
                name = word if name is not None or not self._is_first(word) else None
            elif name is not None or number >= _KINDS:
                break
        return name if name is not None and self._is_name(name) and not self._is_own(Span(name, noun)) else None

    def is_strange_subject(self, start: int) -> bool:
        """Whether a name begins there that belongs to none of the projects, also at the beginning of a sentence.

        There, a single word is a name if it is one elsewhere in the article, or if it looks like one before a verb.
        """
        name = self._subject(start)
        return name is not None and not self._is_own(name)

    def is_foreign_subject(self, start: int) -> bool:
        """Like ``is_strange_subject``, also for a name in the lead or near a place of the projects."""
        name = self._subject(start)
        return name is not None and not self.mentioned(name)

    def _subject(self, start: int) -> Span | None:
        """The first words of the name that begins there. None if none does."""
        if not self._is_name_like(start) or "'" in self.word(start) or not self._is_name(start):
            return None
        behind = self.words(self.end(start), start + _LONGEST)[:1]
        is_lone = not (behind and self._is_name_like(behind[0]) and self._text.bare[self.end(start)] == " ")
        if is_lone and self._is_first(start) and not self._is_written_as_name(start):
            return None
        return Span(start, self.end(start if is_lone else behind[0]))

    def is_named_once(self, start: int) -> bool:
        """Whether a name begins there that belongs to none of the projects and appears only once in the article."""
        if not (self._is_name_like(start) and self._is_name(start)) or self.mentioned(Span(start, self.end(start))):
            return False
        at, end = self._text.original_span(start, self.end(start))
        return self._text.original.count(self._text.original[at:end]) == 1

    def _is_name_like(self, start: int) -> bool:
        """Whether a word has a capital, or is an acronym of three letters or more, or of two before a name: LG Chem."""
        at, end = self._text.original_span(start, self.end(start))
        if self._is_capital(start) or not self._text.original[at:end].isupper():
            return self._is_capital(start)
        behind = self._text.original[end : end + 3]
        is_joined = behind[:1] == " " and behind[1:].isalpha() and behind[1:].istitle()
        return end - at >= _ACRONYM or (end - at == _ACRONYM - 1 and is_joined)

    def _is_written_as_name(self, start: int) -> bool:
        """Whether a word that opens a sentence is a name: never in small letters, and elsewhere with a capital.

        An acronym, or a word that looks like a name before a verb, need not appear elsewhere.
        """
        at, end = self._text.original_span(start, self.end(start))
        word = self._text.original[at:end]
        is_acronym = not self._is_capital(start)
        place = Span(start, self.end(start))
        may_be = is_acronym or self._vocabulary.is_name_before_verb(self._text, place) or word in self._within
        return may_be and word.lower() not in self._spelt

    @cached_property
    def _spelt(self) -> frozenset[str]:
        """The words of the article as written."""
        return frozenset(_SPELT.findall(self._text.original))

    @cached_property
    def _within(self) -> frozenset[str]:
        """The words of the article, as written, that do not open a sentence."""
        return frozenset(_WITHIN.findall(self._text.original))

    def determined(self, noun: int, start: int) -> tuple[int, set[Small]]:
        """Where a noun with its article begins, and what the article and the adjectives say about it."""
        said: set[Small] = set()
        for word in reversed(self.compounds(start, noun)[-_ADJECTIVES - 1 :]):
            if (small := self.small(word)) is not None:
                said.add(small)
            if small in {Small.ARTICLE, Small.INTRODUCING}:
                return word, said
        return noun, said

    @cached_property
    def _at_home(self) -> frozenset[str]:
        """The names in the headline and the lead, and those near a place of the project: they belong to the projects.

        If the lead says where the project is, other places in it are left out.
        """
        return frozenset(self._words_at_home())

    def _words_at_home(self) -> Iterator[str]:
        is_lead = True
        for sentence in self._document.sentences:
            places = [mention for mention in self.mentioned(sentence.span) if mention.role is Role.WHERE]
            if is_lead:
                yield from self.capitals(sentence.span, but_places=self.is_placed(sentence.span))
                is_lead = sentence.is_title or not self.mentioned(sentence.span)
            for place in places:
                yield from self.capitals(self._around(place.span, sentence.span))

    def _around(self, place: Span, sentence: Span) -> Span:
        """What is near enough to a place to be there too: from its own plant or "and", up to the next plant."""
        before = Span(max(sentence.start, place.start - _NEARBY), place.start)
        behind = Span(place.end, min(sentence.end, place.end + _NEARBY))
        starts = [start for start, opens_aside in self._vocabulary.joins(self._text, before) if not opens_aside]
        starts += [self.determined(start, before.start)[0] for start in self._plants(before)]
        # The plant in "the Sines plant" is not another one.
        ends = [start for start in self._plants(behind) if start > place.end + 1]
        return Span(max(starts, default=before.start), min(ends, default=behind.end))

    def _plants(self, span: Span) -> Iterator[int]:
        """Where the words for plants begin."""
        return (p.span.start for p in self.pointing(span) if p.sense in PLANTS and not self.is_in_name(p.span))

    def capitals(self, span: Span, *, but_places: bool = False) -> Iterator[str]:
        """The words of a span that have a capital; without those of places if ``but_places``."""
        for word in WORD.finditer(self._text.bare, span.start, span.end):
            if self._text.is_capital(word.start()) and not (but_places and self._is_place(Span(*word.span()))):
                yield word.group()

    def _is_place(self, name: Span) -> bool:
        """Whether the text says that something is at a name, or that a facility is of it."""
        if self._vocabulary.is_at(self._text, name):
            return True
        near = Span(max(0, name.start - _NEARBY), name.start)
        nouns = [pointer.span for pointer in self.pointing(near) if pointer.sense is Sense.FACILITY]
        nouns += [mention.span for mention in self.mentioned(near) if mention.role is Role.WHAT]
        # "The one in" contains its link.
        ends = [pointer.span.end + 1 for pointer in self.pointing(near) if pointer.sense in PLANTS - {Sense.FACILITY}]
        return name.start in {*ends, *(self._vocabulary.behind_link(self._text, noun.end) for noun in nouns)}

    def _is_own(self, name: Span) -> bool:
        return bool(self.mentioned(name)) or self.word(name.start) in self._at_home

    def _is_name(self, start: int) -> bool:
        if self.small(start) is not None:
            return False
        return not (self.points(start, Sense.ADJECTIVE) or self._vocabulary.is_adjective(self._text, start))

    def _is_small(self, start: int) -> bool:
        """Whether a name cannot continue there: at an article, a word such as "of", a genitive."""
        return (
            self.small(start) in {Small.ARTICLE, Small.INTRODUCING}
            or self._vocabulary.behind_link(self._text, start) is not None
            or "'" in self.word(start)
        )

    def _is_capital(self, start: int) -> bool:
        """Whether a word begins with a capital, but is not all capitals (LNG)."""
        if not self._text.is_capital(start):
            return False
        at, end = self._text.original_span(start, start + 2)
        beginning = self._text.original[at:end]
        # "5GW" does not begin with a capital, and "C$7" is money.
        return end - at > 1 and beginning.isalpha() and beginning.istitle()

    def _is_first(self, start: int) -> bool:
        return _FIRST.search(self._text.bare, max(0, start - 3), start) is not None

    def word(self, start: int) -> str:
        """The word that begins there, up to the greatest length of a name."""
        word = WORD.match(self._text.bare, start, start + _LONGEST)
        return word.group() if word else self._text.bare[start : start + 1]

    def end(self, start: int) -> int:
        """Where the word that begins there ends, up to the greatest length of a name."""
        word = WORD.match(self._text.bare, start, start + _LONGEST)
        return word.end() if word else start + 1


def part_around(text: Text, at: int, span: Span) -> Span:
    """The part of a span between the commas around a position."""
    start = max((comma.end() for comma in COMMA.finditer(text.bare, span.start, at)), default=span.start)
    behind = COMMA.search(text.bare, at, span.end)
    return Span(start, behind.end() if behind else span.end)
