"""When nothing is asked: after failures, ever longer, and until midnight once the day's budget is spent."""

import threading
from datetime import UTC, datetime, timedelta

from monitor.core.timing import believed

#: After the first failure; each further one doubles it.
FIRST = timedelta(minutes=1)
#: No failure is waited out longer, unless the endpoint asks for it; what somebody has to mend is looked at so often.
LONGEST = timedelta(hours=1)
#: Whatever an endpoint asks for.
LIMIT = timedelta(days=1)


class Pause:
    """Whether to wait, and why. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._until = datetime.min.replace(tzinfo=UTC)
        self._reason = ""

    def reason(self, now: datetime) -> str | None:
        """Why nothing may be asked now; None where it may."""
        with self._lock:
            return self._reason if now < believed(self._until, now, LIMIT) else None

    def until(self, end: datetime, reason: str, *, now: datetime) -> datetime:
        """Wait until then, a day at most; returns when the wait is over."""
        with self._lock:
            self._until, self._reason = max(end, believed(self._until, now, LIMIT)), reason
            return self._until

    def after_failure(self, now: datetime, reason: str, *, lasting: bool, retry_after: float | None) -> datetime:
        """Wait as long as it takes after so many failures, or as long as was asked for; returns when that is over."""
        with self._lock:
            self._failures += 1
            # The exponent is bounded before the product.
            wait = LONGEST if lasting else min(LONGEST, FIRST * (1 << min(self._failures - 1, 10)))
        if retry_after is not None:
            wait = min(LIMIT, max(wait, timedelta(seconds=min(retry_after, LIMIT.total_seconds()))))
        return self.until(now + wait, reason, now=now)

    def over(self) -> None:
        """An answer came: the failures before it are forgotten."""
        with self._lock:
            self._failures = 0
