"""Who may see the pages and the API: people on this machine, as long as there are no accounts."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from ipaddress import ip_address

from fastapi import HTTPException, Request

#: Headers of a proxy. A request that passed one may come from anywhere, whatever its last hop is.
_PROXIED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")

Guard = Callable[[Request], Awaitable[None]]


def is_loopback(host: str) -> bool:
    """Whether this name or address leads to this machine only."""
    bare = host.strip("[]").lower().rstrip(".")
    if bare == "localhost" or bare.endswith(".localhost"):
        return True
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return False


async def only_here(request: Request) -> None:
    """Let a request pass only if it comes from this machine and asks for this machine by name.

    The name matters: a page elsewhere may lead a browser here under a name of its own (DNS rebinding). Others are told
    that there is nothing.

    Raises:
        HTTPException: 404 for everybody else.
    """
    client = request.client.host if request.client is not None else ""
    is_direct = not any(name in request.headers for name in _PROXIED)
    if not (is_direct and is_loopback(client) and is_loopback(_named(request.headers.get("host", "")))):
        raise HTTPException(HTTPStatus.NOT_FOUND)


def _named(host: str) -> str:
    """The host of a Host header, without its port."""
    if host.startswith("["):
        return host.partition("]")[0]
    return host.partition(":")[0]
