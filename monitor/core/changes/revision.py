"""What a decision or another reading takes back of what was told, and the corrections that follow. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple, TypeGuard

from monitor.core.changes.comparison import WITHDRAWN, change_id, foremost, proof_of
from monitor.core.folding.weighing import FoldPolicy, same_value
from monitor.core.lifecycle import PLANNED, Condition
from monitor.core.model import Claim, Fact, Said, State
from monitor.core.news import Change, ChangeType, Mistake, Proof, Retraction
from monitor.core.periods import Period
from monitor.core.state import Confidence, Evidence, Milestone, ProjectState, Report

# Whether a change still holds after a correction, and whether another change only takes it back. Pure -----------------


def is_taken_back(change: Change, before: ProjectState, after: ProjectState, policy: FoldPolicy) -> bool:
    """Whether the change held before a correction, and no longer holds after it.

    Args:
        change: a change of this project.
        before: what was known before the correction.
        after: what is known after it. It differs by the correction alone, not by news.
        policy: says which amounts are equal.
    """
    return _holds(change, before, policy) and not _holds(change, after, policy)


def annuls(new: Change, former: Change) -> bool:
    """Whether the new change leads back to what was known before the former one."""
    if new.phase != former.phase:
        return False
    if (mistake := former.mistake) is not None:
        return (new.type, new.stage, new.kind, new.unit, new.to) == (
            mistake.type,
            mistake.stage,
            mistake.kind,
            mistake.unit,
            mistake.to,
        )
    if new.type is ChangeType.DISPUTED and new.to == WITHDRAWN:
        return former.stage == new.stage and former.type in {ChangeType.STATUS, ChangeType.MILESTONE}
    is_of_same = (new.type, new.kind, new.unit) == (former.type, former.kind, former.unit)
    if new.type is ChangeType.SCHEDULE:
        is_of_same = is_of_same and new.stage == former.stage
    return is_of_same and (new.from_, new.to) == (former.to, former.from_)


def annuls_history(new: Change, taken_back: Collection[Change]) -> bool:
    """Whether the new change only leads back from history, and nobody was told more of that since.

    Args:
        new: a change that a correction brings.
        taken_back: the earlier changes of its project that are no longer so after the correction.
    """
    untold = {_subject(former) for former in taken_back if former.is_history and annuls(new, former)}
    told = {_subject(former) for former in taken_back if not former.is_history}
    return bool(untold) and untold.isdisjoint(told)


def _subject(change: Change) -> tuple[object, ...]:
    return change.phase, change.stage, change.kind, change.unit


def _holds(change: Change, state: ProjectState, policy: FoldPolicy) -> bool:
    """Whether what the change tells is known in this state."""
    if (mistake := change.mistake) is not None:
        return not _holds(mistake, state, policy)
    milestone = _milestone(change, state)
    is_reached = milestone is not None and milestone.state is State.REACHED
    match change.type:
        case ChangeType.STATUS:
            is_planned = change.to == PLANNED and state.status is not None
            is_told = is_reached or is_planned or change.to in {state.status, Condition.RESUMED}
            held = is_told and state.status != change.from_
        case ChangeType.MILESTONE:
            held = is_reached
        case ChangeType.CONFIRMED:
            known = milestone if milestone is not None else state
            is_told = is_reached or change.stage == state.status
            held = is_told and known.confidence is Confidence.CONFIRMED
        case ChangeType.DISPUTED:
            held = not is_reached if change.to == WITHDRAWN else change.stage in state.contradicted
        case ChangeType.SCHEDULE if change.to is None:
            held = state.condition == Condition.DELAYED
        case ChangeType.SCHEDULE:
            held = _is_expected(milestone, change.to)
        case ChangeType.OVERDUE:
            held = _is_expected(milestone, change.from_)
        case ChangeType.FACT:
            held = any(
                (fact.kind, fact.unit, fact.phase) == (change.kind, change.unit, change.phase)
                and same_value(fact.undisputed, float(change.to or 0), policy)
                for fact in state.facts
            )
        case _:
            held = True
    return held


def _milestone(change: Change, state: ProjectState) -> Milestone | None:
    """The stage of the change, in the project or in the phase that it concerns."""
    if change.stage is None:
        return None
    if change.phase is None:
        return state.milestone(change.stage)
    return next((each.milestone(change.stage) for each in state.phases if each.phase == change.phase), None)


def _is_expected(milestone: Milestone | None, date: str | float | None) -> bool:
    """Whether a stage is expected at a date that is, or may be, this one."""
    forecast = milestone.forecast if milestone is not None else None
    return forecast is not None and forecast.overlaps(Period.parse(str(date)))


#: The changes that say that a stage or a condition has been reached.
_OF_STAGE = frozenset({ChangeType.STATUS, ChangeType.MILESTONE, ChangeType.CONFIRMED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What is known and said of one project before and after a correction, which brings no news."""

    #: The state before and after it. Called only if something was told.
    states: Callable[[], tuple[ProjectState, ProjectState]]
    #: All reports that the states are folded from.
    before: Collection[Report]
    after: Collection[Report]
    policy: FoldPolicy
    #: When it was made. Aware, UTC.
    at: datetime
    #: Why what it takes back was wrong. None if it is not known.
    because: Mistake | None = None

    def is_outdated(self, change: Change) -> bool:
        """Whether what the change tells held before and does not hold any more, whatever the cause."""
        return is_taken_back(change, *self.states(), self.policy) or self._is_wrong(change)

    def is_mistake(self, change: Change) -> bool:
        """Whether the change rests on what was taken back, even if the project has moved on since.

        Nobody says any more what it tells, or names the date that it tells beside. Or a sentence of its proof does not
        count any more, it held before, does not hold any more, and nothing new is said. What was right when it was told
        stays right, whatever was told since.
        """
        return self._is_wrong(change) or self._lost_date(change) is not None

    def _is_wrong(self, change: Change) -> bool:
        if change.retracts is not None:
            return False
        was, now = self.states()
        told = _told(self.before, was)
        tells = _told(self.after, now)
        if _is_said(change, told, self.policy) and not _is_said(change, tells, self.policy):
            return True
        return tells <= told and bool(self._lost_proof(change)) and is_taken_back(change, was, now, self.policy)

    def _lost_date(self, change: Change) -> "_Dated | None":
        """The date that the change names beside its news, if it was said before and nobody says it any more.

        An article that says the same without a date, after another reading, does not take its date back.
        """
        dated = _dated(change) if change.retracts is None else None
        if dated is None:
            return None
        was, now = self.states()
        told_by = {report.source.article for report, said in _counting(self.before, was) if dated.is_told_by(said)}
        tells = (
            dated.is_told_by(said) or (dated.is_told_undated_by(said) and report.source.article in told_by)
            for report, said in _counting(self.after, now)
        )
        return dated if told_by and not any(tells) else None

    def _lost_proof(self, change: Change) -> tuple[Proof, ...]:
        """The proof whose sentence counted before, and does not any more."""
        was, now = self.states()
        lost = _sentences(self.before, was) - _sentences(self.after, now)
        return tuple(proof for proof in change.proof if (proof.url, proof.sentence) in lost)

    def correction(self, mistake: Change) -> Change:
        """The change that takes this one back. There is one for each mistake, with a stable id.

        It quotes what is taken back. If only its date was wrong, that is why, and the rest may be corrected later.
        """
        was, now = self.states()
        lost = None if self._is_wrong(mistake) else self._lost_date(mistake)
        proof = proof_of(foremost(self._taken_back(mistake, was, now))) or self._lost_proof(mistake) or mistake.proof
        is_event = lost is not None and lost.state is State.REACHED
        return replace(
            mistake,
            id=correction_id(mistake.project, mistake.id, *(("date",) if lost else ())),
            from_=mistake.to,
            to=_known(mistake, now),
            at=self.at,
            by=None,
            sources=tuple(dict.fromkeys(each.url for each in proof if each.url)) or mistake.sources,
            evidence=tuple(dict.fromkeys(each.sentence for each in proof if each.sentence)) or mistake.evidence,
            proof=proof,
            retracts=Retraction(
                change=mistake.id,
                from_=mistake.from_,
                at=mistake.at,
                because=Mistake.DATE if is_event else self.because,
            ),
        )

    def _taken_back(self, mistake: Change, was: ProjectState, now: ProjectState) -> Iterator[Evidence]:
        """The evidence for the mistake, or for the date that it names, that does not count any more."""
        dated, left = _dated(mistake), {(report.source.about, said.told) for report, said in _counting(self.after, now)}
        for report, said in _counting(self.before, was):
            is_for_it = _is_said(mistake, (said,), self.policy) or (dated is not None and dated.is_told_by(said))
            if is_for_it and (report.source.about, said.told) not in left:
                yield Evidence.of(said, report.source)


def correction_id(project: str, mistake: str, *of: str) -> str:
    """The id of the correction of the change with this id, or of a part of it. There may be none."""
    return change_id(project, "correction", mistake, *of)


def is_covered(change: Change, correction: Change) -> bool:
    """Whether a correction tells what is known of the subject of this change, so that its reader needs no more."""
    return _revised_subject(change) == _revised_subject(correction)


def _revised_subject(change: Change) -> tuple[object, ...]:
    if change.kind is not None:
        return change.project, change.phase, change.kind, change.unit
    if change.type in {ChangeType.SCHEDULE, ChangeType.OVERDUE}:
        return change.project, change.phase, change.stage
    return change.project, change.phase


class _Dated(NamedTuple):
    """A stage or condition in one sense, at a date."""

    stage: str | None
    state: State
    phase: str | None
    date: Period

    def is_told_by(self, said: Said) -> bool:
        return self._is_of_same(said) and said.date is not None and said.date.overlaps(self.date)

    def is_told_undated_by(self, said: Said) -> bool:
        return self._is_of_same(said) and said.date is None

    def _is_of_same(self, said: Said) -> TypeGuard[Claim]:
        is_same = isinstance(said, Claim) and (said.stage, said.state) == (self.stage, self.state)
        return is_same and self.phase in {None, said.phase}


def _dated(change: Change) -> _Dated | None:
    """The date that the change names beside its news: when it happened, or when it was expected before."""
    is_of_stage = change.type in _OF_STAGE or change.stage == Condition.DELAYED
    if is_of_stage and change.effective is not None:
        return _Dated(change.stage, State.REACHED, change.phase, change.effective)
    if change.type is ChangeType.SCHEDULE and change.from_ is not None:
        return _Dated(change.stage, State.EXPECTED, change.phase, Period.parse(str(change.from_)))
    return None


def _counting(reports: Iterable[Report], state: ProjectState) -> Iterator[tuple[Report, Said]]:
    """What is said and counts, with the report that says it."""
    doubted = {(each.source.article, each.said.told) for each in state.unverified}
    for report in reports:
        for said in report.said:
            if (report.source.article, said.told) not in doubted:
                yield report, said


def _told(reports: Iterable[Report], state: ProjectState) -> frozenset[Said]:
    """What is said and counts, without its sentence and its certainty."""
    return frozenset(replace(said, confidence=1.0, evidence="") for _, said in _counting(reports, state))


def _sentences(reports: Iterable[Report], state: ProjectState) -> frozenset[tuple[str | None, str]]:
    """The sentences that count, each with the address of its article."""
    return frozenset((report.source.url, said.evidence) for report, said in _counting(reports, state))


def _is_said(change: Change, told: Collection[Said], policy: FoldPolicy) -> bool:
    """Whether somebody says exactly this."""
    if change.kind is not None:
        return any(isinstance(each, Fact) and _is_amount(each, change, policy) for each in told)
    if change.type is ChangeType.STATUS and change.to == PLANNED:
        # Every claim and fact is about a plan.
        return bool(told)
    return any(isinstance(each, Claim) and _tells(each, change) for each in told)


def _is_amount(fact: Fact, change: Change, policy: FoldPolicy) -> bool:
    is_same = (fact.kind, fact.unit, fact.phase) == (change.kind, change.unit, change.phase)
    return is_same and same_value(fact.value, float(change.to or 0), policy)


def _tells(claim: Claim, change: Change) -> bool:
    if claim.stage != change.stage or (change.phase is not None and claim.phase != change.phase):
        return False
    if change.type in _OF_STAGE or change.stage == Condition.DELAYED:
        return claim.state is State.REACHED
    if change.type is ChangeType.DISPUTED:
        return claim.state is State.DENIED and change.to != WITHDRAWN
    date = change.from_ if change.type is ChangeType.OVERDUE else change.to
    is_dated = claim.state is State.EXPECTED and claim.date is not None
    return is_dated and claim.date is not None and claim.date.overlaps(Period.parse(str(date)))


def _known(mistake: Change, state: ProjectState) -> str | float | None:
    """What is known of the subject of the mistake, in the form of its ``to``. None if nothing is."""
    if mistake.kind is not None:
        amount = mistake.kind, mistake.unit, mistake.phase
        return next((each.value for each in state.facts if (each.kind, each.unit, each.phase) == amount), None)
    part = next((each for each in state.phases if each.phase == mistake.phase), None) if mistake.phase else state
    if part is None:
        return None
    milestone: Milestone | None = part.milestone(mistake.stage) if mistake.stage else None
    if mistake.type in {ChangeType.SCHEDULE, ChangeType.OVERDUE}:
        return str(milestone.forecast) if milestone and milestone.forecast else None
    if mistake.type is ChangeType.CONFIRMED:
        is_reached = milestone is not None and milestone.state is State.REACHED
        held = milestone if milestone is not None and is_reached else state
        return held.confidence if is_reached or part.status == mistake.stage else None
    return None if mistake.type is ChangeType.DISPUTED else part.status
