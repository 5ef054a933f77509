"""``/subscription/…``: where the reader of a mail pauses, changes or ends the own subscription.

The token is in the reader's mails alone. A GET changes nothing, because mail servers open every link. The pages name
nobody and show no address.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from starlette.datastructures import FormData

from monitor.app.build import App
from monitor.core.alerting.choices import Chosen
from monitor.core.message.tongue import Tongue
from monitor.core.news import Choice, Subscriber
from monitor.deliver.courier import SUBSCRIPTION_PATH
from monitor.logs import get_logger
from monitor.ports import Holder
from monitor.web.pages.rendering import page, tongue_of, turned_to
from monitor.web.pages.routing import SHOW, routed
from monitor.web.pages.subscriber_rows import instant

#: A form with a field for each of a thousand projects.
_FORM = 50_000
#: The pauses that are offered, in days.
PAUSES = (7, 14, 30, 90)
#: When readers may be told: at once, or by one of these digests, as cron expressions.
DIGESTS = {"now": "", "daily": "0 8 * * *", "weekly": "0 8 * * 1"}

Done = Annotated[str, Query(pattern="^[a-z]{0,20}$")]

log = get_logger()


@dataclass(frozen=True, slots=True)
class ReaderPages:
    """The pages of the readers of mails."""

    app: App

    def router(self) -> APIRouter:
        path = f"{SUBSCRIPTION_PATH}{{token}}"
        return routed((path, self.show, SHOW), (path, self.change, _FORM))

    def show(self, request: Request, token: str, done: Done = "") -> Response:
        """What the reader gets, and what can be changed."""
        holder, subscriber = self._held(token)
        tongue = self._tongue(request)
        if subscriber is None or holder.has_left:
            return page(request, "reader_left.html.j2", tongue, can_return=self._can_return())
        choice = subscriber.choices.get(holder.destination, Choice())
        watch, now = self.app.watch, self.app.clock()
        paused = choice.paused_until if choice.paused_until and choice.paused_until > now else None
        return page(
            request,
            "reader.html.j2",
            tongue,
            projects=[
                (id_, tongue.name(watch.projects[id_]), id_ not in choice.without)
                for id_ in watch.audience.followed_by(subscriber)
            ],
            paused=instant(paused, tongue, watch.timezone) if paused else "",
            pauses=PAUSES,
            spoken=choice.language or "",
            sending=_name_of(choice.digest),
            done=done,
        )

    async def change(self, request: Request, token: str) -> Response:
        """Carry out what the form asks for."""
        form = await request.form()
        return await asyncio.to_thread(self._change, request, token, form)

    def _change(self, request: Request, token: str, form: FormData) -> Response:
        holder, subscriber = self._held(token)
        if subscriber is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        here = f"{SUBSCRIPTION_PATH}{token}"
        if form.get("do") == "leave":
            self.app.departures.leave(token, self.app.clock())
            self.app.forget_own(subscriber.name)
            log.warning("subscriber.left", subscriber=holder.subscriber, destination=holder.destination)
            return turned_to(request, here)
        if form.get("do") != "save":
            raise HTTPException(HTTPStatus.BAD_REQUEST, "Nothing was asked for.")
        choice = self._chosen(form, subscriber, subscriber.choices.get(holder.destination, Choice()))
        self.app.readers.choose(Chosen(subscriber=holder.subscriber, destination=holder.destination, choice=choice))
        log.info("subscriber.chose", subscriber=holder.subscriber, destination=holder.destination)
        return turned_to(request, here, done="saved")

    def _chosen(self, form: FormData, subscriber: Subscriber, before: Choice) -> Choice:
        """What the form says. A project that it does not list stays as it was."""
        watch = self.app.watch
        follows = set(watch.audience.followed_by(subscriber))
        wanted = {str(each) for each in form.getlist("project")}
        language = str(form.get("language", ""))
        return replace(
            before,
            paused_until=_paused(str(form.get("pause", "")), before.paused_until, self.app.clock()),
            without=frozenset((before.without - follows) | (follows - wanted)),
            language=language if language in watch.voice.catalogues else None,
            digest=DIGESTS.get(str(form.get("send", ""))),
        )

    def _held(self, token: str) -> tuple[Holder, Subscriber | None]:
        """Whose token it is; None for the subscriber if nothing is sent there any more."""
        holder = self.app.departures.holder(token)
        if holder is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        everybody = self.app.watch.subscribers
        found = next((each for each in everybody if each.name == holder.subscriber), None)
        is_there = found is not None and any(each.id == holder.destination for each in found.destinations)
        return holder, found if is_there else None

    def _can_return(self) -> bool:
        return self.app.config.web.subscribe is not None

    def _tongue(self, request: Request) -> Tongue:
        return tongue_of(request, self.app.watch)


def _paused(asked: str, before: datetime | None, now: datetime) -> datetime | None:
    if asked == "end":
        return None
    if asked.isdecimal() and int(asked) in PAUSES:
        return now.astimezone(UTC) + timedelta(days=int(asked))
    return before


def _name_of(digest: str | None) -> str:
    """The offered digest. "" if the reader chose none of these."""
    return next((name for name, cron in DIGESTS.items() if cron == digest), "")
