"""``/login`` and ``/logout``: where people come in, by a password or by a provider of their organisation, and leave."""

import asyncio
import json
import math
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from monitor.access.door import Entrance, Refusal
from monitor.access.secrets import new_secret
from monitor.core.access import own_path
from monitor.errors import AccessError
from monitor.logs import get_logger
from monitor.web.access import Reception, Visitor, csrf_token, form_of, signed, take_form, unsigned
from monitor.web.pages.rendering import page, tongue_of

#: Bytes of a form. A password of a thousand characters takes twelve thousand.
LARGEST_FORM = 20_000


@dataclass(frozen=True, slots=True)
class LogIn:
    """The pages before somebody is known."""

    reception: Reception

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/login", self.ask, methods=["GET", "HEAD"], response_class=Response)
        router.add_api_route(
            "/login", self.enter, methods=["POST"], response_class=Response, max_body_size=LARGEST_FORM
        )
        router.add_api_route("/logout", self.leave, methods=["POST"], response_class=Response)
        return router

    async def ask(self, request: Request) -> Response:
        """The form."""
        return await self.form(request, back=own_path(request.query_params.get("next", "/")))

    async def enter(self, request: Request) -> Response:
        """Somebody sends a name and a password."""
        reception = self.reception
        await take_form(request, _token(reception.cookies.get(request, "login")))
        form = form_of(request)
        back = own_path(form.get("next", "/"))
        name = form.get("name", "")
        entered = await reception.door.enter_by_password(name, form.get("password", ""), reception.visit(request))
        if isinstance(entered, Refusal):
            return await self.form(request, back=back, name=name, refusal=entered)
        return self.entered(entered, back)

    async def leave(self, request: Request) -> Response:
        """Somebody logs out."""
        visitor: Visitor = request.state.visitor
        if visitor.session:
            await asyncio.to_thread(self.reception.door.leave, visitor.actor.name, visitor.session)
        answer = RedirectResponse("/login", HTTPStatus.SEE_OTHER)
        self.reception.cookies.drop(answer, "session")
        return answer

    def entered(self, entrance: Entrance, back: str) -> Response:
        """Give the browser its session, and lead it back to where it was going."""
        answer = RedirectResponse(back, HTTPStatus.SEE_OTHER)
        self.reception.cookies.set(answer, "session", entrance.secret)
        self.reception.cookies.drop(answer, "login")
        if entrance.mark:
            self.reception.cookies.set(answer, "mark", entrance.mark)
        return answer

    async def form(
        self,
        request: Request,
        *,
        back: str,
        name: str = "",
        refusal: Refusal | None = None,
        error: str = "",
        status: HTTPStatus = HTTPStatus.OK,
    ) -> Response:
        """The form, with what was wrong."""
        reception = self.reception
        tongue = tongue_of(request, reception.app.watch)
        secret = reception.cookies.get(request, "login") or new_secret()
        headers = {}
        if refusal is not None:
            status, error = HTTPStatus.UNPROCESSABLE_ENTITY, tongue.say("The name or the password is wrong.")
        if refusal is not None and refusal.wait:
            seconds = math.ceil(refusal.wait.total_seconds())
            status, headers = HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(seconds)}
            error = tongue.count(
                "Too many attempts. Try again in a second.", "Too many attempts. Try again in {n} seconds.", seconds
            )
        answer = page(
            request,
            "login.html.j2",
            tongue,
            status=status,
            back=back,
            name=name,
            error=error,
            token=_token(secret),
            has_accounts=await reception.has_accounts(),
            has_provider=reception.app.config.web.oidc is not None,
            to_provider=f"/login/oidc?{urlencode({'next': back})}",
        )
        answer.headers.update(headers)
        reception.cookies.set(answer, "login", secret)
        return answer


def _token(secret: str) -> str:
    """The token of the form of a browser in which nobody has logged in yet."""
    return csrf_token(f"login {secret}")


# ``/login/oidc``: the way to a provider of the organisation, and back -------------------------------------------------


if TYPE_CHECKING:
    from monitor.access.provider import Errand, ProviderClient

#: Where the provider sends people back to.
BACK = "/login/oidc/back"
#: Seconds that the provider may take, people who wait for it at a time, and for how long an errand is valid.
_PATIENCE, _AT_A_TIME, _VALID = 20.0, 4, 900

T = TypeVar("T")

log = get_logger()


@dataclass(frozen=True, slots=True)
class LogInAtProvider:
    """Sends people to the provider, and lets in whom it vouches for."""

    login: LogIn
    client: "ProviderClient"
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_A_TIME))

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/login/oidc", self.depart, methods=["GET"], response_class=Response)
        router.add_api_route(BACK, self.come_back, methods=["GET"], response_class=Response)
        return router

    async def depart(self, request: Request) -> Response:
        """Send the browser to the provider. A cookie keeps what it must bring back."""
        from monitor.access.provider import Errand  # noqa: PLC0415 - slow to load, and only needed with a provider

        errand, back = Errand.new(), own_path(request.query_params.get("next", "/"))
        try:
            address = await self._ask(lambda: self.client.way_out(errand))
        except AccessError as error:
            return await self._refuse(request, error)
        answer = RedirectResponse(address, HTTPStatus.SEE_OTHER)
        now = self.login.reception.app.clock().timestamp()
        kept = [errand.state, errand.nonce, errand.verifier, back, now]
        self.login.reception.cookies.set(answer, "errand", signed(_packed(kept)))
        return answer

    async def come_back(self, request: Request) -> Response:
        """Let in whom the provider vouches for."""
        reception = self.login.reception
        try:
            errand, back = self._errand(unsigned(reception.cookies.get(request, "errand")))
            answer = dict(request.query_params)
            entry, role = await self._ask(lambda: self.client.person(errand, answer))
            entrance = await asyncio.to_thread(reception.door.enter_by_provider, entry, role, reception.visit(request))
        except AccessError as error:
            return await self._refuse(request, error)
        response = self.login.entered(entrance, back)
        reception.cookies.drop(response, "errand")
        return response

    def _errand(self, packed: str) -> "tuple[Errand, str]":
        """What the browser was sent for, and where it was going."""
        from monitor.access.provider import Errand  # noqa: PLC0415 - slow to load, and only needed with a provider

        if not packed:
            raise AccessError("this browser was not sent to the provider, or the service has been restarted meanwhile")
        state, nonce, verifier, back, at = json.loads(urlsafe_b64decode(packed))
        if not 0 <= self.login.reception.app.clock().timestamp() - at < _VALID:
            raise AccessError("it took too long")
        return Errand(state, nonce, verifier), back

    async def _ask(self, ask: Callable[[], T]) -> T:
        """Do this in a thread. A provider that hangs holds few of them."""
        if self._turns.locked():
            raise HTTPException(
                HTTPStatus.SERVICE_UNAVAILABLE, "Not now; come again in a minute.", {"Retry-After": "60"}
            )
        async with self._turns:
            asked = asyncio.create_task(asyncio.to_thread(ask))
            done, _ = await asyncio.wait({asked}, timeout=_PATIENCE)
            if not done:
                # What becomes of it later is nobody's concern.
                asked.add_done_callback(lambda task: task.cancelled() or task.exception())
                raise AccessError("the provider takes too long")
            return asked.result()

    async def _refuse(self, request: Request, error: AccessError) -> Response:
        """Show the form again. The reason is for the operator alone: it stands in the log and in the audit log."""
        reception = self.login.reception
        log.warning("login.refused", reason=str(error))
        await asyncio.to_thread(reception.door.refused_by_provider, str(error), reception.visit(request))
        tongue = tongue_of(request, reception.app.watch)
        said = tongue.say("The provider did not let you in. Ask whoever runs this monitor to look into the audit log.")
        response = await self.login.form(request, back="/", error=said, status=HTTPStatus.FORBIDDEN)
        reception.cookies.drop(response, "errand")
        return response


def _packed(values: list[object]) -> str:
    return urlsafe_b64encode(json.dumps(values).encode()).decode()
