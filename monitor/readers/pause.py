"""Pauses between requests: ever longer ones after failures, and until midnight after the day's budget is spent."""

import threading
from datetime import UTC, datetime, timedelta

from monitor.core.backoff import believed

#: The pause after the first failure. Each further failure doubles it.
FIRST = timedelta(minutes=1)
#: The maximum pause after a failure, unless the endpoint asks for more. Configuration errors always pause this long.
LONGEST = timedelta(hours=1)
#: The maximum pause, even if the endpoint asks for more.
LIMIT = timedelta(days=1)


class Pause:
    """Whether to pause, and why. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._until = datetime.min.replace(tzinfo=UTC)
        self._reason = ""

    def reason(self, now: datetime) -> str | None:
        """The reason why no request may be sent now. None if one may."""
        with self._lock:
            return self._reason if now < believed(self._until, now, LIMIT) else None

    def until(self, end: datetime, reason: str, *, now: datetime) -> datetime:
        """Pause until then, at most a day ahead: ``reason`` ignores a later end. Returns the end of the pause."""
        with self._lock:
            self._until, self._reason = max(end, believed(self._until, now, LIMIT)), reason
            return self._until

    def after_failure(self, now: datetime, reason: str, *, lasting: bool, retry_after: float | None) -> datetime:
        """Pause as long as the number of failures requires, or as the endpoint asks. Returns the end of the pause."""
        with self._lock:
            self._failures += 1
            # Limit the exponent before multiplying.
            wait = LONGEST if lasting else min(LONGEST, FIRST * (1 << min(self._failures - 1, 10)))
        if retry_after is not None:
            wait = min(LIMIT, max(wait, timedelta(seconds=min(retry_after, LIMIT.total_seconds()))))
        return self.until(now + wait, reason, now=now)

    def over(self) -> None:
        """Forget earlier failures after an answer."""
        with self._lock:
            self._failures = 0
