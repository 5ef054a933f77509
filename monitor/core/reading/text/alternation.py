"""Phrases with meanings as one regular expression: found anywhere, at a position, or right before one.

A word that ends in ``*`` extends to the end of the word in the text. Unlike ``phrases``, this module works on
characters, because numbers and units are written without spaces as often as with them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import groupby
from operator import attrgetter
from typing import Generic, NamedTuple, Self, TypeVar

from monitor.core.reading.text.memo import Memo
from monitor.core.reading.text.text import bare

T = TypeVar("T")

#: A letter of a script with spaces between words: only there does a word have edges.
LETTER = r"[^\W\d_\u0e00-\u0eff\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff]"
_WORDLIKE = LETTER.replace(r"\d", "")
_IS_LETTER = re.compile(LETTER)
#: The greatest length of a phrase that ``before`` finds.
_WINDOW = 60
#: The rest of a word, up to the greatest length.
_ENDING = f"{LETTER}{{0,40}}"


@dataclass(frozen=True, slots=True)
class Alternation(Generic[T]):
    """Finds the longest of its phrases, as whole words, regardless of case and accents."""

    #: A phrase as found in a bare text, with its prefix → the phrase, and its meaning.
    _meanings: Memo[tuple[str, T]]
    #: Regular expressions; compiled on first use, because most programs read few languages.
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
        """Compile now what ``find`` and ``at`` otherwise compile on first use."""
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
        """The end and meaning of the phrase that begins here; digits may stand right before it (``20gwh``)."""
        match = None if _is_inside_word(text, start) else _compiled(self._forward).match(text, start)
        return (match.end(), self._meanings[match.group()][1]) if match else None

    def before(self, text: str, end: int) -> tuple[int, T] | None:
        """The start and meaning of the phrase that ends here, ignoring white space."""
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
    """The found phrase without its prefix, and its meaning.

    Args:
        found: the phrase as it stands in a text.
        values: the phrases in bare form.
        stems: the beginnings of words, the longest first.
        globs: phrases with a beginning of a word before their end, as regular expressions.
        prefixes: the prefixes that may be joined to the front of a phrase.
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
    # Usually a space stands before it, which this test finds fastest.
    if start == 0 or not text[start - 1].isalnum():
        return False
    return bool(_IS_LETTER.match(text, start - 1) and _IS_LETTER.match(text, start))


# A pattern checks word edges once, not after every phrase, because a character class takes milliseconds to compile. The
# caller checks the edges at the beginning: every alternative begins with a plain character, so that the search can skip
# to where one may begin.
def _forward(phrases: Iterable[str], prefixes: Sequence[str]) -> str:
    tree = _tree(phrases)
    if not tree:
        return "(?!)"
    whole = _alternatives(tree)
    fronts: dict[str, list[str]] = {}
    for front in prefixes:
        fronts.setdefault(front[0], []).append(re.escape(front[1:]))
    joined = (f"{re.escape(first)}{_any(rests)}{whole}" for first, rests in fronts.items())
    starts = [*map(str, _options(tree)), *joined]
    return rf"(?:{'|'.join(starts)})(?:(?<!{LETTER})|(?!{_WORDLIKE}))"


@lru_cache(maxsize=1024)
def _one(char: str) -> str:
    """A pattern for one character of a phrase."""
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


class _Option(NamedTuple):
    """A pattern, and whether the rest of a word follows it."""

    pattern: str
    is_stem: bool

    def __str__(self) -> str:
        return self.pattern + _ENDING if self.is_stem else self.pattern


def _alternatives(node: _Tree) -> _Option:
    """A pattern for what may follow, the longer before the shorter.

    The rest of a word is written once behind several stems, because its character class takes long to compile.
    """
    options = _options(node)
    if len(options) == 1:
        return options[0]
    parts = [
        _Option(_any(option.pattern for option in group), is_stem)
        for is_stem, group in groupby(options, key=attrgetter("is_stem"))
    ]
    return parts[0] if len(parts) == 1 else _Option(_any(map(str, parts)), is_stem=False)


def _any(patterns: Iterable[str]) -> str:
    patterns = tuple(patterns)
    return patterns[0] if len(patterns) == 1 else f"(?:{'|'.join(patterns)})"


def _options(node: _Tree) -> list[_Option]:
    options = [_option(char, branch) for char, branch in node.items() if char]
    return [*options, _Option("", is_stem=False)] if "" in node else options


def _option(char: str, branch: _Tree) -> _Option:
    if char == "*" and not branch.keys() - {""}:
        return _Option("", is_stem=True)
    rest = _alternatives(branch)
    return rest._replace(pattern=_one(char) + rest.pattern)
