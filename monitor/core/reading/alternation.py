"""Phrases with their meanings as one regular expression: to be found anywhere, at a place, or just before one.

A phrase that ends in ``*`` goes on to the end of the word. Unlike ``phrases`` it works on characters, since numbers and
units are written without spaces as often as with.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from monitor.core.reading.text import bare

T = TypeVar("T")

#: A letter of a script that sets words apart by spaces: only there has a word edges to look for.
LETTER = r"[^\W\d_\u0e00-\u0eff\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff]"
_WORDLIKE = LETTER.replace(r"\d", "")
_IS_LETTER = re.compile(LETTER)
#: No phrase looked for before a place is longer.
_WINDOW = 60


@dataclass(frozen=True, slots=True)
class Alternation(Generic[T]):
    """Phrases of which the longest is found, whole words only, whatever their case and accents."""

    #: As they stand in the bare form of a text.
    values: Mapping[str, T]
    #: The beginnings of words, the longest first.
    _stems: tuple[tuple[str, T], ...]
    _prefixes: tuple[str, ...]
    _pattern: re.Pattern[str]
    _reversed: re.Pattern[str]

    @classmethod
    def of(cls, phrases: Mapping[str, T], prefixes: Sequence[str] = ()) -> Self:
        """Compile phrases; any of the prefixes (proclitics) may be joined to the front of one."""
        values = {_plain(bare(phrase)): value for phrase, value in phrases.items()}
        fronts = tuple(sorted({bare(prefix) for prefix in prefixes}, key=len, reverse=True))
        stems = [(phrase.removesuffix("*"), value) for phrase, value in values.items() if phrase.endswith("*")]
        stems.sort(key=lambda stem: (-len(stem[0]), stem[0]))
        return cls(
            values, tuple(stems), fronts, re.compile(_forward(values, fronts)), re.compile(_backward(values, fronts))
        )

    def find(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, T]]:
        """All occurrences in a stretch of a bare text, left to right, without overlap."""
        for match in self._pattern.finditer(text, start, end):
            phrase, value = self._meaning(match.group())
            yield match.end() - len(phrase), match.end(), value

    def at(self, text: str, start: int) -> tuple[int, T] | None:
        """Where the phrase that begins here ends, and what it means; digits may stand right before it (``20gwh``)."""
        match = self._pattern.match(text, start)
        return (match.end(), self._meaning(match.group())[1]) if match else None

    def before(self, text: str, end: int) -> tuple[int, T] | None:
        """Where the phrase that ends here, white space aside, begins, and what it means."""
        match = self._reversed.match(text[max(0, end - _WINDOW) : end][::-1])
        return (end - match.end(), self._meaning(match[1][::-1])[1]) if match else None

    def _meaning(self, found: str) -> tuple[str, T]:
        """What was found without its prefix, and what it means."""
        cores = [found[len(front) :] for front in ("", *self._prefixes) if found.startswith(front)]
        for core in cores:
            if (phrase := _plain(core)) in self.values:
                return core, self.values[phrase]
        return next((core, value) for core in cores for stem, value in self._stems if _plain(core).startswith(stem))


def _plain(phrase: str) -> str:
    return phrase if phrase.isalnum() else " ".join(phrase.split())


def _forward(phrases: Iterable[str], prefixes: Sequence[str]) -> str:
    edge = {phrase: rf"(?!{_WORDLIKE})" for phrase in phrases if _IS_LETTER.match(phrase[-1])}
    tree = _tree(phrases)
    # Every alternative begins with a plain character, so that the search skips at once to where one may begin.
    starts = [_start(char) + _alternatives(char, branch, edge) for char, branch in tree.items()]
    if prefixes and tree:
        whole = _alternatives("", tree, edge)
        starts += [_start(front[0]) + re.escape(front[1:]) + whole for front in prefixes]
    return "|".join(starts) or "(?!)"


def _one(char: str) -> str:
    """One character of a phrase as it may stand in a text."""
    return {" ": r"\s+", "*": f"{LETTER}*"}.get(char) or re.escape(char)


def _start(char: str) -> str:
    return re.escape(char) + (rf"(?<!{LETTER}{re.escape(char)})" if _IS_LETTER.match(char) else "")


def _backward(phrases: Iterable[str], prefixes: Sequence[str]) -> str:
    proclitic = f"(?:{'|'.join(re.escape(front[::-1]) for front in prefixes)})?" if prefixes else ""
    edge = {phrase[::-1]: rf"(?={proclitic}(?!{LETTER}))" for phrase in phrases if _IS_LETTER.match(phrase[0])}
    tree = _tree(phrase[::-1] for phrase in phrases)
    return rf"\s*({_alternatives('', tree, edge) if tree else '(?!)'})"


class _Tree(dict[str, "_Tree"]):
    """Phrases by their first characters; the key "" marks the end of one."""


def _tree(phrases: Iterable[str]) -> _Tree:
    root = _Tree()
    for phrase in sorted(phrases):
        node = root
        for char in phrase:
            node = node.setdefault(char, _Tree())
        node[""] = _Tree()
    return root


def _alternatives(stem: str, node: _Tree, edge: Mapping[str, str]) -> str:
    """What may follow a stem, the longer before the shorter."""
    options = [_one(char) + _alternatives(stem + char, branch, edge) for char, branch in node.items() if char]
    if "" in node:
        options.append(edge.get(stem, ""))
    return options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"
