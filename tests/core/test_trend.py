"""Milestones as bars on one scale."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.message.compose import compose
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


@pytest.mark.parametrize(
    ("reached", "expected", "labels", "widths"),
    [
        pytest.param("2024", "2026", ["2024", "2025", "2026"], [33, 34, 33], id="whole years"),
        pytest.param("2024-05-14", "2027", ["2024", "2025", "2026", "2027"], [17, 28, 27, 28], id="part of the first"),
        pytest.param("2024-12-01", "2027", ["", "2025", "2026", "2027"], [3, 32, 33, 32], id="too little of the first"),
        pytest.param("2010", "2026", ["2010", "2015", "2020", ""], [29, 30, 29, 12], id="every fifth"),
        pytest.param("2025-01-01", "2025-06", ["2025"], [100], id="one year"),
    ],
)
def test_the_years_stand_below_the_bars(reached: str, expected: str, labels: list[str], widths: list[int]) -> None:
    found = drawn(stage("agreed", reached=reached), stage("operating", expected=expected))

    assert found is not None
    assert [year.label for year in found.years] == labels
    assert [year.width for year in found.years] == widths


@pytest.mark.parametrize(("language", "label"), [("ar", "2025"), ("fr", "2025"), ("es", "2025"), ("zh", "2025年")])
def test_the_years_are_in_the_mail_on_the_side_on_which_its_lines_begin(language: str, label: str) -> None:
    html = compose(EXAMPLES["milestone"], voice=VOICE, language=language).html

    side = "right" if language == "ar" else "left"
    assert re.search(rf"<td [^>]*border-{side}:1px solid[^>]*>{label}</td>", html)


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
    assert sum(year.width for year in found.years) == 100
    assert all(year.width >= 0 for year in found.years)
    assert len(found.years) <= 9
    for bar in found.bars:
        for span in filter(None, (bar.first, bar.now)):
            assert span.start >= 0
            assert span.width >= 2
            assert span.start + span.width <= 100
