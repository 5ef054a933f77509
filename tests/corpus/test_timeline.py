"""The ledger fed with what careful people read loses no move of a status and invents none; with the reader, few."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest

from monitor.core.folding.weighing import FoldPolicy
from monitor.core.lifecycle import INDUSTRIAL, OVERRIDING, Condition
from monitor.core.news import Change
from monitor.know.rebuild import replay
from monitor.settings import load
from monitor.settings.lexicons import load_lexicons
from monitor.watch.setup import set_up
from monitor.watch.watch import Watch
from tests.corpus.careful import HERE, SUMS, Remembering, careful_watch, lines, told

DATA = HERE / "data"
#: One article tells of this plant that works stopped in September and go on since November. The people's own way to
#: fold labels lets what is adverse in an article win, whatever the dates say; the ledger goes by the dates.
BY_THE_DATES = {"ford-marshall": ["suspended", "construction"]}


LABELS = {line["id"]: line for line in lines(DATA / "labels.jsonl")}


def folded_by_people() -> Mapping[str, list[str]]:
    """The moves of each project's status by the rule that the labels came with, in order of publication."""
    ladder = {stage: at for at, stage in enumerate(INDUSTRIAL.stages)}
    known: dict[str, tuple[int, str | None]] = {}
    moves: dict[str, list[str]] = defaultdict(list)
    for label in sorted((x for x in LABELS.values() if x["published"]), key=lambda x: (x["published"], x["id"])):
        reached: dict[str, list[str]] = defaultdict(list)
        for claim in label["labels"]["claims"]:
            if claim["state"] == "reached" and claim["project"] not in SUMS:
                reached[claim["project"]].append(claim["stage"])
        for project, stages in reached.items():
            height, condition = known.get(project, (-1, None))
            top = max((ladder[stage] for stage in stages if stage in ladder), default=-1)
            adverse = [stage for stage in stages if stage in OVERRIDING]
            now = adverse[-1] if adverse else condition
            if not adverse and (Condition.RESUMED in stages or (condition == Condition.SUSPENDED and top > height)):
                now = None
            before = condition or (INDUSTRIAL.stages[height] if height >= 0 else None)
            known[project] = max(height, top), now
            after = now or (INDUSTRIAL.stages[max(height, top)] if max(height, top) >= 0 else None)
            if after and after != before:
                moves[project].append(after)
    return moves


@pytest.fixture(scope="module")
def changes() -> list[Change]:
    return list(replay(told(DATA, "articles-a.jsonl"), careful_watch(DATA)))


def moved(changes: list[Change]) -> Mapping[str, list[str]]:
    moves: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        if change.type == "status":
            moves[change.project].append(str(change.to))
    return moves


def test_the_ledger_moves_as_people_say_that_the_projects_moved(changes: list[Change]) -> None:
    assert moved(changes) == {**folded_by_people(), **BY_THE_DATES}


@cache
def read_once() -> Watch:
    """The default reader, which reads no article twice."""
    watch = set_up(load(DATA, {}), load_lexicons()).watch
    return replace(watch, reader=Remembering(watch.reader))


@pytest.mark.parametrize("articles", ["articles-a.jsonl", "articles-b.jsonl"])
@pytest.mark.parametrize(
    ("alert_from", "right_of_told", "told_of_true"),
    [
        pytest.param(0.0, 0.88, 0.8, id="where what is doubtful counts too"),
        pytest.param(0.8, 0.93, 0.67, id="the rest is unverified"),
    ],
)
def test_with_the_reader_most_moves_are_right_and_found(
    articles: str, alert_from: float, right_of_told: float, told_of_true: float
) -> None:
    watch = replace(read_once(), policy=FoldPolicy(alert_from=alert_from))
    read = list(replay(told(DATA, articles), watch))
    want, found = (
        Counter((project, to) for project, moves in each.items() for to in moves if project not in SUMS)
        for each in ({**folded_by_people(), **BY_THE_DATES}, moved(read))
    )
    right = (want & found).total()

    assert right >= right_of_told * found.total()
    assert right >= told_of_true * want.total()


def test_no_change_is_told_twice(changes: list[Change]) -> None:
    assert len({change.id for change in changes}) == len(changes)
