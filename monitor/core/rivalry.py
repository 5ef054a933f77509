"""Values that rival each other for one thing, a date or an amount, and which of them is believed.

Whoever says a value backs all values that agree with it. The value with most backing is believed; said in several
degrees of fineness, the finest that its backers have most of. Words are heard in the order of their publication.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from typing import Generic, TypeVar

from monitor.core.weighing import Origin

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Word(Generic[V]):
    """One origin's word for a value."""

    value: V
    origin: Origin
    at: datetime
    #: How many times its origin's trust it weighs.
    times: float = 1.0


@dataclass(slots=True)
class _Camp(Generic[V]):
    """A value and those who agree with it."""

    value: V
    newest: datetime
    weight: float = 0.0
    by_origin: dict[str, float] = field(default_factory=dict)

    def join(self, word: Word[V]) -> None:
        self.newest = max(self.newest, word.at)
        held, more = self.by_origin.get(word.origin.name, 0.0), word.origin.trust * word.times
        if more > held:
            self.by_origin[word.origin.name] = more
            self.weight += more - held


class Rivalry(Generic[V]):
    """The values said so far. Hear words in their order, ask at any time which is believed."""

    def __init__(
        self,
        agree: Callable[[V, V], bool],
        *,
        is_within: Callable[[V, V], bool] | None = None,
        half_life: timedelta | None = None,
        most: float = inf,
    ) -> None:
        """Begin with nothing heard.

        Args:
            agree: whether two values may be the same one; symmetric.
            is_within: whether the first is a finer way to say the second; None where values have no fineness.
            half_life: after which a value that nobody repeats weighs half as much; of equals the one said last is
                believed then, else the one said first.
            most: the weight beyond which more of the same adds nothing.
        """
        self._agree = agree
        self._is_within = is_within
        self._half_life = half_life
        self._most = most
        self._words: list[Word[V]] = []
        self._camps: dict[V, _Camp[V]] = {}

    def hear(self, word: Word[V]) -> None:
        self._words.append(word)
        for camp in self._camps.values():
            if self._agree(camp.value, word.value):
                camp.join(word)
        if word.value not in self._camps:
            camp = self._camps[word.value] = _Camp(word.value, word.at)
            for heard in self._words:
                if self._agree(word.value, heard.value):
                    camp.join(heard)
        elif self._half_life:
            # Of equals the one said last comes first.
            self._camps[word.value] = self._camps.pop(word.value)

    def believed(self) -> V | None:
        """The value that is believed now; None while nothing was heard."""
        camps = list(reversed(self._camps.values())) if self._half_life else list(self._camps.values())
        best = max(camps, key=self._support, default=None)
        while best is not None and self._is_within:
            finer = [c for c in camps if c.value != best.value and self._is_within(c.value, best.value)]
            if not finer:
                break
            best = max(finer, key=self._support)
        return best.value if best else None

    def rivals(self, believed: V) -> Sequence[V]:
        """The values that do not agree with the believed one, the weightiest first."""
        others = [camp for camp in self._camps.values() if not self._agree(camp.value, believed)]
        return [camp.value for camp in sorted(others, key=self._support, reverse=True)]

    def _support(self, camp: _Camp[V]) -> float:
        weight = min(camp.weight, self._most)
        if self._half_life is None:
            return weight
        return float(weight * 0.5 ** ((self._words[-1].at - camp.newest) / self._half_life))
