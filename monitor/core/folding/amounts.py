"""One quantity of a project: chooses the believed value among all reported ones."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import timedelta
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from monitor.core.folding.combining import together
from monitor.core.folding.rivalry import Rivalry
from monitor.core.folding.sayings import Sayings
from monitor.core.folding.statement import Order
from monitor.core.folding.weighing import NOBODY, FoldPolicy, Origin, Voices, same_value, standing
from monitor.core.model import Fact, FactKind
from monitor.core.state import Evidence, KnownFact, Rival, Source


class Told(NamedTuple):
    """A fact, the article that reports it, and the origin that the article counts for."""

    fact: Fact
    source: Source
    origin: Origin
    #: The sort key for the order of publication.
    order: Order
    #: Whether it concerns only a part of what the account covers.
    is_of_part: bool = False
    #: Whether it is the sum right before it in another currency.
    is_conversion: bool = False

    @property
    def part(self) -> str | None:
        """The words for the part that it concerns. None if it concerns all that the account covers."""
        return self.fact.phase if self.is_of_part else None

    @property
    def said(self) -> Fact:
        return self.fact

    @property
    def thing(self) -> tuple[str | None, FactKind, str]:
        """The quantity that it concerns."""
        return self.fact.phase, self.fact.kind, self.fact.unit

    @property
    def detail(self) -> float:
        return self.fact.value

    @property
    def evidence(self) -> Evidence:
        return Evidence.of(self.fact, self.source)


#: Other values that are told within this time of each other are one disagreement, and no news after news.
_SAME_NEWS = timedelta(days=1)

#: Says of a value whether it is left out.
LeavesOut = Callable[[float], bool]


class Amount:
    """One quantity of a project, or of one of its parts. Articles may be heard in any order."""

    def __init__(self, kind: FactKind, unit: str, policy: FoldPolicy) -> None:
        self._kind = kind
        self._unit = unit
        self._policy = policy
        self._forget_all()

    def _forget_all(self) -> None:
        self._values = self._no_values()
        #: The values that are only conversions from another currency. They count if there is no other value.
        self._conversions = self._no_values()
        #: The reports of each value.
        self._tellings: dict[float, Sayings[Told]] = {}
        #: The value in the article that was published last. Of several values in it, the largest.
        self._latest: Told | None = None

    def _no_values(self) -> Rivalry[float]:
        policy = self._policy
        return Rivalry[float](lambda one, other: same_value(one, other, policy), half_life=policy.half_life_of_amounts)

    def hear(self, told: Sequence[Told]) -> None:
        """Hear all facts of some articles on it, in order of publication. None of the articles was heard before."""
        wholes: dict[str, Told] = {}
        by_value: dict[float, list[Told]] = defaultdict(list)
        for item in told:
            # An article with several values gives the whole and its parts, or a range. Its largest value counts.
            whole = wholes.setdefault(item.order[1], item)
            if item.fact.value > whole.fact.value:
                wholes[item.order[1]] = item
        for whole in wholes.values():
            values = self._conversions if whole.is_conversion else self._values
            values.hear(whole.fact.value, [(whole.origin, whole.order, 1.0)])
            if self._latest is None or self._latest.order < whole.order:
                self._latest = whole
        # A part bears out nothing, and is no rival of the whole.
        for item in told:
            if same_value(item.fact.value, wholes[item.order[1]].fact.value, self._policy):
                by_value[item.fact.value].append(item)
        for value, items in by_value.items():
            if value not in self._tellings:
                self._tellings[value] = Sayings()
            self._tellings[value].hear(items)

    def _dispute(self, value: float) -> tuple[Voices, float]:
        """Who disputes a value, by telling another one at about the same time, and which of these was told first.

        Nobody disputes what this side alone tells officially, or confirms with a value that was not told first.
        """
        values = self._values or self._conversions
        against, first = values.contending(value, _SAME_NEWS)
        weight, own = against.weight(self._policy), values.agreeing(value).weight(self._policy)
        is_sure = own.confirms(self._policy) and not weight.confirms(self._policy) and first != value
        is_official = own.official and not weight.official
        is_disputed = weight.total >= self._policy.credible_weight and not (is_sure or is_official)
        return (against, first) if is_disputed else (NOBODY, value)

    def forget(self, articles: Collection[str]) -> None:
        """Continue as if these articles had never been heard. Costs as much as hearing all others again."""
        if all(sayings.articles.isdisjoint(articles) for sayings in self._tellings.values()):
            return
        others = [item for item in self.told() if item.source.article not in articles]
        self._forget_all()
        self.hear(sorted(others, key=attrgetter("order")))

    @property
    def values(self) -> Collection[float]:
        """All reported values."""
        return self._tellings.keys()

    def told(self) -> Iterator[Told]:
        """All reports."""
        return chain.from_iterable(sayings.said for sayings in self._tellings.values())

    def believed(self, *, but: LeavesOut = lambda _: False) -> float | None:
        """The believed value: the latest for progress, else the one with the most weight. None if none is reported.

        Args:
            but: says which values are left out.
        """
        if self._latest is None or self._kind is FactKind.PROGRESS:
            return self._latest.fact.value if self._latest else None
        return (self._values or self._conversions).believed(but=but)

    def known(self, value: float, *, in_full: bool) -> KnownFact:
        """This value, which is believed, with its sources.

        Args:
            value: the value.
            in_full: whether to include the other reported values.
        """
        # Progress grows: an earlier value does not contradict the latest.
        has_rivals = self._kind is not FactKind.PROGRESS
        against, first = self._dispute(value) if has_rivals else (NOBODY, value)
        readings = together(self.telling(value), self._policy)
        return KnownFact(
            kind=self._kind,
            value=value,
            unit=self._unit,
            standing=standing(self.voices(value), self._policy, against=against, readings=readings),
            evidence=self.evidence(value),
            rivals=tuple(self._rivals(value)) if in_full and has_rivals else (),
            undisputed=first,
            phase=self._tellings[value].said[0].part,
        )

    def _rivals(self, believed: float) -> Iterator[Rival]:
        """The other values, the one with the most weight first. Values that agree are one."""
        counted = self._near(believed)
        for value in (self._values or self._conversions).rivals(believed):
            if value not in counted:
                near = [other for other in self._near(value) if other not in counted]
                counted += near
                yield Rival(value=value, standing=standing(self._together(near), self._policy))

    def _near(self, value: float) -> list[float]:
        return [other for other in self._tellings if same_value(other, value, self._policy)]

    def evidence(self, value: float) -> tuple[Evidence, ...]:
        """The evidence for this value, or one that agrees with it, the earliest published first."""
        told = [self._tellings[v] for v in self._near(value)]
        if len(told) == 1:
            return told[0].evidence
        pairs = chain.from_iterable(zip(each.said, each.evidence, strict=True) for each in told)
        return tuple(evidence for _, evidence in sorted(pairs, key=lambda pair: pair[0].order))

    def voices(self, value: float) -> Voices:
        """The origins that report this value, or one that agrees with it."""
        return self._together(self._near(value))

    def telling(self, value: float) -> Iterator[Told]:
        """The reports of this value, or of one that agrees with it."""
        return chain.from_iterable(self._tellings[v].said for v in self._near(value))

    def _together(self, values: Sequence[float]) -> Voices:
        return Voices.together(self._tellings[v].voices for v in values)
