"""How late a milestone is: against what was first expected of it, against what was expected last, and today."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.folding.fold import fold
from monitor.core.folding.listing import Against, Late, late, overdue_by
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.message.briefing import Briefing
from monitor.core.message.outlook import slips
from monitor.core.message.tongue import Tongue
from monitor.core.model import State
from monitor.core.news import ChangeType
from monitor.core.periods import Period
from monitor.core.state import Milestone, ProjectState, Report, Standing
from tests.builders import VOICE, make_article, make_change, make_claim, make_project

TODAY = date(2026, 11, 29)


def milestone(stage: str = "operating", state: str = "expected", **dates: str) -> Milestone:
    known = {name: Period.parse(text) for name, text in dates.items()}
    return Milestone(
        stage=stage,
        state=State(state),
        baseline=known.get("baseline"),
        forecast=known.get("forecast"),
        actual=known.get("actual"),
        promised=known.get("promised"),
        standing=Standing(),
        evidence=(),
    )


def told(of: Milestone, *others: Milestone, status: str | None = None) -> list[str]:
    """Each measure as ``≈+92 than 2026-06`` or ``overdue +60 than 2026-09``."""
    state = ProjectState(project="plant", status=status, milestones=(of, *others))
    return [_written(each) for each in late(of, state, TODAY)]


def _written(each: Late) -> str:
    overdue = "overdue " if each.against is Against.TODAY else ""
    return f"{overdue}{'≈' if each.is_rough else ''}{each.days:+} than {each.expected}"


@pytest.mark.parametrize(
    ("baseline", "forecast", "found"),
    [
        pytest.param("2026-09", "2026-09", ["overdue +60 than 2026-09"], id="a month that has passed"),
        pytest.param("2026-Q1", "2026-Q1", ["overdue +243 than 2026-Q1"], id="a quarter that has passed"),
        pytest.param("2026-11-28", "2026-11-28", ["overdue +1 than 2026-11-28"], id="yesterday"),
        pytest.param("2026-11-29", "2026-11-29", ["+0 than 2026-11-29"], id="today is not late"),
        pytest.param("2026-11", "2026-11", ["≈+0 than 2026-11"], id="a month that is not over is not late"),
        pytest.param("2026-06", "2026-09", ["overdue +60 than 2026-09", "≈+92 than 2026-06"], id="moved, and overdue"),
        pytest.param("2026", "2025", ["overdue +333 than 2025", "≈-365 than 2026"], id="pulled in, and overdue"),
        pytest.param("2026", "2027-06", ["≈+181 than 2026"], id="moved, and still to come"),
    ],
)
def test_what_is_overdue_is_late_by_the_days_until_today(baseline: str, forecast: str, found: list[str]) -> None:
    assert told(milestone(baseline=baseline, forecast=forecast)) == found


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        pytest.param(
            {"baseline": "2025", "promised": "2024-Q4", "actual": "2025-06-25"},
            ["≈+0 than 2025", "≈+176 than 2024-Q4"],
            id="in the year that was first expected, half a year after what was believed last",
        ),
        pytest.param(
            {"baseline": "2024-10", "promised": "2024-09", "actual": "2024-09-30"},
            ["≈-1 than 2024-10", "≈+0 than 2024-09"],
            id="the day before a month is not a month early",
        ),
        pytest.param(
            {"baseline": "2024-10", "promised": "2024-10", "actual": "2024-10-07"},
            ["≈+0 than 2024-10"],
            id="a day inside a month is no slip",
        ),
        pytest.param(
            {"baseline": "2024-10-01", "promised": "2024-10-01", "actual": "2024-10-07"},
            ["+6 than 2024-10-01"],
            id="between days nothing is rough",
        ),
        pytest.param({"baseline": "2024", "promised": "2024"}, [], id="nobody says when"),
        pytest.param({"actual": "2024"}, [], id="nobody expected it"),
        pytest.param({"baseline": "2024", "actual": "2025"}, ["≈+365 than 2024"], id="the last date is not known"),
    ],
)
def test_what_is_reached_is_compared_with_the_first_and_the_last_date(dates: dict[str, str], found: list[str]) -> None:
    assert told(milestone(state="reached", **dates)) == found


@pytest.mark.parametrize(
    ("overtaken", "status"),
    [
        pytest.param(milestone("construction", baseline="2025", forecast="2025"), "operating", id="passed unreported"),
        pytest.param(milestone("construction", baseline="2025"), "delayed", id="delayed with no new date"),
    ],
)
def test_what_is_expected_no_more_is_neither_early_nor_late(overtaken: Milestone, status: str) -> None:
    assert told(overtaken, milestone(state="reached", actual="2026-05"), status=status) == []


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(1, 3000))
def test_a_day_is_late_by_the_days_that_have_passed_since(day: date, more: int) -> None:
    passed = overdue_by(Period.day(day), day + timedelta(days=more))

    assert passed == Late(against=Against.TODAY, expected=Period.day(day), days=more, is_rough=False)
    assert overdue_by(Period.day(day), day) is None


@pytest.mark.parametrize(
    ("actual", "days"), [("2016", []), ("2025-01-14", []), ("2025-01-15", [-167]), ("2025-06", [-30])]
)
def test_what_lies_before_the_announcement_is_neither_early_nor_late(actual: str, days: list[int]) -> None:
    announced = milestone("announced", "reached", actual="2025-01-15")
    built = milestone("construction", "reached", baseline="2025-07", actual=actual)
    state = ProjectState(project="plant", milestones=(announced, built))

    assert [each.days for each in late(built, state, TODAY)] == days


def test_what_had_happened_before_it_was_expected_is_neither_early_nor_late() -> None:
    """Though nobody says when the project was announced."""
    source = make_article(day=-30).source
    expected = make_claim(stage="construction", state=State.EXPECTED, date=Period.parse("2027"))
    told = [
        Report(source=source, claims=(expected,)),
        Report(
            source=make_article("a2", day=-9).source,
            claims=(make_claim(stage="construction", date=Period.parse("2016")),),
        ),
    ]
    state = fold("plant", told, INDUSTRIAL)
    [built] = [each for each in state.milestones if each.stage == "construction"]
    change = make_change(type=ChangeType.STATUS, stage="construction", to="construction", effective=built.actual)

    assert built.baseline == Period.parse("2027")
    assert late(built, state, TODAY) == ()
    assert slips(Briefing(change=change, project=make_project(), state=state), Tongue.of(VOICE.catalogues, "en")) == ()
