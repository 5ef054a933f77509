"""The host in the address of a service."""

import socket
from contextlib import suppress

from apprise.plugins.base import NotifyBase

from monitor.delivery.guard import Refusal, told
from monitor.delivery.mail import Mail

#: Services that leave the look-up to the system while it connects, so that the guard would see only the name.
_BY_NAME = frozenset({"NotifyRSyslog", "NotifyGrowl", "NotifySMPP"})
_LOOPBACK = ("127.0.0.1", "::1")


def named_host(service: NotifyBase) -> str:
    """The host that the address names; "" if the service has fixed hosts."""
    if isinstance(service, Mail):
        return str(service.smtp_host).strip("[]")
    templates: tuple[str, ...] = service.templates
    return (service.host or "").strip("[]") if any("{host}" in each for each in templates) else ""


def refused_as_written(service: NotifyBase, refusal: Refusal) -> str:
    """Why the host must not be connected to, as far as its address shows without a look-up.

    "" if it may be connected to, or is a name.
    """
    host = named_host(service)
    reasons: list[str] = []
    for address in _numbers(host):
        reason = refusal(address, service.port)
        if reason is None:
            return ""
        reasons.append(told(host, address, reason))
    return next(iter(reasons), "")


def _numbers(host: str) -> tuple[str, ...]:
    """The addresses of a host that is written as a number, in any notation, or as localhost."""
    if not host:
        return ()
    if host.lower().rstrip(".").rpartition(".")[2] == "localhost":
        return _LOOPBACK
    try:
        found = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, ValueError):  # a name; or an invalid host name, which raises UnicodeError
        return ()
    return tuple(str(endpoint[0]) for *_, endpoint in found)


def pin(service: NotifyBase) -> None:
    """Replace the name by its address if the service would leave the look-up to the system."""
    if any(each.__name__ in _BY_NAME for each in type(service).__mro__):
        # The name has no address: the service reports that itself.
        with suppress(OSError, ValueError):
            service.host = socket.gethostbyname(service.host)
