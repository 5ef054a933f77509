"""The quantities of a project: of all values that are told, the one believed."""

from collections.abc import Sequence
from typing import NamedTuple

from monitor.core.folding.rivalry import Order, Rivalry, Word
from monitor.core.folding.sayings import Ordered
from monitor.core.folding.weighing import FoldPolicy, Origin, Voices, same_value, standing
from monitor.core.model import Fact, FactKind
from monitor.core.state import Evidence, KnownFact, Rival, Source


class Told(NamedTuple):
    """A fact, the article that tells it, and the origin that the article counts for."""

    fact: Fact
    source: Source
    origin: Origin
    #: Which of the article's facts it is.
    place: int

    @property
    def order(self) -> Order:
        """By which they are put in the order of their publication."""
        return self.source.published_at, self.source.article, self.place


class Amount:
    """One quantity of a project, of which articles are heard in any order."""

    def __init__(self, kind: FactKind, unit: str, policy: FoldPolicy) -> None:
        self._kind = kind
        self._unit = unit
        self._policy = policy
        self._forget_all()

    def _forget_all(self) -> None:
        self._articles: dict[str, Sequence[Told]] = {}
        self._values = self._no_values()
        self._voices: dict[float, Voices] = {}
        self._tellings: dict[float, Ordered[Evidence]] = {}
        #: What the article that was published last says of the whole.
        self._latest: Told | None = None
        self._brief: KnownFact | None = None

    def _no_values(self) -> Rivalry[float]:
        policy = self._policy
        return Rivalry[float](lambda one, other: same_value(one, other, policy), half_life=policy.half_life_of_amounts)

    def hear(self, told: Sequence[Told]) -> None:
        """Hear all that one article says of it, which has not been heard yet."""
        # An article that gives several values speaks of the whole and of its parts, or of a range.
        whole = max(told, key=lambda item: item.fact.value)
        self._articles[whole.source.article] = told
        self._brief = None
        self._values.hear(Word(whole.fact.value, whole.origin, whole.order))
        if self._latest is None or self._latest.order < whole.order:
            self._latest = whole
        for item in told:
            value = item.fact.value
            self._voices.setdefault(value, Voices()).hear(item.origin)
            evidence = Evidence(source=item.source, sentence=item.fact.evidence)
            self._tellings.setdefault(value, Ordered()).put(item.order, evidence)

    def forget(self, article: str) -> None:
        """Go on as if this article had never been heard. Costs as much as hearing all others again."""
        if article not in self._articles:
            return
        others = [told for name, told in self._articles.items() if name != article]
        self._forget_all()
        for told in others:
            self.hear(told)

    def known(self, *, in_full: bool) -> KnownFact | None:
        """The value that is believed: of progress the latest, else the one with most weight; None where none is told.

        Other values that are told are shown in full only.
        """
        if in_full or self._brief is None:
            known = self._known(in_full=in_full)
            if in_full:
                return known
            self._brief = known
        return self._brief

    def _known(self, *, in_full: bool) -> KnownFact | None:
        believed = self._values.believed()
        if believed is None or self._latest is None:
            return None
        is_progress = self._kind is FactKind.PROGRESS
        value = self._latest.fact.value if is_progress else believed
        # What was built grows: an earlier progress is no rival of the latest.
        rivals = self._values.rivals(value) if in_full and not is_progress else ()
        return KnownFact(
            kind=self._kind,
            value=value,
            unit=self._unit,
            standing=standing(self._agreeing(value), self._policy),
            evidence=self._evidence(value),
            rivals=tuple(Rival(value=v, standing=standing(self._agreeing(v), self._policy)) for v in rivals),
        )

    def _near(self, value: float) -> list[float]:
        return [other for other in self._tellings if same_value(other, value, self._policy)]

    def _evidence(self, value: float) -> tuple[Evidence, ...]:
        told = [self._tellings[v] for v in self._near(value)]
        return tuple(told[0].things if len(told) == 1 else Ordered.together(told))

    def _agreeing(self, value: float) -> Voices:
        return Voices.together(self._voices[v] for v in self._near(value))
