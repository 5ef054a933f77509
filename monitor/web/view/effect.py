"""What differs between two states of a project, and which changes lead from one to the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from monitor.core.message import words
from monitor.core.message.headline import news
from monitor.core.message.told import borne_out, statement
from monitor.core.message.tongue import Tongue
from monitor.core.model import FactKind, Project
from monitor.core.news import Change, ChangeType
from monitor.core.state import KnownFact, Milestone, ProjectState


@dataclass(frozen=True, slots=True, kw_only=True)
class StateDifference:
    """One thing that is known otherwise. Both sides are "" where nothing is known."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """One change."""

    label: str
    news: str
    #: Whether it alerts nobody, because it is history.
    is_history: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What would become of one project."""

    project: str
    name: str
    differences: tuple[StateDifference, ...]
    changes: tuple[Raised, ...]


def effect(
    project: Project, before: ProjectState, after: ProjectState, changes: Sequence[Change], tongue: Tongue
) -> Effect:
    """What differs between two states of a project, with those of the changes that are its own."""
    was, now = (dict(_lines(state, tongue)) for state in (before, after))
    return Effect(
        project=project.id,
        name=tongue.name(project),
        differences=tuple(
            StateDifference(label=label, before=was.get(label, ""), after=now.get(label, ""))
            for label in dict.fromkeys((*was, *now))
            if was.get(label, "") != now.get(label, "")
        ),
        changes=tuple(
            Raised(label=words.label(tongue, each.type), news=news(each, tongue), is_history=each.is_history)
            for each in changes
            if each.project == project.id
        ),
    )


def _lines(state: ProjectState, tongue: Tongue) -> Iterator[tuple[str, str]]:
    """Everything that is known, each with its label."""
    if state.status:
        yield (
            words.label(tongue, ChangeType.STATUS),
            tongue.listed(words.status(tongue, state.status), borne_out(state.standing, tongue)),
        )
    if state.condition and state.condition != state.status:
        yield tongue.say("Condition"), words.status(tongue, state.condition)
    yield from _of(state.milestones, state.facts, "", tongue)
    for phase in state.phases:
        yield from _of(phase.milestones, phase.facts, phase.phase, tongue)
    for said, same in groupby(sorted(_waiting(state, tongue))):
        yield (
            said,
            tongue.count(
                "reported, not verified, by one article", "reported, not verified, by {n} articles", len(list(same))
            ),
        )


def _of(
    milestones: Sequence[Milestone], facts: Sequence[KnownFact], phase: str, tongue: Tongue
) -> Iterator[tuple[str, str]]:
    for milestone in milestones:
        when = milestone.actual or milestone.forecast
        told = (words.state(tongue, milestone.state, milestone.stage), *([tongue.date(when)] if when else ()))
        label = _labelled(words.status(tongue, milestone.stage), phase, tongue)
        yield label, tongue.listed(*told, borne_out(milestone.standing, tongue))
    for fact in facts:
        label = _labelled(words.figure(tongue, fact.kind), fact.phase or phase, tongue)
        value = tongue.value(fact.value, fact.kind, fact.unit)
        if fact.kind in {FactKind.INVESTMENT, FactKind.CAPACITY}:  # there may be amounts in several units
            label = f"{label} ({tongue.foreign(fact.unit)})"
        yield label, tongue.listed(value, borne_out(fact.standing, tongue))


def _labelled(label: str, phase: str, tongue: Tongue) -> str:
    return tongue.say("{news} ({phase})", news=label, phase=tongue.part(phase)) if phase else label


def _waiting(state: ProjectState, tongue: Tongue) -> Iterator[str]:
    """What is not verified yet."""
    for each in state.unverified:
        yield statement(each.said, tongue)
