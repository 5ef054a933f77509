"""When to retry, and how far away that can be. Pure: now and randomness are arguments, so tables can test each rule."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: The tolerated difference between two clocks, or of one clock before and after it was set.
SKEW = timedelta(minutes=1)
#: How long a worker may hold a lease.
LEASE = timedelta(seconds=90)
#: The longest wait after the first failed attempt. It doubles with each further one.
FIRST_WAIT = timedelta(seconds=30)
#: The longest wait of any attempt, whatever a service asks for.
LONGEST_WAIT = timedelta(hours=6)
#: The longest rest of a destination that keeps failing, unless it asks for a longer one.
LONGEST_REST = timedelta(minutes=10)
#: A delivery is dead after this many failed attempts.
MAX_ATTEMPTS = 12


def believed(until: datetime, now: datetime, longest: timedelta) -> datetime:
    """The end of a wait, if it is at most ``longest`` away. Otherwise now.

    An end further away comes from a clock that ran ahead and was set back since. The rule needs no memory of that, so
    it holds after a restart too.
    """
    return until if until - now <= longest + SKEW else now


def next_attempt(now: datetime, attempts: int, retry_after: float | None, jitter: float) -> datetime | None:
    """When to retry after a failure. None if the attempts are used up.

    Full jitter: a random wait up to a ceiling that doubles from 30 seconds to 6 hours, so that deliveries that failed
    together do not return together.

    Args:
        now: the instant of the failure.
        attempts: the number of attempts, this failure included. At least 1.
        retry_after: seconds that the service asked to wait. The retry is never earlier, up to the longest wait.
        jitter: a random number in [0, 1).
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    wait = jitter * min(LONGEST_WAIT, FIRST_WAIT * (1 << (attempts - 1)))
    if retry_after is not None:
        # Add jitter to the requested wait too: all clients were told the same.
        wait = min(LONGEST_WAIT, max(wait, as_duration(retry_after) + jitter * FIRST_WAIT))
    return now + wait


def rest(failures: int, retry_after: float | None) -> timedelta:
    """How long a destination as a whole is left alone after this many failures in a row (at least 1).

    Not at all after the first failure, since the message may be the cause. Then up to ten minutes, so that queued
    messages do not all try a dead destination at once. In any case as long as the destination asks, up to the longest
    wait.
    """
    own = timedelta(0) if failures == 1 else min(LONGEST_REST, FIRST_WAIT * (1 << min(failures - 2, 16)))
    asked = timedelta(0) if retry_after is None else min(LONGEST_WAIT, as_duration(retry_after))
    return max(own, asked)


def parse_retry_after(header: str | None, now: datetime, date: str | None = None) -> float | None:
    """The seconds of a Retry-After header: a number or a date (RFC 9110 section 10.2.3). None if it is neither.

    A date is relative to the server's clock, which the Date header shows. Without a Date header, our clock is used.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        # More digits than any wait has. int() refuses thousands of digits.
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
    """A server's number as a duration. Never negative, at most 365 days."""
    return timedelta(seconds=min(max(seconds, 0.0), timedelta(days=365).total_seconds()))
