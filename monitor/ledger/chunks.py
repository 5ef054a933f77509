"""Splits many values over several queries."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

#: The most values in one query. SQLite takes at most 32,766 variables.
_CHUNK = 5000


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in chunks that fit one query."""
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
