"""Rows of the pages on feeds and alerts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from babel.dates import format_datetime

from monitor.core.message.headline import news
from monitor.core.message.tongue import Tongue
from monitor.core.model import Feed
from monitor.core.plain import clean, shorten
from monitor.logs import redact
from monitor.ports import DeliveryRecord, DeliveryState, FeedRecord
from monitor.watch.watched import Watched

_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """One feed and how it is doing, in the reader's words."""

    name: str
    address: str
    trust: str
    #: well, failing, or new: never polled
    health: str
    words: str
    #: The last error. "" if there is none.
    error: str
    polled: str
    next: str
    #: Why it is polled then, each rule in a line.
    reasons: tuple[str, ...]


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


def feed_rows(feeds: Iterable[tuple[Feed, FeedRecord]], tongue: Tongue, zone: tzinfo) -> tuple[FeedRow, ...]:
    """The feeds in the order given."""
    return tuple(_feed(feed, record, tongue, zone) for feed, record in feeds)


def _feed(feed: Feed, record: FeedRecord, tongue: Tongue, zone: tzinfo) -> FeedRow:
    if record.polled_at is None:
        health, words = "new", tongue.say("not asked yet")
    elif record.failures:
        health = "failing"
        words = tongue.count("failed once", "failed {n} times in a row", record.failures)
    else:
        health = "well"
        words = tongue.count("one entry", "{n} entries", record.last_entries or 0)
    return FeedRow(
        name=tongue.foreign(feed.name),
        address=clean(redact(feed.url)),
        trust=f"{feed.trust:g}",
        health=health,
        words=words,
        error=shorten(clean(redact(record.last_error)), _LONGEST),
        polled=_instant(record.polled_at, tongue, zone),
        next=_instant(record.next_poll_at, tongue, zone),
        reasons=tuple(reason.words for reason in record.reasons),
    )


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
