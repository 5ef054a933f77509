"""The web server, with limits on times and connections. The only module that knows uvicorn.

Each connection carries one request. The server is meant to run behind a reverse proxy, and is safe without one. It does
not reveal what software it uses.
"""

import asyncio
from collections.abc import Iterable
from functools import partial

from fastapi import APIRouter
from h11 import IDLE, SEND_RESPONSE
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from monitor.errors import ServeError
from monitor.logs import get_logger
from monitor.operate.selfcheck import why_not
from monitor.web.application import HEADERS, application

#: Seconds that a connection lives: for the request and the answer, from its beginning. A route may prolong it.
LIFETIME = 30.0
#: Seconds of these for the head of the request. Most slow clients never finish it, and each holds a connection.
HEAD_TIME = 5.0
#: The most connections at a time. Further ones are closed without an answer.
MAX_CONNECTIONS = 200
#: Seconds that running requests get to end when the server is closed.
_GRACE = 1.0
_INVALID = "\r\n".join(
    ["HTTP/1.1 400 Bad Request", "Content-Length: 0", *(f"{name}: {value}" for name, value in HEADERS.items()), "\r\n"]
).encode()

log = get_logger()


class WebServer:
    """Serves its routes, and 404 for everything else. Belongs to one event loop."""

    def __init__(
        self,
        routers: Iterable[APIRouter],
        *,
        host: str,
        port: int,
        lifetime: float = LIFETIME,
        head_time: float = HEAD_TIME,
    ) -> None:
        """Prepare. Nothing is opened yet.

        Args:
            routers: the routes to serve.
            host: the address to listen on.
            port: the port to listen on; 0 for any free one.
            lifetime: seconds that one connection may last.
            head_time: seconds of these in which the head of its request must have arrived.
        """
        self._host, self._port = host, port
        # Signals, logging and the event loop are the service's, so uvicorn's own Server is not used.
        config = Config(
            application(routers), interface="asgi3", lifespan="off", ws="none", log_config=None, proxy_headers=False
        )
        self._state = ServerState()
        self._connect = partial(_Connection, config, self._state, lifetime=lifetime, head_time=head_time)
        self._listening: asyncio.Server | None = None

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
        try:
            self._listening = await asyncio.get_running_loop().create_server(self._connect, self._host, self._port)
        except (OSError, OverflowError, UnicodeError) as error:
            raise ServeError(why_not(self._host, self._port, error)) from error

    async def close(self) -> None:
        """Stop listening. Running requests get one second to end."""
        if self._listening is None:
            return
        # What was just accepted gets its connection in the next turns. A closed server would leave its socket open.
        for listener in self._listening.sockets:
            asyncio.get_running_loop().remove_reader(listener.fileno())
        for _ in range(3):
            await asyncio.sleep(0)
        self._listening.close()
        self._listening = None
        if self._state.tasks:
            await asyncio.wait(self._state.tasks, timeout=_GRACE)
        for connection in list(self._state.connections):
            connection.transport.abort()
        for task in list(self._state.tasks):
            task.cancel()
        # Work in a thread cannot be cancelled. It is not waited for.
        if self._state.tasks:
            await asyncio.wait(self._state.tasks, timeout=_GRACE)
        # An aborted connection is closed in the next turn of the loop.
        await asyncio.sleep(0)


class _Connection(H11Protocol):
    """One connection. It ends when its time is over, whatever the client does."""

    def __init__(self, config: Config, state: ServerState, *, lifetime: float, head_time: float) -> None:
        super().__init__(config, state, app_state={"prolong": self.prolong})
        self._lifetime, self._head_time = lifetime, head_time

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's
        super().connection_made(transport)
        self._ends = (
            self.loop.call_later(self._head_time, self._expect_head),
            self.loop.call_later(self._lifetime, transport.abort),
        )
        if len(self.connections) > MAX_CONNECTIONS:
            transport.abort()

    def prolong(self, seconds: float) -> None:
        """Let the connection live for so many seconds from now. A route finds this in its request's state."""
        head, end = self._ends
        end.cancel()
        self._ends = head, self.loop.call_later(seconds, self.transport.abort)

    def _expect_head(self) -> None:
        if self.conn.their_state is IDLE:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        for end in self._ends:
            end.cancel()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - reveals uvicorn
        """Answer invalid HTTP without a reason and log it at DEBUG only: it is common on the internet."""
        log.debug("web.refused")
        if self.conn.our_state in {IDLE, SEND_RESPONSE}:  # nothing is answered yet
            self.transport.write(_INVALID)
        self.transport.close()
