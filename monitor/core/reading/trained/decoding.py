"""Decodes the encoder's scores for an article into claims, with dates and evidence, and facts.

``training.model`` trains by the same rules.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from monitor.core.lifecycle import ADVERSE, CONDITIONS, PLANNED, Condition
from monitor.core.model import Claim, Fact, FactKind, State
from monitor.core.reading.dates.timex import TimeExpression, brought_forward
from monitor.core.reading.layout import Layout
from monitor.core.reading.projects.doubts import DOUBTFUL
from monitor.core.reading.text.text import Span
from monitor.core.reading.trained.pieces import Pieces, placed
from monitor.core.reading.trained.scheme import CLAIMS, KINDS, SHARPNESS
from monitor.core.reading.trained.scores import (
    SURELY,
    Array,
    Calibration,
    ClaimGrounds,
    FactGrounds,
    Pooling,
    RelevanceGrounds,
    Scored,
    Scores,
    log_odds,
    pooled,
    probability,
    softmax,
)

_STATE = {state: number for number, state in enumerate(State)}
#: The stage that an agreement on land is mistaken for.
_AGREED = "agreed"
#: By so much an expectation is surer than that the same step is reached, if one of the two is wrong.
_MUCH = 0.2
#: Steps that are often taken again after they were taken once.
_REPEATED = frozenset({PLANNED, "agreed", "approved"})
#: Confidences are rounded to hundredths, so that differences in floating-point arithmetic between machines do not show.
_DIGITS = 2
#: A piece belongs to the words of a claim if its score is at most this far below the best one, in log odds.
_NEAR = 2.0


class DecodedClaim(NamedTuple):
    """A claim that the article may make about the candidate."""

    stage: str
    state: State
    #: A calibrated probability.
    sureness: float
    #: The pieces of the words that state it.
    words: range
    #: The index of the time expression that dates it. None if it has no date.
    time: int | None


class Measured(NamedTuple):
    """An amount that may be a fact about the candidate."""

    fact: Fact
    #: A calibrated probability.
    sureness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredCandidate:
    """What the scores say about one candidate, including what is unlikely."""

    scored: Scored
    #: The probability that the article concerns the project.
    relevance: float
    is_relevant: bool
    #: In the order of ``CLAIMS``.
    told: tuple[DecodedClaim, ...]
    #: In text order, each value once.
    measured: tuple[Measured, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedCandidate:
    """What an article says about one candidate."""

    project: str
    is_relevant: bool
    #: The probability that the article concerns the project.
    relevance: float
    claims: tuple[Claim, ...]
    facts: tuple[Fact, ...]


class Decoder:
    """Decodes scores. Build it once for the weights; safe to share."""

    def __init__(self, pooling: Pooling, calibration: Calibration) -> None:
        self.calibration = calibration
        self._pooling = pooling

    def decode(self, scored: Scored) -> DecodedCandidate:
        """What an article says about one candidate: nothing if it does not concern the candidate."""
        weighed = self.weigh(scored, floor=self.calibration.claim)
        is_relevant = weighed.is_relevant
        return DecodedCandidate(
            project=scored.project,
            is_relevant=is_relevant,
            relevance=weighed.relevance,
            claims=tuple(claim_of(scored, told) for told in weighed.told) if is_relevant else (),
            facts=tuple(self.facts_of(weighed)) if is_relevant else (),
        )

    def weigh(self, scored: Scored, *, floor: float) -> ScoredCandidate:
        """Like ``decode``, with the probability of each part. Leaves out claims less likely than ``floor``."""
        score = float(self.relevance(scored.scores))
        relevance = probability(self.calibration.relevance_weights, RelevanceGrounds(score))
        told = _standing(scored, list(self._told(scored, score, floor)), self.calibration.claim)
        return ScoredCandidate(
            scored=scored,
            relevance=round(relevance, _DIGITS),
            is_relevant=relevance >= self.calibration.relevant,
            told=tuple(_without_plan(_weighed_up(told), self.calibration.claim)),
            measured=tuple(self._measured(scored, score)),
        )

    def facts_of(self, weighed: ScoredCandidate) -> Iterator[Fact]:
        """The facts whose probability is at least ``calibration.amount``."""
        return (measured.fact for measured in weighed.measured if measured.sureness >= self.calibration.amount)

    def relevance(self, scores: Scores) -> Array:
        """The log odds that the article concerns the candidate, before calibration."""
        return pooled(scores.relevant) + self._pooling.relevance_bias

    def claims(self, scores: Scores) -> Array:
        """The log odds of each claim in ``CLAIMS``, before calibration."""
        return pooled(scores.claims) + self._pooling.claim_bias

    def _told(self, scored: Scored, relevance: float, floor: float) -> Iterator[DecodedClaim]:
        scores = scored.scores
        for number, score in enumerate(self.claims(scores).tolist()):
            stage, state = CLAIMS[number]
            likely = probability(self.calibration.claim_weights, claim_grounds(number, score, relevance))
            if likely < floor:
                continue
            centre = int(scores.claims[:, number].argmax())
            if stage == _AGREED and scored.pieces.is_on_land(centre):
                continue
            time = self._time(scored, number, centre)
            yield DecodedClaim(
                stage=stage,
                state=state,
                sureness=likely,
                words=_words(scores.claims[:, number], scored.pieces, centre),
                time=None if time is not None and _ends(scored.layout.times[time], stage) else time,
            )

    def _measured(self, scored: Scored, relevance: float) -> Iterator[Measured]:
        best: dict[tuple[FactKind, str, float], tuple[float, int]] = {}
        for number, (amount, likely) in enumerate(zip(scored.layout.amounts, amount_scores(scored), strict=True)):
            grounds = FactGrounds(likely, min(relevance, SURELY))
            sureness = probability(self.calibration.fact_weights, grounds)
            for value in amount.values:
                key = amount.kind, amount.unit, value
                if key not in best or sureness > best[key][0]:
                    best[key] = sureness, number
        for key, (sureness, number) in best.items():
            yield Measured(_fact(scored, number, key[2], sureness), sureness)

    def _time(self, scored: Scored, claim: int, centre: int) -> int | None:
        """The index of the likeliest time expression. None if having no date is at least as likely."""
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
        firsts = [inside.start for inside in pieces.times]
        traits = placed(pieces.traits(state), firsts, centre, pieces.sentences, pieces.clauses)
        found = keys @ query / size + pooling.near[pieces.distances(centre)] + traits @ pooling.traits[row]
        if state is State.EXPECTED:
            found[_replaced(scored)] = -np.inf
        best = int(found.argmax())
        return best if found[best] > none else None


def _replaced(scored: Scored) -> list[int]:
    """The times of old plans that stand in one sentence with a later time of the new plan."""
    times, pieces = scored.layout.times, scored.pieces
    sentence = [int(pieces.sentences[inside.start]) for inside in pieces.times]
    return [
        old
        for old, time in enumerate(times)
        if time.is_superseded
        and any(
            sentence[new] == sentence[old] and other.ahead.start > time.ahead.end and not other.is_superseded
            for new, other in enumerate(times)
        )
    ]


def claim_grounds(number: int, score: float, relevance: float) -> ClaimGrounds:
    """What speaks for the claim of this number in ``CLAIMS``; score and relevance are log odds."""
    state = CLAIMS[number][1]
    return ClaimGrounds(score, min(relevance, SURELY), state is State.EXPECTED, state is State.DENIED)


def amount_scores(scored: Scored) -> Iterator[float]:
    """For each amount the log odds that it is a fact of its kind about the candidate, before calibration."""
    for amount, inside in zip(scored.layout.amounts, scored.pieces.amounts, strict=True):
        yield log_odds(float(softmax(scored.scores.amounts[_slice(inside)].mean(0))[1 + KINDS.index(amount.kind)]))


def _standing(scored: Scored, told: Sequence[DecodedClaim], least: float) -> Iterator[DecodedClaim]:
    """The claims, without those that only tell how a plan moves."""
    is_amiss = any(each.stage in ADVERSE and each.state is not State.DENIED and each.sureness >= least for each in told)
    return (each for each in told if not _is_moved(scored, each, is_amiss=is_amiss))


def _is_moved(scored: Scored, told: DecodedClaim, *, is_amiss: bool) -> bool:
    """Whether what the encoder takes for a claim is only how a plan moves.

    What is put off has not been reached, what was due on a former day is no longer expected then if something is amiss,
    and what comes earlier is not delayed.
    """
    layout = scored.layout
    number = int(scored.pieces.sentences[told.words.start])
    if told.stage in CONDITIONS:
        is_delay = told.stage == Condition.DELAYED and told.state is State.REACHED
        return is_delay and number in brought_forward(layout.times, layout.document)
    if told.state is State.EXPECTED:
        return is_amiss and told.time is not None and layout.times[told.time].is_superseded
    sentence = layout.document.sentences[number].span
    is_reached = told.state is State.REACHED and told.stage != PLANNED
    return is_reached and any(sentence.contains(time.span) for time in layout.times if time.is_put_off or time.is_new)


def _ends(time: TimeExpression, stage: str) -> bool:
    """Whether a time is when a delay or a halt ends, which does not date it."""
    return stage in {Condition.DELAYED, Condition.SUSPENDED} and (time.is_until or time.is_new)


def claim_of(scored: Scored, told: DecodedClaim) -> Claim:
    """The claim, as the article makes it about the candidate."""
    layout, place = scored.layout, scored.pieces.place(told.words)
    return Claim(
        project=scored.project,
        stage=told.stage,
        state=told.state,
        date=None if told.time is None else layout.times[told.time].period(told.state),
        confidence=round(told.sureness, _DIGITS),
        evidence=_sentence(layout, scored.pieces, told.words.start),
        phase=layout.phases.at(scored.project, Span(*map(layout.document.text.folded, place))),
        span=place,
    )


def _fact(scored: Scored, number: int, value: float, sureness: float) -> Fact:
    layout, amount = scored.layout, scored.layout.amounts[number]
    return Fact(
        project=scored.project,
        kind=amount.kind,
        value=value,
        unit=amount.unit,
        evidence=_sentence(layout, scored.pieces, scored.pieces.amounts[number].start),
        confidence=round(sureness, _DIGITS),
        phase=layout.phase(scored.project, amount),
        span=layout.document.text.original_span(*amount.quantity.span),
    )


def _weighed_up(told: Iterable[DecodedClaim]) -> Iterator[DecodedClaim]:
    """The claims; that a step is reached is doubtful if it is much more surely still to come in the same article."""
    told = list(told)
    to_come = {each.stage: each.sureness for each in told if each.state is State.EXPECTED}
    for each in told:
        is_step = each.state is State.REACHED and each.stage not in CONDITIONS and each.stage not in _REPEATED
        is_doubtful = is_step and to_come.get(each.stage, 0) >= each.sureness + _MUCH
        yield each._replace(sureness=min(each.sureness, DOUBTFUL)) if is_doubtful else each


def _without_plan(told: Iterable[DecodedClaim], least: float) -> Iterator[DecodedClaim]:
    """Leave out that a plan exists if another stage is reached with probability ``least``: it is then implied."""
    told = list(told)
    is_further = any(each.state is State.REACHED and each.stage != PLANNED and each.sureness >= least for each in told)
    return (each for each in told if not (is_further and (each.stage, each.state) == (PLANNED, State.REACHED)))


def _words(scores: Array, pieces: Pieces, centre: int) -> range:
    """The pieces around the best one, in its sentence, whose scores are within ``_NEAR`` of the best."""
    is_near = (scores >= scores[centre] - _NEAR) & (pieces.sentences == pieces.sentences[centre])
    first = last = centre
    while first > 0 and is_near[first - 1]:
        first -= 1
    while last + 1 < len(is_near) and is_near[last + 1]:
        last += 1
    return range(first, last + 1)


def _slice(inside: range) -> slice:
    """The range as a slice that is never empty: the text of an amount may be so short that it shares its piece."""
    return slice(inside.start, max(inside.stop, inside.start + 1))


def _sentence(layout: Layout, pieces: Pieces, piece: int) -> str:
    """The sentence that contains a piece, as published."""
    return layout.document.quote(layout.document.sentences[pieces.sentences[piece]].span)
