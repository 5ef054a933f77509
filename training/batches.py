"""Pairs in batches of about the same length, and what the model says of them."""

import random
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from training.cache import Cache
from training.model import Upper
from training.pairs import Pack, Pair

Member = tuple[Pack, Pair]
#: So many pieces go into a batch, fillings included; sentences are many in one.
PIECES, MOST = 2400, 64
#: So many candidates that an article does not concern are learnt from, in one epoch.
NEGATIVES = 1


def epoch(packs: Sequence[Pack], seed: int, number: int) -> list[list[Member]]:
    """The batches of one epoch, in their order: the same for the same seed."""
    chance = random.Random(f"{seed}/{number}")
    members: list[Member] = []
    for pack in packs:
        right = [pair for pair in pack.pairs if pair.relevant != 0]
        wrong = [pair for pair in pack.pairs if pair.relevant == 0]
        members += [(pack, pair) for pair in right]
        members += [(pack, pair) for pair in chance.sample(wrong, min(NEGATIVES, len(wrong)))]
    chance.shuffle(members)
    batches = [batch for at in range(0, len(members), 1024) for batch in _by_length(members[at : at + 1024])]
    chance.shuffle(batches)
    return batches


def _by_length(members: Sequence[Member]) -> Iterator[list[Member]]:
    batch: list[Member] = []
    for member in sorted(members, key=lambda member: len(member[0].ids)):
        if batch and (_pieces([*batch, member]) > PIECES or len(batch) == MOST):
            yield batch
            batch = []
        batch.append(member)
    if batch:
        yield batch


def _pieces(batch: Sequence[Member]) -> int:
    longest = max(len(window.pieces) for pack, _ in batch for window in pack.windows) + 2
    return longest * sum(len(pack.windows) for pack, _ in batch)


def joined(upper: Upper, cache: Cache, batch: Sequence[Member]) -> list[Tensor]:
    """For each pair the scores of the pieces of its article, side by side."""
    states = [state for pack, _ in batch for state in cache.states(pack)]
    length, hidden = max(map(len, states)), states[0].shape[1]
    x = torch.zeros(len(states), length, hidden)
    flags = torch.zeros(len(states), length, batch[0][1].flags.shape[1])
    mask = torch.zeros(len(states), length, dtype=torch.bool)
    windows = [(pack, pair, window) for pack, pair in batch for window in pack.windows]
    for row, (state, (_, pair, window)) in enumerate(zip(states, windows, strict=True)):
        x[row, : len(state)] = torch.from_numpy(state.astype(np.float32))
        mask[row, : len(state)] = True
        flags[row, 1 : len(state) - 1] = torch.from_numpy(pair.flags[np.array(window.pieces, np.int64)]).float()
    found = upper(x, flags, mask)
    rows = iter(range(len(windows)))
    return [
        torch.cat(
            [
                found[row, 1 + window.skipped : 1 + window.skipped + window.counted]
                for window, row in zip(pack.windows, rows, strict=False)
            ]
        )
        for pack, _ in batch
    ]
