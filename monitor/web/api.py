"""``/api/v1``: what the commands print with ``--json``, in pages, for other programs. It changes nothing."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from http import HTTPStatus
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.openapi.utils import get_openapi

from monitor import __version__
from monitor.app.build import App
from monitor.contracts.deliveries import delivery_json
from monitor.contracts.feeds import feed_json
from monitor.contracts.plain import Json
from monitor.contracts.status import change_json, status_json, timeline_json
from monitor.core.folding.listing import state_fields
from monitor.core.model import Project
from monitor.ports import DeliveryState
from monitor.web.answers import json_answer

PREFIX = "/api/v1"
#: The items of a page if the client does not say, and at most.
_PAGE, _LARGEST = 50, 500

Limit = Annotated[int, Query(ge=1, le=_LARGEST, description="The most items of a page.")]
After = Annotated[str | None, Query(max_length=2_000, description="`next` of the page before; absent for the first.")]
ChangeId = Annotated[str | None, Query(pattern="^[0-9a-f]{1,64}$")]
AsOf = Annotated[date | None, Query(description="What was known at the end of this day, in the monitor's time zone.")]
ProjectId = Annotated[str | None, Query(max_length=200, description="Only of this project.")]
_PROBLEMS: dict[int | str, dict[str, object]] = {
    404: {"description": "There is no such thing.", "content": {"application/problem+json": {}}},
    422: {"description": "A parameter is invalid.", "content": {"application/problem+json": {}}},
    503: {"description": "The database refuses; try again later.", "content": {"application/problem+json": {}}},
}


class Api:
    """The routes of the API, for one monitor."""

    def __init__(self, app: App) -> None:
        self._app = app

    def router(self) -> APIRouter:
        router = APIRouter(prefix=PREFIX, responses=_PROBLEMS)
        for path, route, words in (
            ("/projects", self.projects, "The projects, where each stands, and its milestones"),
            ("/projects/{project}", self.project, "One project"),
            ("/projects/{project}/timeline", self.timeline, "Everything that was said of a project"),
            ("/changes", self.changes, "The changes, newest first"),
            ("/feeds", self.feeds, "The feeds, and how each is doing"),
            ("/deliveries", self.deliveries, "The deliveries, newest first"),
        ):
            router.add_api_route(path, route, methods=["GET"], summary=words, response_class=Response)
        schema = get_openapi(title="Milestone monitor", version=__version__, routes=router.routes)

        @router.get("/openapi.json", include_in_schema=False)
        async def described(request: Request) -> Response:
            return json_answer(request, schema)

        return router

    def projects(self, request: Request, limit: Limit = _PAGE, after: After = None, as_of: AsOf = None) -> Response:
        """As `monitor status --json`."""
        watch, at = self._app.watch, self._end_of(as_of)
        listed = self._app.knowledge.listed(as_of=at)
        following = _following([each.brief.project for each in listed], after)
        page = listed[following : following + limit]
        now = at or self._app.clock()
        items = [
            status_json(
                watch.projects[each.brief.project], each.fields, watch.inferred(each.brief, now), today=now.date()
            )
            for each in page
        ]
        more = page[-1].brief.project if page and following + limit < len(listed) else None
        return json_answer(request, _page(items, more))

    def project(self, request: Request, project: str, as_of: AsOf = None) -> Response:
        """As `monitor status PROJECT --json`."""
        return json_answer(request, self._status(self._known(project), self._end_of(as_of)))

    def timeline(self, request: Request, project: str, as_of: AsOf = None) -> Response:
        """As `monitor timeline PROJECT --json`."""
        known, at = self._known(project), self._end_of(as_of)
        reports = self._app.knowledge.reports(project, as_of=at)
        corrections = self._app.ledger.corrections(project, as_of=at)
        changes = [each for each in self._app.ledger.changes(project=project) if at is None or each.at <= at]
        return json_answer(request, timeline_json(self._status(known, at), reports, corrections, changes))

    def changes(
        self, request: Request, limit: Limit = _PAGE, after: ChangeId = None, project: ProjectId = None
    ) -> Response:
        """As `monitor changes --json`, newest first. `after` is the id of the last change of the page before."""
        if project is not None:
            self._known(project)
        found = self._app.ledger.changes(project=project, before=after, limit=limit + 1)[::-1]
        more = found[limit - 1].id if len(found) > limit else None
        return json_answer(request, _page([change_json(each) for each in found[:limit]], more))

    def feeds(self, request: Request, limit: Limit = _PAGE, after: After = None) -> Response:
        """As `monitor feeds list --json`. Addresses have their secrets masked."""
        found, hubs = self._app.feeds(), self._app.hub_subscriptions()
        names = [feed.name for feed, _ in found]
        following = _following(names, after)
        items = [
            feed_json(feed, record, hubs.get(feed.url)) for feed, record in islice(found, following, following + limit)
        ]
        more = names[following + limit - 1] if following + limit < len(found) else None
        return json_answer(request, _page(items, more))

    def deliveries(
        self, request: Request, limit: Limit = _PAGE, state: DeliveryState | None = None, change: ChangeId = None
    ) -> Response:
        """As `monitor deliveries --json`, newest first: the last ones only."""
        found = self._app.outbox.deliveries(state=state, change=change, limit=limit)[::-1]
        attempts = self._app.outbox.attempts([record.delivery.id for record in found])
        labels = self._app.labels
        return json_answer(
            request, _page([delivery_json(each, labels, attempts[each.delivery.id]) for each in found], None)
        )

    def _status(self, project: Project, at: datetime | None) -> Json:
        state = self._app.knowledge.state(project.id, as_of=at)
        now = at or self._app.clock()
        inferred = self._app.watch.inferred(state, now)
        return status_json(project, state_fields(state), inferred, today=now.date())

    def _known(self, project: str) -> Project:
        known = self._app.watch.projects.get(project)
        if known is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no project {project!r}.")
        return known

    def _end_of(self, day: date | None) -> datetime | None:
        try:
            return None if day is None else datetime.combine(day, time.max, self._app.watch.timezone).astimezone(UTC)
        except OverflowError:
            raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, "as_of is outside the calendar.") from None


def _following(names: Sequence[str], after: str | None) -> int:
    """The index of the first item of a page."""
    if after is None:
        return 0
    try:
        return names.index(after) + 1
    except ValueError:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no {after!r} to go on after.") from None


def _page(items: Sequence[Json], more: str | None) -> Json:
    return {"items": items, "next": more}
