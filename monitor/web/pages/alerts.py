"""The pages on alerts: what was sent to whom and why, what was given up, and how a message looks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse

from monitor.app.build import App
from monitor.core.alerting.plan import Hearing, hearings
from monitor.core.changes.revision import correction_id
from monitor.core.folding.known import is_known
from monitor.core.message.compose import compose
from monitor.core.message.headline import news
from monitor.core.message.tongue import Tongue
from monitor.core.news import Change, Message
from monitor.core.plain import clean, is_plain_address, shorten
from monitor.core.state import Report
from monitor.deliver.send import brief_on
from monitor.logs import redact
from monitor.ports import AttemptRecord, AuditEntry, DeliveryRecord, DeliveryState
from monitor.watch.watch import Watched
from monitor.web.access import actor_of, form_of
from monitor.web.pages.rendering import FRAMING, SHOW, instant, language_of, page, routed, tongue_of, turned_to, zone_of

# Rows of the page on alerts -------------------------------------------------------------------------------------------


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


#: Deliveries of one page.
_DELIVERIES = 100
_FORM = 2_000
#: Of the mail in its frame: no script, nothing from elsewhere, no forms, no way out of the frame.
_SEALED = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)

ChangeId = Annotated[str, Query(pattern="^[0-9a-f]{0,64}$")]
Name = Annotated[str, Query(max_length=200)]
Done = Annotated[int | None, Query(ge=0)]


class Form(StrEnum):
    """The forms of a message."""

    MAIL = "mail"
    TEXT = "text"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class AlertPages:
    """The pages on the deliveries of one monitor."""

    app: App

    def router(self) -> APIRouter:
        return routed(
            ("/alerts", self.alerts, SHOW),
            ("/alerts/retry", self.retry, _FORM),
            ("/alerts/changes/{change}", self.change, SHOW),
            ("/alerts/changes/{change}/message", self.preview, SHOW),
            ("/alerts/changes/{change}/mail", self.mail, SHOW),
        )

    def alerts(
        self, request: Request, state: DeliveryState | None = None, subscriber: Name = "", retried: Done = None
    ) -> Response:
        """The last deliveries, the newest first."""
        tongue, watch = self._tongue(request), self.app.watch
        names = [each.name for each in watch.subscribers]
        found = self.app.outbox.deliveries(state=state, destinations=self._destinations(subscriber), limit=_DELIVERIES)
        return page(
            request,
            "alerts.html.j2",
            tongue,
            alerts=alert_rows(found[::-1], watch, self.app.labels, tongue, zone_of(request, watch)),
            state=state.value if state else "",
            subscriber=subscriber,
            subscribers=names,
            has_subscribers=bool(names),
            retried=retried,
        )

    def retry(self, request: Request) -> Response:
        """Make dead deliveries due again: the one that the form names, or all."""
        form = form_of(request)
        chosen = [int(form["delivery"])] if form.get("delivery", "").isdecimal() else None
        due = self.app.outbox.retry(chosen, now=self.app.clock())
        self.app.courier.wake()
        self._note(request, "alerts.retry", form.get("delivery", ""), due=due)
        back = form.get("change", "")
        known = back if self.app.ledger.change(back) else ""
        return turned_to(request, f"/alerts/changes/{known}" if known else "/alerts", retried=str(due))

    def change(self, request: Request, change: str, retried: Done = None) -> Response:
        """Why a change was told or not, to whom, and every attempt."""
        tongue, watch, found = self._tongue(request), self.app.watch, self._found(change)
        project = watch.projects.get(found.project)
        owed = self.app.outbox.deliveries(change=found.id)
        attempts = self.app.outbox.attempts([each.delivery.id for each in owed])
        zone = zone_of(request, watch)
        correction = self.app.ledger.change(correction_id(found.project, found.id))
        shown: tuple[Receipt, ...] = receipts(owed, attempts, watch, self.app.labels, tongue=tongue, zone=zone)
        return page(
            request,
            "alert_change.html.j2",
            tongue,
            change=found,
            project=project,
            name=tongue.name(project) if project else "",
            news=news(found, tongue),
            correction=correction.id if correction else "",
            sources=sources(found, self.app.ledger.reports(found.project, as_read=True).get(found.project, ()), tongue),
            receipts=shown,
            hearings=hearing_rows(hearings(found, watch.audience, found.at), tongue, zone),
            retried=retried,
        )

    # ------------------------------------------------------------ how a message looks

    def preview(self, request: Request, change: str, form: Form = Form.MAIL, tongue: Name = "") -> Response:
        """The message on a change as a subscriber gets it."""
        found, spoken = self._found(change), tongue or language_of(request, self.app.watch.voice.catalogues)
        message = self._message(found, spoken)
        return page(
            request,
            "alert_message.html.j2",
            self._tongue(request),
            policy=FRAMING,
            change=found,
            form=form.value,
            spoken=spoken,
            title=message.title,
            written="" if form is Form.MAIL else message.markdown if form is Form.CHAT else message.body,
        )

    def mail(self, change: str, tongue: Name = "en") -> Response:
        """The mail on a change as its HTML, for the frame of the preview."""
        message = self._message(self._found(change), tongue)
        return HTMLResponse(message.html, headers={"Content-Security-Policy": _SEALED})

    def _message(self, change: Change, language: str) -> Message:
        watch = self.app.watch
        briefing = brief_on(change, watch, self.app.knowledge.brief, self.app.courier.page)
        return compose(briefing, voice=watch.voice, language=language, zone=watch.timezone)

    # ------------------------------------------------------------ helpers

    def _found(self, id_: str) -> Change:
        found = self.app.ledger.change(id_)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return found

    def _destinations(self, subscriber: str) -> frozenset[str] | None:
        """The ids of a subscriber's destinations. None if none is named."""
        everybody = self.app.watch.subscribers
        chosen = (each.id for one in everybody if one.name == subscriber for each in one.destinations)
        return frozenset(chosen) if subscriber else None

    def _note(self, request: Request, action: str, target: str, **detail: object) -> None:
        entry = AuditEntry(
            at=self.app.clock(), actor=actor_of(request).name, action=action, target=target, detail=detail
        )
        self.app.audit.add(entry)

    def _tongue(self, request: Request) -> Tongue:
        return tongue_of(request, self.app.watch)
