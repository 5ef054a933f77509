"""A change as JSON: its fields, and the CloudEvents 1.0 event that webhooks receive."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.core.news import Change, Proof


def change_fields(change: Change) -> dict[str, object]:
    """The fields of a change as the JSON contracts name them.

    A fact also has its kind and unit, a change of a phase its name, a change by an operator's decision the operator,
    and a correction the id of the wrong change and why it was wrong.
    """
    fields: dict[str, object] = {
        "id": change.id,
        "type": change.type.value,
        "project": change.project,
        "stage": change.stage,
        "from": whole(change.from_),
        "to": whole(change.to),
        "at": instant(change.at),
        "effective": str(change.effective) if change.effective else None,
        "confidence": change.confidence.value,
        "sources": list(change.sources),
        "evidence": list(change.evidence),
    }
    if change.kind is not None:
        fields |= {"kind": change.kind.value, "unit": change.unit}
    if change.by is not None:
        fields |= {"by": change.by}
    if change.phase is not None:
        fields |= {"phase": change.phase}
    if change.retracts is not None:
        because = change.retracts.because
        fields |= {"retracts": change.retracts.change, "because": because.value if because else None}
    return fields


def told_fields(change: Change) -> dict[str, object]:
    """The fields of a change as receivers get them: with the place of each sentence, and without operators' names."""
    return change_fields(replace(change, by=None)) | {"proof": [_proof_fields(proof) for proof in change.proof]}


def _proof_fields(proof: Proof) -> dict[str, object]:
    return {
        "sentence": proof.sentence,
        "url": proof.url,
        "outlet": proof.outlet,
        "known": proof.known,
        "title": proof.title or None,
        "published": instant(proof.published) if proof.published else None,
    }


def cloud_event(change: Change) -> Mapping[str, object]:
    """The event, in the structured mode of https://github.com/cloudevents/spec (v1.0.2).

    Its ``id`` is the id of the change.
    """
    fields = told_fields(change)
    return {
        "specversion": "1.0",
        "id": change.id,
        "source": "/monitor",
        "type": f"monitor.change.{change.type.value}",
        "subject": change.project,
        "time": fields["at"],
        "datacontenttype": "application/json",
        "data": fields,
    }


def bundle_event(bundle: str, occasion: str, changes: Sequence[Change], at: datetime) -> Mapping[str, object]:
    """The event of several changes in one message, in the order of the message."""
    return {
        "specversion": "1.0",
        "id": bundle,
        "source": "/monitor",
        "type": f"monitor.changes.{occasion}",
        "time": instant(at),
        "datacontenttype": "application/json",
        "data": {"occasion": occasion, "changes": [told_fields(change) for change in changes]},
    }


def instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def whole(value: str | float | None) -> str | float | None:
    """The value as an integer if it is a whole number, so that JSON has 3000000000 and not 3000000000.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
