"""Windows: every piece counts once, with something around it."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.reading.trained.windows import FURTHEST, MOST, chosen, windows


@given(
    count=st.integers(1, 3000),
    headline=st.integers(0, 200),
    size=st.integers(64, 510),
    share=st.sampled_from([2, 4, 8]),
)
def test_every_piece_counts_in_exactly_one_window(count: int, headline: int, size: int, share: int) -> None:
    cut = windows(count, headline=min(headline, count), size=size, overlap=size // (2 * share))
    counted = [piece for window in cut for piece in window.pieces[window.skipped : window.skipped + window.counted]]

    assert counted == list(range(count))
    assert all(len(window.pieces) <= size for window in cut)


def test_a_short_article_is_one_window() -> None:
    (window,) = windows(300, headline=12, size=510, overlap=128)

    assert (list(window.pieces), window.skipped, window.counted) == (list(range(300)), 0, 300)


def test_each_later_window_begins_with_the_headline() -> None:
    first, *later = windows(1200, headline=12, size=510, overlap=128)

    assert list(first.pieces) == list(range(510))
    assert len(later) == 2
    assert all(list(window.pieces[:12]) == list(range(12)) for window in later)


@pytest.mark.parametrize("piece", [446, 447, 448])
def test_a_piece_in_an_overlap_counts_where_more_stands_around_it(piece: int) -> None:
    first, second = windows(800, headline=0, size=510, overlap=128)

    assert (piece < first.counted) == (piece < 446)
    assert piece in second.pieces


def names(*pieces: int, count: int) -> npt.NDArray[np.bool_]:
    found = np.zeros(count, np.bool_)
    found[list(pieces)] = True
    return found


def test_an_article_with_one_candidate_is_read_as_a_whole() -> None:
    cut = windows(2000, headline=0)

    assert chosen(cut, names(count=2000), candidates=1) == list(range(len(cut)))


def test_what_stands_far_down_is_not_read() -> None:
    cut = windows(9000, headline=0)

    assert chosen(cut, names(count=9000), candidates=1) == list(range(FURTHEST))
    assert chosen(cut, names(8999, count=9000), candidates=2) == [0]


def test_one_of_several_candidates_is_read_where_it_is_named() -> None:
    cut = windows(2000, headline=0)

    assert chosen(cut, names(1200, count=2000), candidates=2) == [
        number for number, window in enumerate(cut) if 1200 in window.pieces
    ]


def test_one_of_several_that_only_others_words_point_to_is_read_at_the_top() -> None:
    assert chosen(windows(2000, headline=0), names(count=2000), candidates=2) == [0]


@given(count=st.integers(1, 12_000), candidates=st.integers(1, 16))
def test_what_an_article_costs_is_bounded(count: int, candidates: int) -> None:
    cut = windows(count, headline=0)
    read = chosen(cut, np.ones(count, np.bool_), candidates=candidates)

    assert read
    assert len(read) * candidates <= MOST
    assert max(read) < FURTHEST
