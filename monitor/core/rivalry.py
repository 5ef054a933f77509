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


@dataclass(slots=True, eq=False)
class _Camp(Generic[V]):
    """A value and those who agree with it."""

    value: V
    #: Who says just this value.
    own: list[Word[V]] = field(default_factory=list)
    #: The camps of values that agree with it, itself among them.
    allies: "list[_Camp[V]]" = field(default_factory=list)
    #: Those of them that say the same more finely.
    finer: "list[_Camp[V]]" = field(default_factory=list)
    #: Which word of all said just this value first, and last.
    first: int = 0
    last: int = 0
    newest: datetime | None = None
    weight: float = 0.0
    by_origin: dict[str, float] = field(default_factory=dict)

    def join(self, word: Word[V]) -> None:
        self.newest = word.at if self.newest is None else max(self.newest, word.at)
        held, more = self.by_origin.get(word.origin.name, 0.0), word.origin.trust * word.times
        if more > held:
            self.by_origin[word.origin.name] = more
            self.weight += more - held


class Rivalry(Generic[V]):
    """The values said so far. Hear words in their order, ask at any time which is believed.

    Hearing a value that was said before costs as much as it has allies, so that much may be said of few values.
    """

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
        self._camps: dict[V, _Camp[V]] = {}
        self._now: datetime | None = None
        self._heard = 0

    def hear(self, word: Word[V]) -> None:
        self._now = word.at
        self._heard += 1
        camp = self._camps.get(word.value) or self._new_camp(word.value)
        camp.own.append(word)
        camp.last = self._heard
        for ally in camp.allies:
            ally.join(word)

    def _new_camp(self, value: V) -> _Camp[V]:
        camp = _Camp(value, first=self._heard)
        for other in self._camps.values():
            if self._agree(value, other.value):
                camp.allies.append(other)
                other.allies.append(camp)
                for heard in other.own:
                    camp.join(heard)
                if self._is_within is not None:
                    if self._is_within(value, other.value):
                        other.finer.append(camp)
                    elif self._is_within(other.value, value):
                        camp.finer.append(other)
        camp.allies.append(camp)
        self._camps[value] = camp
        return camp

    def believed(self) -> V | None:
        """The value that is believed now; None while nothing was heard."""
        best = max(self._camps.values(), key=self._preference, default=None)
        while best is not None and best.finer:
            best = max(best.finer, key=self._preference)
        return best.value if best is not None else None

    def rivals(self, believed: V) -> Sequence[V]:
        """The values that do not agree with the believed one, the weightiest first."""
        others = [camp for camp in self._camps.values() if not self._agree(camp.value, believed)]
        return [camp.value for camp in sorted(others, key=self._preference, reverse=True)]

    def _preference(self, camp: _Camp[V]) -> tuple[float, int]:
        """What the camp weighs now; then, the later or the earlier it was said."""
        weight = min(camp.weight, self._most)
        if self._half_life is None or camp.newest is None or self._now is None:
            return weight, -camp.first
        if camp.newest is not self._now:
            weight *= 0.5 ** ((self._now - camp.newest) / self._half_life)
        return weight, camp.last
