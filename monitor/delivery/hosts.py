"""The host that the address of a service names."""

import socket
from contextlib import suppress

from apprise.plugins.base import NotifyBase

from monitor.delivery.guard import Refusal, told
from monitor.delivery.mail import Mail

#: Services that let the system look the name up while it connects, so that the guard would see nothing but the name.
_BY_NAME = frozenset({"NotifyRSyslog", "NotifyGrowl", "NotifySMPP"})
_LOOPBACK = ("127.0.0.1", "::1")


def named_host(service: NotifyBase) -> str:
    """The host that the address names; "" where the service has hosts of its own."""
    if isinstance(service, Mail):
        return str(service.smtp_host).strip("[]")
    templates: tuple[str, ...] = service.templates
    return (service.host or "").strip("[]") if any("{host}" in each for each in templates) else ""


def refused_as_written(service: NotifyBase, refusal: Refusal) -> str:
    """Why the host may not be connected to, as far as its address tells without a look-up; "" where it may, or a name.

    A proxy resolves names by itself: this is all that can be known of what lies behind one.
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
    """The addresses of a host that is written as a number, in whichever way, or as this machine."""
    if not host:
        return ()
    if host.lower().rstrip(".").rpartition(".")[2] == "localhost":
        return _LOOPBACK
    try:
        found = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, ValueError):  # a name; or what cannot be one, as UnicodeError tells
        return ()
    return tuple(str(endpoint[0]) for *_, endpoint in found)


def pin(service: NotifyBase) -> None:
    """Put the number in the place of the name, where the service would leave the look-up to the system."""
    if any(each.__name__ in _BY_NAME for each in type(service).__mro__):
        # A name without an address: the service says so itself.
        with suppress(OSError, ValueError):
            service.host = socket.gethostbyname(service.host)
