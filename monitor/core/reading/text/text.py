"""Text with folded forms that can be mapped back to the original, so that evidence is quoted as published."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from monitor.core.reading.text.han import SIMPLIFIED

#: The greatest length of a resolved character; the few characters that stand for a whole sentence are not resolved.
_LONGEST_FOLD = 4


def _fold(char: str) -> str:
    """One character in lower case with compatibility forms resolved; "" if it carries no meaning of its own."""
    if (plain := _plain(char)) != char:
        return plain
    folded = unicodedata.normalize("NFKC", char).casefold()
    if (len(folded) > 1 and char == "ß") or len(folded) > _LONGEST_FOLD:
        return char
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.digit(char))
    return "".join(map(_plain, folded)) or char


def _plain(char: str) -> str:
    """One character with quotes and hyphens unified; "" if it carries no meaning of its own."""
    if char in "\u0640\u200b\u200c\u200d\u200e\u200f\u00ad\ufeff\u2060" or unicodedata.category(char) in {"Mn", "Cf"}:
        return ""
    if char in "\u2018\u2019\u02bc\u0060\u00b4":
        return "'"
    if unicodedata.category(char) == "Cs":
        # A surrogate, which no encoding can represent.
        return "\ufffd"
    return "-" if char in "\u2010\u2011\u2212" else char


_ARABIC_LETTERS = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ک": "ك", "ی": "ي"}
_NO_DECOMPOSITION = {"ø": "o", "ł": "l", "đ": "d", "ß": "s", "ı": "i", "æ": "a", "œ": "o"}


def _bare(char: str) -> str:
    """One folded character without accent, with Arabic letter forms unified and Chinese simplified.

    Always exactly one character.
    """
    if char in SIMPLIFIED:
        return SIMPLIFIED[char]
    if char in _ARABIC_LETTERS:
        return _ARABIC_LETTERS[char]
    base = unicodedata.normalize("NFD", char)[0] if char < "\uac00" else char
    return _NO_DECOMPOSITION.get(base, base)


#: With more distinct characters to change than this, they are changed in one pass.
_FEW = 40


class _Table(dict[int, str]):
    """Cache of a pure function of one character, as ``str.translate`` expects it; bounded by the size of Unicode.

    The function must leave its own results unchanged.
    """

    def __init__(self, function: Callable[[str], str]) -> None:
        super().__init__()
        self._function = function
        self._steady: set[str] = set()

    def __missing__(self, code: int) -> str:
        char = chr(code)
        new = self[code] = self._function(char)
        if new == char:
            self._steady.add(char)
        return new

    def changes(self, chars: set[str]) -> dict[str, str]:
        """The characters that change, each with its replacement."""
        return {char: new for char in chars - self._steady if (new := self[ord(char)]) != char}

    def translated(self, text: str, changes: Mapping[str, str]) -> str:
        """The text with the changes applied. Usually there are few, which is faster one by one."""
        if len(changes) > _FEW:
            return text.translate(self)
        for char, new in changes.items():
            text = text.replace(char, new)
        return text


_FOLDS = _Table(_fold)
_BARES = _Table(_bare)
#: A year that is written in Chinese numerals: 二〇二六年.
_SPELT_YEAR = re.compile("(?:一九|二[〇零])[〇零一二三四五六七八九]{2}(?=年)")
_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")


@dataclass(frozen=True, slots=True)
class Text:
    """A text and its two folded forms.

    ``lower`` is in lower case. Compatibility forms are resolved, typographic quotes and hyphens are plain, digits are
    ASCII, also those of years in Chinese numerals. Marks that carry no meaning of their own (Arabic diacritics,
    tatweel, zero-width characters) are dropped; accents of composed letters stay. ``bare`` is ``lower`` without
    accents, with Arabic letter forms unified and Chinese simplified. The two have the same length, so that a span in
    one is a span in the other. ``original_span`` maps a span back to the text as published.
    """

    original: str
    lower: str
    bare: str
    #: Positions in the folded forms where the offset to the original changes, and the corresponding positions in the
    #: original. Between two of them both advance together. Empty if nothing changes.
    _starts: tuple[int, ...] = ()
    _origins: tuple[int, ...] = ()

    @classmethod
    def of(cls, original: str) -> "Text":
        """Fold a text; takes time linear in its length."""
        # In lower case, so that fewer characters change. "İ" is the only capital whose lower case has two letters.
        cased = original.replace("İ", "I").lower()
        chars = set(cased)
        folds = _FOLDS.changes(chars)
        lower = _FOLDS.translated(cased, folds)
        if "年" in chars:
            lower = _SPELT_YEAR.sub(lambda year: year[0].translate(_NUMERALS), lower)
        bare = _BARES.translated(lower, _BARES.changes(chars.union(*folds.values())))
        lengths = {char: len(folded) for char, folded in folds.items() if len(folded) != 1}
        return cls(original, lower, bare, *(_way_back(cased, lengths) if lengths else ()))

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of a span of the folded forms."""
        if not self._starts:
            return start, end
        first = self._origin(start)
        return first, first if start == end else max(self._origin(end - 1) + 1, self._origin(end))

    def folded(self, place: int) -> int:
        """The place in the folded forms of a place in the original."""
        return len(Text.of(self.original[:place]).lower) if self._starts else place

    def is_capital(self, place: int) -> bool:
        """Whether the character there was published as a capital."""
        return self.original[self._origin(place) if self._starts else place].isupper()

    def _origin(self, place: int) -> int:
        index = bisect_right(self._starts, place) - 1
        return self._origins[index] + place - self._starts[index] if index >= 0 else place

    def quote(self, start: int, end: int) -> str:
        """The original words of a span, without surrounding white space."""
        first, last = self.original_span(start, end)
        return self.original[first:last].strip()


def _way_back(cased: str, lengths: Mapping[str, int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """``Text._starts`` and ``Text._origins`` of a text with characters that do not fold to exactly one."""
    origins: dict[int, int] = {}
    shift = 0
    for found in _any_of("".join(sorted(lengths))).finditer(cased):
        place, length = found.start(), lengths[found[0]]
        start = place + shift
        origins.update(dict.fromkeys(range(start, start + length), place))
        origins[start + length] = place + 1
        shift += length - 1
    return tuple(origins), tuple(origins.values())


@lru_cache(maxsize=256)
def _any_of(chars: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(chars)}]")


def bare(text: str) -> str:
    """The bare form of a short text, in which vocabulary and names are compared."""
    return Text.of(text).bare
