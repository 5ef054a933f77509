"""What ails the monitor itself, and when its operator is told: once it has lasted, and once more when it is over.

Pure: the edges say what they find wrong now, this says what of it is news.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

_DAY = timedelta(days=1)
#: What is gone for so long is over; what comes back sooner was never gone.
CALM = timedelta(minutes=30)
#: Between two bulletins, so that a bad day is some messages and not hundreds.
PAUSE = timedelta(minutes=10)
#: A feed is silent beyond its custom when it has brought nothing for as long as it takes to bring so many entries.
_MISSED, _SOONEST = 20.0, timedelta(days=7)
#: A feed that is due and was not asked for so long is late: the budget, the network or this machine is too small.
_LATE = timedelta(hours=1)


class Trouble(StrEnum):
    """What can be wrong."""

    FEED_FAILING = "feed failing"
    FEED_BLOCKED = "feed blocked"
    FEED_SILENT = "feed silent"
    FEEDS_LATE = "feeds late"
    DESTINATION_FAILING = "destination failing"
    DELIVERIES_LATE = "deliveries late"
    EDIT_REFUSED = "edit refused"
    DISK_FULL = "disk nearly full"
    CLOCK_JUMPED = "clock jumped"
    STORM = "storm"
    HOSTILE_DOCUMENT = "hostile document"


#: How long it must have lasted before the operator is told; what is not named here, at once.
PATIENCE: Mapping[Trouble, timedelta] = {
    Trouble.FEED_FAILING: timedelta(hours=6),
    Trouble.FEED_BLOCKED: timedelta(hours=1),
    Trouble.FEEDS_LATE: timedelta(minutes=30),
    Trouble.DELIVERIES_LATE: timedelta(minutes=15),
}
#: What happens and is past: that it is over is no news.
_PASSING = frozenset({Trouble.CLOCK_JUMPED, Trouble.HOSTILE_DOCUMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong now."""

    trouble: Trouble
    #: What it befalls, as an operator knows it: the name of a feed, the label of a destination, a folder; "" for all.
    subject: str
    #: What exactly, and what can be done; free of secrets.
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailment:
    """Something that has been wrong since then, until it has been gone for a while."""

    trouble: Trouble
    subject: str
    #: As it was found last.
    detail: str
    since: datetime
    #: When it was found last.
    found_at: datetime
    #: When the operator was told; None when he was not, or not yet.
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """What the operator is to be told at one time: what has become wrong, and what is right again."""

    raised: tuple[Ailment, ...] = ()
    recovered: tuple[Ailment, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.raised or self.recovered)


def observe(known: Sequence[Ailment], found: Iterable[Finding], now: datetime) -> tuple[Ailment, ...]:
    """What is wrong from now on, from what was wrong until now and what is found wrong now.

    What is gone stays until it has been gone for ``CALM``; if the operator was told of it, until he is told that it is
    over (``told``).
    """
    present = {(finding.trouble, finding.subject): finding for finding in found}
    kept = []
    for ailment in known:
        finding = present.pop((ailment.trouble, ailment.subject), None)
        if finding is not None:
            # One that began in the future did by a clock that ran ahead; it would be told only once that day has come.
            kept.append(replace(ailment, detail=finding.detail, found_at=now, since=min(ailment.since, now)))
        elif not _is_over(ailment, now) or (ailment.told_at is not None and ailment.trouble not in _PASSING):
            kept.append(ailment)
    new = (
        Ailment(trouble=each.trouble, subject=each.subject, detail=each.detail, since=now, found_at=now)
        for each in present.values()
    )
    return (*kept, *new)


def news(ailments: Iterable[Ailment], *, now: datetime, told_at: datetime | None) -> Bulletin:
    """What of this the operator is to be told now; nothing until ``PAUSE`` after he was told something last.

    Each ailment is told once, when it has lasted as long as there is patience with it, and once more when it is over.
    """
    if told_at is not None and timedelta(0) <= now - told_at < PAUSE:
        return Bulletin()
    those = tuple(ailments)
    return Bulletin(
        raised=tuple(each for each in those if each.told_at is None and _has_lasted(each)),
        recovered=tuple(each for each in those if each.told_at is not None and _is_over(each, now)),
    )


def told(ailments: Iterable[Ailment], bulletin: Bulletin, now: datetime) -> tuple[Ailment, ...]:
    """The ailments once the operator has the bulletin."""
    return tuple(
        replace(each, told_at=now) if each in bulletin.raised else each
        for each in ailments
        if each not in bulletin.recovered
    )


def _is_over(ailment: Ailment, now: datetime) -> bool:
    # A clock that was set back ends nothing, and keeps nothing for ever.
    return abs(now - ailment.found_at) >= CALM


def _has_lasted(ailment: Ailment) -> bool:
    return ailment.found_at - ailment.since >= PATIENCE.get(ailment.trouble, timedelta(0))


# ---------------------------------------------------------------- feeds


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """What is known of a feed that bears on its health."""

    name: str
    #: Failed polls in a row, and what the last failure was.
    failures: int = 0
    error: str = ""
    #: Entries a day; None where it was not read yet.
    rate: float | None = None
    #: When its newest entry was published; None where it never had one.
    newest_at: datetime | None = None
    #: When it is to be asked next.
    next_poll_at: datetime | None = None


def feed_findings(feeds: Iterable[FeedHealth], now: datetime) -> tuple[Finding, ...]:
    """What is wrong with feeds: each that fails, is blocked or silent beyond its custom; lateness once for all."""
    found: list[Finding] = []
    late = 0
    for feed in feeds:
        if feed.failures:
            trouble = Trouble.FEED_BLOCKED if feed.error.startswith("blocked") else Trouble.FEED_FAILING
            found.append(Finding(trouble=trouble, subject=feed.name, detail=feed.error))
        elif feed.newest_at is not None and feed.rate and now - feed.newest_at > custom(feed.rate):
            detail = (
                f"nothing new for {(now - feed.newest_at).days} days, where {_MISSED:.0f} entries were to be expected"
            )
            found.append(Finding(trouble=Trouble.FEED_SILENT, subject=feed.name, detail=detail))
        late += feed.next_poll_at is not None and now - feed.next_poll_at > _LATE
    if late:
        detail = f"{late} are due for more than an hour: raise polling.requests_per_minute, or watch fewer"
        found.append(Finding(trouble=Trouble.FEEDS_LATE, subject="", detail=detail))
    return tuple(found)


def custom(rate: float) -> timedelta:
    """So long a feed that brings so many entries a day may be silent: a week, or longer where it brings few."""
    return max(_SOONEST, _MISSED / rate * _DAY)
