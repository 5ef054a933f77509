"""Rows of the page on alerts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from monitor.core.alerting.plan import Hearing
from monitor.core.folding.known import is_known
from monitor.core.message.headline import news
from monitor.core.message.tongue import Tongue
from monitor.core.news import Change
from monitor.core.plain import clean, is_plain_address, shorten
from monitor.core.state import Report
from monitor.logs import redact
from monitor.ports import AttemptRecord, DeliveryRecord, DeliveryState
from monitor.watch.watched import Watched
from monitor.web.pages.rendering import instant

_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One delivery, in the reader's words."""

    id: int
    change: str
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
    records: Iterable[DeliveryRecord], watch: Watched, labels: Mapping[str, str], tongue: Tongue, zone: tzinfo
) -> tuple[AlertRow, ...]:
    """The deliveries in the order given. Labels are those of destinations, by id."""
    return tuple(_alert(record, watch, labels, tongue, zone) for record in records)


def _alert(record: DeliveryRecord, watch: Watched, labels: Mapping[str, str], tongue: Tongue, zone: tzinfo) -> AlertRow:
    delivery = record.delivery
    project = watch.projects.get(delivery.change.project)
    label = labels.get(delivery.destination, delivery.destination)
    return AlertRow(
        id=delivery.id,
        change=delivery.change.id,
        state=record.state.value,
        words=_state(record.state, tongue),
        project=delivery.change.project if project else "",
        name=tongue.name(project) if project else tongue.foreign(delivery.change.project),
        news=news(delivery.change, tongue),
        subscriber=tongue.foreign(delivery.subscriber),
        destination=tongue.foreign(label),
        when=instant(record.sent_at or record.due_at, tongue, zone),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One delivery with every attempt."""

    row: AlertRow
    #: When, and what came of it.
    attempts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingRow:
    """Whether a subscriber is told of a change, and why or why not."""

    name: str
    is_told: bool
    #: Worded for an operator, in English.
    reason: str
    #: Each destination, when it is told, and what decides that.
    wishes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """An article that a change rests on."""

    outlet: str
    title: str
    sentence: str
    #: "" if it has none that may be shown.
    url: str
    #: Its key. "" if it is not among the articles of the project.
    article: str


def receipts(
    records: Iterable[DeliveryRecord],
    attempts: Mapping[int, Sequence[AttemptRecord]],
    watch: Watched,
    labels: Mapping[str, str],
    *,
    tongue: Tongue,
    zone: tzinfo,
) -> tuple[Receipt, ...]:
    """The deliveries in the order given, each with its attempts."""
    return tuple(
        Receipt(
            row=_alert(record, watch, labels, tongue, zone),
            attempts=tuple(
                (instant(each.at, tongue, zone), shorten(clean(redact(each.outcome)), _LONGEST))
                for each in attempts.get(record.delivery.id, ())
            ),
        )
        for record in records
    )


def hearing_rows(found: Iterable[Hearing], tongue: Tongue, zone: tzinfo) -> tuple[HearingRow, ...]:
    """For each subscriber whether they are told."""
    return tuple(
        HearingRow(
            name=tongue.foreign(hearing.subscriber.name),
            is_told=hearing.entitlement.told,
            reason=hearing.entitlement.reason,
            wishes=tuple(
                (
                    tongue.foreign(one.destination.label),
                    instant(one.appointment.due_at, tongue, zone),
                    "; ".join(one.appointment.reasons),
                )
                for one, _ in hearing.wishes
            ),
        )
        for hearing in found
    )


def sources(change: Change, reports: Iterable[Report], tongue: Tongue) -> tuple[SourceRow, ...]:
    """The articles that a change rests on, found by their addresses among all reports on its project."""
    keys = {report.source.url: report.source.article for report in reports if not is_known(report.source)}
    return tuple(
        SourceRow(
            outlet=tongue.foreign(each.outlet),
            title=tongue.foreign(each.title),
            sentence=tongue.foreign(each.sentence),
            url=each.url if each.url and is_plain_address(each.url) else "",
            article=keys.get(each.url, "") if each.url else "",
        )
        for each in change.proof
    )
