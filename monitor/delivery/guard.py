"""Keeps every delivery from connecting to an address that the policy forbids, whichever library connects.

Python reports each connection before it is made, with the address that the system is about to use (an audit event:
https://docs.python.org/3/library/audit_events.html). So the address that is checked is the one that is connected to. A
name that resolves differently the second time gains nothing, and neither does another spelling of a number.

A connection by name is reported with the name only. Where it leads is unknown, so the policy refuses it. Where a proxy
leads is unknown too, so libraries are kept from using one.
"""

import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from typing import Any

#: (numeric address, port) → why it must not be connected to; None if it may. Port None means any port is allowed.
Refusal = Callable[[str, int | None], str | None]

#: The attribute of a thread that holds the guard of the delivery that started it.
_INHERITED = "_delivery_guard"
#: The variables that keep libraries from using the proxies of the environment.
_NO_PROXY = ("no_proxy", "NO_PROXY")


class DestinationRefusedError(OSError):
    """The guard refused an address. An OSError, so that libraries treat it like any failed connection."""


class Guard:
    """Checks the connections of one delivery."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        #: The name or number that was looked up last.
        self._host = ""
        self._reached: set[str] = set()
        self._refused: dict[str, str] = {}
        self._own: list[socket.socket] = []

    @property
    def refused(self) -> str:
        """Why a host could not be reached; "" if every host had a permitted address."""
        return next((reason for host, reason in self._refused.items() if host not in self._reached), "")

    def look_up(self, host: object) -> None:
        """Remember the host that is looked up, so that a refusal can name it."""
        if isinstance(host, str):
            self._host = host

    def bind(self, sock: socket.socket) -> None:
        """Remember a socket of the delivery itself: libraries wake their threads by connecting to themselves."""
        self._own.append(sock)

    def connect(self, sock: socket.socket, endpoint: Any) -> None:  # noqa: ANN401 - depends on the socket family
        """Allow the connection, or raise AddressRefusedError."""
        if endpoint is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
            return  # already connected; or a local socket, which no address of a service can name
        address, port = str(endpoint[0]), int(endpoint[1])
        host = self._host or address
        reason = self.refusal(address, port)
        if reason is None or self._is_own(address, port):
            self._reached.add(host)
            return
        self._refused.setdefault(host, told(host, address, reason))
        raise DestinationRefusedError(self._refused[host])

    def _is_own(self, address: str, port: int) -> bool:
        for sock in self._own:
            with suppress(OSError):  # already closed
                if sock.getsockname()[:2] == (address, port):
                    return True
        return False


def told(host: str, address: str, reason: str) -> str:
    """The reason of a refusal, with the host that resolves to the address."""
    return reason if host == address else f"{host} is at {address}: {reason}"


@contextmanager
def guarded(refusal: Refusal) -> Iterator[Guard]:
    """Check all connections made inside against the policy, including those of threads started inside.

    From then on, no proxy of the environment is used in this process.
    """
    _install()
    for name in _NO_PROXY:
        if os.environ.get(name) != "*":
            os.environ[name] = "*"
    guard = Guard(refusal)
    token = _CURRENT.set(guard)
    try:
        yield guard
    finally:
        _CURRENT.reset(token)


def is_guarded() -> bool:
    """Whether the connections of this thread are checked now."""
    return _current() is not None


_CURRENT: ContextVar[Guard | None] = ContextVar("guard", default=None)


def _current() -> Guard | None:
    return _CURRENT.get() or getattr(threading.current_thread(), _INHERITED, None)


def _on_connect(sock: socket.socket, endpoint: Any) -> None:  # noqa: ANN401 - depends on the socket family
    if guard := _current():
        guard.connect(sock, endpoint)


def _on_bind(sock: socket.socket, *_: object) -> None:
    if guard := _current():
        guard.bind(sock)


def _on_look_up(host: object, *_: object) -> None:
    if guard := _current():
        guard.look_up(host)


def _on_thread(function: object, *_: object) -> None:
    thread = getattr(function, "__self__", None)
    if isinstance(thread, threading.Thread) and (guard := _current()):
        setattr(thread, _INHERITED, guard)


_EVENTS: dict[str, Callable[..., None]] = {
    "socket.connect": _on_connect,
    "socket.sendto": _on_connect,
    "socket.sendmsg": _on_connect,
    "socket.bind": _on_bind,
    "socket.getaddrinfo": _on_look_up,
    "socket.gethostbyname": _on_look_up,
    "_thread.start_new_thread": _on_thread,  # until Python 3.12
    "_thread.start_joinable_thread": _on_thread,
}


def _hear(event: str, args: tuple[Any, ...]) -> None:
    if act := _EVENTS.get(event):
        act(*args)


@cache
def _install() -> None:
    """Add the audit hook, once: it cannot be removed. Outside a delivery it allows everything."""
    sys.addaudithook(_hear)
