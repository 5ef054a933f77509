"""Decisions of operators in their table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, true, update

from monitor.core.model import Claim, State
from monitor.core.review import Review, Ruling
from monitor.ledger import rows
from monitor.ledger.tables import ARTICLES, REVIEWS

#: The source is the article's: known since it was first seen, and of the story that it belongs to now.
_SOURCE = [ARTICLES.c[name] for name in ("key", "url", "outlet", "trust", "published_at", "seen_at", "story")]


def reviews(connection: Connection, projects: Sequence[str] | None) -> list[Review]:
    """All decisions that touch these projects, or all, in the order in which they were made."""
    return _reviews(connection, _touches(projects))


def in_force(connection: Connection, projects: Sequence[str] | None, as_of: datetime | None = None) -> list[Review]:
    """The decisions that bear on these projects, or all, now or at that instant (core.review.bearing)."""
    origins = select(REVIEWS.c.project).where(_touches(projects))
    standing: ColumnElement[bool] = REVIEWS.c.undone_at.is_(None)
    if as_of is not None:
        standing = and_(REVIEWS.c.at <= as_of, or_(standing, REVIEWS.c.undone_at > as_of))
    return _reviews(connection, REVIEWS.c.project.in_(origins), standing)


def decided_since(connection: Connection, at: datetime) -> frozenset[str]:
    """The projects on which a decision bears that was made, or taken back, after this instant."""
    aimed = select(REVIEWS.c.project).where(or_(REVIEWS.c.at > at, REVIEWS.c.undone_at > at))
    # A decision may have taken the place of one that gave a claim to another project.
    found = connection.execute(select(REVIEWS.c.project, REVIEWS.c.to_project).where(REVIEWS.c.project.in_(aimed)))
    return frozenset(project for row in found for project in row if project)


def _reviews(connection: Connection, *where: ColumnElement[bool]) -> list[Review]:
    query = select(REVIEWS, *_SOURCE).join(ARTICLES).where(*where).order_by(REVIEWS.c.id)
    return [_review(row) for row in connection.execute(query)]


def _touches(projects: Sequence[str] | None) -> ColumnElement[bool]:
    if projects is None:
        return true()
    return or_(REVIEWS.c.project.in_(projects), REVIEWS.c.to_project.in_(projects))


def keep(connection: Connection, review: Review) -> None:
    """Raises NoResultFound where the ledger has no such article."""
    article = select(ARTICLES.c.id).where(ARTICLES.c.key == review.source.article)
    number = connection.execute(article).scalar_one()
    connection.execute(insert(REVIEWS), {"article": number, **_values(review)})


def take_back(connection: Connection, review: Review) -> bool:
    """Whether the decision was in force until now."""
    claim = review.claim
    articles = select(ARTICLES.c.id).where(ARTICLES.c.key == review.source.article)
    aimed = and_(
        REVIEWS.c.article.in_(articles),
        REVIEWS.c.project == claim.project,
        REVIEWS.c.stage == claim.stage,
        REVIEWS.c.state == claim.state.value,
        REVIEWS.c.date.is_not_distinct_from(claim.date),
        REVIEWS.c.phase.is_not_distinct_from(claim.phase),
        REVIEWS.c.at == review.at,
        REVIEWS.c.undone_at.is_(None),
    )
    undone = {"undone_at": review.undone_at, "undone_by": review.undone_by}
    return connection.execute(update(REVIEWS).where(aimed).values(undone)).rowcount > 0


def _values(review: Review) -> rows.Values:
    claim, instead = review.claim, review.instead
    return {
        "project": claim.project,
        "stage": claim.stage,
        "state": claim.state.value,
        "date": claim.date,
        "phase": claim.phase,
        "confidence": claim.confidence,
        "evidence": claim.evidence,
        "verdict": review.verdict.value,
        "to_project": instead.project if instead else None,
        "to_stage": instead.stage if instead else None,
        "to_state": instead.state.value if instead else None,
        "to_date": instead.date if instead else None,
        "to_phase": instead.phase if instead else None,
        "author": review.author,
        "reason": review.reason,
        "at": review.at,
        "undone_at": review.undone_at,
        "undone_by": review.undone_by,
    }


def _review(row: Row[Any]) -> Review:
    return Review(
        claim=rows.claim(row),
        source=rows.source(row),
        verdict=Ruling(row.verdict),
        instead=_instead(row),
        author=row.author,
        reason=row.reason,
        at=row.at,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
    )


def _instead(row: Row[Any]) -> Claim | None:
    if row.to_project is None:
        return None
    return Claim(
        project=row.to_project,
        stage=row.to_stage,
        state=State(row.to_state),
        date=row.to_date,
        confidence=1.0,
        evidence=row.evidence,
        phase=row.to_phase,
    )
