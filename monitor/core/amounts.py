"""The quantities of a project: of all values that are told, the one believed."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from monitor.core.model import Fact, FactKind
from monitor.core.rivalry import Rivalry, Word
from monitor.core.state import Evidence, KnownFact, Rival, Source
from monitor.core.weighing import FoldPolicy, Origin, same_value, standing


@dataclass(frozen=True, slots=True)
class Told:
    """A fact, the article that tells it, and the origin that the article counts for."""

    fact: Fact
    source: Source
    origin: Origin


def known_facts(told: Sequence[Told], policy: FoldPolicy) -> tuple[KnownFact, ...]:
    """For each kind and unit the value that is believed: of progress the latest, else the one with most weight.

    ``told`` is in order of publication.
    """
    same: dict[tuple[FactKind, str], list[Told]] = {}
    for item in told:
        same.setdefault((item.fact.kind, item.fact.unit), []).append(item)
    return tuple(_known_fact(kind, unit, same[kind, unit], policy) for kind, unit in sorted(same))


def _known_fact(kind: FactKind, unit: str, told: Sequence[Told], policy: FoldPolicy) -> KnownFact:
    rivalry = Rivalry[float](lambda one, other: same_value(one, other, policy), half_life=policy.half_life_of_amounts)
    # An article that gives several values speaks of the whole and of its parts, or of a range.
    wholes = [max(said, key=_value) for _, said in groupby(told, key=lambda item: item.source.article)]
    for item in wholes:
        rivalry.hear(Word(item.fact.value, item.origin, item.source.published_at))
    believed = rivalry.believed()
    value = _value(wholes[-1]) if kind is FactKind.PROGRESS or believed is None else believed
    # What was built grows: an earlier progress is no rival of the latest.
    rivals = () if kind is FactKind.PROGRESS else rivalry.rivals(value)
    bearing = _agreeing(told, value, policy)
    return KnownFact(
        kind=kind,
        value=value,
        unit=unit,
        standing=standing([item.origin for item in bearing], policy),
        evidence=tuple(Evidence(source=item.source, sentence=item.fact.evidence) for item in bearing),
        rivals=tuple(
            Rival(
                value=rival,
                standing=standing([item.origin for item in _agreeing(told, rival, policy)], policy),
            )
            for rival in rivals
        ),
    )


def _value(item: Told) -> float:
    return item.fact.value


def _agreeing(told: Sequence[Told], value: float, policy: FoldPolicy) -> list[Told]:
    return [item for item in told if same_value(item.fact.value, value, policy)]
