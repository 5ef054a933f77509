"""Remembering what a pure function gave: of words, which come again and again."""

from collections.abc import Callable
from typing import TypeVar

V = TypeVar("V")

#: What is longer is no word that comes again, and is not remembered.
_LONGEST = 100


class Memo(dict[str, V]):
    """What a function gives for a word; worked out when first asked for.

    Bounded: it forgets all when it holds so many, so that no text can fill the memory.
    """

    def __init__(self, function: Callable[[str], V], *, most: int = 10_000) -> None:
        super().__init__()
        self._function = function
        self._most = most

    def __missing__(self, key: str) -> V:
        if len(key) > _LONGEST:
            return self._function(key)
        if len(self) >= self._most:
            self.clear()
        value = self[key] = self._function(key)
        return value
