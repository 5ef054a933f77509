"""``/login`` and ``/logout``: where people come in, by a password or by a provider of their organisation, and leave."""

import asyncio
import math
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from monitor.access.door import Entrance, Refusal
from monitor.access.secrets import new_secret
from monitor.core.access import own_path
from monitor.web.access import Visitor, csrf_token, form_of, take_form
from monitor.web.pages.rendering import page, tongue_of
from monitor.web.reception import Reception

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
