"""Values that rival each other for one thing, a date or an amount, and which of them is believed.

Whoever says a value backs all values that agree with it. The value with most backing is believed; said in several
degrees of fineness, the finest that its backers have most of. Words may be heard in any order.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import fsum, inf, log2
from typing import Generic, TypeVar

from monitor.core.folding.statement import Order
from monitor.core.folding.weighing import Origin, Voices

V = TypeVar("V")

#: From which time is counted; any instant would do.
_ANY = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True, eq=False)
class _Camp(Generic[V]):
    """A value and those who agree with it."""

    value: V
    #: The place of the first word for just this value; of what ages that of the last.
    place: Order
    #: When the value, or one that agrees with it, was said last.
    newest: datetime
    #: Who says just this value: whose word, how many times it weighs, when.
    own: list[tuple[Origin, float, datetime]] = field(default_factory=list)
    #: The camps of values that agree with it, itself among them.
    allies: "list[_Camp[V]]" = field(default_factory=list)
    #: Those of them that say the same more finely.
    finer: "list[_Camp[V]]" = field(default_factory=list)
    #: Whose word it is.
    voices: Voices = field(default_factory=Voices)
    #: What those weigh whose word weighs more than it is trusted.
    stressed: dict[str, float] = field(default_factory=dict)
    #: How it fares beside others; None until somebody asks.
    score: float | None = None

    def join(self, origin: Origin, times: float, at: datetime) -> None:
        self.score = None
        self.voices.hear(origin)
        self.newest = max(self.newest, at)
        if times > 1.0:
            self.stressed[origin.name] = max(origin.trust * times, self.stressed.get(origin.name, 0.0))

    @property
    def weight(self) -> float:
        """What they weigh together."""
        by_origin = self.voices.trust
        if self.stressed:
            by_origin = by_origin | {name: max(weight, by_origin[name]) for name, weight in self.stressed.items()}
        # Rounded once, so that the order in which they came cannot matter.
        return fsum(by_origin.values())


class Rivalry(Generic[V]):
    """The values said so far. Hear words in any order, ask at any time which is believed of those heard.

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

    def hear(self, value: V, origin: Origin, order: Order, times: float = 1.0) -> None:
        """Hear one origin's word for a value.

        Args:
            value: what it says.
            origin: whose word it is.
            order: its place among all words.
            times: how many times its origin's trust it weighs.
        """
        camp = self._camps.get(value) or self._new_camp(value, order)
        camp.own.append((origin, times, order[0]))
        if (order < camp.place) is (self._half_life is None):
            camp.place = order
        for ally in camp.allies:
            ally.join(origin, times, order[0])

    def _new_camp(self, value: V, order: Order) -> _Camp[V]:
        camp = _Camp(value, place=order, newest=order[0])
        for other in self._camps.values():
            if self._agree(value, other.value):
                camp.allies.append(other)
                other.allies.append(camp)
                for heard in other.own:
                    camp.join(*heard)
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
        best = self._best(self._camps.values())
        while best is not None and best.finer:
            best = self._best(best.finer)
        return best.value if best is not None else None

    def backers(self, value: V) -> Voices:
        """Who says this value, which was heard, or one that agrees with it."""
        return self._camps[value].voices

    def rivals(self, believed: V) -> Sequence[V]:
        """The values that do not agree with the believed one, the weightiest first."""
        others = [camp for camp in self._camps.values() if not self._agree(camp.value, believed)]
        others.sort(key=lambda camp: camp.place, reverse=self._half_life is not None)
        return [camp.value for camp in sorted(others, key=self._score, reverse=True)]

    def _best(self, camps: Collection[_Camp[V]]) -> _Camp[V] | None:
        most = max(map(self._score, camps), default=0.0)
        equals = [camp for camp in camps if camp.score == most]
        of_equals = min if self._half_life is None else max
        return of_equals(equals, key=lambda camp: camp.place, default=None)

    def _score(self, camp: _Camp[V]) -> float:
        """Stands for what the camp weighs: of what ages, in halves and half-lives, so that no later word moves it."""
        if camp.score is None:
            weight = min(camp.weight, self._most)
            if self._half_life is not None:
                weight = (log2(weight) if weight else -inf) + (camp.newest - _ANY) / self._half_life
            camp.score = weight
        return camp.score
