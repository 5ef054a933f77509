"""From which day on the milestones of the configuration count."""

from datetime import UTC, date, datetime

import pytest

from monitor.core.folding.known import known_from, known_reports
from monitor.core.model import KnownMilestone, State
from monitor.core.periods import Period
from tests.builders import make_project

AGREED = KnownMilestone(stage="agreed", state=State.REACHED, date=Period.parse("2024-03-29"), source=None)


def known(state: str, on: str | None = None, said: str | None = None) -> KnownMilestone:
    return KnownMilestone(
        stage="operating",
        state=State(state),
        date=Period.parse(on) if on else None,
        source=None,
        said=Period.parse(said) if said else None,
    )


@pytest.mark.parametrize(
    ("entry", "day"),
    [
        pytest.param(known("expected", "2026-09", said="2023-04-10"), date(2023, 4, 10), id="the day of its source"),
        pytest.param(known("reached", "2024-05", said="2024-06"), date(2024, 6, 1), id="that of what was reached too"),
        pytest.param(known("reached", "2024-05"), date(2024, 5, 1), id="nobody knew it before its date"),
        pytest.param(known("expected", "2026-09"), date(2024, 3, 29), id="expected: as old as what was reached last"),
        pytest.param(known("reached"), date(2024, 3, 29), id="undated: as old as what was reached last"),
    ],
)
def test_a_known_milestone_counts_from_the_day_on_which_it_may_have_been_known(
    entry: KnownMilestone, day: date
) -> None:
    assert known_from(make_project(known=(AGREED, entry)), entry) == day


def test_what_nobody_knows_the_age_of_is_in_no_past() -> None:
    project = make_project(known=(known("expected", "2026-09"),))

    assert known_from(project, project.known[0]) is None
    assert known_reports(project, as_of=datetime(2026, 1, 1, tzinfo=UTC)) == ()
    assert len(known_reports(project)) == 1


@pytest.mark.parametrize(("day", "stages"), [(28, []), (29, ["agreed", "operating"])])
def test_a_past_day_shows_what_may_have_been_known_then(day: int, stages: list[str]) -> None:
    project = make_project(known=(AGREED, known("expected", "2026-09")))

    found = known_reports(project, as_of=datetime(2024, 3, day, 12, tzinfo=UTC))

    assert [claim.stage for report in found for claim in report.claims] == stages
