"""What is said of one stage in one sense (reached, expected, denied), heard in any order.

An article is heard once, in all that it says; what it costs to hear another one does not grow with those before.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime
from itertools import chain
from operator import itemgetter
from typing import Generic, TypeVar

from monitor.core.folding.rivalry import Order, Rivalry, Word
from monitor.core.folding.statement import Statement
from monitor.core.folding.weighing import FoldPolicy, Voices
from monitor.core.model import State
from monitor.core.periods import Period
from monitor.core.state import Evidence

T = TypeVar("T")


class Ordered(Generic[T]):
    """Things in the order of their publication, whenever they are put in."""

    __slots__ = ("orders", "things")

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.things: list[T] = []

    def put(self, order: Order, thing: T) -> int:
        """Put it where it belongs; returns how many things stand before it."""
        if not self.orders or order >= self.orders[-1]:
            self.orders.append(order)
            self.things.append(thing)
            return len(self.things) - 1
        at = bisect_right(self.orders, order)
        self.orders.insert(at, order)
        self.things.insert(at, thing)
        return at

    @classmethod
    def together(cls, groups: "Sequence[Ordered[T]]") -> list[T]:
        """The things of all these groups, in the order of their publication."""
        pairs = chain.from_iterable(zip(group.orders, group.things, strict=True) for group in groups)
        return [thing for _, thing in sorted(pairs, key=itemgetter(0))]

    @property
    def last(self) -> Order | None:
        return self.orders[-1] if self.orders else None


class Sayings:
    """The statements of one stage in one sense, with what they come to."""

    def __init__(self, state: State, policy: FoldPolicy) -> None:
        """Begin with nothing said.

        Args:
            state: the sense. What is expected ages, and is one word of each article.
            policy: what it takes.
        """
        self._state = state
        self._policy = policy
        #: Grows by each change, so that what was made of it can be kept.
        self.version = 0
        self._forget_all()

    def _forget_all(self) -> None:
        self._statements: Ordered[Statement] = Ordered()
        self._evidence: list[Evidence] = []
        #: The dates that are expected, each with the sentence that says so.
        self._dated: Ordered[tuple[Word[Period], Evidence]] = Ordered()
        self._dates = self.no_dates()
        self.voices = Voices()
        #: The articles that say so, each with how many times it weighs.
        self.articles: dict[str, float] = {}
        #: How sure a reader was of it at most.
        self.surest = 0.0
        #: The statement of what has happened first.
        self.first: Statement | None = None
        self._first_happened: tuple[date, datetime, str] | None = None

    def no_dates(self) -> Rivalry[Period]:
        """The rivalry of the dates that are told in this sense, before any is."""
        if self._state is not State.EXPECTED:
            return Rivalry(Period.overlaps, is_within=_is_finer)
        half_life, most = self._policy.half_life, self._policy.confirming_weight
        return Rivalry(Period.overlaps, is_within=_is_finer, half_life=half_life, most=most)

    def hear(self, told: Sequence[Statement], times: float = 1.0) -> None:
        """Hear all that one article says so, which has not been heard yet.

        Args:
            told: its statements.
            times: how many times its trust its word for a date weighs.
        """
        self.version += 1
        is_expected, has_happened = self._state is State.EXPECTED, self._state is State.REACHED
        words: list[tuple[Word[Period], Evidence]] = []
        for statement in told:
            order, evidence = statement.order, statement.evidence
            self.articles[order[1]] = times
            self._evidence.insert(self._statements.put(order, statement), evidence)
            self.voices.hear(statement.origin)
            self.surest = max(self.surest, statement.claim.confidence)
            if has_happened:
                self._note_first(statement)
            if statement.claim.date is not None:
                words.append((Word(statement.claim.date, statement.origin, order, times), evidence))
        if is_expected and len(words) > 1:
            # An article that gives several dates for one stage speaks of phases: the first to come is the stage's.
            words = [min(words, key=lambda each: each[0].value)]
        for word, evidence in words:
            self._dates.hear(word)
            if is_expected:
                self._dated.put(word.order, (word, evidence))

    def _note_first(self, statement: Statement) -> None:
        happened = statement.happened
        if self._first_happened is None or happened < self._first_happened:
            self.first, self._first_happened = statement, happened

    def forget(self, article: str) -> None:
        """Go on as if this article had never been heard. Costs as much as hearing all others again."""
        if article not in self.articles:
            return
        others: dict[str, list[Statement]] = {other: [] for other in self.articles if other != article}
        for statement in self._statements.things:
            if statement.source.article != article:
                others[statement.source.article].append(statement)
        times = self.articles
        self._forget_all()
        self.version += 1
        for other, told in others.items():
            self.hear(told, times[other])

    def __bool__(self) -> bool:
        return bool(self.articles)

    @property
    def statements(self) -> Sequence[Statement]:
        """In the order of publication."""
        return self._statements.things

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The earliest published first."""
        return tuple(self._evidence)

    @property
    def dated(self) -> Sequence[tuple[Word[Period], Evidence]]:
        """The words for dates that are expected, in the order of publication, each with its sentence."""
        return self._dated.things

    @property
    def last(self) -> Order | None:
        """The place of the last statement; None where there is none."""
        return self._statements.last

    @property
    def date(self) -> Period | None:
        """The date that is believed; None where none is told."""
        return self._dates.believed()

    def backers(self, date: Period) -> Voices:
        """Who tells a date that is told, or one that agrees with it."""
        return self._dates.backers(date)

    def rivals(self, believed: Period) -> Sequence[Period]:
        """The dates that contradict the believed one, the weightiest first."""
        return self._dates.rivals(believed)


def _is_finer(one: Period, other: Period) -> bool:
    return other.contains(one) and one != other
