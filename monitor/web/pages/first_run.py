"""The guided path from what is watched to a test message. A step stands in its address: it can be left and resumed."""

import asyncio
import os
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request, Response

from monitor.app.build import App, edit
from monitor.app.first_run import FoundNews, Prepared, look, prepare, telling, told_at
from monitor.core.alerting.limits import mail_address
from monitor.core.message.tongue import Tongue
from monitor.core.news import Subscriber
from monitor.core.plain import clean
from monitor.errors import ConfigError
from monitor.logs import redact
from monitor.ports import Outcome
from monitor.settings.searches import read_searches
from monitor.web.access import actor_of, form_of
from monitor.web.pages.feeds import trial_rows
from monitor.web.pages.rendering import SHOW, page, routed, tongue_of, turned_to, zone_of
from monitor.web.pages.subscribers import sent_test, subscriber_rows
from monitor.web.pages.throttle import WorkThrottle
from monitor.web.pages.what_if import trial_page

_FORM, _LONGEST = 20_000, 1_000
#: Seconds that a reader waits for a trial, and how many days it looks back.
_PATIENCE, _DAYS = 22.0, 365
#: The fields that describe what is watched.
_DESCRIBED = ("name", "who", "what", "where")
#: The fields of somebody who is told, beside the choices and the password.
_TOLD = ("name", "to", "server", "user")
#: When somebody is told, by the word of the form: the times of the digest.
_SENDING = {"now": "", "daily": "0 8 * * *", "weekly": "0 8 * * 1"}

Id = Annotated[str, Query(max_length=_LONGEST)]


class FirstRun:
    """The path of one monitor."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._throttle: WorkThrottle[FoundNews] = WorkThrottle(app.clock)

    def router(self) -> APIRouter:
        return routed(
            ("/start", self.ask_what, SHOW),
            ("/start", self.take_what, _FORM),
            ("/start/found", self.offer, SHOW),
            ("/start/found", self.find, _FORM),
            ("/start/watch", self.watch, _FORM),
            ("/start/told", self.ask_whom, SHOW),
            ("/start/told", self.take_whom, _FORM),
            ("/start/test", self.ask_test, SHOW),
            ("/start/test", self.test, _FORM),
            ("/start/done", self.done, SHOW),
        )

    # ------------------------------------------------------------ what do you watch

    def ask_what(self, request: Request) -> Response:
        """The form for what is watched. The address may fill it in."""
        return self._shown(request, 1, typed=_described(request.query_params))

    def take_what(self, request: Request) -> Response:
        """Check what was filled in. Nothing is written yet."""
        typed = _described(form_of(request))
        _, errors = self._prepared(request, typed)
        if errors:
            return self._shown(request, 1, typed=typed, errors=errors)
        return turned_to(request, "/start/found", **typed)

    def _prepared(self, request: Request, typed: Mapping[str, str]) -> tuple[Prepared | None, Mapping[str, str]]:
        """The project that was described, else what is wrong, by field; "" stands for all of them."""
        tongue = self._tongue(request)
        if not typed["name"]:
            return None, {"name": tongue.say("Write a name: it heads its page and its messages.")}
        if not (typed["who"] or (typed["what"] and typed["where"])):
            return None, {"who": tongue.say("Name a company, or both what is built and where. Else nothing is found.")}
        try:
            return prepare(self._app, **typed, language=tongue.language), {}
        except ConfigError as refused:
            return None, _refused(refused, _DESCRIBED)

    # ------------------------------------------------------------ what would be found

    def offer(self, request: Request) -> Response:
        """What would be written, and the offer of a trial."""
        return self._offered(request)

    async def find(self, request: Request) -> Response:
        """Try the project on the articles that are known, and on news searches. Nothing is stored."""
        project, _ = await asyncio.to_thread(self._prepared, request, _described(request.query_params))
        tongue, notice, found = self._tongue(request), "", None
        if not self._throttle.has_room():
            notice = tongue.say(
                "Another trial is running, or there were many in the last minute. Try it again in a minute."
            )
        elif project is not None:
            try:
                found = await self._throttle.run(look(self._app, project, days=_DAYS), _PATIENCE)
            except TimeoutError:
                notice = tongue.say("A limit was hit: reading takes longer than {n} seconds.", n=round(_PATIENCE))
        return await asyncio.to_thread(self._offered, request, found=found, notice=notice)

    def _offered(self, request: Request, *, found: FoundNews | None = None, notice: str = "") -> Response:
        typed, tongue, projects = _described(request.query_params), self._tongue(request), self._app.watch.projects
        project, errors = self._prepared(request, typed)
        if project is None:
            return self._shown(request, 1, typed=typed, errors=errors)
        names = {id_: tongue.name(each) for id_, each in (*projects.items(), (project.project.id, project.project))}
        return self._shown(
            request,
            2,
            typed=typed,
            more={
                "lines": project.lines,
                "trial": trial_page(found.trial, projects, _DAYS, tongue) if found else None,
                "searches": trial_rows(found.searches, (), names, tongue) if found else (),
                "notice": notice,
            },
        )

    async def watch(self, request: Request) -> Response:
        """Write the project and its searches."""
        typed = _described(request.query_params)
        project, errors = await asyncio.to_thread(self._prepared, request, typed)
        if project is not None:
            try:
                await edit(self._app, project.edit, actor_of(request))
            except ConfigError as refused:
                errors = _refused(refused, _DESCRIBED)
            else:
                return turned_to(request, "/start/told", project=project.project.id)
        return await asyncio.to_thread(self._shown, request, 1, typed=typed, errors=errors)

    # ------------------------------------------------------------ who is told

    def ask_whom(self, request: Request, project: Id) -> Response:
        """The form for who is told."""
        typed = {**dict.fromkeys(_TOLD, ""), "language": self._tongue(request).language, "send": "now"}
        return self._shown(request, 3, project=project, typed=typed)

    async def take_whom(self, request: Request, project: Id) -> Response:
        """Write who is told."""
        form, tongue = form_of(request), self._tongue(request)
        typed = {key: clean(form.get(key, "")[:_LONGEST]).strip() for key in _TOLD}
        typed |= {"language": form.get("language", ""), "send": form.get("send", "")}
        to = told_at(typed["to"], **{key: typed[key] for key in ("server", "user")}, password=form.get("password", ""))
        errors: dict[str, str] = {}
        if not typed["to"]:
            errors["to"] = tongue.say("Write a mail address or the address of another channel.")
        elif not (mail_address(typed["to"]) or "://" in typed["to"]):
            errors["to"] = tongue.say("This is neither a mail address nor an address like slack://…")
        name = typed["name"] or (mail_address(typed["to"]) or tongue.say("Team"))
        if name in {each.name for each in self._app.watch.subscribers}:
            errors["name"] = tongue.say("Somebody has this name already. Choose another one.")
        if not errors:
            language = typed["language"] if typed["language"] in self._app.watch.voice.catalogues else "en"
            digest = _SENDING.get(typed["send"], "")
            change = telling(name=name, to=to, project=project, language=language, digest=digest)
            try:
                await edit(self._app, change, actor_of(request))
            except ConfigError as refused:
                errors = dict(_refused(refused, ("name", "to")))
                if "to" in errors and mail_address(to):
                    errors["to"] = tongue.say("No mail account is set up. Say below which mail server sends.")
            else:
                return turned_to(request, "/start/test", project=project, subscriber=name)
        return await asyncio.to_thread(self._shown, request, 3, project=project, typed=typed, errors=errors)

    # ------------------------------------------------------------ a test message, and the end

    def ask_test(self, request: Request, project: Id, subscriber: Id = "") -> Response:
        """Where a test message would go."""
        return self._shown(request, 4, project=project, subscriber=subscriber)

    async def test(self, request: Request, project: Id, subscriber: Id = "") -> Response:
        """Send a test message to one destination, now."""
        found = self._followers(project)
        to = form_of(request).get("destination", "")
        there = next(((one, each) for one in found for each in one.destinations if each.id == to), None)
        if there is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        result = await sent_test(self._app, request, *there)
        tested = there[1].label, result.outcome is Outcome.SENT, redact(result.detail)
        return await asyncio.to_thread(self._shown, request, 4, project=project, subscriber=subscriber, tested=tested)

    def done(self, request: Request, project: Id, subscriber: Id = "") -> Response:
        """What was set up, and where it is written."""
        searches = [
            each for each in read_searches(self._app.config.folder, os.environ) if project in each.settings.projects
        ]
        return self._shown(
            request,
            5,
            project=project,
            subscriber=subscriber,
            more={"feeds": [clean(feed.name) for each in searches for feed in each.feeds]},
        )

    # ------------------------------------------------------------ helpers

    def _followers(self, project: str) -> list[Subscriber]:
        """Who is told of a project. 404 if it is not watched."""
        audience = self._app.watch.audience
        if project not in audience.projects:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return [each for each in audience.subscribers if project in audience.followed_by(each)]

    def _shown(
        self,
        request: Request,
        step: int,
        *,
        project: str = "",
        subscriber: str = "",
        errors: Mapping[str, str] | None = None,
        typed: Mapping[str, str] | None = None,
        tested: tuple[str, bool, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> Response:
        tongue, watch = self._tongue(request), self._app.watch
        told = {each.name for each in self._followers(project)} if project else set[str]()
        rows = subscriber_rows(watch.audience, self._app.departures.all(), tongue, zone_of(request, watch))
        return page(
            request,
            "first_run.html.j2",
            tongue,
            status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
            step=step,
            project=project,
            name=tongue.name(watch.projects[project]) if project else "",
            subscriber=subscriber,
            followers=[each for each in rows if each.key in told and subscriber in {"", each.key}],
            typed=typed or {},
            query=urlencode({**dict(request.query_params)}),
            errors=errors or {},
            tested=tested,
            **(more or {}),
        )

    def _tongue(self, request: Request) -> Tongue:
        return tongue_of(request, self._app.watch)


def _described(fields: Mapping[str, str]) -> dict[str, str]:
    """What is watched, as it was filled in."""
    return {key: " ".join(clean(fields.get(key, "")[:_LONGEST]).split()) for key in _DESCRIBED}


def _refused(error: ConfigError, fields: tuple[str, ...]) -> Mapping[str, str]:
    """What is wrong, by field. "" stands for what no field shows. In English."""
    found: dict[str, str] = {}
    for problem in error.problems:
        key = next((each for each in fields if f".{each}" in problem.key), "")
        found.setdefault(key, clean(redact(problem.message)))
    return found
