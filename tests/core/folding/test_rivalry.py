"""Values that rival each other."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.folding.weighing import Origin, Rivalry, Word

START = datetime(2024, 1, 1, tzinfo=UTC)


class Said(NamedTuple):
    """A word, and the value that it says."""

    value: int
    words: list[Word]


def word(
    value: int, origin: str = "a", *, day: int = 0, trust: float = 0.5, times: float = 1.0, place: int = 0
) -> Said:
    return Said(value, [(Origin(origin, trust), (START + timedelta(days=day), "article", place), times)])


def near(one: int, other: int) -> bool:
    return abs(one - other) <= 1


def test_who_says_nearly_the_same_backs_it() -> None:
    rivalry = Rivalry(near)
    for said in (word(10, "a"), word(20, "b"), word(21, "c")):
        rivalry.hear(*said)

    assert rivalry.believed() == 20
    assert rivalry.rivals(20) == [10]


def test_one_origin_weighs_once_however_often_it_speaks() -> None:
    rivalry = Rivalry(near)
    for said in (word(10, "a"), word(10, "a"), word(20, "b", trust=0.6)):
        rivalry.hear(*said)

    assert rivalry.believed() == 20


def test_of_equals_the_first_said_is_believed_of_what_ages_the_last() -> None:
    happened, expected = Rivalry(near), Rivalry(near, half_life=timedelta(days=90))
    for rivalry in (happened, expected):
        for said in (word(20, "b", place=1), word(10, "c", trust=0.0, place=2), word(10, "a")):
            rivalry.hear(*said)

    assert (happened.believed(), expected.believed()) == (10, 10)
    expected.hear(*word(20, "b", place=3))
    assert expected.believed() == 20


def test_what_nobody_repeats_fades() -> None:
    rivalry = Rivalry(near, half_life=timedelta(days=90))
    rivalry.hear(*word(10, "a", trust=1.0))
    rivalry.hear(*word(20, "b", day=80))
    assert rivalry.believed() == 10

    rivalry.hear(*word(20, "b", day=100))
    assert rivalry.believed() == 20


def test_said_in_several_degrees_of_fineness_the_finest_that_its_backers_have_is_believed() -> None:
    """Ranges of numbers as (low, high): the finer lies within the coarser, others only overlap."""
    rivalry: Rivalry[tuple[int, int]] = Rivalry(
        lambda one, other: one[0] <= other[1] and other[0] <= one[1],
        is_within=lambda one, other: other[0] <= one[0] and one[1] <= other[1] and one != other,
    )
    for origin, value in enumerate([(0, 10), (2, 6), (3, 3), (5, 12), (4, 5), (4, 5)]):
        rivalry.hear(value, [(Origin(str(origin), 0.5), (START, "article", origin), 1.0)])

    assert rivalry.believed() == (4, 5)
    assert rivalry.rivals((4, 5)) == [(3, 3)]


words = st.builds(
    word,
    st.integers(0, 9),
    st.sampled_from("abc"),
    day=st.integers(0, 300),
    trust=st.sampled_from([0.1, 0.2, 0.3, 0.5, 1.0]),
    times=st.sampled_from([1.0, 2.0]),
    place=st.integers(0, 999),
)


@pytest.mark.parametrize("half_life", [None, timedelta(days=90)])
@given(st.lists(words, max_size=12, unique_by=lambda said: said.words[0][1]), st.randoms(use_true_random=False))
def test_it_does_not_matter_in_which_order_words_are_heard(
    half_life: timedelta | None, said: list[Said], chance: Random
) -> None:
    one, other = (Rivalry(near, half_life=half_life, most=1.0) for _ in range(2))
    for each in said:
        one.hear(*each)
    for each in chance.sample(said, len(said)):
        other.hear(*each)

    believed = one.believed()
    assert other.believed() == believed
    if believed is not None:
        assert other.rivals(believed) == one.rivals(believed)
