"""Whether a reader is right as often as it says, and from which confidence on it is right often enough. Pure."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from monitor.core.evaluation.evaluation import Band

#: Bands of confidence are a tenth wide; the highest takes in 1.
BANDS = 10
#: Of so many claims that alert, so many should be right.
RIGHT, OF = 19, 20
#: No threshold is fitted to fewer decisions.
LEAST_DECISIONS = 50


class Judged(NamedTuple):
    """A claim of which it is known whether it is right."""

    confidence: float
    is_right: bool


def bands(judged: Iterable[Judged]) -> tuple[Band, ...]:
    """The claims by tenths of confidence, from the least sure up; tenths without claims are left out."""
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
    """What the decisions say of ``alert_from``."""

    #: How many more decisions are needed before it is fitted; 0 where there are enough.
    missing: int = 0
    #: The least confidence from which on claims are right often enough, in hundredths; None where there is none.
    alert_from: float | None = None
    #: The judged claims that are at least so sure, and how many of them are right.
    claims: int = 0
    right: int = 0


def fit(judged: Collection[Judged], *, decisions: int) -> Threshold:
    """The lowest threshold that makes 19 of 20 alerting claims right, where at least 20 alert.

    It is never below the least sure of these claims: nothing is known of what is less sure.

    Args:
        judged: the claims that a reader makes and that a decision says something of.
        decisions: how many decisions there are on claims, of whatever this reader makes.
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
    """Rounded down; 0.29 stays, although 0.29 * 100 is less than 29."""
    return math.floor(round(confidence * 100, 6)) / 100


def _right(claims: Iterable[Judged]) -> int:
    return sum(claim.is_right for claim in claims)
