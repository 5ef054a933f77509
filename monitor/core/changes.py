"""What is known before and after → changes, each with a stable id."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from monitor.core.fold import Folding, publication_order
from monitor.core.lifecycle import OVERRIDING, Condition, Lifecycle
from monitor.core.model import Claim, FactKind, State
from monitor.core.news import Change, ChangeType, Proof
from monitor.core.periods import Period
from monitor.core.state import Confidence, Evidence, Milestone, PhaseState, ProjectState, Report, Source
from monitor.core.weighing import DEFAULT_POLICY, FoldPolicy, same_value

#: A change names this many of the sources that bear it out; the ledger keeps them all.
MAX_EVIDENCE = 5
#: What a stage or condition is called in a change of type ``disputed``: contradicted, yet believed; denied and given
#: up; or taken back by who said it.
DISPUTED, DENIED, WITHDRAWN = "disputed", "denied", "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Why the ledger looked again: an article was heard, or an operator decided."""

    #: Tells the same change on another occasion from this one.
    key: str
    #: When the monitor came to know it. Aware, UTC.
    at: datetime
    source: Source
    claims: tuple[Claim, ...] = ()
    #: The operator, where one decided.
    by: str | None = None

    @classmethod
    def of(cls, report: Report, *, is_edition: bool = False) -> "Occasion":
        """A report was heard; as another edition of an article that was heard before, it is another occasion."""
        source = report.source
        key = f"{source.article} {source.seen_at.isoformat()}" if is_edition else source.article
        return cls(key=key, at=source.seen_at, source=source, claims=report.claims)


def unfold(
    project: str,
    before: Sequence[Report],
    fresh: Iterable[Report],
    lifecycle: Lifecycle,
    policy: FoldPolicy = DEFAULT_POLICY,
    *,
    phases: Sequence[str] = (),
) -> Iterator[tuple[Report, Change]]:
    """The changes that fresh reports bring, taken one by one in the order of their publication, each with its report.

    A report of an article that was heard before takes the place of its former one where it was seen later, and brings
    what that changes; else it brings nothing.
    """
    folding = Folding(project, lifecycle, policy, phases=phases)
    folding.hear(before)
    state = folding.state(in_full=False)
    for report in sorted(fresh, key=publication_order):
        former = folding.edition(report.source.article)
        if former is not None and former.source.seen_at >= report.source.seen_at:
            continue
        folding.hear([report])
        after = folding.state(in_full=False)
        occasion = Occasion.of(report, is_edition=former is not None)
        for change in diff(state, after, occasion, lifecycle, policy):
            yield report, change
        state = after


def diff(
    before: ProjectState,
    after: ProjectState,
    occasion: Occasion,
    lifecycle: Lifecycle,
    policy: FoldPolicy = DEFAULT_POLICY,
) -> tuple[Change, ...]:
    """The changes between two states of a project, of which the second also knows what the occasion brought."""
    differ = _Differ(before, after, occasion, lifecycle, policy)
    return (
        *differ.status(),
        *differ.milestones(),
        *differ.confirmed(),
        *differ.disputed(),
        *differ.schedule(),
        *differ.facts(),
        *differ.phases(),
    )


def proof_of(evidence: Iterable[Evidence]) -> tuple[Proof, ...]:
    """What a change shows of the evidence that bears it out, in its order; what shows nothing is left out."""
    shown = (Proof(sentence=e.sentence, url=e.source.url, outlet=e.source.outlet) for e in evidence)
    return tuple(dict.fromkeys(proof for proof in shown if proof.sentence or proof.url))


def change_id(*parts: object) -> str:
    """128 bits of SHA-256 over what changed and the occasion that told it: the same whenever it is computed."""
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class _Differ:
    before: ProjectState
    after: ProjectState
    occasion: Occasion
    lifecycle: Lifecycle
    policy: FoldPolicy

    def status(self) -> Iterator[Change]:
        """The status moved: forward, or into or out of a condition."""
        before, after = self.before, self.after
        if after.status == before.status:
            return
        if after.status is None:
            # What was told and is taken back is told by ``disputed``.
            if self._resumes():
                yield self._lifted()
            return
        milestone = after.milestone(after.status)
        own = self._own_evidence(Condition.RESUMED if before.status in OVERRIDING else after.status)
        yield self._change(
            ChangeType.STATUS,
            stage=after.status,
            from_=before.status,
            to=after.status,
            effective=after.since,
            confidence=after.confidence,
            evidence=(*own, *(milestone.evidence if milestone else ())),
        )

    def _lifted(self) -> Change:
        """A condition is over, and no stage is known to which the project goes back: it has resumed."""
        return self._change(
            ChangeType.STATUS,
            stage=Condition.RESUMED,
            from_=self.before.status,
            to=Condition.RESUMED,
            effective=self._own_date(Condition.RESUMED),
            confidence=self._own_confidence(),
            evidence=self._own_evidence(Condition.RESUMED),
        )

    def milestones(self) -> Iterator[Change]:
        """Stages newly known to be reached that the move of the status does not tell already."""
        told = self.lifecycle.rank(self.after.status) if self._climbed() and self.after.status else -1
        for milestone in _newly_reached(self.before, self.after):
            if self.lifecycle.rank(milestone.stage) > told:
                yield self._reached(milestone)

    def confirmed(self) -> Iterator[Change]:
        """The status, first reported, is now borne out by an official or an independent source."""
        before, after = self.before, self.after
        if after.status is None or after.status != before.status:
            return
        if before.confidence is Confidence.REPORTED and after.confidence is Confidence.CONFIRMED:
            milestone = after.milestone(after.status)
            yield self._change(
                ChangeType.CONFIRMED,
                stage=after.status,
                from_=Confidence.REPORTED,
                to=Confidence.CONFIRMED,
                effective=after.since,
                confidence=after.confidence,
                evidence=(*self._own_evidence(after.status), *(milestone.evidence if milestone else ())),
            )

    def disputed(self) -> Iterator[Change]:
        """What was told to have happened is credibly denied, or is taken back by who told it.

        Where the status moves by it, that tells it already.
        """
        told = {self.before.status} if self.after.status not in {self.before.status, None} else set()
        for stage in self.after.disputed:
            believed = self._is_believed(self.after, stage)
            is_new = stage not in self.before.disputed or believed != self._is_believed(self.before, stage)
            if is_new and stage not in told:
                yield self._contradicted(stage, DISPUTED if believed else DENIED, State.DENIED)
        for stage in self._withdrawn():
            if stage not in told:
                yield self._contradicted(stage, WITHDRAWN, State.REACHED)

    def _withdrawn(self) -> Iterator[str]:
        """What was held to have happened and nobody says any longer."""
        for milestone in self.before.milestones:
            now = self.after.milestone(milestone.stage)
            is_held = now is not None and now.state is State.REACHED
            if milestone.state is State.REACHED and not is_held and milestone.stage not in self.after.disputed:
                yield milestone.stage
        condition = self.before.status
        is_over = condition in OVERRIDING and self.after.status is None
        if condition and is_over and condition not in self.after.disputed and not self._resumes():
            yield condition

    def schedule(self) -> Iterator[Change]:
        """Forecasts first known, slipped or pulled in; and a delay of which no new date is said."""
        moved = list(self._moved(self.before, self.after))
        for was, milestone in moved:
            yield self._forecast_change(was, milestone)
        if self._newly_delayed() and not any(was for was, _ in moved):
            yield self._change(
                ChangeType.SCHEDULE,
                stage=Condition.DELAYED,
                from_=None,
                to=None,
                effective=self._own_date(Condition.DELAYED),
                confidence=self._own_confidence(),
                evidence=self._own_evidence(Condition.DELAYED),
            )

    def facts(self) -> Iterator[Change]:
        """Values first known, or changed beyond rounding. An amount told again in another currency is no news."""
        for fact in self.after.facts:
            same_kind = [f for f in self.before.facts if f.kind is fact.kind]
            was = next((f for f in same_kind if f.unit == fact.unit), None)
            if was is not None and same_value(was.value, fact.value, self.policy):
                continue
            if was is None and same_kind and fact.kind is FactKind.INVESTMENT:
                continue
            yield self._change(
                ChangeType.FACT,
                stage=None,
                from_=was.value if was else None,
                to=fact.value,
                effective=None,
                confidence=fact.confidence,
                evidence=fact.evidence,
                kind=fact.kind,
                unit=fact.unit,
            )

    def phases(self) -> Iterator[Change]:
        """What moved in one phase and is not told of the project: stages reached, forecasts."""
        known = {phase.phase: phase for phase in self.before.phases}
        told = {milestone.stage for milestone in _newly_reached(self.before, self.after)}
        moved = {milestone.stage for _, milestone in self._moved(self.before, self.after)}
        for after in self.after.phases:
            before = known.get(after.phase, PhaseState(phase=after.phase, status=None, milestones=(), facts=()))
            for milestone in _newly_reached(before, after):
                if milestone.stage not in told:
                    yield self._reached(milestone, phase=after.phase)
            for was, milestone in self._moved(before, after):
                if milestone.stage not in moved:
                    yield self._forecast_change(was, milestone, phase=after.phase)

    # ------------------------------------------------------------ what the rules ask

    def _climbed(self) -> bool:
        return (
            self.after.status is not None
            and self.after.status != self.before.status
            and self.lifecycle.has(self.after.status)
        )

    def _newly_delayed(self) -> bool:
        return self.after.condition == Condition.DELAYED and self.before.condition != Condition.DELAYED

    def _moved(
        self, before: ProjectState | PhaseState, after: ProjectState | PhaseState
    ) -> Iterator[tuple[Period | None, Milestone]]:
        """The milestones whose forecast is new, each with the forecast before."""
        for milestone in after.milestones:
            previous = before.milestone(milestone.stage)
            was, now = previous.forecast if previous else None, milestone.forecast
            # A finer date inside a coarser one is a refinement, and a coarser one around it says nothing new.
            if now is not None and (was is None or not was.overlaps(now)):
                yield was, milestone

    def _is_believed(self, state: ProjectState, stage: str) -> bool:
        """Whether a stage or condition that is denied is held to be reached all the same."""
        milestone = state.milestone(stage)
        return milestone.state is State.REACHED if milestone else stage in {state.status, state.condition}

    def _resumes(self) -> bool:
        return any(claim.stage == Condition.RESUMED for claim in self.occasion.claims)

    def _own_evidence(self, stage: str, state: State = State.REACHED) -> tuple[Evidence, ...]:
        """The occasion's sentences that say so; where none says just that, all that it claims."""
        claims = self.occasion.claims
        own = [claim for claim in claims if claim.stage == stage and claim.state is state] or claims
        return tuple(Evidence(source=self.occasion.source, sentence=claim.evidence) for claim in own)

    def _own_date(self, stage: str) -> Period | None:
        return next((c.date for c in self.occasion.claims if c.stage == stage and c.date), None)

    def _own_confidence(self) -> Confidence:
        trusted = self.occasion.source.trust >= self.policy.official_trust
        return Confidence.CONFIRMED if trusted else Confidence.REPORTED

    # ------------------------------------------------------------ the changes

    def _reached(self, milestone: Milestone, phase: str | None = None) -> Change:
        return self._change(
            ChangeType.MILESTONE,
            stage=milestone.stage,
            from_=None,
            to=milestone.stage,
            effective=milestone.actual,
            confidence=milestone.confidence,
            evidence=milestone.evidence,
            phase=phase,
        )

    def _forecast_change(self, was: Period | None, milestone: Milestone, phase: str | None = None) -> Change:
        now = milestone.forecast
        return self._change(
            ChangeType.SCHEDULE,
            stage=milestone.stage,
            from_=str(was) if was else None,
            to=str(now),
            effective=now,
            confidence=milestone.confidence if was is None else self._own_confidence(),
            evidence=self._own_evidence(milestone.stage, State.EXPECTED),
            phase=phase,
        )

    def _contradicted(self, stage: str, to: str, state: State) -> Change:
        return self._change(
            ChangeType.DISPUTED,
            stage=stage,
            from_=State.REACHED,
            to=to,
            effective=None,
            confidence=self._own_confidence(),
            evidence=self._own_evidence(stage, state),
        )

    def _change(
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
        ranked = _foremost(evidence, self.occasion.source.article)
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


def _newly_reached(before: ProjectState | PhaseState, after: ProjectState | PhaseState) -> Iterator[Milestone]:
    for milestone in after.milestones:
        was = before.milestone(milestone.stage)
        if milestone.state is State.REACHED and (was is None or was.state is not State.REACHED):
            yield milestone


def _foremost(evidence: Sequence[Evidence], article: str) -> list[Evidence]:
    """A few of these: the article's own word first, for it is what made the difference."""
    own = (each for each in evidence if each.source.article == article)
    found: list[Evidence] = []
    for each in chain(own, evidence):
        if each not in found:
            found.append(each)
        if len(found) == MAX_EVIDENCE:
            break
    return found


def _if(phase: str | None) -> tuple[str, ...]:
    """Ids of changes of the whole project are as they were before there were phases."""
    return (phase,) if phase else ()
