"""Problems of the monitor itself, and when its operator is told: once a problem has lasted, and again when it is over.

Pure. The callers report what they find wrong now, and this module decides which of it is news.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

_DAY = timedelta(days=1)
#: A problem that is gone for this long is over. If it returns sooner, it was never gone.
CALM = timedelta(minutes=30)
#: The pause between two bulletins, so that a bad day brings a few messages and not hundreds.
PAUSE = timedelta(minutes=10)
#: A feed is silent beyond its custom if it has brought nothing for the time in which it usually brings this many
#: entries, and at least for this time.
_MISSED, _SOONEST = 20.0, timedelta(days=7)
#: A feed that is overdue by this time is late: the budget, the network or this machine is too small.
_LATE = timedelta(hours=1)


class Trouble(StrEnum):
    """The kinds of problem."""

    NO_NETWORK = "no network"
    FEED_FAILING = "feed failing"
    FEED_BLOCKED = "feed blocked"
    FEED_SILENT = "feed silent"
    FEEDS_LATE = "feeds late"
    DESTINATION_FAILING = "destination failing"
    DESTINATION_UNUSABLE = "destination unusable"
    DELIVERIES_LATE = "deliveries late"
    EDIT_REFUSED = "edit refused"
    UNSERVED = "pages not served"
    DISK_FULL = "disk nearly full"
    CLOCK_JUMPED = "clock jumped"
    STORM = "storm"
    HOSTILE_DOCUMENT = "hostile document"


#: How long a problem must last before the operator is told. A kind that is not listed is told at once.
PATIENCE: Mapping[Trouble, timedelta] = {
    Trouble.NO_NETWORK: timedelta(minutes=30),
    Trouble.FEED_FAILING: timedelta(hours=6),
    Trouble.FEED_BLOCKED: timedelta(hours=1),
    Trouble.FEEDS_LATE: timedelta(minutes=30),
    Trouble.DELIVERIES_LATE: timedelta(minutes=15),
}
#: How long a network that is back is still suspected. Longer than the time between two checks.
_CALM_NETWORK = timedelta(minutes=3)
#: Found wrong with many feeds at once if there was no network for long.
_OF_NO_NETWORK = frozenset({Trouble.FEED_SILENT, Trouble.FEEDS_LATE})
#: Problems that are single events. Their end is no news.
_PASSING = frozenset({Trouble.CLOCK_JUMPED, Trouble.HOSTILE_DOCUMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem that is present now."""

    trouble: Trouble
    #: What it affects, as the operator knows it: the name of a feed, the label of a destination, a folder. "" for
    #: everything.
    subject: str
    #: The exact problem, and what can be done. Contains no secrets.
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailment:
    """A problem since it was first found, until it has been gone for a while."""

    trouble: Trouble
    subject: str
    #: The detail of the latest finding.
    detail: str
    since: datetime
    #: When it was last found.
    found_at: datetime
    #: When the operator was told. None if the operator was not told, or not yet.
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """What the operator is told at one time: the new problems, and those that are over."""

    raised: tuple[Ailment, ...] = ()
    recovered: tuple[Ailment, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.raised or self.recovered)


def observe(known: Sequence[Ailment], found: Iterable[Finding], now: datetime) -> tuple[Ailment, ...]:
    """The current ailments, from the known ailments and the present findings.

    An ailment that is no longer found stays until it has been gone for ``CALM``. If the operator was told of it, it
    stays until the operator is told that it is over (see ``told``). Without a network, no feed is newly found silent or
    late.
    """
    present = {(finding.trouble, finding.subject): finding for finding in found}
    if _is_offline(known, present.values(), now):
        before = {(ailment.trouble, ailment.subject) for ailment in known}
        present = {key: each for key, each in present.items() if key in before or key[0] not in _OF_NO_NETWORK}
    kept = []
    for ailment in known:
        finding = present.pop((ailment.trouble, ailment.subject), None)
        if finding is not None:
            # A start in the future comes from a clock that ran ahead. Such an ailment would be told only after that
            # day.
            kept.append(replace(ailment, detail=finding.detail, found_at=now, since=min(ailment.since, now)))
        elif not _is_over(ailment, now) or (ailment.told_at is not None and ailment.trouble not in _PASSING):
            kept.append(ailment)
    new = (
        Ailment(trouble=each.trouble, subject=each.subject, detail=each.detail, since=now, found_at=now)
        for each in present.values()
    )
    return (*kept, *new)


def news(ailments: Iterable[Ailment], *, now: datetime, told_at: datetime | None) -> Bulletin:
    """What the operator must be told now. Nothing until ``PAUSE`` after the last bulletin.

    Each ailment is told once, when it has lasted as long as ``PATIENCE`` requires, and once more when it is over.
    """
    if told_at is not None and timedelta(0) <= now - told_at < PAUSE:
        return Bulletin()
    those = tuple(ailments)
    return Bulletin(
        raised=tuple(each for each in those if each.told_at is None and _has_lasted(each)),
        recovered=tuple(each for each in those if each.told_at is not None and _is_over(each, now)),
    )


def told(ailments: Iterable[Ailment], bulletin: Bulletin, now: datetime) -> tuple[Ailment, ...]:
    """The ailments after the operator has received the bulletin."""
    return tuple(
        replace(each, told_at=now) if each in bulletin.raised else each
        for each in ailments
        if each not in bulletin.recovered
    )


def _is_offline(known: Iterable[Ailment], found: Iterable[Finding], now: datetime) -> bool:
    """Whether there is no network, or was none until a moment ago. Another process may have found that."""
    lost = [each for each in known if each.trouble is Trouble.NO_NETWORK and not _is_over(each, now)]
    return bool(lost) or any(each.trouble is Trouble.NO_NETWORK for each in found)


def _is_over(ailment: Ailment, now: datetime) -> bool:
    # A clock that was set back neither ends an ailment nor keeps it for ever.
    return abs(now - ailment.found_at) >= (_CALM_NETWORK if ailment.trouble is Trouble.NO_NETWORK else CALM)


def _has_lasted(ailment: Ailment) -> bool:
    return ailment.found_at - ailment.since >= PATIENCE.get(ailment.trouble, timedelta(0))


# ---------------------------------------------------------------- feeds


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """What is known about the health of a feed."""

    name: str
    #: Failed polls in a row, and the error of the last one.
    failures: int = 0
    error: str = ""
    #: Entries a day. None if it was not read yet.
    rate: float | None = None
    #: When its newest entry was published. None if it never had one.
    newest_at: datetime | None = None
    #: When it is to be polled next.
    next_poll_at: datetime | None = None


def feed_findings(feeds: Iterable[FeedHealth], now: datetime) -> tuple[Finding, ...]:
    """The problems of feeds: each that fails, is blocked or is silent beyond its custom. Late feeds are one finding."""
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
    """How long a feed with this many entries a day may be silent: a week, or longer if it brings few."""
    return max(_SOONEST, _MISSED / rate * _DAY)
