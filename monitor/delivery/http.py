"""One HTTP request with a body.

The total time is bounded and redirects are not followed. The result distinguishes what cannot have arrived from what
may have. The guard decides which addresses are allowed (guard.py).
"""

import http.client
import io
import select
import smtplib
import socket
import ssl
import threading
import time
from abc import abstractmethod
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import Generic, TypeVar

from rich.console import Console

from monitor.core.backoff import parse_retry_after
from monitor.core.news import Message
from monitor.ports import Outcome, SendResult

# Keeps connections open for the next message to the same place while messages follow each other -----------------------


Connection = TypeVar("Connection")

#: Seconds that an unused connection is kept: less than servers keep it.
LONGEST_IDLE = 10.0
#: The most messages on one connection; servers limit them.
MOST_MESSAGES = 100


@dataclass(slots=True)
class _Kept(Generic[Connection]):
    connection: Connection
    socket: socket.socket
    messages: int
    since: float


@dataclass(slots=True)
class Connections(Generic[Connection]):
    """One idle connection for each place. Safe to call from several threads."""

    #: Closes a connection.
    close: Callable[[Connection], None]
    _kept: dict[Hashable, _Kept[Connection]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_swept: bool = False

    def take(self, place: Hashable) -> tuple[Connection, int] | None:
        """Take the connection to the place, with the number of messages it has carried. None if no usable one is kept.

        The caller owns it: keep it again after the message, or close it.
        """
        with self._lock:
            kept = self._kept.pop(place, None)
        if kept is None:
            return None
        if _is_idle(kept.socket):
            return kept.connection, kept.messages
        self._end(kept.connection)
        return None

    def keep(self, place: Hashable, connection: Connection, sock: socket.socket, *, messages: int) -> None:
        """Keep the connection for the next message. ``messages`` is the number it has carried."""
        with self._lock:
            spare = self._kept.get(place)
            is_worn = messages >= MOST_MESSAGES
            if not is_worn and spare is None:
                self._kept[place] = _Kept(connection, sock, messages, time.monotonic())
                if not self._is_swept:
                    self._is_swept = True
                    self._sweep_later()
                return
        self._end(connection)

    def _sweep_later(self) -> None:
        timer = threading.Timer(LONGEST_IDLE, self._sweep)
        timer.daemon = True
        timer.start()

    def _sweep(self) -> None:
        """Close connections that have been unused for ``LONGEST_IDLE``."""
        oldest = time.monotonic() - LONGEST_IDLE
        with self._lock:
            old = [place for place, kept in self._kept.items() if kept.since <= oldest]
            ended = [self._kept.pop(place) for place in old]
            self._is_swept = bool(self._kept)
            if self._is_swept:
                self._sweep_later()
        for kept in ended:
            self._end(kept.connection)

    def close_all(self) -> None:
        """Close all kept connections."""
        with self._lock:
            ended = list(self._kept.values())
            self._kept.clear()
        for kept in ended:
            self._end(kept.connection)

    def _end(self, connection: Connection) -> None:
        with suppress(OSError):
            self.close(connection)


def _is_idle(sock: socket.socket) -> bool:
    """Whether nothing has arrived since its last use. Unrequested data is the server's good-bye."""
    try:
        return not select.select([sock], [], [], 0)[0]
    except (OSError, ValueError):
        return False


_MAX_HEAD = 64 * 1024
#: The most digits of the length of a body that is read to its end, and the seconds that each part of it may take.
_LENGTHS, _PATIENCE = 4, 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A request with a body."""

    host: str
    port: int
    #: Whether to use TLS, and whether to verify certificates.
    tls: bool
    verify: bool = True
    method: str = "POST"
    #: Path and query.
    target: str
    headers: Mapping[str, str]
    body: bytes
    #: Seconds for connecting, and for the answer.
    connect_timeout: float
    answer_timeout: float


def deliver(post: Post, kept: Connections[socket.socket]) -> SendResult:
    """Send the request and return the result. Never raises for what a server does.

    If the server leaves the connection open, it is kept for the next request to the same host and port.
    """
    place = (post.host, post.port, post.tls, post.verify)
    connection, requests = kept.take(place) or (None, 0)
    if connection is None:
        try:
            connection = _connect(post)
        except (OSError, ValueError) as error:  # ValueError: invalid host name
            return SendResult(outcome=Outcome.FAILED, detail=f"cannot connect: {why(error)}")
    try:
        status, headers, is_open = _exchange(post, connection)
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        return SendResult(outcome=Outcome.UNKNOWN, detail=f"no answer, but it may have arrived: {why(error)}")
    except ValueError as error:  # a header or path with forbidden characters; nothing was sent
        connection.close()
        return SendResult(outcome=Outcome.REFUSED, detail=f"cannot be sent as written: {error}")
    except BaseException:
        connection.close()
        raise
    if is_open:
        kept.keep(place, connection, connection, messages=requests + 1)
    else:
        connection.close()
    return _read(status, headers)


def _connect(post: Post) -> socket.socket:
    """Connect to the first address of the host that answers."""
    deadline = time.monotonic() + post.connect_timeout
    failure: OSError = TimeoutError("timed out")
    for family, *_, endpoint in socket.getaddrinfo(post.host, post.port, type=socket.SOCK_STREAM):
        plain = socket.socket(family, socket.SOCK_STREAM)
        try:
            # Head and body are sent separately. The body must not wait for the acknowledgement of the head.
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plain.settimeout(max(deadline - time.monotonic(), 0.01))
            plain.connect(endpoint)
            return tls_context(verify=post.verify).wrap_socket(plain, server_hostname=post.host) if post.tls else plain
        except OSError as error:
            plain.close()
            failure = error
    raise failure


def _exchange(post: Post, connection: socket.socket) -> tuple[int, Mapping[str, str], bool]:
    """Send the request and read the head of the answer. Also returns whether the connection can be used again.

    The body has nothing for a program. A short one is read, so that the connection can be used again.
    """
    connection.settimeout(post.answer_timeout)
    request = http.client.HTTPConnection(post.host, post.port)
    request.sock = connection
    request.request(post.method, post.target, body=post.body, headers=dict(post.headers))
    deadline = time.monotonic() + post.answer_timeout
    buffer = b""
    while True:
        head, end, rest = buffer.partition(b"\r\n\r\n")
        if end:
            status_line, _, fields = head.partition(b"\r\n")
            version, _, status = status_line.partition(b" ")
            if not version.startswith(b"HTTP/") or not status[:3].isdigit():
                raise http.client.BadStatusLine("the answer is not HTTP")
            if int(status[:3]) >= HTTPStatus.OK:
                parsed = http.client.parse_headers(io.BytesIO(fields + b"\r\n\r\n"))
                headers = {name.lower(): value for name, value in parsed.items()}
                is_kept = version == b"HTTP/1.1" and "close" not in headers.get("connection", "").lower()
                length = "0" if int(status[:3]) == HTTPStatus.NO_CONTENT else headers.get("content-length", "")
                return int(status[:3]), headers, is_kept and _is_drained(connection, length, len(rest))
            buffer = rest  # an interim answer, 1xx: the final one follows
            continue
        if len(buffer) > _MAX_HEAD:
            raise http.client.HTTPException("the answer has no end of headers")
        # The limit is on the whole answer, not on each byte: a server that sends slowly must not hold a worker.
        connection.settimeout(max(deadline - time.monotonic(), 0.001))
        chunk = connection.recv(_MAX_HEAD)
        if not chunk:
            raise ConnectionError("the connection was closed")
        buffer += chunk


def _is_drained(connection: socket.socket, length: str, read: int) -> bool:
    """Read the rest of a body. Returns whether it ended at its stated length. A long or slow one is not awaited."""
    if not (length.isascii() and length.isdigit() and len(length) <= _LENGTHS):
        return False
    left = int(length) - read
    try:
        connection.settimeout(_PATIENCE)
        while left > 0 and (chunk := connection.recv(left)):
            left -= len(chunk)
    except OSError:
        return False
    return left == 0


def _read(status: int, headers: Mapping[str, str]) -> SendResult:
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
    detail = f"HTTP {status} {phrase}".strip()
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return SendResult(outcome=Outcome.SENT, detail=detail)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        detail += ": redirects are not followed, write the final address"
    retry_after = parse_retry_after(headers.get("retry-after"), datetime.now(UTC))
    return SendResult(outcome=Outcome.FAILED, detail=detail, retry_after=retry_after)


def why(error: Exception) -> str:
    """A short reason for a failed connection."""
    if isinstance(error, TimeoutError):
        return "timed out"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate not trusted ({error.verify_message})"
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


@cache
def tls_context(*, verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


# The base of our plug-ins: each gets the whole message and returns a complete result ----------------------------------
#
# Apprise passes only a title and a body, and returns only success or failure.


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What the sender gives to its plug-ins."""

    #: Where ``console://`` prints.
    console: Console
    clock: Callable[[], datetime]
    #: Seconds to wait for a service.
    time_limit: float
    #: Connections kept open for the next message, to webhooks and to mail servers.
    http: Connections[socket.socket]
    smtp: Connections[smtplib.SMTP]


class Direct:
    """Inherit this before Apprise's class. An instance is used for one message."""

    _message: Message
    _means: Means
    #: The result. None before sending, or if it took too long.
    result: SendResult | None = None

    def arm(self, message: Message, means: Means) -> None:
        """Set what Apprise does not pass on. Call this before sending."""
        self._message, self._means = message, means

    def send(self, body: str, title: str = "", *_: object, **__: object) -> bool:
        """Deliver and store the result. Called by Apprise, with the body in the format of the address."""
        self.result = self.deliver(title, body)
        return self.result.outcome is Outcome.SENT

    @abstractmethod
    def deliver(self, title: str, body: str) -> SendResult:
        """Send the message. Never raises for what a destination does."""
