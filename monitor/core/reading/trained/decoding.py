"""What the scores of the encoder say of an article: claims with dates and evidence, and facts.

``training.model`` learns by the same rules.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from monitor.core.model import Claim, Fact, State
from monitor.core.periods import Period
from monitor.core.reading.trained.layout import Layout, Pieces
from monitor.core.reading.trained.scheme import CLAIMS, KINDS, SHARPNESS, Trait

Array = npt.NDArray[np.floating[Any]]
_STATE = {state: number for number, state in enumerate(State)}
#: Confidences are told in hundredths, so that the last bits of a machine's arithmetic do not show.
_DIGITS = 2


class Scores(NamedTuple):
    """Of the pieces of one article, for one candidate."""

    #: By piece and claim (``CLAIMS``).
    claims: Array
    relevant: Array
    #: By piece: the score of no fact, then that of each kind (``KINDS``).
    amounts: Array
    keys: Array
    queries: Array

    @classmethod
    def of(cls, joined: Array) -> "Scores":
        """From what the encoder gives for each piece, side by side."""
        facts, key = len(KINDS) + 1, (joined.shape[1] - len(CLAIMS) - 2 - len(KINDS)) // 2
        ends = np.cumsum([len(CLAIMS), 1, facts, key])
        claims, relevant, amounts, keys, queries = np.split(joined, ends, 1)
        return cls(claims, relevant[:, 0], amounts, keys, queries)


class Scored(NamedTuple):
    """An article with its scores for one candidate."""

    project: str
    layout: Layout
    pieces: Pieces
    scores: Scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooling:
    """The few weights by which scores of pieces become scores of an article."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What turns scores into probabilities, and from which probability on something counts."""

    #: A probability is that of ``slope * score + shift``.
    claim_slope: float = 1.0
    claim_shift: float = 0.0
    relevance_slope: float = 1.0
    relevance_shift: float = 0.0
    claim: float = 0.5
    relevant: float = 0.5
    amount: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an article says of one candidate."""

    project: str
    is_relevant: bool
    #: How likely it is that the article concerns the project.
    relevance: float
    claims: tuple[Claim, ...]
    facts: tuple[Fact, ...]


def pooled(scores: Array) -> Array:
    """What an article has of each score: a log-sum-exp over its pieces."""
    highest = scores.max(0)
    found: Array = highest + np.log(np.exp((scores - highest) * SHARPNESS).sum(0)) / SHARPNESS
    return found


def softmax(scores: Array) -> Array:
    """Scores along the last axis as probabilities."""
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    found: Array = powers / powers.sum(-1, keepdims=True)
    return found


class Decoder:
    """Tells what scores mean. Build it once for the weights; safe to share."""

    def __init__(self, pooling: Pooling, calibration: Calibration) -> None:
        self._pooling = pooling
        self._calibration = calibration

    def decode(self, project: str, layout: Layout, pieces: Pieces, scores: Scores) -> Found:
        """What an article says of one candidate."""
        calibration = self._calibration
        relevance = _probability(self.relevance(scores), calibration.relevance_slope, calibration.relevance_shift)
        is_relevant = float(relevance) >= calibration.relevant
        return Found(
            project=project,
            is_relevant=is_relevant,
            relevance=round(float(relevance), _DIGITS),
            claims=tuple(self._claims(project, layout, pieces, scores)) if is_relevant else (),
            facts=tuple(self._facts(project, layout, pieces, scores)) if is_relevant else (),
        )

    def relevance(self, scores: Scores) -> Array:
        """In log odds, before calibration: whether the article concerns the candidate."""
        return pooled(scores.relevant) + self._pooling.relevance_bias

    def claims(self, scores: Scores) -> Array:
        """The same of each claim that it may make."""
        return pooled(scores.claims) + self._pooling.claim_bias

    def _claims(self, project: str, layout: Layout, pieces: Pieces, scores: Scores) -> Iterator[Claim]:
        """In the order of the scheme."""
        calibration = self._calibration
        likely = _probability(self.claims(scores), calibration.claim_slope, calibration.claim_shift)
        for number in np.flatnonzero(likely >= calibration.claim).tolist():
            stage, state = CLAIMS[number]
            centre = int(scores.claims[:, number].argmax())
            yield Claim(
                project=project,
                stage=stage,
                state=state,
                date=self._date(layout, pieces, scores, number, centre),
                confidence=round(float(likely[number]), _DIGITS),
                evidence=_sentence(layout, pieces, centre),
            )

    def _date(self, layout: Layout, pieces: Pieces, scores: Scores, claim: int, centre: int) -> Period | None:
        """When it was or is expected, by the likeliest time expression; None where none is likelier."""
        if not layout.times:
            return None
        state = CLAIMS[claim][1]
        row, pooling = _STATE[state], self._pooling
        attention = softmax(scores.claims[:, claim] * SHARPNESS)
        query = attention @ scores.queries + pooling.claim_query[claim]
        size = len(query) ** 0.5
        none = query @ pooling.no_date / size + pooling.no_date_bias[row]
        keys = np.stack([scores.keys[_slice(inside)].mean(0) for inside in pieces.times])
        traits = pieces.traits(state)
        firsts = [inside.start for inside in pieces.times]
        traits[:, Trait.SAME_SENTENCE] = pieces.sentences[firsts] == pieces.sentences[centre]
        found = keys @ query / size + pooling.near[pieces.distances(centre)] + traits @ pooling.traits[row]
        best = int(found.argmax())
        return layout.times[best].period(state) if found[best] > none else None

    def _facts(self, project: str, layout: Layout, pieces: Pieces, scores: Scores) -> Iterator[Fact]:
        """In the order of the text, each value once."""
        told = set()
        for amount, inside in zip(layout.amounts, pieces.amounts, strict=True):
            likely = softmax(scores.amounts[_slice(inside)].mean(0))
            sure = float(likely[1 + KINDS.index(amount.kind)])
            if sure < self._calibration.amount:
                continue
            for value in amount.values:
                if (amount.kind, amount.unit, value) not in told:
                    told.add((amount.kind, amount.unit, value))
                    yield Fact(
                        project=project,
                        kind=amount.kind,
                        value=value,
                        unit=amount.unit,
                        evidence=_sentence(layout, pieces, inside.start),
                        confidence=round(sure, _DIGITS),
                    )


def _probability(logit: Array, slope: float, shift: float) -> Array:
    found: Array = 1 / (1 + np.exp(-(logit * slope + shift)))
    return found


def _slice(inside: range) -> slice:
    """Never empty: the text of an amount may be so short that it shares its piece."""
    return slice(inside.start, max(inside.stop, inside.start + 1))


def _sentence(layout: Layout, pieces: Pieces, piece: int) -> str:
    """The sentence that a piece stands in, as published."""
    return layout.document.quote(layout.document.sentences[pieces.sentences[piece]].span)
