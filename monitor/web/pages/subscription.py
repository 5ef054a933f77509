"""Where people subscribe alone, and where the readers of mails pause, change or end what they receive."""

import asyncio
import hashlib
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from starlette.datastructures import FormData

from monitor.app.build import App
from monitor.core.access import network_of
from monitor.core.alerting.limits import LATELY, VALID, is_crowded, is_too_much, mail_address
from monitor.core.alerting.plan import Chosen
from monitor.core.message.tongue import Tongue
from monitor.core.news import Choice, Destination, Message, Subscriber
from monitor.deliver.courier import SUBSCRIPTION_PATH, UNSUBSCRIBE_PATH
from monitor.logs import get_logger
from monitor.ports import Departures, Holder, Outcome, SignUp
from monitor.settings.config import SelfService
from monitor.watch.subscribed import is_welcome, mailbox, offered_projects
from monitor.web.access import address_of
from monitor.web.pages.rendering import SHOW, note, page, routed, tongue_of, turned_to
from monitor.web.pages.subscribers import instant

# ``/subscription/…``: where the reader of a mail pauses, changes or ends the own subscription -------------------------
#
# The token is in the reader's mails alone. A GET changes nothing, because mail servers open every link. The pages name
# nobody and show no address.


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


# ``/subscribe``: where people subscribe alone, if the operator lets them, and confirm by mail (double opt-in) ---------
#
# The answer is the same whether or not an address is known, and whether or not it gets a mail. The token is in the mail
# alone; the database has its hash. A GET changes nothing, because mail servers open every link.


SUBSCRIBE_PATH = "/subscribe"
#: A form with a field for each of a thousand projects.
_STATUS = {"": HTTPStatus.OK, "crowded": HTTPStatus.TOO_MANY_REQUESTS}
#: The most requests that are remembered with their networks.
_NETWORKS = 2_000

Wanted = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class SignUpPages:
    """The pages of those who subscribe alone."""

    app: App
    offer: SelfService
    #: The public address of the monitor, for the links in mails.
    public: str
    #: The networks that have asked lately, each with the instant. A restart forgets them.
    _asked_lately: deque[tuple[str, datetime]] = field(default_factory=lambda: deque(maxlen=_NETWORKS))
    #: Mails on their way.
    _sending: set[asyncio.Task[None]] = field(default_factory=set)

    def router(self) -> APIRouter:
        confirming = f"{SUBSCRIBE_PATH}/{{token}}"
        return routed(
            (SUBSCRIBE_PATH, self.show, SHOW),
            (SUBSCRIBE_PATH, self.ask, _FORM),
            (confirming, self.look, SHOW),
            (confirming, self.confirm, _FORM),
        )

    def show(self, request: Request, done: Done = "", project: Wanted = "") -> Response:
        """The form, or what happens next. One project is chosen if it is named, else all that are offered."""
        return self._shown(request, project=project, done=done)

    def _shown(
        self, request: Request, *, form: FormData | None = None, project: str = "", done: str = "", error: str = ""
    ) -> Response:
        tongue = self._tongue(request)
        offered = offered_projects(self.offer, self.app.config.projects)
        ids = {each.id for each in offered}
        wanted = {str(each) for each in form.getlist("project")} if form else {project} & ids or ids
        typed: Mapping[str, object] = dict(form) if form else {}
        return page(
            request,
            "subscribe.html.j2",
            tongue,
            status=_STATUS.get(error, HTTPStatus.UNPROCESSABLE_ENTITY),
            projects=[(each.id, tongue.name(each), each.id in wanted) for each in offered],
            domains=[] if "*" in self.offer.domains else self.offer.domains,
            address=str(typed.get("address", "")),
            spoken=str(typed.get("language", tongue.language)),
            sending=str(typed.get("send", "now")),
            done=done,
            error=error,
        )

    async def ask(self, request: Request) -> Response:
        """Take in what somebody asks for, and write to the address. Nothing is subscribed yet."""
        form = await request.form()
        asked, error = await asyncio.to_thread(self._asked, form)
        if asked is not None and await asyncio.to_thread(self._is_crowded, request, asked.requested_at):
            asked, error = None, "crowded"
        if asked is None:
            return await asyncio.to_thread(self._shown, request, form=form, error=error)
        tongue = Tongue.of(self.app.watch.voice.catalogues, asked.language)
        task = asyncio.create_task(asyncio.to_thread(self._write, asked, tongue))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        # Not waited for: how long it takes would tell whether a mail goes out.
        return turned_to(request, SUBSCRIBE_PATH, done="asked")

    def _asked(self, form: FormData) -> tuple[SignUp | None, str]:
        """What the form asks for; else what is wrong: ``address`` or ``projects``."""
        address = mail_address(str(form.get("address", "")))
        offered = [each.id for each in offered_projects(self.offer, self.app.config.projects)]
        chosen = {str(each) for each in form.getlist("project")}
        wanted = tuple(each for each in offered if each in chosen)
        language, now = str(form.get("language", "")), self.app.clock()
        if not address or not is_welcome(address, self.offer):
            return None, "address"
        if not wanted:
            return None, "projects"
        return (
            SignUp(
                address=address,
                # All that are offered: those that the operator adds later, too.
                projects=() if len(wanted) == len(offered) else wanted,
                language=language if language in self.app.watch.voice.catalogues else "en",
                digest=DIGESTS.get(str(form.get("send", ""))) or None,
                requested_at=now,
            ),
            "",
        )

    def _is_crowded(self, request: Request, now: datetime) -> bool:
        """Whether too many mails were asked for. It tells nothing of the address, so whoever asks is told."""
        network = network_of(address_of(request, is_proxied=True))
        sent = [each.requested_at for each in self.app.readers.requests(now - LATELY)]
        if is_crowded(tuple(self._asked_lately), network, sent, now):
            log.warning("sign_up.not_answered", reason="too many requests")
            return True
        self._asked_lately.append((network, now))
        return False

    def _write(self, asked: SignUp, tongue: Tongue) -> None:
        """Store the request and send the mail with the link, unless there were too many to this address."""
        try:
            now, readers = asked.requested_at, self.app.readers
            lately = [(each.address, each.requested_at) for each in readers.requests(now - LATELY)]
            there = mailbox(self.offer.sender, asked.address) if self.offer.sender else None
            if there is None or is_too_much(lately, asked.address, now):
                reason = "too many requests for its address" if there else "no account to send from"
                log.warning("sign_up.not_answered", reason=reason)
                return
            token = secrets.token_urlsafe(24)
            readers.request(asked, _hash(token), forget_before=now - VALID)
            self._send(there, token, tongue)
        except Exception:
            log.exception("sign_up.failed")

    def _send(self, there: Destination, token: str, tongue: Tongue) -> None:
        link = f"{self.public.rstrip('/')}{SUBSCRIBE_PATH}/{token}?lang={tongue.language}"
        lines = (
            tongue.say("Somebody asked that this address be told when projects move. If it was you, confirm here:"),
            link,
            tongue.say("The link is valid for 48 hours. If it was not you, do nothing: no further mail will come."),
        )
        message = Message(
            title=tongue.say("Please confirm your subscription"),
            body="\n\n".join(f"{tongue.mark}{line}" for line in lines),
            id=f"sign-up-{_hash(token)[:16]}",
        )
        result = self.app.sender.send(there.url, message)
        if result.outcome is not Outcome.SENT:
            log.warning("sign_up.not_sent", outcome=result.outcome.value, detail=result.detail)

    def look(self, request: Request, token: str) -> Response:
        """Where the link in the mail leads: a button. The same for every token."""
        return page(request, "subscribe_confirm.html.j2", self._tongue(request), is_valid=bool(token))

    def confirm(self, request: Request, token: str) -> Response:
        """Subscribe the address to which the mail went."""
        now = self.app.clock()
        found = self.app.readers.confirm(_hash(token), now, since=now - VALID)
        there = mailbox(self.offer.sender, found.address) if found and self.offer.sender else None
        if found is None or there is None:
            tongue = self._tongue(request)
            return page(request, "subscribe_confirm.html.j2", tongue, status=HTTPStatus.GONE, is_valid=False)
        self.app.departures.readmit(found.address)
        own = self.app.departures.token(found.address, there.id, secrets.token_urlsafe(24))
        log.info("subscriber.came", subscriber=found.address)
        return turned_to(request, f"{SUBSCRIPTION_PATH}{own}", done="welcome")

    def _tongue(self, request: Request) -> Tongue:
        return tongue_of(request, self.app.watch)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# ``/unsubscribe/…``: where the reader of a mail unsubscribes with one click (RFC 8058) --------------------------------
#
# Only the mail contains the address. A GET changes nothing, because mail servers open every link.


#: What mail programs post according to RFC 8058. Our own page posts the same.
ONE_CLICK = "List-Unsubscribe=One-Click"
#: In the languages of the messages. The page does not reveal whose address it is.
_ASK = (
    ("en", "Receive no more of these messages?"),
    ("fr", "Ne plus recevoir ces messages\u00a0?"),
    ("es", "¿No recibir más estos mensajes?"),
    ("ar", "هل تريد إيقاف استلام هذه الرسائل؟"),
    ("zh", "不再接收这些消息？"),
)
_DONE = (
    ("en", "Done. You will receive no more of these messages."),
    ("fr", "C’est fait. Vous ne recevrez plus ces messages."),
    ("es", "Hecho. No recibirá más estos mensajes."),
    ("ar", "تم. لن تصلك هذه الرسائل بعد الآن."),
    ("zh", "已完成。您将不再收到这些消息。"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribing:
    """Unsubscribes readers."""

    departures: Departures
    #: Returns the present instant, aware, in UTC.
    clock: Callable[[], datetime]
    #: Forgets a subscriber of this name, if they subscribed alone.
    forget: Callable[[str], None]

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        path = f"{UNSUBSCRIBE_PATH}{{token}}"
        router.add_api_route(path, self._ask, methods=["GET", "HEAD"])
        router.add_api_route(path, self._let_go, methods=["POST"])
        return router

    async def _ask(self) -> Response:
        # The same for every address, so that nobody learns which ones exist.
        return note(_ASK, button=ONE_CLICK)

    async def _let_go(self, token: str, request: Request) -> Response:
        if ONE_CLICK.encode() not in await request.body():
            raise HTTPException(HTTPStatus.BAD_REQUEST, "Nothing was asked for.")
        gone = await asyncio.to_thread(self.departures.leave, token, self.clock())
        if gone is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        await asyncio.to_thread(self.forget, gone.subscriber)
        log.warning("subscriber.left", subscriber=gone.subscriber, destination=gone.destination)
        return note(_DONE)
