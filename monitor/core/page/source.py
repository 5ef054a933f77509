"""The lines of a file as a page shows them, each with what is wrong there. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

#: A file with more lines is not shown whole, but what is around the lines with notes.
_WHOLE = 3_000
_AROUND = 3


@dataclass(frozen=True, slots=True)
class Note:
    """What is wrong in a line, or doubtful."""

    message: str
    is_problem: bool


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a file."""

    #: Counted from 1.
    number: int
    text: str
    notes: tuple[Note, ...] = ()
    #: Whether lines before it are left out.
    is_after_gap: bool = False

    @property
    def is_wrong(self) -> bool:
        return any(note.is_problem for note in self.notes)


def source_lines(text: str, notes: Iterable[tuple[int, Note]]) -> tuple[SourceLine, ...]:
    """The lines of a text with their notes, which are given by line. Those beyond the end are at the last line."""
    lines = text.splitlines() or [""]
    by_line: dict[int, list[Note]] = defaultdict(list)
    for number, note in notes:
        by_line[min(max(number, 1), len(lines))].append(note)
    shown = sorted(_around(by_line, len(lines))) if len(lines) > _WHOLE else range(1, len(lines) + 1)
    return tuple(_source_lines(lines, shown, by_line))


def _source_lines(lines: list[str], shown: Iterable[int], notes: Mapping[int, list[Note]]) -> Iterator[SourceLine]:
    before = 0
    for number in shown:
        found = tuple(notes.get(number, ()))
        yield SourceLine(number, lines[number - 1], found, is_after_gap=number != before + 1)
        before = number


def _around(noted: Iterable[int], last: int) -> set[int]:
    """The lines around those with notes; the first ones if there are none."""
    places = list(noted) or [1]
    return {at for line in places for at in range(max(line - _AROUND, 1), min(line + _AROUND, last) + 1)}
