"""``/api/v1``: what the commands print with ``--json``, in pages, for other programs."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from http import HTTPStatus
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BeforeValidator
from pydantic.json_schema import models_json_schema

from monitor import __version__
from monitor.app.build import App
from monitor.contracts.deliveries import delivery_json, hearing_json, subscriber_json
from monitor.contracts.exports import Table, What, write_table
from monitor.contracts.feeds import appointment_json, feed_json
from monitor.contracts.plain import Json
from monitor.contracts.status import listed_change_json, status_json, timeline_json
from monitor.core.alerting.plan import hearings
from monitor.core.folding.listing import state_fields
from monitor.core.model import Project
from monitor.core.news import Past
from monitor.errors import InputError
from monitor.ports import AuditEntry, DeliveryState
from monitor.web.access import actor_of
from monitor.web.answers import PAGE, Limit, json_answer, listed
from monitor.web.api.reviews import Reviews
from monitor.web.api.shapes import (
    AppointmentShape,
    DeliveryShape,
    DueShape,
    FeedShape,
    HearingShape,
    InvalidRequest,
    ListedChangeShape,
    Page,
    Problem,
    ProjectShape,
    SubscriberShape,
    TimelineShape,
)

PREFIX = "/api/v1"
_MEDIA = {
    Table.JSON: "application/x-ndjson",
    Table.CSV: "text/csv; charset=utf-8",
    Table.PARQUET: "application/vnd.apache.parquet",
}
_ENDINGS = {Table.JSON: "jsonl", Table.CSV: "csv", Table.PARQUET: "parquet"}
#: Bytes of a table that are sent at a time.
_CHUNK = 1 << 16


def _day(written: object) -> object:
    """A day as it is written. Any other number would count as seconds."""
    if isinstance(written, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        raise ValueError("write a day: 2026-09-15")
    return written


After = Annotated[str | None, Query(max_length=2_000, description="`next` of the page before; absent for the first.")]
ChangeId = Annotated[str | None, Query(pattern="^[0-9a-f]{1,64}$")]
AsOf = Annotated[
    date | None,
    BeforeValidator(_day),
    Query(description="What was known at the end of this day, in the monitor's time zone."),
]
PublishedBy = Annotated[
    date | None,
    BeforeValidator(_day),
    Query(description="What had been published by the end of this day, whenever it was read. Overrides `as_of`."),
]
ProjectId = Annotated[str | None, Query(max_length=200, description="Only of this project.")]
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_INVALID = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/InvalidRequest"}}}
_PROBLEMS: dict[int | str, dict[str, object]] = {
    304: {"description": "The client has it already (`If-None-Match`)."},
    404: {"description": "There is no such thing, or not for this client.", "content": _PROBLEM},
    422: {"description": "A parameter is invalid.", "content": _INVALID},
    503: {"description": "The database refuses; try again later.", "content": _PROBLEM},
}
_REFUSED: dict[int | str, dict[str, object]] = {
    409: {"description": "It does not fit what there is now.", "content": _PROBLEM},
    400: {"description": "The body cannot be read.", "content": _PROBLEM},
    403: {"description": "The role does not suffice, or another site has sent this.", "content": _PROBLEM},
    415: {"description": "The body is compressed.", "content": _PROBLEM},
}


class Api:
    """The routes of the API, for one monitor."""

    def __init__(self, app: App) -> None:
        self._app = app

    def router(self) -> APIRouter:
        router = APIRouter(prefix=PREFIX, responses=_PROBLEMS)
        for path, route, shape, words in (
            ("/projects", self.projects, Page[ProjectShape], "The projects, where each stands, and its milestones"),
            ("/projects/{project}", self.project, ProjectShape, "One project"),
            ("/projects/{project}/timeline", self.timeline, TimelineShape, "Everything that was said of a project"),
            ("/changes", self.changes, Page[ListedChangeShape], "The changes, newest first"),
            ("/changes/{change}/hearings", self.hearings, list[HearingShape], "Who is told of a change, and why"),
            ("/feeds", self.feeds, Page[FeedShape], "The feeds, and how each is doing"),
            ("/feeds/{feed:path}", self.feed, list[AppointmentShape], "Why a feed is polled next when it is"),
            ("/subscribers", self.subscribers, Page[SubscriberShape], "The subscribers, and what each wants"),
            ("/deliveries", self.deliveries, Page[DeliveryShape], "The deliveries, newest first"),
        ):
            router.add_api_route(
                path,
                route,
                methods=["GET"],
                summary=words,
                response_class=JSONResponse,
                responses={200: {"model": shape}},
            )
        router.add_api_route(
            "/deliveries/{delivery}/retry",
            self.retry,
            methods=["POST"],
            summary="Make a dead delivery due again",
            response_class=JSONResponse,
            responses={**_REFUSED, 200: {"model": DueShape}},
        )
        router.add_api_route(
            "/export/{what}",
            self.export,
            methods=["GET"],
            summary="All records as a table",
            response_class=StreamingResponse,
            responses={200: {"description": "The table.", "content": {kind: {} for kind in _MEDIA.values()}}},
        )
        Reviews(self._app).add_to(router, _REFUSED)
        # It takes a fraction of a second to make, and most monitors are never asked for it.
        schema = cache(lambda: described(router))

        @router.get("/openapi.json", include_in_schema=False)
        def description(request: Request) -> Response:
            return json_answer(request, schema())

        return router

    def projects(
        self,
        request: Request,
        limit: Limit = PAGE,
        after: After = None,
        as_of: AsOf = None,
        published_by: PublishedBy = None,
    ) -> Response:
        """As `monitor status --json`."""
        watch, then = self._app.watch, self._then(as_of, published_by)
        known = self._app.knowledge.listed(then)
        following = _following([each.brief.project for each in known], after)
        page = known[following : following + limit]
        now = then.at if then else self._app.clock()
        items = [
            status_json(
                watch.projects[each.brief.project], each.fields, watch.inferred(each.brief, now), today=now.date()
            )
            for each in page
        ]
        more = page[-1].brief.project if page and following + limit < len(known) else None
        return json_answer(request, listed(items, more))

    def project(self, request: Request, project: str, as_of: AsOf = None, published_by: PublishedBy = None) -> Response:
        """As `monitor status PROJECT --json`."""
        return json_answer(request, self._status(self._known(project), self._then(as_of, published_by)))

    def timeline(
        self, request: Request, project: str, as_of: AsOf = None, published_by: PublishedBy = None
    ) -> Response:
        """As `monitor timeline PROJECT --json`."""
        known, then = self._known(project), self._then(as_of, published_by)
        reports = self._app.knowledge.reports(project, then)
        corrections = self._app.ledger.corrections(project, as_of=then.at if then else None)
        changes = self._app.ledger.changes(project=project)
        shown = then.changes(changes) if then else changes
        return json_answer(request, timeline_json(self._status(known, then), reports, corrections, shown))

    def changes(
        self, request: Request, limit: Limit = PAGE, after: ChangeId = None, project: ProjectId = None
    ) -> Response:
        """As `monitor changes --json`, newest first."""
        if project is not None:
            self._known(project)
        found = self._app.ledger.changes(project=project, before=after, limit=limit + 1)[::-1]
        more = found[limit - 1].id if len(found) > limit else None
        return json_answer(request, listed([listed_change_json(each) for each in found[:limit]], more))

    def feeds(self, request: Request, limit: Limit = PAGE, after: After = None) -> Response:
        """As `monitor feeds list --json`. Addresses have their secrets masked."""
        found, hubs = self._app.feeds(), self._app.hub_subscriptions()
        names = [feed.name for feed, _ in found]
        following = _following(names, after)
        items = [
            feed_json(feed, record, hubs.get(feed.url)) for feed, record in islice(found, following, following + limit)
        ]
        more = names[following + limit - 1] if following + limit < len(found) else None
        return json_answer(request, listed(items, more))

    def feed(self, request: Request, feed: str) -> Response:
        """As `monitor feeds why --json`: each feed of this name or address."""
        found = self._app.feeds([feed])
        if not found:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no feed {feed!r}.")
        hubs = self._app.hub_subscriptions()
        return json_answer(request, [appointment_json(each, record, hubs.get(each.url)) for each, record in found])

    def subscribers(self, request: Request, limit: Limit = PAGE, after: After = None) -> Response:
        """As `monitor subscribers list --json`."""
        audience, left = self._app.audience, self._app.departures.all()
        found = audience.subscribers
        following = _following([each.name for each in found], after)
        page = found[following : following + limit]
        more = page[-1].name if page and following + limit < len(found) else None
        items = [subscriber_json(each, audience.followed_by(each), left) for each in page]
        return json_answer(request, listed(items, more))

    def hearings(self, request: Request, change: Annotated[str, Path(pattern="^[0-9a-f]{1,64}$")]) -> Response:
        """As `monitor subscribers explain --json`, for a change that was recorded."""
        found = self._app.ledger.change(change)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no change {change!r}.")
        left = self._app.departures.all()
        heard = hearings(found, self._app.audience, found.at)
        return json_answer(request, [hearing_json(each, left) for each in heard])

    def deliveries(
        self,
        request: Request,
        limit: Limit = PAGE,
        after: Annotated[int | None, Query(ge=1, description="`next` of the page before.")] = None,
        state: DeliveryState | None = None,
        change: ChangeId = None,
    ) -> Response:
        """As `monitor deliveries --json`, newest first."""
        found = self._app.outbox.deliveries(state=state, change=change, before=after, limit=limit + 1)[::-1]
        more = str(found[limit - 1].delivery.id) if len(found) > limit else None
        shown = found[:limit]
        attempts = self._app.outbox.attempts([record.delivery.id for record in shown])
        labels = self._app.labels
        items = [delivery_json(each, labels, attempts[each.delivery.id]) for each in shown]
        return json_answer(request, listed(items, more))

    def retry(self, request: Request, delivery: Annotated[int, Path(ge=1)]) -> Response:
        """As `monitor retry ID --json`. 0 are due again if it is not dead, or if its reader has unsubscribed."""
        now = self._app.clock()
        due = self._app.outbox.retry([delivery], now=now)
        if due:
            entry = AuditEntry(at=now, actor=actor_of(request).name, action="deliveries.retry", target=str(delivery))
            self._app.audit.add(entry)
        return json_answer(request, {"due": due})

    def export(
        self, what: What, form: Annotated[Table, Query(alias="format")] = Table.JSON, project: ProjectId = None
    ) -> Response:
        """As `monitor export`. JSON has one object a line. Parquet needs its library on the server."""
        if project is not None:
            self._known(project)
        file = TemporaryFile()  # noqa: SIM115 - closed when it is sent
        try:
            write_table(
                what,
                form,
                file,
                ledger=self._app.ledger,
                knowledge=self._app.knowledge,
                projects=self._app.watch.projects,
                project=project,
            )
        except BaseException as error:
            file.close()
            if isinstance(error, InputError):
                raise HTTPException(HTTPStatus.NOT_IMPLEMENTED, str(error)) from error
            raise
        size = file.tell()
        file.seek(0)
        headers = {
            "Content-Disposition": f'attachment; filename="{what}.{_ENDINGS[form]}"',
            "Content-Length": str(size),
        }
        return StreamingResponse(_chunks(file), media_type=_MEDIA[form], headers=headers)

    def _status(self, project: Project, then: Past | None) -> Json:
        state = self._app.knowledge.state(project.id, then)
        now = then.at if then else self._app.clock()
        inferred = self._app.watch.inferred(state, now)
        return status_json(project, state_fields(state), inferred, today=now.date())

    def _known(self, project: str) -> Project:
        known = self._app.watch.projects.get(project)
        if known is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no project {project!r}.")
        return known

    def _then(self, as_of: date | None, published_by: date | None) -> Past | None:
        """The view of the past that is asked for. None for now."""
        day = published_by or as_of
        try:
            end = datetime.combine(day, time.max, self._app.watch.timezone).astimezone(UTC) if day else None
        except OverflowError:
            raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, f"{day} is outside the calendar.") from None
        return Past(end, as_published=published_by is not None) if end else None


def _following(names: Sequence[str], after: str | None) -> int:
    """The index of the first item of a page."""
    if after is None:
        return 0
    try:
        return names.index(after) + 1
    except ValueError:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"There is no {after!r} to go on after.") from None


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while some := file.read(_CHUNK):
            yield some


def described(router: APIRouter) -> Json:
    """The description of these routes (OpenAPI 3.1)."""
    schema = get_openapi(title="Milestone monitor", version=__version__, routes=router.routes)
    _, problems = models_json_schema(
        [(Problem, "serialization"), (InvalidRequest, "serialization")], ref_template="#/components/schemas/{model}"
    )
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(problems["$defs"])
    return schema
