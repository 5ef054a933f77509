"""The pages on alerts: what was sent to whom and why, what was given up, and how a message looks."""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse

from monitor.app.build import App
from monitor.core.alerting.plan import hearings
from monitor.core.changes.revision import correction_id
from monitor.core.message.compose import compose
from monitor.core.message.headline import news
from monitor.core.message.tongue import Tongue
from monitor.core.news import Change, Message
from monitor.deliver.send import brief_on
from monitor.ports import AuditEntry, DeliveryState
from monitor.web.access import actor_of, form_of
from monitor.web.pages.lists import Receipt, alert_rows, hearing_rows, receipts, sources
from monitor.web.pages.rendering import FRAMING, language_of, page, tongue_of, turned_to, zone_of
from monitor.web.pages.routing import SHOW, routed

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
