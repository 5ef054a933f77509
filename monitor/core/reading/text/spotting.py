"""Finds the words of a vocabulary, each of one or more tokens, in a text."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Generic, NamedTuple, TypeVar

from monitor.core.reading.text.memo import Memo
from monitor.core.reading.text.text import Text
from monitor.core.reading.text.tokens import Tokens, words_of
from monitor.core.reading.text.vocabulary import LexiconError


# A tuple, because a vocabulary compares and sorts very many.
class Word(NamedTuple):
    """One way to fill a slot: adjoining words, the last of which may be a stem."""

    words: tuple[str, ...]
    is_stem: bool
    #: The word with its accents if they must agree, otherwise "".
    accented: str = ""

    @classmethod
    def parse(cls, text: str, path: str) -> "Word":
        plain = text.removeprefix("=").removesuffix("*").replace("_", " ")
        words = words_of(plain)
        if not words or "*" in plain or "=" in plain:
            raise LexiconError(path, f"{text!r} is not a word: write a word, a stem with * at its end, or =word")
        accented = Text.of(plain).lower if text.startswith("=") else ""
        return cls(words, text.endswith("*"), accented)


M = TypeVar("M")

#: The number of a word, with its accents if they must agree.
_End = tuple[int, str]


@dataclass(frozen=True, slots=True)
class _Node:
    """A token in words that may continue after it."""

    #: The words that end with it.
    ends: list[_End] = field(default_factory=list)
    following: dict[str, "_Node"] = field(default_factory=dict)
    #: The beginnings of a following token that ends a word.
    stems: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _More(Generic[M]):
    """What more must be checked for a token whose presence alone does not decide."""

    #: Its meaning by the accents of the token. None if accents do not matter.
    accented: Mapping[str, M | None] | None
    #: The nodes that may continue, and the tokens with which they do. None: any token.
    nodes: tuple[_Node, ...]
    following: frozenset[str] | None


#: The meaning of the words that consist of one token with any accents; and what more must be checked.
_Beginning = tuple[M | None, _More[M] | None]
_NOTHING = None, None


class Spotter(Generic[M]):
    """Finds words, and their joint meaning at each place. Build it once for a vocabulary."""

    def __init__(
        self, words: Mapping[Word, int], meaning: Callable[[tuple[int, ...]], M], prefixes: Sequence[str] = ()
    ) -> None:
        """Compile words by their numbers; any of the prefixes (proclitics) may be joined to the front of one.

        ``meaning`` returns the meaning of words in the same place. Its results are cached.
        """
        # Many tokens stand for the same words.
        self._meaning = cache(meaning)
        self._prefixes = ("", *prefixes)
        self._root = _Node()
        #: The nodes of words that are only the beginning of a token.
        self._stems: dict[str, _Node] = {}
        for word, number in words.items():
            *before, last = word.words
            if word.accented and before:
                # Accents are compared only in words of one token.
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
        # Looked up for each token of each text: usually one that was seen before, and usually nothing begins with it.
        self._beginnings: Mapping[str, _Beginning[M]] = Memo(self._beginning)

    def _beginning(self, token: str) -> _Beginning[M]:
        cores = [token[len(prefix) :] for prefix in self._prefixes if token.startswith(prefix)]
        whole = [node for core in cores if (node := self._root.following.get(core))]
        stems = [
            node
            for core in cores
            for length in range(1, min(len(core), self._longest) + 1)
            if (node := self._stems.get(core[:length]))
        ]
        ends = sorted({end for node in (*whole, *stems) for end in node.ends})
        nodes = tuple(node for node in whole if node.following or node.stems)
        if not (ends or nodes):
            return _NOTHING
        agreeing = partial(self._agreeing, ends)
        is_plain = not any(accented for _, accented in ends)
        if is_plain and not nodes:
            return agreeing(""), None
        is_open = any(node.stems for node in nodes)
        following = None if is_open else frozenset(token for node in nodes for token in node.following)
        return agreeing(""), _More(None if is_plain else Memo(agreeing), nodes, following)

    def _agreeing(self, ends: Sequence[_End], accented: str) -> M | None:
        """The meaning of the words with these accents, or without required accents."""
        numbers = tuple(number for number, accents in ends if accents in {"", accented})
        return self._meaning(numbers) if numbers else None

    def within(self, tokens: Tokens, first: int, last: int) -> list[tuple[int, int, M]]:
        """The words in a stretch: first token, end token (exclusive) and meaning, in text order."""
        found: list[tuple[int, int, M]] = []
        words = tokens.words
        for at, (whole, more) in enumerate(map(self._beginnings.__getitem__, words[first:last]), first):
            if more is None:
                if whole is not None:
                    found.append((at, at + 1, whole))
                continue
            meaning = whole if more.accented is None else more.accented[tokens.accented(at)]
            if meaning is not None:
                found.append((at, at + 1, meaning))
            if at + 1 < last and (more.following is None or words[at + 1] in more.following):
                longer = sorted({end for node in more.nodes for end in _ends(node, words, at + 1, last)})
                found += [(at, end, self._meaning((word,))) for end, word in longer]
        return found


def _ends(node: _Node, words: Sequence[str], at: int, last: int) -> Iterator[tuple[int, int]]:
    """The ends of the words that continue with a token, each with the number of the word."""
    going_on: _Node | None = node
    while going_on is not None and at < last:
        token = words[at]
        at += 1
        for stem, word in going_on.stems:
            if token.startswith(stem):
                yield at, word
        going_on = going_on.following.get(token)
        if going_on is not None:
            for word, _ in going_on.ends:
                yield at, word
