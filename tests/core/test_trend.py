"""Milestones as bars on one scale."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.message.outlook import Trend, trend
from monitor.core.message.tongue import Tongue
from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.state import Milestone, ProjectState, Standing

ENGLISH = Tongue.of({}, "en")
TODAY = date(2025, 1, 1)


def stage(name: str, *, first: str | None = None, expected: str | None = None, reached: str | None = None) -> Milestone:
    return Milestone(
        stage=name,
        state=State.REACHED if reached else State.EXPECTED,
        baseline=Period.parse(first) if first else None,
        forecast=Period.parse(expected) if expected else None,
        actual=Period.parse(reached) if reached else None,
        standing=Standing(),
        evidence=(),
    )


def drawn(*milestones: Milestone, today: date = TODAY) -> Trend | None:
    return trend(ProjectState(project="p", milestones=milestones), today, ENGLISH)


def test_what_has_no_date_is_no_bar_and_one_bar_is_no_trend() -> None:
    one, undated = stage("agreed", reached="2020"), stage("approved")

    assert drawn(one, undated) is None
    assert trend(None, TODAY, ENGLISH) is None


periods = st.builds(Period.day, st.dates()) | st.builds(Period.year, st.integers(1, 9999))
milestones = st.builds(
    Milestone,
    stage=st.just("operating"),
    state=st.sampled_from(State),
    baseline=st.none() | periods,
    forecast=periods,
    actual=periods,
    standing=st.just(Standing()),
    evidence=st.just(()),
)


@given(st.lists(milestones, min_size=2, max_size=4), st.dates())
def test_no_bar_leaves_the_scale(known: list[Milestone], today: date) -> None:
    found = drawn(*known, today=today)

    assert found is not None
    assert 0 <= found.today <= 100
    assert sum(year.width for year in found.years) == 100
    assert all(year.width >= 0 for year in found.years)
    assert len(found.years) <= 9
    for bar in found.bars:
        for span in filter(None, (bar.first, bar.now)):
            assert span.start >= 0
            assert span.width >= 2
            assert span.start + span.width <= 100
