"""Two states of a project side by side, and the changes between them. Pure."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.folding.known import is_known, proofs
from monitor.core.folding.weighing import FoldPolicy
from monitor.core.lifecycle import CONDITIONS, ENDED, OVERRIDING, PLANNED, Condition, Lifecycle
from monitor.core.model import Claim, FactKind, State
from monitor.core.news import Change, ChangeType, Proof
from monitor.core.periods import Period
from monitor.core.state import Confidence, Delay, Evidence, Milestone, PhaseState, ProjectState, Report, Source

# Parts of a change: its id and the proof that it shows. Pure ----------------------------------------------------------


#: A change names at most this many of its sources. The ledger keeps all of them.
MAX_EVIDENCE = 5


def change_id(*parts: object) -> str:
    """The first 128 bits of SHA-256 over what changed and its occasion. Always the same for the same parts."""
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def proof_of(evidence: Iterable[Evidence], *, exact: bool = True) -> tuple[Proof, ...]:
    """The proof that a change shows for this evidence, in its order.

    Leaves out what has neither sentence nor address, unless the operator knew it.

    Args:
        evidence: the evidence.
        exact: whether it tells exactly what the change tells.
    """
    proofs = (_proof(each, exact=exact) for each in evidence)
    shown = [proof for proof in proofs if proof.sentence or proof.url or proof.known]
    # An operator's decision on an article repeats its sentence.
    found: dict[object, Proof] = {}
    for each in shown:
        found.setdefault((each.sentence, each.url, each.known), each)
    return tuple(found.values())


def _proof(evidence: Evidence, *, exact: bool) -> Proof:
    source = evidence.source
    # If an article does not say when it was published, the instant at which it was first seen stands for it.
    is_dated = source.published_at < source.seen_at
    return Proof(
        sentence=evidence.sentence,
        url=source.url,
        outlet=source.outlet,
        title=source.title,
        published=source.published_at if is_dated else None,
        language=source.language,
        known=is_known(source),
        exact=exact,
    )


def foremost(evidence: Iterable[Evidence]) -> list[Evidence]:
    """The first pieces of evidence, each once, at most ``MAX_EVIDENCE``."""
    found: list[Evidence] = []
    for each in evidence:
        if each not in found:
            found.append(each)
        if len(found) == MAX_EVIDENCE:
            break
    return found


# The occasion of a change: why the ledger looked again, and what it learnt. Pure --------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Why the ledger looked again: it heard an article, or an operator decided on one claim or several."""

    #: Distinguishes this occasion from another one with the same change.
    key: str
    #: When the monitor learnt it. Aware, UTC.
    at: datetime
    source: Source
    claims: tuple[Claim, ...] = ()
    #: The operator who decided. None if no operator did.
    by: str | None = None
    #: The other decisions that were made together with this one.
    others: tuple["Occasion", ...] = ()

    @classmethod
    def of(cls, report: Report, *, is_edition: bool = False) -> "Occasion":
        """The occasion of a report that was heard. A new edition of a known article is another occasion."""
        source = report.source
        key = f"{source.article} {source.seen_at.isoformat()}" if is_edition else source.article
        return cls(key=key, at=source.seen_at, source=source, claims=report.claims)

    @classmethod
    def together(cls, occasions: Sequence["Occasion"]) -> "Occasion":
        """One occasion of several decisions. The key of a single one stays as it is."""
        first, *others = occasions
        return replace(first, key=" ".join(each.key for each in occasions), others=tuple(others))

    @property
    def articles(self) -> frozenset[str]:
        """The articles that speak, by their keys."""
        return frozenset(each.source.article for each in self._all)

    @property
    def told(self) -> tuple[Claim, ...]:
        """The claims of all the decisions."""
        return tuple(claim for each in self._all for claim in each.claims)

    @property
    def resumes(self) -> bool:
        """Whether it says that the project has resumed."""
        return any(claim.stage == Condition.RESUMED and claim.state is State.REACHED for claim in self.told)

    def evidence(self, stage: str, state: State = State.REACHED) -> tuple[Evidence, ...]:
        """Its sentences for this stage and state."""
        return tuple(each for claim, each in self.said if claim.stage == stage and claim.state is state)

    @property
    def said(self) -> list[tuple[Claim, Evidence]]:
        """All its claims with their sentences."""
        return [(claim, Evidence.of(claim, each.source)) for each in self._all for claim in each.claims]

    @property
    def _all(self) -> Sequence["Occasion"]:
        return (self, *self.others)

    def date(self, stage: str) -> Period | None:
        """The date that it gives for a stage or condition. None if it gives none."""
        return next((c.date for c in self.told if c.stage == stage and c.date), None)

    def confidence(self, policy: FoldPolicy) -> Confidence:
        """The confidence of its claims without any other source."""
        return Confidence.CONFIRMED if self.source.trust >= policy.official_trust else Confidence.REPORTED


@dataclass(frozen=True, slots=True)
class StateComparison:
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


# Changes to the status of a project and to what is believed to have happened. Pure ------------------------------------


#: The values of ``to`` in a ``disputed`` change: contradicted but still believed, denied and no longer believed, or
#: withdrawn by its source.
DISPUTED, DENIED, WITHDRAWN = "disputed", "denied", "withdrawn"


def status(seen: StateComparison) -> Iterator[Change]:
    """The status moved: forward, or into or out of a condition."""
    before, after = seen.before, seen.after
    if after.status == before.status:
        return
    if after.status is None:
        # ``disputed`` reports what a source withdrew.
        if seen.occasion.resumes:
            yield _lifted(seen)
        return
    if before.status is None and after.status == PLANNED and (before.milestones or before.condition):
        # A project with a milestone or a condition was already planned. That it is announced now is no news.
        return
    milestone = after.milestone(after.status)
    passed = before.milestone(after.status)
    is_passed = passed is not None and passed.state is State.REACHED
    reached = milestone.evidence if milestone else after.evidence
    effective, told = after.since, after.since
    evidence: Sequence[Evidence] = (*seen.evidence(after.status), *reached)
    beside: Sequence[Evidence] = ()
    stage: str = after.status
    if is_passed and before.status in OVERRIDING and seen.occasion.resumes:
        # The date and evidence from when the stage was first reached say nothing about the resumption.
        stage, effective, told, evidence = (
            Condition.RESUMED,
            seen.occasion.date(Condition.RESUMED),
            None,
            seen.evidence(Condition.RESUMED),
        )
    elif before.status and not seen.evidence(after.status) and (against := seen.against(before.status)):
        # What takes the former status back comes first, then what proves the stage below.
        told, evidence, beside = None, against, proofs(reached, after.since)
    yield seen.change(
        ChangeType.STATUS,
        stage=stage,
        from_=before.status,
        to=after.status,
        effective=effective,
        confidence=after.confidence,
        evidence=evidence,
        told=told,
        beside=beside,
    )


def _lifted(seen: StateComparison) -> Change:
    """The project has resumed: a condition is over, and no stage is known to which the project returns."""
    return seen.change(
        ChangeType.STATUS,
        stage=Condition.RESUMED,
        from_=seen.before.status,
        to=Condition.RESUMED,
        effective=seen.occasion.date(Condition.RESUMED),
        confidence=seen.occasion.confidence(seen.policy),
        evidence=seen.evidence(Condition.RESUMED),
    )


def milestones(seen: StateComparison) -> Iterator[Change]:
    """Newly reached stages that neither the status change reports nor the earlier status implies."""
    passed = seen.lifecycle.rank(PLANNED) if seen.before.status is not None else -1
    told = seen.lifecycle.rank(seen.after.status) if seen.climbed and seen.after.status else passed
    for milestone in newly_reached(seen.before, seen.after):
        if seen.lifecycle.rank(milestone.stage) > told:
            yield seen.reached(milestone)


def confirmed(seen: StateComparison) -> Iterator[Change]:
    """The status was only reported, and an official or independent source now confirms it."""
    before, after = seen.before, seen.after
    if after.status is None or after.status != before.status:
        return
    if before.confidence is Confidence.REPORTED and after.confidence is Confidence.CONFIRMED:
        milestone = after.milestone(after.status)
        # Confirmed may be that works go on, or that it happened at some time.
        is_dated = after.standing.confirms_date and after.standing == after.standing_since
        when = after.since if is_dated else None
        yield seen.change(
            ChangeType.CONFIRMED,
            stage=after.status,
            from_=Confidence.REPORTED,
            to=Confidence.CONFIRMED,
            effective=when,
            confidence=after.confidence,
            evidence=(
                *seen.evidence(after.status),
                *seen.evidence(Condition.RESUMED),
                *(milestone.evidence if milestone else after.evidence),
            ),
            told=when,
        )


def disputed(seen: StateComparison) -> Iterator[Change]:
    """A reported event is credibly denied, or its source withdraws it.

    If that moves the status, the status change reports it already.
    """
    told = {seen.before.status} if seen.after.status not in {seen.before.status, None} else set()
    for stage in seen.after.contradicted:
        believed = _is_believed(seen.after, stage)
        # The end of a delay does not deny the delay.
        is_over = stage in CONDITIONS and all(claim.stage != stage for claim in seen.occasion.told)
        is_other = believed != _is_believed(seen.before, stage) and not is_over
        if (is_other or stage not in seen.before.contradicted) and stage not in told:
            yield _contradicted(seen, stage, DISPUTED if believed else DENIED, seen.against(stage))
    for stage in _withdrawn(seen):
        if stage not in told:
            milestone = seen.before.milestone(stage)
            yield _contradicted(seen, stage, WITHDRAWN, milestone.evidence if milestone else seen.before.evidence)


def _withdrawn(seen: StateComparison) -> Iterator[str]:
    """What was believed to have happened and no source says any more."""
    for milestone in seen.before.milestones:
        now = seen.after.milestone(milestone.stage)
        is_held = now is not None and now.state is State.REACHED
        if milestone.state is State.REACHED and not is_held and milestone.stage not in seen.after.contradicted:
            yield milestone.stage
    condition = seen.before.status
    is_over = condition in OVERRIDING and seen.after.status is None
    if condition and is_over and condition not in seen.after.contradicted and not seen.occasion.resumes:
        yield condition


def _is_believed(state: ProjectState, stage: str) -> bool:
    """Whether a denied stage or condition is still believed to be reached."""
    milestone = state.milestone(stage)
    return milestone.state is State.REACHED if milestone else stage in {state.status, state.condition}


def _contradicted(seen: StateComparison, stage: str, to: str, evidence: Sequence[Evidence]) -> Change:
    return seen.change(
        ChangeType.DISPUTED,
        stage=stage,
        from_=State.REACHED,
        to=to,
        effective=None,
        confidence=seen.occasion.confidence(seen.policy),
        evidence=evidence,
    )
