"""The consequences of an operator's decision on a claim or fact: fold → change → outbox, as for an article."""

from collections.abc import Mapping, Sequence

from monitor.core.changes.changes import diff
from monitor.core.changes.occasion import Occasion
from monitor.core.folding.known import operators_word
from monitor.core.model import Claim, Said
from monitor.core.news import Change
from monitor.core.review.review import Review, Ruling, claim_id
from monitor.core.state import Report
from monitor.ports import Decision, Reconsider
from monitor.watch.watch import Watch, owing


def reconsiderer(review: Review, watch: Watch, *, quiet: bool) -> Reconsider:
    """Make the function that computes what follows from a decision or its undoing. Pure; for the ledger's transaction.

    Args:
        review: the decision; ``undone_at`` is set if it is undone.
        watch: projects, lifecycles and subscribers.
        quiet: alert nobody. Otherwise the decision counts as today's news, however old the article is.
    """
    decided_at = review.undone_at or review.at

    def decide(before: Mapping[str, Sequence[Report]], after: Mapping[str, Sequence[Report]]) -> Decision:
        changes: list[Change] = []
        for project in sorted(before.keys() | after.keys()):
            if project in watch.projects:
                was, now = (watch.state_of(project, told.get(project, ())) for told in (before, after))
                occasion = _occasion(review, project)
                changes += diff(was, now, occasion, watch.lifecycle_of(project), watch.policy)
        return owing(changes, () if quiet else changes, watch, decided_at)

    return decide


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
