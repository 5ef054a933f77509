"""What the trained reader tells apart, in the order of its scores. Weights fit one version of this order."""

from enum import IntEnum
from itertools import product

from monitor.core.lifecycle import INDUSTRIAL, Condition
from monitor.core.model import FactKind, State

#: Goes up with every change that makes older weights useless.
VERSION = 1

#: One score for each stage or condition and state.
CLAIMS: tuple[tuple[str, State], ...] = tuple(product((*INDUSTRIAL.stages, *map(str, Condition)), State))
#: One score for each kind of fact; the score before them is that of no fact.
KINDS: tuple[FactKind, ...] = tuple(FactKind)
#: Scores are pooled over the pieces of an article by a log-sum-exp this sharp.
SHARPNESS = 2.0


class Flag(IntEnum):
    """What the encoder is told of a piece: whose words it belongs to. A piece may have several flags."""

    WHO = 0
    WHAT = 1
    WHERE = 2
    NOT = 3
    OTHER_WHO = 4
    OTHER_WHAT = 5
    OTHER_WHERE = 6
    HEADLINE = 7


#: The flags of a candidate's own words.
OWN = (Flag.WHO, Flag.WHAT, Flag.WHERE)


class Trait(IntEnum):
    """What speaks for or against a time expression as the date of a claim."""

    SAME_SENTENCE = 0
    SUPERSEDED = 1
    SINCE = 2
    OF_NEXT = 3
    #: It lies wholly before the day of publishing, or wholly behind it.
    PAST = 4
    AHEAD = 5
    HEADLINE = 6


#: Distances in pieces between a claim and a time expression: near ones are told apart, far ones by powers of two.
DISTANCES = 15


def distance(pieces: int) -> int:
    """The class of a distance; negative before the claim."""
    step = min(abs(pieces).bit_length(), DISTANCES // 2)
    return DISTANCES // 2 + (step if pieces > 0 else -step)
