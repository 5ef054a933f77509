"""The page of one project, as it is known now or was known on a day, and its sheet of paper."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from http import HTTPStatus
from operator import attrgetter
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from monitor.core.alerting.plan import Audience, answers
from monitor.core.alerting.timetable import first_instant
from monitor.core.folding.known import known_from
from monitor.core.message.tongue import Tongue
from monitor.core.news import Change, Mute, Past, last_told
from monitor.ports import AuditEntry
from monitor.settings.config import SelfService
from monitor.watch.subscribed import offered_projects
from monitor.web.pages.alerts import alert_rows
from monitor.web.pages.events import Board
from monitor.web.pages.rendering import page, tongue_of, zone_of
from monitor.web.pages.subscribers import muted_until
from monitor.web.permissions import PERMISSIONS
from monitor.web.view.dossier import Dossier, dossier
from monitor.web.view.overview import Known, moved

# The mutes in force on a project: until when, for whom, and who made them ---------------------------------------------


#: The names that are shown of those who are muted.
_NAMES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """One mute, of everybody who has it."""

    #: What is muted, and until when.
    words: str
    whom: str
    #: Who made it on these pages. "" if that is not known.
    by: str
    #: What identifies it in a form.
    until: str
    projects: str


def silences(
    project: str, audience: Audience, *, now: datetime, done: Callable[[], Sequence[AuditEntry]], tongue: Tongue
) -> list[Silence]:
    """The mutes in force on a project.

    Args:
        project: its id.
        audience: everybody who is told of changes.
        now: the present instant.
        done: the newest entries of the audit log, the newest first. Asked only if something is muted.
        tongue: the language of the reader.
    """
    tags, found = audience.tags_of(project), defaultdict[Mute, list[str]](list)
    for each in audience.subscribers:
        for mute in each.mutes if answers(project, tags, each.projects) else ():
            zone = audience.zones(each.timezone)
            if answers(project, tags, mute.projects) and now < first_instant(mute.until, zone):
                found[mute].append(each.name)
    entries = done() if found else ()
    return [
        Silence(
            words=muted_until(mute, audience, tongue, on=project),
            whom=_whom(names, tongue),
            by=tongue.foreign(_maker(mute, names, entries)),
            until=mute.until.isoformat(),
            projects="\n".join(mute.projects),
        )
        for mute, names in found.items()
    ]


def _whom(names: Sequence[str], tongue: Tongue) -> str:
    if len(names) > _NAMES:
        return tongue.count("one subscriber", "{n} subscribers", len(names))
    return ", ".join(map(tongue.foreign, names))


def _maker(mute: Mute, names: Sequence[str], entries: Sequence[AuditEntry]) -> str:
    """Who made a mute of these subscribers."""
    told = {"project": ", ".join(mute.projects), "until": mute.until.date().isoformat()}
    made = (
        each.actor
        for each in entries
        if each.action == "subscribers.mute"
        and told.items() <= each.detail.items()
        and names[0] in each.target.split(", ")
    )
    return next(made, "")


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

    def project(
        self, request: Request, project: str, as_of: AsOf = "", published_by: AsOf = "", number: Number = 1
    ) -> Response:
        """Everything that is known of one project, now or in a view of a past day."""
        app, tongue = self.board.app, self._tongue(request, project)
        then, watch = self._then(as_of, published_by), app.watch
        every = app.ledger.changes(project=project, limit=_STEPS)
        changes = self._shown(every, then)
        owed = [
            each
            for each in app.outbox.deliveries(project=project, limit=_DELIVERIES)[::-1]
            if then is None or each.delivery.change.at <= then.at
        ]
        first, came = (number - 1) * _SAID, attrgetter("at") if then is None else then.came
        shown = self._dossier(project, tongue, then, changes, zone=zone_of(request, watch), first=first)
        return page(
            request,
            "project.html.j2",
            tongue,
            project=shown,
            past=self._chosen(project, then, tongue),
            today=self.board.today().isoformat(),
            steps=_steps({self._day(came(change)) for change in every}, self._day(then.at if then else app.clock())),
            changes=moved(changes, watch.projects.values(), tongue, zone_of(request, watch))[:_CHANGES],
            alerts=alert_rows(owed, watch, app.labels, tongue, zone_of(request, watch)),
            number=number,
            is_more=first + _SAID < shown.said.total,
            silences=[] if then else self._silences(project, tongue),
            may_mute=bool(app.config.subscribers),
            may_subscribe=self.offer is not None and bool(offered_projects(self.offer, [watch.projects[project]])),
            has_articles="/articles/{article}" in PERMISSIONS,
        )

    def brief(self, request: Request, project: str, as_of: AsOf = "", published_by: AsOf = "") -> Response:
        """One project on a sheet of paper, now or in a view of a past day."""
        app, tongue = self.board.app, self._tongue(request, project)
        then, zone = self._then(as_of, published_by), zone_of(request, app.watch)
        changes = self._shown(app.ledger.changes(project=project, limit=_STEPS), then)
        return page(
            request,
            "project_brief.html.j2",
            tongue,
            project=self._dossier(project, tongue, then, changes, zone=zone, first=0),
            past=self._chosen(project, then, tongue),
            changes=moved(changes, app.watch.projects.values(), tongue, zone)[:_MOVED_ON_PAPER],
            day=self.board.day(self._day(then.at if then else app.clock()), tongue),
        )

    def _chosen(self, project: str, then: Past | None, tongue: Tongue) -> tuple[str, str, str]:
        """The day that is shown as known here, or as published by, and where knowledge begins if that is later.

        Each is "" if it does not apply.
        """
        if then is None:
            return "", "", ""
        day, begins = self._day(then.at).isoformat(), self._begins(project, then, tongue)
        return ("", day, begins) if then.as_published else (day, "", begins)

    def _shown(self, changes: Sequence[Change], then: Past | None) -> Sequence[Change]:
        return then.changes(changes) if then else changes

    def _dossier(
        self, project: str, tongue: Tongue, then: Past | None, changes: Sequence[Change], *, zone: tzinfo, first: int
    ) -> Dossier:
        app = self.board.app
        watch, at = app.watch, then.at if then else None
        now = at or app.clock()
        state = app.knowledge.state(project, then)
        known = Known(
            project=watch.projects[project],
            state=state,
            lifecycle=watch.lifecycle_of(project),
            inferred=watch.inferred(state, now),
        )
        return dossier(
            known,
            app.knowledge.reports(project, then),
            app.ledger.corrections(project, as_of=at),
            tongue=tongue,
            zone=zone,
            today=self._day(now),
            last=last_told(changes),
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

    def _begins(self, project: str, then: Past, tongue: Tongue) -> str:
        """The first day on which this view shows something of the project. "" if it does so then, or never."""
        app = self.board.app
        if app.knowledge.reports(project, then):
            return ""
        watched = app.watch.projects[project]
        days = [day for known in watched.known if (day := known_from(watched, known))]
        for report in app.ledger.reports(project).get(project, ()):
            source = report.source
            days.append(self._day(source.published_at if then.as_published else source.seen_at))
        return self.board.day(min(days), tongue) if days else ""

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

    def _then(self, as_of: str, published_by: str) -> Past | None:
        """The end of the day in its view. None for today, for a day to come, and for what is no day."""
        app = self.board.app
        try:
            day = date.fromisoformat(published_by or as_of)
            end = datetime.combine(day, time.max, app.watch.timezone).astimezone(UTC)
        except (ValueError, OverflowError):
            return None
        return Past(end, as_published=bool(published_by)) if end < app.clock() else None


def _steps(days: Collection[date], shown: date) -> tuple[str, str]:
    """The last day with a change before the one that is shown, and the first one after it. "" if there is none."""
    before = max((day for day in days if day < shown), default=None)
    after = min((day for day in days if day > shown), default=None)
    return before.isoformat() if before else "", after.isoformat() if after else ""
