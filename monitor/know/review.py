"""Decisions of operators on claims and facts, and what follows: fold → change → outbox, as for an article."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from monitor.core.changes.changes import diff
from monitor.core.changes.comparison import Occasion
from monitor.core.changes.revision import Revision
from monitor.core.folding.known import operators_word
from monitor.core.model import Claim, Said
from monitor.core.news import Change, Mistake
from monitor.core.review import (
    OpenClaim,
    Review,
    Ruling,
    bearing,
    claim_id,
    is_wrong_project,
    open_claims,
    review_of,
    reviewed,
)
from monitor.core.state import ProjectState, Report, Source
from monitor.errors import InputError
from monitor.know.queries import Foreseen
from monitor.ports import Decision, Ledger, Reconsider
from monitor.watch.watch import Watch, Watched, correcting, owing


def undecided(projects: Sequence[str], watch: Watched, ledger: Ledger) -> Iterator[OpenClaim]:
    """The claims and facts of these projects without a decision, project by project. Raises LedgerError."""
    only = projects[0] if len(projects) == 1 else None
    told = ledger.reports(only, as_read=True)
    decided = bearing(review for review in ledger.reviews() if review.is_in_force)
    for project in projects:
        reports, reviews = told.get(project, ()), decided.get(project, ())
        state = watch.state_of(project, reviewed(project, reports, reviews))
        yield from open_claims(reports, reviews, state, policy=watch.policy)


def find_claim(name: str, ledger: Ledger) -> tuple[Said, Source]:
    """The claim or fact with this id, or with the id that begins like this.

    Raises:
        InputError: there is none, or there are several.
        LedgerError: the database refused.
    """
    project = name.partition(":")[0]
    told: list[tuple[Said, Source]] = [
        (said, report.source)
        for report in ledger.reports(project, as_read=True).get(project, ())
        for said in report.said
    ]
    # A decided claim can still be found after a new reading no longer contains it.
    told += [(review.claim, review.source) for review in ledger.reviews(project)]
    found = {claim_id(*each): each for each in told}
    fitting = [name] if name in found else [each for each in found if each.startswith(name)]
    if len(fitting) != 1:
        many = f"is the beginning of {len(fitting)} names of claims" if fitting else "is not a claim"
        raise InputError(f"'{name}' {many}; see: monitor review list --project {project} --all")
    return found[fitting[0]]


def decision_on(claim: Said, source: Source, ledger: Ledger) -> Review | None:
    """The decision in force on exactly this claim. Raises LedgerError."""
    made = (
        review
        for review in ledger.reviews(claim.project)
        if review.is_in_force and claim_id(review.claim, review.source) == claim_id(claim, source)
    )
    return next(reversed(list(made)), None)


def undoing(claim: Said, source: Source, ledger: Ledger, *, by: str, at: datetime) -> list[Review]:
    """The undoing of the last decision on a claim, with what was decided together with it on the whole article.

    Raises:
        InputError: nothing is decided on it.
        LedgerError: the database refused.
    """
    made = decision_on(claim, source, ledger)
    if made is None:
        raise InputError(f"nothing is decided on {claim_id(claim, source)}")
    together = [each for each in ledger.reviews(claim.project) if each.is_in_force and _is_with(each, made)]
    return [replace(each, undone_at=at, undone_by=by) for each in together]


def _is_with(one: Review, made: Review) -> bool:
    """Whether this is the same decision: on the same claim, or that an article is about another project."""
    if is_wrong_project(made) and is_wrong_project(one):
        return (one.source.article, one.claim.project, one.at) == (made.source.article, made.claim.project, made.at)
    return one == made


def wrong_project(
    project: str, article: str, ledger: Ledger, *, by: str, at: datetime, reason: str = ""
) -> list[Review]:
    """The decision that an article is not about this project: all claims and facts of it are rejected together.

    What was rejected or assigned to another project before stays so.

    Raises:
        InputError: nothing is left to reject.
        LedgerError: the database refused.
    """
    reports = [
        each for each in ledger.reports(project, as_read=True).get(project, ()) if each.source.article == article
    ]
    made = [review for review in ledger.reviews(project) if review.is_in_force]
    gone = {Ruling.REJECT, Ruling.ASSIGN}
    found = [
        Review(
            claim=said,
            source=report.source,
            verdict=Ruling.REJECT,
            author=by,
            reason=reason,
            because=Mistake.PROJECT,
            at=at,
        )
        for report in reports
        for said in dict.fromkeys(report.said)
        if (review := review_of(said, report, made)) is None or review.verdict not in gone
    ]
    if not found:
        raise InputError(f"nothing that counts for {project} was read in this article")
    return found


def make(reviews: Sequence[Review], watch: Watch, ledger: Ledger, *, quiet: bool) -> Sequence[Change]:
    """Make decisions together, or undo those that are marked as undone. Returns the changes that they bring.

    What is known between two of them is told to nobody.

    Raises:
        LedgerError: the database refused; none of them is made.
    """
    return ledger.review(reviews, _reconsiderer(reviews, watch, quiet=quiet))


def foresee(reviews: Sequence[Review], watch: Watch, ledger: Ledger, *, quiet: bool) -> Foreseen:
    """What ``make`` would do now. Nothing is stored. Raises LedgerError."""
    states: dict[str, tuple[ProjectState, ProjectState]] = {}
    follow = _reconsiderer(reviews, watch, quiet=quiet)

    def noted(before: Mapping[str, Sequence[Report]], after: Mapping[str, Sequence[Report]]) -> Decision:
        for project in _watched(before, after, watch):
            was, now = (watch.state_of(project, told.get(project, ())) for told in (before, after))
            states[project] = (was, now)
        return follow(before, after)

    found = ledger.foresee(reviews, noted)
    return Foreseen(states=states, changes=found.changes, outgoing=found.outgoing)


def _watched(before: Iterable[str], after: Iterable[str], watch: Watch) -> list[str]:
    return [project for project in sorted({*before, *after}) if project in watch.projects]


def _reconsiderer(reviews: Sequence[Review], watch: Watch, *, quiet: bool) -> Reconsider:
    """Make the function that computes what follows from decisions or their undoing. Pure; for the ledger's transaction.

    Args:
        reviews: the decisions, at least one; ``undone_at`` is set if one is undone.
        watch: projects, lifecycles and subscribers.
        quiet: alert nobody. Otherwise the decisions count as today's news, however old the articles are.
    """
    decided_at = max(review.undone_at or review.at for review in reviews)

    def decide(before: Mapping[str, Sequence[Report]], after: Mapping[str, Sequence[Report]]) -> Decision:
        changes: list[Change] = []
        revisions: dict[str, Revision] = {}
        for project in _watched(before, after, watch):
            was, now = (watch.state_of(project, told.get(project, ())) for told in (before, after))
            # A decision may replace one that assigned its claim to this project.
            bearing_on = [review for review in reviews if project in review.projects] or reviews
            causes = {review.cause for review in bearing_on}
            revisions[project] = Revision(
                states=partial(_both, was, now),
                before=before.get(project, ()),
                after=after.get(project, ()),
                policy=watch.policy,
                at=decided_at,
                because=causes.pop() if len(causes) == 1 else None,
            )
            occasion = Occasion.together([_occasion(review, project) for review in bearing_on])
            changes += diff(was, now, occasion, watch.lifecycle_of(project), watch.policy)
        decision = owing(changes, () if quiet else changes, watch, decided_at)
        return replace(decision, revisions=revisions, correct=None if quiet else correcting(watch))

    return decide


def _both(before: ProjectState, after: ProjectState) -> tuple[ProjectState, ProjectState]:
    return before, after


def _occasion(review: Review, project: str) -> Occasion:
    """The operator's statement, with the claims of the project that count because of it."""
    name, by = claim_id(review.claim, review.source), review.author
    if review.undone_at is None:
        at, said = review.at, _said(review)
    else:
        at, by = review.undone_at, review.undone_by or review.author
        said = () if review.verdict is Ruling.CONFIRM else (review.claim,)
    return Occasion(
        key=f"review {name} {at.isoformat()}",
        at=at,
        source=operators_word(review.source, claim=name, by=by, at=at),
        claims=tuple(each for each in said if isinstance(each, Claim) and each.project == project),
        by=by,
    )


def _said(review: Review) -> tuple[Said, ...]:
    """The claim or fact that a decision states."""
    if review.verdict is Ruling.REJECT:
        return ()
    return (review.instead or review.claim,)
