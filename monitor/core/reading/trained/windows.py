"""Cuts an article that is too long for the encoder into overlapping windows, each with the headline before it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

#: The pieces in a window, without the two special ones around them; and the pieces that two windows share.
SIZE, OVERLAP = 510, 128
#: The most pieces of a headline that are repeated.
HEADLINE = 48
#: The most windows of an article that are read: some 2,000 words. What stands further down is not news.
FURTHEST = 8
#: The most windows of an article that the upper layers process, over all its candidates.
MOST = 32


class Window(NamedTuple):
    """A stretch of the pieces of an article."""

    #: The indices of its pieces, in the order in which the encoder gets them.
    pieces: Sequence[int]
    #: How many of the first pieces are only context.
    skipped: int
    #: How many of the pieces after those count.
    counted: int


def windows(count: int, *, headline: int, size: int = SIZE, overlap: int = OVERLAP) -> tuple[Window, ...]:
    """Cut an article of ``count`` pieces; the first ``headline`` pieces are its headline.

    Each piece counts in exactly one window: where two windows overlap, in the one that has more context for it.
    """
    if count <= size:
        return (Window(range(count), 0, count),)
    prefix = range(min(headline, HEADLINE, size // 4))
    length, found = size - len(prefix), [Window(range(size), 0, size - overlap // 2)]
    counted = size - overlap // 2
    while counted < count:
        start = min(counted - overlap // 2, count - length)
        end = start + length
        stop = count if end >= count else end - overlap // 2
        skipped = len(prefix) + counted - start
        found.append(Window((*prefix, *range(start, end)), skipped, stop - counted))
        counted = stop
    return tuple(found)


def chosen(cut: Sequence[Window], named: npt.NDArray[np.bool_], *, candidates: int) -> list[int]:
    """The indices of the windows that are read for one candidate, at least one.

    With one candidate, all windows are read. With several candidates, each is read in the windows that name it. The
    cost of an article is bounded: only its first ``FURTHEST`` windows are read, and each candidate gets its share of
    ``MOST``, at least one window, from the top.

    Args:
        cut: the windows of the article.
        named: for each piece, whether it belongs to the candidate's own words.
        candidates: the number of candidates.
    """
    read = range(min(len(cut), FURTHEST))
    near = [number for number in read if candidates == 1 or named[list(cut[number].pieces)].any()]
    return (near or [0])[: max(1, MOST // candidates)]
