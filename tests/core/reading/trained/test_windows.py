"""Windows: every piece counts once, with something around it."""

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.reading.trained.pieces import FURTHEST, MOST, chosen, windows


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


def names(*pieces: int, count: int) -> npt.NDArray[np.bool_]:
    found = np.zeros(count, np.bool_)
    found[list(pieces)] = True
    return found


def test_one_of_several_candidates_is_read_where_it_is_named() -> None:
    cut = windows(2000, headline=0)

    assert chosen(cut, names(1200, count=2000), candidates=2) == [
        number for number, window in enumerate(cut) if 1200 in window.pieces
    ]


@given(count=st.integers(1, 12_000), candidates=st.integers(1, 16))
def test_what_an_article_costs_is_bounded(count: int, candidates: int) -> None:
    cut = windows(count, headline=0)
    read = chosen(cut, np.ones(count, np.bool_), candidates=candidates)

    assert read
    assert len(read) * candidates <= MOST
    assert max(read) < FURTHEST
