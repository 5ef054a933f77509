"""The JSON of ``monitor rebuild``."""

from monitor.contracts.plain import Json
from monitor.contracts.status import change_json
from monitor.core.folding.listing import fact_fields, milestone_fields
from monitor.core.state import KnownFact, Milestone, ProjectState
from monitor.know.rebuild import Alert, Difference, Rebuilt


def rebuilt_json(done: Rebuilt, *, applied: bool) -> Json:
    """The result of a rebuild: the differences of each project, with the alerts."""
    return {
        "articles": done.articles,
        "otherwise": done.otherwise,
        "applied": applied,
        "projects": [_difference(difference) for difference in done.differences],
        "changes": [change_json(change) for change in done.changes],
    }


def _difference(difference: Difference) -> Json:
    return {
        "project": difference.after.project,
        "status": {"before": _status(difference.before), "after": _status(difference.after)},
        "milestones": [{"before": _milestone(was), "after": _milestone(now)} for was, now in difference.milestones],
        "facts": [{"before": _fact(was), "after": _fact(now)} for was, now in difference.facts],
        "missed": [_alert(alert) for alert in difference.missed],
        "mistaken": [_alert(alert) for alert in difference.mistaken],
    }


def _status(state: ProjectState) -> Json:
    return {
        "status": state.status,
        "since": str(state.since) if state.since else None,
        "condition": state.condition,
        "confidence": state.confidence.value,
    }


def _milestone(milestone: Milestone | None) -> Json | None:
    return milestone_fields(milestone) if milestone else None


def _fact(fact: KnownFact | None) -> Json | None:
    return fact_fields(fact) if fact else None


def _alert(alert: Alert) -> Json:
    return {**change_json(alert.change), "subscribers": list(alert.subscribers)}
