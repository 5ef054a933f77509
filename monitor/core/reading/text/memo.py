"""A cache for a pure function of words, which recur often."""

from collections.abc import Callable
from typing import TypeVar

V = TypeVar("V")

#: Longer keys are unlikely to recur and are not cached.
_LONGEST = 100


class Memo(dict[str, V]):
    """Caches the results of a function of a word, computed on first use.

    Bounded: it is cleared when it holds ``most`` results, so that no text can fill the memory.
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
