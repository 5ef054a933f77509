"""Values that rival each other for one thing, a date or an amount, and which of them is believed.

Whoever says a value backs all values that agree with it. The value with most backing is believed; said in several
degrees of fineness, the finest that its backers have most of. Words may be heard in any order.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import fsum, inf, log2
from typing import Generic, TypeVar

from monitor.core.folding.statement import Order
from monitor.core.folding.weighing import Origin, Voices

V = TypeVar("V")

#: One origin's word for a value: whose it is, its place among all words, how many times its origin's trust it weighs.
Word = tuple[Origin, Order, float]

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
    #: The words for just this value.
    own: list[Word] = field(default_factory=list)
    #: The camps of values that agree with it, itself among them.
    allies: "list[_Camp[V]]" = field(default_factory=list)
    #: Those of them that say the same more finely.
    finer: "list[_Camp[V]]" = field(default_factory=list)
    #: Whose word it is.
    voices: Voices = field(default_factory=Voices)
    #: What those weigh whose word weighs more than it is trusted.
    stressed: dict[str, float] = field(default_factory=dict)
    #: By which it is compared with others; None until somebody asks.
    rank: tuple[float, Order] | None = None

    def join(self, words: Iterable[Word]) -> None:
        self.rank = None
        self.voices.hear([origin for origin, _, _ in words])
        for origin, order, times in words:
            self.newest = max(self.newest, order[0])
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
        #: Of equals the one said first, or last.
        self._foremost = min if half_life is None else max
        self._most = most
        self._camps: dict[V, _Camp[V]] = {}

    def hear(self, value: V, words: Sequence[Word]) -> None:
        """Hear these words for a value, which come in their order."""
        place = (words[0] if self._half_life is None else words[-1])[1]
        camp = self._camps.get(value) or self._new_camp(value, place)
        camp.place = self._foremost(camp.place, place)
        camp.own += words
        for ally in camp.allies:
            ally.join(words)

    def _new_camp(self, value: V, place: Order) -> _Camp[V]:
        camp = _Camp(value, place=place, newest=place[0])
        for other in self._camps.values():
            if self._agree(value, other.value):
                camp.allies.append(other)
                other.allies.append(camp)
                camp.join(other.own)
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
        best = self._foremost(self._camps.values(), key=self._rank, default=None)
        while best is not None and best.finer:
            best = self._foremost(best.finer, key=self._rank)
        return best.value if best is not None else None

    def backers(self, value: V) -> Voices:
        """Who says this value, which was heard, or one that agrees with it."""
        return self._camps[value].voices

    def rivals(self, believed: V) -> Sequence[V]:
        """The values that do not agree with the believed one, the weightiest first."""
        others = [camp for camp in self._camps.values() if not self._agree(camp.value, believed)]
        return [camp.value for camp in sorted(others, key=self._rank, reverse=self._half_life is not None)]

    def _rank(self, camp: _Camp[V]) -> tuple[float, Order]:
        """What the camp weighs, then its place; so that the foremost is the heaviest.

        Of what ages in doublings, as time brings them, so that no word for another value moves it.
        """
        if camp.rank is None:
            weight = min(camp.weight, self._most)
            if self._half_life is None:
                camp.rank = -weight, camp.place
            else:
                camp.rank = (log2(weight) if weight else -inf) + (camp.newest - _ANY) / self._half_life, camp.place
        return camp.rank
