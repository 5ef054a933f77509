"""When to try again, and how far off that can be. Pure: now and chance are arguments, so that each rule is a table."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: Clocks may differ by so much, of two machines or of one before and after it was set, without anything being wrong.
SKEW = timedelta(minutes=1)
#: How long a worker may hold what it has leased.
LEASE = timedelta(seconds=90)
#: The longest wait after the first failed attempt; each further one doubles it.
FIRST_WAIT = timedelta(seconds=30)
#: No attempt waits longer, whatever a service asks for.
LONGEST_WAIT = timedelta(hours=6)
#: A destination that fails again and again is left alone for no longer, unless it asks for it.
LONGEST_REST = timedelta(minutes=10)
#: After so many failed attempts a delivery is dead.
MAX_ATTEMPTS = 12


def believed(until: datetime, now: datetime, longest: timedelta) -> datetime:
    """The end of a wait that lasts no longer than ``longest``; now, where it lies further off.

    Such an end was told by a clock that ran ahead and was set back since. The rule needs no memory of that, so it holds
    after a restart too.
    """
    return until if until - now <= longest + SKEW else now


def next_attempt(now: datetime, attempts: int, retry_after: float | None, jitter: float) -> datetime | None:
    """When to send again after a failure; None when the attempts are used up.

    Full jitter: anywhere up to a ceiling that doubles from 30 seconds to 6 hours, so that deliveries that failed
    together do not come back together.

    Args:
        now: the instant of the failure.
        attempts: how often it was tried, this failure included; at least 1.
        retry_after: seconds that the service asked to wait; it is never asked sooner, up to the longest wait.
        jitter: chance, in [0, 1).
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    wait = jitter * min(LONGEST_WAIT, FIRST_WAIT * (1 << (attempts - 1)))
    if retry_after is not None:
        # Spread over what is asked as well: everyone was told the same.
        wait = min(LONGEST_WAIT, max(wait, as_duration(retry_after) + jitter * FIRST_WAIT))
    return now + wait


def rest(failures: int, retry_after: float | None) -> timedelta:
    """How long a destination is left alone as a whole after so many failures in a row; at least 1.

    Not at all after the first one, for it may have been the message; then up to ten minutes, so that what is queued
    does not try a dead one all at once. As long as it asks in any case, up to the longest wait.
    """
    own = timedelta(0) if failures == 1 else min(LONGEST_REST, FIRST_WAIT * (1 << min(failures - 2, 16)))
    asked = timedelta(0) if retry_after is None else min(LONGEST_WAIT, as_duration(retry_after))
    return max(own, asked)


def parse_retry_after(header: str | None, now: datetime, date: str | None = None) -> float | None:
    """The seconds of a Retry-After header, which are a number or a date (RFC 9110 section 10.2.3); None if neither.

    A date is told by the clock of the server, which the Date header shows; by ours where there is none.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        # More digits than any wait has; int() refuses thousands of them.
        return float(text[:12])
    at = _http_date(text)
    return max(0.0, (at - (_http_date(date or "") or now)).total_seconds()) if at is not None else None


def _http_date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def as_duration(seconds: float) -> timedelta:
    """A server's number as a duration: never negative, never beyond what a date can bear."""
    return timedelta(seconds=min(max(seconds, 0.0), timedelta(days=365).total_seconds()))
