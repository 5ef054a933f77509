"""Fetching: the Protocol for requests to any address, and their results."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """The validators of a server's answer (RFC 9110 section 8.8). Opaque, sent back byte for byte."""

    etag: str | None = None
    last_modified: str | None = None


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A complete document. Transfer and content codings are decoded, the charset is not."""

    #: The address that answered, after redirects.
    url: str
    body: bytes
    #: The Content-Type header as sent, or "".
    content_type: str
    validators: Validators
    #: The address for the next request. Set only if every redirect on the way was permanent (301, 308).
    moved_to: str | None = None
    #: Seconds for which the answer stays fresh according to the server. None if the server does not say.
    max_age: float | None = None
    #: Seconds from the request to the last byte, including redirects. None if no request was made.
    latency: float | None = field(default=None, compare=False)
    #: The hub that pushes the document and its topic, as the Link headers name them (core.polling.websub).
    hub: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server answered 304: nothing has changed."""

    #: These mean the same as in ``Fetched``.
    moved_to: str | None = None
    max_age: float | None = None
    latency: float | None = field(default=None, compare=False)


class Fetcher(Protocol):
    """The only way to any address."""

    async def fetch(
        self, url: str, *, validators: Validators = NO_VALIDATORS, is_page: bool = False
    ) -> Fetched | NotModified:
        """Fetch a document.

        Time, size and redirects are bounded. Every address on the way is checked before the connection is made. A page
        is fetched only if its site allows it, and as slowly as the site asks.

        Raises:
            FetchError: the fetch failed; the error says whether this is temporary. ``ForbiddenAddressError`` if the
                guard refused, ``DisallowedError`` if the site did.
        """
        ...

    async def reaches(self, url: str) -> bool:
        """Whether a connection to the host of an address can be made now. Nothing is sent over it."""
        ...
