"""Phrases with their meanings as one regular expression: to be found anywhere, at a place, or just before one.

A word that ends in ``*`` goes on to its end. Unlike ``phrases`` it works on characters, since numbers and
units are written without spaces as often as with.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Generic, Self, TypeVar

from monitor.core.reading.text.memo import Memo
from monitor.core.reading.text.text import bare

T = TypeVar("T")

#: A letter of a script that sets words apart by spaces: only there has a word edges to look for.
LETTER = r"[^\W\d_\u0e00-\u0eff\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff]"
_WORDLIKE = LETTER.replace(r"\d", "")
_IS_LETTER = re.compile(LETTER)
#: No phrase looked for before a place is longer.
_WINDOW = 60
#: The rest of a word; none is longer.
_ENDING = f"{LETTER}{{0,40}}"


@dataclass(frozen=True, slots=True)
class Alternation(Generic[T]):
    """Phrases of which the longest is found, whole words only, whatever their case and accents."""

    #: A phrase as it was found in a bare text, with its prefix → the phrase, and what it means.
    _meanings: Memo[tuple[str, T]]
    #: Regular expressions; compiled when first needed, since most programs read few languages.
    _forward: str
    _backward: str

    @classmethod
    def of(cls, phrases: Mapping[str, T], prefixes: Sequence[str] = ()) -> Self:
        """Compile phrases; any of the prefixes (proclitics) may be joined to the front of one."""
        values = {_plain(bare(phrase)): value for phrase, value in phrases.items()}
        fronts = tuple(sorted({bare(prefix) for prefix in prefixes}, key=len, reverse=True))
        stems = [(phrase.removesuffix("*"), value) for phrase, value in values.items() if phrase.endswith("*")]
        stems.sort(key=lambda stem: (-len(stem[0]), stem[0]))
        globs = tuple(("".join(map(_one, phrase)), value) for phrase, value in values.items() if "*" in phrase[:-1])
        meaning = partial(_meaning, values=values, stems=stems, globs=globs, prefixes=fronts)
        return cls(Memo(meaning), _forward(values, fronts), _backward(values, fronts))

    def prepare(self) -> None:
        """Compile now what ``find`` and ``at`` compile when they are first asked."""
        _compiled(self._forward)

    def find(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, T]]:
        """All occurrences in a stretch of a bare text, left to right, without overlap."""
        while match := _compiled(self._forward).search(text, start, end):
            if _is_inside_word(text, match.start()):
                start = match.start() + 1
                continue
            phrase, value = self._meanings[match.group()]
            yield match.end() - len(phrase), match.end(), value
            start = match.end()

    def at(self, text: str, start: int) -> tuple[int, T] | None:
        """Where the phrase that begins here ends, and what it means; digits may stand right before it (``20gwh``)."""
        match = None if _is_inside_word(text, start) else _compiled(self._forward).match(text, start)
        return (match.end(), self._meanings[match.group()][1]) if match else None

    def before(self, text: str, end: int) -> tuple[int, T] | None:
        """Where the phrase that ends here, white space aside, begins, and what it means."""
        match = _compiled(self._backward).match(text[max(0, end - _WINDOW) : end][::-1])
        return (end - match.end(), self._meanings[match[1][::-1]][1]) if match else None


def _meaning(
    found: str,
    *,
    values: Mapping[str, T],
    stems: Iterable[tuple[str, T]],
    globs: Iterable[tuple[str, T]],
    prefixes: Iterable[str],
) -> tuple[str, T]:
    """What was found without its prefix, and what it means.

    Args:
        found: as it stands in a text.
        values: the phrases, as they stand in the bare form of a text.
        stems: the beginnings of words, the longest first.
        globs: phrases with a beginning of a word before their end, as regular expressions.
        prefixes: that may be joined to the front of a phrase.
    """
    cores = [found[len(front) :] for front in ("", *prefixes) if found.startswith(front)]
    for core in cores:
        if (phrase := _plain(core)) in values:
            return core, values[phrase]
    for core in cores:
        for glob, value in globs:
            if _compiled(glob).fullmatch(_plain(core)):
                return core, value
    return next((core, value) for core in cores for stem, value in stems if _plain(core).startswith(stem))


def _plain(phrase: str) -> str:
    return phrase if phrase.isalnum() else " ".join(phrase.split())


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _is_inside_word(text: str, start: int) -> bool:
    # Mostly a space stands before it, which is seen soonest so.
    if start == 0 or not text[start - 1].isalnum():
        return False
    return bool(_IS_LETTER.match(text, start - 1) and _IS_LETTER.match(text, start))


# The edges of words are looked for once in a pattern, not after every phrase: a class of letters takes milliseconds to
# compile. Those at the beginning are left to the caller: every alternative begins with a plain character, so that the
# search skips at once to where one may begin.
def _forward(phrases: Iterable[str], prefixes: Sequence[str]) -> str:
    tree = _tree(phrases)
    if not tree:
        return "(?!)"
    whole = _alternatives(tree)
    starts = [*_options(tree), *(re.escape(front) + whole for front in prefixes)]
    return rf"(?:{'|'.join(starts)})(?:(?<!{LETTER})|(?!{_WORDLIKE}))"


@lru_cache(maxsize=1024)
def _one(char: str) -> str:
    """One character of a phrase as it may stand in a text."""
    return {" ": r"\s++", "*": _ENDING}.get(char) or re.escape(char)


def _backward(phrases: Iterable[str], prefixes: Sequence[str]) -> str:
    tree = _tree(phrase[::-1] for phrase in phrases)
    if not tree:
        return "(?!)"
    proclitic = f"(?:{'|'.join(re.escape(front[::-1]) for front in prefixes)})?" if prefixes else ""
    return rf"\s*({_alternatives(tree)})(?:(?<!{LETTER})|(?={proclitic}(?!{LETTER})))"


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


def _alternatives(node: _Tree) -> str:
    """What may follow, the longer before the shorter."""
    options = _options(node)
    return options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"


def _options(node: _Tree) -> list[str]:
    options = [_one(char) + _alternatives(branch) for char, branch in node.items() if char]
    return [*options, ""] if "" in node else options
