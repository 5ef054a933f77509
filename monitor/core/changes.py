"""What is known before and after → changes, each with a stable id."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.core.fold import DEFAULT_POLICY, FoldPolicy, fold, publication_order, same_value
from monitor.core.lifecycle import OVERRIDING, Condition, Lifecycle
from monitor.core.model import (
    Change,
    ChangeType,
    Confidence,
    Evidence,
    FactKind,
    Milestone,
    ProjectState,
    Report,
    State,
)
from monitor.core.periods import Period

#: A change names this many of the sources that bear it out; the ledger keeps them all.
MAX_EVIDENCE = 5


def unfold(
    project: str,
    before: Sequence[Report],
    fresh: Iterable[Report],
    lifecycle: Lifecycle,
    policy: FoldPolicy = DEFAULT_POLICY,
) -> Iterator[tuple[Report, Change]]:
    """The changes that fresh reports bring, taken one by one in the order of their publication, each with its report.

    Reports of articles that were heard before bring none.
    """
    heard = list(before)
    known = {report.source.article for report in before}
    state = fold(project, heard, lifecycle, policy)
    for report in sorted(fresh, key=publication_order):
        if report.source.article in known:
            continue
        known.add(report.source.article)
        heard.append(report)
        after = fold(project, heard, lifecycle, policy)
        for change in diff(state, after, report, lifecycle, policy):
            yield report, change
        state = after


def diff(
    before: ProjectState, after: ProjectState, report: Report, lifecycle: Lifecycle, policy: FoldPolicy = DEFAULT_POLICY
) -> tuple[Change, ...]:
    """The changes between two states of a project, of which the second also knows the report."""
    differ = _Differ(before, after, report, lifecycle, policy)
    return (*differ.status(), *differ.milestones(), *differ.confirmed(), *differ.schedule(), *differ.facts())


@dataclass(frozen=True, slots=True)
class _Differ:
    before: ProjectState
    after: ProjectState
    report: Report
    lifecycle: Lifecycle
    policy: FoldPolicy

    def status(self) -> Iterator[Change]:
        """The status moved: forward, or into or out of a condition."""
        before, after = self.before, self.after
        if after.status == before.status:
            return
        if after.status is None:
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
        for milestone in self.after.milestones:
            if milestone.state is not State.REACHED or self._was_reached(milestone.stage):
                continue
            if self.lifecycle.rank(milestone.stage) <= told:
                continue
            yield self._change(
                ChangeType.MILESTONE,
                stage=milestone.stage,
                from_=None,
                to=milestone.stage,
                effective=milestone.actual,
                confidence=milestone.confidence,
                evidence=milestone.evidence,
            )

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

    def schedule(self) -> Iterator[Change]:
        """Forecasts first known, slipped or pulled in; and a delay of which no new date is said."""
        slipped = False
        for milestone in self.after.milestones:
            previous = self.before.milestone(milestone.stage)
            was = previous.forecast if previous else None
            now = milestone.forecast
            # A finer date inside a coarser one is a refinement, and a coarser one around it says nothing new.
            if now is None or (was is not None and was.overlaps(now)):
                continue
            slipped = slipped or was is not None
            yield self._forecast_change(milestone.stage, was, now, milestone)
        if self._newly_delayed() and not slipped:
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

    # ------------------------------------------------------------ what the rules ask

    def _climbed(self) -> bool:
        return (
            self.after.status is not None
            and self.after.status != self.before.status
            and self.lifecycle.has(self.after.status)
        )

    def _was_reached(self, stage: str) -> bool:
        milestone = self.before.milestone(stage)
        return milestone is not None and milestone.state is State.REACHED

    def _newly_delayed(self) -> bool:
        return self.after.condition == Condition.DELAYED and self.before.condition != Condition.DELAYED

    def _own_evidence(self, stage: str, state: State = State.REACHED) -> tuple[Evidence, ...]:
        """The report's sentences that say so; where none says just that, all that it claims."""
        claims = self.report.claims
        own = [claim for claim in claims if claim.stage == stage and claim.state is state] or claims
        return tuple(Evidence(source=self.report.source, sentence=claim.evidence) for claim in own)

    def _own_date(self, stage: str) -> Period | None:
        return next((c.date for c in self.report.claims if c.stage == stage and c.date), None)

    def _own_confidence(self) -> Confidence:
        trusted = self.report.source.trust >= self.policy.confirming_weight
        return Confidence.CONFIRMED if trusted else Confidence.REPORTED

    def _forecast_change(self, stage: str, was: Period | None, now: Period, milestone: Milestone) -> Change:
        return self._change(
            ChangeType.SCHEDULE,
            stage=stage,
            from_=str(was) if was else None,
            to=str(now),
            effective=now,
            confidence=milestone.confidence if was is None else self._own_confidence(),
            evidence=self._own_evidence(stage, State.EXPECTED),
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
    ) -> Change:
        # The report's own word first: it is what made the difference.
        article = self.report.source.article
        ranked = sorted(dict.fromkeys(evidence), key=lambda e: e.source.article != article)[:MAX_EVIDENCE]
        return Change(
            id=_change_id(self.after.project, type_, stage, kind, unit, from_, to, article),
            type=type_,
            project=self.after.project,
            stage=stage,
            from_=from_,
            to=to,
            at=self.report.source.seen_at,
            effective=effective,
            confidence=confidence,
            sources=tuple(dict.fromkeys(e.source.url for e in ranked if e.source.url)),
            evidence=tuple(dict.fromkeys(e.sentence for e in ranked if e.sentence)),
            kind=kind,
            unit=unit,
        )


def _change_id(*parts: object) -> str:
    """128 bits of SHA-256 over what changed and the article that first told it: the same whenever it is computed."""
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
