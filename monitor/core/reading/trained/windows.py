"""How an article that is too long for the encoder is cut: overlapping windows, each with the headline before it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

#: Pieces in a window, less the two around them; and how many of them two windows share.
SIZE, OVERLAP = 510, 128
#: So many pieces of a headline are repeated at most.
HEADLINE = 48
#: The upper layers go over so many windows of an article, all its candidates together.
MOST = 32


class Window(NamedTuple):
    """A stretch of the pieces of an article."""

    #: The numbers of its pieces, in the order in which the encoder gets them.
    pieces: Sequence[int]
    #: How many of the first of these are only there for context.
    skipped: int
    #: How many of those behind them count.
    counted: int


def windows(count: int, *, headline: int, size: int = SIZE, overlap: int = OVERLAP) -> tuple[Window, ...]:
    """Cut an article of ``count`` pieces, of which the first ``headline`` are its headline.

    Each piece counts in exactly one window, where an overlap allows the one in which it has more around it.
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
    """The numbers of the windows that are read for one candidate, at least one.

    An article with one candidate is read as a whole. One of several is looked for where it is named. What an article
    costs is bounded: each candidate gets its share of ``MOST``, from the top.

    Args:
        cut: the windows of the article.
        named: for each piece, whether it belongs to the candidate's own words.
        candidates: how many there are.
    """
    everywhere = range(len(cut))
    near = [number for number in everywhere if candidates == 1 or named[list(cut[number].pieces)].any()]
    return (near or [0])[: max(1, MOST // candidates)]
