"""The classes of the trained reader, in the order of its scores. Weights fit one version of this order."""

from enum import IntEnum
from itertools import product

from monitor.core.model import FactKind, State
from monitor.core.reading.flags import STAGES

#: Increase it with every change that makes older weights useless.
VERSION = 2

#: One score for each of them and each state.
CLAIMS: tuple[tuple[str, State], ...] = tuple(product(STAGES, State))
#: One score for each kind of fact. The score before them is that of "no fact".
KINDS: tuple[FactKind, ...] = tuple(FactKind)
#: The sharpness of the log-sum-exp that pools scores over the pieces of an article.
SHARPNESS = 2.0


class Trait(IntEnum):
    """What speaks for or against a time expression as the date of a claim."""

    SAME_SENTENCE = 0
    SUPERSEDED = 1
    SINCE = 2
    OF_NEXT = 3
    #: The date lies wholly before the day of publication, or (``AHEAD``) wholly after it.
    PAST = 4
    AHEAD = 5
    HEADLINE = 6
    SAME_CLAUSE = 7
    #: It stands in the sentence right before, or right after, that of the claim.
    SENTENCE_BEFORE = 8
    SENTENCE_AFTER = 9
    UNTIL = 10
    NEW = 11
    OF_BEFORE = 12


#: The number of classes for the distance in pieces from a claim to a time expression; their bounds are powers of two.
DISTANCES = 15


def distance(pieces: int) -> int:
    """The class of a distance in pieces. A negative distance lies before the claim."""
    step = min(abs(pieces).bit_length(), DISTANCES // 2)
    return DISTANCES // 2 + (step if pieces > 0 else -step)
