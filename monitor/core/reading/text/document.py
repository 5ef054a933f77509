"""An article laid out for reading: one folded text, its sentences and their clauses. Spans are in the folded text."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from monitor.core.periods import Period
from monitor.core.reading.text.text import Text


# A tuple, because it is created, compared and looked up more often than anything else.
class Span(NamedTuple):
    """Half-open stretch of the folded text."""

    start: int
    end: int

    def contains(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


def apart(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The spans that overlap none of the others. Does not compare each with each."""
    ordered = sorted(others)
    starts = [other.start for other in ordered]
    #: For each of the others, how far it and those before it reach.
    reach = list(accumulate((other.end for other in ordered), max))
    return [span for span in spans if not (at := bisect_left(starts, span.end)) or reach[at - 1] <= span.start]


class Sentence(NamedTuple):
    """A sentence (or the headline, a list item, a table row) and its clauses, in order."""

    span: Span
    clauses: tuple[Span, ...]
    #: It is the headline, which has its own grammar and may be corrected by the body.
    is_title: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Title and body as one text; if there is a title, it is the first sentence."""

    text: Text
    sentences: Sequence[Sentence]
    #: ISO 639-1; selects the lexicon.
    language: str
    #: Relative dates are resolved against it. None if unknown.
    published: Period | None

    @property
    def opening(self) -> int:
        """The index of the first sentence of the body; of the headline, if there is no body."""
        return next((number for number, sentence in enumerate(self.sentences) if not sentence.is_title), 0)

    def sentences_at(self, spans: Iterable[Span]) -> Iterator[int]:
        """The index of the sentence in which each of the spans begins; 0 for a span before the first sentence."""
        starts = [sentence.span.start for sentence in self.sentences]
        return (max(0, bisect_right(starts, span.start) - 1) for span in spans)

    def quote(self, span: Span) -> str:
        """The words as published."""
        return self.text.quote(span.start, span.end)
