"""The pieces (tokens) of an article, and which of them belong to its parts."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from monitor.core.model import State
from monitor.core.reading.flags import Flag
from monitor.core.reading.layout import Layout
from monitor.core.reading.projects.mention import Role
from monitor.core.reading.text.document import Span
from monitor.core.reading.trained.scheme import Trait, distance

_FLAGS = {
    Role.WHO: (Flag.WHO, Flag.OTHER_WHO),
    Role.WHAT: (Flag.WHAT, Flag.OTHER_WHAT),
    Role.WHERE: (Flag.WHERE, Flag.OTHER_WHERE),
}


class Pieces:
    """The pieces (tokens) of an article, and which of them belong to its parts."""

    def __init__(self, layout: Layout, offsets: Sequence[tuple[int, int]]) -> None:
        """``offsets`` are the start and end of each piece in the article as published, in ascending order."""
        self._layout = layout
        self._document = layout.document
        self._starts = [start for start, _ in offsets]
        self._ends = [end for _, end in offsets]
        self._sentence_starts = [sentence.span.start for sentence in self._document.sentences]

    def __len__(self) -> int:
        return len(self._starts)

    def within(self, start: int, end: int) -> range:
        """The pieces that a stretch of the article, as published, touches."""
        first = bisect_right(self._ends, start)
        return range(first, max(first, bisect_left(self._starts, end)))

    def place(self, pieces: range) -> tuple[int, int]:
        """Where a range of at least one piece begins and ends in the article as published."""
        return self._starts[pieces.start], self._ends[pieces.stop - 1]

    def of(self, span: Span) -> range:
        """The pieces of a span of the folded text."""
        return self.within(*self._document.text.original_span(*span))

    @cached_property
    def headline(self) -> int:
        """The number of pieces in the headline."""
        titles = [sentence.span for sentence in self._document.sentences if sentence.is_title]
        return self.of(titles[-1]).stop if titles else 0

    @cached_property
    def times(self) -> tuple[range, ...]:
        """The pieces of each time expression."""
        return tuple(self.of(time.span) for time in self._layout.times)

    @cached_property
    def amounts(self) -> tuple[range, ...]:
        """The pieces of each amount."""
        return tuple(self.of(amount.quantity.span) for amount in self._layout.amounts)

    @cached_property
    def sentences(self) -> npt.NDArray[np.int64]:
        """The index of each piece's sentence. A piece outside all sentences gets that of the sentence before."""
        return self._numbered(sentence.span for sentence in self._document.sentences)

    @cached_property
    def clauses(self) -> npt.NDArray[np.int64]:
        """The index of each piece's clause in the article, as of its sentence."""
        return self._numbered(clause for sentence in self._document.sentences for clause in sentence.clauses)

    def _numbered(self, spans: Iterable[Span]) -> npt.NDArray[np.int64]:
        numbers = np.zeros(len(self), np.int64)
        for number, span in enumerate(spans):
            numbers[self.of(span).start :] = number
        return numbers

    def is_on_land(self, piece: int) -> bool:
        """Whether the sentence of a piece names an agreement on land."""
        sentence = self._document.sentences[int(self.sentences[piece])].span
        return any(sentence.contains(deal) for deal in self._layout.land_deals)

    def flags(self, project: str) -> npt.NDArray[np.float32]:
        """By piece and ``Flag``: 1 if the piece belongs to words of this candidate, of another, or to the headline."""
        found = np.zeros((len(self), len(Flag)), np.float32)
        others = frozenset(self._layout.candidates) - {project}
        for mention in self._layout.mentions:
            inside = self.of(mention.span)
            where = slice(inside.start, inside.stop)
            if mention.role is Role.NOT:
                if project in mention.projects:
                    found[where, Flag.NOT] = 1
                continue
            own, other = _FLAGS[mention.role]
            if project in mention.projects:
                found[where, own] = 1
            if not others.isdisjoint(mention.projects):
                found[where, other] = 1
        for span, flag in (*self._layout.hits, *self._layout.foreign.get(project, ())):
            inside = self.of(span)
            found[inside.start : inside.stop, flag] = 1
        found[: self.headline, Flag.HEADLINE] = 1
        return found

    def distances(self, centre: int) -> list[int]:
        """The class of the distance from a piece to each time expression."""
        return [distance(_apart(inside, centre)) for inside in self.times]

    def traits(self, state: State) -> npt.NDArray[np.float32]:
        """By time expression and ``Trait``: what it is like as the date of a claim in this state.

        Those that depend on where the claim stands stay 0: ``placed`` adds them.
        """
        published = self._document.published
        found = np.zeros((len(self.times), len(Trait)), np.float32)
        for row, time, inside in zip(found, self._layout.times, self.times, strict=True):
            period = time.period(state)
            row[Trait.SUPERSEDED] = time.is_superseded
            row[Trait.SINCE] = time.is_since
            row[Trait.OF_NEXT] = time.is_of_next
            row[Trait.PAST] = published is not None and period.end < published.start
            row[Trait.AHEAD] = published is not None and period.start > published.end
            row[Trait.HEADLINE] = inside.start < self.headline
            row[Trait.UNTIL] = time.is_until
            row[Trait.NEW] = time.is_new
            row[Trait.OF_BEFORE] = time.is_of_before
        return found


def placed(
    traits: npt.NDArray[np.float32],
    firsts: Sequence[int],
    centre: int,
    sentences: npt.NDArray[np.int64],
    clauses: npt.NDArray[np.int64],
) -> npt.NDArray[np.float32]:
    """The traits of time expressions with those that depend on where the claim stands.

    Args:
        traits: by time expression and ``Trait``.
        firsts: the first piece of each time expression.
        centre: the piece of the claim.
        sentences: the sentence of each piece.
        clauses: the clause of each piece.
    """
    found, apart = traits.copy(), sentences[firsts] - sentences[centre]
    found[:, Trait.SAME_SENTENCE] = apart == 0
    found[:, Trait.SENTENCE_BEFORE] = apart == -1
    found[:, Trait.SENTENCE_AFTER] = apart == 1
    found[:, Trait.SAME_CLAUSE] = clauses[firsts] == clauses[centre]
    return found


def _apart(inside: range, centre: int) -> int:
    """The distance from a piece to a stretch, in pieces: negative if the stretch ends before it, 0 if around it."""
    if inside.start > centre:
        return inside.start - centre
    return min(0, inside.stop - 1 - centre)
