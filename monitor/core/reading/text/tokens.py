"""Splits a text into words for matching phrases, in every script alike (a Han character is a word of its own)."""

import itertools
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from typing import Generic, NamedTuple, TypeVar

from monitor.core.reading.text.text import Span, Text, bare
from monitor.core.reading.text.vocabulary import LexiconError

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


# A cache for a pure function of words, which recur often --------------------------------------------------------------


V = TypeVar("V")

#: Longer keys are unlikely to recur and are not cached.
_LONGEST = 100


class Memo(dict[str, V]):
    """Caches the results of a function of a word, computed on first use.

    Bounded: it is cleared when it holds ``most`` results, so that no text can fill the memory.
    """

    def __init__(self, function: Callable[[str], V], *, most: int = 10_000) -> None:
        super().__init__()
        self._function = function
        self._most = most

    def __missing__(self, key: str) -> V:
        if len(key) > _LONGEST:
            return self._function(key)
        if len(self) >= self._most:
            self.clear()
        value = self[key] = self._function(key)
        return value


# Finds the words of a vocabulary, each of one or more tokens, in a text -----------------------------------------------


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
