"""An article laid out for the encoder: its candidates, and the pieces in which names, times and amounts stand."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from monitor.core.model import Article, Project, State
from monitor.core.reading.dates.timex import TimeExpression, time_expressions
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.projects.matching import Matcher
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.phasing import PhaseNames, PhasesTold
from monitor.core.reading.projects.senses import Sense
from monitor.core.reading.quantities.facts import Amount, amounts
from monitor.core.reading.quantities.quantities import quantities
from monitor.core.reading.segment import segment, text_of
from monitor.core.reading.text.document import Document, Span
from monitor.core.reading.trained.scheme import Flag, Trait, distance

#: The characters of a text that are read: some 2,500 words. What stands further down is not news.
LONGEST = 16_000
_FLAGS = {
    Role.WHO: (Flag.WHO, Flag.OTHER_WHO),
    Role.WHAT: (Flag.WHAT, Flag.OTHER_WHAT),
    Role.WHERE: (Flag.WHERE, Flag.OTHER_WHERE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """An article with everything that the grammars find in it."""

    document: Document
    mentions: tuple[Mention, ...]
    #: The projects that it may concern, in configuration order; never empty.
    candidates: tuple[str, ...]
    times: tuple[TimeExpression, ...]
    amounts: tuple[Amount, ...]
    phases: PhasesTold
    #: Where it names agreements on land, in text order.
    land_deals: tuple[Span, ...] = ()


class Surveyor:
    """Lays articles out. Build it once for a configuration; safe to share."""

    def __init__(self, projects: Sequence[Project], lexicons: Mapping[str, Lexicon], matcher: Matcher) -> None:
        self._projects = {project.id: project for project in projects}
        self._lexicons = lexicons
        self._matcher = matcher
        self._phases = PhaseNames(projects)

    def lay_out(self, article: Article) -> Layout | None:
        """Lay an article out.

        None if it can concern no project, has no sentence, or is in a language without a lexicon.
        """
        lexicon = self._lexicons.get(article.language or "")
        if lexicon is None:
            return None
        article = replace(article, text=article.text[:LONGEST])
        text = text_of(article)
        mentions = self._matcher.mentions(text)
        candidates = self._matcher.candidates(
            mentions,
            is_country=lambda place: bool(lexicon.focus.countries_of([place])),
            is_on_plants=lambda: any(
                pointer.sense in {Sense.FACILITY, Sense.WORKS} for pointer in lexicon.focus.find(text)
            ),
        )
        if not candidates:
            return None
        document = segment(article, lexicon, text)
        if not document.sentences:
            return None
        places = [place for project in candidates for place in self._projects[project].where]
        found = quantities(document, lexicon.numbers, lexicon.quantities, places)
        return Layout(
            document=document,
            mentions=mentions,
            candidates=candidates,
            times=time_expressions(document, lexicon.dates),
            amounts=tuple(amounts(document, found, lexicon.facts)),
            phases=self._phases.within(document),
            land_deals=tuple(
                Span(start, end) for start, end, _ in lexicon.land_deals.find(text.bare, 0, len(text.bare))
            ),
        )


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
        numbers = np.zeros(len(self), np.int64)
        for number, sentence in enumerate(self._document.sentences):
            inside = self.of(sentence.span)
            numbers[inside.start :] = number
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
        found[: self.headline, Flag.HEADLINE] = 1
        return found

    def distances(self, centre: int) -> list[int]:
        """The class of the distance from a piece to each time expression."""
        return [distance(_apart(inside, centre)) for inside in self.times]

    def traits(self, state: State) -> npt.NDArray[np.float32]:
        """By time expression and ``Trait``: what it is like as the date of a claim in this state.

        ``SAME_SENTENCE`` stays 0: it depends on where the claim stands.
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
        return found


def _apart(inside: range, centre: int) -> int:
    """The distance from a piece to a stretch, in pieces: negative if the stretch ends before it, 0 if around it."""
    if inside.start > centre:
        return inside.start - centre
    return min(0, inside.stop - 1 - centre)
