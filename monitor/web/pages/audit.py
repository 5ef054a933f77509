"""``/audit``: who did what, and when."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from monitor.app.build import App
from monitor.core.message.tongue import Tongue
from monitor.core.page.deeds import deed, details
from monitor.core.plain import shorten
from monitor.logs import redact
from monitor.ports import AuditEntry
from monitor.web.pages.rendering import instant, page, tongue_of, zone_of

_ENTRIES, _LONGEST = 50, 300
Before = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry, in the reader's words."""

    when: str
    actor: str
    action: str
    target: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """The audit log of one monitor."""

    app: App

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/audit", self.show, methods=["GET", "HEAD"], response_class=Response)
        return router

    def show(self, request: Request, before: Before = None) -> Response:
        """The entries, the newest first."""
        tongue, zone = tongue_of(request, self.app.watch), zone_of(request, self.app.watch)
        found = self.app.audit.entries(before=before, limit=_ENTRIES + 1)
        shown = found[:_ENTRIES]
        return page(
            request,
            "audit.html.j2",
            tongue,
            rows=[_row(each, tongue, zone) for each in shown],
            more=shown[-1].id if len(found) > _ENTRIES else None,
        )


def _row(entry: AuditEntry, tongue: Tongue, zone: tzinfo) -> Row:
    return Row(
        when=instant(entry.at, tongue, zone),
        actor=tongue.foreign(entry.actor),
        action=deed(entry.action, tongue),
        target=tongue.foreign(shorten(redact(entry.target), _LONGEST)),
        details=tuple(redact(each) for each in details(entry.detail, tongue)),
    )
