"""Counts failed logins in memory, and says how long the next attempt must wait.

A browser in which somebody has logged in before has a counter of its own: strangers who guess make its owner wait for
nothing (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies). It proves that with a
mark, signed with a key that lives as long as the process. A restart forgets marks and counters alike.

Strangers are counted by network and name, so that they make only themselves wait. Beyond that all of one network, and
all who try one name, stand in one line: who tries often delays the others there by a turn, and keeps nobody out.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.core.access import network_of
from monitor.core.patience import OF_ACCOUNT, OF_STRANGERS, Failures

#: The most counters. Beyond them, the one that failed longest ago is forgotten.
_COUNTERS = 30_000
_MARK = 22
#: The characters of a name that are counted by. No account has so long a name.
_LONGEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A login, as it is counted."""

    #: Of the account, as it is stored.
    name: str
    #: The network address that it comes from, as far as it is known.
    address: str = ""
    #: The mark of a browser in which somebody has logged in before.
    mark: str = ""


@dataclass(slots=True)
class Throttle:
    """The failed logins of one server."""

    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _counters: dict[str, Failures] = field(default_factory=dict)

    def wait(self, attempt: Attempt, now: datetime) -> timedelta:
        """How long this attempt is refused. Zero if it may be made now, or stand in line."""
        own = self._failures(self._own(attempt)).wait(OF_ACCOUNT, now)
        line = self._line(attempt, now)
        return max(own, line) if line > OF_STRANGERS.line else own

    def begin(self, attempt: Attempt, now: datetime) -> timedelta:
        """Count an attempt as failed until it turns out right, so that many at once gain nothing.

        Returns how long it stands in line before it is made.
        """
        own, line = self._own(attempt), self._line(attempt, now)
        self._keep(own, self._failures(own).and_one(OF_ACCOUNT, now))
        for counter in self._shared(attempt):
            self._keep(counter, self._failures(counter).and_one(OF_STRANGERS, now + line))
        while len(self._counters) > _COUNTERS:
            del self._counters[next(iter(self._counters))]
        return line

    def succeed(self, attempt: Attempt) -> str:
        """Forget the failures of this account in this browser. Returns the mark that the browser is to keep."""
        self._counters.pop(self._own(attempt), None)
        if self.is_known(attempt):
            return attempt.mark
        for counter in self._shared(attempt):
            before = self._failures(counter)
            self._keep(counter, Failures(max(0, before.number - 1), before.last))
        fresh = secrets.token_urlsafe(16)
        return f"{fresh}.{self._proof(fresh, attempt.name)}"

    def is_known(self, attempt: Attempt) -> bool:
        """Whether somebody has logged in to this account in this browser before."""
        fresh, _, proof = attempt.mark.partition(".")
        return hmac.compare_digest(proof.encode(), self._proof(fresh, attempt.name).encode())

    def _line(self, attempt: Attempt, now: datetime) -> timedelta:
        """How long the lines are in which the attempt would stand."""
        waits = (self._failures(counter).wait(OF_STRANGERS, now) for counter in self._shared(attempt))
        return max(waits, default=timedelta(0))

    def _own(self, attempt: Attempt) -> str:
        if self.is_known(attempt):
            return f"mark {attempt.mark[:_MARK]}"
        return f"attempt {network_of(attempt.address)} {attempt.name[:_LONGEST]}"

    def _shared(self, attempt: Attempt) -> tuple[str, ...]:
        """The counters that a stranger shares with others."""
        if self.is_known(attempt):
            return ()
        return f"network {network_of(attempt.address)}", f"name {attempt.name[:_LONGEST]}"

    def _failures(self, counter: str) -> Failures:
        return self._counters.get(counter, Failures())

    def _keep(self, counter: str, failures: Failures) -> None:
        self._counters.pop(counter, None)  # the last one stands last
        self._counters[counter] = failures

    def _proof(self, fresh: str, name: str) -> str:
        return hmac.new(self._key, f"{fresh}\0{name}".encode(), hashlib.sha256).hexdigest()
