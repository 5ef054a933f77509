"""Verifies what a reader was not sure of. It counts for nothing until it is corroborated, and fully afterwards.

What is read with a confidence below ``FoldPolicy.alert_from`` is unverified. It is corroborated if an official source
or any sure reading says the same, or if independent sources say the same and their readings are sure enough together
(``core.folding.combining``). What is not even plausible (``FoldPolicy.plausible``) stays unverified whatever others
say, for its words are rather not about the project. Statements may be heard in any order.

A stage is reached once, so two sources may date it differently. What can recur is the same only if the details agree:
expectations if their dates overlap, conditions if they occurred at about the same time, amounts if their values are
equal within rounding.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Generic, Protocol, TypeVar

from monitor.core.folding.sayings import Saying
from monitor.core.folding.weighing import FoldPolicy, Tellers, combined, same_value, suffices
from monitor.core.model import Said
from monitor.core.periods import Period

#: The detail in which two statements on the same thing may differ and so mean different things: a date, a moment, a
#: value. None if there is no such detail.
Detail = Period | date | float | None


class Verifiable(Saying, Protocol):
    """A statement that may be doubtful."""

    @property
    def said(self) -> Said: ...

    @property
    def thing(self) -> Hashable: ...

    @property
    def detail(self) -> Detail: ...


V = TypeVar("V", bound=Verifiable)


@dataclass(slots=True)
class _Backing:
    """The origins that report one detail of a thing."""

    #: The best doubtful reading of each origin.
    readings: dict[str, float] = field(default_factory=dict)
    #: Whether one of them is official, or was read surely.
    suffices: bool = False


#: What is doubtful is borne out by detail and origin. These two alone decide.
_Key = tuple[Detail, str]


class _Thing(Generic[V]):
    """Everything said about one thing."""

    def __init__(self, policy: FoldPolicy) -> None:
        self._policy = policy
        self._forget_all()

    def _forget_all(self) -> None:
        self._said: list[V] = []
        self._backing: dict[Detail, _Backing] = {}
        self._tellers = Tellers()
        #: What no other reading bears out alone.
        self._doubtful: dict[Detail, dict[str, list[V]]] = {}
        #: What of that several readings do not bear out together.
        self._waiting: frozenset[_Key] = frozenset()
        #: What is rather wrong, which nothing that others say bears out.
        self._hopeless: list[V] = []

    def hear(self, said: Sequence[V]) -> set[str]:
        """Hear articles that were not heard before.

        Returns the articles whose doubtful statements are now corroborated, or are not any more.
        """
        for each in said:
            if self._is_hopeless(each):
                self._hopeless.append(each)
                continue
            name, sure = each.origin.name, each.said.confidence
            backing = self._backing.setdefault(each.detail, _Backing())
            backing.suffices |= suffices(each, self._policy)
            if sure < self._policy.alert_from:
                self._tellers.hear(name, each.said.evidence)
                backing.readings[name] = max(sure, backing.readings.get(name, 0.0))
                self._doubtful.setdefault(each.detail, {}).setdefault(name, []).append(each)
        self._said += said
        settled = [detail for detail in self._doubtful if any(each.suffices for each in self._agreeing(detail))]
        borne_out = chain.from_iterable(chain.from_iterable(self._doubtful.pop(each).values()) for each in settled)
        moved = {each.source.article for each in borne_out}
        former, self._waiting = self._waiting, frozenset(self._not_together())
        turned = [key for key in former ^ self._waiting if key[0] in self._doubtful]
        return moved | {each.source.article for detail, name in turned for each in self._doubtful[detail][name]}

    def _not_together(self) -> Iterator[_Key]:
        """What is doubtful and not borne out by several readings together."""
        for detail, told in self._doubtful.items():
            if combined(self._readings(detail)) < self._policy.alert_from:
                yield from ((detail, name) for name in told)

    def replace(self, articles: Collection[str], said: Sequence[V]) -> set[str]:
        """Replace what these articles say. Returns the articles whose unverified statements changed.

        Costs as much as hearing all others again.
        """
        before = {each.order for each, _ in self.unverified()}
        others = [each for each in self._said if each.source.article not in articles]
        self._forget_all()
        self.hear([*others, *said])
        return {article for _, article, _ in before ^ {each.order for each, _ in self.unverified()}}

    def is_verified(self, said: V) -> bool:
        """Whether this statement, which was heard, counts."""
        return not self._is_hopeless(said) and (said.detail, said.origin.name) not in self._waiting

    def unverified(self) -> Iterator[tuple[V, tuple[float, ...]]]:
        """The statements that count for nothing yet, each with the readings that bear it out together so far."""
        yield from ((each, ()) for each in self._hopeless)
        readings = {detail: self._readings(detail) for detail, _ in self._waiting}
        for detail, name in self._waiting:
            yield from ((each, readings[detail]) for each in self._doubtful[detail][name])

    def _is_hopeless(self, said: V) -> bool:
        least = min(self._policy.plausible, self._policy.alert_from)
        return said.said.confidence < least and not suffices(said, self._policy)

    def _readings(self, detail: Detail) -> tuple[float, ...]:
        """The doubtful readings that agree with this detail, one for each independent source, the surest first."""
        best: dict[str, float] = {}
        for backing in self._agreeing(detail):
            for each, sure in backing.readings.items():
                best[each] = max(sure, best.get(each, 0.0))
        return self._tellers.readings(best)

    def _agreeing(self, detail: Detail) -> Iterator[_Backing]:
        return (backing for told, backing in self._backing.items() if _says(told, detail, self._policy))


class Verification(Generic[V]):
    """What articles say, heard in any order. Knows at any time what is unverified."""

    def __init__(self, policy: FoldPolicy) -> None:
        self._policy = policy
        self._things: dict[Hashable, _Thing[V]] = {}
        #: The things that each article speaks about.
        self._of: dict[str, set[Hashable]] = {}

    def hear(self, said: Mapping[str, Sequence[V]]) -> set[str]:
        """Replace what each of these articles says. Returns the articles for which something else counts now.

        The given articles may be among them.
        """
        former = {thing for article in said for thing in self._of.get(article, ())}
        by_thing: dict[Hashable, list[V]] = {thing: [] for thing in former}
        for article, told in said.items():
            self._of[article] = {each.thing for each in told}
            for each in told:
                by_thing.setdefault(each.thing, []).append(each)
        moved: set[str] = set()
        for name, told in by_thing.items():
            if name not in self._things:
                self._things[name] = _Thing(self._policy)
            thing = self._things[name]
            moved |= thing.replace(said.keys(), told) if name in former else thing.hear(told)
        return moved

    def is_verified(self, said: V) -> bool:
        """Whether this statement, which was heard, counts."""
        return self._things[said.thing].is_verified(said)

    def __iter__(self) -> Iterator[tuple[V, tuple[float, ...]]]:
        """The statements that count for nothing yet, each with the readings that bear it out together so far."""
        return chain.from_iterable(thing.unverified() for thing in self._things.values())


def _says(detail: Detail, doubted: Detail, policy: FoldPolicy) -> bool:
    """Whether a statement with the first detail implies one with the second."""
    if isinstance(doubted, Period):
        return isinstance(detail, Period) and detail.overlaps(doubted)
    if isinstance(doubted, date):
        return isinstance(detail, date) and abs(detail - doubted) <= policy.same_time
    if isinstance(doubted, int | float):
        return isinstance(detail, int | float) and same_value(detail, doubted, policy)
    return True
