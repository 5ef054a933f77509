"""When a subscriber may be told of something: mutes, absences, digests, quiet hours. Pure.

A subscriber lives by the clock on the wall: a digest at eight comes at eight by it, once each day, however its country
moves the clocks (twice a year in Paris, for Ramadan in Casablanca). A time that the clock skips is the moment at which
it jumps over it; quiet hours are quiet each time that the clock shows them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from cronsim import CronSim

from monitor.core.news import Subscriber

#: Patterns → whether the project that is told of answers to one of them.
Follows = Callable[[Iterable[str]], bool]

_DAY, _SECOND, _NEXT_BEFORE = timedelta(days=1), timedelta(seconds=1), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """When something is told, whether with all else that is told then, and why then."""

    due_at: datetime
    together: bool
    #: In words for an operator, in the order in which they bear; none where it is told at once.
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hold:
    until: datetime
    reason: str


def appoint(at: datetime, subscriber: Subscriber, zone: tzinfo, follows: Follows) -> Appointment:
    """When that is told which could be told from this instant on: never before it, and never out of hours.

    Args:
        at: aware.
        subscriber: who is told.
        zone: the subscriber's.
        follows: whether the project is among these patterns.
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
                return Appointment(due_at=due_at, together=bool(reasons), reasons=reasons)


def opens(at: datetime, subscriber: Subscriber, zone: tzinfo, follows: Follows) -> datetime:
    """The first instant from this one on at which anything may be sent: no quiet hours, no mute, no absence.

    For what was due before and is late: it was held up, or is tried again.
    """
    return _advance(
        at, lambda moment: _absence(moment, subscriber, zone, follows) or _quiet(moment, subscriber, zone), []
    )


def next_digest(at: datetime, cron: str, zone: tzinfo) -> datetime:
    """The first instant from this one on that the cron expression names by the clock of the zone.

    Raises:
        ValueError: it names none in fifty years.
    """
    # CronSim gives what comes after an instant.
    for moment in CronSim(cron, (at - _NEXT_BEFORE).astimezone(zone)):
        found = moment.astimezone(UTC)
        # In an hour that the clock shows twice, it gives the first one's times in the second one too.
        if found >= at:
            return found
    raise ValueError(f"'{cron}' names no day that ever comes")


def first_instant(wall: datetime, zone: tzinfo) -> datetime:
    """The first instant at which the clock of the zone shows this naive time; that of the jump where it skips it."""
    early, late = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early <= late:
        return early
    # Skipped (PEP 495): by the offset of before the jump it lies behind it, by that of afterwards before it.
    lower, upper = late, early
    before = lower.astimezone(zone).utcoffset()
    while upper - lower > _SECOND:
        middle = lower + (upper - lower) // 2
        lower, upper = (middle, upper) if middle.astimezone(zone).utcoffset() == before else (lower, middle)
    return upper.replace(microsecond=0)


def clock(at: datetime, zone: tzinfo) -> str:
    """An instant by the clock of the zone, as operators read it: ``Mon 2026-11-30 08:00``."""
    return at.astimezone(zone).strftime("%a %Y-%m-%d %H:%M")


def _advance(moment: datetime, hold: Callable[[datetime], _Hold | None], reasons: list[str]) -> datetime:
    """The first instant from this one on that nothing holds, with the reasons of what did added."""
    while (held := hold(moment)) is not None:
        reasons.append(held.reason)
        moment = held.until
    return moment


def _absence(at: datetime, subscriber: Subscriber, zone: tzinfo, follows: Follows) -> _Hold | None:
    """The mute or absence that this instant lies in."""
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
    """The quiet hours that this instant lies in."""
    if subscriber.quiet_hours is None:
        return None
    start, end = map(time.fromisoformat, subscriber.quiet_hours)

    def is_quiet(moment: datetime) -> bool:
        shown = moment.astimezone(zone).time()
        return start <= shown < end if start < end else shown >= start or shown < end

    if not is_quiet(at):
        return None
    today = at.astimezone(zone).date()
    # The clock may show their end twice on a day, or jump over the few minutes between their end and their start.
    days = (datetime.combine(today + number * _DAY, end) for number in range(4))
    ends = (instant for wall in days for instant in _instants(wall, zone))
    until = next(instant for instant in ends if instant > at and not is_quiet(instant))
    return _Hold(until, f"is held for quiet hours until {clock(until, zone)}")


def _instants(wall: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """The first and the last instant at which the clock of the zone shows this time."""
    return first_instant(wall, zone), max(first_instant(wall, zone), wall.replace(tzinfo=zone, fold=1).astimezone(UTC))
