"""Stores the decisions of operators."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, true, update

from monitor.core.model import Claim, Fact, Said, State
from monitor.core.news import Mistake
from monitor.core.review.review import Review, Ruling
from monitor.ledger import rows
from monitor.ledger.tables import ARTICLES, REVIEWS

#: The source of the article: known since the article was first seen, and with its present story.
_SOURCE = [
    ARTICLES.c[name]
    for name in ("key", "url", "outlet", "trust", "published_at", "seen_at", "story", "language", "title")
]


def reviews(connection: Connection, projects: Sequence[str] | None) -> list[Review]:
    """All decisions that touch these projects, or all projects, in the order in which they were made."""
    return _reviews(connection, _touches(projects))


def in_force(connection: Connection, projects: Sequence[str] | None, as_of: datetime | None = None) -> list[Review]:
    """The decisions that bear on these projects, or on all, now or at that instant (``core.review.review.bearing``)."""
    origins = select(REVIEWS.c.project).where(_touches(projects))
    standing: ColumnElement[bool] = REVIEWS.c.undone_at.is_(None)
    if as_of is not None:
        standing = and_(REVIEWS.c.at <= as_of, or_(standing, REVIEWS.c.undone_at > as_of))
    return _reviews(connection, REVIEWS.c.project.in_(origins), standing)


def decided_since(connection: Connection, at: datetime) -> frozenset[str]:
    """The projects affected by a decision that was made or withdrawn after this instant."""
    aimed = select(REVIEWS.c.project).where(or_(REVIEWS.c.at > at, REVIEWS.c.undone_at > at))
    # A decision may have replaced one that assigned a claim to another project.
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
    """Raises NoResultFound if the ledger has no such article."""
    article = select(ARTICLES.c.id).where(ARTICLES.c.key == review.source.article)
    number = connection.execute(article).scalar_one()
    connection.execute(insert(REVIEWS), {"article": number, **_values(review)})


def take_back(connection: Connection, review: Review) -> bool:
    """Withdraw the decision. Returns whether it was in force until now."""
    claim = review.claim
    articles = select(ARTICLES.c.id).where(ARTICLES.c.key == review.source.article)
    aimed = and_(
        REVIEWS.c.article.in_(articles),
        *(REVIEWS.c[name].is_not_distinct_from(value) for name, value in _said(claim).items()),
        REVIEWS.c.at == review.at,
        REVIEWS.c.undone_at.is_(None),
    )
    undone = {"undone_at": review.undone_at, "undone_by": review.undone_by}
    return connection.execute(update(REVIEWS).where(aimed).values(undone)).rowcount > 0


def _said(said: Said) -> rows.Values:
    """The content of a claim or fact, by column."""
    claim = (said.stage, said.state.value, said.date) if isinstance(said, Claim) else (None, None, None)
    fact = (said.kind.value, said.value, said.unit) if isinstance(said, Fact) else (None, None, None)
    what = zip(("stage", "state", "date", "kind", "value", "unit"), (*claim, *fact), strict=True)
    return {"project": said.project, **dict(what), "phase": said.phase}


def _values(review: Review) -> rows.Values:
    claim = review.claim
    instead = _said(review.instead) if review.instead else {}
    names = ("project", "stage", "state", "date", "value", "unit", "phase")
    return {
        **_said(claim),
        "confidence": claim.confidence,
        "evidence": claim.evidence,
        "verdict": review.verdict.value,
        **{f"to_{name}": instead.get(name) for name in names},
        "author": review.author,
        "reason": review.reason,
        "because": review.because.value if review.because else None,
        "at": review.at,
        "undone_at": review.undone_at,
        "undone_by": review.undone_by,
    }


def _review(row: Row[Any]) -> Review:
    return Review(
        claim=rows.claim(row) if row.kind is None else rows.fact(row),
        source=rows.source(row),
        verdict=Ruling(row.verdict),
        instead=_instead(row),
        author=row.author,
        reason=row.reason,
        because=Mistake(row.because) if row.because else None,
        at=row.at,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
    )


def _instead(row: Row[Any]) -> Said | None:
    if row.to_project is None:
        return None
    said: Said = rows.claim(row) if row.kind is None else rows.fact(row)
    if isinstance(said, Fact):
        return replace(
            said, project=row.to_project, value=row.to_value, unit=row.to_unit, phase=row.to_phase, confidence=1.0
        )
    return replace(
        said,
        project=row.to_project,
        stage=row.to_stage,
        state=State(row.to_state),
        date=row.to_date,
        phase=row.to_phase,
        confidence=1.0,
    )
