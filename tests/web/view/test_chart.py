"""The milestone trend chart."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.message.tongue import Tongue
from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.state import Evidence, Forecast, Milestone, ProjectState, Standing
from monitor.web.view.chronicle import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Chart, chart
from tests.builders import VOICE, make_article

ENGLISH = Tongue.of(VOICE.catalogues, "en")
TODAY = date(2026, 1, 1)
BEFORE = date.min


def stage(name: str, *forecasts: tuple[date, str], reached: str | None = None) -> Milestone:
    evidence = Evidence(source=make_article().source, sentence="")
    return Milestone(
        stage=name,
        state=State.REACHED if reached else State.EXPECTED,
        baseline=None,
        forecast=None,
        actual=Period.parse(reached) if reached else None,
        standing=Standing(),
        evidence=(),
        forecasts=tuple(
            Forecast(
                period=Period.parse(period),
                said_at=datetime(said.year, said.month, said.day, tzinfo=UTC),
                slip=None,
                evidence=evidence,
            )
            for said, period in forecasts
        ),
    )


def drawn(*milestones: Milestone, today: date = TODAY) -> Chart:
    found = chart(ProjectState(project="p", milestones=milestones), today, ENGLISH)
    assert found is not None
    return found


def test_a_project_without_forecasts_has_no_chart() -> None:
    assert chart(ProjectState(project="p", milestones=(stage("agreed", reached="2024"),)), TODAY, ENGLISH) is None


def test_a_forecast_that_holds_is_level_until_today() -> None:
    (line,) = drawn(stage("operating", (date(2024, 1, 1), "2027-09"))).lines

    (x1, y1), (x2, y2) = line.points
    assert x1 < x2
    assert y1 == y2
    assert (line.number, line.label, line.reached) == (1, "start of operation", None)


def test_a_slip_rises_in_a_step() -> None:
    (line,) = drawn(stage("operating", (date(2024, 1, 1), "2026"), (date(2025, 1, 1), "2027"))).lines

    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = line.points
    assert x1 < x2 == x3 < x4
    assert y1 == y2 > y3 == y4


def test_what_is_reached_ends_on_the_diagonal() -> None:
    found = drawn(stage("operating", (date(2024, 1, 1), "2025-06"), reached="2025-06-30"))

    (line,) = found.lines
    assert line.reached is not None
    assert line.points[-1][0] == line.reached[0] < found.today
    assert found.diagonal is not None
    (x1, y1), (x2, y2) = found.diagonal
    on_it = y1 + (line.reached[0] - x1) / (x2 - x1) * (y2 - y1)
    assert abs(on_it - line.reached[1]) < 1


def test_what_was_known_before_begins_at_the_left_edge() -> None:
    found = drawn(stage("completed", (BEFORE, "2026")), stage("operating", (date(2025, 1, 1), "2027")))

    completed, operating = found.lines
    assert completed.points[0][0] == operating.points[0][0]


def test_a_forecast_of_today_is_one_point() -> None:
    (line,) = drawn(stage("operating", (TODAY, "2030"))).lines

    assert len(line.points) == 1


def test_axes_have_the_years_and_short_ones_the_quarters() -> None:
    long = drawn(stage("operating", (date(2020, 1, 1), "2031")))
    short = drawn(stage("operating", (date(2025, 6, 1), "2026-03")))

    assert [tick.label for tick in long.across][:3] == ["2020", "2021", "2022"]
    assert "Jan 2026" in [tick.label for tick in short.across]


def test_an_axis_of_weeks_has_the_months() -> None:
    found = drawn(stage("operating", (date(2025, 12, 20), "2026-02")))

    assert [tick.label for tick in found.across] == ["Jan 2026"]
    assert "Mar 2026" in [tick.label for tick in found.upwards]


def test_without_a_common_day_there_is_no_diagonal() -> None:
    assert drawn(stage("operating", (date(2025, 6, 1), "2035"))).diagonal is None


DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=6), DAYS)
def test_everything_is_inside_the_drawing(told: list[tuple[date, date]], today: date) -> None:
    found = drawn(stage("operating", *((said, due.isoformat()) for said, due in sorted(told))), today=today)

    points = [point for line in found.lines for point in line.points]
    assert all(LEFT <= x <= WIDTH - RIGHT and TOP <= y <= HEIGHT - BOTTOM for x, y in points)
    assert len(found.across) <= 7
    assert len(found.upwards) <= 7
