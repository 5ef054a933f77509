"""Applies the address policy to every connection: a name is resolved once, and only checked addresses are used.

A name that resolves differently the second time (DNS rebinding) has no effect, since there is no second lookup. A
numeric address skips the resolver; the guarded socket checks it.
"""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from ipaddress import ip_address

from aiohttp import AddrInfoType, SocketFactoryType
from aiohttp.abc import AbstractResolver, ResolveResult

from monitor.feeds.addresses import AddressPolicy, is_number

#: (host, port) → numeric addresses. Raises OSError if the name cannot be resolved.
Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
#: The most addresses of one host to which a connection is tried.
_ADDRESSES = 4


class AddressRefusedError(OSError):
    """The policy forbids the address. It is an OSError, which the HTTP client handles like any failed connection."""


async def system_lookup(host: str, port: int) -> Sequence[str]:
    """Ask the system in a daemon thread. A resolver that hangs does not keep the process alive."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Sequence[str]] = loop.create_future()

    def settle(addresses: Sequence[str], error: OSError | None) -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(addresses)
        else:
            answer.set_exception(error)

    def ask() -> None:
        addresses: Sequence[str] = ()
        error: OSError | None = None
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
            addresses = tuple(dict.fromkeys(str(info[4][0]) for info in found))
        except OSError as failure:
            error = failure
        except UnicodeError as failure:
            error = OSError(f"{host!r} is not a host name")
            error.__cause__ = failure
        try:
            loop.call_soon_threadsafe(settle, addresses, error)
        except RuntimeError:
            return  # the loop was closed before the system answered; nobody waits for the answer

    threading.Thread(target=ask, name=f"lookup-{host}", daemon=True).start()
    return await answer


class GuardedResolver(AbstractResolver):
    """Returns the addresses of a name only if the policy allows every one of them."""

    def __init__(self, policy: AddressPolicy, lookup: Lookup = system_lookup) -> None:
        self._policy = policy
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The numeric addresses to connect to.

        Raises:
            AddressRefusedError: the policy forbids one of the addresses.
            OSError: the name has no address.
        """
        addresses = await self._lookup(host, port)
        for address in addresses:
            reason = self._policy.refusal(address, port)
            if reason is not None:
                raise AddressRefusedError(f"{host} is at {address}: {reason}")
        results = [_result(host, address, port) for address in addresses]
        wanted = [result for result in results if family in (socket.AF_UNSPEC, result["family"])]
        if not wanted:
            raise OSError(f"{host} has no address")
        return wanted

    async def close(self) -> None:
        """Do nothing: the resolver holds no resources."""


async def connects(host: str, port: int, policy: AddressPolicy, lookup: Lookup = system_lookup) -> bool:
    """Whether a connection to one of the host's addresses can be made. The policy must allow them."""
    try:
        addresses = [host] if is_number(host) else await lookup(host, port)
    except OSError:
        return False
    allowed = [address for address in addresses if policy.refusal(address, port) is None]
    attempts = [asyncio.create_task(_connects(address, port)) for address in allowed[:_ADDRESSES]]
    try:
        for done in asyncio.as_completed(attempts):
            if await done:
                return True
        return False
    finally:
        for attempt in attempts:
            attempt.cancel()


async def _connects(address: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(address, port)
    except OSError:
        return False
    writer.close()
    with suppress(OSError):  # the other side may have ended it first
        await writer.wait_closed()
    return True


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET  # noqa: PLR2004 - IP version 6
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=socket.IPPROTO_TCP, flags=socket.AI_NUMERICHOST
    )


def guarded_socket(policy: AddressPolicy) -> SocketFactoryType:
    """A socket factory that refuses forbidden addresses."""

    def make(info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, endpoint = info
        reason = policy.refusal(str(endpoint[0]), int(endpoint[1]))
        if reason is not None:
            raise AddressRefusedError(reason)
        return socket.socket(family=family, type=kind, proto=protocol)

    return make
