"""Tracks the requests for one document: the requested address, and the targets of redirects. Pure."""

import base64
import re
from dataclasses import dataclass, replace
from http import HTTPStatus

from yarl import URL

from monitor.errors import FetchError, ForbiddenAddressError

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
