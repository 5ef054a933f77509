"""Text with its folded forms, which keep their way back to the original, so that evidence is quoted as published."""

import unicodedata
from dataclasses import dataclass

from monitor.core.reading.han import SIMPLIFIED


def _fold(char: str) -> str:
    """One character in lower case, compatibility forms resolved; "" for what carries no meaning of its own."""
    if char in "\u0640\u200b\u200c\u200d\u200e\u200f\u00ad\ufeff\u2060" or unicodedata.category(char) in {"Mn", "Cf"}:
        return ""
    if char in "\u2018\u2019\u02bc\u0060\u00b4":
        return "'"
    if char in "\u2010\u2011\u2212":
        return "-"
    folded = unicodedata.normalize("NFKC", char).casefold()
    if len(folded) > 1 and char == "ß":
        return char
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.digit(char))
    return "".join(c for c in folded if unicodedata.category(c) != "Mn") or char


_ARABIC_LETTERS = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ک": "ك", "ی": "ي"}
_NO_DECOMPOSITION = {"ø": "o", "ł": "l", "đ": "d", "ß": "s", "ı": "i", "æ": "a", "œ": "o"}


def _bare(char: str) -> str:
    """One folded character without accent, Arabic letter forms and both ways to write Chinese made one.

    Always exactly one character.
    """
    if char in SIMPLIFIED:
        return SIMPLIFIED[char]
    if char in _ARABIC_LETTERS:
        return _ARABIC_LETTERS[char]
    if char in _NO_DECOMPOSITION:
        return _NO_DECOMPOSITION[char]
    return unicodedata.normalize("NFD", char)[0] if char < "\uac00" else char


class _FoldTable(dict[int, str]):
    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


class _BareTable(dict[int, str]):
    def __missing__(self, code: int) -> str:
        bare = self[code] = _bare(chr(code))
        return bare


# Memo of a pure function of one character; bounded by the size of Unicode.
_FOLDS = _FoldTable()
_BARES = _BareTable()


@dataclass(frozen=True, slots=True)
class Text:
    """A text and its two folded forms, character by character side by side.

    ``lower`` is in lower case, with compatibility forms resolved, typographic quotes and hyphens made plain, digits
    made ASCII, and marks that carry no meaning of their own (Arabic diacritics, tatweel, zero-width characters)
    dropped; accents of composed letters stay. ``bare`` is ``lower`` without accents, with Arabic letter forms made
    one and Chinese simplified. The two have the same length, so that a span in one is a span in the other;
    ``original_span`` leads back to the text as published.
    """

    original: str
    lower: str
    bare: str
    #: Offsets into the original for each character and the end; None when they are the same.
    _offsets: tuple[int, ...] | None = None

    @classmethod
    def of(cls, original: str) -> "Text":
        """Fold a text; linear in its length."""
        if all(len(_FOLDS[ord(char)]) == 1 for char in set(original)):
            lower = original.translate(_FOLDS)
            return cls(original, lower, lower.translate(_BARES))
        parts: list[str] = []
        offsets: list[int] = []
        for index, char in enumerate(original):
            folded = _FOLDS[ord(char)]
            parts.append(folded)
            offsets.extend([index] * len(folded))
        offsets.append(len(original))
        lower = "".join(parts)
        return cls(original, lower, lower.translate(_BARES), tuple(offsets))

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Where a span of the folded forms stands in the original."""
        if self._offsets is None:
            return start, end
        if start == end:
            return self._offsets[start], self._offsets[start]
        return self._offsets[start], max(self._offsets[end - 1] + 1, self._offsets[end])

    def quote(self, start: int, end: int) -> str:
        """The original words of a span, without white space around them."""
        first, last = self.original_span(start, end)
        return self.original[first:last].strip()


def bare(text: str) -> str:
    """The bare form of a short text, as vocabulary and names are compared."""
    return Text.of(text).bare
