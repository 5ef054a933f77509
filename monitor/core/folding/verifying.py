"""Verifies what a reader was not sure of. It counts for nothing until it is corroborated, and fully afterwards.

What is read with a confidence below ``FoldPolicy.alert_from`` is unverified. It is corroborated if its source is
official, if any reading surely says the same, or if a second independent source says the same and both readings are at
least plausible (``FoldPolicy.plausible``). Statements may be heard in any order.

A stage is reached once, so two sources may date it differently. What can recur is the same only if the details agree:
expectations if their dates overlap, conditions if they occurred at about the same time, amounts if their values are
equal within rounding.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, product
from typing import Generic, Protocol, TypeVar

from monitor.core.folding.sayings import Saying
from monitor.core.folding.weighing import FoldPolicy, same_value
from monitor.core.model import Said
from monitor.core.periods import Period
from monitor.core.stories.sketches import retells

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

    #: The sentences of each origin whose reading is plausible.
    plausible: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    #: Whether one of them is official, or was read surely.
    suffices: bool = False


class _Thing(Generic[V]):
    """Everything said about one thing."""

    def __init__(self, policy: FoldPolicy) -> None:
        self._policy = policy
        self._forget_all()

    def _forget_all(self) -> None:
        self._said: list[V] = []
        self._backing: dict[Detail, _Backing] = {}
        #: What is unverified, by detail and origin. These two alone decide.
        self._waiting: dict[tuple[Detail, str], list[V]] = defaultdict(list)

    def hear(self, said: Sequence[V]) -> set[str]:
        """Hear articles that were not heard before.

        Returns the articles whose doubtful statements are now corroborated.
        """
        for each in said:
            is_doubtful = each.said.confidence < self._policy.alert_from
            backing = self._backing.setdefault(each.detail, _Backing())
            if each.said.confidence >= self._policy.plausible:
                backing.plausible[each.origin.name].add(each.said.evidence)
            backing.suffices |= not is_doubtful or each.origin.trust >= self._policy.official_trust
            if is_doubtful:
                self._waiting[each.detail, each.origin.name].append(each)
        self._said += said
        borne_out = [key for key in self._waiting if self._is_borne_out(*key)]
        return {each.source.article for key in borne_out for each in self._waiting.pop(key)}

    def replace(self, articles: Collection[str], said: Sequence[V]) -> set[str]:
        """Replace what these articles say. Returns the articles whose unverified statements changed.

        Costs as much as hearing all others again.
        """
        before = {each.order for each in self.unverified()}
        others = [each for each in self._said if each.source.article not in articles]
        self._forget_all()
        self.hear([*others, *said])
        return {article for _, article, _ in before ^ {each.order for each in self.unverified()}}

    def is_verified(self, said: V) -> bool:
        """Whether this statement, which was heard, counts."""
        return (said.detail, said.origin.name) not in self._waiting

    def unverified(self) -> Iterator[V]:
        """The statements that count for nothing yet."""
        return chain.from_iterable(self._waiting.values())

    def _is_borne_out(self, detail: Detail, name: str) -> bool:
        own = {
            each.said.evidence for each in self._waiting[detail, name] if each.said.confidence >= self._policy.plausible
        }
        return any(
            (backing.suffices or _is_told_apart(own, name, backing)) and _says(told, detail, self._policy)
            for told, backing in self._backing.items()
        )


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

    def __iter__(self) -> Iterator[V]:
        """The statements that count for nothing yet."""
        return chain.from_iterable(thing.unverified() for thing in self._things.values())


def _is_told_apart(own: Collection[str], name: str, backing: _Backing) -> bool:
    """Whether another origin says so in words of its own. Two readings of one remark are one reading."""
    others = (told for other, told in backing.plausible.items() if other != name)
    return any(not retells(one, told) for one, told in product(own, chain.from_iterable(others)))


def _says(detail: Detail, doubted: Detail, policy: FoldPolicy) -> bool:
    """Whether a statement with the first detail implies one with the second."""
    if isinstance(doubted, Period):
        return isinstance(detail, Period) and detail.overlaps(doubted)
    if isinstance(doubted, date):
        return isinstance(detail, date) and abs(detail - doubted) <= policy.same_time
    if isinstance(doubted, int | float):
        return isinstance(detail, int | float) and same_value(detail, doubted, policy)
    return True
