"""Finds strings that a text must contain for a regular expression to match: without them, the search can be skipped."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

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
