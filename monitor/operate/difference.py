"""The difference between two texts, as pages and commands show it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

#: Unchanged lines that are shown before and after each change.
_AROUND = 2
#: Up to this many lines, changes are told apart within the part that differs. The comparison is quadratic.
_COMPARED = 2_000


class Sign(StrEnum):
    """What became of a line."""

    SAME = " "
    OLD = "-"
    NEW = "+"
    #: Stands for lines that are left out.
    GAP = "…"


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a difference."""

    sign: Sign
    text: str


@dataclass(frozen=True, slots=True)
class TextDifference:
    """The changed lines with those around them."""

    lines: tuple[DiffLine, ...]
    #: Further lines that are not among them, for there are too many.
    left_out: int = 0

    @property
    def text(self) -> str:
        """The lines with their signs, as one text."""
        return "\n".join(f"{line.sign}{line.text}" for line in self.lines)


def difference(before: str, after: str, *, most: int = 500) -> TextDifference:
    """What changes from one text to the other. Without lines if they have the same lines."""
    old, new = before.splitlines(), after.splitlines()
    if old == new:
        return TextDifference(())
    lines = tuple(_lines(old, new))
    return TextDifference(lines[:most], max(len(lines) - most, 0))


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[DiffLine]:
    first = _common(old, new)
    last = _common(old[first:][::-1], new[first:][::-1])
    changed_old, changed_new = old[first : len(old) - last], new[first : len(new) - last]
    if max(first - _AROUND, 0):
        yield DiffLine(Sign.GAP, "")
    yield from _signed(Sign.SAME, old[max(first - _AROUND, 0) : first])
    yield from _between(changed_old, changed_new)
    yield from _signed(Sign.SAME, old[len(old) - last :][:_AROUND])
    if last > _AROUND:
        yield DiffLine(Sign.GAP, "")


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines at the begin are the same."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _between(old: Sequence[str], new: Sequence[str]) -> Iterator[DiffLine]:
    if len(old) > _COMPARED or len(new) > _COMPARED:
        yield from _signed(Sign.OLD, old)
        yield from _signed(Sign.NEW, new)
        return
    for name, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if name != "equal":
            yield from _signed(Sign.OLD, old[i:j])
            yield from _signed(Sign.NEW, new[k:m])
        elif j - i <= 2 * _AROUND:
            yield from _signed(Sign.SAME, old[i:j])
        else:
            yield from _signed(Sign.SAME, old[i : i + _AROUND])
            yield DiffLine(Sign.GAP, "")
            yield from _signed(Sign.SAME, old[j - _AROUND : j])


def _signed(sign: Sign, lines: Sequence[str]) -> Iterator[DiffLine]:
    return (DiffLine(sign, line) for line in lines)
