"""What ``monitor deliveries``, ``retry`` and ``notify`` print with ``--json``."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from monitor.contracts.plain import Json, instant_json
from monitor.core.alerting.plan import Hearing, Planned
from monitor.core.news import ChangeType, Destination, Subscriber
from monitor.ports import AttemptRecord, DeliveryRecord, Departure, SendResult

# Commands that only list deliveries do not load what sends them.
if TYPE_CHECKING:
    from monitor.deliver.send import Attempt


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


def attempt_json(attempt: "Attempt") -> Json:
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


# The JSON of ``monitor subscribers`` ----------------------------------------------------------------------------------


def subscriber_json(subscriber: Subscriber, follows: Sequence[str], left: Sequence[Departure] = ()) -> Json:
    """One line of ``monitor subscribers list``."""
    labels = {destination.id: destination.label for destination in subscriber.destinations}
    return {
        "name": subscriber.name,
        "to": [destination.label for destination in subscriber.to],
        "fallbacks": [
            {
                "destination": fallback.destination.label,
                "instead_of": labels[fallback.instead_of],
                "after": fallback.after.total_seconds(),
            }
            for fallback in subscriber.fallbacks
        ],
        "projects": list(subscriber.projects),
        "follows": list(follows),
        "changes": [kind.value for kind in ChangeType if kind in subscriber.changes],
        "stages": sorted(subscriber.stages) if subscriber.stages is not None else None,
        "confidence": subscriber.confidence.value,
        "language": subscriber.language,
        "digest": subscriber.digest,
        "quiet_hours": list(subscriber.quiet_hours) if subscriber.quiet_hours is not None else None,
        "mute": [{"until": mute.until.isoformat(), "projects": list(mute.projects)} for mute in subscriber.mutes],
        "away": [{"from": away.first.isoformat(), "to": away.last.isoformat()} for away in subscriber.away],
        "at_most": subscriber.at_most,
        "timezone": subscriber.timezone,
        "own": subscriber.is_own,
        "chosen": [
            {
                "destination": labels[destination],
                "paused_until": instant_json(choice.paused_until),
                "without": sorted(choice.without),
                "language": choice.language,
                "digest": choice.digest,
            }
            for destination, choice in subscriber.choices.items()
            if destination in labels
        ],
        "unsubscribed": _departures(subscriber, left),
    }


def hearing_json(hearing: Hearing, left: Sequence[Departure] = ()) -> Json:
    """One line of ``monitor subscribers explain``."""
    labels = {destination.id: destination.label for destination in hearing.subscriber.destinations}
    return {
        "subscriber": hearing.subscriber.name,
        "told": hearing.entitlement.told,
        "reason": hearing.entitlement.reason,
        "destinations": [_wish(one, instead, labels) for one, instead in hearing.wishes],
        "unsubscribed": _departures(hearing.subscriber, left),
    }


def _departures(subscriber: Subscriber, left: Sequence[Departure]) -> list[Json]:
    labels = {destination.id: destination.label for destination in subscriber.destinations}
    return [
        {"destination": labels[gone.destination], "at": instant_json(gone.at)}
        for gone in left
        if gone.subscriber == subscriber.name and gone.destination in labels
    ]


def _wish(one: Planned, instead: str | None, labels: dict[str, str]) -> Json:
    return {
        "destination": one.destination.label,
        "due": instant_json(one.appointment.due_at),
        "together": one.appointment.together,
        "reasons": list(one.appointment.reasons),
        "rank": one.rank,
        "instead_of": labels[one.chain] if one.rank else None,
        "told_as": instead,
    }
