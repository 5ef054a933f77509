"""``/changes``: what has moved."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from monitor.app.build import App
from monitor.core.page.overview import moved
from monitor.web.pages.rendering import page, tongue_of, zone_of

#: Changes of one page.
_CHANGES = 50

ChangeId = Annotated[str, Query(pattern="^[0-9a-f]{0,64}$")]


@dataclass(frozen=True, slots=True)
class Changes:
    """The page of one monitor."""

    app: App

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/changes", self.changes, methods=["GET", "HEAD"], response_class=Response)
        return router

    def changes(self, request: Request, before: ChangeId = "") -> Response:
        """What has moved, the newest first."""
        watch = self.app.watch
        tongue = tongue_of(request, watch)
        found = self.app.ledger.changes(before=before or None, limit=_CHANGES + 1)
        more = found[1].id if len(found) > _CHANGES else ""
        shown = moved(found[-_CHANGES:], watch.projects.values(), tongue, zone_of(request, watch))
        return page(request, "changes.html.j2", tongue, changes=shown, more=more, before=before)
