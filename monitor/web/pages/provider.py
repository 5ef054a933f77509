"""``/login/oidc``: the way to a provider of the organisation, and back."""

import asyncio
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from monitor.core.access import own_path
from monitor.errors import AccessError
from monitor.logs import get_logger
from monitor.web.access import signed, unsigned
from monitor.web.pages.login import LogIn
from monitor.web.pages.rendering import tongue_of

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
