"""A text as published, with the sentences marked that say something, and what is hidden in it made visible."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

#: Control characters, overrides of text direction, and characters that cannot be encoded.
_HIDDEN = re.compile(
    "([\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of one line. Nothing in its words is hidden or turns the direction of the text."""

    words: str
    #: The name of the character that the words stand for. "" if they are the words of the text.
    hidden: str = ""
    #: The indices of the sentences that it belongs to.
    sentences: tuple[int, ...] = ()


def revealed(text: str, sentences: tuple[int, ...] = ()) -> Iterator[Piece]:
    """The text in pieces of these sentences, with each hidden character as its code point."""
    for index, part in enumerate(_HIDDEN.split(text)):
        if index % 2:
            name = unicodedata.name(part, "control character")
            yield Piece(words=f"U+{ord(part):04X}", hidden=name, sentences=sentences)
        elif part:
            yield Piece(words=part, sentences=sentences)


def marked(text: str, sentences: Sequence[str]) -> tuple[tuple[Piece, ...], ...]:
    """The lines of the text that are not empty, each in pieces.

    A sentence is marked where it stands first. One that does not stand in the text is not marked.
    """
    opening: dict[int, list[int]] = defaultdict(list)
    closing: dict[int, list[int]] = defaultdict(list)
    for index, sentence in enumerate(sentences):
        start = text.find(sentence) if sentence else -1
        if start >= 0:
            opening[start].append(index)
            closing[start + len(sentence)].append(index)
    within: dict[int, None] = {}
    lines: list[list[Piece]] = [[]]
    for start, end in pairwise(sorted({0, len(text), *opening, *closing})):
        for index in closing[start]:
            del within[index]
        within |= dict.fromkeys(opening[start])
        first, *others = text[start:end].split("\n")
        lines[-1] += revealed(first, tuple(within))
        lines += (list(revealed(line, tuple(within))) for line in others)
    return tuple(tuple(line) for line in lines if any(piece.hidden or piece.words.strip() for piece in line))
