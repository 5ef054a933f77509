"""One quantity of a project: chooses the believed value among all reported ones."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from monitor.core.folding.sayings import Sayings
from monitor.core.folding.weighing import (
    NOBODY,
    FoldPolicy,
    Order,
    Origin,
    Rivalry,
    Voices,
    same_value,
    standing,
    together,
)
from monitor.core.model import Fact, FactKind
from monitor.core.state import Evidence, KnownFact, Rival, Source


class ReportedAmount(NamedTuple):
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


class BelievedAmount:
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
        self._tellings: dict[float, Sayings[ReportedAmount]] = {}
        #: The value in the article that was published last. Of several values in it, the largest.
        self._latest: ReportedAmount | None = None

    def _no_values(self) -> Rivalry[float]:
        policy = self._policy
        return Rivalry[float](lambda one, other: same_value(one, other, policy), half_life=policy.half_life_of_amounts)

    def hear(self, told: Sequence[ReportedAmount]) -> None:
        """Hear all facts of some articles on it, in order of publication. None of the articles was heard before."""
        wholes: dict[str, ReportedAmount] = {}
        by_value: dict[float, list[ReportedAmount]] = defaultdict(list)
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

    def told(self) -> Iterator[ReportedAmount]:
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

    def telling(self, value: float) -> Iterator[ReportedAmount]:
        """The reports of this value, or of one that agrees with it."""
        return chain.from_iterable(self._tellings[v].said for v in self._near(value))

    def _together(self, values: Sequence[float]) -> Voices:
        return Voices.together(self._tellings[v].voices for v in values)


# One quantity of a project with its parts: keeps the amounts of parts apart from that of the whole --------------------


class FoldedQuantity:
    """One quantity of the whole and of its parts. Articles may be heard in any order."""

    def __init__(self, kind: FactKind, unit: str, policy: FoldPolicy) -> None:
        self._kind = kind
        self._unit = unit
        self._policy = policy
        self._whole = BelievedAmount(kind, unit, policy)
        #: By the words for the part.
        self._parts: dict[str, BelievedAmount] = {}
        self._brief: tuple[KnownFact, ...] | None = None

    def hear(self, told: Sequence[ReportedAmount]) -> None:
        """Hear all facts of some articles on it, in order of publication. None of the articles was heard before."""
        self._brief = None
        by_part: dict[str | None, list[ReportedAmount]] = defaultdict(list)
        for item in told:
            by_part[item.part].append(item)
        for part, items in by_part.items():
            if part is None:
                self._whole.hear(items)
            else:
                if part not in self._parts:
                    self._parts[part] = BelievedAmount(self._kind, self._unit, self._policy)
                self._parts[part].hear(items)

    def forget(self, articles: Collection[str]) -> None:
        """Continue as if these articles had never been heard."""
        self._brief = None
        for amount in (self._whole, *self._parts.values()):
            amount.forget(articles)

    def told(self) -> Iterator[ReportedAmount]:
        """The reports of the whole."""
        return self._whole.told()

    def known(self, *, in_full: bool) -> tuple[KnownFact, ...]:
        """The believed value of the whole, if any is reported, then those of the parts.

        Args:
            in_full: whether to include the other reported values.
        """
        if in_full:
            return self._known(in_full=True)
        if self._brief is None:
            self._brief = self._known(in_full=False)
        return self._brief

    def _known(self, *, in_full: bool) -> tuple[KnownFact, ...]:
        believed = self._whole.believed(but=self._is_part)
        whole = () if believed is None else (self._whole.known(believed, in_full=in_full),)
        return (*whole, *self._of_parts(in_full=in_full))

    def _is_part(self, value: float) -> bool:
        """Whether a source gives this value for a part, and a larger one is told for the whole alone.

        A larger one that a source gives for a part too ("100 in the end") is not the whole of what is decided.
        """
        largest = max((each for each in self._whole.values if not self._is_told_of_part(each)), default=value)
        is_less = value < largest and not same_value(value, largest, self._policy)
        return is_less and self._is_told_of_part(value)

    def _is_told_of_part(self, value: float) -> bool:
        told = chain.from_iterable(amount.values for amount in self._parts.values())
        return any(same_value(part, value, self._policy) for part in told)

    def _of_parts(self, *, in_full: bool) -> Iterator[KnownFact]:
        """The amount of each part. Parts with the same amount are one part, in the words of different articles."""
        by_words = sorted(self._parts.items())
        amounts = [(believed, each) for _, each in by_words if (believed := each.believed()) is not None]
        # Parts that one article tells of are in the order of their words.
        amounts.sort(key=lambda pair: (-self._weight(*pair), min(told.order for told in pair[1].told())))
        named: list[list[tuple[float, BelievedAmount]]] = []
        for value, amount in amounts:
            same = next((each for each in named if same_value(each[0][0], value, self._policy)), None)
            if same is None:
                named.append([(value, amount)])
            else:
                same.append((value, amount))
        return (self._together(same, in_full=in_full) for same in named)

    def _weight(self, value: float, amount: BelievedAmount) -> float:
        return amount.voices(value).weight(self._policy).total

    def _together(self, same: Sequence[tuple[float, BelievedAmount]], *, in_full: bool) -> KnownFact:
        """What is known of a part, from its amounts in the words of each article."""
        first, *others = [amount.known(value, in_full=in_full) for value, amount in same]
        if not others:
            return first
        voices = Voices.together(amount.voices(value) for value, amount in same)
        told = chain.from_iterable(amount.telling(value) for value, amount in same)
        evidence = chain.from_iterable(fact.evidence for fact in (first, *others))
        return replace(
            first,
            standing=standing(voices, self._policy, readings=together(told, self._policy)),
            evidence=tuple(sorted(evidence, key=lambda each: (each.source.published_at, each.source.article))),
        )
