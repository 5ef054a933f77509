"""Keeps connections open for the next message to the same place while messages follow each other."""

import select
import socket
import threading
import time
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Connection = TypeVar("Connection")

#: Seconds that an unused connection is kept: less than servers keep it.
LONGEST_IDLE = 10.0
#: The most messages on one connection; servers limit them.
MOST_MESSAGES = 100


@dataclass(slots=True)
class _Kept(Generic[Connection]):
    connection: Connection
    socket: socket.socket
    messages: int
    since: float


@dataclass(slots=True)
class Connections(Generic[Connection]):
    """One idle connection for each place. Safe to call from several threads."""

    #: Closes a connection.
    close: Callable[[Connection], None]
    _kept: dict[Hashable, _Kept[Connection]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_swept: bool = False

    def take(self, place: Hashable) -> tuple[Connection, int] | None:
        """Take the connection to the place, with the number of messages it has carried. None if no usable one is kept.

        The caller owns it: keep it again after the message, or close it.
        """
        with self._lock:
            kept = self._kept.pop(place, None)
        if kept is None:
            return None
        if _is_idle(kept.socket):
            return kept.connection, kept.messages
        self._end(kept.connection)
        return None

    def keep(self, place: Hashable, connection: Connection, sock: socket.socket, *, messages: int) -> None:
        """Keep the connection for the next message. ``messages`` is the number it has carried."""
        with self._lock:
            spare = self._kept.get(place)
            is_worn = messages >= MOST_MESSAGES
            if not is_worn and spare is None:
                self._kept[place] = _Kept(connection, sock, messages, time.monotonic())
                if not self._is_swept:
                    self._is_swept = True
                    self._sweep_later()
                return
        self._end(connection)

    def _sweep_later(self) -> None:
        timer = threading.Timer(LONGEST_IDLE, self._sweep)
        timer.daemon = True
        timer.start()

    def _sweep(self) -> None:
        """Close connections that have been unused for ``LONGEST_IDLE``."""
        oldest = time.monotonic() - LONGEST_IDLE
        with self._lock:
            old = [place for place, kept in self._kept.items() if kept.since <= oldest]
            ended = [self._kept.pop(place) for place in old]
            self._is_swept = bool(self._kept)
            if self._is_swept:
                self._sweep_later()
        for kept in ended:
            self._end(kept.connection)

    def close_all(self) -> None:
        """Close all kept connections."""
        with self._lock:
            ended = list(self._kept.values())
            self._kept.clear()
        for kept in ended:
            self._end(kept.connection)

    def _end(self, connection: Connection) -> None:
        with suppress(OSError):
            self.close(connection)


def _is_idle(sock: socket.socket) -> bool:
    """Whether nothing has arrived since its last use. Unrequested data is the server's good-bye."""
    try:
        return not select.select([sock], [], [], 0)[0]
    except (OSError, ValueError):
        return False
