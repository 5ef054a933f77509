"""What sources contradict each other about: the sides, each with its sentences."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.core.folding.fold import publication_order
from monitor.core.lifecycle import ENDED, Lifecycle
from monitor.core.message import words
from monitor.core.model import State
from monitor.core.page.citing import Cited, Citing, quantity
from monitor.core.state import Evidence, KnownFact, ProjectState, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What some of the sources say."""

    label: str
    sources: str
    #: The last said first.
    quotes: tuple[Cited, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A stage, a condition or an amount about which credible sources contradict each other."""

    label: str
    sides: tuple[Side, ...]


def disputes(
    known: ProjectState, reports: Iterable[Report], lifecycle: Lifecycle, citing: Citing
) -> tuple[Dispute, ...]:
    """What is disputed: stages and conditions first, then amounts."""
    told = sorted(reports, key=publication_order, reverse=True)
    stages = (
        Dispute(label=words.status(citing.tongue, stage), sides=tuple(_sides(stage, told, lifecycle, citing)))
        for stage in known.disputed
    )
    amounts = (
        Dispute(
            label=quantity(fact.kind, fact.phase, citing.tongue),
            sides=tuple(_amounts(fact, told, citing)),
        )
        for fact in known.facts
        if fact.standing.disputed
    )
    return (*stages, *amounts)


def _sides(stage: str, told: Sequence[Report], lifecycle: Lifecycle, citing: Citing) -> Iterator[Side]:
    for which in State:
        yield from _side(words.state(citing.tongue, which, stage), _claims(stage, which, told), citing)
    if stage in ENDED:
        yield from _side(citing.tongue.say("the project goes on"), _works_after(stage, told, lifecycle), citing)


def _claims(stage: str, which: State, told: Iterable[Report]) -> list[Evidence]:
    return [
        Evidence.of(claim, report.source)
        for report in told
        for claim in report.claims
        if claim.stage == stage and claim.state is which
    ]


def _works_after(end: str, told: Sequence[Report], lifecycle: Lifecycle) -> list[Evidence]:
    """The stages that were reported after the first report of the end."""
    ends = [
        report.source.published_at
        for report in told
        if any(claim.stage == end and claim.state is State.REACHED for claim in report.claims)
    ]
    return [
        Evidence.of(claim, report.source)
        for report in told
        if ends and report.source.published_at > ends[-1]
        for claim in report.claims
        if claim.state is State.REACHED and lifecycle.has(claim.stage)
    ]


def _amounts(fact: KnownFact, told: Iterable[Report], citing: Citing) -> Iterator[Side]:
    found: dict[float, list[Evidence]] = {fact.value: []}
    for report in told:
        for each in report.facts:
            if (each.kind, each.unit, each.phase) == (fact.kind, fact.unit, fact.phase):
                found.setdefault(each.value, []).append(Evidence.of(each, report.source))
    for value, evidence in found.items():
        yield from _side(citing.tongue.value(value, fact.kind, fact.unit), evidence, citing)


def _side(label: str, evidence: Sequence[Evidence], citing: Citing) -> Iterator[Side]:
    """Nothing if nobody says so."""
    if evidence:
        stories = {each.source.story for each in evidence}
        yield Side(
            label=label,
            sources=citing.tongue.count("one source", "{n} sources", len(stories)),
            quotes=citing.each(evidence),
        )
