"""Milestones as bars on one scale."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.message.examples import EXAMPLES
from monitor.core.message.tongue import Tongue
from monitor.core.message.trend import Span, Trend, trend
from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.state import Milestone, ProjectState, Standing
from tests.builders import VOICE

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


def test_bars_lie_where_their_dates_are() -> None:
    found = drawn(stage("agreed", reached="2024"), stage("operating", first="2025", expected="2026"), today=TODAY)

    assert found is not None
    agreed, operating = found.bars
    assert (agreed.now, agreed.first, agreed.is_reached) == (Span(start=0, width=33), None, True)
    assert (operating.first, operating.now) == (Span(start=33, width=34), Span(start=67, width=33))
    assert not operating.is_reached
    assert found.today == 33
    assert (agreed.label, agreed.when) == ("signing of the agreement", "2024")


def test_a_day_can_be_seen_even_at_the_end_of_the_scale() -> None:
    found = drawn(stage("agreed", reached="2020-01-01"), stage("operating", expected="2029-12-31"))

    assert found is not None
    assert [bar.now for bar in found.bars] == [Span(start=0, width=2), Span(start=98, width=2)]


def test_the_present_day_is_on_the_scale_though_all_is_long_past() -> None:
    found = drawn(stage("agreed", reached="2020"), stage("operating", reached="2021"), today=date(2024, 1, 1))

    assert found is not None
    assert found.today == 100


def test_what_has_no_date_is_no_bar_and_one_bar_is_no_trend() -> None:
    one, undated = stage("agreed", reached="2020"), stage("approved")

    assert drawn(one, undated) is None
    assert trend(None, TODAY, ENGLISH) is None


def test_the_words_are_the_readers() -> None:
    found = trend(EXAMPLES["milestone"].state, TODAY, Tongue.of(VOICE.catalogues, "fr"))

    assert found is not None
    assert (found.bars[0].label, found.first_label) == ("signature de la convention", "prévu initialement")


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
    for bar in found.bars:
        for span in filter(None, (bar.first, bar.now)):
            assert span.start >= 0
            assert span.width >= 2
            assert span.start + span.width <= 100
