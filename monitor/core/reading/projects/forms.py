"""Finds words in all their forms (endings, joints, prefixes, borders) in one pass over a text.

The only knowledge of languages here is how their scripts put words together; this module contains no words.
"""

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick

from monitor.core.reading.text.text import Span, Text, bare

T = TypeVar("T")

_JOINT = re.compile(r"[\s\-–—_]+")
#: Names with parts at most this long, and capitals, may be written with dots.
_ACRONYM_PART = 3
_SPACES = re.compile(r" {2,}")
#: What the name of a place loses before the ending of its adjective (Dunkerque, Landes), and its least length then.
_LAST_VOWEL = re.compile(r"(?:es|[aeo])$")
_SHORTEST_STEM = 4

# ---------------------------------------------------------------- regular plurals

# (ending of the singular, ending of the plural), in bare letters: English, French, Spanish; Arabic.
_PLURALS = (
    (re.compile(r"(?<=[^aeiou])y$"), "ies"),
    (re.compile(r"a(?:i)?l$"), "aux"),
    (re.compile(r"(?<=[ae]u)$"), "x"),
    (re.compile(r"z$"), "ces"),
    (re.compile(r"(?:(?<=[dlrnjsxzo])|(?<=[cs]h))$"), "es"),
    (re.compile(r"(?<=[a-rt-wy0-9])$"), "s"),
    (re.compile(r"(?<=[\u0621-\u064a]{3})\u0647$"), "\u0627\u062a"),
    (re.compile(r"(?<=[\u0621-\u064a]{3})$"), "\u0627\u062a"),
)
# (ending of the plural, ending of a singular that it may come from).
_SINGULARS = (
    *(("ies", "y"), ("aux", "al"), ("aux", "ail"), ("x", ""), ("ces", "z"), ("es", ""), ("s", "")),
    *(("\u0627\u062a", "\u0647"), ("\u0627\u062a", "")),
)
#: Shorter singulars are more often another word (cars, car).
_SHORTEST_SINGULAR = 4


def town_adjective(endings: Sequence[str], place: str) -> re.Pattern[str] | None:
    """A pattern for the adjective of a place: its name, perhaps without its last vowel, with one of the endings.

    None if there are no endings, or if the name is too short or has more than one word.
    """
    stem = _LAST_VOWEL.sub("", bare(place))
    if not endings or len(stem) < _SHORTEST_STEM or not stem.isalpha():
        return None
    # The pattern begins with plain letters, so that the search can skip to them.
    return re.compile(rf"{stem}(?<!\w{stem}){stem[-1]}?(?:{'|'.join(endings)})e?s?(?!\w)")


def _plurals(word: str) -> set[str]:
    return {ending.sub(plural, word) for ending, plural in _PLURALS if ending.search(word)}


def _singulars(word: str) -> set[str]:
    candidates = {word.removesuffix(plural) + singular for plural, singular in _SINGULARS if word.endswith(plural)}
    return {one for one in candidates if len(one) >= _SHORTEST_SINGULAR and word in _plurals(one)}


def _numbers(word: str, *, singular: bool) -> set[str]:
    """The word and its regular plural; with ``singular``, also its regular singular."""
    ones = _singulars(word) | {word} if singular else {word}
    return ones.union(*map(_plurals, ones))


# ---------------------------------------------------------------- Arabic prefixes

_ARTICLE = "\u0627\u0644"
#: In shorter words the article's letters are more often part of the root.
_SHORTEST_WITH_ARTICLE = 5
# Conjunction, then preposition, then article. The preposition lam absorbs the alif of the article.
_PROCLITICS = frozenset(
    conjunction + rest
    for conjunction in ("", "\u0648", "\u0641")
    for rest in ("", "\u0628", "\u0643", "\u0644", _ARTICLE, "\u0628" + _ARTICLE, "\u0643" + _ARTICLE, "\u0644\u0644")
)
_LONGEST_PROCLITIC = max(map(len, _PROCLITICS))

# ---------------------------------------------------------------- scripts

_NONE, _ALPHABET, _ARABIC, _RUNNING_ON = range(4)


@lru_cache(maxsize=4096)
def _script(char: str) -> int:
    """The class of a character's script, which decides where words end.

    In a script without spaces, each character may be the last of a word.
    """
    if not char.isalnum():
        return _NONE
    if char < "\u0600":
        return _ALPHABET
    if char < "\u0780":
        return _ARABIC
    if char >= "\u2e80" or "\u0e00" <= char < "\u10a0" or "\u1780" <= char < "\u1800":
        return _RUNNING_ON
    return _ALPHABET


def forms(word: str, *, inflected: bool, singular: bool = True) -> frozenset[str]:
    """All spellings of a word or name to look for in a joined text.

    For a common word (``inflected``) this includes its regular plural, and an Arabic one without its article. With
    ``singular`` also its regular singular; pass False for a word that is known to be singular (works).
    """
    glued = list(_parts(bare(word)))
    if not glued:
        return frozenset()
    glue, parts = zip(*glued, strict=True)
    if inflected and all(part.startswith(_ARTICLE) and len(part) >= _SHORTEST_WITH_ARTICLE for part in parts):
        parts = tuple(part.removeprefix(_ARTICLE) for part in parts)
    choices = [{part} for part in parts]
    if inflected:
        # The noun is the first or the last word, and an adjective may agree with it.
        choices[0] = _numbers(parts[0], singular=singular)
        choices[-1] = _numbers(parts[-1], singular=singular)
    spellings = set()
    for chosen in itertools.product(*choices):
        as_given = "".join(itertools.chain(*zip(glue, chosen, strict=True)))
        spellings |= {" ".join(chosen), "".join(chosen), as_given}
        if len(chosen) > 1 and all(_script(part[0]) == _ARABIC for part in chosen):
            spellings.add(f" {_ARTICLE}".join(part.removeprefix(_ARTICLE) for part in chosen))
    if max(map(len, parts)) <= _ACRONYM_PART:
        letters = word.strip() if len(parts) == 1 and word.strip().isupper() else ""
        spellings |= {".".join(parts), ".".join(bare(letters))}
    spellings.discard("")
    spellings |= {"\u0644\u0644" + one.removeprefix(_ARTICLE) for one in spellings if one.startswith(_ARTICLE)}
    return frozenset(spellings)


@lru_cache(maxsize=100_000)
def plain(name: str) -> str:
    """The form of a name (one of ``forms``) that serves as its lookup key."""
    return " ".join(part for _, part in _parts(bare(name)))


def _parts(word: str) -> Iterator[tuple[str, str]]:
    """The parts of a name that may be joined by a space, a hyphen or nothing; each with the joint before it."""
    glue = ""
    for part in filter(None, _JOINT.split(word)):
        start = 0
        for index in range(1, len(part)):
            if {_script(part[index - 1]), _script(part[index])} == {_ALPHABET, _RUNNING_ON}:
                yield glue, part[start:index]
                start, glue = index, ""
        yield glue, part[start:]
        glue = " "


class Finder(Generic[T]):
    """Finds many words and returns their meanings. Build it once; safe to share."""

    def __init__(self, meanings: Mapping[str, T]) -> None:
        """Compile ``meanings``: spelling (see ``forms``) → meaning."""
        self._meanings = tuple(meanings.values())
        self._automaton = AhoCorasick(list(meanings)) if meanings else None

    def find(self, text: Text) -> list[tuple[Span, T]]:
        """Every whole word in the folded text, in text order; of those that begin together the longest first."""
        if self._automaton is None:
            return []
        haystack, drops = _joined(text.bare)
        found = [
            (start, -end, pattern)
            for pattern, start, end in self._automaton.find_matches_as_indexes(haystack, overlapping=True)
            if _is_whole(haystack, start, end)
        ]
        found.sort()
        return [(_unjoined(start, -end, drops), self._meanings[pattern]) for start, end, pattern in found]


def _joined(text: str) -> tuple[str, list[tuple[int, int]]]:
    """A bare text with every joint of a name (hyphen, line break, white space) as one space.

    Also where runs were shortened, for ``_unjoined``: (offset in the joined text, characters dropped before it).
    """
    for joint in "-\n\t–—_":
        text = text.replace(joint, " ")
    if "  " not in text:
        return text, []
    parts: list[str] = []
    drops: list[tuple[int, int]] = []
    last = length = dropped = 0
    for run in _SPACES.finditer(text):
        parts.append(text[last : run.start() + 1])
        length += run.start() + 1 - last
        dropped += run.end() - run.start() - 1
        drops.append((length, dropped))
        last = run.end()
    parts.append(text[last:])
    return "".join(parts), drops


def _unjoined(start: int, end: int, drops: Sequence[tuple[int, int]]) -> Span:
    return Span(_offset(start, drops), _offset(end - 1, drops) + 1) if drops else Span(start, end)


def _offset(joined_at: int, drops: Sequence[tuple[int, int]]) -> int:
    index = bisect_right(drops, joined_at, key=lambda drop: drop[0])
    return joined_at + drops[index - 1][1] if index else joined_at


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether the stretch of a joined text is a whole word; before an Arabic word proclitics may stand."""
    if end < len(text) and (after := _script(text[end])) and after != _RUNNING_ON and after == _script(text[end - 1]):
        return False
    if start == 0:
        return True
    before, first = _script(text[start - 1]), _script(text[start])
    if before in {_NONE, _RUNNING_ON} or before != first:
        return True
    return first == _ARABIC and _prefix(text, start) in _PROCLITICS


def _prefix(text: str, start: int) -> str:
    """The letters between the beginning of the word and ``start``, as far as they can be proclitics."""
    begin = start
    while begin > max(0, start - _LONGEST_PROCLITIC - 1) and _script(text[begin - 1]) == _ARABIC:
        begin -= 1
    return text[begin:start]
