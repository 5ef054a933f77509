"""How long to wait after failed logins. Pure: each new failure makes the wait longer, up to a limit.

Nobody is locked out: the longest wait is short. It only has to make guessing hopeless.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """The policy for one kind of counter."""

    #: Failures without any wait.
    free: int
    #: The wait after the first failure beyond these. It doubles with each further one.
    first: timedelta
    longest: timedelta
    #: Failures are forgotten after this time without another one.
    memory: timedelta


#: For one account. A person who mistypes five times in a row waits for seconds.
OF_ACCOUNT = Patience(free=5, first=timedelta(seconds=1), longest=timedelta(minutes=1), memory=timedelta(hours=12))
#: For all strangers together, who may try many accounts with one password.
OF_ALL = Patience(free=50, first=timedelta(seconds=0.25), longest=timedelta(seconds=4), memory=timedelta(minutes=30))


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed logins in a row."""

    number: int = 0
    last: datetime | None = None

    def wait(self, patience: Patience, now: datetime) -> timedelta:
        """How long the next attempt must still wait. Zero if it may be made now."""
        beyond = self.number - patience.free
        if self.last is None or beyond < 0 or self._is_forgotten(patience, now):
            return timedelta(0)
        # Two to the power of a very long row is longer than any time.
        due = min(patience.first * float(2 ** min(beyond, 30)), patience.longest)
        # After a clock was set back, the wait is not longer than before.
        return min(max(self.last + due - now, timedelta(0)), due)

    def and_one(self, patience: Patience, now: datetime) -> "Failures":
        """With one more failure."""
        return Failures(1 if self._is_forgotten(patience, now) else self.number + 1, now)

    def _is_forgotten(self, patience: Patience, now: datetime) -> bool:
        return self.last is not None and now - self.last >= patience.memory
