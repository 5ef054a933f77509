"""Two states of a project side by side, and the changes between them. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.core.changes.occasion import Occasion
from monitor.core.changes.raised import change_id, foremost, proof_of
from monitor.core.folding.weighing import FoldPolicy
from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Claim, FactKind, State
from monitor.core.news import Change, ChangeType
from monitor.core.periods import Period
from monitor.core.state import Confidence, Evidence, Milestone, PhaseState, ProjectState


@dataclass(frozen=True, slots=True)
class Comparison:
    """The state before and after the occasion, and the rules that judge both."""

    before: ProjectState
    after: ProjectState
    occasion: Occasion
    lifecycle: Lifecycle
    policy: FoldPolicy

    @property
    def climbed(self) -> bool:
        """Whether the status moved to another stage."""
        return (
            self.after.status is not None
            and self.after.status != self.before.status
            and self.lifecycle.has(self.after.status)
        )

    def evidence(self, stage: str, state: State = State.REACHED) -> tuple[Evidence, ...]:
        """The sentences of the occasion that say so, and the formerly unverified ones that it corroborates."""
        left = frozenset(self.after.unverified)
        borne_out = (
            Evidence(source=each.source, sentence=each.said.evidence)
            for each in self.before.unverified
            if isinstance(each.said, Claim) and each.said.stage == stage and each.said.state is state
            if each not in left and each.source.article != self.occasion.source.article
        )
        return (*self.occasion.evidence(stage, state), *borne_out)

    def reached(self, milestone: Milestone, phase: str | None = None) -> Change:
        """A change: a stage of the project, or of a phase, is newly known to be reached."""
        return self.change(
            ChangeType.MILESTONE,
            stage=milestone.stage,
            from_=None,
            to=milestone.stage,
            effective=milestone.actual,
            confidence=milestone.confidence,
            evidence=milestone.evidence,
            phase=phase,
        )

    def forecast(self, was: Period | None, milestone: Milestone, phase: str | None = None) -> Change:
        """A change: a forecast is new."""
        now = milestone.forecast
        return self.change(
            ChangeType.SCHEDULE,
            stage=milestone.stage,
            from_=str(was) if was else None,
            to=str(now),
            effective=now,
            confidence=milestone.confidence if was is None else self.occasion.confidence(self.policy),
            evidence=self.evidence(milestone.stage, State.EXPECTED),
            phase=phase,
        )

    def change(
        self,
        type_: ChangeType,
        *,
        stage: str | None,
        from_: str | float | None,
        to: str | float | None,
        effective: Period | None,
        confidence: Confidence,
        evidence: Sequence[Evidence],
        kind: FactKind | None = None,
        unit: str | None = None,
        phase: str | None = None,
    ) -> Change:
        """A change that the occasion brought."""
        ranked = foremost(evidence, self.occasion.source.article)
        return Change(
            id=change_id(self.after.project, type_, stage, kind, unit, from_, to, self.occasion.key, *_if(phase)),
            type=type_,
            project=self.after.project,
            stage=stage,
            from_=from_,
            to=to,
            at=self.occasion.at,
            effective=effective,
            confidence=confidence,
            sources=tuple(dict.fromkeys(e.source.url for e in ranked if e.source.url)),
            evidence=tuple(dict.fromkeys(e.sentence for e in ranked if e.sentence)),
            kind=kind,
            unit=unit,
            by=self.occasion.by,
            phase=phase,
            proof=proof_of(ranked),
        )


def newly_reached(before: ProjectState | PhaseState, after: ProjectState | PhaseState) -> Iterator[Milestone]:
    """The milestones that are reached now and were not known to be reached before."""
    for milestone in after.milestones:
        was = before.milestone(milestone.stage)
        if milestone.state is State.REACHED and (was is None or was.state is not State.REACHED):
            yield milestone


def moved_forecasts(
    before: ProjectState | PhaseState, after: ProjectState | PhaseState
) -> Iterator[tuple[Period | None, Milestone]]:
    """The milestones with a new forecast, each with its former forecast."""
    for milestone in after.milestones:
        previous = before.milestone(milestone.stage)
        was, now = previous.forecast if previous else None, milestone.forecast
        # A finer date inside a coarser one is a refinement. A coarser date around a finer one says nothing new.
        if now is not None and (was is None or not was.overlaps(now)):
            yield was, milestone


def _if(phase: str | None) -> tuple[str, ...]:
    """Adds nothing for the whole project, so that its ids stay the same as before phases existed."""
    return (phase,) if phase else ()
