"""The routes of the pages."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from monitor.app.build import App
from monitor.core.message.tongue import Tongue
from monitor.core.page.overview import moved
from monitor.ports import DeliveryState
from monitor.web.pages.lists import alert_rows
from monitor.web.pages.rendering import page, tongue_of

#: Changes and deliveries of one page.
_CHANGES, _DELIVERIES = 50, 100

Number = Annotated[int, Query(ge=1, le=100_000)]
ChangeId = Annotated[str, Query(pattern="^[0-9a-f]{0,64}$")]


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one monitor."""

    app: App

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        for path, route in (
            ("/changes", self.changes),
            ("/alerts", self.alerts),
        ):
            router.add_api_route(path, route, methods=["GET", "HEAD"], response_class=Response)
        return router

    def changes(self, request: Request, before: ChangeId = "") -> Response:
        """What has moved, the newest first."""
        tongue, watch = self._tongue(request), self.app.watch
        found = self.app.ledger.changes(before=before or None, limit=_CHANGES + 1)
        more = found[1].id if len(found) > _CHANGES else ""
        shown = moved(found[-_CHANGES:], watch.projects.values(), tongue, watch.timezone)
        return page(request, "changes.html.j2", tongue, changes=shown, more=more, before=before)

    def alerts(self, request: Request, state: DeliveryState | None = None) -> Response:
        """The last deliveries, the newest first."""
        tongue, watch = self._tongue(request), self.app.watch
        found = self.app.outbox.deliveries(state=state, limit=_DELIVERIES)[::-1]
        return page(
            request,
            "alerts.html.j2",
            tongue,
            alerts=alert_rows(found, watch, self.app.labels, tongue),
            state=state.value if state else "",
            has_subscribers=bool(watch.subscribers),
        )

    def _tongue(self, request: Request) -> Tongue:
        return tongue_of(request, self.app.watch.voice.catalogues)
