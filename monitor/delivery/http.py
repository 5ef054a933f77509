"""One HTTP request with a body.

The total time is bounded and redirects are not followed. The result distinguishes what cannot have arrived from what
may have. The guard decides which addresses are allowed (guard.py).
"""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus

from monitor.core.backoff import parse_retry_after
from monitor.delivery.connections import Connections
from monitor.ports import Outcome, SendResult

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
