"""The way to any address: what is asked, what comes back."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask again cheaply (RFC 9110 section 8.8); opaque, replayed byte for byte."""

    etag: str | None = None
    last_modified: str | None = None


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A document, whole: decoded from its transfer and content codings, not from its charset."""

    #: Where it came from, after redirects.
    url: str
    body: bytes
    #: The Content-Type header as sent, or "".
    content_type: str
    validators: Validators
    #: Set when every redirect on the way was permanent (301, 308): the address to ask next time.
    moved_to: str | None = None
    #: Seconds for which the server says the answer stays fresh; None where it says nothing.
    max_age: float | None = None
    #: Seconds from the request to the last byte, redirects included; None where nobody was asked.
    latency: float | None = field(default=None, compare=False)
    #: What its Link headers name as the hub that pushes it, and as its own address (core.websub).
    hub: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server said 304: nothing has changed."""

    #: As of ``Fetched``.
    moved_to: str | None = None
    max_age: float | None = None
    latency: float | None = field(default=None, compare=False)


class Fetcher(Protocol):
    """The only way to any address."""

    async def fetch(
        self, url: str, *, validators: Validators = NO_VALIDATORS, is_page: bool = False
    ) -> Fetched | NotModified:
        """Get the document; of a page only what its site lets anybody fetch by himself, and as slowly as it asks.

        Bounded in time, size and redirects; every address on the way is checked before it is connected to.

        Raises:
            FetchError: with whether it will pass; ``ForbiddenAddressError`` where the guard refused,
                ``DisallowedError`` where the site does.
        """
        ...
