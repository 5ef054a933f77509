"""Distributes a fixed budget of requests over the feeds.

A feed that is polled m times a day at equal intervals delivers each entry half of day/m late on average. With entries
at rates r and weights w, the mean delay under a budget sum(m) = M is least if m is proportional to sqrt(w r), not to
the rate: fast feeds already bring many entries with each request (Sia, Cho, Cho: "Efficient monitoring algorithm for
fast news alerts", IEEE TKDE 19(7), 2007).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import log, sqrt

HOURS = 24
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
#: An entry of this age counts half in a rate.
HALF_LIFE = timedelta(days=60)
#: The prior of an unknown feed: half an entry in one day. One day, because the document of a fast feed covers only some
#: hours, while a slow feed is soon known to have been silent for many days.
_PRIOR_ENTRIES, _PRIOR_DAYS = 0.5, 1.0
#: The prior of the hours: this many entries spread evenly over the day.
_PRIOR_HOURS = 24.0
#: The prior of the yield: relevant entries, among read ones.
_PRIOR_RELEVANT, _PRIOR_READ = 0.2, 4.0
#: The lowest yield. A feed that reported on no project for years may still be the first to do so.
_LEAST_YIELD = 0.01
#: News comes in bursts. The longer a feed has been silent, measured in mean intervals between its entries, the less
#: likely is the next entry: about as one over the square root of the silence (benchmarks/README.md). So the polling
#: pace falls with the fourth root, within these bounds of the silence. After two thirds of a mean interval it equals
#: the mean pace, so the mean stays unchanged.
_FALLS, _SHORTEST, _LONGEST, _AT_MEAN_PACE = 0.25, 0.02, 3.0, 0.66
#: A feed with many entries a day brings them more evenly. At this rate its silence says half as much.
_EVEN = 2.0
#: The share of the budget that is reserved for feeds that are polled more often for a while.
RESERVE = 0.15
#: A burst: the factor on the polling frequency, and how long it lasts after an entry that concerned a project.
BURST, BURST_LASTS = 4.0, timedelta(hours=48)
#: At the next poll, at least this share of a document's entries must still be there.
_OVERLAP = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What is known about when a feed publishes.

    Counts decay with the half-life. All values hold at the instant ``at``.
    """

    at: datetime
    entries: float = 0.0
    #: Entries that were checked for whether they concern a project, and those that did.
    read: float = 0.0
    relevant: float = 0.0
    #: Entries by the hour of the day, in UTC.
    hours: tuple[float, ...] = (0.0,) * HOURS
    #: When the oldest counted entry was published, or when the feed was first read.
    since: datetime
    #: When it last brought an entry that concerned a project, as news.
    relevant_at: datetime | None = None
    #: When the newest entry that it ever brought was published.
    newest_at: datetime | None = None

    @property
    def rate(self) -> float:
        """Entries a day."""
        return (_PRIOR_ENTRIES + self.entries) / (_PRIOR_DAYS + _seen(self.at - self.since))

    @property
    def known(self) -> float:
        """How reliable the rate is, from 0 to 1. It is 1 after a day, and rises sooner if the feed has brought entries.

        It is also 1 for a feed that shows no entry at all: such a feed is not fast. A document without dates gives no
        rate, and a silent night says little about the day.
        """
        if not self.read:
            return 1.0
        return max(min((self.at - self.since) / _DAY, 1.0), self.entries / (self.entries + 1))

    @property
    def yield_(self) -> float:
        """The share of its entries that concern a project."""
        return max(_LEAST_YIELD, (_PRIOR_RELEVANT + self.relevant) / (_PRIOR_READ + self.read))

    @property
    def paces(self) -> tuple[float, ...]:
        """The polling pace in each hour of the day, as a multiple of the mean pace: the root of how busy the hour is.

        How busy an hour is: its entries relative to those that an even feed would have had in it. The document of a
        fast feed covers only some hours and says nothing about the others.
        """
        believed, watched = _PRIOR_HOURS / HOURS, self._watched()
        evenly = sum(self.hours) / (sum(watched) or 1.0)
        roots = [
            sqrt((believed + count) / (believed + evenly * days))
            for count, days in zip(self.hours, watched, strict=True)
        ]
        return tuple(root / sum(roots) * HOURS for root in roots)

    def _watched(self) -> Sequence[float]:
        """The number of days on which each hour of the day was counted."""
        whole, rest = divmod(max(self.at - self.since, timedelta(0)), _DAY)
        days = [_seen(whole * _DAY)] * HOURS
        weight = 0.5 ** (whole * _DAY / HALF_LIFE)
        at, end = self.since, self.since + rest
        while at < end:
            until = min(_hour_ends(at), end)
            days[at.hour] += weight * ((until - at) / _HOUR)
            at = until
        return days

    def eagerness(self, now: datetime) -> float:
        """The polling pace after its silence until now, as a multiple of the mean pace."""
        if self.newest_at is None:
            return 1.0
        rate = self.rate
        silence = min(max((now - self.newest_at) / _DAY * rate, _SHORTEST), _LONGEST)
        pace: float = (silence / _AT_MEAN_PACE) ** (-_FALLS / (1 + rate / _EVEN))
        return pace


def _seen(span: timedelta) -> float:
    """The weighted number of days in that span: the weighted entries that a feed with one entry a day would have."""
    days: float = HALF_LIFE / _DAY / log(2) * (1 - 0.5 ** max(span / HALF_LIFE, 0.0))
    return days


def _hour_ends(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0) + _HOUR


def learn(
    habit: Habit, published: Sequence[datetime | None], *, relevant: int, now: datetime, is_news: bool = True
) -> Habit:
    """The habit after a poll.

    An entry dated in the future counts as published now. An entry without a date says nothing about when the feed
    publishes.

    Args:
        habit: the habit before the poll.
        published: when each entry that the poll brought was published, or None.
        relevant: how many of these entries concern a project.
        now: the present instant.
        is_news: False if the entries are the past of the feed.
    """
    faded = _fade(habit, now)
    hours = list(faded.hours)
    entries = 0.0
    dated = [min(at, now) for at in published if at is not None]
    for at in dated:
        weight = 0.5 ** ((now - at) / HALF_LIFE)
        entries += weight
        hours[at.hour] += weight
    return replace(
        faded,
        entries=faded.entries + entries,
        read=faded.read + len(published),
        relevant=faded.relevant + relevant,
        hours=tuple(hours),
        since=min([faded.since, *dated]),
        relevant_at=now if relevant and is_news else faded.relevant_at,
        newest_at=max([*filter(None, (faded.newest_at,)), *dated], default=None),
    )


def _fade(habit: Habit, now: datetime) -> Habit:
    factor = 0.5 ** (max(now - habit.at, timedelta(0)) / HALF_LIFE)
    return replace(
        habit,
        at=max(now, habit.at),
        entries=habit.entries * factor,
        read=habit.read * factor,
        relevant=habit.relevant * factor,
        hours=tuple(count * factor for count in habit.hours),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """The demand of a feed on the budget."""

    #: The trust in the feed.
    trust: float = 1.0
    #: Weight times rate. Only the ratios between feeds matter.
    worth: float
    #: How reliable ``worth`` is, from 0 to 1. For the rest the average of all feeds is taken.
    known: float = 1.0
    #: The longest interval at which no entry scrolls away unseen. None if unknown.
    at_most: timedelta | None = None


def need(habit: Habit, *, trust: float, shown: int) -> Need:
    """The demand of a feed on the budget.

    Args:
        habit: the habit of the feed.
        trust: the trust in the feed. What official sources say is worth most.
        shown: how many entries its document shows at a time. 0 if unknown.
    """
    rate = habit.rate
    return Need(
        trust=trust,
        worth=trust * habit.yield_ * rate,
        known=habit.known,
        at_most=_DAY * (_OVERLAP * shown / rate) if shown else None,
    )


class Bound(StrEnum):
    """What keeps a feed from being polled exactly as often as its worth implies."""

    FASTEST = "fastest"
    SLOWEST = "slowest"
    #: Its entries would scroll away.
    OVERFLOW = "overflow"


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetShare:
    """The mean interval between two requests to a feed, and what it was computed from."""

    interval: timedelta
    trust: float
    bound: Bound | None = None


def shares(
    needs: Mapping[str, Need], *, a_day: float, fastest: timedelta, slowest: timedelta
) -> Mapping[str, BudgetShare]:
    """The share of each feed in a budget of ``a_day`` requests a day.

    Each feed is polled in proportion to the root of its worth. An unknown feed is polled as often as the average. No
    feed is polled faster or slower than allowed. If even the slowest pace exceeds the budget, all feeds are polled at
    their slowest pace, and the fetcher's own limit enforces the budget.
    """
    most = _DAY / fastest
    least = {feed: max(_DAY / slowest, min(most, _DAY / n.at_most) if n.at_most else 0.0) for feed, n in needs.items()}
    mean = sum(sqrt(n.worth) for n in needs.values()) / (len(needs) or 1)
    roots = {feed: n.known * sqrt(n.worth) + (1 - n.known) * mean for feed, n in needs.items()}

    def polls(scale: float) -> dict[str, float]:
        return {feed: min(most, max(least[feed], scale * roots[feed])) for feed in needs}

    def bound(feed: str, scale: float) -> Bound | None:
        if scale * roots[feed] > most:
            return Bound.FASTEST
        if scale * roots[feed] >= least[feed]:
            return None
        return Bound.OVERFLOW if least[feed] > _DAY / slowest else Bound.SLOWEST

    low, high = 0.0, most / min((root for root in roots.values() if root > 0), default=1.0)
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if sum(polls(middle).values()) > a_day else (middle, high)
    return {
        feed: BudgetShare(interval=_DAY / count, trust=needs[feed].trust, bound=bound(feed, low))
        for feed, count in polls(low).items()
    }


def is_bursting(habit: Habit, now: datetime) -> bool:
    """Whether the feed is polled ``BURST`` times as often, because it has recently brought news of a project."""
    # A clock that was set back neither ends a burst nor makes it last for ever.
    return habit.relevant_at is not None and abs(now - habit.relevant_at) < BURST_LASTS


def waiting(habit: Habit, interval: timedelta, now: datetime) -> timedelta:
    """How long to wait from now, given the mean interval.

    Shorter in the feed's busy hours and soon after it has published. Longer in other hours and after a long silence.
    """
    paces = habit.paces
    rest, at = interval / _HOUR, now
    while True:
        hour_ends = _hour_ends(at)
        pace = paces[at.hour] * habit.eagerness(at)
        left, needed = (hour_ends - at) / _HOUR, rest / pace
        if needed <= left:
            return at + _HOUR * needed - now
        rest -= left * pace
        at = hour_ends
