"""What a decision or another reading takes back of what was told, and the corrections that follow. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.changes.moves import WITHDRAWN
from monitor.core.changes.raised import change_id
from monitor.core.changes.standing import is_taken_back
from monitor.core.folding.weighing import FoldPolicy, same_value
from monitor.core.lifecycle import PLANNED, Condition
from monitor.core.model import Claim, Fact, Said, State
from monitor.core.news import Change, ChangeType, Mistake, Retraction
from monitor.core.periods import Period
from monitor.core.state import Confidence, Milestone, ProjectState, Report

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
        return is_taken_back(change, *self.states(), self.policy) or self.is_mistake(change)

    def is_mistake(self, change: Change) -> bool:
        """Whether the change rests on what was taken back, even if the project has moved on since.

        Nobody says any more what it tells. Or a sentence of its proof does not count any more, it held before, does not
        hold any more, and nothing new is said. What was right when it was told stays right, whatever was told since.
        """
        if change.retracts is not None:
            return False
        was, now = self.states()
        told = _told(self.before, was)
        tells = _told(self.after, now)
        if _is_said(change, told, self.policy) and not _is_said(change, tells, self.policy):
            return True
        return tells <= told and self._has_lost_proof(change) and is_taken_back(change, was, now, self.policy)

    def _has_lost_proof(self, change: Change) -> bool:
        """Whether a sentence of the proof counted before, and does not any more."""
        was, now = self.states()
        lost = _sentences(self.before, was) - _sentences(self.after, now)
        return any((proof.url, proof.sentence) in lost for proof in change.proof)

    def correction(self, mistake: Change) -> Change:
        """The change that takes this one back. There is one for each mistake, with a stable id."""
        _, now = self.states()
        return replace(
            mistake,
            id=correction_id(mistake.project, mistake.id),
            from_=mistake.to,
            to=_known(mistake, now),
            at=self.at,
            by=None,
            retracts=Retraction(change=mistake.id, from_=mistake.from_, at=mistake.at, because=self.because),
        )


def correction_id(project: str, mistake: str) -> str:
    """The id of the correction of the change with this id. There may be none."""
    return change_id(project, "correction", mistake)


def is_covered(change: Change, correction: Change) -> bool:
    """Whether a correction tells what is known of the subject of this change, so that its reader needs no more."""
    return _subject(change) == _subject(correction)


def _subject(change: Change) -> tuple[object, ...]:
    if change.kind is not None:
        return change.project, change.phase, change.kind, change.unit
    if change.type in {ChangeType.SCHEDULE, ChangeType.OVERDUE}:
        return change.project, change.phase, change.stage
    return change.project, change.phase


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
        return Confidence.REPORTED if is_reached or part.status == mistake.stage else None
    return None if mistake.type is ChangeType.DISPUTED else part.status
