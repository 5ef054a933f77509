"""Folds problems: the first ten of each kind are told, and of all no more than anybody reads."""

import re
from collections.abc import Iterator, Sequence

from monitor.errors import Problem

#: As many problems of one kind are told.
_TOLD = 10
#: As many problems are told in all. Nobody reads more, and pages and logs have to hold them.
_MOST = 500
#: What differs between messages of one kind: what is quoted, suggested, or a number.
_OWN = re.compile(r"'[^']*'| \(did you mean [^?(]*\?\)|\d+")


def folded(problems: Sequence[Problem]) -> Iterator[Problem]:
    """The problems in their order, no more than ``_MOST`` and their number.

    Those of a kind beyond the tenth are counted, in the place of the first of them.
    """
    told = list(_by_kind(problems))
    yield from told[:_MOST]
    if rest := told[_MOST:]:
        yield Problem(file=rest[0].file, line=rest[0].line, key="", message=f"… and {len(rest)} more problems")


def _by_kind(problems: Sequence[Problem]) -> Iterator[Problem]:
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
    # A key at the top of a file is no section: each of a thousand unknown ones would be a kind of its own.
    section, *inside = re.split(r"[.\[]", problem.key, maxsplit=1)
    return problem.file, section if inside else "", _OWN.sub("", problem.message)


def _more(rest: Sequence[Problem]) -> Problem:
    first, last = rest[0], rest[-1]
    until = f", up to line {last.line}" if last.line is not None and last.line != first.line else ""
    return Problem(file=first.file, line=first.line, key="", message=f"… and {len(rest)} more like this{until}")
