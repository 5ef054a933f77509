"""What is known of a project in few words: as much as a list of many projects shows. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from monitor.core.state import Evidence, KnownFact, Milestone, PhaseState, ProjectState


def best(evidence: Sequence[Evidence]) -> Evidence | None:
    """The one that shows most: a sentence rather than none, then the most trusted, then the latest."""
    return max(evidence, key=lambda e: (bool(e.sentence), e.source.trust, e.source.published_at), default=None)


def brief(state: ProjectState) -> ProjectState:
    """The state with the best proof of its status only.

    It is without what was expected when, what else is told, and what is unverified.
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
