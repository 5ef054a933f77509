"""A change as JSON: its fields, and the CloudEvents 1.0 event in which webhooks receive them."""

from collections.abc import Mapping

from monitor.core.news import Change


def change_fields(change: Change) -> dict[str, object]:
    """The fields of a change as the JSON contracts name them; a fact has its kind and unit too, a phase its name.

    One that an operator's decision brought says whose.
    """
    fields: dict[str, object] = {
        "id": change.id,
        "type": change.type.value,
        "project": change.project,
        "stage": change.stage,
        "from": whole(change.from_),
        "to": whole(change.to),
        "at": change.at.isoformat().replace("+00:00", "Z"),
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
    return fields


def cloud_event(change: Change) -> Mapping[str, object]:
    """The event, in the structured mode of https://github.com/cloudevents/spec (v1.0.2); ``id`` is the change's."""
    fields = change_fields(change)
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


def whole(value: str | float | None) -> str | float | None:
    """A number without its point where it is whole, so that 3,000,000,000 does not become 3000000000.0 in JSON."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
