"""The guarded fetcher: all requests to other addresses go through it. It bounds time, size and redirects."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Self

import aiohttp

from monitor import __version__
from monitor.core.identity import is_service_link
from monitor.errors import FetchError
from monitor.feeds.addresses import AddressPolicy, IPNetwork
from monitor.feeds.blocking import BLOCKING
from monitor.feeds.failures import asked_pause, explain, refusal
from monitor.feeds.files import FileReader
from monitor.feeds.guard import GuardedResolver, Lookup, connects, guarded_socket, system_lookup
from monitor.feeds.headers import fresh_for, validator
from monitor.feeds.hubs import in_headers
from monitor.feeds.inflate import ACCEPTED, BodyError, Inflater, TooLargeError
from monitor.feeds.pacing import Pace, Sites
from monitor.feeds.permission import Permissions
from monitor.feeds.redirects import Hop, first_hop
from monitor.feeds.sites import site_of
from monitor.ports import NO_VALIDATORS, Fetched, NotModified, Validators

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
            per_host: concurrent requests to one site (``monitor.feeds.sites``).
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
        self._pace = Pace(per_minute)
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
