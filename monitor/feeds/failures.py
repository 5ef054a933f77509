"""What keeps a document away, in words that a person understands, with whether it will pass. Pure."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

import aiohttp

from monitor.core.timing import parse_retry_after
from monitor.errors import FetchError, ForbiddenAddressError
from monitor.feeds.blocking import blocked_by
from monitor.feeds.guard import AddressRefusedError

_TRANSIENT = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.MISDIRECTED_REQUEST, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)
# A site that was asked too much and does not say for how long it wants to be left alone.
_PAUSE = 60.0
_WORDS = {
    HTTPStatus.UNAUTHORIZED: "the server asks for a user name and password",
    HTTPStatus.FORBIDDEN: "the server forbids it",
    HTTPStatus.NOT_FOUND: "there is nothing at this address",
    HTTPStatus.GONE: "the document is gone for good",
    HTTPStatus.TOO_MANY_REQUESTS: "the server asks for fewer requests",
}


def refusal(asked: str, status: int, headers: Mapping[str, str], body: bytes, *, now: datetime) -> FetchError | None:
    """The error that an answer stands for; None for an answer that brings the document.

    Args:
        asked: the address, without credentials.
        status: of the answer.
        headers: of the answer.
        body: the beginning of it, where it refuses.
        now: the present instant, for a Retry-After that is a date where the answer has none itself.
    """
    blocker = blocked_by(status, headers, body)
    if blocker is None and status in {HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION}:
        return None
    return FetchError(
        asked,
        f"blocked by bot protection ({blocker}), status {status}" if blocker else _words(status),
        transient=status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _TRANSIENT,
        status=status,
        retry_after=parse_retry_after(headers.get("Retry-After"), now, headers.get("Date")),
    )


def asked_pause(error: FetchError) -> float | None:
    """Seconds for which the whole site is to be left alone; None where it was not asked too much."""
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        return _PAUSE if error.retry_after is None else error.retry_after
    return error.retry_after if error.status == HTTPStatus.SERVICE_UNAVAILABLE else None


def _words(status: int) -> str:
    words = "the server failed" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "the server gave no document"
    try:
        known = HTTPStatus(status)
    except ValueError:
        return f"{words} ({status})"
    return f"{_WORDS.get(known, words)} ({status} {known.phrase})"


def explain(asked: str, error: aiohttp.ClientError, *, led_to: str | None = None) -> FetchError:
    """What the HTTP client's failure means; says nothing that the client's own message may give away.

    Args:
        asked: the address, without credentials.
        error: the failure.
        led_to: the host that was asked in the end, where redirects led to it.
    """
    transient = True
    led = f"redirects to {led_to}: " if led_to is not None else ""
    match error:
        case aiohttp.ClientConnectorError(os_error=AddressRefusedError() as refused):
            return ForbiddenAddressError(asked, f"{led}{refused}")
        case aiohttp.ClientConnectorDNSError():
            reason = f"the name {error.host} cannot be resolved"
        case aiohttp.ClientConnectorCertificateError():
            detail = getattr(error.certificate_error, "verify_message", "") or "it is not valid"
            reason = f"the certificate of {error.host} is refused: {detail}"
        case aiohttp.ClientConnectorSSLError():
            reason = f"no secure connection to {error.host}"
        case aiohttp.ClientConnectorError():
            reason = f"no connection to {error.host}: {error.os_error.strerror or 'refused'}"
        case aiohttp.ClientPayloadError():
            reason = "the answer breaks off"
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError():
            reason = "the server closed the connection without an answer"
        case aiohttp.InvalidURL():
            reason, transient = "is no address that can be asked", False
        case _:
            reason = "the server does not speak proper HTTP"
    return FetchError(asked, f"{led}{reason}", transient=transient)
