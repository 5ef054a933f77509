"""One quantity of a project with its parts: keeps the amounts of parts apart from that of the whole."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from monitor.core.folding.amounts import Amount, Told
from monitor.core.folding.combining import together
from monitor.core.folding.weighing import FoldPolicy, Voices, same_value, standing
from monitor.core.model import FactKind
from monitor.core.state import KnownFact


class Quantity:
    """One quantity of the whole and of its parts. Articles may be heard in any order."""

    def __init__(self, kind: FactKind, unit: str, policy: FoldPolicy) -> None:
        self._kind = kind
        self._unit = unit
        self._policy = policy
        self._whole = Amount(kind, unit, policy)
        #: By the words for the part.
        self._parts: dict[str, Amount] = {}
        self._brief: tuple[KnownFact, ...] | None = None

    def hear(self, told: Sequence[Told]) -> None:
        """Hear all facts of some articles on it, in order of publication. None of the articles was heard before."""
        self._brief = None
        by_part: dict[str | None, list[Told]] = defaultdict(list)
        for item in told:
            by_part[item.part].append(item)
        for part, items in by_part.items():
            if part is None:
                self._whole.hear(items)
            else:
                if part not in self._parts:
                    self._parts[part] = Amount(self._kind, self._unit, self._policy)
                self._parts[part].hear(items)

    def forget(self, articles: Collection[str]) -> None:
        """Continue as if these articles had never been heard."""
        self._brief = None
        for amount in (self._whole, *self._parts.values()):
            amount.forget(articles)

    def told(self) -> Iterator[Told]:
        """The reports of the whole."""
        return self._whole.told()

    def known(self, *, in_full: bool) -> tuple[KnownFact, ...]:
        """The believed value of the whole, if any is reported, then those of the parts.

        Args:
            in_full: whether to include the other reported values.
        """
        if in_full:
            return self._known(in_full=True)
        if self._brief is None:
            self._brief = self._known(in_full=False)
        return self._brief

    def _known(self, *, in_full: bool) -> tuple[KnownFact, ...]:
        believed = self._whole.believed(but=self._is_part)
        whole = () if believed is None else (self._whole.known(believed, in_full=in_full),)
        return (*whole, *self._of_parts(in_full=in_full))

    def _is_part(self, value: float) -> bool:
        """Whether a source gives this value for a part, and a larger one is told for the whole alone.

        A larger one that a source gives for a part too ("100 in the end") is not the whole of what is decided.
        """
        largest = max((each for each in self._whole.values if not self._is_told_of_part(each)), default=value)
        is_less = value < largest and not same_value(value, largest, self._policy)
        return is_less and self._is_told_of_part(value)

    def _is_told_of_part(self, value: float) -> bool:
        told = chain.from_iterable(amount.values for amount in self._parts.values())
        return any(same_value(part, value, self._policy) for part in told)

    def _of_parts(self, *, in_full: bool) -> Iterator[KnownFact]:
        """The amount of each part. Parts with the same amount are one part, in the words of different articles."""
        by_words = sorted(self._parts.items())
        amounts = [(believed, each) for _, each in by_words if (believed := each.believed()) is not None]
        # Parts that one article tells of are in the order of their words.
        amounts.sort(key=lambda pair: (-self._weight(*pair), min(told.order for told in pair[1].told())))
        named: list[list[tuple[float, Amount]]] = []
        for value, amount in amounts:
            same = next((each for each in named if same_value(each[0][0], value, self._policy)), None)
            if same is None:
                named.append([(value, amount)])
            else:
                same.append((value, amount))
        return (self._together(same, in_full=in_full) for same in named)

    def _weight(self, value: float, amount: Amount) -> float:
        return amount.voices(value).weight(self._policy).total

    def _together(self, same: Sequence[tuple[float, Amount]], *, in_full: bool) -> KnownFact:
        """What is known of a part, from its amounts in the words of each article."""
        first, *others = [amount.known(value, in_full=in_full) for value, amount in same]
        if not others:
            return first
        voices = Voices.together(amount.voices(value) for value, amount in same)
        told = chain.from_iterable(amount.telling(value) for value, amount in same)
        evidence = chain.from_iterable(fact.evidence for fact in (first, *others))
        return replace(
            first,
            standing=standing(voices, self._policy, readings=together(told, self._policy)),
            evidence=tuple(sorted(evidence, key=lambda each: (each.source.published_at, each.source.article))),
        )
