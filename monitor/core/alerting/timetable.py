"""When a subscriber may be notified: mutes, absences, digests, quiet hours. Pure.

All times follow the subscriber's wall clock. A digest at eight comes once a day at eight, whenever the country shifts
its clocks (twice a year in Paris, for Ramadan in Casablanca). A time that the clock skips stands for the instant of the
jump. Quiet hours apply each time that the clock shows them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from cronsim import CronSim

from monitor.core.news import Subscriber

#: Patterns → whether the project of the change matches one of them.
Follows = Callable[[Iterable[str]], bool]

_DAY, _SECOND, _NEXT_BEFORE = timedelta(days=1), timedelta(seconds=1), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendTime:
    """When a change is sent, whether together with everything else that is sent then, and why then."""

    due_at: datetime
    together: bool
    #: Worded for an operator, in the order in which they apply. Empty if it is sent at once.
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hold:
    until: datetime
    reason: str


def appoint(at: datetime, subscriber: Subscriber, zone: tzinfo, follows: Follows) -> SendTime:
    """When to send a change that could be sent from this instant on. Never earlier, and never at a closed time.

    Args:
        at: the instant, timezone-aware.
        subscriber: who receives it.
        zone: the subscriber's time zone.
        follows: whether the project matches one of some patterns.
    """

    def absence(moment: datetime) -> _Hold | None:
        return _absence(moment, subscriber, zone, follows)

    due_at, held = at, list[str]()
    while True:
        due_at = _advance(due_at, absence, held)
        digest: list[str] = []
        if subscriber.digest is not None:
            due_at = next_digest(due_at, subscriber.digest, zone)
            digest = [f"goes into the digest of {clock(due_at, zone)}"]
        if absence(due_at) is None:
            due_at = _advance(due_at, lambda moment: _quiet(moment, subscriber, zone), digest)
            if absence(due_at) is None:
                reasons = (*held, *digest)
                return SendTime(due_at=due_at, together=bool(reasons), reasons=reasons)


def opens(at: datetime, subscriber: Subscriber, zone: tzinfo, follows: Follows) -> datetime:
    """The first instant, not before ``at``, at which anything may be sent: no quiet hours, no mute, no absence.

    For late deliveries: those that were held up or are retried.
    """
    return _advance(
        at, lambda moment: _absence(moment, subscriber, zone, follows) or _quiet(moment, subscriber, zone), []
    )


def next_digest(at: datetime, cron: str, zone: tzinfo) -> datetime:
    """The first instant, not before ``at``, that matches the cron expression by the clock of the zone.

    Raises:
        ValueError: the expression matches no instant within fifty years.
    """
    # CronSim returns instants strictly after its start.
    for moment in CronSim(cron, (at - _NEXT_BEFORE).astimezone(zone)):
        found = moment.astimezone(UTC)
        # In an hour that the clock repeats, CronSim returns the times of the first pass during the second one too.
        if found >= at:
            return found
    raise ValueError(f"'{cron}' names no day that ever comes")


def digest_days(first: datetime, last: datetime, cron: str, zone: tzinfo) -> tuple[date, date]:
    """The days from one digest to the next, for a digest whose changes came from ``first`` to ``last``.

    By the clock of the zone. The expression matches instants (``next_digest``).
    """
    former = next(CronSim(cron, first.astimezone(zone), reverse=True))
    return former.date(), next_digest(last, cron, zone).astimezone(zone).date()


def first_instant(wall: datetime, zone: tzinfo) -> datetime:
    """The first instant at which the clock of the zone shows this naive time.

    The instant of the jump if it is skipped.
    """
    early, late = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early <= late:
        return early
    # Skipped (PEP 495): the offset before the jump gives an instant after it, the offset after the jump one before it.
    lower, upper = late, early
    before = lower.astimezone(zone).utcoffset()
    while upper - lower > _SECOND:
        middle = lower + (upper - lower) // 2
        lower, upper = (middle, upper) if middle.astimezone(zone).utcoffset() == before else (lower, middle)
    return upper.replace(microsecond=0)


def clock(at: datetime, zone: tzinfo) -> str:
    """An instant by the clock of the zone, formatted for operators: ``Mon 2026-11-30 08:00``."""
    return at.astimezone(zone).strftime("%a %Y-%m-%d %H:%M")


def _advance(moment: datetime, hold: Callable[[datetime], _Hold | None], reasons: list[str]) -> datetime:
    """The first instant, not before ``moment``, without a hold. Appends the reason of each hold on the way."""
    while (held := hold(moment)) is not None:
        reasons.append(held.reason)
        moment = held.until
    return moment


def _absence(at: datetime, subscriber: Subscriber, zone: tzinfo, follows: Follows) -> _Hold | None:
    """The pause, mute or absence that covers this instant, or None."""
    if subscriber.paused_until is not None and at < subscriber.paused_until:
        return _Hold(subscriber.paused_until, f"is paused by its reader until {clock(subscriber.paused_until, zone)}")
    for mute in subscriber.mutes:
        until = first_instant(mute.until, zone)
        if at < until and follows(mute.projects):
            return _Hold(until, f"is muted until {clock(until, zone)}")
    for away in subscriber.away:
        start, until = _midnight(away.first, zone), _midnight(away.last + _DAY, zone)
        if start <= at < until:
            return _Hold(until, f"is away until {clock(until, zone)}")
    return None


def _midnight(day: date, zone: tzinfo) -> datetime:
    return first_instant(datetime.combine(day, time()), zone)


def _quiet(at: datetime, subscriber: Subscriber, zone: tzinfo) -> _Hold | None:
    """The quiet hours that cover this instant, or None."""
    if subscriber.quiet_hours is None:
        return None
    start, end = map(time.fromisoformat, subscriber.quiet_hours)

    def is_quiet(moment: datetime) -> bool:
        shown = moment.astimezone(zone).time()
        return start <= shown < end if start < end else shown >= start or shown < end

    if not is_quiet(at):
        return None
    today = at.astimezone(zone).date()
    # The clock may show the end twice on a day. It may also skip the few minutes between the end and the start.
    days = (datetime.combine(today + number * _DAY, end) for number in range(4))
    ends = (instant for wall in days for instant in _instants(wall, zone))
    until = next(instant for instant in ends if instant > at and not is_quiet(instant))
    return _Hold(until, f"is held for quiet hours until {clock(until, zone)}")


def _instants(wall: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """The first and the last instant at which the clock of the zone shows this time."""
    return first_instant(wall, zone), max(first_instant(wall, zone), wall.replace(tzinfo=zone, fold=1).astimezone(UTC))
