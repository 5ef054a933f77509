"""The routes of the pages."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from monitor.app.build import App
from monitor.core.message.tongue import Tongue
from monitor.core.page.dossier import dossier
from monitor.core.page.overview import Known, Order, matching, moved, ordered, rows
from monitor.core.state import ProjectState
from monitor.ports import DeliveryState
from monitor.web.pages.lists import alert_rows, feed_rows
from monitor.web.pages.rendering import language_of, page

#: Projects, changes, feeds and deliveries of one page.
_PROJECTS, _CHANGES, _FEEDS, _DELIVERIES = 100, 50, 200, 100
#: The most recent changes that the overview shows, and how far back it looks for them.
_LATELY, _WEEK = 8, timedelta(days=7)

Search = Annotated[str, Query(max_length=200)]
AsOf = Annotated[str, Query(max_length=10)]
Number = Annotated[int, Query(ge=1, le=100_000)]
ChangeId = Annotated[str, Query(pattern="^[0-9a-f]{0,64}$")]


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one monitor."""

    app: App

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        for path, route in (
            ("/", self.overview),
            ("/projects/{project}", self.project),
            ("/changes", self.changes),
            ("/feeds", self.feeds),
            ("/alerts", self.alerts),
        ):
            router.add_api_route(path, route, methods=["GET", "HEAD"], response_class=Response)
        return router

    def overview(self, request: Request, q: Search = "", order: Order = Order.GIVEN, number: Number = 1) -> Response:
        """Every project in a row, and what moved in the last week."""
        tongue, now = self._tongue(request), self.app.clock()
        watch = self.app.watch
        found = ordered(matching(map(self._known, self.app.knowledge.overview()), q), order)
        first = (number - 1) * _PROJECTS
        lately = [each for each in self.app.ledger.changes(history=False, limit=_CHANGES) if each.at >= now - _WEEK]
        return page(
            request,
            "overview.html.j2",
            tongue,
            rows=rows(found[first : first + _PROJECTS], tongue, self._today()),
            total=len(found),
            number=number,
            is_more=first + _PROJECTS < len(found),
            q=q,
            order=order.value,
            lately=moved(lately, watch.projects.values(), tongue, watch.timezone)[:_LATELY],
        )

    def project(self, request: Request, project: str, as_of: AsOf = "") -> Response:
        """One project, as it is known now or was known at the end of a day."""
        watch, tongue = self.app.watch, self._tongue(request)
        if project not in watch.projects:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        at = self._end_of(as_of)
        state = self.app.knowledge.state(project, as_of=at)
        changes = [
            change
            for change in self.app.ledger.changes(project=project, limit=_CHANGES)
            if at is None or change.at <= at
        ]
        owed = self.app.outbox.deliveries(project=project, limit=_DELIVERIES)[::-1]
        return page(
            request,
            "project.html.j2",
            tongue,
            project=dossier(
                self._known(state, at),
                self.app.knowledge.reports(project, as_of=at),
                self.app.ledger.corrections(project, as_of=at),
                tongue=tongue,
                zone=watch.timezone,
                today=(at or self.app.clock()).astimezone(watch.timezone).date(),
            ),
            as_of=as_of,
            today=self._today().isoformat(),
            changes=moved(
                [each for each in changes if at is None or each.at <= at],
                watch.projects.values(),
                tongue,
                watch.timezone,
            ),
            alerts=alert_rows(owed, watch, self.app.labels, tongue),
        )

    def changes(self, request: Request, before: ChangeId = "") -> Response:
        """What has moved, the newest first."""
        tongue, watch = self._tongue(request), self.app.watch
        found = self.app.ledger.changes(before=before or None, limit=_CHANGES + 1)
        more = found[1].id if len(found) > _CHANGES else ""
        shown = moved(found[-_CHANGES:], watch.projects.values(), tongue, watch.timezone)
        return page(request, "changes.html.j2", tongue, changes=shown, more=more, before=before)

    def feeds(self, request: Request, number: Number = 1) -> Response:
        """The health of every feed."""
        tongue, first = self._tongue(request), (number - 1) * _FEEDS
        found = self.app.feeds()
        shown = feed_rows(found[first : first + _FEEDS], tongue, self.app.watch.timezone)
        is_more = first + _FEEDS < len(found)
        return page(request, "feeds.html.j2", tongue, feeds=shown, total=len(found), number=number, is_more=is_more)

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

    def _known(self, state: ProjectState, at: datetime | None = None) -> Known:
        watch = self.app.watch
        inferred = watch.inferred(state, at or self.app.clock())
        project = watch.projects[state.project]
        return Known(project=project, state=state, lifecycle=watch.lifecycle_of(state.project), inferred=inferred)

    def _tongue(self, request: Request) -> Tongue:
        catalogues = self.app.watch.voice.catalogues
        return Tongue.of(catalogues, language_of(request, catalogues))

    def _today(self) -> date:
        return self.app.clock().astimezone(self.app.watch.timezone).date()

    def _end_of(self, day: str) -> datetime | None:
        """The end of this day. None for today, for a day to come, and for what is no day."""
        try:
            end = datetime.combine(date.fromisoformat(day), time.max, self.app.watch.timezone).astimezone(UTC)
        except (ValueError, OverflowError):
            return None
        return end if end < self.app.clock() else None
