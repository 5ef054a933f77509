"""The model: upper layers that know whose words stand where, and what their scores say of an article.

Scores are linear in the state of each piece, so what an article says of a claim, a date or an amount is put together
from them afterwards; ``monitor.core.reading.trained.decoding`` does the same in numpy.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from monitor.core.model import State
from monitor.core.reading.flags import Flag
from monitor.core.reading.trained.pieces import placed
from monitor.core.reading.trained.scheme import CLAIMS, DISTANCES, KINDS, SHARPNESS, Trait, distance
from training.encoder import Layer
from training.pairs import Pack, Pair

KEY = 64
#: What the encoder's upper part gives for each piece, side by side.
SIZES = (len(CLAIMS), 1, len(KINDS) + 1, KEY, KEY)
_STATE = {state: number for number, state in enumerate(State)}


class Upper(nn.Module):
    """Goes over an article once for each candidate project."""

    def __init__(self, layers: Iterable[Layer], hidden: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.flag = nn.Linear(len(Flag), hidden, bias=False)
        nn.init.normal_(self.flag.weight, std=0.3)
        self.drop = nn.Dropout(0.1)
        self.inner = nn.Linear(hidden, hidden)
        self.claims = nn.Linear(hidden, len(CLAIMS))
        self.amount_inner = nn.Linear(hidden, hidden // 2)
        self.amounts = nn.Linear(hidden // 2, len(KINDS) + 1)
        self.relevant = nn.Linear(hidden, 1)
        self.keys, self.queries = nn.Linear(hidden, KEY), nn.Linear(hidden, KEY)

    def forward(self, x: Tensor, flags: Tensor, mask: Tensor | None = None) -> Tensor:
        x = x + self.flag(flags)
        for layer in self.layers:
            x = layer(x, mask)
        x = self.drop(x)
        inner = self.drop(functional.gelu(self.inner(x)))
        amounts = self.amounts(self.drop(functional.gelu(self.amount_inner(x))))
        return torch.cat([self.claims(inner), self.relevant(x), amounts, self.keys(x), self.queries(x)], -1)


class Pooling(nn.Module):
    """The few weights by which scores of pieces become scores of an article."""

    def __init__(self) -> None:
        super().__init__()
        self.claim_bias = nn.Parameter(torch.full((len(CLAIMS),), -3.5))
        self.relevance_bias = nn.Parameter(torch.tensor(-2.0))
        self.claim_query = nn.Parameter(torch.zeros(len(CLAIMS), KEY))
        self.no_date = nn.Parameter(torch.zeros(KEY))
        self.no_date_bias = nn.Parameter(torch.zeros(len(State)))
        self.near = nn.Parameter(torch.zeros(DISTANCES))
        self.traits = nn.Parameter(torch.zeros(len(State), len(Trait)))
        # From here it is only refined.
        with torch.no_grad():
            self.traits[:, Trait.SAME_SENTENCE] = 1.0
            self.traits[:, Trait.SUPERSEDED] = -1.0
            self.near.copy_(-0.3 * (torch.arange(DISTANCES) - DISTANCES // 2).abs())


class Model(nn.Module):
    """What is trained."""

    def __init__(self, upper: Upper) -> None:
        super().__init__()
        self.upper, self.pooling = upper, Pooling()


@dataclass(slots=True)
class Scores:
    """Of the pieces of one article, for one candidate."""

    claims: Tensor
    relevant: Tensor
    amounts: Tensor
    keys: Tensor
    queries: Tensor

    @classmethod
    def of(cls, joined: Tensor) -> "Scores":
        claims, relevant, amounts, keys, queries = torch.split(joined, list(SIZES), -1)
        return cls(claims, relevant.squeeze(-1), amounts, keys, queries)


def pooled(scores: Tensor) -> Tensor:
    """What an article has of each score: a log-sum-exp over its pieces."""
    return torch.logsumexp(scores * SHARPNESS, 0) / SHARPNESS


def date_scores(pack: Pack, pooling: Pooling, scores: Scores, claim: int, evidence: Tensor | None) -> Tensor:
    """For one claim the score of no date, then that of each time expression."""
    if evidence is None:
        attention = torch.softmax(scores.claims[:, claim] * SHARPNESS, 0)
        query = attention @ scores.queries
        centre = int(attention.argmax())
    else:
        query = scores.queries[evidence].mean(0)
        inside = scores.claims[evidence, claim]
        centre = int(evidence[inside.argmax()])
    query = query + pooling.claim_query[claim]
    state = _STATE[CLAIMS[claim][1]]
    none = query @ pooling.no_date / KEY**0.5 + pooling.no_date_bias[state]
    if not pack.times:
        return none[None]
    keys = torch.stack([scores.keys[_slice(inside)].mean(0) for inside in pack.times])
    firsts = [inside.start for inside in pack.times]
    traits = placed(pack.traits[state], firsts, centre, pack.sentences, pack.clauses)
    apart = [distance(_apart(inside, centre)) for inside in pack.times]
    found = keys @ query / KEY**0.5 + pooling.near[apart] + torch.from_numpy(traits) @ pooling.traits[state]
    return torch.cat([none[None], found])


def amount_scores(pack: Pack, scores: Scores) -> Tensor:
    """For each amount the score of no fact, then that of each kind."""
    return torch.stack([scores.amounts[_slice(inside)].mean(0) for inside in pack.amounts])


def _slice(inside: range) -> slice:
    return slice(inside.start, max(inside.stop, inside.start + 1))


def _apart(inside: range, centre: int) -> int:
    if inside.start > centre:
        return inside.start - centre
    return min(0, inside.stop - 1 - centre)


@dataclass(slots=True)
class Losses:
    """Sums over a batch, with how many of each."""

    claims: Tensor
    relevance: Tensor
    places: Tensor
    dates: Tensor
    amounts: Tensor

    @property
    def total(self) -> Tensor:
        return self.claims + self.relevance * 0.5 + self.places * 0.3 + self.dates + self.amounts


def losses(model: Model, batch: Sequence[tuple[Pack, Pair, Tensor]]) -> Losses:
    """Of each pair with its joined scores; means over the pairs of the batch."""
    zero = torch.zeros(())
    claims, relevance, places, dates, amounts = ([zero] for _ in range(5))
    pooling = model.pooling
    weight = torch.full((len(CLAIMS),), 1.5)
    for pack, pair, joined in batch:
        scores = Scores.of(joined)
        truth = torch.from_numpy(pair.claims.astype(np.float32))
        logits = pooled(scores.claims) + pooling.claim_bias
        each = functional.binary_cross_entropy_with_logits(
            logits, truth.clamp(min=0), pos_weight=weight, reduction="none"
        )
        each = each * (truth >= 0)
        claims.append(each.sum() * (0.7 if pair.relevant == 0 else 1.0))
        if pair.relevant >= 0:
            logit = pooled(scores.relevant) + pooling.relevance_bias
            relevance.append(functional.binary_cross_entropy_with_logits(logit, torch.tensor(float(pair.relevant))))
        for claim, where in pair.evidence.items():
            logged = functional.log_softmax(scores.claims[:, claim] * SHARPNESS, 0)
            places.append(-torch.logsumexp(logged[torch.from_numpy(where)], 0))
        for claim, wanted in pair.dates.items():
            known = pair.evidence.get(claim)
            logged = functional.log_softmax(
                date_scores(pack, pooling, scores, claim, None if known is None else torch.from_numpy(known)), 0
            )
            dates.append(-torch.logsumexp(logged[[number + 1 for number in wanted] or [0]], 0))
        if len(pair.amounts):
            logits = amount_scores(pack, scores)
            kinds = torch.from_numpy(pair.amounts.astype(np.int64))
            amounts.append(
                functional.cross_entropy(logits, kinds, reduction="sum") * (0.5 if pair.relevant == 0 else 1.0)
            )
    size = len(batch)
    return Losses(*(torch.stack(part).sum() / size for part in (claims, relevance, places, dates, amounts)))
