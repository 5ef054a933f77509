"""Counts failed logins in memory, and says how long the next attempt must wait.

A browser in which somebody has logged in before has a counter of its own: strangers who guess make its owner wait for
nothing (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies). It proves that with a
mark, signed with a key that lives as long as the process. A restart forgets marks and counters alike.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.core.patience import OF_ACCOUNT, OF_ALL, Failures

#: The most counters. Beyond them, the one that failed longest ago is forgotten.
_COUNTERS = 10_000
_MARK = 22


@dataclass(slots=True)
class Throttle:
    """The failed logins of one server."""

    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _counters: dict[str, Failures] = field(default_factory=dict)
    _all: Failures = field(default_factory=Failures)

    def wait(self, name: str, mark: str, now: datetime) -> timedelta:
        """How long an attempt for this account from the browser with this mark must wait. Zero if it may be made."""
        own = self._counters.get(self._counter(name, mark), Failures()).wait(OF_ACCOUNT, now)
        return own if self._is_known(name, mark) else max(own, self._all.wait(OF_ALL, now))

    def begin(self, name: str, mark: str, now: datetime) -> None:
        """Count an attempt as failed until it turns out right, so that many at once gain nothing."""
        counter = self._counter(name, mark)
        self._counters[counter] = self._counters.pop(counter, Failures()).and_one(OF_ACCOUNT, now)
        if len(self._counters) > _COUNTERS:
            del self._counters[next(iter(self._counters))]
        if not self._is_known(name, mark):
            self._all = self._all.and_one(OF_ALL, now)

    def succeed(self, name: str, mark: str) -> str:
        """Forget the failures of this account in this browser. Returns the mark that the browser is to keep."""
        self._counters.pop(self._counter(name, mark), None)
        if self._is_known(name, mark):
            return mark
        self._all = Failures(max(0, self._all.number - 1), self._all.last)
        fresh = secrets.token_urlsafe(16)
        return f"{fresh}.{self._proof(fresh, name)}"

    def _counter(self, name: str, mark: str) -> str:
        return f"mark {mark[:_MARK]}" if self._is_known(name, mark) else f"name {name}"

    def _is_known(self, name: str, mark: str) -> bool:
        fresh, _, proof = mark.partition(".")
        return hmac.compare_digest(proof.encode(), self._proof(fresh, name).encode())

    def _proof(self, fresh: str, name: str) -> str:
        return hmac.new(self._key, f"{fresh}\0{name}".encode(), hashlib.sha256).hexdigest()
