"""Many values in as many questions as they take."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

#: Values in one question: SQLite takes at most 32,766 variables.
_CHUNK = 5000


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values, cut to questions."""
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
