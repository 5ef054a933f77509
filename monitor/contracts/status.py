"""What ``monitor status``, ``timeline`` and ``changes`` print with ``--json``."""

from collections.abc import Iterable, Sequence
from datetime import date

from monitor.contracts.plain import Json, instant_json
from monitor.contracts.readings import claim_json, fact_json
from monitor.core.event import change_fields
from monitor.core.folding.known import is_known
from monitor.core.folding.listing import Fields, date_field
from monitor.core.model import Project
from monitor.core.news import Change, ChangeType
from monitor.core.state import Correction, Report


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
