"""When a feed is asked next, and why. Pure; one rule decides and explains, so that the two never differ."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from monitor.core.polling.cadence import BURST, BURST_LASTS, Bound, Habit, Share, is_bursting, need, waiting
from monitor.core.timing import as_duration

#: A feed that is pushed by its hub is asked so many times as seldom.
PUSHED = 4


#: "Nothing has changed" is believed for so long at most.
WHOLE = timedelta(days=2)
#: And for so long at least, however much the feed publishes.
_SELDOM = timedelta(hours=3)
_ERA = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """How often feeds are asked."""

    #: For feeds that have no interval of their own.
    every: timedelta = timedelta(minutes=30)
    #: No feed is asked more often.
    fastest: timedelta = timedelta(minutes=5)
    #: No feed is asked less often, whatever fails and whatever its server says; unless the operator set it so.
    slowest: timedelta = timedelta(hours=24)


class Rule(StrEnum):
    """What may decide when a feed is asked, in the order in which it is looked at."""

    #: The operator's interval of this feed.
    EVERY = "every"
    #: Its share of the budget of requests.
    BUDGET = "budget"
    #: The interval of all feeds, where there is no share yet.
    DEFAULT = "default"
    #: It brought news of a project lately.
    BURST = "burst"
    #: When in the day it publishes.
    HOUR = "hour"
    #: Its hub pushes what is new.
    PUSHED = "pushed"
    FASTEST = "fastest"
    SLOWEST = "slowest"
    #: Chance, so that feeds do not come all at once.
    JITTER = "jitter"
    #: It failed, and slows down.
    BACK_OFF = "back-off"
    #: Its server says that it is gone for good.
    GONE = "gone"
    #: What the server asks for.
    MAX_AGE = "max-age"
    TTL = "ttl"
    RETRY_AFTER = "retry-after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A rule that had a say, how long the wait was after it, and why, in words for an operator."""

    rule: Rule
    wait: timedelta
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """When a feed is asked next; the last reason's wait is what counts."""

    at: datetime
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """The seconds that a server asks to wait; None where it does not say."""

    max_age: float | None = None
    ttl: float | None = None
    retry_after: float | None = None


NO_HINTS = Hints()


def appoint(
    now: datetime,
    *,
    every: timedelta | None,
    share: Share | None,
    habit: Habit | None,
    policy: Polling,
    jitter: float,
    failures: int = 0,
    is_gone: bool = False,
    hints: Hints = NO_HINTS,
    pushed_until: datetime | None = None,
    is_awaiting: bool = False,
) -> Appointment:
    """When to ask a feed again; never sooner than its server's hints, up to the slowest interval.

    A feed that answers is asked at its interval, give or take a tenth. One that fails slows down, anywhere between its
    interval and a ceiling that doubles with each failure up to the slowest; it is never given up. One that is gone for
    good is asked at the slowest at once.

    Args:
        now: the end of this poll.
        every: the feed's own interval, where the operator set one.
        share: of the budget of requests, where it has one.
        habit: when it publishes, where that is known.
        policy: the intervals of all feeds.
        jitter: chance, in [0, 1).
        failures: failed polls in a row, this one included; 0 when it succeeded.
        is_gone: whether its server said that it is gone for good.
        hints: what its server asks for.
        pushed_until: how long its hub pushes what is new, where one does; then it is asked to be sure only, and less
            often, unless the operator set an interval.
        is_awaiting: whether something is expected these days of a project that it tells of.
    """
    slowest = max(policy.slowest, every or policy.every)
    reasons = _interval(now, every, share, habit, policy, is_awaiting=is_awaiting)
    if pushed_until is not None and every is None:
        reasons += _pushed(reasons[-1].wait, pushed_until - now)
    interval = reasons[-1].wait
    if interval < policy.fastest:
        interval = policy.fastest
        reasons.append(Reason(rule=Rule.FASTEST, wait=interval, words="no feed is asked more often"))
    elif interval > slowest:
        interval = slowest
        reasons.append(Reason(rule=Rule.SLOWEST, wait=interval, words="no feed is asked less often"))
    reasons.append(_chance(interval, slowest, failures, jitter, is_gone=is_gone))
    for rule, words, seconds in (
        (Rule.MAX_AGE, "the server says that its answer stays fresh for {}", hints.max_age),
        (Rule.TTL, "the document says that it stays fresh for {}", hints.ttl),
        (Rule.RETRY_AFTER, "the server asks to wait {}", hints.retry_after),
    ):
        asked = as_duration(seconds or 0.0)
        # Everybody was told the same instant, and a server that was asked too much wants no crowd then.
        spread = asked * (0.1 * jitter) if rule is Rule.RETRY_AFTER else timedelta(0)
        wait = min(slowest, asked + spread)
        if wait > reasons[-1].wait:
            capped = f", which is kept to up to {span(slowest)}" if asked > wait else ""
            reasons.append(Reason(rule=rule, wait=wait, words=words.format(span(asked)) + capped))
    return Appointment(at=now + reasons[-1].wait, reasons=tuple(reasons))


def _interval(
    now: datetime,
    every: timedelta | None,
    share: Share | None,
    habit: Habit | None,
    policy: Polling,
    *,
    is_awaiting: bool,
) -> list[Reason]:
    """Where the interval comes from, before bounds."""
    if every is not None:
        return [Reason(rule=Rule.EVERY, wait=every, words="the operator's interval of this feed")]
    if share is None or habit is None:
        words = "the interval of all feeds: it has no share of the budget of requests yet"
        return [Reason(rule=Rule.DEFAULT, wait=policy.every, words=words)]
    reasons = [Reason(rule=Rule.BUDGET, wait=share.interval, words=_share(share, habit))]
    interval = share.interval
    if is_bursting(habit, now) or is_awaiting:
        interval /= BURST
        words = (
            f"a milestone of a project that it tells of is expected these days: {BURST:g} times as often"
            if is_awaiting
            else f"it brought news of a project: {BURST:g} times as often for {span(BURST_LASTS)}"
        )
        reasons.append(Reason(rule=Rule.BURST, wait=interval, words=words))
    wait = waiting(habit, interval, now)
    pace = interval / wait
    words = f"from {now:%H:%M} UTC on it is asked {pace:.2g} times as often as on average, by when it publishes"
    return [*reasons, Reason(rule=Rule.HOUR, wait=wait, words=words)]


def _pushed(interval: timedelta, lease: timedelta) -> list[Reason]:
    """It is asked less often while its hub pushes, but soon after it may have ceased to."""
    wait = min(interval * PUSHED, lease)
    if wait <= interval:
        return []
    words = f"its hub pushes what is new: asked up to {PUSHED} times as seldom, to be sure that nothing was missed"
    return [Reason(rule=Rule.PUSHED, wait=wait, words=words)]


def _share(share: Share, habit: Habit) -> str:
    bound = {
        None: "",
        Bound.FASTEST: ", the fastest of any",
        Bound.SLOWEST: ", the slowest of any",
        Bound.OVERFLOW: ", more than it is worth, lest entries scroll away unseen",
    }[share.bound]
    known = habit.known
    guess = "" if known == 1 else f"; known to {known:.0%} so far, for the rest it is asked as the others are"
    return (
        f"its share of the budget of requests{bound}: {habit.rate:.2g} entries a day, "
        f"{habit.yield_:.0%} of them about projects, trust {share.trust:g}{guess}"
    )


def _chance(interval: timedelta, slowest: timedelta, failures: int, jitter: float, *, is_gone: bool) -> Reason:
    """What chance makes of the interval: a little where the feed answers, much where it fails."""
    if is_gone:
        words = "the server says that it is gone for good: the slowest interval until it comes back"
        return Reason(rule=Rule.GONE, wait=slowest, words=words)
    if not failures:
        wait = min(slowest, interval * (0.9 + 0.2 * jitter))
        return Reason(rule=Rule.JITTER, wait=wait, words="give or take a tenth, so that feeds do not come all at once")
    # The exponent is bounded before the product: a feed may fail for years.
    ceiling = min(slowest, interval * (1 << min(failures, 16)))
    times = "once" if failures == 1 else f"{failures:,} times in a row"
    words = f"it failed {times}: anywhere between {span(interval)} and {span(ceiling)}"
    return Reason(rule=Rule.BACK_OFF, wait=interval + jitter * (ceiling - interval), words=words)


def is_asked_whole(
    url: str, polled_at: datetime | None, now: datetime, *, habit: Habit | None = None, shown: int = 0
) -> bool:
    """Whether a feed is asked now without its validators, at a time of its own.

    Servers are mistaken, and caches stuck: one that says 304 whatever has changed would otherwise be believed for ever.
    It is so once in ``WHOLE``; sooner where half of the entries that the feed shows would be others by then.

    Args:
        url: of the feed.
        polled_at: when it was asked last; None where it never was.
        now: the present instant.
        habit: when it publishes, where that is known.
        shown: entries in its document.
    """
    if polled_at is None:
        return True
    slid = need(habit, trust=1.0, shown=shown).at_most if habit is not None else None
    period = min(WHOLE, max(slid, _SELDOM)) if slid is not None else WHOLE
    offset = period * (int(sha256(url.encode()).hexdigest()[:8], 16) / 0xFFFF_FFFF)
    return (polled_at - _ERA + offset) // period < (now - _ERA + offset) // period


def span(wait: timedelta) -> str:
    """``45 s``, ``30 min``, ``2 h 10 min``, ``3 d``: rounded to what can be taken in."""
    if wait < timedelta(minutes=1):
        return f"{round(wait.total_seconds())} s"
    minutes = round(wait / timedelta(minutes=1))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "d"), (hours, "h"), (0 if days else minutes, "min")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
