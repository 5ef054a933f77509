"""Combines readings that are not sure enough alone. docs/ledger.md has the rule with an example.

Readings of sources that do not depend on each other are independent evidence. That all of them are wrong is as likely
as the product of their doubts: with 0.6 and 0.6, 0.4 · 0.4 = 0.16, so together they are 0.84 sure.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import prod
from typing import Protocol

from monitor.core.folding.weighing import FoldPolicy, Origin
from monitor.core.model import Said
from monitor.core.stories.sketches import Sentences


class Reading(Protocol):
    """Something that was read in an article, and the origin that the article counts for."""

    @property
    def said(self) -> Said: ...

    @property
    def origin(self) -> Origin: ...


def combined(readings: Iterable[float]) -> float:
    """How sure readings of independent sources are together. In any order the same."""
    return round(1 - prod(1 - each for each in sorted(readings)), 9)


def together(said: Iterable[Reading], policy: FoldPolicy) -> tuple[float, ...]:
    """The readings that bear something out only together, one for each independent source, the surest first.

    Empty if one of them suffices alone. All of them count, so each is at least plausible.
    """
    tellers, best = Tellers(), defaultdict[str, float](float)
    for each in said:
        if suffices(each, policy):
            return ()
        tellers.hear(each.origin.name, each.said.evidence)
        best[each.origin.name] = max(best[each.origin.name], each.said.confidence)
    return tellers.readings(best)


def suffices(said: Reading, policy: FoldPolicy) -> bool:
    """Whether it counts alone: it was read surely, or its source is official."""
    return said.said.confidence >= policy.alert_from or said.origin.trust >= policy.official_trust


class Tellers:
    """The origins that tell one thing. Those with nearly the same words, if only by way of others, are one source."""

    def __init__(self) -> None:
        self._heard: set[tuple[str, str]] = set()
        self._sentences = Sentences[str]()
        #: For each origin one that it has its words in common with, up to one that stands for all of them.
        self._same: dict[str, str] = {}

    def hear(self, name: str, sentence: str) -> None:
        """Hear a sentence of an origin."""
        self._same.setdefault(name, name)
        if (name, sentence) not in self._heard:
            self._heard.add((name, sentence))
            for other in self._sentences.add(name, sentence):
                self._same[self._source(name)] = self._source(other)

    def readings(self, best: Mapping[str, float]) -> tuple[float, ...]:
        """Of these readings, each the best of its origin, the best of each independent source, the surest first."""
        found = defaultdict[str, float](float)
        for name, sure in best.items():
            found[self._source(name)] = max(found[self._source(name)], sure)
        return tuple(sorted(found.values(), reverse=True))

    def _source(self, name: str) -> str:
        while (same := self._same[name]) != name:
            # Halves the way, so that the next one is short.
            name = self._same[name] = self._same[same]
        return name
