"""``/account``: one's own sessions, password, tokens, language and time zone."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from monitor.access.door import Refusal
from monitor.core.access import Scope
from monitor.core.message import words
from monitor.core.message.tongue import Tongue
from monitor.core.plain import clean, shorten
from monitor.errors import AccessError
from monitor.ports import Account, Session, Token
from monitor.web.access import Visitor, actor_of, form_of
from monitor.web.cookies import LANGUAGE, ZONE
from monitor.web.pages.login import LARGEST_FORM, LogIn
from monitor.web.pages.rendering import instant, page, tongue_of, zone_of, zones

# What a browser calls itself, in two words. It may say anything, so this only helps its owner to tell it apart --------


#: A sign in the header → the name. The first that fits counts: most browsers name several others.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_LONGEST = 40


def browser_name(agent: str) -> str:
    """``Firefox · Windows``. What is not recognised is shown by its beginning; "" if it calls itself nothing."""
    found = [next((name for sign, name in signs if sign in agent), "") for signs in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found)) if found[0] else shorten(clean(agent), _LONGEST)


_LONGEST_LIFE = 3_650
Done = Annotated[str, Query(pattern="^(password|preferences|sessions|token|)$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A session in the reader's words."""

    digest: str
    agent: str
    opened: str
    seen: str
    is_this: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A token in the reader's words."""

    id: int
    scope: str
    made: str
    used: str
    expires: str


@dataclass(frozen=True, slots=True)
class AccountPage:
    """The page of who has logged in. A person on this machine without an account sees their choices alone."""

    login: LogIn

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/account", self.show, methods=["GET", "HEAD"], response_class=Response)
        for path, route in (
            ("/account/password", self.change_password),
            ("/account/preferences", self.choose),
            ("/account/sessions", self.end_sessions),
            ("/account/tokens", self.make_token),
            ("/account/tokens/revoke", self.revoke),
        ):
            router.add_api_route(path, route, methods=["POST"], response_class=Response, max_body_size=LARGEST_FORM)
        return router

    def show(self, request: Request, done: Done = "") -> Response:
        """The page."""
        return self._page(request, done=done)

    async def change_password(self, request: Request) -> Response:
        """Change the password. Everything that acts for the account ends, and this browser logs in anew."""
        form, reception = form_of(request), self.login.reception
        tongue = tongue_of(request, reception.app.watch)
        new = form.get("new", "")
        errors = {}
        if new != form.get("again", ""):
            errors["again"] = tongue.say("Both must be the same.")
        else:
            try:
                entered = await reception.door.change_password(
                    actor_of(request).name, form.get("current", ""), new, reception.visit(request)
                )
            except AccessError:
                errors["new"] = _rule(tongue)
            else:
                if not isinstance(entered, Refusal):
                    return self.login.entered(entered, "/account?done=password")
                errors["current"] = _refused(tongue, entered)
        return await asyncio.to_thread(self._page, request, errors=errors)

    def choose(self, request: Request) -> Response:
        """Keep the language and the time zone in this browser."""
        form, reception = form_of(request), self.login.reception
        language, zone = form.get("lang", ""), form.get("zone", "")
        tongue = tongue_of(request, reception.app.watch)
        if language and language not in reception.app.watch.voice.catalogues:
            return self._page(request, errors={"lang": tongue.say("This is not one of them.")})
        if zone and zone not in zones():
            return self._page(
                request, errors={"zone": tongue.say("Write a time zone like Africa/Casablanca.")}, written=form
            )
        answer = _back("preferences")
        reception.cookies.choose(answer, LANGUAGE, language)
        reception.cookies.choose(answer, ZONE, zone)
        return answer

    def end_sessions(self, request: Request) -> Response:
        """End one session, or all but this one."""
        visitor: Visitor = request.state.visitor
        door, name = self.login.reception.door, visitor.actor.name
        if digest := form_of(request).get("session", ""):
            door.leave(name, digest)
        else:
            door.leave_others(name, visitor.session)
        return _back("sessions")

    def make_token(self, request: Request) -> Response:
        """Make a token, and show it once."""
        form, tongue = form_of(request), tongue_of(request, self.login.reception.app.watch)
        days, scope = form.get("days", "").strip(), form.get("scope", "")
        is_number = days.isascii() and days.isdigit() and 1 <= int(days[:9]) <= _LONGEST_LIFE
        if (days and not is_number) or scope not in set(Scope):
            errors = {"days": tongue.say("Write a number of days from 1 to {most}.", most=_LONGEST_LIFE)}
            return self._page(request, errors=errors, written=form)
        try:
            registry = self.login.reception.registry(request)
            _, secret = registry.issue(actor_of(request).name, Scope(scope), int(days) if days else None)
        except AccessError:
            errors = {"days": tongue.say("You have too many tokens. Revoke one first.")}
            return self._page(request, errors=errors, written=form)
        return self._page(request, secret=secret)

    def revoke(self, request: Request) -> Response:
        """Revoke a token of one's own. What is gone already is gone."""
        written = form_of(request).get("token", "")
        if written.isascii() and written.isdigit() and len(written) <= 9:  # noqa: PLR2004 - fits into the column
            try:
                self.login.reception.registry(request).revoke(int(written), account=actor_of(request).name)
            except AccessError:
                return _back("")
        return _back("token")

    def _page(
        self,
        request: Request,
        *,
        done: str = "",
        errors: Mapping[str, str] | None = None,
        written: Mapping[str, str] | None = None,
        secret: str = "",
    ) -> Response:
        reception = self.login.reception
        app, visitor = reception.app, request.state.visitor
        tongue, zone = tongue_of(request, app.watch), zone_of(request, app.watch)
        account: Account | None = app.accounts.find(visitor.actor.name) if visitor.session else None
        return page(
            request,
            "account.html.j2",
            tongue,
            status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
            account=account,
            role=words.role(tongue, account.role) if account else "",
            sessions=_sessions(app.accounts.sessions(visitor.actor.name), visitor.session, tongue, zone),
            tokens=[_token(each, tongue, zone) for each in app.accounts.tokens(visitor.actor.name)],
            rule=_rule(tongue),
            done=done,
            errors=errors or {},
            written=written or {},
            secret=secret,
            zones=sorted(zones()),
            chosen_language=request.cookies.get(LANGUAGE, ""),
            monitor_zone=str(app.watch.timezone),
        )


def _sessions(found: Sequence[Session], this: str, tongue: Tongue, zone: tzinfo) -> list[SessionRow]:
    rows = [
        SessionRow(
            digest=each.digest,
            agent=tongue.foreign(browser_name(each.agent)),
            opened=instant(each.opened_at, tongue, zone),
            seen=instant(each.seen_at, tongue, zone),
            is_this=each.digest == this,
        )
        for each in found
    ]
    return sorted(rows, key=lambda row: not row.is_this)


def _token(token: Token, tongue: Tongue, zone: tzinfo) -> TokenRow:
    return TokenRow(
        id=token.id,
        scope=tongue.say("may only read") if token.scope is Scope.READ else tongue.say("may do what you may"),
        made=instant(token.created_at, tongue, zone),
        used=instant(token.used_at, tongue, zone),
        expires=instant(token.expires_at, tongue, zone),
    )


def _rule(tongue: Tongue) -> str:
    return tongue.say("A password has 12 to 1,000 characters and is not your name.")


def _refused(tongue: Tongue, refusal: Refusal) -> str:
    if refusal.wait:
        return tongue.say("Too many attempts. Wait a minute.")
    return tongue.say("This is not your password.")


def _back(done: str) -> Response:
    return RedirectResponse(f"/account?done={done}", HTTPStatus.SEE_OTHER)
