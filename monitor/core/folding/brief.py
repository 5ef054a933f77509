"""Shortens the state of a project to what a list of many projects shows. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from monitor.core.folding.proof import proofs
from monitor.core.periods import Period
from monitor.core.state import Evidence, KnownFact, Milestone, PhaseState, ProjectState

#: The language of lists.
LANGUAGE = "en"


def brief(state: ProjectState) -> ProjectState:
    """The state with only the best proof of its status, and of a delay.

    It omits halts that are over, rival values, other plans, what is unverified, and all other evidence.
    """
    return replace(
        state,
        evidence=_best(state.evidence, state.since),
        delay=replace(state.delay, evidence=_best(state.delay.evidence, state.delay.since)) if state.delay else None,
        halts=(),
        milestones=tuple(map(_milestone, state.milestones)),
        facts=tuple(map(_fact, state.facts)),
        phases=tuple(map(_phase, state.phases)),
        unverified=(),
    )


def _best(evidence: Sequence[Evidence], told: Period | None) -> tuple[Evidence, ...]:
    return proofs(evidence, told, language=LANGUAGE)[:1]


def _milestone(milestone: Milestone) -> Milestone:
    return replace(milestone, evidence=(), rivals=())


def _fact(fact: KnownFact) -> KnownFact:
    return replace(fact, evidence=(), rivals=(), told_with=None)


def _phase(phase: PhaseState) -> PhaseState:
    return replace(phase, milestones=tuple(map(_milestone, phase.milestones)), facts=tuple(map(_fact, phase.facts)))
