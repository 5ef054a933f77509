"""A second plant of the builder of a project: what the article says about it does not apply to the project."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence

from monitor.core.reading.events.events import Told
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.names import WORD, part_around
from monitor.core.reading.projects.pointers import Pointer, Pointers
from monitor.core.reading.projects.senses import Sense, Small
from monitor.core.reading.text.document import Document, Span, apart

#: The most words between "second" and its plant.
_BESIDE = 1
#: The most characters between a verb and the "second" that is its object; the longest word, such as "been", between
#: a "second" and a verb after it.
_OBJECT, _SHORT = 6, 4
#: The longest word, such as "to", that may begin what follows such a "second".
_GOES_ON = 2
#: In this script, a noun stands before its number, joined to its article.
_ARABIC, _ARABIC_ARTICLE = range(0x600, 0x780), "\u0627\u0644"
#: The first character of the scripts without spaces, and the most characters between a number and a noun there.
_NO_SPACES, _NEAR = "\u2e80", 3
_COUNTING = frozenset({Sense.SECOND, Sense.OTHER})
_PARTS = frozenset({Sense.NOT_OTHER, Sense.PART, Sense.LATER_PART})


class Seconds:
    """Finds where an article continues from a project to a second plant: "opens Sines and puts off a second plant".

    The second of the project's own lines does not count, nor does a plant in a place of the project.
    """

    def __init__(
        self,
        document: Document,
        mentions: Sequence[Mention],
        pointers: Sequence[Pointer],
        vocabulary: Pointers,
        *,
        concerned: Collection[str],
        told: Sequence[Told],
    ) -> None:
        """Scan an article.

        Args:
            document: the article.
            mentions: of all projects, in text order.
            pointers: its pointing words, in text order.
            vocabulary: the vocabulary that the pointing words come from.
            concerned: the projects that the article concerns.
            told: its events, in text order.
        """
        self._document = document
        self._text = document.text.bare
        self._vocabulary = vocabulary
        self._mentions = mentions
        self._concerned = frozenset(concerned)
        self._heads = [event.head.start for event in told]
        self._facilities = [pointer.span for pointer in pointers if pointer.sense is Sense.FACILITY]
        parts = [pointer.span for pointer in pointers if pointer.sense in _PARTS]
        counting = [pointer.span for pointer in pointers if pointer.sense in _COUNTING]
        self._seconds = apart(counting, parts)
        self._starts = [span.start for span in self._seconds]

    def are_told(self, event: Told, project: str) -> bool:
        """Whether an event is about a second plant, and the project was mentioned before it."""
        if not self._seconds:
            return False
        sentence = self._document.sentences[event.sentence].span
        part = self._part(event.head, event.sentence)
        before = Span(sentence.start, part.start)
        own = self._own(project)
        if any(map(part.contains, own)) or not any(place.end <= part.start for place in own):
            return False
        here = [place for place in own if before.contains(place)]
        is_told_before = any(self._is_told(self._part(place, event.sentence)) for place in here)
        if here and not is_told_before:
            # "In Sines, a second plant is to be built."
            return False
        if is_told_before:
            return any(self._counts(s, part) or self._is_object(s, event.head, part) for s in self._within(part))
        return any((first := self._counts(s, part)) and not self._is_known(first, part) for s in self._within(part))

    def _own(self, project: str) -> Sequence[Span]:
        """The places that say where or what a project is, in words that it shares with no other concerned project."""
        return [
            mention.span
            for mention in self._mentions
            if mention.role in {Role.WHERE, Role.WHAT} and self._concerned.intersection(mention.projects) == {project}
        ]

    def _part(self, at: Span, sentence: int) -> Span:
        """The part of a clause around a word, between commas and words such as "and"."""
        clauses = self._document.sentences[sentence].clauses
        number = bisect_right(clauses, at.start, key=lambda clause: clause.start) - 1
        part = part_around(self._document.text, at.start, clauses[max(0, number)])
        joins = [start for start, _ in self._vocabulary.joins(self._document.text, part)]
        start = max((start for start in joins if start <= at.start), default=part.start)
        return Span(start, min((start for start in joins if start >= at.end), default=part.end))

    def _is_told(self, part: Span) -> bool:
        """Whether a part contains an event."""
        at = bisect_left(self._heads, part.start)
        return at < len(self._heads) and self._heads[at] < part.end

    def _within(self, part: Span) -> Iterator[Span]:
        first = bisect_left(self._starts, part.start)
        yield from self._seconds[first : bisect_left(self._starts, part.end, lo=first)]

    def _counts(self, second: Span, part: Span) -> Span | None:
        """The first word of a second plant. None if the word does not count a plant."""
        nouns = [noun for noun in self._facilities if part.contains(noun) and self._is_beside(second, noun)]
        return min(second, nouns[0]) if nouns else None

    def _is_beside(self, second: Span, noun: Span) -> bool:
        one, other = (noun, second) if self._is_arabic(second) else (second, noun)
        between = self._text[one.end : other.start]
        is_near = len(between) <= _NEAR if self._writes_no_spaces(second) else len(between.split()) <= _BESIDE
        return one.end <= other.start and is_near

    def _is_known(self, first: Span, part: Span) -> bool:
        """Whether a definite article precedes it: "the second plant", which was mentioned before."""
        if self._is_arabic(first):
            return self._text.startswith(_ARABIC_ARTICLE, first.start - len(_ARABIC_ARTICLE))
        words = [word.group() for word in WORD.finditer(self._text, part.start, first.start)]
        return bool(words) and self._vocabulary.small(words[-1]) is Small.ARTICLE

    def _is_object(self, span: Span, head: Span, part: Span) -> bool:
        """Whether it stands alone as the object that is opened or put off."""
        if self._writes_no_spaces(span):
            return False
        if span.end <= head.start:
            return all(len(word) <= _SHORT for word in self._text[span.end : head.start].split())
        behind = self._text[span.end : part.end].strip(" .\n").split()
        return span.start - head.end <= _OBJECT and (not behind or len(behind[0]) <= _GOES_ON)

    def _is_arabic(self, span: Span) -> bool:
        return ord(self._text[span.start]) in _ARABIC

    def _writes_no_spaces(self, span: Span) -> bool:
        return self._text[span.start] >= _NO_SPACES
