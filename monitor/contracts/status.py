"""What ``monitor status``, ``timeline`` and ``changes`` print with ``--json``."""

from collections.abc import Iterable, Sequence
from datetime import date

from monitor.contracts.plain import Json, instant_json
from monitor.core.event import change_fields, whole
from monitor.core.folding.known import is_known
from monitor.core.folding.listing import Fields, date_field
from monitor.core.model import Claim, Fact, Project, Reading, Said
from monitor.core.news import Change, ChangeType
from monitor.core.reading.projects.cautions import Caution
from monitor.core.review import OpenClaim, Review, claim_id
from monitor.core.state import Correction, Report, Source
from monitor.logs import redact
from monitor.settings.searches import WrittenSearch

# What ``monitor read`` prints with ``--json``: one reading, with its claims and facts ---------------------------------


def reading_json(article_id: str, reading: Reading) -> Json:
    """One line of ``monitor read``."""
    return {
        "id": article_id,
        "language": reading.language,
        "projects": list(reading.projects),
        "claims": [claim_json(claim) for claim in reading.claims],
        "facts": [fact_json(fact) for fact in reading.facts],
    }


def claim_json(claim: Claim) -> Json:
    return {
        "project": claim.project,
        "stage": claim.stage,
        "state": claim.state.value,
        "date": date_field(claim.date),
        "confidence": claim.confidence,
        "evidence": claim.evidence,
    }


def said_json(said: Said) -> Json:
    """A claim or a fact, with its confidence."""
    return claim_json(said) if isinstance(said, Claim) else {**fact_json(said), "confidence": said.confidence}


def fact_json(fact: Fact) -> Json:
    return {
        "project": fact.project,
        "kind": fact.kind.value,
        "value": whole(fact.value),
        "unit": fact.unit,
        "evidence": fact.evidence,
    }


def change_json(change: Change) -> Json:
    """One line of ``monitor replay``; what a webhook receives under ``data``."""
    return change_fields(change)


def listed_change_json(change: Change) -> Json:
    """One line of ``monitor changes``, and a change in ``monitor timeline``: also whether it is history."""
    return {**change_json(change), "history": change.is_history}


def status_json(project: Project, fields: Fields, inferred: Sequence[Change] = (), *, today: date) -> Json:
    """One project of ``monitor status``: its state (core.folding.listing), and what time alone has brought."""
    overdue = {change.stage: change.effective for change in inferred if change.type is ChangeType.OVERDUE}
    quiet = next((change.effective for change in inferred if change.type is ChangeType.QUIET), None)
    return {
        "project": project.id,
        "name": project.name_in("en"),
        **fields,
        "overdue": list(overdue),
        "overdue_days": {stage: (today - when.end).days for stage, when in overdue.items() if when},
        "quiet_since": date_field(quiet),
    }


def timeline_json(
    status: Json,
    reports: Iterable[Report],
    corrections: Iterable[Correction],
    changes: Iterable[Change],
) -> Json:
    """``monitor timeline``: the status, everything that was ever said or withdrawn, and the resulting changes."""
    return {
        **status,
        "reports": [_report(report) for report in reports],
        "corrections": [_correction(correction) for correction in corrections],
        "changes": [listed_change_json(change) for change in changes],
    }


def _report(report: Report) -> Json:
    source, known = report.source, is_known(report.source)
    return {
        "url": source.url,
        "outlet": source.outlet or None,
        "by": source.decided_by,
        "trust": source.trust,
        "published": None if known else instant_json(source.published_at),
        "seen": None if known else instant_json(source.seen_at),
        "claims": [claim_json(claim) for claim in report.claims],
        "facts": [fact_json(fact) for fact in report.facts],
    }


def _correction(correction: Correction) -> Json:
    """What a publisher has withdrawn."""
    return {
        "url": correction.source.url,
        "outlet": correction.source.outlet or None,
        "at": instant_json(correction.at),
        "claims": [claim_json(claim) for claim in correction.claims],
        "facts": [fact_json(fact) for fact in correction.facts],
    }


# The JSON of ``monitor review`` ---------------------------------------------------------------------------------------


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


# What ``monitor projects`` prints with ``--json`` ---------------------------------------------------------------------


def project_json(project: Project, searches: Iterable[WrittenSearch]) -> Json:
    """A watched project, and the addresses of the feeds of its searches."""
    return {
        "id": project.id,
        "name": project.name.get("") or dict(project.name),
        "who": list(project.who),
        "what": list(project.what),
        "where": list(project.where),
        "not": list(project.not_),
        "lifecycle": project.lifecycle,
        "tags": list(project.tags),
        "searches": [
            redact(feed.url) for search in searches if project.id in search.settings.projects for feed in search.feeds
        ],
    }


def cautions_json(found: Iterable[Caution]) -> list[Json]:
    """The words to think about again."""
    return [
        {"key": each.role.value, "word": each.word, "reason": each.reason.value, "projects": list(each.others)}
        for each in found
    ]
