"""The JSON of ``monitor review``."""

from collections.abc import Iterable

from monitor.contracts.plain import Json, instant_json
from monitor.contracts.readings import said_json
from monitor.contracts.status import change_json
from monitor.core.news import Change
from monitor.core.review.doubts import OpenClaim
from monitor.core.review.review import Review, claim_id
from monitor.core.state import Source


def open_claim_json(item: OpenClaim) -> Json:
    """One claim of ``monitor review list``."""
    return {
        "claim": claim_id(item.claim, item.source),
        **said_json(item.claim),
        **_said_by(item.source),
        "copies": item.copies,
        "doubts": [doubt.value for doubt in item.doubts],
        "objection": item.claim.objection.kind.value if item.claim.objection else None,
        "other_company": item.claim.objection.company or None if item.claim.objection else None,
    }


def review_json(review: Review) -> Json:
    """One decision of ``monitor review list --decided``."""
    return {
        "claim": claim_id(review.claim, review.source),
        **said_json(review.claim),
        **_said_by(review.source),
        "verdict": review.verdict.value,
        "instead": said_json(review.instead) if review.instead else None,
        "by": review.author,
        "reason": review.reason,
        "because": review.because.value if review.because else None,
        "at": instant_json(review.at),
        "undone": instant_json(review.undone_at),
        "undone_by": review.undone_by,
    }


def reviewed_json(review: Review, changes: Iterable[Change]) -> Json:
    """A decision that was made or undone, and the changes that it brought."""
    return {**review_json(review), "changes": [change_json(change) for change in changes]}


def _said_by(source: Source) -> Json:
    return {
        "url": source.url,
        "outlet": source.outlet or None,
        "trust": source.trust,
        "published": instant_json(source.published_at),
    }
