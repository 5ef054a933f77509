"""Rows of the page on alerts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from babel.dates import format_datetime

from monitor.core.message.headline import news
from monitor.core.message.tongue import Tongue
from monitor.core.plain import clean, shorten
from monitor.logs import redact
from monitor.ports import DeliveryRecord, DeliveryState
from monitor.watch.watched import Watched

_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One delivery, in the reader's words."""

    id: int
    state: str
    words: str
    project: str
    name: str
    news: str
    subscriber: str
    destination: str
    when: str
    outcome: str


def alert_rows(
    records: Iterable[DeliveryRecord], watch: Watched, labels: Mapping[str, str], tongue: Tongue
) -> tuple[AlertRow, ...]:
    """The deliveries in the order given. Labels are those of destinations, by id."""
    return tuple(_alert(record, watch, labels, tongue) for record in records)


def _alert(record: DeliveryRecord, watch: Watched, labels: Mapping[str, str], tongue: Tongue) -> AlertRow:
    delivery = record.delivery
    project = watch.projects.get(delivery.change.project)
    label = labels.get(delivery.destination, delivery.destination)
    return AlertRow(
        id=delivery.id,
        state=record.state.value,
        words=_state(record.state, tongue),
        project=delivery.change.project if project else "",
        name=tongue.name(project) if project else tongue.foreign(delivery.change.project),
        news=news(delivery.change, tongue),
        subscriber=tongue.foreign(delivery.subscriber),
        destination=tongue.foreign(label),
        when=_instant(record.sent_at or record.due_at, tongue, watch.timezone),
        outcome=shorten(clean(redact(record.last_outcome)), _LONGEST),
    )


def _state(state: DeliveryState, tongue: Tongue) -> str:
    if state is DeliveryState.SENT:
        return tongue.say("sent")
    if state is DeliveryState.PENDING:
        return tongue.say("waiting")
    if state is DeliveryState.DEAD:
        return tongue.say("given up")
    return tongue.say("not needed")


def _instant(at: datetime | None, tongue: Tongue, zone: tzinfo) -> str:
    return format_datetime(at.astimezone(zone), "short", locale=tongue.locale) if at else "–"
