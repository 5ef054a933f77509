"""Which changes a correction takes back, and which changes only lead back."""

from dataclasses import replace
from typing import Any

import pytest

from monitor.core.changes.changes import to_come
from monitor.core.changes.revision import annuls, annuls_history, is_taken_back
from monitor.core.folding.fold import fold
from monitor.core.folding.weighing import DEFAULT_POLICY
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Claim, Fact
from monitor.core.news import Change, ChangeType
from monitor.core.state import ProjectState, Report
from tests.builders import make_change, make_fact
from tests.core.changes.test_revision import PHASES, news, report, says


def known(*reports: Report) -> ProjectState:
    return fold("plant", reports, INDUSTRIAL, phases=PHASES)


AGREED = report(1, says("agreed"))


@pytest.mark.parametrize(
    ("told", "type_"),
    [
        (says("construction"), "status"),
        (says("suspended"), "status"),
        (says("approved", date="2023"), "status"),
        (says("agreed", phase="second"), "milestone"),
        (says("operating", "expected", "2027"), "schedule"),
        (says("operating", "expected", "2027", phase="second"), "schedule"),
        (says("delayed"), "schedule"),
        (says("agreed", "denied"), "disputed"),
        (make_fact(value=3e9), "fact"),
        (make_fact(value=3e9, phase="the port"), "fact"),
    ],
)
def test_what_one_article_says_is_taken_back_with_it_and_with_nothing_else(told: Claim | Fact, type_: str) -> None:
    told_by, other = report(2, told), report(3, says("announced"))
    changes = [change for change in news(AGREED, told_by) if change.type.value == type_]
    assert changes

    for change in changes:
        assert is_taken_back(change, known(AGREED, told_by), known(AGREED), DEFAULT_POLICY)
        assert not is_taken_back(change, known(AGREED, told_by, other), known(AGREED, told_by), DEFAULT_POLICY)
        assert not is_taken_back(change, known(AGREED), known(AGREED, told_by), DEFAULT_POLICY)


def test_a_plan_is_taken_back_only_with_everything_that_implies_it() -> None:
    planned, begun = report(1, make_fact()), report(2, says("construction"))
    change = make_change(stage="announced", from_=None, to="announced")

    assert not is_taken_back(change, known(planned, begun), known(begun), DEFAULT_POLICY)
    assert is_taken_back(change, known(begun), known(), DEFAULT_POLICY)


def test_a_status_that_a_decision_brought_is_taken_back_when_that_is_undone() -> None:
    """The stage below is still reached, and the project does not stand there any more."""
    signed, begun = AGREED, report(2, says("construction"))
    back = make_change(stage="agreed", from_="construction", to="agreed")

    assert is_taken_back(back, known(signed), known(signed, begun), DEFAULT_POLICY)


@pytest.mark.parametrize("stage", ["agreed", "suspended"])
def test_a_confirmation_is_taken_back_with_the_second_source(stage: str) -> None:
    first, second = report(1, says(stage)), report(2, says(stage), trust=1.0)
    (change,) = news(first, second)

    assert change.type is ChangeType.CONFIRMED
    assert is_taken_back(change, known(first, second), known(first), DEFAULT_POLICY)


def test_what_is_overdue_is_so_no_longer_once_its_date_is_taken_back() -> None:
    expected = report(2, says("operating", "expected", "2024-02"))
    overdue, quiet = to_come(known(AGREED, expected), INDUSTRIAL, DEFAULT_POLICY.quiet_after)

    assert is_taken_back(overdue, known(AGREED, expected), known(AGREED), DEFAULT_POLICY)
    assert not is_taken_back(quiet, known(AGREED, expected), known(AGREED), DEFAULT_POLICY)


def test_a_finer_date_takes_the_coarser_one_not_back() -> None:
    coarse, fine = (report(2, says("operating", "expected", date)) for date in ("2027", "2027-09"))
    (change,) = news(AGREED, coarse)

    assert not is_taken_back(change, known(AGREED, coarse), known(AGREED, fine), DEFAULT_POLICY)


UP = make_change(from_="announced", to="agreed")
SLIP = make_change(type=ChangeType.SCHEDULE, stage="operating", from_="2026", to="2027")
MORE = make_change(type=ChangeType.FACT, stage=None, from_=1.0, to=2.0, unit="MAD")


@pytest.mark.parametrize(
    ("new", "former", "expected"),
    [
        ({"from_": "agreed", "to": "announced", "stage": "announced"}, UP, True),
        ({"from_": "agreed", "to": "construction", "stage": "construction"}, UP, False),
        ({"type": ChangeType.DISPUTED, "from_": "reached", "to": "withdrawn"}, UP, True),
        ({"type": ChangeType.DISPUTED, "from_": "reached", "to": "withdrawn", "phase": "second"}, UP, False),
        ({"type": ChangeType.DISPUTED, "from_": "reached", "to": "denied"}, UP, False),
        ({"type": ChangeType.SCHEDULE, "stage": "operating", "from_": "2027", "to": "2026"}, SLIP, True),
        ({"type": ChangeType.SCHEDULE, "stage": "completed", "from_": "2027", "to": "2026"}, SLIP, False),
        ({"type": ChangeType.FACT, "stage": None, "from_": 2.0, "to": 1.0, "unit": "MAD"}, MORE, True),
        ({"type": ChangeType.FACT, "stage": None, "from_": 2.0, "to": 1.0, "unit": "USD"}, MORE, False),
    ],
)
def test_a_change_annuls_the_one_from_which_it_leads_back(
    new: dict[str, Any], former: Change, *, expected: bool
) -> None:
    assert annuls(make_change(**new), former) is expected


OLD_UP = replace(UP, is_history=True)
SURE = make_change(type=ChangeType.CONFIRMED, from_="reported", to="confirmed")


@pytest.mark.parametrize(
    ("taken_back", "expected"),
    [
        ([], False),
        ([UP], False),
        ([OLD_UP], True),
        ([OLD_UP, UP], False),
        ([OLD_UP, SURE], False),
        ([OLD_UP, SLIP], True),
        ([replace(SLIP, is_history=True)], False),
    ],
)
def test_what_leads_back_from_history_annuls_it_unless_more_was_told_of_it(
    taken_back: list[Change], *, expected: bool
) -> None:
    back = make_change(from_="agreed", to="announced", stage="announced")
    assert annuls_history(back, taken_back) is expected
