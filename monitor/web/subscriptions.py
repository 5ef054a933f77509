"""Documents that other programs subscribe to: feeds of changes, a calendar of expected milestones."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from monitor.app.build import App
from monitor.contracts.atom import atom
from monitor.contracts.syndication import calendar, json_feed
from monitor.core.model import Project
from monitor.core.state import ProjectState
from monitor.errors import InputError
from monitor.web.answers import json_answer, tagged
from monitor.web.pages.rendering import language_of, tongue_of

#: The most changes in a feed.
_CHANGES = 100

Of = Annotated[str | None, Query(alias="project", max_length=200)]


class Subscriptions:
    """The documents of one monitor, of all projects or of one."""

    def __init__(self, app: App) -> None:
        self._app = app

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/changes.atom", self.changes, methods=["GET", "HEAD"], response_class=Response)
        router.add_api_route("/changes.json", self.json_feed, methods=["GET", "HEAD"], response_class=Response)
        router.add_api_route("/expected.ics", self.expected, methods=["GET", "HEAD"], response_class=Response)
        return router

    def changes(self, request: Request, project: Of = None) -> Response:
        """The last changes as the messages that subscribers read (RFC 4287)."""
        watch = self._app.watch
        self._check(project)
        document = atom(
            self._app.ledger.changes(project=project, limit=_CHANGES),
            watch.projects,
            voice=watch.voice,
            language=language_of(request, watch.voice.catalogues),
            zone=watch.timezone,
            now=self._app.clock(),
        )
        return tagged(request, document, media_type="application/atom+xml; charset=utf-8")

    def json_feed(self, request: Request, project: Of = None) -> Response:
        """The same as a JSON Feed."""
        watch = self._app.watch
        self._check(project)
        document = json_feed(
            self._app.ledger.changes(project=project, limit=_CHANGES),
            watch.projects,
            voice=watch.voice,
            language=language_of(request, watch.voice.catalogues),
            zone=watch.timezone,
        )
        return json_answer(request, document, media_type="application/feed+json")

    def expected(self, request: Request, project: Of = None) -> Response:
        """The expected milestones as whole-day events (RFC 5545)."""
        self._check(project)
        try:
            document = calendar(self._states(project), self._app.clock(), tongue_of(request, self._app.watch))
        except InputError as error:
            raise HTTPException(HTTPStatus.NOT_FOUND, str(error)) from error
        return tagged(request, document, media_type="text/calendar")

    def _states(self, project: str | None) -> Iterator[tuple[Project, ProjectState]]:
        projects = self._app.watch.projects
        for state in self._app.knowledge.overview():
            if project in {None, state.project}:
                yield projects[state.project], state

    def _check(self, project: str | None) -> None:
        if project is not None and project not in self._app.watch.projects:
            raise HTTPException(HTTPStatus.NOT_FOUND)
