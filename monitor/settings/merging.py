"""Takes one edit of a text back, and keeps the later ones. Pure."""

from collections.abc import Sequence
from difflib import SequenceMatcher

#: Replace these lines (from, to) by these.
_Piece = tuple[int, int, Sequence[str]]


def taken_back(before: str, after: str, now: str) -> str | None:
    """The present text without an edit that led from one text to another. None if the same lines changed since."""
    base = after.splitlines(keepends=True)
    back, since = (_pieces(base, text.splitlines(keepends=True)) for text in (before, now))
    if any(begin < last and first < end for first, last, _ in back for begin, end, _ in since):
        return None
    lines = list(base)
    # From the end, so that the places before stay. What came back stands before what was added at the same place.
    for first, last, new in sorted([*since, *back], key=lambda piece: (piece[0], piece[1]), reverse=True):
        lines[first:last] = new
    return "".join(lines)


def _pieces(base: Sequence[str], text: Sequence[str]) -> list[_Piece]:
    codes = SequenceMatcher(None, base, text, autojunk=False).get_opcodes()
    return [(first, last, text[begin:end]) for tag, first, last, begin, end in codes if tag != "equal"]
