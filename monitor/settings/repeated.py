"""Folds problems of one kind: of a mistake that a file makes a thousand times, the first ten are told."""

import re
from collections.abc import Iterator, Sequence

from monitor.errors import Problem

#: As many problems of one kind are told.
_TOLD = 10
#: What differs between messages of one kind: what is quoted, suggested, or a number.
_OWN = re.compile(r"'[^']*'| \(did you mean [^?(]*\?\)|\d+")


def folded(problems: Sequence[Problem]) -> Iterator[Problem]:
    """The problems in their order. Those of a kind beyond the tenth are counted, in the place of the first of them."""
    by_kind: dict[tuple[str, str, str], list[int]] = {}
    for number, problem in enumerate(problems):
        by_kind.setdefault(_kind(problem), []).append(number)
    counted: dict[int, Problem | None] = {}
    for numbers in by_kind.values():
        rest = numbers[_TOLD:]
        if len(rest) > 1:
            counted |= dict.fromkeys(rest)
            counted[rest[0]] = _more([problems[number] for number in rest])
    for number, problem in enumerate(problems):
        told = counted.get(number, problem)
        if told is not None:
            yield told


def _kind(problem: Problem) -> tuple[str, str, str]:
    section = re.split(r"[.\[]", problem.key, maxsplit=1)[0]
    return problem.file, section, _OWN.sub("", problem.message)


def _more(rest: Sequence[Problem]) -> Problem:
    first, last = rest[0], rest[-1]
    until = f", up to line {last.line}" if last.line is not None and last.line != first.line else ""
    return Problem(file=first.file, line=first.line, key="", message=f"… and {len(rest)} more like this{until}")
