"""Why one claim or fact of one article counts, or does not. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.folding.fold import publication_order
from monitor.core.folding.weighing import FoldPolicy, same_value
from monitor.core.lifecycle import CONDITIONS, OVERRIDING, Condition, Lifecycle
from monitor.core.model import Claim, Fact, Said, State
from monitor.core.periods import Period
from monitor.core.review import Review, review_of
from monitor.core.state import Milestone, ProjectState, Report
from monitor.core.stories import told_once


class Belief(StrEnum):
    """What the ledger makes of a claim or fact."""

    #: Nothing that is known contradicts it.
    COUNTS = "counts"
    #: An operator has decided on it.
    DECIDED = "decided"
    #: Its reader is not sure, and no source corroborates it.
    UNVERIFIED = "unverified"
    #: A copy of the story says so too, and counts for both.
    REPEATED = "repeated"
    #: It is not believed: others weigh more.
    CONTRADICTED = "contradicted"
    #: Another date or amount is believed.
    OTHERWISE = "otherwise"
    #: It was so. Meanwhile the stage was reached, or the condition is over.
    PASSED = "passed"
    #: The lifecycle of the project has no such stage.
    NO_STAGE = "no stage"
    #: The project is not configured any more.
    UNWATCHED = "unwatched"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedSaying:
    """A claim or fact, and what the ledger makes of it."""

    said: Said
    belief: Belief
    #: The decision on it, if there is one.
    review: Review | None = None
    #: OTHERWISE: what is believed.
    believed: Period | float | None = None


def unwatched(said: Iterable[Said]) -> tuple[WeighedSaying, ...]:
    """What is said of a project that is not configured any more."""
    return tuple(WeighedSaying(said=each, belief=Belief.UNWATCHED) for each in said)


def weigh(
    report: Report,
    *,
    counting: Iterable[Report],
    reviews: Sequence[Review],
    state: ProjectState,
    lifecycle: Lifecycle,
    policy: FoldPolicy,
) -> tuple[WeighedSaying, ...]:
    """What the ledger makes of each claim and fact of a report, in its order.

    Args:
        report: what the article says of the project, as it was read.
        counting: the reports that the state was folded from.
        reviews: the decisions in force that touch the project.
        state: the state of the project, in full.
        lifecycle: of the project.
        policy: the thresholds of belief.
    """
    story = sorted((each for each in counting if each.source.story == report.source.story), key=publication_order)
    counted = {
        said.told for each in told_once(story) if each.source.article == report.source.article for said in each.said
    }
    doubted = {each.said.told for each in state.unverified if each.source.article == report.source.article}

    def belief(said: Said) -> Belief | None:
        """Why it is not even compared with what is known. None if it is."""
        if isinstance(said, Claim) and not (lifecycle.has(said.stage) or said.stage in CONDITIONS):
            return Belief.NO_STAGE
        if said.told not in counted:
            return Belief.REPEATED
        return Belief.UNVERIFIED if said.told in doubted else None

    def one(said: Said) -> WeighedSaying:
        if review := review_of(said, report, reviews):
            return WeighedSaying(said=said, belief=Belief.DECIDED, review=review)
        if found := belief(said):
            return WeighedSaying(said=said, belief=found)
        if isinstance(said, Fact):
            return _of_fact(said, state, policy)
        if said.stage in CONDITIONS:
            return WeighedSaying(said=said, belief=_of_condition(said, state))
        return _of_stage(said, _milestone(said, state))

    return tuple(map(one, report.said))


def _of_fact(fact: Fact, state: ProjectState, policy: FoldPolicy) -> WeighedSaying:
    of_phase = (known for phase in state.phases if phase.phase == fact.phase for known in phase.facts)
    of_whole = (known for known in state.facts if known.phase == fact.phase or fact.phase is None)
    known = [each for each in (*of_phase, *of_whole) if (each.kind, each.unit) == (fact.kind, fact.unit)]
    if not known or any(same_value(each.value, fact.value, policy) for each in known):
        return WeighedSaying(said=fact, belief=Belief.COUNTS)
    return WeighedSaying(said=fact, belief=Belief.OTHERWISE, believed=known[0].value)


def _of_condition(claim: Claim, state: ProjectState) -> Belief:
    if claim.stage == Condition.RESUMED:
        is_in_force = state.status not in OVERRIDING
    else:
        is_in_force = claim.stage in {state.condition, state.status}
    if claim.state is State.REACHED:
        if is_in_force:
            return Belief.COUNTS
        return Belief.CONTRADICTED if claim.stage in state.contradicted else Belief.PASSED
    return Belief.CONTRADICTED if claim.state is State.DENIED and is_in_force else Belief.COUNTS


def _milestone(claim: Claim, state: ProjectState) -> Milestone | None:
    """What is known of the stage: of the phase that the claim names, else of the whole."""
    of_phase = (phase.milestone(claim.stage) for phase in state.phases if phase.phase == claim.phase)
    return next((found for found in of_phase if found), None) or state.milestone(claim.stage)


def _of_stage(claim: Claim, known: Milestone | None) -> WeighedSaying:
    if claim.state is State.DENIED:
        is_reached = known is not None and known.state is State.REACHED
        return WeighedSaying(said=claim, belief=Belief.CONTRADICTED if is_reached else Belief.COUNTS)
    if known is None or known.state is State.DENIED:
        return WeighedSaying(said=claim, belief=Belief.CONTRADICTED)
    if claim.state is not known.state:
        is_past = claim.state is State.EXPECTED
        return WeighedSaying(said=claim, belief=Belief.PASSED if is_past else Belief.CONTRADICTED)
    believed = known.actual or known.forecast
    if claim.date and believed and not claim.date.overlaps(believed):
        return WeighedSaying(said=claim, belief=Belief.OTHERWISE, believed=believed)
    return WeighedSaying(said=claim, belief=Belief.COUNTS)
