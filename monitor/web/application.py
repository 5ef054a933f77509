"""The web application: the routes on FastAPI, and the limits and headers that hold for all of them."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from email.utils import formatdate
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import MAX_BODY_SIZE_SCOPE_KEY
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.core.access import Role
from monitor.core.message import words
from monitor.core.message.tongue import Tongue, mark
from monitor.errors import LedgerError
from monitor.logs import get_logger
from monitor.web.access import is_for_programs
from monitor.web.answers import problem
from monitor.web.pages.rendering import LANGUAGE, language_of, page
from monitor.web.permissions import PERMISSIONS
from monitor.web.view.feeds import recognised
from monitor.wording.catalogues import catalogues

# Pages for what goes wrong, in the reader's language. Nothing of the database is needed for them ----------------------


#: What the code says of an error. Names in braces stand for what differs.
_DETAILS = (
    mark("refusal", "This needs the role {needed}; yours is {role}."),
    mark("refusal", "This is for people who log in, not for a token."),
    mark("refusal", "This token may only read."),
    mark("refusal", "Another site has sent this."),
    mark("refusal", "This form is too old. Load its page again."),
    mark("refusal", "Another trial is running. Try again in a moment."),
    mark("refusal", "Nothing was asked for."),
    mark("refusal", "Too many pages listen."),
    mark("refusal", "{file} cannot be read as it is; edit its text."),
)
#: Names of roles, which are words of the monitor.
_ROLES = frozenset(role.value for role in Role)


def wants_page(request: Request) -> bool:
    """Whether a person with a browser asks, and not a program."""
    return "text/html" in request.headers.get("accept", "")


def error_page(request: Request, status: int, detail: str) -> Response:
    """The page for this status. ``detail`` is what the code says of it, in English; "" if nothing."""
    tongue = Tongue.of(catalogues(), language_of(request, catalogues()))
    title, said = _explained(status, tongue)
    known = recognised(detail, _DETAILS, "refusal", tongue, lambda each: _written(each, tongue))
    return page(
        request,
        "error.html.j2",
        tongue,
        status=status,
        title=title,
        words=said,
        detail=known or detail,
        is_translated=known is not None,
    )


def _written(value: str, tongue: Tongue) -> str:
    return words.role(tongue, Role(value)) if value in _ROLES else tongue.foreign(value)


def _explained(status: int, tongue: Tongue) -> tuple[str, str]:
    """What a reader is told."""
    if status == HTTPStatus.FORBIDDEN:
        return tongue.say("You may not do this"), tongue.say("Your account does not allow it, or the form was too old.")
    if status == HTTPStatus.NOT_FOUND:
        return tongue.say("There is nothing here"), tongue.say("The address may be wrong, or what was here is gone.")
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return tongue.say("That was not understood"), tongue.say("Something in the address or the form is not valid.")
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return tongue.say("Not now"), tongue.say(
            "The monitor is busy, or its database does not answer. Try again in a minute."
        )
    return tongue.say("That did not work"), tongue.say("The server could not do what was asked.")


#: The most bytes of a body if its route does not set ``max_body_size``. A larger one is refused before it is read.
MAX_BODY = 1_000
#: The most bytes of bodies in memory at a time, over all connections, in addition to the largest single body. Senders
#: need not be authenticated.
MAX_IN_HAND = 32_000_000
#: Seconds in which a client that was answered early may finish sending. If the connection is closed with bytes unread,
#: the client may lose the answer.
LINGER = 1.0
#: In every answer that does not set them itself: no sniffing, no framing, no caching, and no banner but the name.
HEADERS = {
    "Server": "milestone-monitor",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Connection": "close",
}
_BUSY = "Not now; come again in a minute."
_RETRY = {"Retry-After": "60"}
#: Ends of paths that feed readers and calendars ask for. They cannot log in on a page.
_DOCUMENTS = (".atom", ".ics")

log = get_logger()


def application(routers: Iterable[APIRouter]) -> ASGIApp:
    """The ASGI application with these routes. Everything else is 404."""
    app = FastAPI(
        openapi_url=None,  # turns off the pages about it too
        redirect_slashes=False,
        max_body_size=MAX_BODY,
        # It would report addresses that only their senders may know.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        exception_handlers={HTTPException: _refuse, RequestValidationError: _reject, LedgerError: _postpone},
    )
    for router in routers:
        app.include_router(router)
    return _Bounds(app)


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    if is_for_programs(request):
        return _with(problem(status, error.detail), _allowing(request, error.headers))
    if status is HTTPStatus.UNAUTHORIZED and not request.url.path.endswith(_DOCUMENTS):
        return _to_login(request)
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        status = HTTPStatus.NOT_FOUND
    if wants_page(request):
        return _with(error_page(request, status, error.detail if error.detail != status.phrase else ""), error.headers)
    said = "There is nothing here." if status is HTTPStatus.NOT_FOUND else error.detail
    return PlainTextResponse(f"{said}\n", status, error.headers)


async def _reject(request: Request, error: Exception) -> Response:
    """Answer a request with invalid parameters."""
    assert isinstance(error, RequestValidationError)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    faults = [{"at": ".".join(map(str, each["loc"])), "message": each["msg"]} for each in error.errors()]
    if is_for_programs(request):
        return problem(status, "A parameter is invalid.", errors=faults)
    said = [f"{each['at']}: {each['message']}" for each in faults]
    if wants_page(request):
        return error_page(request, status, "; ".join(said))
    return PlainTextResponse("".join(f"{each}\n" for each in said), status)


async def _postpone(request: Request, error: Exception) -> Response:
    """Answer while the database refuses: clients are to try again."""
    log.error("web.not_answered", error=str(error))
    status = HTTPStatus.SERVICE_UNAVAILABLE
    if is_for_programs(request):
        return _with(problem(status, _BUSY), _RETRY)
    if wants_page(request):
        return _with(error_page(request, status, ""), _RETRY)
    return PlainTextResponse(f"{_BUSY}\n", status, _RETRY)


def _to_login(request: Request) -> Response:
    """Ask a person to log in, and lead them back afterwards. What was sent is not sent again."""
    query = f"?{request.url.query}" if request.url.query else ""
    back = request.url.path + query if request.method in {"GET", "HEAD"} else "/"
    told = {"next": back, LANGUAGE: request.query_params.get(LANGUAGE, "")}
    kept = urlencode({name: value for name, value in told.items() if value})
    return RedirectResponse(f"/login?{kept}", HTTPStatus.SEE_OTHER)


def _allowing(request: Request, headers: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """The headers, with all methods of a path for a method that it does not have. Each of its routes knows its own."""
    if headers is None or "Allow" not in headers or "route" not in request.scope:
        return headers
    return {**headers, "Allow": ", ".join(PERMISSIONS.get(request.scope["route"].path, {}))}


def _with(answer: Response, headers: Mapping[str, str] | None) -> Response:
    answer.headers.update(headers or {})
    return answer


class _Bounds:
    """Middleware around the whole application. A bug affects only its own answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._in_hand = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        held, is_unread = 0, True
        scope["path"] = scope["path"].replace("\0", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL refuses NUL

        async def bounded() -> Message:
            """Receive a piece of the body if there is room for it."""
            nonlocal held, is_unread
            if _is_compressed(scope):
                raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send it as it is, without an encoding.")
            message = await receive()
            is_unread, size = message.get("more_body", False), len(message.get("body", b""))
            if self._in_hand + size > MAX_IN_HAND + scope[MAX_BODY_SIZE_SCOPE_KEY]:
                raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, _BUSY, _RETRY)
            held, self._in_hand = held + size, self._in_hand + size
            return message

        async def finished(message: Message) -> None:
            """Send a piece of the answer with our headers. Read what is left of the body before the last piece."""
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**HEADERS, "Date": formatdate(usegmt=True)}.items():
                    headers.setdefault(name, value)
            elif is_unread and not message.get("more_body", False):
                await send({**message, "more_body": True})
                await _drain(receive)
                message = {"type": "http.response.body"}
            await send(message)

        try:
            await self._app(scope, bounded, finished)
        except ClientDisconnect:
            pass
        except Exception:
            # Do not log the path itself: whoever reads it could impersonate the sender.
            log.exception("web.failed", path=scope["route"].path if "route" in scope else "")
        finally:
            self._in_hand -= held


def _is_compressed(scope: Scope) -> bool:
    """Whether the body has an encoding. Nothing here limits the size of a decompressed body."""
    encodings = Headers(scope=scope).getlist("content-encoding")
    return any(each.strip().lower() not in {"", "identity"} for each in encodings)


async def _drain(receive: Receive) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER):
            while (await receive()).get("more_body", False):
                pass
