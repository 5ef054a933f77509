"""What ``monitor deliveries``, ``retry`` and ``notify`` print with ``--json``."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from monitor.contracts.plain import Json, instant_json
from monitor.core.news import Destination
from monitor.ports import AttemptRecord, DeliveryRecord, SendResult

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
