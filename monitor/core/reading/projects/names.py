"""Proper names, recognised by capitals: which of an article's names belong to none of the concerned projects.

In a script without capitals no names are found.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from monitor.core.reading.projects.matching import Mention, MentionRole
from monitor.core.reading.projects.pointers import Pointer, Pointers, Sense, Small
from monitor.core.reading.text.text import Document, Span

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
#: The greatest length of a name or configured word that is considered.
_LONGEST = 60
#: The most words for a kind of plant between a name and the plant, or in a chain after it.
_KINDS = 2
#: The most adjectives between "its" and its noun.
_ADJECTIVES = 3
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
        return facilities + [mention.span for mention in self.mentioned(span) if mention.role is MentionRole.WHAT]

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

    def is_at(self, span: Span) -> bool:
        """Whether a span begins with a word such as "in" or "of"."""
        first = WORD.search(self._text.bare, *span)
        return first is not None and self._vocabulary.behind_link(self._text, first.start()) is not None

    def is_foreign_subject(self, start: int) -> bool:
        """Whether a name begins there that belongs to none of the projects, also at the beginning of a sentence.

        There, a single word is a name if it is one elsewhere in the article, or if it looks like one before a verb.
        """
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

    def capitals(self, span: Span) -> Iterator[str]:
        """The words of a span that have a capital."""
        words = WORD.finditer(self._text.bare, span.start, span.end)
        return (word.group() for word in words if self._text.is_capital(word.start()))

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
