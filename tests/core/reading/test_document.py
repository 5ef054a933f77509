"""Spans of a text that is laid out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.reading.text.document import Span, apart

SPANS = st.lists(st.builds(lambda start, size: Span(start, start + size), st.integers(0, 20), st.integers(1, 9)))


@given(SPANS, SPANS)
def test_those_that_overlap_none_of_the_others_are_found_without_comparing_each(
    spans: list[Span], others: list[Span]
) -> None:
    assert apart(spans, others) == [span for span in spans if not any(map(span.overlaps, others))]


@pytest.mark.parametrize(
    ("others", "kept"), [([], True), ([Span(0, 5)], True), ([Span(4, 6)], False), ([Span(0, 9)], False)]
)
def test_what_stands_beside_another_does_not_overlap_it(others: list[Span], kept: bool) -> None:
    assert bool(apart([Span(5, 7)], others)) is kept
