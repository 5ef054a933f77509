"""Splits a text into words for matching phrases, in every script alike (a Han character is a word of its own)."""

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from monitor.core.reading.text.document import Span
from monitor.core.reading.text.text import Text, bare

_WORD = re.compile(r"([\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+)")
_PAUSE = re.compile(r"[,()、]")
_STOP = re.compile(r"[;:؛—]")
_PLAIN_GAPS = frozenset({"", " "})


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text in order, with their places."""

    text: Text
    #: In bare form, in which vocabulary is compared.
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    #: Indices of the words that follow a comma or a bracket.
    after_pause: frozenset[int]
    #: The same indices, ascending.
    pauses: tuple[int, ...]
    #: For each word, the number of semicolons, colons and dashes before it.
    stops: tuple[int, ...]
    #: For each word and for the end: the word after the names that begin there; the word itself if none do.
    beyond: Sequence[int]
    #: Index of the first word of an interlude → index of the word after it.
    resumed: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, text: Text) -> "Tokens":
        # Gaps and words alternate.
        pieces = _WORD.split(text.bare)
        words, gaps = pieces[1::2], pieces[0::2]
        edges = tuple(itertools.accumulate(map(len, pieces)))
        pauses: list[int] = []
        passed = [0] * len(gaps)
        for index, gap in enumerate(gaps):
            if gap in _PLAIN_GAPS:
                continue
            if _PAUSE.search(gap):
                pauses.append(index)
            if (marks := len(_STOP.findall(gap))) and not (len(gap) == 1 and _are_digits(text.bare, edges[2 * index])):
                passed[index] = marks
        return cls(
            text=text,
            words=tuple(words),
            starts=edges[0:-1:2],
            ends=edges[1::2],
            after_pause=frozenset(pauses),
            pauses=tuple(pauses),
            stops=tuple(itertools.accumulate(passed[:-1])),
            beyond=range(len(words) + 1),
        )

    def naming(self, names: Iterable[Span]) -> "Tokens":
        """The same tokens, with the places of names and the small word before each.

        Names do not add to distances: in "The plant of Such-and-such in Such-a-place will start" the verb is as near to
        its subject as without them.
        """
        beyond = [*range(len(self.words) + 1)]
        named = set[int]()
        for name in names:
            first, last = bisect_left(self.starts, name.start), bisect_left(self.starts, name.end)
            named.update(range(max(first - 1, 0), last))
        for index in sorted(named, reverse=True):
            beyond[index] = index + 1 if index + 1 in self.after_pause else beyond[index + 1]
        return replace(self, beyond=beyond)

    def interspersed(self, interludes: Iterable[Span]) -> "Tokens":
        """The same tokens, with interludes that may stand between any two words and separate none.

        "A retiré mardi le permis": the permit is as near to its verb as if no day stood between them.
        """
        resumed: dict[int, int] = {}
        for interlude in interludes:
            resumed[bisect_left(self.starts, interlude.start)] = bisect_left(self.starts, interlude.end)
        return replace(self, resumed=resumed)

    def span(self, first: int, last: int) -> Span:
        """The stretch of text from word ``first`` up to, not including, word ``last``."""
        return Span(self.starts[first], self.ends[last - 1])

    def accented(self, index: int) -> str:
        """A word in lower case with its accents."""
        return self.text.lower[self.starts[index] : self.ends[index]]


def _are_digits(text: str, end: int) -> bool:
    """Whether the mark that ends here is part of a number or a time."""
    return text[max(0, end - 2) : end - 1].isdigit() and text[end : end + 1].isdigit()


# A vocabulary writes the same words in many phrases.
@lru_cache(maxsize=10_000)
def words_of(phrase: str) -> tuple[str, ...]:
    """The words of a short text, split as by ``Tokens``."""
    return tuple(_WORD.findall(bare(phrase)))
