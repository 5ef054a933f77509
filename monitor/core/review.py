"""Decisions of operators on what was read, and what operators should look at. Pure."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from monitor.core.folding.fold import publication_order
from monitor.core.folding.known import operators_word
from monitor.core.folding.weighing import DEFAULT_POLICY, FoldPolicy
from monitor.core.lifecycle import ADVERSE
from monitor.core.model import Claim, Fact, Said, State
from monitor.core.news import Mistake
from monitor.core.periods import Period
from monitor.core.state import ProjectState, Report, Source

# The decisions of an operator on claims and facts, and how they change the reports before the fold. Pure --------------
#
# A decision concerns one claim or fact of one article. It applies to the same claim in every copy of the story,
# including later copies. It stores its claim and source, so it holds whatever becomes of the reading. The reports stay
# as they were read. A decision only stands between them and the fold.


S = TypeVar("S", Claim, Fact)


class Ruling(StrEnum):
    """What an operator may decide about a claim or a fact."""

    #: It is true: it also counts as said by an official source.
    CONFIRM = "confirm"
    #: It is false, or was not said: the state keeps no trace of it.
    REJECT = "reject"
    #: It is wrong: the correct claim replaces it, as said by an official source.
    CORRECT = "correct"
    #: It belongs to another project: it counts there, as said by its article.
    ASSIGN = "assign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One decision on one claim or fact."""

    #: The claim as it was read at the time of the decision.
    claim: Said
    source: Source
    verdict: Ruling
    #: What replaces it (CORRECT, ASSIGN), or None.
    instead: Said | None = None
    author: str
    reason: str = ""
    #: What is wrong with the claim, for those who were told of it. None if the operator does not say.
    because: Mistake | None = None
    #: Aware, UTC.
    at: datetime
    #: When it was withdrawn. None while it is in force.
    undone_at: datetime | None = None
    undone_by: str | None = None

    @property
    def projects(self) -> tuple[str, ...]:
        """The projects whose state it affects."""
        return tuple(dict.fromkeys(claim.project for claim in (self.claim, self.instead) if claim))

    @property
    def is_in_force(self) -> bool:
        return self.undone_at is None

    @property
    def cause(self) -> Mistake | None:
        """What is wrong with the claim, as far as the decision says or shows it. None for one that is undone."""
        if not self.is_in_force:
            return None
        if self.because is not None:
            return self.because
        if self.verdict is Ruling.ASSIGN:
            return Mistake.PROJECT
        if self.instead is None:
            return None
        if isinstance(self.instead, Fact):
            return Mistake.AMOUNT
        is_of_same = _names(self.instead) == _names(self.claim)
        return Mistake.DATE if is_of_same else Mistake.READING


def is_wrong_project(review: Review) -> bool:
    """Whether it says that the article is not about the project, rather than that what it says is wrong."""
    return review.verdict is Ruling.REJECT and review.because is Mistake.PROJECT


def claim_id(claim: Said, source: Source) -> str:
    """A short id of one claim or fact of one article. The same in every ledger, and after the article is read again."""
    what = (claim.stage, claim.state) if isinstance(claim, Claim) else (claim.kind, claim.unit)
    detail = _detail(claim)
    said = source.article, *what, "" if detail is None else str(detail), claim.phase or ""
    digest = hashlib.sha256("\x1f".join(said).encode()).hexdigest()
    return f"{claim.project}:{digest[:8]}"


def bearing(reviews: Iterable[Review]) -> Mapping[str, Sequence[Review]]:
    """For each project that a decision touches, all decisions that are needed to fold it.

    If a claim was assigned to it from another project, these include the decisions on claims of that project. A later
    one of them may have replaced the assignment.
    """
    of_claims: dict[str, list[Review]] = defaultdict(list)
    origins: dict[str, set[str]] = defaultdict(set)
    for review in reviews:
        of_claims[review.claim.project].append(review)
        for project in review.projects:
            origins[project].add(review.claim.project)
    return {
        project: tuple(review for origin in sorted(origins[project]) for review in of_claims[origin])
        for project in sorted(origins)
    }


def reviewed(project: str, reports: Iterable[Report], reviews: Iterable[Review]) -> tuple[Report, ...]:
    """The reports of a project after these decisions, as they are folded, oldest publication first.

    Args:
        project: the project of the reports.
        reports: the reports as they were read, one for each article.
        reviews: the decisions in force that bear on the project, in any order. The latest on a claim counts.
    """
    latest = latest_of(reviews)
    aimed: dict[str, list[Review]] = defaultdict(list)
    for review in latest:
        if review.claim.project == project:
            aimed[review.source.story].append(review)
    told = {report.source.article: _judged(report, aimed.get(report.source.story, ())) for report in reports}
    for review in latest:
        added = _added(review)
        if added is None or (review.instead or review.claim).project != project:
            continue
        own = told.get(added.source.article, Report(source=added.source))
        told[added.source.article] = replace(own, claims=(*own.claims, *added.claims), facts=(*own.facts, *added.facts))
    return tuple(sorted((report for report in told.values() if report.claims or report.facts), key=publication_order))


def review_of(claim: Said, report: Report, reviews: Iterable[Review]) -> Review | None:
    """The decision that applies to a claim or fact of this report, or None.

    The decision on exactly this claim takes precedence. Otherwise it is a decision on another date of the same stage
    and state, or another amount of the same quantity, that the report no longer gives. Another edition or another
    reading most often differs in just that.
    """
    same = [r for r in latest_of(reviews) if r.source.story == report.source.story and _names(r.claim) == _names(claim)]
    told = {_detail(other) for other in report.said if _names(other) == _names(claim)}
    exact = [review for review in same if _detail(review.claim) == _detail(claim)]
    return next(reversed(exact or [review for review in same if _detail(review.claim) not in told]), None)


def _names(claim: Said) -> tuple[str | None, ...]:
    """Everything that identifies a claim or fact, except the date or the amount."""
    what = (claim.stage, claim.state) if isinstance(claim, Claim) else (claim.kind, claim.unit)
    return claim.project, *what, claim.phase


def _detail(claim: Said) -> Period | float | None:
    return claim.date if isinstance(claim, Claim) else claim.value


def latest_of(reviews: Iterable[Review]) -> list[Review]:
    """The latest decision on each claim of each story, in the order in which they were made."""
    latest: dict[object, Review] = {}
    for review in sorted(reviews, key=lambda review: (review.at, repr(review))):
        aim = review.source.story, *_names(review.claim), _detail(review.claim)
        latest.pop(aim, None)
        latest[aim] = review
    return list(latest.values())


def _judged(report: Report, reviews: Sequence[Review]) -> Report:
    """The report without what the decisions remove, and with full confidence in what they confirm."""
    if not reviews:
        return report

    def counting(told: Iterable[S]) -> Iterator[S]:
        for said in told:
            review = review_of(said, report, reviews)
            if review is None:
                yield said
            elif review.verdict is Ruling.CONFIRM:
                yield replace(said, confidence=1.0)

    return replace(report, claims=tuple(counting(report.claims)), facts=tuple(counting(report.facts)))


def _added(review: Review) -> Report | None:
    """What a decision adds: the operator's word, or the article's own word on another project."""
    if review.verdict is Ruling.REJECT:
        return None
    source = review.source
    if review.verdict is not Ruling.ASSIGN:
        source = operators_word(source, claim=claim_id(review.claim, source), by=review.author, at=review.at)
    said = replace(review.instead or review.claim, confidence=1.0)
    return Report(source=source, claims=(said,)) if isinstance(said, Claim) else Report(source=source, facts=(said,))


# What an operator puts in place of a wrong claim or fact --------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCorrection:
    """The parts that are wrong, as they should be. None leaves a part as it is."""

    stage: str | None = None
    state: State | None = None
    date: Period | None = None
    #: Of a fact, in full units.
    value: float | None = None
    unit: str | None = None

    def of(self, wrong: Said, stages: Collection[str]) -> Said:
        """The corrected claim or fact, without doubt.

        Args:
            wrong: what was read.
            stages: the stages and conditions that a claim of its project may name.

        Raises:
            ValueError: nothing is corrected, a claim has no such part, or there is no such stage.
        """
        of_claim, of_amount = (self.stage, self.state, self.date), (self.value, self.unit)
        if not _any((*of_claim, *of_amount)):
            raise ValueError("say what is right: stage, state or date; of an amount value or unit")
        if _any(of_claim if isinstance(wrong, Fact) else of_amount):
            raise ValueError("value and unit are of amounts; stage, state and date are of claims")
        if isinstance(wrong, Fact):
            value = wrong.value if self.value is None else self.value
            return replace(wrong, value=value, unit=self.unit or wrong.unit, confidence=1.0)
        stage = self.stage or wrong.stage
        if stage not in stages:
            raise ValueError(f"no stage '{stage}'; there are {', '.join(stages)}")
        return replace(
            wrong, stage=stage, state=self.state or wrong.state, date=self.date or wrong.date, confidence=1.0
        )


def _any(parts: Collection[object]) -> bool:
    return any(part is not None for part in parts)


# Finds the claims and facts that an operator should look at, and says why. Pure ---------------------------------------


class Doubt(StrEnum):
    """Why a claim is worth a look."""

    #: Its reader is not sure, and too few others say so. It has no effect yet.
    UNVERIFIED = "unverified"
    #: It expects a delay, a halt or an end. No state of a project shows that, whoever says it.
    AHEAD = "ahead"
    #: Credible sources contradict each other.
    DISPUTED = "disputed"
    #: It says that an event that was reported before has not happened, or is still to come.
    BACKWARD = "backward"
    #: It reports a past event, and only an outlet with little trust says so.
    LONE = "lone"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenClaim:
    """A claim or fact without a decision."""

    claim: Said
    #: The earliest published article of its story that makes it.
    source: Source
    #: The number of other articles of the story that say the same. A decision applies to them too.
    copies: int
    #: Why it is worth a look. Empty for most.
    doubts: tuple[Doubt, ...]


def open_claims(
    reports: Sequence[Report],
    reviews: Iterable[Review],
    state: ProjectState,
    *,
    policy: FoldPolicy = DEFAULT_POLICY,
) -> tuple[OpenClaim, ...]:
    """The claims and facts of a project without a decision, the earliest published first.

    Args:
        reports: the reports on one project, as they were read.
        reviews: the decisions in force that touch the project.
        state: the state of the project that follows from both.
        policy: the thresholds of belief.
    """
    ordered = sorted(reports, key=publication_order)
    decided: dict[str, list[Review]] = defaultdict(list)
    for review in reviews:
        decided[review.source.story].append(review)
    said = _ProjectSayings(ordered, state, policy)
    told: dict[object, tuple[Said, Source]] = {}
    articles: Counter[object] = Counter()
    for report in ordered:
        for claim in dict.fromkeys(report.said):
            if review_of(claim, report, decided.get(report.source.story, ())) is None:
                same = report.source.story, *claim.told
                told.setdefault(same, (claim, report.source))
                articles[same] += 1
    return tuple(
        OpenClaim(claim=claim, source=source, copies=articles[same] - 1, doubts=tuple(said.doubts(claim, source)))
        for same, (claim, source) in told.items()
    )


class _ProjectSayings:
    """Everything said about one project, against which a claim is checked."""

    def __init__(self, ordered: Sequence[Report], state: ProjectState, policy: FoldPolicy) -> None:
        self._disputed = frozenset(state.contradicted)
        self._policy = policy
        self._unverified = frozenset((each.source.story, each.said.told) for each in state.unverified)
        #: By stage: the sources that say that it was reached, the earliest published first.
        self._reached: dict[str, list[Source]] = defaultdict(list)
        #: The stages and conditions of which some report counts that says so.
        self._happened: set[str] = set()
        for report in ordered:
            for claim in report.claims:
                if claim.state is State.REACHED:
                    self._reached[claim.stage].append(report.source)
                    if (report.source.story, claim.told) not in self._unverified:
                        self._happened.add(claim.stage)

    def doubts(self, claim: Said, source: Source) -> Iterator[Doubt]:
        if (source.story, claim.told) in self._unverified:
            yield Doubt.UNVERIFIED
        if isinstance(claim, Claim):
            yield from self._of_claim(claim, source)

    def _of_claim(self, claim: Claim, source: Source) -> Iterator[Doubt]:
        is_reached, reached = claim.state is State.REACHED, self._reached.get(claim.stage, ())
        if claim.stage in ADVERSE and claim.state is State.EXPECTED and claim.stage not in self._happened:
            yield Doubt.AHEAD
        if claim.stage in self._disputed and claim.state is not State.EXPECTED:
            yield Doubt.DISPUTED
        if not is_reached and reached and reached[0].published_at < source.published_at:
            yield Doubt.BACKWARD
        if is_reached and source.trust < self._policy.credible_weight and len({each.story for each in reached}) == 1:
            yield Doubt.LONE
