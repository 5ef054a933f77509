"""The pages on subscribers: what each gets, who has left, test messages, and mutes."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from http import HTTPStatus

from babel.dates import format_date, format_datetime
from fastapi import APIRouter, HTTPException, Request, Response

from monitor.app.archive import readmit, remove
from monitor.app.build import App, edit
from monitor.core.alerting.plan import Audience
from monitor.core.message import words
from monitor.core.message.tongue import Tongue
from monitor.core.news import ChangeType, Choice, Destination, Mute, Subscriber
from monitor.core.state import Confidence
from monitor.errors import ConfigError
from monitor.logs import redact
from monitor.operate.edits import ending, muting, unmuting
from monitor.ports import AuditEntry, Departure, Outcome, SendResult
from monitor.settings.scalars import parse_moment
from monitor.web.access import actor_of, form_of
from monitor.web.pages.rendering import SHOW, page, routed, tongue_of, turned_to, zone_of

# Rows of the page on subscribers --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationRow:
    """One address of a subscriber."""

    id: str
    label: str
    #: "" if it can be sent to. In English.
    fault: str
    #: When its reader has left. "" if they have not.
    left: str
    #: What its reader chose alone, each in a line.
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberRow:
    """One subscriber and what they get, in the reader's words."""

    #: As it is known to the program, and as it is shown.
    key: str
    name: str
    #: Whether they subscribed alone. Otherwise subscribers.yaml names them.
    is_own: bool
    destinations: tuple[DestinationRow, ...]
    follows: tuple[str, ...]
    changes: str
    stages: str
    is_sure: bool
    language: str
    #: When they are told: digest, quiet hours, mutes, days away.
    times: tuple[str, ...]
    is_muted: bool
    has_left: bool


def subscriber_rows(
    audience: Audience, left: Sequence[Departure], tongue: Tongue, zone: tzinfo
) -> tuple[SubscriberRow, ...]:
    """Everybody who is told of changes."""
    return tuple(_row(each, audience, left, tongue, zone) for each in audience.subscribers)


def _row(
    subscriber: Subscriber, audience: Audience, left: Sequence[Departure], tongue: Tongue, zone: tzinfo
) -> SubscriberRow:
    gone = {each.destination: each.at for each in left if each.subscriber == subscriber.name}

    def place(destination: Destination) -> DestinationRow:
        at, choice = gone.get(destination.id), subscriber.choices.get(destination.id)
        return DestinationRow(
            id=destination.id,
            label=tongue.foreign(destination.label),
            fault=destination.fault,
            left=instant(at, tongue, zone) if at else "",
            choices=tuple(_choices(choice, audience, tongue, zone)) if choice else (),
        )

    return SubscriberRow(
        key=subscriber.name,
        name=tongue.foreign(subscriber.name),
        is_own=subscriber.is_own,
        destinations=tuple(map(place, subscriber.destinations)),
        follows=tuple(tongue.name(audience.projects[each]) for each in audience.followed_by(subscriber)),
        changes=tongue.listed(*(words.label(tongue, each) for each in ChangeType if each in subscriber.changes)),
        stages=", ".join(words.status(tongue, each) for each in sorted(subscriber.stages or ())),
        is_sure=subscriber.confidence is Confidence.CONFIRMED,
        language=tongue.locale.languages.get(subscriber.language.partition("-")[0], subscriber.language),
        times=tuple(_times(subscriber, audience, tongue)),
        is_muted=bool(subscriber.mutes),
        has_left=bool(gone),
    )


def _times(subscriber: Subscriber, audience: Audience, tongue: Tongue) -> Iterator[str]:
    yield sending(subscriber.digest, tongue)
    if subscriber.quiet_hours is not None:
        yield tongue.say("quiet from {start} to {end}", start=subscriber.quiet_hours[0], end=subscriber.quiet_hours[1])
    for mute in subscriber.mutes:
        yield muted_until(mute, audience, tongue, on="*")
    for away in subscriber.away:
        first, last = (format_date(each, "medium", locale=tongue.locale) for each in (away.first, away.last))
        yield tongue.say("away from {start} to {end}", start=first, end=last)


def sending(digest: str | None, tongue: Tongue) -> str:
    """When a subscriber is told."""
    return tongue.say("told at once") if not digest else tongue.say("digest: {times}", times=tongue.foreign(digest))


def muted_until(mute: Mute, audience: Audience, tongue: Tongue, *, on: str) -> str:
    """Until when a mute holds, and of what, unless it is on this project alone, or on all if that is ``*``."""
    day = format_date(mute.until, "medium", locale=tongue.locale)
    if mute.projects == (on,):
        return tongue.say("muted until {day}", day=day)
    names = tongue.say("all projects") if mute.projects == ("*",) else _names(mute.projects, audience, tongue)
    return tongue.say("{projects} muted until {day}", projects=names, day=day)


def _choices(choice: Choice, audience: Audience, tongue: Tongue, zone: tzinfo) -> Iterator[str]:
    if choice.paused_until is not None:
        yield tongue.say("paused until {day}", day=instant(choice.paused_until, tongue, zone))
    if choice.without:
        yield tongue.say("without {projects}", projects=_names(sorted(choice.without), audience, tongue))
    if choice.language:
        yield tongue.locale.languages.get(choice.language, choice.language)
    if choice.digest is not None:
        yield sending(choice.digest, tongue)


def _names(projects: Sequence[str], audience: Audience, tongue: Tongue) -> str:
    known = audience.projects
    return ", ".join(tongue.name(known[each]) if each in known else tongue.foreign(each) for each in projects)


def instant(at: datetime, tongue: Tongue, zone: tzinfo) -> str:
    return format_datetime(at.astimezone(zone), "short", locale=tongue.locale)


_FORM = 4_000
#: Seconds for a test message. A connection does not live much longer.
_PATIENCE = 24
#: Everybody, or all projects.
_ALL = "*"


@dataclass(frozen=True, slots=True)
class SubscriberPages:
    """The pages on the subscribers of one monitor."""

    app: App

    def router(self) -> APIRouter:
        return routed(
            ("/subscribers", self.subscribers, SHOW),
            ("/subscribers/test", self.test, _FORM),
            ("/subscribers/mute", self.mute, _FORM),
            ("/subscribers/unmute", self.unmute, _FORM),
            ("/subscribers/readmit", self.readmit, _FORM),
            ("/subscribers/remove", self.remove, _FORM),
        )

    def subscribers(self, request: Request, done: str = "", project: str = "") -> Response:
        """Every subscriber and what they get. The form for mutes chooses a project that is named."""
        return self._shown(request, done=done[:20], typed={"project": project})

    def _shown(
        self,
        request: Request,
        *,
        done: str = "",
        error: str = "",
        is_unchosen: bool = False,
        is_undated: bool = False,
        typed: Mapping[str, str] | None = None,
        tested: tuple[Destination, SendResult] | None = None,
    ) -> Response:
        tongue, watch = self._tongue(request), self.app.watch
        return page(
            request,
            "subscribers.html.j2",
            tongue,
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error or is_unchosen or is_undated else HTTPStatus.OK,
            subscribers=subscriber_rows(watch.audience, self.app.departures.all(), tongue, zone_of(request, watch)),
            projects=[(id_, tongue.name(project)) for id_, project in watch.projects.items()],
            today=self.app.clock().astimezone(watch.timezone).date().isoformat(),
            typed=form_of(request) if error or is_unchosen or is_undated else typed or {},
            done=done,
            error=error,
            is_unchosen=is_unchosen,
            is_undated=is_undated,
            tested=tested[0].label if tested else "",
            is_sent=tested is not None and tested[1].outcome is Outcome.SENT,
            outcome=redact(tested[1].detail) if tested else "",
        )

    async def test(self, request: Request) -> Response:
        """Send a test message to one destination of a subscriber, now."""
        form = form_of(request)
        subscriber = self._named(form.get("subscriber", ""))
        there = next((each for each in subscriber.destinations if each.id == form.get("destination")), None)
        if there is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)

        result = await sent_test(self.app, request, subscriber, there)
        return await asyncio.to_thread(self._shown, request, tested=(there, result))

    async def mute(self, request: Request) -> Response:
        """Hold the changes of a project, or of all, for a subscriber, or for all, until a day."""
        form = form_of(request)
        named, project = form.get("subscriber", ""), form.get("project", "")
        names = [each.name for each in self.app.config.subscribers if named in {_ALL, each.name}]
        if not names or project not in {_ALL, *self.app.watch.projects}:
            return await asyncio.to_thread(self._shown, request, is_unchosen=True)
        try:
            until = datetime.combine(parse_moment(form.get("until", "")).date(), time())
            await edit(self.app, muting(names, until=until, project=project), actor_of(request))
        except ConfigError as refused:
            return await asyncio.to_thread(self._shown, request, error=redact(str(refused)))
        except ValueError:
            return await asyncio.to_thread(self._shown, request, is_undated=True)
        return turned_to(request, "/subscribers", done="muted")

    async def unmute(self, request: Request) -> Response:
        """End all mutes of a subscriber, or one mute of everybody who has it."""
        form = form_of(request)
        try:
            if "until" in form:
                mute = _mute_in(form)
                names = [each.name for each in self.app.config.subscribers if mute in each.mutes]
                await edit(self.app, ending(mute, names), actor_of(request))
            else:
                await edit(self.app, unmuting(form.get("subscriber", "")), actor_of(request))
        except ConfigError as refused:
            return await asyncio.to_thread(self._shown, request, error=redact(str(refused)))
        return turned_to(request, "/subscribers", done="unmuted")

    def readmit(self, request: Request) -> Response:
        """Send mails again to those at a subscriber's addresses who have unsubscribed, because they asked for it."""
        named = self._named(form_of(request).get("subscriber", "")).name
        readmit(self.app, named, actor_of(request))
        return turned_to(request, "/subscribers", done="readmitted")

    def remove(self, request: Request) -> Response:
        """Take somebody off who subscribed alone, and forget the address."""
        subscriber = self._named(form_of(request).get("subscriber", ""))
        if not subscriber.is_own:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        remove(self.app, subscriber, actor_of(request))
        return turned_to(request, "/subscribers", done="removed")

    def _named(self, name: str) -> Subscriber:
        found = next((each for each in self.app.watch.subscribers if each.name == name), None)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return found

    def _tongue(self, request: Request) -> Tongue:
        return tongue_of(request, self.app.watch)


async def sent_test(app: App, request: Request, subscriber: Subscriber, there: Destination) -> SendResult:
    """What comes of a test message to a destination of a subscriber. It is sent now, and noted in the audit log."""

    def send() -> SendResult:
        return next(result for _, result in app.courier.send_test(subscriber, there.id))

    try:
        async with asyncio.timeout(_PATIENCE):
            result = await asyncio.to_thread(send)
    except TimeoutError:
        result = SendResult(outcome=Outcome.UNKNOWN, detail=f"no answer within {_PATIENCE} seconds")
    said = {"destination": there.label, "outcome": result.outcome.value}
    entry = AuditEntry(
        at=app.clock(), actor=actor_of(request).name, action="subscribers.test", target=subscriber.name, detail=said
    )
    await asyncio.to_thread(app.audit.add, entry)
    return result


def _mute_in(form: Mapping[str, str]) -> Mute:
    """The mute that a form names. 404 if there can be none."""
    try:
        return Mute(until=datetime.fromisoformat(form["until"]), projects=tuple(form.get("projects", "").splitlines()))
    except ValueError:
        raise HTTPException(HTTPStatus.NOT_FOUND) from None
