"""Decks: a choice that repeats nothing before all has been dealt, so that even a small draw is varied."""

import random
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Deck(Generic[T]):
    """Deals the cards of a shuffled deck; a card of weight three lies in it three times."""

    def __init__(self, rng: random.Random, cards: Iterable[tuple[T, int]]) -> None:
        self._rng = rng
        self._cards = [card for card, weight in cards for _ in range(weight)]
        self._left: list[T] = []

    def deal(self) -> T:
        if not self._left:
            self._left = list(self._cards)
            self._rng.shuffle(self._left)
        return self._left.pop()


def chance(rng: random.Random, percent: float) -> bool:
    return rng.random() * 100 < percent


def pick(rng: random.Random, options: Sequence[tuple[float, T]]) -> T:
    """One of the options, by weight."""
    return rng.choices([option for _, option in options], [weight for weight, _ in options])[0]
