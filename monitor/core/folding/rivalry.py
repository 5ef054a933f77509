"""Values that rival each other for one thing, a date or an amount, and which of them is believed.

Whoever says a value backs all values that agree with it. The value with most backing is believed; said in several
degrees of fineness, the finest that its backers have most of. Words may be heard in any order.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import fsum, inf
from typing import Generic, NamedTuple, TypeVar

from monitor.core.folding.weighing import Origin, Voices

V = TypeVar("V")

#: The instant of publication, the article's key, the place in the article.
Order = tuple[datetime, str, int]


class Word(NamedTuple, Generic[V]):
    """One origin's word for a value."""

    value: V
    origin: Origin
    #: Its place among all words.
    order: Order
    #: How many times its origin's trust it weighs.
    times: float = 1.0


@dataclass(slots=True, eq=False)
class _Camp(Generic[V]):
    """A value and those who agree with it."""

    value: V
    #: The first word for just this value; of what ages the last.
    first: Order
    last: Order
    #: When the value, or one that agrees with it, was said last.
    newest: datetime
    #: Who says just this value.
    own: list[Word[V]] = field(default_factory=list)
    #: The camps of values that agree with it, itself among them.
    allies: "list[_Camp[V]]" = field(default_factory=list)
    #: Those of them that say the same more finely.
    finer: "list[_Camp[V]]" = field(default_factory=list)
    #: Whose word it is.
    voices: Voices = field(default_factory=Voices)
    by_origin: dict[str, float] = field(default_factory=dict)
    #: What they weigh together; None until somebody asks.
    summed: float | None = None

    def join(self, word: Word[V]) -> None:
        self.newest = max(self.newest, word.order[0])
        self.voices.hear(word.origin)
        more = word.origin.trust * word.times
        if more > self.by_origin.get(word.origin.name, 0.0):
            self.by_origin[word.origin.name] = more
            self.summed = None

    @property
    def weight(self) -> float:
        if self.summed is None:
            # Rounded once, so that the order in which they came cannot matter.
            self.summed = fsum(self.by_origin.values())
        return self.summed


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
        #: When the last word was said.
        self._now: datetime | None = None

    def hear(self, word: Word[V]) -> None:
        camp = self._camps.get(word.value) or self._new_camp(word)
        camp.own.append(word)
        if self._half_life is None:
            camp.first = min(camp.first, word.order)
        else:
            camp.last = max(camp.last, word.order)
            self._now = max(self._now or word.order[0], word.order[0])
        for ally in camp.allies:
            ally.join(word)

    def _new_camp(self, word: Word[V]) -> _Camp[V]:
        value = word.value
        camp = _Camp(value, first=word.order, last=word.order, newest=word.order[0])
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
        if self._half_life is None:
            others.sort(key=lambda camp: camp.first)
        else:
            others.sort(key=lambda camp: camp.last, reverse=True)
        return [camp.value for camp in sorted(others, key=self._weight, reverse=True)]

    def _best(self, camps: Iterable[_Camp[V]]) -> _Camp[V] | None:
        weighed = [(self._weight(camp), camp) for camp in camps]
        most = max((weight for weight, _ in weighed), default=0.0)
        equals = [camp for weight, camp in weighed if weight == most]
        if self._half_life is None:
            return min(equals, key=lambda camp: camp.first, default=None)
        return max(equals, key=lambda camp: camp.last, default=None)

    def _weight(self, camp: _Camp[V]) -> float:
        """What the camp weighs now."""
        weight = min(camp.weight, self._most)
        if self._half_life is not None and self._now is not None:
            weight *= 0.5 ** ((self._now - camp.newest) / self._half_life)
        return weight
