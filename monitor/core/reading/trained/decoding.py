"""What the scores of the encoder say of an article: claims with dates and evidence, and facts.

``training.model`` learns by the same rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from monitor.core.model import Claim, Fact, State
from monitor.core.reading.text.document import Span
from monitor.core.reading.trained.layout import Layout, Pieces
from monitor.core.reading.trained.scheme import CLAIMS, KINDS, SHARPNESS, Trait
from monitor.core.reading.trained.scores import (
    Array,
    Calibration,
    Pooling,
    Scored,
    Scores,
    pooled,
    probability,
    softmax,
)

_STATE = {state: number for number, state in enumerate(State)}
#: Confidences are told in hundredths, so that the last bits of a machine's arithmetic do not show.
_DIGITS = 2
#: A piece belongs to the words of a claim where its score is at most so much below the best, in log odds.
_NEAR = 2.0


class Told(NamedTuple):
    """A claim that the article may make of the candidate."""

    stage: str
    state: State
    #: A calibrated probability.
    sureness: float
    #: The pieces of the words that tell it.
    words: range
    #: The number of the time expression that is its date; None where it has no date.
    time: int | None


class Measured(NamedTuple):
    """An amount that may be a fact of the candidate."""

    #: Its number among the amounts of the layout.
    amount: int
    #: How likely it is the candidate's, and of its kind.
    sureness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What the scores say of one candidate, the unlikely included."""

    scored: Scored
    #: How likely it is that the article concerns the project.
    relevance: float
    is_relevant: bool
    #: In the order of the scheme; those from ``floor`` on.
    told: tuple[Told, ...]
    #: One for each amount of the layout, in order.
    measured: tuple[Measured, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an article says of one candidate."""

    project: str
    is_relevant: bool
    #: How likely it is that the article concerns the project.
    relevance: float
    claims: tuple[Claim, ...]
    facts: tuple[Fact, ...]


class Decoder:
    """Tells what scores mean. Build it once for the weights; safe to share."""

    def __init__(self, pooling: Pooling, calibration: Calibration) -> None:
        self.calibration = calibration
        self._pooling = pooling

    def decode(self, scored: Scored) -> Found:
        """What an article says of one candidate."""
        weighed = self.weigh(scored, floor=self.calibration.claim)
        is_relevant = weighed.is_relevant
        return Found(
            project=scored.project,
            is_relevant=is_relevant,
            relevance=weighed.relevance,
            claims=tuple(claim_of(scored, told) for told in weighed.told) if is_relevant else (),
            facts=tuple(self._facts(weighed)) if is_relevant else (),
        )

    def weigh(self, scored: Scored, *, floor: float) -> Weighed:
        """The same with how likely each part of it is; of claims those that are at least as likely as ``floor``."""
        calibration, scores = self.calibration, scored.scores
        relevance = probability(self.relevance(scores), calibration.relevance_slope, calibration.relevance_shift)
        return Weighed(
            scored=scored,
            relevance=round(float(relevance), _DIGITS),
            is_relevant=float(relevance) >= calibration.relevant,
            told=tuple(self._told(scored, floor)),
            measured=tuple(
                Measured(number, float(softmax(scores.amounts[_slice(inside)].mean(0))[1 + KINDS.index(amount.kind)]))
                for number, (amount, inside) in enumerate(
                    zip(scored.layout.amounts, scored.pieces.amounts, strict=True)
                )
            ),
        )

    def relevance(self, scores: Scores) -> Array:
        """In log odds, before calibration: whether the article concerns the candidate."""
        return pooled(scores.relevant) + self._pooling.relevance_bias

    def claims(self, scores: Scores) -> Array:
        """The same of each claim that it may make."""
        return pooled(scores.claims) + self._pooling.claim_bias

    def _told(self, scored: Scored, floor: float) -> Iterator[Told]:
        calibration, scores, pieces = self.calibration, scored.scores, scored.pieces
        likely = probability(self.claims(scores), calibration.claim_slope, calibration.claim_shift)
        for number in np.flatnonzero(likely >= floor).tolist():
            stage, state = CLAIMS[number]
            centre = int(scores.claims[:, number].argmax())
            yield Told(
                stage=stage,
                state=state,
                sureness=float(likely[number]),
                words=_words(scores.claims[:, number], pieces, centre),
                time=self._time(scored, number, centre),
            )

    def _time(self, scored: Scored, claim: int, centre: int) -> int | None:
        """The likeliest time expression; None where no date is likelier."""
        scores, pieces, pooling = scored.scores, scored.pieces, self._pooling
        if not pieces.times:
            return None
        state = CLAIMS[claim][1]
        row = _STATE[state]
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
        return best if found[best] > none else None

    def _facts(self, weighed: Weighed) -> Iterator[Fact]:
        """In the order of the text, each value once."""
        said = set()
        for measured in weighed.measured:
            if measured.sureness >= self.calibration.amount:
                for fact in facts_of(weighed.scored, measured):
                    if (fact.kind, fact.unit, fact.value) not in said:
                        said.add((fact.kind, fact.unit, fact.value))
                        yield fact


def claim_of(scored: Scored, told: Told) -> Claim:
    """The claim as the monitor knows it."""
    layout, pieces = scored.layout, scored.pieces
    place = pieces.place(told.words)
    return Claim(
        project=scored.project,
        stage=told.stage,
        state=told.state,
        date=None if told.time is None else layout.times[told.time].period(told.state),
        confidence=round(told.sureness, _DIGITS),
        evidence=_sentence(layout, pieces, told.words.start),
        phase=layout.phases.at(scored.project, Span(*map(layout.document.text.folded, place))),
        span=place,
    )


def facts_of(scored: Scored, measured: Measured) -> Iterator[Fact]:
    """The facts that an amount is: two for a range."""
    layout, amount = scored.layout, scored.layout.amounts[measured.amount]
    inside = scored.pieces.amounts[measured.amount]
    for value in amount.values:
        yield Fact(
            project=scored.project,
            kind=amount.kind,
            value=value,
            unit=amount.unit,
            evidence=_sentence(layout, scored.pieces, inside.start),
            confidence=round(measured.sureness, _DIGITS),
            phase=layout.phases.at(scored.project, amount.quantity.span),
            span=layout.document.text.original_span(*amount.quantity.span),
        )


def _words(scores: Array, pieces: Pieces, centre: int) -> range:
    """The pieces around the best one that tell a claim nearly as well, in its sentence."""
    is_near = (scores >= scores[centre] - _NEAR) & (pieces.sentences == pieces.sentences[centre])
    first = last = centre
    while first > 0 and is_near[first - 1]:
        first -= 1
    while last + 1 < len(is_near) and is_near[last + 1]:
        last += 1
    return range(first, last + 1)


def _slice(inside: range) -> slice:
    """Never empty: the text of an amount may be so short that it shares its piece."""
    return slice(inside.start, max(inside.stop, inside.start + 1))


def _sentence(layout: Layout, pieces: Pieces, piece: int) -> str:
    """The sentence that a piece stands in, as published."""
    return layout.document.quote(layout.document.sentences[pieces.sentences[piece]].span)
