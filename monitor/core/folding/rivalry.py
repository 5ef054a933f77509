"""Rival values for one thing, a date or an amount: decides which one is believed.

Each report of a value backs all values that agree with it. The value with the most backing is believed. If its backers
say it with different precision, the finest value with the most backing among them is believed. Reports may be heard in
any order.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import fsum, inf, log2
from operator import attrgetter
from typing import Generic, TypeVar

from monitor.core.folding.statement import Order
from monitor.core.folding.weighing import Origin, Voices

V = TypeVar("V")

#: One origin's report of a value: the origin, its place among all reports, and the factor on the origin's trust.
Word = tuple[Origin, Order, float]

#: The zero of the time scale. Any instant would do.
_ANY = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True, eq=False)
class _Camp(Generic[V]):
    """A value and the reports that agree with it."""

    value: V
    #: The place of the first report of exactly this value, or of the last one if reports age.
    place: Order
    #: The place of the first report of exactly this value.
    first: Order
    #: When this value, or one that agrees with it, was last reported.
    newest: datetime
    #: The reports of exactly this value.
    own: list[Word] = field(default_factory=list)
    #: The origins of these reports.
    own_voices: Voices = field(default_factory=Voices)
    #: The camps whose values agree with it, including itself.
    allies: "list[_Camp[V]]" = field(default_factory=list)
    #: The allies with a finer value.
    finer: "list[_Camp[V]]" = field(default_factory=list)
    #: The origins that report it.
    voices: Voices = field(default_factory=Voices)
    #: The weight of each origin whose report weighs more than its trust.
    stressed: dict[str, float] = field(default_factory=dict)
    #: The sort key among camps. None until it is needed.
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
        """The joint weight of the origins."""
        by_origin = self.voices.trust
        if self.stressed:
            by_origin = by_origin | {name: max(weight, by_origin[name]) for name, weight in self.stressed.items()}
        # Rounded once, so that the order of arrival cannot matter.
        return fsum(by_origin.values())


class Rivalry(Generic[V]):
    """The values heard so far. Values may be heard in any order; the believed one can be asked for at any time.

    Hearing a known value again costs as much as it has allies, so many reports of few values are cheap.
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
            agree: whether two values may be the same one. Must be symmetric.
            is_within: whether the first value is a finer form of the second. None if values have no precision.
            half_life: the time after which a value that is not repeated weighs half as much. Among equals the last
                reported value is believed then, else the first reported one.
            most: the weight beyond which more reports add nothing.
        """
        self._agree = agree
        self._is_within = is_within
        self._half_life = half_life
        #: Chooses among equals: the first reported, or the last.
        self._foremost = min if half_life is None else max
        self._most = most
        self._camps: dict[V, _Camp[V]] = {}

    def hear(self, value: V, words: Sequence[Word]) -> None:
        """Hear these reports of a value, which are sorted by their order."""
        place = (words[0] if self._half_life is None else words[-1])[1]
        camp = self._camps.get(value) or self._new_camp(value, place, words)
        camp.first = min(camp.first, words[0][1])
        camp.place = self._foremost(camp.place, place)
        camp.own += words
        camp.own_voices.hear([origin for origin, _, _ in words])
        for ally in camp.allies:
            ally.join(words)

    def _new_camp(self, value: V, place: Order, words: Sequence[Word]) -> _Camp[V]:
        camp = _Camp(value, place=place, first=words[0][1], newest=place[0])
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

    def __bool__(self) -> bool:
        """Whether anything was heard."""
        return bool(self._camps)

    def believed(self, *, but: Callable[[V], bool] = lambda _: False) -> V | None:
        """The value that is believed now, without the values that ``but`` leaves out. None if none is left."""
        camps = (camp for camp in self._camps.values() if not but(camp.value))
        best = self._foremost(camps, key=self._rank, default=None)
        while best is not None and best.finer:
            best = self._foremost(best.finer, key=self._rank)
        return best.value if best is not None else None

    def backers(self, value: V) -> Voices:
        """The origins that report this value, which was heard, or a finer form of it."""
        camp = self._camps[value]
        return Voices.together([each.own_voices for each in (camp, *camp.finer)]) if camp.finer else camp.own_voices

    def agreeing(self, value: V) -> Voices:
        """The origins that report this value, which was heard, or one that agrees with it."""
        return self._camps[value].voices

    def contending(self, value: V, within: timedelta) -> tuple[Voices, V]:
        """The origins that report only another value, which was told last less than this before or after this one.

        With the one of all these values that was told first.
        """
        mine = self._camps[value]
        near = [camp for camp in self._camps.values() if abs(camp.newest - mine.newest) < within]
        others = Voices.together([camp.voices for camp in near if camp not in mine.allies])
        # Who tells this value too contradicts only himself.
        against = Voices(each for each in others.origins if each.name not in mine.voices.trust)
        return against, min(near, key=attrgetter("first")).value

    def rivals(self, believed: V) -> Sequence[V]:
        """The values that do not agree with the believed one, the one with the most weight first."""
        others = [camp for camp in self._camps.values() if not self._agree(camp.value, believed)]
        return [camp.value for camp in sorted(others, key=self._rank, reverse=self._half_life is not None)]

    def _rank(self, camp: _Camp[V]) -> tuple[float, Order]:
        """The sort key of the camp: its weight, then its place. The heaviest camp comes first by ``_foremost``.

        If reports age, the weight is in doublings over time, so that a report of another value does not change it.
        """
        if camp.rank is None:
            weight = min(camp.weight, self._most)
            if self._half_life is None:
                camp.rank = -weight, camp.place
            else:
                camp.rank = (log2(weight) if weight else -inf) + (camp.newest - _ANY) / self._half_life, camp.place
        return camp.rank
