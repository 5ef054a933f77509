"""Marks in an article: ``⟦c1|works were halted ⟦d1|in March⟧⟧``. They may nest; one may bear several codes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"⟦\s*([^|⟦⟧\n]{0,40})\||⟧|⟦")
_CODE = re.compile(r"[cdf][1-9]\d*")
_SPACE = " \t\n\u3000\u00a0\u202f"

Span = tuple[int, int]


class MarkError(ValueError):
    """A mark that cannot be read."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A text without its marks, and where each code's words stand in it."""

    text: str
    spans: Mapping[str, tuple[Span, ...]]


def strip(text: str) -> Marked:
    """Take the marks off.

    Raises:
        MarkError: a mark is not closed, not opened, empty or has no codes; the message shows where.
    """
    plain: list[str] = []
    length = last = 0
    stack: list[tuple[tuple[str, ...], int]] = []
    found: list[tuple[str, int, int]] = []
    for token in _TOKEN.finditer(text):
        piece = text[last : token.start()]
        plain.append(piece)
        length += len(piece)
        last = token.end()
        if token[0] == "⟧":
            if not stack:
                raise MarkError(f"⟧ closes nothing: {_around(text, token.start())}")
            codes, start = stack.pop()
            found += [(code, start, length) for code in codes]
        else:
            stack.append((_codes(token, text), length))
    if stack:
        raise MarkError(f"⟦{','.join(stack[-1][0])}| is not closed")
    whole = "".join(plain) + text[last:]
    spans: dict[str, tuple[Span, ...]] = {}
    for code, start, end in sorted(found, key=lambda mark: mark[1:]):
        spans[code] = (*spans.get(code, ()), _trimmed(whole, start, end, code))
    return Marked(whole, spans)


def _codes(token: re.Match[str], text: str) -> tuple[str, ...]:
    codes = tuple(re.split(r"[\s,+&]+", (token[1] or "").strip()))
    if not all(_CODE.fullmatch(code) for code in codes):
        raise MarkError(f"a mark begins ⟦c1|, ⟦d1| or ⟦f1|, not so: {_around(text, token.start())}")
    return codes


def _trimmed(text: str, start: int, end: int, code: str) -> Span:
    while start < end and text[start] in _SPACE:
        start += 1
    while start < end and text[end - 1] in _SPACE:
        end -= 1
    if start == end:
        raise MarkError(f"{code} marks no words")
    return start, end


def _around(text: str, at: int) -> str:
    return text[max(0, at - 15) : at + 25].replace("\n", " ")
