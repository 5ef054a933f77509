"""Strangers: plants and companies that an article speaks of besides the projects that it concerns."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from monitor.core.mention import Mention, Role
from monitor.core.reading.document import Document, Sentence, Span
from monitor.core.reading.names import Names
from monitor.core.reading.pointers import Pointer, Pointers, Sense, Small
from monitor.core.reading.text import Text

_COMMA = re.compile(r"[,\u060c\u3001;:(](?!\d)")
#: How many words may stand before the subject of a clause, between "its" and its noun, in a place ("In San Juan,").
_BEFORE_SUBJECT, _ADJECTIVES, _PLACE = 4, 2, 4
#: How far, in characters, a name may stand behind "one of its suppliers", a preposition before its noun.
_NEAR = 40
_ARABIC_ARTICLE = "\u0627\u0644"


class Strangers:
    """Where an article speaks of something else.

    A facility with a strange name is something else where it is the subject or is introduced ("its plant in X", "also
    the mine of X"), not where it is only come from or sold to. So are another company, where it is the subject, and
    all that follows "In X," or "As for X,".
    """

    def __init__(
        self, document: Document, pointers: Sequence[Pointer], mentions: Sequence[Mention], vocabulary: Pointers
    ) -> None:
        """Find the strangers; the arguments are those of ``Names``."""
        self._names = Names(document, pointers, mentions, vocabulary)
        self._text = document.text
        self._vocabulary = vocabulary
        self._found = sorted(
            start for sentence in document.sentences if not sentence.is_title for start in self._in_sentence(sentence)
        )

    def within(self, span: Span) -> bool:
        """Whether a stretch is about a stranger."""
        index = bisect_left(self._found, span.start)
        return index < len(self._found) and self._found[index] < span.end

    def _in_sentence(self, sentence: Sentence) -> Iterator[int]:
        pointing = self._names.pointing(sentence.span)
        if not pointing and not self._names.mentioned(sentence.span):
            return
        goes_on = any(pointer.sense is Sense.ALSO for pointer in pointing)
        for clause in sentence.clauses:
            parts = list(_parts(self._text, clause))
            for number, part in enumerate(parts):
                if not number and self._is_elsewhere(part, parts[1:]):
                    yield part.start
                yield from self._in_part(part, goes_on=goes_on)

    def _in_part(self, part: Span, *, goes_on: bool) -> Iterator[int]:
        for noun in self._nouns(part):
            if self._is_stranger(noun, part, goes_on=goes_on):
                yield noun.span.start
            if noun.sense is Sense.FACILITY:
                # What comes behind the first belongs to it.
                break

    def _is_stranger(self, noun: Pointer, part: Span, *, goes_on: bool) -> bool:
        match noun.sense:
            case Sense.FACILITY:
                return self._is_strange(noun.span, part, goes_on=goes_on)
            case Sense.ONE:
                return self._names.names_stranger(noun.span.end) and self._is_subject(noun.span.start, part)
            case Sense.RIVAL:
                return not self._names.is_at_home(part) and self._is_subject(noun.span.start, part)
            case Sense.ONE_OF:
                return self._has_strange_name(noun.span)
            case _:
                return self._turns_away(noun.span, part)

    def _nouns(self, part: Span) -> list[Pointer]:
        """What may be a stranger in a part: facilities, the products of the projects among them, and companies."""
        products = [Pointer(m.span, Sense.FACILITY) for m in self._names.mentioned(part) if m.role is Role.WHAT]
        senses = {Sense.FACILITY, Sense.ONE, Sense.RIVAL, Sense.ONE_OF, Sense.TURN}
        pointers = (pointer for pointer in self._names.pointing(part) if pointer.sense in senses)
        nouns = sorted([*products, *pointers], key=lambda noun: noun.span)
        return [noun for noun in nouns if noun.sense is not Sense.FACILITY or not self._names.is_in_name(noun.span)]

    def _is_strange(self, noun: Span, part: Span, *, goes_on: bool) -> bool:
        """Whether a facility has a strange name or place, and the part is about it."""
        name = self._names.strange_name_before(noun.start, part.start)
        if name is None and not self._names.stands_for_another(noun.end):
            return False
        first, is_introduced = self._determined(noun.start if name is None else name, part)
        if goes_on or is_introduced:
            return not self._is_oblique(first, part)
        return self._is_subject(first, part)

    def _determined(self, noun: int, part: Span) -> tuple[int, bool]:
        """Where a noun with its article begins, and whether it is introduced: as the company's, or as a new one."""
        for start in reversed(self._names.words(part.start, noun)[-_ADJECTIVES - 1 :]):
            if (small := self._names.small(start)) in {Small.ARTICLE, Small.INTRODUCING}:
                return start, small is Small.INTRODUCING
        return noun, False

    def _is_subject(self, noun: int, part: Span) -> bool:
        openings = (p.span.end for p in self._names.pointing(part) if p.sense is Sense.ALSO and p.span.end <= noun)
        words = self._names.words(max(openings, default=part.start), noun)
        return len(words) < _BEFORE_SUBJECT and not self._is_oblique(noun, part)

    def _is_oblique(self, noun: int, part: Span) -> bool:
        """Whether a word right before a noun says that something else is spoken of: from, with."""
        before = self._names.words(max(part.start, noun - _NEAR), noun)
        turns = any(pointer.sense is Sense.TURN for pointer in self._names.pointing(Span(part.start, noun)))
        # A script that writes no spaces has it right before.
        smalls = [*(self._names.small(word) for word in before[-2:]), self._vocabulary.small(self._text.bare[noun - 1])]
        return Small.OBLIQUE in smalls and not turns

    def _has_strange_name(self, one_of: Span) -> bool:
        """Whether a strange name stands between commas behind: one of its suppliers, Hengda."""
        comma = _COMMA.search(self._text.bare, one_of.end, one_of.end + _NEAR)
        return comma is not None and any(
            map(self._names.is_strange, self._names.words(comma.end(), comma.end() + _NEAR)[:1])
        )

    def _is_elsewhere(self, part: Span, following: Sequence[Span]) -> bool:
        """Whether a part is but a strange place, "In Ohio,", and what follows is on a facility there."""
        place = self._vocabulary.behind_link(self._text, part.start)
        if place is None or not self._names.is_strange(place) or len(self._names.words(place, part.end)) > _PLACE:
            return False
        for behind in following:
            if self._names.is_at_home(behind):
                return False
            for noun in self._nouns(behind):
                first, is_introduced = self._determined(noun.span.start, behind)
                return is_introduced or self._is_subject(first, behind)
        return False

    def _turns_away(self, turn: Span, part: Span) -> bool:
        """Whether "as for" is followed by a strange name; in Arabic by a facility that has another's name."""
        words = self._names.words(turn.end, part.end)
        if not words or any(mention.span.end > self._names.end(words[0]) for mention in self._names.mentioned(part)):
            return False
        nouns = [p.span.start for p in self._names.pointing(part) if p.sense in {Sense.FACILITY, Sense.OWNER}]
        is_arabic = "\u0600" <= self._text.bare[words[0]] < "\u0780"
        is_named = is_arabic and nouns == words[:1] and not self._text.bare.startswith(_ARABIC_ARTICLE, words[0])
        return is_named or self._names.is_strange(words[0])


def _parts(text: Text, clause: Span) -> Iterator[Span]:
    """What stands between the marks of a clause, from its first letter."""
    start = clause.start
    for end in [*(comma.end() for comma in _COMMA.finditer(text.bare, clause.start, clause.end)), clause.end]:
        part = text.bare[start:end]
        first = next((index for index, char in enumerate(part) if char.isalnum()), None)
        if first is not None:
            yield Span(start + first, end)
        start = end
