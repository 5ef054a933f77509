"""How long to wait after failed logins. Pure: each new failure makes the wait longer, up to a limit.

Nobody is locked out: the longest wait is short, and who shares a counter with others stands in line with them. It only
has to make guessing hopeless.
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
    #: How far ahead an attempt may be given its turn. Zero if attempts do not stand in line: they are refused until the
    #: wait is over, and whoever asks then comes first.
    line: timedelta = timedelta(0)


#: For one account, from one network or browser. A person who mistypes five times in a row waits for seconds.
OF_ACCOUNT = Patience(free=5, first=timedelta(seconds=1), longest=timedelta(minutes=1), memory=timedelta(hours=12))
#: For all strangers of one network, who may try many accounts with one password, and for all who try one account.
OF_STRANGERS = Patience(
    free=50,
    first=timedelta(seconds=0.25),
    longest=timedelta(seconds=1),
    memory=timedelta(minutes=30),
    line=timedelta(seconds=8),
)


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed logins in a row."""

    number: int = 0
    #: The instant of the last one: of its turn, if it stands in line.
    last: datetime | None = None

    def wait(self, patience: Patience, now: datetime) -> timedelta:
        """How long the next attempt must still wait. Zero if it may be made now."""
        beyond = self.number - patience.free
        if self.last is None or beyond < 0 or self._is_forgotten(patience, now):
            return timedelta(0)
        # Two to the power of a very long row is longer than any time.
        due = min(patience.first * float(2 ** min(beyond, 30)), patience.longest)
        wait = self.last + due - now
        # What lies further ahead was counted before the clock was set back.
        return wait if timedelta(0) < wait <= due + patience.line else timedelta(0)

    def and_one(self, patience: Patience, now: datetime) -> "Failures":
        """With one more failure."""
        return Failures(1 if self._is_forgotten(patience, now) else self.number + 1, now)

    def _is_forgotten(self, patience: Patience, now: datetime) -> bool:
        return self.last is not None and now - self.last >= patience.memory
