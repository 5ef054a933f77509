"""The encoder's scores for an article, and the few weights that interpret them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from monitor.core.reading.layout import Layout
from monitor.core.reading.trained.pieces import Pieces
from monitor.core.reading.trained.scheme import CLAIMS, KINDS, SHARPNESS

Array = npt.NDArray[np.floating[Any]]
#: The log odds that stand for certainty.
_CERTAIN = 30
#: The highest relevance that counts, in log odds.
SURELY = 6.0


class Scores(NamedTuple):
    """The scores of the pieces of one article, for one candidate."""

    #: By piece and claim (``CLAIMS``).
    claims: Array
    relevant: Array
    #: By piece: the score of "no fact", then the score of each kind (``KINDS``).
    amounts: Array
    keys: Array
    queries: Array

    @classmethod
    def of(cls, joined: Array) -> "Scores":
        """Split the output of the encoder: one row for each piece, with all scores side by side."""
        facts, key = len(KINDS) + 1, (joined.shape[1] - len(CLAIMS) - 2 - len(KINDS)) // 2
        ends = np.cumsum([len(CLAIMS), 1, facts, key])
        claims, relevant, amounts, keys, queries = np.split(joined, ends, 1)
        return cls(claims, relevant[:, 0], amounts, keys, queries)


def whole(read: Mapping[int, Array], counted: Sequence[int]) -> Array:
    """The scores of all pieces of an article if only some windows were read. Unread pieces score as saying nothing.

    Args:
        read: the output of the encoder for the pieces that count in a window, by window index; at least one.
        counted: the number of pieces that count in each window.
    """
    nothing = np.zeros((1, next(iter(read.values())).shape[1]), np.float32)
    nothing[:, : len(CLAIMS) + 1] = -_CERTAIN
    nothing[:, len(CLAIMS) + 1] = _CERTAIN
    return np.concatenate([read.get(n, np.repeat(nothing, count, 0)) for n, count in enumerate(counted)])


class Scored(NamedTuple):
    """An article with its scores for one candidate."""

    project: str
    layout: Layout
    pieces: Pieces
    scores: Scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooling:
    """The few weights that turn scores of pieces into scores of an article."""

    claim_bias: Array
    relevance_bias: Array
    claim_query: Array
    no_date: Array
    no_date_bias: Array
    near: Array
    traits: Array

    @classmethod
    def from_mapping(cls, arrays: Mapping[str, Any]) -> "Pooling":
        return cls(**{name: np.asarray(arrays[name], np.float32) for name in cls.__slots__})


class RelevanceGrounds(NamedTuple):
    """What speaks for it that the article concerns a project."""

    #: In log odds.
    score: float
    one: float = 1.0


class ClaimGrounds(NamedTuple):
    """What speaks for a claim."""

    #: In log odds.
    score: float
    #: That the article concerns the project, in log odds; more than ``SURELY`` adds nothing.
    relevance: float
    is_expected: bool
    is_denied: bool
    one: float = 1.0


class FactGrounds(NamedTuple):
    """What speaks for it that an amount is a fact about the project."""

    #: In log odds.
    score: float
    #: That the article concerns the project, in log odds; more than ``SURELY`` adds nothing.
    relevance: float
    one: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Turns scores into probabilities, and holds the thresholds from which they count.

    A probability is the logistic function of a weighted sum in log odds. The numbers of each ``…_weights`` belong to
    the fields of ``ClaimGrounds``, ``RelevanceGrounds`` and ``FactGrounds``, in their order. With the defaults only the
    scores count.
    """

    claim_weights: tuple[float, ...] = (1.0, 0.0, 0.0, 0.0, 0.0)
    relevance_weights: tuple[float, ...] = (1.0, 0.0)
    fact_weights: tuple[float, ...] = (1.0, 0.0, 0.0)
    claim: float = 0.5
    relevant: float = 0.5
    amount: float = 0.5


def pooled(scores: Array) -> Array:
    """The article's value for each score: a log-sum-exp over its pieces."""
    highest = scores.max(0)
    found: Array = highest + np.log(np.exp((scores - highest) * SHARPNESS).sum(0)) / SHARPNESS
    return found


def softmax(scores: Array) -> Array:
    """Scores along the last axis as probabilities."""
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    found: Array = powers / powers.sum(-1, keepdims=True)
    return found


def log_odds(probability: float) -> float:
    """The logarithm of the odds. Probabilities are clamped to 0.01 and 0.99."""
    held = min(max(probability, 0.01), 0.99)
    return float(np.log(held / (1 - held)))


def probability(weights: Sequence[float], grounds: Sequence[float]) -> float:
    """The probability that the weighted sum of the grounds gives (logistic function)."""
    total = sum(weight * float(ground) for weight, ground in zip(weights, grounds, strict=True))
    return float(1 / (1 + np.exp(-total)))
