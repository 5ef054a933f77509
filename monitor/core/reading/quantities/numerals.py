"""Numbers as people write them: digits with a language's separators, words, scales, and any mixture of these."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple, Self

from monitor.core.reading.text.alternation import LETTER, Alternation
from monitor.core.reading.text.text import Span, bare
from monitor.core.reading.text.vocabulary import LexiconError, VocabularySection

#: Scales from here on are not counted in thousands: ``3,684 milliards`` is a bit more than three.
_LARGE = 1e9
_TEN, _HUNDRED, _THOUSAND = 10, 100, 1000
_TENS = range(20, 100, 10)
#: The most characters of digits that are a number.
_LONGEST = 20
#: The names of marks in the files.
_MARKS = {"stop": ".", "comma": ",", "space": " ", "apostrophe": "'"}
#: What may stand between the words of a number besides white space: ``$2.76-billion``.
_NO_GAP = frozenset({"", "-"})
_GLUED = re.compile(rf"({LETTER}{{1,12}})-?\Z")
#: What usually stands before a number and is not a letter.
_APART = frozenset({"", " "})


# A tuple, because one is created for each number of a text.
class Number(NamedTuple):
    """A number in the text: ``trois milliards``, ``2.600``, ``26亿``."""

    span: Span
    value: float
    #: The factor of its last word, 1 if it has none. The other number in a range shares it.
    scale: float
    #: Only digits: it may be a year, a day or a reference.
    is_plain: bool
    #: Letters stand right before it: it is a name (``Q3``, ``BTR-80``) unless they are a currency.
    is_glued: bool


@dataclass(frozen=True, slots=True)
class _NumberWord:
    """A word of a number: it counts (``three``), multiplies (``million``), does either (``مليار``), or adds a half."""

    value: float | None = None
    scale: float | None = None
    is_half: bool = False
    #: Its value if a smaller number is joined to it: ``مليارا`` means two before its noun, but one before a number that
    #: is added to it.
    joined: float | None = None


#: Stands for digits, whose value no word gives.
_DIGITS = _NumberWord()


class _Token(NamedTuple):
    start: int
    end: int
    word: _NumberWord
    #: The digits as written; empty for a word.
    digits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberWords:
    """How a language writes numbers."""

    _words: Alternation[_NumberWord]
    _vague: Alternation[None]
    #: Words that make a number an ordinal.
    _ordinal: Alternation[None]
    _joiners: frozenset[str]
    _prefixes: frozenset[str]
    #: Marks between groups of three digits: without a scale, with a scale below a billion, with a larger one.
    _grouping: tuple[frozenset[str], frozenset[str], frozenset[str]]
    #: Marks that always group a round figure before a scale: ``1.250 milliards``.
    _rounding: frozenset[str]
    _digits: re.Pattern[str]

    @classmethod
    def from_section(cls, section: VocabularySection) -> Self:
        """Compile the section ``numbers``.

        Raises:
            LexiconError: The section is invalid. Names the key.
        """
        section.only(
            "thousands", "words", "scales", "alone", "joined", "halves", "joiners", "vague", "ordinal", "prefixes"
        )
        values, scales = numbered(section.section("words")), numbered(section.section("scales"))
        values |= numbered(section.section("alone"))
        joined = numbered(section.section("joined"))
        words = {w: _NumberWord(values.get(w), scales.get(w), joined=joined.get(w)) for w in [*values, *scales]}
        words |= {bare(word): _NumberWord(is_half=True) for word in section.strings("halves")}
        thousands = section.section("thousands")
        thousands.only("plain", "scaled", "large", "round")
        plain, scaled, large, rounding = (_marks(thousands, key) for key in ("plain", "scaled", "large", "round"))
        marks = "".join(map(re.escape, sorted(plain | {".", ",", "٬"})))
        prefixes = section.strings("prefixes")
        return cls(
            _words=Alternation.of(words, prefixes),
            _vague=Alternation.of(dict.fromkeys(section.strings("vague"))),
            _ordinal=Alternation.of(dict.fromkeys(section.strings("ordinal"))),
            _joiners=frozenset(bare(joiner) for joiner in section.strings("joiners")),
            _prefixes=frozenset(bare(prefix) for prefix in prefixes),
            _grouping=(plain, scaled, large),
            _rounding=rounding,
            _digits=re.compile(
                rf"\d{{1,3}}([{marks}])\d{{3}}(?:\1\d{{3}})*(?!\d)(?:[.,٫]\d+)?|\d+(?:[.,٫]\d+)?",
            ),
        )

    def find(self, text: str) -> Iterator[Number]:
        """All numbers in a bare text, left to right, without overlap; takes time linear in its length."""
        tokens = sorted(self._tokens(text), key=attrgetter("start"))
        index = 0
        while index < len(tokens):
            count, value = self._read(text, tokens, index)
            last = tokens[index + count - 1]
            is_in_words = not any(token.digits for token in tokens[index : index + count])
            no_count = self._vague if is_in_words else self._ordinal
            if count and not no_count.before(text, tokens[index].start):
                yield Number(
                    span=Span(tokens[index].start, last.end),
                    value=value,
                    scale=last.word.scale or 1.0,
                    is_plain=count == 1 and last.digits.isdigit(),
                    is_glued=self._is_glued(text, tokens[index]),
                )
            index += max(count, 1)

    def _tokens(self, text: str) -> Iterator[_Token]:
        for match in self._digits.finditer(text):
            if match.end() - match.start() <= _LONGEST:
                yield _Token(match.start(), match.end(), _DIGITS, match.group())
        for first, last, word in self._words.find(text, 0, len(text)):
            yield _Token(first, last, word)

    def _read(self, text: str, tokens: Sequence[_Token], index: int) -> tuple[int, float]:
        """The number of tokens from here that form one number, and its value; 0 if a scale has nothing to multiply."""
        previous = tokens[index]
        first = self._digits_value(text, tokens, index) if previous.digits else self._word_value(text, tokens, index)
        if first is None:
            return 0, 0.0
        # Parts to be summed or multiplied: a scale multiplies all smaller ones before it (3e6, 200, thousand).
        parts = [first]
        # Whether the first of two scales that form a larger one was just read: 900百|万.
        is_halfway = False
        end = index + 1
        while end < len(tokens):
            token, word = tokens[end], tokens[end].word
            # Not across the end of a line: headline and body do not share a number.
            gap = text[previous.end : token.start].strip(" ")
            is_joined = gap in self._joiners
            if not is_joined and gap not in _NO_GAP:
                break
            if word.is_half:
                parts.append((previous.word.scale or _step(parts[-1])) / 2)
            elif word.scale and not is_joined:
                smaller = _taken(parts, math.inf if is_halfway else word.scale)
                if not smaller and word.scale >= _THOUSAND:
                    # The rest is a unit: 100万 千瓦.
                    break
                is_halfway = bool(previous.digits) and not smaller and bool(parts)
                parts.append((smaller or (is_halfway and parts.pop()) or 1.0) * word.scale)
            elif token.digits and self._continues(text, tokens, end, is_joined=is_joined):
                parts.append(self._digits_value(text, tokens, end))
            elif word.value is not None and not previous.digits and _adds(parts[-1], word.value, is_joined=is_joined):
                parts.append(word.value)
            else:
                break
            previous = token
            end += 1
        # Rounded, because 73.4 hundred millions must not become 7340000000.000001.
        return end - index, float(f"{sum(parts):.15g}")

    def _word_value(self, text: str, tokens: Sequence[_Token], index: int) -> float | None:
        word = tokens[index].word
        if word.joined is not None and index + 1 < len(tokens):
            gap = text[tokens[index].end : tokens[index + 1].start].strip(" ")
            if gap in self._joiners or tokens[index + 1].word.is_half:
                return word.joined
        return word.value

    def _continues(self, text: str, tokens: Sequence[_Token], index: int, *, is_joined: bool) -> bool:
        """Whether digits after a scale belong to its number: ``1亿2000万``, ``3 مليارات و684 مليون``, ``mil 200``."""
        before = tokens[index - 1].word
        scale = before.scale or _step(before.value or 0.0)
        smaller = self._next_scale(text, tokens, index)
        return 1 < smaller < scale or (scale == _THOUSAND and not is_joined and len(tokens[index].digits) == len("200"))

    def _next_scale(self, text: str, tokens: Sequence[_Token], index: int) -> float:
        if index + 1 < len(tokens) and text[tokens[index].end : tokens[index + 1].start].strip() in _NO_GAP:
            return tokens[index + 1].word.scale or 1.0
        return 1.0

    def _digits_value(self, text: str, tokens: Sequence[_Token], index: int) -> float:
        digits = tokens[index].digits
        marks = [char for char in digits if not char.isdigit()]
        if not marks:
            return float(digits)
        if len(set(marks)) == 1 and (len(marks) > 1 or self._groups(digits, self._next_scale(text, tokens, index))):
            return float(digits.replace(marks[0], ""))
        whole, _, fraction = digits.rpartition(marks[-1])
        return float(f"{''.join(filter(str.isdigit, whole))}.{fraction}")

    def _groups(self, digits: str, scale: float) -> bool:
        """Whether the only mark in these digits separates thousands rather than decimals."""
        mark = digits[-4:-3]
        if mark.isdigit() or digits.startswith("0"):
            return False
        plain, scaled, large = self._grouping
        if scale > 1 and digits.endswith("0") and mark in self._rounding:
            return True
        return mark in (plain if scale == 1 else scaled if scale < _LARGE else large)

    def _is_glued(self, text: str, token: _Token) -> bool:
        if not token.digits or text[token.start - 1 : token.start] in _APART:
            return False
        match = _GLUED.search(text, max(0, token.start - 12), token.start)
        return match is not None and match[1] not in self._prefixes


def _taken(parts: list[float], scale: float) -> float:
    """Remove the last parts that are smaller than a scale, and return their sum."""
    smaller = 0.0
    while parts and parts[-1] < scale:
        smaller += parts.pop()
    return smaller


def _marks(section: VocabularySection, key: str) -> frozenset[str]:
    names = section.strings(key)
    for index, name in enumerate(names):
        if name not in _MARKS:
            raise LexiconError(f"{section.at(key)}[{index}]", f"there may be {', '.join(_MARKS)}")
    # The Arabic script has a mark that means nothing else.
    return frozenset(_MARKS[name] for name in names) | {"٬"}


def _adds(before: float, value: float, *, is_joined: bool) -> bool:
    """Whether a count continues the one before it: ``vingt | deux``, ``خمسة و | عشرون``."""
    if is_joined and before < _TEN and value in _TENS:
        return True
    return value < _step(before) and (not is_joined or before <= _THOUSAND or value >= _HUNDRED)


def _step(value: float) -> int:
    """The largest power of ten that divides a number: less than this can be added to it without a carry."""
    step = 1
    while value and value % (step * 10) == 0:
        step *= 10
    return step


def numbered(section: VocabularySection) -> dict[str, float]:
    """Invert a section that lists words under their values: word → value."""
    words: dict[str, float] = {}
    for key in section:
        try:
            value = float(key)
        except ValueError:
            raise LexiconError(section.at(key), "must be a number with its words") from None
        words |= {bare(word): value for word in section.strings(key)}
    return words
