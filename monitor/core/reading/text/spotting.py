"""The words of a vocabulary, each of one or more tokens, where they stand in a text."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.core.reading.text.memo import Memo
from monitor.core.reading.text.text import Text
from monitor.core.reading.text.tokens import Tokens, words_of
from monitor.core.reading.text.vocabulary import LexiconError


@dataclass(frozen=True, slots=True)
class Word:
    """One way to fill a slot: adjoining words, the last of which may be a stem."""

    words: tuple[str, ...]
    is_stem: bool
    #: The word with its accents, where they must agree; else "".
    accented: str = ""

    @classmethod
    def parse(cls, text: str, path: str) -> "Word":
        plain = text.removeprefix("=").removesuffix("*").replace("_", " ")
        words = words_of(plain)
        if not words or "*" in plain or "=" in plain:
            raise LexiconError(path, f"{text!r} is no word: write a word, a stem with * at its end, or =word")
        accented = Text.of(plain).lower if text.startswith("=") else ""
        return cls(words, text.endswith("*"), accented)


#: A word by its number, with its accents where they must agree.
_End = tuple[int, str]


@dataclass(frozen=True, slots=True)
class _Node:
    """A token of words that may go on behind it."""

    #: The words that end with it.
    ends: list[_End] = field(default_factory=list)
    following: dict[str, "_Node"] = field(default_factory=dict)
    #: The beginnings of tokens with which a word ends behind it.
    stems: list[tuple[str, int]] = field(default_factory=list)


class _Beginning(NamedTuple):
    """What begins with a token."""

    #: The words that are no longer.
    ends: tuple[_End, ...]
    #: Those that may go on.
    nodes: tuple[_Node, ...]


_NOTHING = _Beginning((), ())


class Spotter:
    """Words by their numbers. Build it once for a vocabulary."""

    def __init__(self, words: Mapping[Word, int], prefixes: Sequence[str] = ()) -> None:
        """Compile words; any of the prefixes (proclitics) may be joined to the front of one."""
        self._prefixes = ("", *prefixes)
        self._root = _Node()
        #: The same for the words that are but the beginning of a token.
        self._stems: dict[str, _Node] = {}
        for word, number in words.items():
            *before, last = word.words
            if word.accented and before:
                # Accents are compared of one token.
                continue
            node = self._root
            for token in before:
                node = node.following.setdefault(token, _Node())
            if not word.is_stem:
                node.following.setdefault(last, _Node()).ends.append((number, word.accented))
            elif before:
                node.stems.append((last, number))
            else:
                self._stems.setdefault(last, _Node()).ends.append((number, word.accented))
        self._longest = max(map(len, self._stems), default=0)
        # Looked up for each token of each text: mostly one that was met before, and mostly nothing begins with it.
        self._beginnings = Memo(self._beginning)

    def _beginning(self, token: str) -> _Beginning:
        cores = [token[len(prefix) :] for prefix in self._prefixes if token.startswith(prefix)]
        whole = [node for core in cores if (node := self._root.following.get(core))]
        stems = [
            node
            for core in cores
            for length in range(1, min(len(core), self._longest) + 1)
            if (node := self._stems.get(core[:length]))
        ]
        ends = sorted({end for node in (*whole, *stems) for end in node.ends})
        nodes = [node for node in whole if node.following or node.stems]
        return _Beginning(tuple(ends), tuple(nodes)) if ends or nodes else _NOTHING

    def within(self, tokens: Tokens, first: int, last: int) -> dict[int, list[tuple[int, int]]]:
        """Where the words stand in a stretch, by their numbers: the indices of their tokens, half-open, ascending."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        words = tokens.words[first:last]
        for at, beginning in enumerate(map(self._beginnings.__getitem__, words), first):
            if beginning is _NOTHING:
                continue
            place = at, at + 1
            for word, accented in beginning.ends:
                if not accented or accented == tokens.accented(at):
                    found[word].append(place)
            if beginning.nodes:
                following = tokens.words[at + 1] if at + 1 < last else None
                for node in beginning.nodes:
                    if following in node.following or node.stems:
                        for word, end in _longer(node, tokens.words, at + 1, last):
                            found[word].append((at, end))
        return found


def _longer(node: _Node, words: Sequence[str], at: int, last: int) -> Iterator[tuple[int, int]]:
    """The words that go on with a token, and where they end."""
    going_on: _Node | None = node
    while going_on is not None and at < last:
        token = words[at]
        at += 1
        for stem, word in going_on.stems:
            if token.startswith(stem):
                yield word, at
        going_on = going_on.following.get(token)
        if going_on is not None:
            for word, _ in going_on.ends:
                yield word, at
