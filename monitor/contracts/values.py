"""The output of the commands with ``--json``: core values as plain ones, in the form that other programs rely on.

Numbers are integers if possible. Dates have the precision that is known. Instants are ISO 8601 in UTC.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from monitor.core.event import change_fields, whole
from monitor.core.folding.known import is_known, is_operators_word
from monitor.core.folding.listing import Fields, date_field
from monitor.core.model import Claim, Fact, Feed, Project, Reading, Said
from monitor.core.news import Change, ChangeType, Destination
from monitor.core.polling.websub import HubSubscription
from monitor.core.state import Correction, Report
from monitor.deliver.send import Attempt
from monitor.errors import Problem
from monitor.know.history import Decided, Imported
from monitor.logs import redact
from monitor.poll.poll import PollResult
from monitor.poll.trial import Trial
from monitor.ports import AttemptRecord, DeliveryRecord, FeedRecord, SendResult
from monitor.settings import Config

Json = Mapping[str, object]


# ---------------------------------------------------------------- the three fixed contracts


def reading_json(article_id: str, reading: Reading) -> Json:
    """One line of ``monitor read``."""
    return {
        "id": article_id,
        "language": reading.language,
        "projects": list(reading.projects),
        "claims": [claim_json(claim) for claim in reading.claims],
        "facts": [_said_fact(fact) for fact in reading.facts],
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
    return claim_json(said) if isinstance(said, Claim) else {**_said_fact(said), "confidence": said.confidence}


def _said_fact(fact: Fact) -> Json:
    return {
        "project": fact.project,
        "kind": fact.kind.value,
        "value": whole(fact.value),
        "unit": fact.unit,
        "evidence": fact.evidence,
    }


def change_json(change: Change) -> Json:
    """One line of ``monitor replay`` and ``monitor changes``; what a webhook receives under ``data``."""
    return change_fields(change)


def status_json(project: Project, fields: Fields, inferred: Sequence[Change] = ()) -> Json:
    """One project of ``monitor status``: its state (core.folding.listing), and what time alone has brought."""
    quiet = next((change.effective for change in inferred if change.type is ChangeType.QUIET), None)
    return {
        "project": project.id,
        "name": project.name_in("en"),
        **fields,
        "overdue": [change.stage for change in inferred if change.type is ChangeType.OVERDUE],
        "quiet_since": date_field(quiet),
    }


# ---------------------------------------------------------------- the other reports


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
        "changes": [change_json(change) for change in changes],
    }


def _report(report: Report) -> Json:
    source, known, decided = report.source, is_known(report.source), is_operators_word(report.source)
    return {
        "url": source.url,
        "outlet": None if decided else source.outlet or None,
        "by": source.outlet if decided else None,
        "trust": source.trust,
        "published": None if known else instant_json(source.published_at),
        "seen": None if known else instant_json(source.seen_at),
        "claims": [claim_json(claim) for claim in report.claims],
        "facts": [_said_fact(fact) for fact in report.facts],
    }


def _correction(correction: Correction) -> Json:
    """What a publisher has withdrawn."""
    return {
        "url": correction.source.url,
        "outlet": correction.source.outlet or None,
        "at": instant_json(correction.at),
        "claims": [claim_json(claim) for claim in correction.claims],
        "facts": [_said_fact(fact) for fact in correction.facts],
    }


def delivery_json(record: DeliveryRecord, labels: Mapping[str, str], attempts: Sequence[AttemptRecord]) -> Json:
    """One line of ``monitor deliveries``: the delivery, each attempt at it, and the evidence of its change."""
    delivery = record.delivery
    return {
        "id": delivery.id,
        "change": delivery.change.id,
        "project": delivery.change.project,
        "subscriber": delivery.subscriber,
        "destination": delivery.destination,
        "label": labels.get(delivery.destination),
        "state": record.state.value,
        "attempts": delivery.attempts,
        "due": instant_json(record.due_at),
        "sent": instant_json(record.sent_at),
        "outcome": record.last_outcome,
        "message": record.message,
        "history": [
            {"at": instant_json(each.at), "outcome": each.outcome, "message": each.message or None} for each in attempts
        ],
        "sources": list(delivery.change.sources),
        "evidence": list(delivery.change.evidence),
    }


def poll_json(result: PollResult) -> Json:
    """One line of ``monitor poll``."""
    return {
        "feed": redact(result.feed.url),
        "name": result.feed.name,
        "outcome": result.outcome.value,
        "entries": result.entries,
        "new": result.new,
        "relevant": result.relevant,
        "corrected": result.corrected,
        "history": result.is_history,
        "changes": [change_json(change) for change in result.changes],
        "problems": [redact(problem) for problem in result.problems],
        "error": redact(result.error) or None,
    }


def feed_json(feed: Feed, record: FeedRecord, hub: HubSubscription | None = None) -> Json:
    """One feed of ``monitor feeds list``, with its subscription at a hub."""
    return {
        "feed": redact(feed.url),
        "name": feed.name,
        "trust": feed.trust,
        "language": feed.language,
        "every": feed.every.total_seconds() if feed.every else None,
        "polled": instant_json(record.polled_at),
        "next": instant_json(record.next_poll_at),
        "status": record.last_status or None,
        "failures": record.failures,
        "error": record.last_error or None,
        "rate": round(record.habit.rate, 3) if record.habit else None,
        "relevant": round(record.habit.yield_, 3) if record.habit else None,
        "latency": round(record.latency, 3) if record.latency is not None else None,
        "bytes": record.size,
        "entries": record.last_entries,
        "new": record.last_new,
        "hub": hub_json(hub) if hub is not None else None,
    }


def hub_json(hub: HubSubscription) -> Json:
    """A subscription at a hub, without its callback and its secret."""
    return {
        "hub": redact(hub.hub),
        "topic": redact(hub.topic),
        "until": instant_json(hub.until),
        "next": instant_json(hub.next_at),
        "failures": hub.failures,
        "error": redact(hub.error) or None,
        "pushes": hub.pushes,
        "pushed": instant_json(hub.pushed_at),
    }


def appointment_json(feed: Feed, record: FeedRecord, hub: HubSubscription | None = None) -> Json:
    """``monitor feeds why``: the feed, and what decided its next poll."""
    return {
        **feed_json(feed, record, hub),
        "reasons": [
            {"rule": reason.rule.value, "wait": round(reason.wait.total_seconds()), "words": reason.words}
            for reason in record.reasons
        ],
        "moved_to": redact(record.moved_to) if record.moved_to else None,
        "moves": record.moves,
    }


def trial_json(trial: Trial) -> Json:
    """One line of ``monitor feeds test``."""
    return {
        "feed": redact(trial.feed.url),
        "entries": [
            {
                "title": entry.title,
                "url": entry.url,
                "published": instant_json(entry.published_at),
                "projects": list(projects),
            }
            for entry, projects in trial.entries
        ],
        "problems": [redact(problem) for problem in trial.problems],
        "error": redact(trial.error) or None,
    }


def configuration_json(config: Config, languages: Sequence[str], failed: Iterable[Trial]) -> Json:
    """What ``monitor check`` read, and the feeds that failed when they were tried."""
    return {
        "warnings": problems_json(config.warnings),
        "projects": [project.id for project in config.projects],
        "feeds": [redact(feed.url) for feed in config.feeds],
        "languages": list(languages),
        "subscribers": [
            {"name": subscriber.name, "destinations": [destination.label for destination in subscriber.destinations]}
            for subscriber in config.subscribers
        ],
        "failed": {redact(trial.feed.url): redact(trial.error) for trial in failed},
    }


def imported_json(name: str, done: Imported, decided: Decided) -> Json:
    """One line of ``monitor import``."""
    return {
        "file": name,
        "articles": done.articles,
        "new": done.new,
        "relevant": done.relevant,
        "decisions": decided.new,
        "changes": done.changes + decided.changes,
    }


def attempt_json(attempt: Attempt) -> Json:
    """One attempt of ``monitor poll`` at a delivery."""
    delivery = attempt.delivery
    return {
        "delivery": delivery.id,
        "change": delivery.change.id,
        "subscriber": delivery.subscriber,
        "destination": attempt.destination,
        "outcome": attempt.result.outcome.value,
        "detail": attempt.result.detail,
        "retry": instant_json(attempt.retry_at),
    }


def sending_json(destination: Destination, result: SendResult) -> Json:
    """One destination of ``monitor notify``."""
    return {"destination": destination.label, "outcome": result.outcome.value, "detail": result.detail}


def problems_json(problems: Sequence[Problem]) -> list[Json]:
    """What ``monitor check`` found."""
    return [{"file": p.file, "line": p.line, "key": p.key, "message": p.message} for p in problems]


# ---------------------------------------------------------------- plain values


def instant_json(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
