"""Weighs the reports of several sources. docs/ledger.md describes the rule; this module computes it.

The weight of a source is the trust in its feed. The copies of a story are one origin, the most trusted of them. An
outlet that says something twice counts once. An official origin confirms alone. The weights of others add up.

What the operator knew before has a weight in what is believed. But it is no source, so it confirms nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import chain, starmap
from math import fsum, inf, log2, prod
from operator import attrgetter
from typing import Generic, NamedTuple, Protocol, TypeVar

from monitor.core.folding.known import is_known
from monitor.core.lifecycle import CONDITIONS
from monitor.core.model import Claim, Said, State
from monitor.core.periods import Period
from monitor.core.state import Confidence, Evidence, Source, Standing
from monitor.core.stories import Sentences

#: The default of the confidence from which on a claim counts without corroboration.
ALERT_FROM = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldPolicy:
    """The thresholds by which the ledger believes."""

    #: What is read with less confidence has no effect until it is corroborated.
    alert_from: float = ALERT_FROM
    #: Unsure readings corroborate each other if they are at least this sure. Less is more likely wrong than not.
    plausible: float = 0.5
    #: Reports of a condition within this time of each other mean the same event.
    same_time: timedelta = timedelta(days=90)
    #: A claim read with this confidence stands alone, even if others write that it is still to come.
    sure: float = 0.9
    #: The joint weight of independent origins that confirms: two press outlets.
    confirming_weight: float = 1.0
    #: The trust from which on an origin is official and confirms alone.
    official_trust: float = 1.0
    #: The weight from which on a contradiction counts: one press outlet.
    credible_weight: float = 0.5
    #: Values that differ by at most this share of the larger one are one value, rounded differently.
    rounding: float = 0.02
    #: An expectation weighs half as much after this time, unless it is repeated. What has happened does not age.
    half_life: timedelta = timedelta(days=90)
    #: The same for amounts, which are seldom revised and often misread.
    half_life_of_amounts: timedelta = timedelta(days=365)
    #: The factor on the new date in an article that says that the schedule has moved: it knows both dates.
    moved: float = 2.0
    #: A project without news for this long is quiet.
    quiet_after: timedelta = timedelta(days=180)


DEFAULT_POLICY = FoldPolicy()

#: The name of the operator as the origin of what was known before. No outlet and no story has it.
OPERATOR = ""
#: How the name of an operator as the origin of decisions begins. No outlet's name does.
_DECIDING = "\0"


class Origin(NamedTuple):
    """The author of a report. A copy has the same origin as what it copies."""

    name: str
    trust: float


def origins(sources: Iterable[Source]) -> Mapping[str, Origin]:
    """The origin of each story: the most trusted of its copies. Ties go to the smallest article key."""
    best: dict[str, Source] = {}
    for source in sources:
        held = best.get(source.story)
        if held is None or (-source.trust, source.article) < (-held.trust, held.article):
            best[source.story] = source
    return {story: origin(source) for story, source in best.items()}


def origin(source: Source) -> Origin:
    """The origin of a source without known copies."""
    name = source.outlet or source.story if source.decided_by is None else f"{_DECIDING}{source.decided_by}"
    return Origin(name, source.trust)


@dataclass(frozen=True, slots=True)
class Weight:
    """The joint weight of some origins."""

    #: With what the operator knows. It decides what is believed.
    total: float
    #: Without what the operator knows. It decides how sure that is.
    of_sources: float
    #: The number of independent sources.
    sources: int
    #: The number of official ones among them.
    official: int

    def confirms(self, policy: FoldPolicy) -> bool:
        return self.official > 0 or self.of_sources >= policy.confirming_weight


class Voices:
    """The origins that report something, heard in any order. An origin that reports twice counts once."""

    __slots__ = ("trust",)

    def __init__(self, told: Iterable[Origin] = ()) -> None:
        #: The trust in each origin, by its name.
        self.trust: dict[str, float] = {}
        self.hear(told)

    @classmethod
    def together(cls, groups: "Iterable[Voices]") -> "Voices":
        """The origins of all these groups."""
        return cls(chain.from_iterable(group.origins for group in groups))

    def hear(self, told: Iterable[Origin]) -> None:
        held = self.trust
        for name, trust in told:
            if name not in held or trust > held[name]:
                held[name] = trust

    @property
    def origins(self) -> Iterable[Origin]:
        return starmap(Origin, self.trust.items())

    def weight(self, policy: FoldPolicy) -> Weight:
        sources = [trust for name, trust in self.trust.items() if name != OPERATOR]
        official = sum(1 for trust in sources if trust >= policy.official_trust)
        # Rounded once, so that the order of arrival cannot matter.
        return Weight(fsum(self.trust.values()), fsum(sources), len(sources), official)


NOBODY = Voices()


def standing(
    bearing: Voices,
    policy: FoldPolicy,
    *,
    against: Voices = NOBODY,
    is_settled: bool = False,
    beside: Voices = NOBODY,
    implying: Voices = NOBODY,
    readings: tuple[float, ...] = (),
) -> Standing:
    """How well these origins support something, while others contradict it.

    Args:
        bearing: the origins that say exactly this.
        policy: the rules of weighing.
        against: the origins that contradict it.
        is_settled: whether it is decided who is right, so that it is no longer disputed.
        beside: all origins that say it, also those that name another date. They confirm it too, but not the date.
        implying: origins that do not say it, and whose words imply it. They confirm nothing.
        readings: the readings that bear it out only together (``core.folding.combining``).
    """
    weight, rival, together = (each.weight(policy) for each in (bearing, against, Voices.together((bearing, beside))))
    is_confirmed = together.confirms(policy)
    return Standing(
        confidence=Confidence.CONFIRMED if is_confirmed else Confidence.REPORTED,
        sources=weight.sources,
        official=weight.official,
        against=rival.sources,
        disputed=rival.sources > 0 and rival.total >= policy.credible_weight and not is_settled,
        known=OPERATOR in bearing.trust,
        confirms_date=weight.confirms(policy) or not is_confirmed,
        implied=0 if weight.sources else implying.weight(policy).sources,
        decided=sum(1 for name in bearing.trust if name.startswith(_DECIDING)),
        readings=readings,
    )


def same_value(one: float, other: float, policy: FoldPolicy) -> bool:
    """Whether two values are one value, rounded differently."""
    return abs(one - other) <= policy.rounding * max(abs(one), abs(other))


# A claim with its origin, as the ledger hears it ----------------------------------------------------------------------


#: The place of a statement among all statements: instant of publication, article key, position in the article.
Order = tuple[datetime, str, int]


class Statement(NamedTuple):
    """One claim, the article that makes it, and the origin that the article counts for."""

    claim: Claim
    source: Source
    origin: Origin
    #: The sort key for the order of publication.
    order: Order
    #: The later phase that it concerns. None if it concerns the whole project.
    part: str | None = None
    #: Whether the sentence says something else, which only implies it.
    is_implied: bool = False

    @property
    def said(self) -> Claim:
        return self.claim

    @property
    def thing(self) -> tuple[str | None, str, State]:
        """What it is about, and in which sense."""
        return self.part, self.claim.stage, self.claim.state

    @property
    def detail(self) -> Period | date | None:
        """What distinguishes it from another statement on the same thing.

        For what can recur, that is when it happens.
        """
        if self.claim.state is State.EXPECTED:
            return self.claim.date
        return self.moment if self.claim.stage in CONDITIONS else None

    @property
    def evidence(self) -> Evidence:
        return Evidence.of(self.claim, self.source)

    @property
    def told_on(self) -> date | None:
        """The day of its article. None if the configuration says it."""
        return None if is_known(self.source) else self.source.published_at.date()

    @property
    def moment(self) -> date:
        """The last day on which the event can have happened."""
        published = self.source.published_at.date()
        return min(self.claim.date.end, published) if self.claim.date else published

    @property
    def happened(self) -> tuple[date, datetime, str]:
        """The sort key for the order in which things happened, as far as the sources say when."""
        return self.moment, self.source.published_at, self.source.article


# Combines readings that are not sure enough alone. docs/ledger.md has the rule with an example ------------------------
#
# Readings of sources that do not depend on each other are independent evidence. That all of them are wrong is as likely
# as the product of their doubts: with 0.6 and 0.6, 0.4 · 0.4 = 0.16, so together they are 0.84 sure.


class WeighedReading(Protocol):
    """Something that was read in an article, and the origin that the article counts for."""

    @property
    def said(self) -> Said: ...

    @property
    def origin(self) -> Origin: ...


def combined(readings: Iterable[float]) -> float:
    """How sure readings of independent sources are together. In any order the same."""
    return round(1 - prod(1 - each for each in sorted(readings)), 9)


def together(said: Iterable[WeighedReading], policy: FoldPolicy) -> tuple[float, ...]:
    """The readings that bear something out only together, one for each independent source, the surest first.

    Empty if one of them suffices alone. All of them count, so each is at least plausible.
    """
    tellers, best = Tellers(), defaultdict[str, float](float)
    for each in said:
        if suffices(each, policy):
            return ()
        tellers.hear(each.origin.name, each.said.evidence)
        best[each.origin.name] = max(best[each.origin.name], each.said.confidence)
    return tellers.readings(best)


def suffices(said: WeighedReading, policy: FoldPolicy) -> bool:
    """Whether it counts alone: it was read surely, or its source is official."""
    return said.said.confidence >= policy.alert_from or said.origin.trust >= policy.official_trust


class Tellers:
    """The origins that tell one thing. Those with nearly the same words, if only by way of others, are one source."""

    def __init__(self) -> None:
        self._heard: set[tuple[str, str]] = set()
        self._sentences = Sentences[str]()
        #: For each origin one that it has its words in common with, up to one that stands for all of them.
        self._same: dict[str, str] = {}

    def hear(self, name: str, sentence: str) -> None:
        """Hear a sentence of an origin."""
        self._same.setdefault(name, name)
        if (name, sentence) not in self._heard:
            self._heard.add((name, sentence))
            for other in self._sentences.add(name, sentence):
                self._same[self._source(name)] = self._source(other)

    def readings(self, best: Mapping[str, float]) -> tuple[float, ...]:
        """Of these readings, each the best of its origin, the best of each independent source, the surest first."""
        found = defaultdict[str, float](float)
        for name, sure in best.items():
            found[self._source(name)] = max(found[self._source(name)], sure)
        return tuple(sorted(found.values(), reverse=True))

    def _source(self, name: str) -> str:
        while (same := self._same[name]) != name:
            # Halves the way, so that the next one is short.
            name = self._same[name] = self._same[same]
        return name


# Rival values for one thing, a date or an amount: decides which one is believed ---------------------------------------
#
# Each report of a value backs all values that agree with it. The value with the most backing is believed. If its
# backers say it with different precision, the finest value with the most backing among them is believed. Reports may be
# heard in any order.


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
