"""Decides when a destination may be sent to: the pace of its service, past failures, and one message at a time."""

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.core.alerting.limits import Bucket, pace_of
from monitor.core.backoff import believed, rest
from monitor.core.news import Destination

#: A destination keeps failing from this many failures in a row.
FAILING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A destination that keeps failing."""

    destination: Destination
    since: datetime
    #: Failed attempts in a row.
    failures: int
    #: Its last answer, without secrets.
    detail: str


@dataclass(slots=True)
class _Record:
    """The failures of a destination since its last success."""

    destination: Destination
    failures: int = 0
    since: datetime | None = None
    detail: str = ""
    resting_until: datetime | None = None
    #: How long it rests.
    rest: timedelta = timedelta()


@dataclass(slots=True)
class Pacer:
    """Tracks messages in progress and past results. Safe to call from several threads. Lost at a restart."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _each: dict[str, Bucket] = field(default_factory=lambda: defaultdict(Bucket))
    _all: dict[tuple[str, str], Bucket] = field(default_factory=lambda: defaultdict(Bucket))
    _records: dict[str, _Record] = field(default_factory=dict)
    #: The lanes in use now, see ``_lane``.
    _busy: set[tuple[str, str]] = field(default_factory=set)

    def occupy(self, destination: Destination) -> None:
        """Reserve the destination until it is freed. For mail reserve the whole account: one connection for each."""
        with self._lock:
            self._busy.add(_lane(destination))

    def free(self, destination: Destination) -> None:
        """End the reservation."""
        with self._lock:
            self._busy.discard(_lane(destination))

    def resting(self, destinations: Iterable[Destination], now: datetime) -> frozenset[str]:
        """The ids of the destinations that must not be sent to now."""
        with self._lock:
            return frozenset(
                each.id for each in destinations if _lane(each) in self._busy or self._ready_at(each, now) > now
            )

    def next_at(self, destinations: Iterable[Destination], now: datetime) -> datetime | None:
        """When the first of the resting destinations may be sent to. None if none rests."""
        with self._lock:
            return min((at for each in destinations if (at := self._ready_at(each, now)) > now), default=None)

    def take(self, destination: Destination, now: datetime) -> bool:
        """Whether one message may go now. If so, it is counted."""
        with self._lock:
            if self._ready_at(destination, now) > now:
                return False
            pace, account = pace_of(destination.service), _account(destination)
            if pace.each is not None:
                self._each[destination.id] = self._each[destination.id].take(pace.each, now)
            if pace.all is not None:
                self._all[account] = self._all[account].take(pace.all, now)
            return True

    def succeeded(self, destination: Destination) -> None:
        """Record that the destination took a message."""
        with self._lock:
            self._records.pop(destination.id, None)

    def failed(self, destination: Destination, now: datetime, *, retry_after: float | None, detail: str) -> None:
        """Record a failed or unknown attempt.

        The destination rests as long as it asks, and longer with each failure in a row.
        """
        with self._lock:
            record = self._records.setdefault(destination.id, _Record(destination, since=now))
            record.destination, record.detail = destination, detail
            record.failures += 1
            record.rest = rest(record.failures, retry_after)
            record.resting_until = now + record.rest

    def failing(self) -> tuple[Failing, ...]:
        """The destinations that keep failing."""
        with self._lock:
            return tuple(
                Failing(destination=each.destination, since=each.since, failures=each.failures, detail=each.detail)
                for each in self._records.values()
                if each.failures >= FAILING and each.since is not None
            )

    def _ready_at(self, destination: Destination, now: datetime) -> datetime:
        pace = pace_of(destination.service)
        record = self._records.get(destination.id)
        ready = [now]
        if record is not None and record.resting_until is not None:
            ready.append(believed(record.resting_until, now, record.rest))
        if pace.each is not None and destination.id in self._each:
            ready.append(self._each[destination.id].ready_at(pace.each, now))
        if pace.all is not None and _account(destination) in self._all:
            ready.append(self._all[_account(destination)].ready_at(pace.all, now))
        return max(ready)


def _account(destination: Destination) -> tuple[str, str]:
    return (destination.service, destination.account)


def _lane(destination: Destination) -> tuple[str, str]:
    """What carries only one message at a time."""
    return _account(destination) if destination.service in {"mailto", "mailtos"} else ("", destination.id)
