"""How often each feed is worth asking, within a fixed budget of requests.

A feed asked m times a day at even distances delivers each entry half of day/m late. With entries at rates r and weights
w the mean delay under a budget sum(m) = M is least where m is proportional to sqrt(w r), not to the rate: fast feeds
bring many entries with each request as it is (Sia, Cho, Cho: "Efficient monitoring algorithm for fast news alerts",
IEEE TKDE 19(7), 2007).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import log, sqrt

HOURS = 24
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
#: A rate forgets: an entry of so long ago counts half.
HALF_LIFE = timedelta(days=60)
#: What is believed of a feed of which nothing is known: half an entry in a day. A day, since what a document shows of a
#: quick feed is no more than some hours; a slow feed has soon been silent for many days.
_PRIOR_ENTRIES, _PRIOR_DAYS = 0.5, 1.0
#: The same of its hours: so many entries spread evenly over the day.
_PRIOR_HOURS = 24.0
#: The share of entries that concern a project, before anything is known.
_PRIOR_RELEVANT, _PRIOR_READ = 0.2, 4.0
#: A feed that has told nothing of any project for years may yet be the first to.
_LEAST_YIELD = 0.01
#: News comes in bursts: the longer a feed has been silent, in mean distances between its entries, the less likely is
#: the next one at any instant, about as the root of that (benchmarks/README.md); so the pace goes as the fourth root,
#: within these silences. After two thirds of a mean distance it is the mean pace, which so stays what it is.
_FALLS, _SHORTEST, _LONGEST, _AT_MEAN_PACE = 0.25, 0.02, 3.0, 0.66
#: A feed that brings many entries a day brings them more evenly: at so many its silence tells half as much.
_EVEN = 2.0
#: Kept back for feeds that are asked more often for a while.
RESERVE = 0.15
#: A burst: so many times as often, for so long after an entry that concerned a project.
BURST, BURST_LASTS = 4.0, timedelta(hours=48)
#: Of the entries that a feed shows at least half must still stand there when it is asked again.
_OVERLAP = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What is known of when a feed publishes. Counts fade with the half life; all are as of one instant."""

    at: datetime
    entries: float = 0.0
    #: Entries that were looked at for whether they concern a project, and those that did.
    read: float = 0.0
    relevant: float = 0.0
    #: Entries by the hour of the day, in UTC.
    hours: tuple[float, ...] = (0.0,) * HOURS
    #: When the oldest entry that counts was published, or the feed first read.
    since: datetime
    #: When it brought an entry that concerned a project last, as news.
    relevant_at: datetime | None = None
    #: When the newest entry was published that it ever brought.
    newest_at: datetime | None = None

    @property
    def rate(self) -> float:
        """Entries a day."""
        return (_PRIOR_ENTRIES + self.entries) / (_PRIOR_DAYS + _seen(self.at - self.since))

    @property
    def known(self) -> float:
        """How far its rate is to be relied on, from 0 to 1: all of it after a day, sooner where it has brought entries.

        What a document shows without dates tells no rate, and a night of silence little of the day. A feed that shows
        no entry at all is no quick one.
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
        """How quickly to ask in each hour of the day, as multiples of the mean pace: the roots of how busy they are.

        An hour is as busy as it had more entries than an even feed would have had in it. What a document shows of a
        quick feed is of some hours only, and tells nothing of the others.
        """
        believed, watched = _PRIOR_HOURS / HOURS, self._watched()
        evenly = sum(self.hours) / (sum(watched) or 1.0)
        roots = [
            sqrt((believed + count) / (believed + evenly * days))
            for count, days in zip(self.hours, watched, strict=True)
        ]
        return tuple(root / sum(roots) * HOURS for root in roots)

    def _watched(self) -> Sequence[float]:
        """On how many days each hour of the day was counted."""
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
        """How quickly to ask after its silence until now, as a multiple of the mean pace."""
        if self.newest_at is None:
            return 1.0
        rate = self.rate
        silence = min(max((now - self.newest_at) / _DAY * rate, _SHORTEST), _LONGEST)
        pace: float = (silence / _AT_MEAN_PACE) ** (-_FALLS / (1 + rate / _EVEN))
        return pace


def _seen(span: timedelta) -> float:
    """How many days of that span count: as many as a feed of an entry a day would have counted entries."""
    days: float = HALF_LIFE / _DAY / log(2) * (1 - 0.5 ** max(span / HALF_LIFE, 0.0))
    return days


def _hour_ends(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0) + _HOUR


def learn(
    habit: Habit, published: Sequence[datetime | None], *, relevant: int, now: datetime, is_news: bool = True
) -> Habit:
    """The habit after a poll that brought these entries, of which so many concern a project.

    Entries that are dated after now are of now, and one without a date, None, tells nothing of when the feed publishes.
    ``is_news`` is False for the past of a feed.
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
    """What a feed asks of the budget."""

    #: What its word weighs.
    trust: float = 1.0
    #: Weight times rate; only the ratios between feeds matter.
    worth: float
    #: How far that is to be relied on, from 0 to 1; for the rest it is taken for as good as the others.
    known: float = 1.0
    #: Asked at least so often, lest entries scroll away: the longest interval, or None.
    at_most: timedelta | None = None


def need(habit: Habit, *, trust: float, shown: int) -> Need:
    """What a feed asks of the budget.

    Args:
        habit: of the feed.
        trust: what its word weighs; what official sources say is worth most.
        shown: how many entries its document shows at a time; 0 where that is unknown.
    """
    rate = habit.rate
    return Need(
        trust=trust,
        worth=trust * habit.yield_ * rate,
        known=habit.known,
        at_most=_DAY * (_OVERLAP * shown / rate) if shown else None,
    )


class Bound(StrEnum):
    """What keeps a feed from being asked just as often as it is worth."""

    FASTEST = "fastest"
    SLOWEST = "slowest"
    #: Its entries would scroll away.
    OVERFLOW = "overflow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How long to wait between two requests to a feed, on average; and by what it was shared."""

    interval: timedelta
    trust: float
    bound: Bound | None = None


def shares(needs: Mapping[str, Need], *, a_day: float, fastest: timedelta, slowest: timedelta) -> Mapping[str, Share]:
    """The share of each feed in a budget of ``a_day`` requests.

    Each is asked in proportion to the root of its worth, one of which nothing is known as often as all on average, no
    feed faster or slower than allowed. Where even the slowest pace is more than the budget, all are asked at their
    slowest, and the fetcher's own limit holds the budget.
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
        feed: Share(interval=_DAY / count, trust=needs[feed].trust, bound=bound(feed, low))
        for feed, count in polls(low).items()
    }


def is_bursting(habit: Habit, now: datetime) -> bool:
    """Whether the feed is asked ``BURST`` times as often, because it has lately brought news of a project."""
    # A clock that was set back ends no burst, and makes none last for ever.
    return habit.relevant_at is not None and abs(now - habit.relevant_at) < BURST_LASTS


def waiting(habit: Habit, interval: timedelta, now: datetime) -> timedelta:
    """How long to wait from now where the mean interval is this.

    Less in the feed's busy hours and soon after it has published, more in other hours and after long silence.
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
