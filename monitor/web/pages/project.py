"""The page of one project, as it is known now or was known on a day, and its sheet of paper."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from monitor.core.folding.known import known_reports
from monitor.core.message.tongue import Tongue
from monitor.core.news import Change
from monitor.core.page.dossier import Dossier, dossier
from monitor.core.page.overview import Known, moved
from monitor.core.state import Report
from monitor.settings.config import SelfService
from monitor.watch.own import offered_projects
from monitor.web.pages.board import Board
from monitor.web.pages.lists import alert_rows
from monitor.web.pages.rendering import page, tongue_of, zone_of
from monitor.web.pages.silences import Silence, silences
from monitor.web.permissions import PERMISSIONS

#: Changes and deliveries of one page, and everything that was said of one page and of a sheet.
_CHANGES, _DELIVERIES, _SAID, _MOVED_ON_PAPER = 50, 100, 20, 8
#: The changes whose days the reader can step through.
_STEPS = 500
#: The entries of the audit log among which is who muted.
_AUDITED = 500

AsOf = Annotated[str, Query(max_length=10)]
Number = Annotated[int, Query(ge=1, le=100_000)]


@dataclass(frozen=True, slots=True)
class ProjectPages:
    """The page of each project of one monitor."""

    board: Board
    #: What is offered to those who subscribe alone. None if nobody may.
    offer: SelfService | None = None

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        for path, route in (("/projects/{project}", self.project), ("/projects/{project}/brief", self.brief)):
            router.add_api_route(path, route, methods=["GET", "HEAD"], response_class=Response)
        return router

    def project(self, request: Request, project: str, as_of: AsOf = "", number: Number = 1) -> Response:
        """Everything that is known of one project, now or at the end of a day."""
        app, tongue = self.board.app, self._tongue(request, project)
        at, watch = self._end_of(as_of), app.watch
        changes = app.ledger.changes(project=project, limit=_STEPS)
        then = [change for change in changes if at is None or change.at <= at]
        owed = [
            each
            for each in app.outbox.deliveries(project=project, limit=_DELIVERIES)[::-1]
            if at is None or each.delivery.change.at <= at
        ]
        first = (number - 1) * _SAID
        shown = self._dossier(project, tongue, at, then, zone=zone_of(request, self.board.app.watch), first=first)
        return page(
            request,
            "project.html.j2",
            tongue,
            project=shown,
            as_of=as_of if at else "",
            begins=self._begins(project, at, tongue),
            today=self.board.today().isoformat(),
            steps=_steps({self._day(change.at) for change in changes}, self._day(at or app.clock())),
            changes=moved(then[-_CHANGES:], watch.projects.values(), tongue, zone_of(request, watch)),
            alerts=alert_rows(owed, watch, app.labels, tongue, zone_of(request, watch)),
            number=number,
            is_more=first + _SAID < shown.said.total,
            silences=[] if at else self._silences(project, tongue),
            may_mute=bool(app.config.subscribers),
            may_subscribe=self.offer is not None and bool(offered_projects(self.offer, [watch.projects[project]])),
            has_articles="/articles/{article}" in PERMISSIONS,
        )

    def brief(self, request: Request, project: str, as_of: AsOf = "") -> Response:
        """One project on a sheet of paper, now or at the end of a day."""
        app, tongue = self.board.app, self._tongue(request, project)
        at = self._end_of(as_of)
        known = [each for each in app.ledger.changes(project=project, limit=_STEPS) if at is None or each.at <= at]
        changes = known[-_MOVED_ON_PAPER:]
        return page(
            request,
            "project_brief.html.j2",
            tongue,
            project=self._dossier(project, tongue, at, changes, zone=zone_of(request, app.watch), first=0),
            as_of=as_of if at else "",
            begins=self._begins(project, at, tongue),
            changes=moved(changes, app.watch.projects.values(), tongue, zone_of(request, app.watch)),
            day=self.board.day(self._day(at or app.clock()), tongue),
        )

    def _dossier(
        self, project: str, tongue: Tongue, at: datetime | None, changes: Sequence[Change], *, zone: tzinfo, first: int
    ) -> Dossier:
        app = self.board.app
        watch, now = app.watch, at or app.clock()
        told = self._told(project, at)
        state = watch.state_of(project, told, as_of=at)
        known = Known(
            project=watch.projects[project],
            state=state,
            lifecycle=watch.lifecycle_of(project),
            inferred=watch.inferred(state, now),
        )
        return dossier(
            known,
            (*known_reports(known.project, as_of=at), *told),
            app.ledger.corrections(project, as_of=at),
            tongue=tongue,
            zone=zone,
            today=self._day(now),
            last=[change for change in changes if change.at == changes[-1].at],
            first=first,
            most=_SAID,
        )

    def _silences(self, project: str, tongue: Tongue) -> list[Silence]:
        app = self.board.app
        return silences(
            project,
            app.watch.audience,
            now=app.clock(),
            done=lambda: app.audit.entries(limit=_AUDITED),
            tongue=tongue,
        )

    def _begins(self, project: str, at: datetime | None, tongue: Tongue) -> str:
        """The day on which the knowledge of the project begins. "" if it begins by this instant, or never."""
        if at is None:
            return ""
        told = (*known_reports(self.board.app.watch.projects[project]), *self._told(project, None))
        first = min((report.source.seen_at for report in told), default=at)
        return self.board.day(self._day(first), tongue) if first > at else ""

    def _told(self, project: str, at: datetime | None) -> Sequence[Report]:
        return self.board.app.ledger.reports(project, as_of=at).get(project, ())

    def _tongue(self, request: Request, project: str) -> Tongue:
        """The tongue of the reader.

        Raises:
            HTTPException: there is no such project.
        """
        watch = self.board.app.watch
        if project not in watch.projects:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return tongue_of(request, watch)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.board.app.watch.timezone).date()

    def _end_of(self, day: str) -> datetime | None:
        """The end of this day. None for today, for a day to come, and for what is no day."""
        app = self.board.app
        try:
            end = datetime.combine(date.fromisoformat(day), time.max, app.watch.timezone).astimezone(UTC)
        except (ValueError, OverflowError):
            return None
        return end if end < app.clock() else None


def _steps(days: Collection[date], shown: date) -> tuple[str, str]:
    """The last day with a change before the one that is shown, and the first one after it. "" if there is none."""
    before = max((day for day in days if day < shown), default=None)
    after = min((day for day in days if day > shown), default=None)
    return before.isoformat() if before else "", after.isoformat() if after else ""
