"""What time brings by itself: forecasts gone by, and silence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.changes.changes import is_awaited, quiet_since, to_come
from monitor.core.folding.fold import fold
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Claim, State
from monitor.core.news import ChangeType
from monitor.core.periods import Period
from monitor.core.state import ProjectState, Report
from tests.builders import NOW, make_article, make_claim

SILENCE = timedelta(days=180)


def heard(*told: tuple[int, Claim]) -> ProjectState:
    """The state after these claims, each of an article so many days from now."""
    reports = [
        Report(source=make_article(f"a{at}", day=day).source, claims=(claim,)) for at, (day, claim) in enumerate(told)
    ]
    return fold("plant", reports, INDUSTRIAL)


def expects(date: str, stage: str = "operating") -> Claim:
    return make_claim(stage=stage, state=State.EXPECTED, date=Period.parse(date), evidence="It is to start.")


def reaches(stage: str) -> Claim:
    return make_claim(stage=stage, date=None)


def due(state: ProjectState) -> list[tuple[str, str | None, str]]:
    return [(c.type.value, c.stage, str(c.at.date())) for c in to_come(state, INDUSTRIAL, SILENCE)]


@pytest.mark.parametrize(
    ("expected", "at"),
    [("2027", "2028-01-01"), ("2027-H1", "2027-07-01"), ("2027-02", "2027-03-01"), ("2027-02-03", "2027-02-06")],
)
def test_a_forecast_is_overdue_when_its_whole_period_has_passed(expected: str, at: str) -> None:
    assert ("overdue", "operating", at) in due(heard((0, expects(expected))))


def test_what_is_overdue_is_proved_by_the_newest_that_name_the_date() -> None:
    told = [(-300, "2026-Q3"), (-200, "2026-Q3"), (-100, "2026")]
    state = heard(*((day, replace(expects(date), evidence=f"It is to start in {date}, {-day}.")) for day, date in told))

    (change,) = (change for change in to_come(state, INDUSTRIAL, SILENCE) if change.type is ChangeType.OVERDUE)
    assert change.from_ == "2026-Q3"
    assert change.evidence == ("It is to start in 2026-Q3, 200.", "It is to start in 2026-Q3, 300.")
    assert change.sources == ("https://example.org/a1", "https://example.org/a0")


@pytest.mark.parametrize("expected", ["9999", "9999-H2", "9999-Q4", "9999-12", "9999-12-31", "0001", "0001-01-01"])
def test_a_forecast_at_either_end_of_the_calendar_is_a_forecast(expected: str) -> None:
    state = heard((0, expects(expected)))

    [at] = [change.at for change in to_come(state, INDUSTRIAL, SILENCE) if change.type is ChangeType.OVERDUE]
    assert (at > NOW) is expected.startswith("9")
    assert not is_awaited(state, NOW)


def test_a_silence_that_outlasts_the_calendar_is_never_told() -> None:
    state, eternity = heard((0, reaches("construction"))), timedelta.max

    assert [change.at for change in to_come(state, INDUSTRIAL, eternity)] == [datetime.max.replace(tzinfo=UTC)]
    assert quiet_since(state, INDUSTRIAL, eternity, NOW) is None


@pytest.mark.parametrize("end", ["suspended", "cancelled", "closed"])
def test_nothing_is_overdue_of_what_is_on_hold_or_given_up(end: str) -> None:
    assert "overdue" not in {kind for kind, _, _ in due(heard((0, expects("2027")), (1, reaches(end))))}


def test_a_stage_that_was_reached_or_passed_is_not_overdue() -> None:
    assert due(heard((0, expects("2027", "completed")), (1, reaches("operating")))) == []
    assert due(heard((0, expects("2027")), (1, reaches("operating")))) == []


def test_the_same_forecast_is_overdue_under_one_id_and_a_new_one_under_another() -> None:
    def ids(*told: tuple[int, Claim]) -> set[str]:
        return {c.id for c in to_come(heard(*told), INDUSTRIAL, SILENCE) if c.type == "overdue"}

    assert ids((0, expects("2027"))) == ids((0, expects("2027")), (3, reaches("construction")))
    assert ids((0, expects("2027"))).isdisjoint(ids((0, expects("2027")), (200, expects("2028"))))


def test_a_project_is_quiet_so_long_after_it_was_last_heard_of() -> None:
    state = heard((-10, reaches("agreed")), (-30, reaches("announced")))
    [quiet] = to_come(state, INDUSTRIAL, SILENCE)

    assert (quiet.type, quiet.at) == ("quiet", NOW - timedelta(days=10) + SILENCE)
    assert str(quiet.effective) == "2026-11-14"
    assert quiet_since(state, INDUSTRIAL, SILENCE, quiet.at) == NOW - timedelta(days=10)
    assert quiet_since(state, INDUSTRIAL, SILENCE, quiet.at - timedelta(seconds=1)) is None


@pytest.mark.parametrize("end", ["operating", "cancelled", "closed"])
def test_a_plant_that_runs_or_was_given_up_may_be_silent(end: str) -> None:
    state = heard((0, reaches(end)))

    assert to_come(state, INDUSTRIAL, SILENCE) == ()
    assert quiet_since(state, INDUSTRIAL, SILENCE, NOW + 9 * SILENCE) is None


@pytest.mark.parametrize(
    ("expected", "awaited", "not_awaited"),
    [
        ("2027-02-10", ("2027-02-08", "2027-02-12"), ("2027-02-07", "2027-02-13")),
        ("2027-03", ("2027-02-27", "2027-04-02"), ("2027-02-26", "2027-04-03")),
        ("2027-Q1", (), ("2027-02-01",)),
        ("2027", (), ("2027-02-01",)),
    ],
)
def test_a_stage_is_awaited_in_the_days_around_that_on_which_it_is_expected(
    expected: str, awaited: tuple[str, ...], not_awaited: tuple[str, ...]
) -> None:
    state = heard((0, expects(expected)))

    days = (*awaited, *not_awaited)
    assert [day for day in days if is_awaited(state, datetime.fromisoformat(f"{day}T12:00Z"))] == list(awaited)
