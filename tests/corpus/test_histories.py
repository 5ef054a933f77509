"""Projects followed over years, from the plan to the plant or to its end: what a stakeholder is told, and when.

``histories`` holds twenty, each told by several outlets in several languages, with copies, late articles, rumours and
their denials, a wrong amount, a visit that is no news. ``changes.jsonl`` says what a careful analyst wants to be told,
by the article that brings it; all was written before it was read, the last five projects after the rest had been mended
by. What is not ``needed`` may be left out.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from monitor.core.news import Change, ChangeType
from monitor.core.periods import Period
from monitor.know.rebuild import replay
from monitor.settings import load
from monitor.settings.lexicons import load_lexicons
from monitor.watch.setup import set_up
from tests.corpus.careful import HERE, careful_watch, lines, told

FOLDER = HERE / "histories"
#: Raised by the clock or by how sure something is; no article is expected to bring them.
UNASKED = {ChangeType.QUIET, ChangeType.OVERDUE, ChangeType.CONFIRMED}
#: At most so many of each type are missed, told late, or told and false: what stands today.
MISSED = {"status": 10, "schedule": 11, "fact": 6, "milestone": 1, "disputed": 1}
LATE = {"status": 1, "schedule": 1, "fact": 1, "disputed": 1}
FALSE = {"status": 2, "schedule": 9, "fact": 8, "milestone": 3}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an article should have the reader told."""

    day: str
    #: It may be told so early, by an article that says that it may come.
    since: str
    project: str
    type: str
    #: The stage, or the kind of the quantity.
    of: str | None
    to: str | float | None
    is_needed: bool

    @classmethod
    def of_line(cls, line: dict[str, Any]) -> "Wanted":
        of = line.get("stage") or line.get("kind")
        since = line.get("since", line["day"])
        return cls(line["day"], since, line["project"], line["type"], of, line.get("to"), line.get("needed", True))

    def is_told_by(self, change: Change) -> bool:
        """Whether the change tells it, whenever it does."""
        if (change.project, change.type) != (self.project, self.type) or self.of not in {
            None,
            change.stage,
            change.kind,
        }:
            return False
        if isinstance(self.to, float):
            return isinstance(change.to, float) and abs(change.to - self.to) <= 0.02 * self.to
        if self.type == ChangeType.SCHEDULE and self.to and change.to:
            return Period.parse(self.to).overlaps(Period.parse(str(change.to)))
        return self.to in {None, change.to}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How changes compare with what was wanted: how many of each type."""

    missed: Counter[str]
    late: Counter[str]
    false: Counter[str]


WANTED = [Wanted.of_line(line) for line in lines(FOLDER / "changes.jsonl")]


def compared(changes: Iterable[Change]) -> Outcome:
    """Each change is taken by the first that wants it on its day, then by the first that wanted it earlier."""
    left = [change for change in changes if change.type not in UNASKED]
    awaited: list[Wanted] = []
    for wanted in WANTED:
        found = next((c for c in left if wanted.since <= day(c) <= wanted.day and wanted.is_told_by(c)), None)
        left = [change for change in left if change is not found]
        awaited += [wanted] if found is None else []
    missed, late = Counter[str](), Counter[str]()
    for wanted in awaited:
        found = next((c for c in left if day(c) > wanted.day and wanted.is_told_by(c)), None)
        left = [change for change in left if change is not found]
        if found is not None:
            late[wanted.type] += 1
        elif wanted.is_needed:
            missed[wanted.type] += 1
    return Outcome(missed, late, Counter(str(change.type) for change in left))


def day(change: Change) -> str:
    return change.at.date().isoformat()


def statuses(changes: Sequence[Change]) -> list[tuple[str, object]]:
    return [(change.project, change.to) for change in changes if change.type == ChangeType.STATUS]


@cache
def as_read() -> tuple[Change, ...]:
    return tuple(replay(told(FOLDER), set_up(load(FOLDER, {}), load_lexicons()).watch))


@cache
def as_labelled() -> tuple[Change, ...]:
    return tuple(replay(told(FOLDER), careful_watch(FOLDER)))


def test_who_reads_carefully_is_told_of_every_move_and_of_no_other() -> None:
    found = compared(as_labelled())

    assert (found.missed["status"], found.late["status"], found.false["status"]) == (0, 0, 0)


def test_no_more_is_missed_late_or_false_than_was() -> None:
    found = compared(as_read())

    assert found.missed - Counter(MISSED) == Counter()
    assert found.late - Counter(LATE) == Counter()
    assert found.false - Counter(FALSE) == Counter()


def test_no_status_is_told_twice_running() -> None:
    for changes in (as_read(), as_labelled()):
        moves = sorted(statuses(changes), key=lambda move: move[0])

        assert all(one != other for one, other in pairwise(moves))
