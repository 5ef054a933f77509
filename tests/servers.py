"""A real HTTP server on a free loopback port that behaves exactly as badly as a test asks.

::

    with LoopbackServer() as server:
        server.routes["/feed"] = Reply(body=b"<rss/>", headers={"ETag": '"1"'})
        server.routes["/gone"] = Reply(status=410)
        server.routes["/flaky"] = [Reply(status=503), Reply(body=b"ok")]  # in turn; the last one stays
        server.routes["/hook"] = lambda request: Reply(status=200 if request.body else 400)
        ...  # ask server.url("/feed")
        assert server.requests[0].headers["user-agent"].startswith("milestone-monitor/")

It runs in a thread of its own, so that clients of any kind may call it, and answers each connection with one reply.
"""

import asyncio
import gzip
import itertools
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client asked."""

    method: str
    #: Path with query, as sent.
    path: str
    #: Names in lower case.
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the server answers, and how."""

    status: int = HTTPStatus.OK
    #: Sent with its Content-Length.
    body: bytes = b""
    #: Sent instead of the body, chunked; may be endless.
    chunks: Iterable[bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Seconds before the first byte of the answer.
    delay: float = 0.0
    #: Seconds before each chunk.
    pause: float = 0.0
    #: Close the connection after so many bytes of the body, as if the line broke.
    cut_after: int | None = None
    #: Sent instead of everything else: no HTTP at all.
    raw: bytes | None = None


Route = Reply | Sequence[Reply] | Callable[[Request], Reply]


def redirect(to: str, status: int = HTTPStatus.FOUND) -> Reply:
    """Send the client elsewhere."""
    return Reply(status=status, headers={"Location": to})


def conditional(body: bytes, *, etag: str, headers: Mapping[str, str] | None = None) -> Callable[[Request], Reply]:
    """A document that is answered with 304 to whoever names its ETag."""

    def answer(request: Request) -> Reply:
        known = request.headers.get("if-none-match") == etag
        return Reply(
            status=HTTPStatus.NOT_MODIFIED if known else HTTPStatus.OK,
            body=b"" if known else body,
            headers={"ETag": etag, **(headers or {})},
        )

    return answer


def drip(body: bytes, *, pause: float) -> Reply:
    """One byte at a time."""
    return Reply(chunks=[bytes([byte]) for byte in body], pause=pause)


def endless(chunk: bytes = b"<item/>" * 1000) -> Reply:
    """A body without an end."""
    return Reply(chunks=itertools.repeat(chunk))


def gzip_bomb(size: int, *, layers: int = 1) -> Reply:
    """A small gzip body that inflates to so many bytes."""
    body = bytes(size)
    for _ in range(layers):
        body = gzip.compress(body, 9)
    return Reply(body=body, headers={"Content-Encoding": ", ".join(["gzip"] * layers)})


class LoopbackServer:
    """Answers as its ``routes`` say (404 elsewhere) and remembers every request in ``requests``."""

    def __init__(self, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Route] = {}
        self.requests: list[Request] = []
        #: Requests that were read and not yet answered whole.
        self.pending = 0
        self._scheme = "https" if tls else "http"
        self._tls = tls
        self._turns: dict[str, Iterator[Reply]] = {}
        self._socket = socket.create_server((host, 0))
        self.host, self.port = host, int(self._socket.getsockname()[1])
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name=f"loopback-{self.port}", daemon=True)

    def url(self, path: str = "/", *, host: str | None = None) -> str:
        return f"{self._scheme}://{host or self.host}:{self.port}{path}"

    def asked(self, path: str) -> list[Request]:
        """The requests for one path, oldest first."""
        return [request for request in self.requests if request.path == path]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._handle, sock=self._socket, ssl=self._tls)
        await self._stop.wait()
        await shut_down(server)

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A client that hangs up is what many tests are about; a cancelled handler is the end of the test.
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            try:
                request = await _read_request(reader)
                self.requests.append(request)
                self.pending += 1
                try:
                    await _write_reply(writer, self._reply_to(request))
                finally:
                    self.pending -= 1
            finally:
                writer.close()
                with suppress(OSError):
                    await writer.wait_closed()

    def _reply_to(self, request: Request) -> Reply:
        path = request.path.partition("?")[0]
        route = self.routes.get(request.path, self.routes.get(path, Reply(status=HTTPStatus.NOT_FOUND)))
        if isinstance(route, Reply):
            return route
        if callable(route):
            return route(request)
        turns = self._turns.setdefault(path, iter(route))
        return next(turns, route[-1])


async def _read_request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    fields = (line.partition(":") for line in head[1:] if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in fields}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method=method, path=path, headers=headers, body=body)


async def _write_reply(writer: asyncio.StreamWriter, reply: Reply) -> None:
    await asyncio.sleep(reply.delay)
    if reply.raw is not None:
        writer.write(reply.raw)
        await writer.drain()
        return
    chunked = reply.chunks is not None
    framing = {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(len(reply.body))}
    reason = HTTPStatus(reply.status).phrase if reply.status in set(HTTPStatus) else "Odd"
    lines = [f"HTTP/1.1 {reply.status:d} {reason}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in {**framing, **reply.headers}.items()]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
    left = reply.cut_after
    for chunk in reply.chunks if reply.chunks is not None else [reply.body]:
        await asyncio.sleep(reply.pause)
        sent = chunk if left is None else chunk[:left]
        # A cut chunk is announced with its whole length, so that the client waits for the rest.
        writer.write(b"%x\r\n%b" % (len(chunk), sent) if chunked else sent)
        await writer.drain()
        if left is not None:
            left -= len(sent)
            if left <= 0:
                return
        if chunked:
            writer.write(b"\r\n")
    if chunked:
        writer.write(b"0\r\n\r\n")
    await writer.drain()


async def shut_down(server: asyncio.Server) -> None:
    """Close a server with all its connections. Nothing else may run in its event loop."""
    # What was just accepted gets its handler in the next turns. A closed server would leave its socket open.
    for listener in server.sockets:
        asyncio.get_running_loop().remove_reader(listener.fileno())
    for _ in range(3):
        await asyncio.sleep(0)
    server.close()
    mine = asyncio.current_task()
    # A handler may begin while the others end, and closing a connection takes another turn.
    for _ in range(5):
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        # From Python 3.13 on a server knows its connections.
        getattr(server, "abort_clients", lambda: None)()
        await asyncio.sleep(0)
