"""The words of a text: what phrases are matched over, in every script alike (a Han character is a word of its own)."""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.core.reading.document import Span
from monitor.core.reading.text import Text

_TOKEN = re.compile(
    r"(?P<word>[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+)"
    # Between digits a mark is part of a number or a time.
    r"|(?P<pause>[,()、])|(?P<stop>[;:؛—](?!(?<=\d.)\d)|\.{2,}|…|\s[|/–]\s)"
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text in order, with their places."""

    text: Text
    #: Without accents, as vocabulary is compared.
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    #: Indices of the words that follow a comma or a bracket.
    after_pause: frozenset[int]
    #: For each word, how many semicolons, colons and dashes stand before it.
    stops: tuple[int, ...]
    #: The words in one line, a space before and behind each.
    line: str
    #: Where the space before a word stands in the line → the word's index.
    index_at: Mapping[int, int]

    @classmethod
    def of(cls, text: Text) -> "Tokens":
        words: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        pauses: set[int] = set()
        stops: list[int] = []
        passed = 0
        for match in _TOKEN.finditer(text.bare):
            if match.lastgroup == "word":
                words.append(match.group())
                starts.append(match.start())
                ends.append(match.end())
                stops.append(passed)
            elif match.lastgroup == "pause":
                pauses.add(len(words))
            else:
                passed += 1
        line = f" {' '.join(words)} "
        places = itertools.accumulate(map(len, words), lambda place, length: place + length + 1, initial=0)
        index_at = {place: index for index, place in enumerate(places)}
        return cls(text, tuple(words), tuple(starts), tuple(ends), frozenset(pauses), tuple(stops), line, index_at)

    def span(self, first: int, last: int) -> Span:
        """The stretch of text from one word up to, not including, another."""
        return Span(self.starts[first], self.ends[last - 1])

    def accented(self, index: int) -> str:
        """A word in lower case with its accents."""
        return self.text.lower[self.starts[index] : self.ends[index]]


def words_of(phrase: str) -> tuple[str, ...]:
    """The words of a short text, as ``Tokens`` would cut it."""
    return Tokens.of(Text.of(phrase)).words
