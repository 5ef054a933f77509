"""What an operator has decided of claims and facts, and what is folded of the reports by those decisions. Pure.

A decision aims at one claim or fact of one article, and hits the same in every copy of the story, those that come later
too. It keeps what it was made on, claim and source, so that it holds whatever becomes of the reading. The reports stay
what was said; a decision only stands between them and the fold.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from monitor.core.folding.fold import publication_order
from monitor.core.folding.known import operators_word
from monitor.core.model import Claim, Fact, Said
from monitor.core.periods import Period
from monitor.core.state import Report, Source

S = TypeVar("S", Claim, Fact)


class Ruling(StrEnum):
    """What an operator may decide of a claim or a fact."""

    #: It is so: it counts as said by an official source too.
    CONFIRM = "confirm"
    #: It is not so, or not said: what is known keeps no trace of it.
    REJECT = "reject"
    #: It is otherwise: what is right takes its place, as said by an official source.
    CORRECT = "correct"
    #: It is of another project: it counts there, as said by its article.
    ASSIGN = "assign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One decision on one claim or fact."""

    #: As it was read when it was decided on.
    claim: Said
    source: Source
    verdict: Ruling
    #: What takes its place (CORRECT, ASSIGN), or None.
    instead: Said | None = None
    author: str
    reason: str = ""
    #: Aware, UTC.
    at: datetime
    #: When it was taken back; None while it is in force.
    undone_at: datetime | None = None
    undone_by: str | None = None

    @property
    def projects(self) -> tuple[str, ...]:
        """The projects of which it changes what is known."""
        return tuple(dict.fromkeys(claim.project for claim in (self.claim, self.instead) if claim))

    @property
    def is_in_force(self) -> bool:
        return self.undone_at is None


def claim_id(claim: Said, source: Source) -> str:
    """A short name of one claim or fact of one article: the same in every ledger, and when it is read again."""
    what = (claim.stage, claim.state) if isinstance(claim, Claim) else (claim.kind, claim.unit)
    detail = _detail(claim)
    said = source.article, *what, "" if detail is None else str(detail), claim.phase or ""
    digest = hashlib.sha256("\x1f".join(said).encode()).hexdigest()
    return f"{claim.project}:{digest[:8]}"


def bearing(reviews: Iterable[Review]) -> Mapping[str, Sequence[Review]]:
    """For each project that a decision touches, all that have to be known to fold it.

    With a claim that was assigned to it come the decisions on claims of the project that it is from: a later one may
    have taken its place.
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
    """What is folded of a project: its reports under these decisions, oldest publication first.

    Args:
        project: whose reports these are.
        reports: as they were read, one for each article.
        reviews: those in force that bear on the project, in any order; of several on one claim the latest counts.
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
    """The decision that hits a claim or fact of this report, or None.

    It is the one on just this; or else one on another date of the same stage and state, or another amount of the same
    quantity, that the report no longer tells: that is what another edition or another reading most often tells
    otherwise.
    """
    same = [r for r in latest_of(reviews) if r.source.story == report.source.story and _names(r.claim) == _names(claim)]
    told = {_detail(other) for other in report.said if _names(other) == _names(claim)}
    exact = [review for review in same if _detail(review.claim) == _detail(claim)]
    return next(reversed(exact or [review for review in same if _detail(review.claim) not in told]), None)


def _names(claim: Said) -> tuple[str | None, ...]:
    """All that a claim or fact speaks of but the date, or the amount."""
    what = (claim.stage, claim.state) if isinstance(claim, Claim) else (claim.kind, claim.unit)
    return claim.project, *what, claim.phase


def _detail(claim: Said) -> Period | float | None:
    return claim.date if isinstance(claim, Claim) else claim.value


def latest_of(reviews: Iterable[Review]) -> list[Review]:
    """Of several decisions on one claim of one story the latest, in the order in which they were made."""
    latest: dict[object, Review] = {}
    for review in sorted(reviews, key=lambda review: (review.at, repr(review))):
        aim = review.source.story, *_names(review.claim), _detail(review.claim)
        latest.pop(aim, None)
        latest[aim] = review
    return list(latest.values())


def _judged(report: Report, reviews: Sequence[Review]) -> Report:
    """The report without what does not count in it, and with certainty of what is confirmed."""
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
    """What a decision says itself: the operator's word, or the article's own on another project."""
    if review.verdict is Ruling.REJECT:
        return None
    source = review.source
    if review.verdict is not Ruling.ASSIGN:
        source = operators_word(source, claim=claim_id(review.claim, source), by=review.author, at=review.at)
    said = replace(review.instead or review.claim, confidence=1.0)
    return Report(source=source, claims=(said,)) if isinstance(said, Claim) else Report(source=source, facts=(said,))
