"""The pieces (tokens) of an article, and which of them belong to its parts."""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from ahocorasick_rs import AhoCorasick, Implementation

from monitor.core.model import State
from monitor.core.reading.flags import Flag
from monitor.core.reading.layout import Layout
from monitor.core.reading.projects.matching import MentionRole
from monitor.core.reading.text.text import Span
from monitor.core.reading.trained.scheme import Trait, distance

_FLAGS = {
    MentionRole.WHO: (Flag.WHO, Flag.OTHER_WHO),
    MentionRole.WHAT: (Flag.WHAT, Flag.OTHER_WHAT),
    MentionRole.WHERE: (Flag.WHERE, Flag.OTHER_WHERE),
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
            if mention.role is MentionRole.NOT:
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


# Cuts an article that is too long for the encoder into overlapping windows, each with the headline before it ----------


#: The pieces in a window, without the two special ones around them; and the pieces that two windows share.
SIZE, OVERLAP = 510, 128
#: The most pieces of a headline that are repeated.
HEADLINE = 48
#: The most windows of an article that are read: some 2,000 words. What stands further down is not news.
FURTHEST = 8
#: The most windows of an article that the upper layers process, over all its candidates.
MOST = 32


class Window(NamedTuple):
    """A stretch of the pieces of an article."""

    #: The indices of its pieces, in the order in which the encoder gets them.
    pieces: Sequence[int]
    #: How many of the first pieces are only context.
    skipped: int
    #: How many of the pieces after those count.
    counted: int


def windows(count: int, *, headline: int, size: int = SIZE, overlap: int = OVERLAP) -> tuple[Window, ...]:
    """Cut an article of ``count`` pieces; the first ``headline`` pieces are its headline.

    Each piece counts in exactly one window: where two windows overlap, in the one that has more context for it.
    """
    if count <= size:
        return (Window(range(count), 0, count),)
    prefix = range(min(headline, HEADLINE, size // 4))
    length, found = size - len(prefix), [Window(range(size), 0, size - overlap // 2)]
    counted = size - overlap // 2
    while counted < count:
        start = min(counted - overlap // 2, count - length)
        end = start + length
        stop = count if end >= count else end - overlap // 2
        skipped = len(prefix) + counted - start
        found.append(Window((*prefix, *range(start, end)), skipped, stop - counted))
        counted = stop
    return tuple(found)


def chosen(cut: Sequence[Window], named: npt.NDArray[np.bool_], *, candidates: int) -> list[int]:
    """The indices of the windows that are read for one candidate, at least one.

    With one candidate, all windows are read. With several candidates, each is read in the windows that name it. The
    cost of an article is bounded: only its first ``FURTHEST`` windows are read, and each candidate gets its share of
    ``MOST``, at least one window, from the top.

    Args:
        cut: the windows of the article.
        named: for each piece, whether it belongs to the candidate's own words.
        candidates: the number of candidates.
    """
    read = range(min(len(cut), FURTHEST))
    near = [number for number in read if candidates == 1 or named[list(cut[number].pieces)].any()]
    return (near or [0])[: max(1, MOST // candidates)]


# Splits a text into the pieces that the encoder knows: the likeliest split under a unigram model ----------------------
#
# Does in few lines what multilingual-e5-small's own tokenizer does, and keeps the places of the pieces in the text as
# published.


#: Stands for a space before a word.
SPACE = "\u2581"
#: How much less likely an unknown character is than the rarest piece.
_PENALTY = 10.0


class Tokenizer:
    """Build it once for the weights; safe to share between threads."""

    def __init__(self, pieces: Sequence[tuple[str, float]], *, unknown: int) -> None:
        """Prepare.

        Args:
            pieces: each with the logarithm of its frequency, in the order of their ids. Pieces in angle brackets stand
                for no text.
            unknown: the id of the piece for text that no other piece covers.
        """
        self._known = [number for number, (piece, _) in enumerate(pieces) if not _is_special(piece)]
        self._scores = [pieces[number][1] for number in self._known]
        self._unknown = unknown
        self._worst = min(self._scores, default=0.0) - _PENALTY
        words = [pieces[number][0] for number in self._known]
        self._automaton = AhoCorasick(words, implementation=Implementation.ContiguousNFA)

    def tokenize(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The ids of the pieces of a text, and the start and end of each in the text. Takes linear time."""
        plain, origins = normalized(text)
        ids: list[int] = []
        offsets: list[tuple[int, int]] = []
        for start, end, number in self._likeliest(plain):
            first = start + (plain[start] == SPACE and end - start > 1)
            place = origins[first], origins[end - 1] + 1
            if ids and ids[-1] == number == self._unknown:
                # Adjacent unknown characters form one piece.
                offsets[-1] = offsets[-1][0], place[1]
                continue
            ids.append(number)
            offsets.append(place)
        return ids, offsets

    def _likeliest(self, plain: str) -> list[tuple[int, int, int]]:
        """The likeliest split of a text: start, end and id of each piece."""
        best = [0.0] * (len(plain) + 1)
        via = [(0, self._unknown)] * (len(plain) + 1)
        done = 0
        # The matches come ordered by their ends.
        for index, start, end in self._automaton.find_matches_as_indexes(plain, overlapping=True):
            while done < end:
                done += 1
                best[done], via[done] = best[done - 1] + self._worst, (done - 1, self._unknown)
            score = best[start] + self._scores[index]
            if score > best[end]:
                best[end], via[end] = score, (start, self._known[index])
        for place in range(done + 1, len(plain) + 1):
            via[place] = place - 1, self._unknown
        found = []
        end = len(plain)
        while end > 0:
            start, number = via[end]
            found.append((start, end, number))
            end = start
        return found[::-1]


def normalized(text: str) -> tuple[str, list[int]]:
    """The text in normal form, and the index in ``text`` that each of its characters comes from.

    Compatibility forms are resolved, and each run of white space becomes one ``SPACE``. A letter is composed with the
    combining marks after it. Every word has a ``SPACE`` before it, also the first.
    """
    plain: list[str] = [SPACE]
    origins: list[int] = [0]
    for at, char in enumerate(text):
        form = _form(char)
        if form == SPACE and plain[-1] == SPACE:
            origins[-1] = at
            continue
        if len(form) == 1 and unicodedata.combining(form) and len(whole := _composed(plain[-1] + form)) == 1:
            plain[-1] = whole
            continue
        for part in form:
            plain.append(part)
            origins.append(at)
    if plain[-1] == SPACE:
        del plain[-1], origins[-1]
    return "".join(plain), origins


def _is_special(piece: str) -> bool:
    return piece.startswith("<") and piece.endswith(">") and len(piece) > 1


@lru_cache(maxsize=20_000)
def _form(char: str) -> str:
    """What one character becomes; "" if it is invisible, such as a control character."""
    if char.isspace():
        return SPACE
    category = unicodedata.category(char)
    if category in {"Cc", "Cf", "Cs", "Cn"}:
        return "" if category != "Cs" else "\ufffd"
    return unicodedata.normalize("NFKC", char).replace(" ", SPACE)


@lru_cache(maxsize=2000)
def _composed(pair: str) -> str:
    return unicodedata.normalize("NFC", pair)
