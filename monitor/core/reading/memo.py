"""Remembering what a pure function gave: of words, which come again and again."""

from collections.abc import Callable, Hashable
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memo(dict[K, V]):
    """What a function gives for a key; worked out when first asked for.

    Bounded: it forgets all when it holds so many, so that no text can fill the memory.
    """

    def __init__(self, function: Callable[[K], V], *, most: int = 10_000) -> None:
        super().__init__()
        self._function = function
        self._most = most

    def __missing__(self, key: K) -> V:
        if len(self) >= self._most:
            self.clear()
        value = self[key] = self._function(key)
        return value
