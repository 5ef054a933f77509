"""The web server, with limits on bodies, times and connections. The only module that knows aiohttp's server.

Each connection carries one request. The server is meant to run behind a reverse proxy, and is safe without one. It does
not reveal what software it uses.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import structlog
from aiohttp import hdrs, web

from monitor.errors import ServeError
from monitor.web.routes import NOT_FOUND, Answer, Asked, Route

#: Seconds that a connection lives: for the request and the answer, from its beginning.
LIFETIME = 30.0
#: Seconds of these for the head of the request. Most slow clients never finish it, and each holds a connection.
HEAD_TIME = 5.0
#: The most connections at a time. Further ones are closed without an answer.
MAX_CONNECTIONS = 200
#: The most bytes of bodies in memory at a time, over all connections, in addition to the largest single body. Senders
#: need not be authenticated.
MAX_IN_HAND = 32_000_000

_TOO_MUCH = Answer(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, body="That is too much.\n")
_NO_ROOM = Answer(
    status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "60"}, body="Not now; come again in a minute.\n"
)

log = structlog.get_logger()


class WebServer:
    """Serves its routes, and 404 for everything else. Belongs to one event loop."""

    def __init__(
        self,
        routes: Iterable[Route],
        *,
        host: str,
        port: int,
        lifetime: float = LIFETIME,
        head_time: float = HEAD_TIME,
    ) -> None:
        """Prepare. Nothing is opened yet.

        Args:
            routes: the routes to serve.
            host: the address to listen on.
            port: the port to listen on; 0 for any free one.
            lifetime: seconds that one connection may last.
            head_time: seconds of these in which the head of its request must have arrived.
        """
        self._head_time = head_time
        self._routes = {route.path: route for route in routes}
        self._host, self._port, self._lifetime = host, port, lifetime
        self._room = MAX_IN_HAND + max((route.max_bytes for route in self._routes.values()), default=0)
        self._listening: asyncio.Server | None = None
        self._server: _Server | None = None

    @property
    def port(self) -> int:
        """The port on which it listens, or the configured one while it does not listen."""
        sockets = self._listening.sockets if self._listening is not None else ()
        return int(sockets[0].getsockname()[1]) if sockets else self._port

    async def start(self) -> None:
        """Begin to listen.

        Raises:
            ServeError: the address cannot be listened on.
        """
        self._server = _Server(
            self._respond,
            lifetime=self._lifetime,
            head_time=self._head_time,
            # Compressed bodies are refused: nothing here limits their decompressed size.
            auto_decompress=False,
            access_log=None,
            keepalive_timeout=2 * self._lifetime,  # never reached
            lingering_time=1.0,
        )
        try:
            self._listening = await asyncio.get_running_loop().create_server(self._server, self._host, self._port)
        except (OSError, OverflowError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not an address of this machine"
            raise ServeError(
                f"web: cannot listen on {self._host}:{self._port}: {reason}; change web.host or web.port, or free it"
            ) from error

    async def close(self) -> None:
        """Stop listening. Running requests get one second to end."""
        if self._listening is not None and self._server is not None:
            self._listening.close()
            self._server.pre_shutdown()
            await self._server.shutdown(1.0)
            self._listening = self._server = None

    async def _respond(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request and close the connection. A bug affects only this answer."""
        assert isinstance(request.protocol, _Connection)
        request.protocol.hear()
        try:
            answer = await self._answer(request)
        except ConnectionError:
            raise
        except Exception:
            route, _ = self._find(request.rel_url.raw_path)
            # Do not log the rest of the path: whoever reads it could impersonate the sender.
            log.exception("web.failed", path=route.path if route is not None else "")
            answer = Answer(status=HTTPStatus.INTERNAL_SERVER_ERROR, body="Something went wrong here.\n")
        return _response(answer)

    async def _answer(self, request: web.BaseRequest) -> Answer:
        route, rest = self._find(request.rel_url.raw_path)
        method = hdrs.METH_GET if request.method == hdrs.METH_HEAD else request.method
        if route is None or method not in route.answers:
            return NOT_FOUND
        if request.headers.get(hdrs.CONTENT_ENCODING, "identity").strip().lower() not in {"", "identity"}:
            return Answer(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, body="Send it as it is, without an encoding.\n")
        headers: dict[str, str] = {}
        for name, value in request.headers.items():
            known = headers.get(name.lower())
            headers[name.lower()] = value if known is None else f"{known}, {value}"
        asked = Asked(rest=rest, query=dict(request.rel_url.query), headers=headers)
        refusal = await route.admits(asked) if route.admits is not None and request.can_read_body else None
        if refusal is not None:
            return refusal
        body = bytearray()
        try:
            refusal = await self._read(request, route.max_bytes, body)
            return refusal if refusal is not None else await route.answers[method](replace(asked, body=bytes(body)))
        finally:
            self._room += len(body)

    async def _read(self, request: web.BaseRequest, limit: int, body: bytearray) -> Answer | None:
        """Read the body. Returns the refusal if it exceeds the limit or there is no room for it, else None."""
        if (request.content_length or 0) > limit:
            return _TOO_MUCH
        if request.headers.get(hdrs.EXPECT, "").lower() == "100-continue" and request.transport is not None:
            request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        async for piece in request.content.iter_any():
            if len(body) + len(piece) > limit:
                return _TOO_MUCH
            if len(piece) > self._room:
                return _NO_ROOM
            self._room -= len(piece)
            body += piece
        return None

    def _find(self, path: str) -> tuple[Route | None, str]:
        if path in self._routes and not path.endswith("/"):
            return self._routes[path], ""
        start, stroke, rest = path.rpartition("/")
        return (self._routes.get(start + stroke), rest) if rest else (None, "")


def _response(answer: Answer) -> web.Response:
    """The HTTP response: no sniffing, no framing, no caching, and no banner but the name."""
    response = web.Response(
        status=answer.status,
        body=answer.body.encode(errors="replace"),
        headers={
            "Server": "milestone-monitor",
            "Content-Type": answer.content_type,
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            **answer.headers,
        },
    )
    response.force_close()
    return response


class _Connection(web.RequestHandler):
    """One connection. It ends when its time is over, whatever the client does."""

    def __init__(
        self,
        manager: "_Server",
        *,
        loop: asyncio.AbstractEventLoop,
        lifetime: float,
        head_time: float,
        **more: Any,  # noqa: ANN401 - aiohttp's
    ) -> None:
        super().__init__(manager, loop=loop, **more)
        self._end: asyncio.TimerHandle | None = None
        self._lifetime, self._head_time = lifetime, head_time
        self._clock = loop
        self._begun = loop.time()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._end_at(self._begun + min(self._head_time, self._lifetime))

    def hear(self) -> None:
        """The head of the request has arrived: the rest of the lifetime is for what follows."""
        self._end_at(self._begun + self._lifetime)

    def _end_at(self, when: float) -> None:
        if self._end is not None:
            self._end.cancel()
        if isinstance(self.transport, asyncio.Transport):
            self._end = self._clock.call_at(when, self.transport.abort)

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._end is not None:
            self._end.cancel()
        super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,  # noqa: ARG002 - the signature of aiohttp's
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - reveals aiohttp
    ) -> web.StreamResponse:
        """Answer invalid HTTP without a reason and log it at DEBUG only: it is common on the internet."""
        # Do not log the message: it quotes the request, which may contain an address that only its sender may know.
        log.debug("web.refused", status=status, error=type(exc).__name__)
        return _response(Answer(status=status, body="That cannot be understood.\n"))


class _Server(web.Server):
    """Makes the connections and limits their number."""

    def __init__(self, handler: Any, *, lifetime: float, head_time: float, **more: Any) -> None:  # noqa: ANN401 - aiohttp's
        super().__init__(handler, **more)
        self._times = {"lifetime": lifetime, "head_time": head_time}

    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=self._loop, **self._times, **self._kwargs)

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        if len(self.connections) > MAX_CONNECTIONS:
            transport.abort()
