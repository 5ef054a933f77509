"""Explains in plain words why a document cannot be fetched, and whether the failure is transient. Pure."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

import aiohttp

from monitor.core.backoff import parse_retry_after
from monitor.errors import FetchError, ForbiddenAddressError
from monitor.feeds.blocking import blocked_by
from monitor.feeds.guard import AddressRefusedError

_TRANSIENT = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.MISDIRECTED_REQUEST, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)
# Seconds to leave a site alone that reports too many requests without a Retry-After.
_PAUSE = 60.0
_WORDS = {
    HTTPStatus.UNAUTHORIZED: "the server asks for a user name and password",
    HTTPStatus.FORBIDDEN: "the server forbids it",
    HTTPStatus.NOT_FOUND: "there is nothing at this address",
    HTTPStatus.GONE: "the document is gone for good",
    HTTPStatus.TOO_MANY_REQUESTS: "the server asks for fewer requests",
}


def refusal(asked: str, status: int, headers: Mapping[str, str], body: bytes, *, now: datetime) -> FetchError | None:
    """The error that an answer means. None if the answer carries the document.

    Args:
        asked: the requested address, without credentials.
        status: the status of the answer.
        headers: the headers of the answer.
        body: the beginning of the body if the answer is a refusal.
        now: the current instant. It dates the answer if a Retry-After is a date and the answer has no Date header.
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
    """Seconds to leave the whole site alone. None if the error does not ask for a pause."""
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
    """The meaning of an HTTP client's failure. The client's own message is not quoted, since it may reveal secrets.

    Args:
        asked: the requested address, without credentials.
        error: the failure.
        led_to: the host of the last request if redirects led there.
    """
    transient, is_unreached = True, False
    led = f"redirects to {led_to}: " if led_to is not None else ""
    match error:
        case aiohttp.ClientConnectorError(os_error=AddressRefusedError() as refused):
            return ForbiddenAddressError(asked, f"{led}{refused}")
        case aiohttp.ClientConnectorDNSError():
            reason, is_unreached = f"the name {error.host} cannot be resolved", True
        case aiohttp.ClientConnectorCertificateError():
            detail = getattr(error.certificate_error, "verify_message", "") or "it is not valid"
            reason = f"the certificate of {error.host} is refused: {detail}"
        case aiohttp.ClientConnectorSSLError():
            reason = f"no secure connection to {error.host}"
        case aiohttp.ClientConnectorError():
            reason, is_unreached = f"no connection to {error.host}: {error.os_error.strerror or 'refused'}", True
        case aiohttp.ClientPayloadError():
            reason = "the answer breaks off"
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError():
            reason = "the server closed the connection without an answer"
        case aiohttp.InvalidURL():
            reason, transient = "is not an address that can be asked", False
        case _:
            reason = "the server does not speak proper HTTP"
    # A server that redirects was reached.
    return FetchError(asked, f"{led}{reason}", transient=transient, is_unreached=is_unreached and led_to is None)
