"""Phrases with meanings as one regular expression: found anywhere, at a position, or right before one.

A word that ends in ``*`` extends to the end of the word in the text. Unlike ``phrases``, this module works on
characters, because numbers and units are written without spaces as often as with them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import groupby
from operator import attrgetter
from typing import Any, Generic, NamedTuple, Self, TypeVar

from monitor.core.reading.text.text import bare
from monitor.core.reading.text.tokens import Memo

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


# Finds strings that a text must contain for a regular expression to match: without them, the search can be skipped ----


#: Shorter strings occur everywhere.
_TELLING = 2
#: More strings than this, combined from successive alternatives, are not worth looking for.
_MOST = 60
_QUANTIFIER = re.compile(r"(?:(?P<least>[?*+])|\{(?P<count>\d*)(?:,\d*)?\})[?+]?")
#: Plain characters, none of them repeated or optional.
_PLAIN = re.compile(r"(?:[^\\\[\](){}|?*+.^$](?![?*+{]))+")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_RANGE = re.compile(r"(.)-(.)")
_GROUP = re.compile(r"\(\?(?:P<\w+>|(?P<sign><?[=!]|:))|\(")
#: Groups that are not analysed: flags, conditions, and back-references.
_SPECIAL = re.compile(r"\(\?(?!P<|<?[=!]|:)")
_STRINGS = frozenset[str]


def required(pattern: str) -> tuple[frozenset[str], ...]:
    """Sets of strings: every match of a pattern, with what it looks ahead at, contains one string of each set.

    The set whose shortest string is the longest comes first, then others that are worth looking for. The result may be
    empty.
    """
    every = () if _SPECIAL.search(pattern) else _Reader(pattern).alternatives().every
    best = _best(every)
    telling = (strings for strings in every if min(map(_weight, strings)) >= _TELLING)
    return tuple(dict.fromkeys((best, *telling))) if best else ()


@dataclass(frozen=True, slots=True)
class _Part:
    """What is known about the strings that a part of a pattern matches."""

    #: All of the strings if they are few, otherwise None.
    whole: _STRINGS | None
    #: Sets of strings; every match contains a string of each set.
    every: tuple[_STRINGS, ...]


_UNKNOWN = _Part(None, ())
_EMPTY = _Part(frozenset({""}), ())


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def alternatives(self) -> _Part:
        parts = [self._sequence()]
        while self._takes("|"):
            parts.append(self._sequence())
        if len(parts) == 1:
            return parts[0]
        wholes = [part.whole for part in parts]
        whole = frozenset(one for some in wholes for one in some or ())
        best = [_best(part.every) for part in parts]
        return _Part(
            whole if None not in wholes and len(whole) <= _MOST else None,
            (frozenset().union(*best),) if all(best) else (),
        )

    def _sequence(self) -> _Part:
        """One alternative. Successive parts are combined as long as their strings are few."""
        whole: _STRINGS | None = _EMPTY.whole
        run = _EMPTY
        every: list[_STRINGS] = []
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            part, goes_on = self._quantified()
            whole = _put_together(whole, part.whole) if goes_on else None
            joined = _put_together(run.whole, part.whole)
            if joined is None:
                every += [*run.every, *part.every]
                run = _EMPTY
            else:
                run = _Part(joined, (_best((*run.every, joined)),))
            if not goes_on:
                every += run.every
                run = _EMPTY
        return _Part(whole, tuple(filter(None, (*every, *run.every))))

    def _quantified(self) -> tuple[_Part, bool]:
        """The next part, and whether what comes after it follows directly."""
        part, goes_on = self._atom()
        quantifier = _QUANTIFIER.match(self._pattern, self._at)
        if quantifier is None:
            return part, goes_on
        self._at = quantifier.end()
        if quantifier["least"] == "?":
            return _Part(None if part.whole is None else part.whole | {""}, ()), goes_on
        is_there = quantifier["least"] == "+" or int(quantifier["count"] or 0) > 0
        return (part if is_there else _UNKNOWN), False

    def _atom(self) -> tuple[_Part, bool]:
        if self._pattern[self._at] == "(":
            return self._group()
        if found := _CLASS.match(self._pattern, self._at):
            self._at = found.end()
            return _class(found.group())
        if found := _PLAIN.match(self._pattern, self._at):
            self._at = found.end()
            return _literal(found.group()), True
        char = self._pattern[self._at]
        self._at += 1
        if char == "\\":
            char = self._pattern[self._at]
            self._at += 1
            return (_UNKNOWN, False) if char.isalnum() else (_literal(char), True)
        return (_UNKNOWN, False) if char in ".^$" else (_literal(char), True)

    def _group(self) -> tuple[_Part, bool]:
        opening = _GROUP.match(self._pattern, self._at)
        assert opening is not None, "the pattern has been compiled"
        self._at = opening.end()
        part = self.alternatives()
        self._takes(")")
        sign = opening["sign"]
        if sign in {None, ":"}:
            return part, True
        # A look-behind may match before the searched stretch; a negative look-around requires nothing.
        return (part, False) if sign == "=" else (_EMPTY, True)

    def _takes(self, char: str) -> bool:
        is_there = self._pattern.startswith(char, self._at)
        self._at += is_there
        return is_there


def _class(written: str) -> tuple[_Part, bool]:
    """A character class, if it lists characters rather than excluding them."""
    chars = written[1:-1]
    if chars.startswith("^") or "\\" in chars:
        return _UNKNOWN, False
    ranges = _RANGE.findall(chars)
    plain = _RANGE.sub("", chars)
    some = {chr(code) for first, last in ranges for code in range(ord(first), min(ord(last), ord(first) + _MOST) + 1)}
    strings = frozenset(some.union(plain))
    return (_Part(strings, (strings,)), True) if len(strings) <= _MOST else (_UNKNOWN, False)


def _literal(text: str) -> _Part:
    return _Part(frozenset({text}), (frozenset({text}),))


def _put_together(first: _STRINGS | None, second: _STRINGS | None) -> _STRINGS | None:
    if first is None or second is None or len(first) * len(second) > _MOST:
        return None
    return frozenset(one + other for one in first for other in second)


def _best(sets: Iterable[_STRINGS]) -> _STRINGS:
    """The set whose shortest string is the longest; of several, the one with the fewest strings."""
    some = [strings for strings in sets if strings and "" not in strings]
    return max(some, key=lambda strings: (min(map(_weight, strings)), -len(strings)), default=frozenset())


def _weight(text: str) -> int:
    """The length; a character of a script without vowels, or with one character for each word, counts twice."""
    return sum(1 if char < "\u0600" else 2 for char in text)


# Finds things that each need one key from each of several sets (a phrase its words), by the keys that are present -----


K = TypeVar("K", bound=Hashable)
N = TypeVar("N", bound=Hashable)
V = TypeVar("V", bound=Hashable)


class _Lookup(NamedTuple, Generic[N]):
    """The things under one key that have the same needs."""

    #: Its position among the lookups under the key.
    place: int
    #: The other sets that it needs, as bits.
    needs: int
    things: tuple[N, ...]


#: The lookups under a key, in groups; each with the bits that all of the group need.
_Groups = tuple[tuple[int, tuple[_Lookup[N], ...]], ...]


class Held(NamedTuple, Generic[N]):
    """The keys in one place, joined once so that they are matched as one."""

    #: The sets that contain them, as the bits of one number, which is fastest to join and compare.
    sets: int
    groups: _Groups[N]


class Needs(Generic[K, N]):
    """An index of things by needed keys. Build it once; it skips things that cannot be present."""

    def __init__(self, things: Iterable[tuple[Sequence[frozenset[K]], N]]) -> None:
        """Index ``things``, each paired after the sets that it needs a key of.

        A thing is looked up by the keys of its first set.
        """
        things = tuple(things)
        # A set that is often needed gets a low bit, so that most needs are small numbers and compared fast.
        often = Counter(keys for sets, _ in things for keys in sets[1:])
        often.update(dict.fromkeys((sets[0] for sets, _ in things), 0))
        #: The bit of each set.
        self.bits: Mapping[frozenset[K], int] = {keys: 1 << at for at, (keys, _) in enumerate(often.most_common())}
        self._sets_of: dict[K, int] = defaultdict(int)
        for keys, bit in self.bits.items():
            for key in keys:
                self._sets_of[key] |= bit
        found: dict[K, dict[int, list[N]]] = defaultdict(lambda: defaultdict(list))
        for (first, *others), thing in things:
            needs = sum({self.bits[keys] for keys in others})
            for key in first:
                found[key][needs].append(thing)
        once = _Once()
        #: The lookups under each key; usually the same for all keys of a set.
        self._found: Mapping[K, _Groups[N]] = {key: once(_grouped(by_needs, once)) for key, by_needs in found.items()}

    def held(self, keys: Sequence[K]) -> Held[N]:
        """Join the keys in one place."""
        if len(keys) == 1:
            # The usual case, which needs no memory of its own.
            return Held(self._sets_of[keys[0]], self._found.get(keys[0], ()))
        sets = 0
        found: dict[int, dict[N, None]] = defaultdict(dict)
        for key in keys:
            sets |= self._sets_of[key]
            for lookup in sorted(lookup for _, group in self._found.get(key, ()) for lookup in group):
                found[lookup.needs].update(dict.fromkeys(lookup.things))
        return Held(sets, _grouped(found, _Once()))


class _Once:
    """Returns the same object for equal values, which saves memory: a vocabulary has very many of them."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def __call__(self, value: V) -> V:
        known: V = self._known.setdefault(value, value)
        return known


def _grouped(by_needs: Mapping[int, Iterable[N]], once: _Once) -> _Groups[N]:
    """Group things by the least that one of a group needs: "sign the new deal" with "sign deal"."""
    lookups = [_Lookup(place, once(needs), once(tuple(by_needs[needs]))) for place, needs in enumerate(by_needs)]
    groups: dict[int, list[_Lookup[N]]] = {}
    for lookup in sorted(lookups, key=lambda lookup: lookup.needs.bit_count()):
        least = next((least for least in groups if least & lookup.needs == least), lookup.needs)
        groups.setdefault(least, []).append(once(lookup))
    return tuple(once((least, tuple(group))) for least, group in groups.items())


def met(places: Collection[Held[N]]) -> Iterable[N]:
    """Each thing that has a key of every set in one of the places, in an order that follows the places."""
    there = 0
    for held in places:
        there |= held.sets
    groups = [
        (number, group) for number, held in enumerate(places) for least, group in held.groups if least & there == least
    ]
    lookups = [(number, lookup) for number, group in groups for lookup in group if lookup.needs & there == lookup.needs]
    return dict.fromkeys([thing for _, lookup in sorted(lookups) for thing in lookup.things])
