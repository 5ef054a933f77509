"""A project on one line: what is next, how late it is, and what comes first in a list."""

from dataclasses import replace
from datetime import date

import pytest

from monitor.core.folding.fold import fold
from monitor.core.folding.listing import Glance
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.state import ProjectState, Report
from tests.builders import make_article, make_claim

TODAY = date(2026, 11, 24)


def state(*forecasts: tuple[str, str]) -> ProjectState:
    """An agreed project for whose stages these dates were expected, one after the other."""
    told = [Report(source=make_article("a0", day=-99).source, claims=(make_claim(),))]
    for number, (stage, when) in enumerate(forecasts, start=1):
        claim = make_claim(stage=stage, state=State.EXPECTED, date=Period.parse(when))
        told.append(Report(source=make_article(f"a{number}", day=number - 50).source, claims=(claim,)))
    return fold("plant", told, INDUSTRIAL)


def test_the_stage_that_is_due_first_is_next() -> None:
    seen = Glance.at(state(("completed", "2026"), ("operating", "2026-09")), (), TODAY)

    assert seen.expected is not None
    assert (seen.expected[0].stage, str(seen.expected[1])) == ("operating", "2026-09")


@pytest.mark.parametrize(
    ("forecasts", "overdue", "late"),
    [
        pytest.param([("operating", "2027-03")], [], 0, id="as first expected"),
        pytest.param([("operating", "2027-03-01"), ("operating", "2027-03-31")], [], 30, id="it has slipped"),
        pytest.param([("operating", "2027-03-31"), ("operating", "2027-03-01")], [], -30, id="it was pulled in"),
        pytest.param(
            [("completed", "2027-01"), ("operating", "2027-03-01"), ("operating", "2027-03-31")],
            [],
            30,
            id="a later stage has slipped",
        ),
        pytest.param(
            [("completed", "2027-01"), ("operating", "2027-03-31"), ("operating", "2027-03-01")],
            [],
            0,
            id="a later stage was pulled in",
        ),
        pytest.param(
            [
                ("completed", "2027-01-21"),
                ("completed", "2027-01-01"),
                ("operating", "2027-03"),
                ("operating", "2027-04"),
            ],
            [],
            -20,
            id="the next one was pulled in, a later one has slipped",
        ),
        pytest.param([("operating", "2026-10")], ["operating"], 24, id="overdue"),
        pytest.param([("operating", "2026-09"), ("operating", "2026-10")], ["operating"], 24, id="slipped and overdue"),
        pytest.param([("operating", "2027"), ("operating", "2026-10")], ["operating"], 24, id="pulled in and overdue"),
    ],
)
def test_what_is_overdue_counts_from_its_date_and_what_moved_from_the_first_one(
    forecasts: list[tuple[str, str]], overdue: list[str], late: int
) -> None:
    seen = Glance.at(state(*forecasts), overdue, TODAY)

    assert (seen.late.days if seen.late else 0, seen.is_overdue) == (late, bool(overdue))


def test_what_is_overdue_or_disputed_comes_first_and_what_is_unknown_last() -> None:
    expected = state(("operating", "2026-10"))

    ranks = [
        Glance.at(known, overdue, TODAY).rank
        for known, overdue in (
            (expected, ["operating"]),
            (replace(expected, disputed=("agreed",)), []),
            (expected, []),
            (fold("plant", [], INDUSTRIAL), []),
        )
    ]

    assert ranks == [0, 0, 1, 2]
