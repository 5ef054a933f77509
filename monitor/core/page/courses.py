"""The amounts of a project over time: which were told, since when, and by how many sources."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.core.folding.fold import publication_order
from monitor.core.model import FactKind
from monitor.core.page.citing import Citing, quantity
from monitor.core.state import ProjectState, Report, Source

#: The most amounts of one quantity. The last told ones are shown.
_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One amount."""

    value: str
    #: The days on which it was first and last told. The second is "" if it was told on one day only.
    first: str
    last: str
    sources: str
    #: Whether it is what is believed.
    is_believed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The amounts of one quantity, of the whole or of one part, in the order in which they were first told."""

    label: str
    told: tuple[Told, ...]


#: What is measured, in which unit, and of which part.
_Quantity = tuple[FactKind, str, str | None]


def courses(state: ProjectState, reports: Iterable[Report], citing: Citing) -> tuple[Course, ...]:
    """The quantities of which more than one amount was told. Those of the whole come first."""
    found: dict[_Quantity, dict[float, list[Source]]] = {}
    for report in sorted(reports, key=publication_order):
        for fact in report.facts:
            found.setdefault((fact.kind, fact.unit, fact.phase), {}).setdefault(fact.value, []).append(report.source)
    kinds = list(FactKind)
    ordered = sorted(found.items(), key=lambda each: (each[0][2] or "", kinds.index(each[0][0]), each[0][1]))
    believed = list(_believed(state))
    return tuple(
        Course(
            label=quantity(of[0], of[2], citing.tongue),
            told=tuple(_told(of, value, sources, believed, citing) for value, sources in _last(amounts)),
        )
        for of, amounts in ordered
        if len(amounts) > 1
    )


def _last(amounts: dict[float, list[Source]]) -> Sequence[tuple[float, list[Source]]]:
    """The amounts that were told last, in the order in which they were first told."""
    kept = sorted(amounts, key=lambda value: amounts[value][-1].published_at, reverse=True)[:_MOST]
    return [(value, sources) for value, sources in amounts.items() if value in kept]


def _believed(state: ProjectState) -> Iterator[tuple[_Quantity, float]]:
    for fact in state.facts:
        yield (fact.kind, fact.unit, fact.phase), fact.value
    for phase in state.phases:
        for fact in phase.facts:
            yield (fact.kind, fact.unit, phase.phase), fact.value


def _told(
    of: _Quantity,
    value: float,
    sources: Sequence[Source],
    believed: Sequence[tuple[_Quantity, float]],
    citing: Citing,
) -> Told:
    tongue, first, last = citing.tongue, citing.published(sources[0]), citing.published(sources[-1])
    return Told(
        value=tongue.value(value, of[0], of[1]),
        first=first,
        last=last if last != first else "",
        sources=tongue.count("one source", "{n} sources", len({source.story for source in sources})),
        is_believed=(of, value) in believed,
    )
