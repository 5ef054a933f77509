"""Two states of a project side by side, and the changes between them. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.core.changes.occasion import Occasion
from monitor.core.changes.raised import change_id, foremost, proof_of
from monitor.core.folding.proof import proofs
from monitor.core.folding.weighing import FoldPolicy
from monitor.core.lifecycle import ENDED, OVERRIDING, PLANNED, Condition, Lifecycle
from monitor.core.model import Claim, FactKind, State
from monitor.core.news import Change, ChangeType
from monitor.core.periods import Period
from monitor.core.state import Confidence, Delay, Evidence, Milestone, PhaseState, ProjectState


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
            Evidence.of(each.said, each.source)
            for each in self.before.unverified
            if isinstance(each.said, Claim) and each.said.stage == stage and each.said.state is state
            if each not in left and each.source.article not in self.occasion.articles
        )
        return (*self.occasion.evidence(stage, state), *borne_out)

    def against(self, stage: str) -> tuple[Evidence, ...]:
        """The sentences that speak against that a stage or condition is reached, those of the occasion first.

        They deny it, expect it, tell its end, or tell of works that go on.
        """
        own = (each for claim, each in self.occasion.said if self._is_against(claim, stage))
        return (*own, *self.after.denials.get(stage, ()))

    def _is_against(self, claim: Claim, stage: str) -> bool:
        if claim.stage == stage:
            return claim.state is not State.REACHED
        if claim.state is not State.REACHED:
            return False
        ends = stage in OVERRIDING and claim.stage == Condition.RESUMED
        return ends or (stage in ENDED and claim.stage != PLANNED and self.lifecycle.has(claim.stage))

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
            told=milestone.actual,
            phase=phase,
        )

    def forecast(self, was: Period | None, milestone: Milestone, phase: str | None = None) -> Change:
        """A change: a forecast is new."""
        now = milestone.forecast
        own = self.evidence(milestone.stage, State.EXPECTED)
        return self.change(
            ChangeType.SCHEDULE,
            stage=milestone.stage,
            from_=str(was) if was else None,
            to=str(now),
            effective=now,
            confidence=milestone.confidence,
            evidence=(*own, *milestone.evidence),
            told=now,
            beside=() if own else (*self.evidence(Condition.DELAYED), *self.against(milestone.stage)),
            is_expected=True,
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
        told: Period | float | None = None,
        beside: Sequence[Evidence] = (),
        is_expected: bool = False,
        kind: FactKind | None = None,
        unit: str | None = None,
        phase: str | None = None,
    ) -> Change:
        """A change that the occasion brought.

        Its proof is what tells exactly this date or amount (``core.folding.proof``). The sentences of the occasion come
        first, because it made the difference. If they tell something else, they come last.

        Args:
            type_: the type of the change.
            stage: its stage or condition.
            from_: what was known before.
            to: what is known now.
            effective: when it happened or is expected.
            confidence: how sure it is.
            evidence: the evidence for it.
            told: the date or amount that the proof must tell. None for any.
            beside: what else led to the change. It comes last.
            is_expected: whether it is still to come.
            kind: the kind of an amount.
            unit: the unit of an amount.
            phase: the phase that it concerns.
        """
        articles = self.occasion.articles
        exact = proofs(evidence, told, is_expected=is_expected)
        own = [each for each in evidence if each.source.article in articles]
        proven = foremost([*(each for each in exact if each.source.article in articles), *exact])
        ranked = foremost([*proven, *own, *beside])
        led = [each for each in ranked if each not in proven]
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
            proof=(*proof_of(proven), *proof_of(led, exact=False)),
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
    """The milestones with a new forecast, each with its former forecast.

    What was expected before a stage was told as reached, and is expected again because it was not, is no news.
    """
    for milestone in after.milestones:
        previous = before.milestone(milestone.stage)
        was, now = previous.forecast if previous else None, milestone.forecast
        if previous is not None and now is not None and _is_expected_again(now, milestone, previous):
            continue
        # A finer date inside a coarser one is a refinement. A coarser date around a finer one says nothing new.
        if now is not None and (was is None or not was.overlaps(now)):
            yield was, milestone


def delay_is_new(before: ProjectState, delay: Delay) -> bool:
    """Whether a delay has not been told before: not even before the end or halt that has hidden it."""
    if before.condition == Condition.DELAYED:
        return False
    return not (before.status in OVERRIDING and _is_back(delay.evidence, before.evidence))


def _is_expected_again(now: Period, milestone: Milestone, reached: Milestone) -> bool:
    """Whether a stage that was believed to be reached is expected again when it was before."""
    if reached.state is not State.REACHED:
        return False
    if reached.promised is not None:
        return reached.promised.overlaps(now)
    return _is_back(milestone.evidence, reached.evidence)


def _is_back(told: Sequence[Evidence], meanwhile: Sequence[Evidence]) -> bool:
    """Whether something was told before what was believed instead for a time, and not again since."""
    since = min((each.source.published_at for each in meanwhile), default=None)
    return since is not None and all(each.source.published_at < since for each in told)


def _if(phase: str | None) -> tuple[str, ...]:
    """Adds nothing for the whole project, so that its ids stay the same as before phases existed."""
    return (phase,) if phase else ()
