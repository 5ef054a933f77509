"""How much the word of several sources weighs. The rule is told in docs/ledger.md; here it is computed.

A source weighs what its feed is trusted. Copies of a story are one origin, the most trusted of them, and what one
outlet says twice weighs once. An official origin confirms alone; the weight of others adds up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, starmap
from math import fsum
from typing import NamedTuple

from monitor.core.state import Confidence, Source, Standing

#: How sure a reader has to be where the configuration does not say.
ALERT_FROM = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldPolicy:
    """How much it takes for the ledger to believe."""

    #: What its reader was less sure of than this moves nothing until it is borne out.
    alert_from: float = ALERT_FROM
    #: Who tells of a condition at so short a distance from each other tells of the same one.
    same_time: timedelta = timedelta(days=90)
    #: A claim that its reader was this sure of stands by itself, though others write of it as of something to come.
    sure: float = 0.8
    #: Weight of independent origins that confirms: two of the press.
    confirming_weight: float = 1.0
    #: An origin trusted this much is official: its word confirms alone.
    official_trust: float = 1.0
    #: Weight from which on a contradiction counts: one of the press.
    credible_weight: float = 0.5
    #: Values closer than this share of each other are one value, rounded differently.
    rounding: float = 0.02
    #: What is expected weighs half as much after this time unless it is said again; what has happened does not age.
    half_life: timedelta = timedelta(days=90)
    #: The same of amounts, which are revised seldom and misread often.
    half_life_of_amounts: timedelta = timedelta(days=365)
    #: An article that says that the schedule has moved knows both dates: its new one weighs so many times as much.
    moved: float = 2.0
    #: A project of which nothing is heard for so long is quiet.
    silence: timedelta = timedelta(days=180)


DEFAULT_POLICY = FoldPolicy()


class Origin(NamedTuple):
    """Whose word it is: those who copy are one with whom they copy."""

    name: str
    trust: float


def origins(sources: Iterable[Source]) -> Mapping[str, Origin]:
    """The origin of each story: the most trusted of its copies; of equals the first by its article's key."""
    best: dict[str, Source] = {}
    for source in sources:
        held = best.get(source.story)
        if held is None or (-source.trust, source.article) < (-held.trust, held.article):
            best[source.story] = source
    return {story: origin(source) for story, source in best.items()}


def origin(source: Source) -> Origin:
    """Whose word it is where no copy of it is known."""
    return Origin(source.outlet or source.story, source.trust)


@dataclass(frozen=True, slots=True)
class Weight:
    """What some origins weigh together."""

    total: float
    #: How many are independent of each other.
    sources: int
    #: How many of those are official.
    official: int

    def confirms(self, policy: FoldPolicy) -> bool:
        return self.official > 0 or self.total >= policy.confirming_weight


class Voices:
    """Whose word something is, heard in any order; who speaks twice weighs once."""

    __slots__ = ("trust",)

    def __init__(self, told: Iterable[Origin] = ()) -> None:
        #: By the name of each how much it is trusted.
        self.trust: dict[str, float] = {}
        self.hear(told)

    @classmethod
    def together(cls, groups: "Iterable[Voices]") -> "Voices":
        """All of these groups as one."""
        return cls(starmap(Origin, chain.from_iterable(group.trust.items() for group in groups)))

    def hear(self, told: Iterable[Origin]) -> None:
        held = self.trust
        for name, trust in told:
            if name not in held or trust > held[name]:
                held[name] = trust

    def weight(self, policy: FoldPolicy) -> Weight:
        official = sum(1 for trust in self.trust.values() if trust >= policy.official_trust)
        # Rounded once, so that the order in which they came cannot matter.
        return Weight(fsum(self.trust.values()), len(self.trust), official)


NOBODY = Voices()


def standing(bearing: Voices, policy: FoldPolicy, *, against: Voices = NOBODY) -> Standing:
    """How well something is borne out by these, while others say otherwise."""
    weight, rival = bearing.weight(policy), against.weight(policy)
    return Standing(
        confidence=Confidence.CONFIRMED if weight.confirms(policy) else Confidence.REPORTED,
        sources=weight.sources,
        official=weight.official,
        against=rival.sources,
        disputed=rival.sources > 0 and rival.total >= policy.credible_weight,
    )


def same_value(one: float, other: float, policy: FoldPolicy) -> bool:
    """Whether two values are one value, rounded differently."""
    return abs(one - other) <= policy.rounding * max(abs(one), abs(other))
