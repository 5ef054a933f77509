"""What is said of one thing in one sense (a stage reached, expected, denied; an amount), heard in any order.

What it costs to hear more does not grow with what was heard before. What few ask for is made when somebody asks, and of
what has come since.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta
from math import inf
from operator import attrgetter
from typing import Generic, Protocol, TypeVar

from monitor.core.folding.rivalry import Rivalry
from monitor.core.folding.statement import Order, Statement
from monitor.core.folding.weighing import FoldPolicy, Origin, Voices
from monitor.core.periods import Period
from monitor.core.state import Evidence, Source


class Saying(Protocol):
    """One thing that an article says."""

    @property
    def source(self) -> Source: ...

    @property
    def origin(self) -> Origin: ...

    @property
    def order(self) -> Order: ...

    @property
    def evidence(self) -> Evidence: ...


S = TypeVar("S", bound=Saying)


class Sayings(Generic[S]):
    """What articles say of one thing in one sense, in the order of publication, and whose word it is."""

    def __init__(self) -> None:
        #: Grows by each change, so that what was made of it can be kept.
        self.version = 0
        self._forget_all()

    def _forget_all(self) -> None:
        self._said: list[S] = []
        #: Of the first of them, as many as somebody has asked for.
        self._evidence: list[Evidence] = []
        self.voices = Voices()
        #: The articles that say so.
        self.articles: set[str] = set()

    def hear(self, said: Sequence[S]) -> None:
        """Hear all that some articles say so, in the order of publication; none of them was heard before."""
        self.version += 1
        if not self._said or self._said[-1].order < said[0].order:
            self._said += said
        else:
            for each in said:
                self._hear_late(each)
        self.voices.hear([each.origin for each in said])
        self.articles.update([each.source.article for each in said])

    def _hear_late(self, said: S) -> None:
        at = bisect_right(self._said, said.order, key=attrgetter("order"))
        self._said.insert(at, said)
        if at < len(self._evidence):
            self._evidence.insert(at, said.evidence)

    def forget(self, articles: Collection[str]) -> None:
        """Go on as if these articles had never been heard. Costs as much as hearing all others again."""
        if self.articles.isdisjoint(articles):
            return
        others = [each for each in self._said if each.source.article not in articles]
        self._forget_all()
        self.version += 1
        if others:
            self.hear(others)

    def __bool__(self) -> bool:
        return bool(self._said)

    @property
    def said(self) -> Sequence[S]:
        """In the order of publication."""
        return self._said

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The earliest published first."""
        self._evidence += [each.evidence for each in self._said[len(self._evidence) :]]
        return tuple(self._evidence)


class Reached(Sayings[Statement]):
    """Statements that a stage was reached, or that a condition has befallen the project."""

    def _forget_all(self) -> None:
        super()._forget_all()
        self.dates = dates()
        #: How sure a reader was of it at most.
        self.surest = 0.0
        #: The statement of what has happened first.
        self.first: Statement | None = None

    def hear(self, said: Sequence[Statement]) -> None:
        super().hear(said)
        self.surest = max(self.surest, *(each.claim.confidence for each in said))
        by_date: dict[Period | None, list[Statement]] = defaultdict(list)
        for each in said:
            by_date[each.claim.date].append(each)
        # Of those who say the same of when it happened whoever was published first.
        firsts = [same[0] for same in by_date.values()]
        self.first = min([self.first, *firsts] if self.first else firsts, key=attrgetter("happened"))
        for date, same in by_date.items():
            if date is not None:
                self.dates.hear(date, [(each.origin, each.order, 1.0) for each in same])


#: A date that is expected, and the statement that says so, behind its place.
Dated = tuple[Order, Period, Statement]


class Expected(Sayings[Statement]):
    """Statements that something is to come."""

    def __init__(self, policy: FoldPolicy, moved: Collection[str]) -> None:
        """Begin with nothing said.

        Args:
            policy: how it ages.
            moved: the articles that say that the schedule has moved, as they are when dates are asked for.
        """
        self._policy = policy
        self._moved = moved
        super().__init__()

    def _forget_all(self) -> None:
        super()._forget_all()
        #: In the order of publication, one of each article.
        self.dated: list[Dated] = []
        #: What of it does not weigh yet.
        self._waiting: list[Dated] = []
        self._dates = self.no_dates()

    def no_dates(self) -> Rivalry[Period]:
        """The rivalry of the dates that are expected, before any is."""
        return dates(half_life=self._policy.half_life, most=self._policy.confirming_weight)

    def hear(self, said: Sequence[Statement]) -> None:
        super().hear(said)
        # An article that gives several dates for one stage speaks of phases: the first to come is the stage's.
        firsts: dict[str, Dated] = {}
        for each in said:
            date, article = each.claim.date, each.order[1]
            if date is not None and (article not in firsts or date < firsts[article][1]):
                firsts[article] = each.order, date, each
        for dated in firsts.values():
            insort(self.dated, dated)
        self._waiting += firsts.values()

    def weigh(self, dated: Dated, among: Rivalry[Period]) -> None:
        """Let a date count among those that rival it."""
        order, date, statement = dated
        # An article that says that the schedule has moved knows both dates.
        times = self._policy.moved if order[1] in self._moved else 1.0
        among.hear(date, [(statement.origin, order, times)])

    @property
    def dates(self) -> Rivalry[Period]:
        """All dates that are expected."""
        for dated in self._waiting:
            self.weigh(dated, self._dates)
        self._waiting.clear()
        return self._dates


def dates(*, half_life: timedelta | None = None, most: float = inf) -> Rivalry[Period]:
    """Dates that are told of one thing; those that overlap may be the same one."""
    return Rivalry(Period.overlaps, is_within=_is_finer, half_life=half_life, most=most)


def _is_finer(one: Period, other: Period) -> bool:
    return other.contains(one) and one != other
