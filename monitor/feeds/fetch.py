"""The guarded fetcher: all requests to other addresses go through it. It bounds time, size and redirects."""

import asyncio
import base64
import re
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Self

import aiohttp
from yarl import URL

from monitor import __version__
from monitor.core.backoff import parse_retry_after
from monitor.core.identity import is_service_link
from monitor.errors import FetchError, ForbiddenAddressError
from monitor.feeds.addresses import AddressPolicy, IPNetwork, site_of
from monitor.feeds.files import FileReader
from monitor.feeds.guard import AddressRefusedError, GuardedResolver, Lookup, connects, guarded_socket, system_lookup
from monitor.feeds.inflate import ACCEPTED, BodyError, Inflater, TooLargeError
from monitor.feeds.pacing import RequestPace, Sites
from monitor.feeds.parsed import in_headers
from monitor.feeds.robots import Permissions
from monitor.ports import NO_VALIDATORS, Fetched, NotModified, Validators

# Recognises bot protection that answers in place of a site, to save the operator a search for mistakes. Pure ----------


#: The statuses with which bot protection refuses a request.
BLOCKING = frozenset({401, 403, 405, 406, 429, 503})

# Header, a part of its value, name of the protection. These are sent with a challenge only, whatever the status.
_CHALLENGES = (
    ("cf-mitigated", "challenge", "Cloudflare challenge"),
    ("x-amzn-waf-action", "", "AWS WAF challenge"),
    ("x-vercel-mitigated", "", "Vercel"),
    ("x-sucuri-block", "", "Sucuri"),
    ("x-kpsdk-ct", "", "Kasada"),
)
# These are sent with every answer of a guarded site. They prove something only together with a refusal.
_GUARDS = (
    ("x-datadome", "", "DataDome"),
    ("server", "datadome", "DataDome"),
    ("server", "akamaighost", "Akamai"),
    ("server", "ddos-guard", "DDoS-Guard"),
    ("server", "sucuri", "Sucuri"),
)
# A part of the page of a refusal, and the name of the protection.
_PAGES = (
    (b"/cdn-cgi/challenge-platform/", "Cloudflare challenge"),
    (b"cf-error-details", "Cloudflare"),
    (b"captcha-delivery.com", "DataDome"),
    (b"_Incapsula_Resource", "Imperva"),
    (b"px-captcha", "HUMAN"),
    (b"errors.edgesuite.net", "Akamai"),
    (b"awswaf", "AWS WAF challenge"),
)


def blocked_by(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """The name of the bot protection that refused in place of the site. None if no protection is recognised.

    Args:
        status: the status of the answer.
        headers: the headers of the answer. Names are lower case, or the mapping ignores case.
        body: the beginning of the body, with its content coding removed.
    """
    challenger = _by_header(_CHALLENGES, headers)
    if challenger is not None or status not in BLOCKING:
        return challenger
    return next((name for mark, name in _PAGES if mark in body), None) or _by_header(_GUARDS, headers)


def _by_header(signs: tuple[tuple[str, str, str], ...], headers: Mapping[str, str]) -> str | None:
    return next(
        (name for header, sign, name in signs if header in headers and sign in headers[header].lower()),
        None,
    )


# Explains in plain words why a document cannot be fetched, and whether the failure is transient. Pure -----------------


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


# Parses response headers. Pure ----------------------------------------------------------------------------------------


_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_AGE = re.compile(r"\d{1,10}")
# Validators are stored in the ledger and sent back. A longer value is not a validator but an attempt at abuse.
_VALIDATOR_LENGTH = 1024


def fresh_for(headers: Mapping[str, str]) -> float | None:
    """Seconds for which the answer stays fresh (RFC 9111 section 4.2), minus its age. None if it does not say."""
    found = _MAX_AGE.search(headers.get("Cache-Control", ""))
    if found is None:
        return None
    age = _AGE.fullmatch(headers.get("Age", "").strip())
    return max(0.0, float(found[1]) - (float(age[0]) if age else 0.0))


def validator(headers: Mapping[str, str], name: str) -> str | None:
    """The validator as the server sent it. None if it is missing or cannot be sent back byte for byte."""
    value = headers.get(name)
    return value if value and value.isascii() and value.isprintable() and len(value) <= _VALIDATOR_LENGTH else None


# Tracks the requests for one document: the requested address, and the targets of redirects. Pure ----------------------


MAX_REDIRECTS = 5

_PERMANENT = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})
# An ASCII host name or a numeric address. A resolver or a terminal cannot take it for anything else.
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+(%[a-z0-9]+)?", re.IGNORECASE)
_REDIRECTS = _PERMANENT | {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One request on the way to a document."""

    #: The requested address without credentials, for error messages.
    asked: str
    #: The address of this request, without credentials.
    url: URL
    #: The Authorization header. It is sent only to the origin for which the operator gave it.
    authorization: str | None
    #: The number of redirects so far, and whether all of them were permanent.
    redirects: int = 0
    is_permanent: bool = True

    @property
    def moved_to(self) -> str | None:
        """The address to request next time. None unless all redirects so far were permanent."""
        return str(self.url) if self.redirects and self.is_permanent else None

    def next(self, status: int, location: str | None) -> "Hop | None":
        """The next request if the answer is a redirect, else None.

        Raises:
            ForbiddenAddressError: the target is not an http(s) address, or leads from https to http.
            FetchError: there are too many redirects.
        """
        if status not in _REDIRECTS or location is None:
            return None
        if self.redirects == MAX_REDIRECTS:
            raise FetchError(self.asked, f"redirects more than {MAX_REDIRECTS} times", transient=False, status=status)
        try:
            target = self.url.join(URL(location))
        except ValueError as error:
            raise ForbiddenAddressError(self.asked, "redirects to what is not an address") from error
        if not _is_web(target):
            raise ForbiddenAddressError(self.asked, "redirects to what is not an http or https address")
        if self.url.scheme == "https" and target.scheme == "http":
            raise ForbiddenAddressError(self.asked, f"redirects from https to plain http ({target.raw_host})")
        # Only the operator's credentials are used; those in a Location are dropped.
        target = target.with_user(None).with_fragment(None)
        return replace(
            self,
            url=target,
            authorization=self.authorization if target.origin() == self.url.origin() else None,
            redirects=self.redirects + 1,
            is_permanent=self.is_permanent and status in _PERMANENT,
        )


def first_hop(url: str) -> Hop:
    """Parse the address as the operator wrote it. A user name and password in it become a header.

    Raises:
        ForbiddenAddressError: it is not an http(s) address.
    """
    try:
        parsed = URL(url)
    except ValueError as error:
        # An invalid address cannot be split into its parts, so everything before the last "@" is removed.
        scheme, slashes, rest = url.partition("//")
        raise ForbiddenAddressError(f"{scheme}{slashes}{rest.rpartition('@')[2]}", "is not an address") from error
    asked = re.sub(r"//[^/?#]*@", "//", url, count=1)
    if not _is_web(parsed):
        raise ForbiddenAddressError(asked, "is not an http or https address")
    return Hop(asked=asked, url=parsed.with_user(None).with_fragment(None), authorization=_authorization(parsed))


def _is_web(url: URL) -> bool:
    return url.scheme in {"http", "https"} and _HOST.fullmatch(url.raw_host or "") is not None


def _authorization(url: URL) -> str | None:
    if url.user is None:
        return None
    credentials = f"{url.user}:{url.password or ''}".encode()
    return f"Basic {base64.b64encode(credentials).decode()}"


_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.8, */*;q=0.5"
)
_KEEP_THE_METHOD = frozenset({HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT})
# Bytes of a refusal that are read to recognise bot protection.
_GLANCE = 65_536


class GuardedFetcher:
    """Fetches documents by HTTP(S), and files of one folder. Belongs to one event loop. Close it after use.

    Implements ``monitor.ports.Fetcher`` and ``Submitter``. Proxies from the environment are not used: they would
    resolve names themselves and bypass the guard.
    """

    def __init__(
        self,
        *,
        timeout: float = 30.0,
        max_bytes: int = 5_000_000,
        contact: str = "",
        allow_private: Sequence[IPNetwork] = (),
        files_root: Path | None = None,
        per_host: int = 2,
        spacing: float = 0.0,
        connections: int = 50,
        per_minute: int = 600,
        lookup: Lookup = system_lookup,
    ) -> None:
        """Prepare to fetch. Nothing is opened before the first request.

        Args:
            timeout: seconds for one document, from the first lookup to the last byte, redirects included. Half of them
                for the connection.
            max_bytes: the maximum size of a document, both before and after decompression.
            contact: the contact for questions about these requests; part of the User-Agent.
            allow_private: networks that are not public but may be connected to, on any port.
            files_root: the folder whose files ``file:`` addresses may name.
            per_host: concurrent requests to one site (``monitor.feeds.addresses``).
            spacing: seconds between the starts of two requests to one site.
            connections: concurrent requests in total.
            per_minute: requests in any minute in total.
            lookup: resolves names; by default the system's resolver.
        """
        self._timeout, self._timeout_of_connection = timeout, timeout / 2
        self._max_bytes = max_bytes
        self._agent = f"milestone-monitor/{__version__}" + (f" (+{contact})" if contact else "")
        self._policy = AddressPolicy(tuple(allow_private))
        self._files = FileReader(files_root, max_bytes=max_bytes)
        self._sites = Sites(per_host)
        self._spacing = spacing
        self._permissions = Permissions(self._robots)
        self._slots = asyncio.Semaphore(connections)
        self._pace = RequestPace(per_minute)
        self._lookup = lookup
        self._opened: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections. The fetcher can be used again."""
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def fetch(
        self, url: str, *, validators: Validators = NO_VALIDATORS, is_page: bool = False
    ) -> Fetched | NotModified:
        """Get the document, or learn that it is unchanged since the validators were issued.

        Waiting for a turn at a busy site does not count against the timeout.

        Raises:
            ForbiddenAddressError: the guard refused the address or a redirect target.
            DisallowedError: the site's robots.txt disallows the page, or one that it redirects to.
            FetchError: any other failure. It says whether the failure is transient.
        """
        if url[:5].lower() == "file:":
            return await asyncio.to_thread(self._files.read, url, validators)
        hop, spent = first_hop(url), 0.0
        while True:
            # Each hop is a request like any other: it waits for its turn, and counts in the budget of the minute.
            # A link that a search gives out is there to be followed, which many a service asks crawlers not to.
            is_asked = is_page and not is_service_link(str(hop.url))
            delay = await self._permissions.delay(str(hop.url.origin()), str(hop.url)) if is_asked else 0.0
            async with self._turn(hop, delay), self._bounded(hop, self._timeout - spent):
                begun = asyncio.get_running_loop().time()
                answer = await self._ask(hop, validators)
                spent += asyncio.get_running_loop().time() - begun
            if not isinstance(answer, Hop):
                return replace(answer, latency=spent)
            hop = answer

    async def reaches(self, url: str) -> bool:
        """Whether a connection to the host of an address can be made now. Nothing is sent over it."""
        if url[:5].lower() == "file:":
            return True
        try:
            address = first_hop(url).url
            async with asyncio.timeout(self._timeout_of_connection):
                return await connects(address.raw_host or "", address.port or 0, self._policy, self._lookup)
        except (FetchError, TimeoutError):
            return False

    async def submit(self, url: str, form: Mapping[str, str]) -> None:
        """Post a form. Implements ``monitor.ports.Submitter``.

        Raises:
            ForbiddenAddressError: the guard refused the address or a redirect target.
            FetchError: the form was not accepted. The error says whether the failure is transient.
        """
        hop: Hop | None = first_hop(url)
        while hop is not None:
            async with self._turn(hop), self._bounded(hop, self._timeout):
                hop = await self._post(hop, form)

    @asynccontextmanager
    async def _turn(self, hop: Hop, delay: float = 0.0) -> AsyncIterator[None]:
        """Wait for a request's turn: at its site, then for a free connection, then in the budget of the minute.

        A site that reports too many requests is left alone for a while. The operator's own servers have no such limits.
        """
        host = hop.url.raw_host or ""
        site, is_own = site_of(host), self._policy.is_inside(host)
        spacing = 0.0 if is_own else max(self._spacing, delay)
        async with self._sites.place(site), AsyncExitStack() as held:
            async with self._sites.beginning(site, spacing, asked=hop.asked):
                await held.enter_async_context(self._slots)
                await self._pace.turn()
            try:
                yield
            except FetchError as error:
                pause = asked_pause(error)
                if pause is not None and not is_own:
                    self._sites.pause(site, pause)
                raise

    async def _robots(self, url: str) -> bytes:
        answer = await self.fetch(url)
        return answer.body if isinstance(answer, Fetched) else b""

    @asynccontextmanager
    async def _bounded(self, hop: Hop, left: float) -> AsyncIterator[None]:
        """Limit the requests to an address to the seconds left, and turn every failure into a FetchError."""
        try:
            async with asyncio.timeout(left):
                yield
        except aiohttp.ConnectionTimeoutError as error:
            reason = f"no connection to {hop.url.raw_host} within {self._timeout_of_connection:g} seconds"
            raise FetchError(hop.asked, reason, transient=True, is_unreached=not hop.redirects) from error
        except TimeoutError as error:
            reason = f"no whole answer within {self._timeout:g} seconds"
            raise FetchError(hop.asked, reason, transient=True) from error
        except BodyError as error:
            raise FetchError(hop.asked, str(error), transient=not isinstance(error, TooLargeError)) from error
        except aiohttp.ClientError as error:
            raise explain(hop.asked, error, led_to=hop.url.raw_host if hop.redirects else None) from error

    async def _post(self, hop: Hop, form: Mapping[str, str]) -> Hop | None:
        """Post once. Returns the next hop if the answer redirects and keeps the method. The body is not read."""
        headers = _request_headers(NO_VALIDATORS, hop.authorization)
        async with self._session().post(hop.url, data=form, headers=headers, allow_redirects=False) as response:
            status, moved = response.status, response.status in _KEEP_THE_METHOD
            onward = hop.next(status, response.headers.get("Location")) if moved else None
            if onward is None:
                error = refusal(hop.asked, status, response.headers, b"", now=datetime.now(UTC))
                if error is not None and not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
                    raise error
            return onward

    async def _ask(self, hop: Hop, validators: Validators) -> Fetched | NotModified | Hop:
        """Send one request. Returns the next hop if the answer is a redirect."""
        headers = _request_headers(validators, hop.authorization)
        async with self._session().get(hop.url, headers=headers, allow_redirects=False) as response:
            onward = hop.next(response.status, response.headers.get("Location"))
            return onward if onward is not None else await self._answer(hop, response, validators)

    def _session(self) -> aiohttp.ClientSession:
        if self._opened is None:
            connector = aiohttp.TCPConnector(
                limit=0,  # turns and slots limit requests before the timeout starts
                resolver=GuardedResolver(self._policy, self._lookup),
                socket_factory=guarded_socket(self._policy),
                # All connections share one context: each new one loads the system's certificates, which takes 5 ms.
                ssl=ssl.create_default_context(),
            )
            self._opened = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPTED},
                # Our own timeout covers all redirects.
                timeout=aiohttp.ClientTimeout(total=None, connect=self._timeout_of_connection, sock_connect=None),
                auto_decompress=False,  # the client's decompression has no size limit
                trust_env=False,
            )
        return self._opened

    async def _answer(
        self, hop: Hop, response: aiohttp.ClientResponse, validators: Validators
    ) -> Fetched | NotModified:
        status, headers = response.status, response.headers
        if status == HTTPStatus.NOT_MODIFIED and validators != NO_VALIDATORS:
            return NotModified(moved_to=hop.moved_to, max_age=fresh_for(headers))
        glance = await _glance(response) if status in BLOCKING else b""
        error = refusal(hop.asked, status, headers, glance, now=datetime.now(UTC))
        if error is not None:
            raise error
        hubs = in_headers(headers.getall("Link", ()), str(hop.url))
        return Fetched(
            url=str(hop.url),
            body=await _read(response, self._max_bytes),
            content_type=headers.get("Content-Type", ""),
            validators=Validators(etag=validator(headers, "ETag"), last_modified=validator(headers, "Last-Modified")),
            moved_to=hop.moved_to,
            max_age=fresh_for(headers),
            hub=hubs.hub,
            topic=hubs.topic,
        )


def _request_headers(validators: Validators, authorization: str | None) -> dict[str, str]:
    named = {
        "If-None-Match": validators.etag,
        "If-Modified-Since": validators.last_modified,
        "Authorization": authorization,
    }
    return {name: value for name, value in named.items() if value is not None}


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The decoded body. Raises TooLargeError if it exceeds the limit."""
    if response.content_length is not None and response.content_length > limit:
        raise TooLargeError(limit)
    inflater = Inflater(response.headers.get("Content-Encoding", ""), limit=limit)
    async for piece in response.content.iter_any():
        inflater.feed(piece)
    return inflater.finish()


async def _glance(response: aiohttp.ClientResponse) -> bytes:
    """The body of a refusal if it is small and complete, else b"". Nothing depends on it."""
    try:
        return await _read(response, _GLANCE)
    except (BodyError, aiohttp.ClientError):
        return b""
