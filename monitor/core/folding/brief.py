"""Shortens the state of a project to what a list of many projects shows. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from monitor.core.state import Evidence, KnownFact, Milestone, PhaseState, ProjectState


def best(evidence: Sequence[Evidence]) -> Evidence | None:
    """The most informative evidence: one with a sentence, then the most trusted, then the latest.

    None if there is none.
    """
    return max(evidence, key=lambda e: (bool(e.sentence), e.source.trust, e.source.published_at), default=None)


def brief(state: ProjectState) -> ProjectState:
    """The state with only the best evidence of its status.

    It omits past forecasts, rival values, what is unverified, and all other evidence.
    """
    shown = best(state.evidence)
    return replace(
        state,
        evidence=(shown,) if shown else (),
        milestones=tuple(map(_milestone, state.milestones)),
        facts=tuple(map(_fact, state.facts)),
        phases=tuple(map(_phase, state.phases)),
        unverified=(),
    )


def _milestone(milestone: Milestone) -> Milestone:
    return replace(milestone, evidence=(), forecasts=(), rivals=())


def _fact(fact: KnownFact) -> KnownFact:
    return replace(fact, evidence=(), rivals=())


def _phase(phase: PhaseState) -> PhaseState:
    return replace(phase, milestones=tuple(map(_milestone, phase.milestones)), facts=tuple(map(_fact, phase.facts)))
