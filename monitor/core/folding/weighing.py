"""Weighs the reports of several sources. docs/ledger.md describes the rule; this module computes it.

The weight of a source is the trust in its feed. The copies of a story are one origin, the most trusted of them. An
outlet that says something twice counts once. An official origin confirms alone. The weights of others add up.

What the operator knew before has a weight in what is believed. But it is no source, so it confirms nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, starmap
from math import fsum
from typing import NamedTuple

from monitor.core.state import Confidence, Source, Standing

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
