"""Whether a reader's confidence is calibrated, and from which confidence on it is right often enough. Pure."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from monitor.core.evaluation.evaluation import Band

#: The number of confidence bands. Each is a tenth wide, and the highest includes 1.
BANDS = 10
#: The required precision of alerting claims: 19 of 20.
RIGHT, OF = 19, 20
#: The fewest decisions for which a threshold is fitted.
LEAST_DECISIONS = 50


class Judged(NamedTuple):
    """A claim that is known to be right or wrong."""

    confidence: float
    is_right: bool


def bands(judged: Iterable[Judged]) -> tuple[Band, ...]:
    """The claims by tenths of confidence, lowest first. Tenths without claims are left out."""
    by_tenth: defaultdict[int, list[Judged]] = defaultdict(list)
    for claim in judged:
        by_tenth[min(int(claim.confidence * BANDS), BANDS - 1)].append(claim)
    return tuple(_band(number, claims) for number, claims in sorted(by_tenth.items()))


def _band(number: int, claims: Sequence[Judged]) -> Band:
    return Band(
        least=number / BANDS,
        claims=len(claims),
        right=_right(claims),
        confidence=sum(claim.confidence for claim in claims) / len(claims),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """What the decisions imply for ``alert_from``."""

    #: How many more decisions are needed before a threshold is fitted. 0 if there are enough.
    missing: int = 0
    #: The lowest confidence from which on claims are right often enough, in hundredths. None if there is no such value.
    alert_from: float | None = None
    #: The number of judged claims with at least that confidence, and how many of them are right.
    claims: int = 0
    right: int = 0


def fit(judged: Collection[Judged], *, decisions: int) -> Threshold:
    """The lowest threshold for which at least 19 in 20 alerting claims are right, with at least 20 alerting claims.

    It is never below the lowest confidence among these claims, because nothing is known about lower ones.

    Args:
        judged: the claims of a reader that a decision concerns.
        decisions: the number of decisions on claims, whatever this reader claims.
    """
    if decisions < LEAST_DECISIONS:
        return Threshold(missing=LEAST_DECISIONS - decisions)
    for least in sorted({_hundredth(claim.confidence) for claim in judged}):
        alerting = [claim for claim in judged if claim.confidence >= least]
        right = _right(alerting)
        if len(alerting) >= OF and right * OF >= RIGHT * len(alerting):
            return Threshold(alert_from=least, claims=len(alerting), right=right)
    return Threshold()


def _hundredth(confidence: float) -> float:
    """The confidence rounded down to hundredths. 0.29 stays 0.29, although 0.29 * 100 is less than 29."""
    return math.floor(round(confidence * 100, 6)) / 100


def _right(claims: Iterable[Judged]) -> int:
    return sum(claim.is_right for claim in claims)
