"""Shortens the state of a project to what a list of many projects shows. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from monitor.core.folding.proof import proofs
from monitor.core.model import Claim
from monitor.core.periods import Period
from monitor.core.state import Evidence, KnownFact, Milestone, PhaseState, ProjectState, Unverified

#: The language of lists.
LANGUAGE = "en"
#: The most unverified claims of one project in a list.
MOST_WAITING = 3


def brief(state: ProjectState) -> ProjectState:
    """The state with only the best proof of its status, and of a delay.

    It omits halts that are over, rival values, other plans, and all other evidence. Of what is unverified it keeps the
    latest claims that are more likely right than not.
    """
    return replace(
        state,
        evidence=_best(state.evidence, state.since),
        delay=replace(state.delay, evidence=_best(state.delay.evidence, state.delay.since)) if state.delay else None,
        halts=(),
        milestones=tuple(map(_milestone, state.milestones)),
        facts=tuple(map(_fact, state.facts)),
        phases=tuple(map(_phase, state.phases)),
        unverified=waiting(state.unverified),
    )


def waiting(found: Sequence[Unverified]) -> tuple[Unverified, ...]:
    """The latest claims, one for each stage and sense, that other sources may still bear out."""
    latest: dict[object, Unverified] = {}
    for each in found:
        if each.readings and isinstance(each.said, Claim):
            same = each.said.stage, each.said.state
            latest.pop(same, None)
            latest[same] = each
    return tuple(latest.values())[-MOST_WAITING:]


def _best(evidence: Sequence[Evidence], told: Period | None) -> tuple[Evidence, ...]:
    return proofs(evidence, told, language=LANGUAGE)[:1]


def _milestone(milestone: Milestone) -> Milestone:
    return replace(milestone, evidence=(), rivals=())


def _fact(fact: KnownFact) -> KnownFact:
    return replace(fact, evidence=(), rivals=(), told_with=None)


def _phase(phase: PhaseState) -> PhaseState:
    return replace(phase, milestones=tuple(map(_milestone, phase.milestones)), facts=tuple(map(_fact, phase.facts)))
