"""When a feed is polled next, and why. Pure. One rule decides and explains, so the two never differ."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from monitor.core.backoff import as_duration
from monitor.core.polling.cadence import BURST, BURST_LASTS, Bound, BudgetShare, Habit, is_bursting, need, waiting

#: The factor on the interval of a feed whose hub pushes it.
PUSHED = 4


#: The longest time for which "not modified" is believed.
WHOLE = timedelta(days=2)
#: The shortest such time, however much the feed publishes.
_SELDOM = timedelta(hours=3)
_ERA = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """How often feeds are polled."""

    #: For feeds without an interval of their own.
    every: timedelta = timedelta(minutes=30)
    #: No feed is polled more often.
    fastest: timedelta = timedelta(minutes=5)
    #: No feed is polled less often, whatever fails and whatever its server says, unless the operator set a longer
    #: interval.
    slowest: timedelta = timedelta(hours=24)


class Rule(StrEnum):
    """What may decide when a feed is polled, in the order of evaluation."""

    #: The operator's interval for this feed.
    EVERY = "every"
    #: Its share of the budget of requests.
    BUDGET = "budget"
    #: The interval of all feeds, if the feed has no share yet.
    DEFAULT = "default"
    #: It recently brought news of a project.
    BURST = "burst"
    #: At which times of the day it publishes.
    HOUR = "hour"
    #: Its hub pushes new entries.
    PUSHED = "pushed"
    FASTEST = "fastest"
    SLOWEST = "slowest"
    #: Randomness, so that feeds are not polled all at once.
    JITTER = "jitter"
    #: It failed and is polled less often.
    BACK_OFF = "back-off"
    #: Its server says that it is gone for good.
    GONE = "gone"
    #: What the server asks for.
    MAX_AGE = "max-age"
    TTL = "ttl"
    RETRY_AFTER = "retry-after"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReason:
    """A rule that took effect, the wait after it, and why, worded for an operator."""

    rule: Rule
    wait: timedelta
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPoll:
    """When a feed is polled next. The wait of the last reason counts."""

    at: datetime
    reasons: tuple[PollReason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """The seconds that a server asks to wait. None if it does not say."""

    max_age: float | None = None
    ttl: float | None = None
    retry_after: float | None = None


NO_HINTS = Hints()


def appoint(
    now: datetime,
    *,
    every: timedelta | None,
    share: BudgetShare | None,
    habit: Habit | None,
    policy: Polling,
    jitter: float,
    failures: int = 0,
    is_gone: bool = False,
    hints: Hints = NO_HINTS,
    pushed_until: datetime | None = None,
    is_awaiting: bool = False,
) -> NextPoll:
    """When to poll a feed again. Never earlier than its server asks, up to the slowest interval.

    A feed that answers is polled at its interval, plus or minus a tenth. A feed that fails is polled less often: at a
    random point between its interval and a ceiling that doubles with each failure up to the slowest interval. It is
    never given up. A feed that is gone for good is polled at the slowest interval at once.

    Args:
        now: the end of this poll.
        every: the feed's own interval, if the operator set one.
        share: its share of the budget of requests, if it has one.
        habit: when it publishes, if known.
        policy: the intervals of all feeds.
        jitter: a random number in [0, 1).
        failures: failed polls in a row, this one included. 0 if it succeeded.
        is_gone: whether its server said that it is gone for good.
        hints: what its server asks for.
        pushed_until: until when its hub pushes new entries, if one does. The feed is then polled only as a check, and
            less often, unless the operator set an interval.
        is_awaiting: whether an event of a project that it reports on is expected now.
    """
    slowest = max(policy.slowest, every or policy.every)
    reasons = _interval(now, every, share, habit, policy, is_awaiting=is_awaiting)
    if pushed_until is not None and every is None:
        reasons += _pushed(reasons[-1].wait, pushed_until - now)
    interval = reasons[-1].wait
    if interval < policy.fastest:
        interval = policy.fastest
        reasons.append(PollReason(rule=Rule.FASTEST, wait=interval, words="no feed is asked more often"))
    elif interval > slowest:
        interval = slowest
        reasons.append(PollReason(rule=Rule.SLOWEST, wait=interval, words="no feed is asked less often"))
    reasons.append(_chance(interval, slowest, failures, jitter, is_gone=is_gone))
    for rule, words, seconds in (
        (Rule.MAX_AGE, "the server says that its answer stays fresh for {}", hints.max_age),
        (Rule.TTL, "the document says that it stays fresh for {}", hints.ttl),
        (Rule.RETRY_AFTER, "the server asks to wait {}", hints.retry_after),
    ):
        asked = as_duration(seconds or 0.0)
        # All clients were told the same instant, and an overloaded server wants no crowd then.
        spread = asked * (0.1 * jitter) if rule is Rule.RETRY_AFTER else timedelta(0)
        wait = min(slowest, asked + spread)
        if wait > reasons[-1].wait:
            capped = f", which is kept to up to {span(slowest)}" if asked > wait else ""
            reasons.append(PollReason(rule=rule, wait=wait, words=words.format(span(asked)) + capped))
    return NextPoll(at=now + reasons[-1].wait, reasons=tuple(reasons))


def _interval(
    now: datetime,
    every: timedelta | None,
    share: BudgetShare | None,
    habit: Habit | None,
    policy: Polling,
    *,
    is_awaiting: bool,
) -> list[PollReason]:
    """Where the interval comes from, before it is bounded."""
    if every is not None:
        return [PollReason(rule=Rule.EVERY, wait=every, words="the operator's interval of this feed")]
    if share is None or habit is None:
        words = "the interval of all feeds: it has no share of the budget of requests yet"
        return [PollReason(rule=Rule.DEFAULT, wait=policy.every, words=words)]
    reasons = [PollReason(rule=Rule.BUDGET, wait=share.interval, words=_share(share, habit))]
    interval = share.interval
    if is_bursting(habit, now) or is_awaiting:
        interval /= BURST
        words = (
            f"a milestone of a project that it tells of is expected these days: {BURST:g} times as often"
            if is_awaiting
            else f"it brought news of a project: {BURST:g} times as often for {span(BURST_LASTS)}"
        )
        reasons.append(PollReason(rule=Rule.BURST, wait=interval, words=words))
    wait = waiting(habit, interval, now)
    pace = interval / wait
    words = f"from {now:%H:%M} UTC on it is asked {pace:.2g} times as often as on average, by when it publishes"
    return [*reasons, PollReason(rule=Rule.HOUR, wait=wait, words=words)]


def _pushed(interval: timedelta, lease: timedelta) -> list[PollReason]:
    """Polls less often while its hub pushes, but soon after the lease may have ended."""
    wait = min(interval * PUSHED, lease)
    if wait <= interval:
        return []
    words = f"its hub pushes what is new: asked up to {PUSHED} times as seldom, to be sure that nothing was missed"
    return [PollReason(rule=Rule.PUSHED, wait=wait, words=words)]


def _share(share: BudgetShare, habit: Habit) -> str:
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


def _chance(interval: timedelta, slowest: timedelta, failures: int, jitter: float, *, is_gone: bool) -> PollReason:
    """The effect of randomness on the interval: small if the feed answers, large if it fails."""
    if is_gone:
        words = "the server says that it is gone for good: the slowest interval until it comes back"
        return PollReason(rule=Rule.GONE, wait=slowest, words=words)
    if not failures:
        wait = min(slowest, interval * (0.9 + 0.2 * jitter))
        return PollReason(
            rule=Rule.JITTER, wait=wait, words="give or take a tenth, so that feeds do not come all at once"
        )
    # The exponent is bounded before the product: a feed may fail for years.
    ceiling = min(slowest, interval * (1 << min(failures, 16)))
    times = "once" if failures == 1 else f"{failures:,} times in a row"
    words = f"it failed {times}: anywhere between {span(interval)} and {span(ceiling)}"
    return PollReason(rule=Rule.BACK_OFF, wait=interval + jitter * (ceiling - interval), words=words)


def is_asked_whole(
    url: str, polled_at: datetime | None, now: datetime, *, habit: Habit | None = None, shown: int = 0
) -> bool:
    """Whether this poll omits the validators, at a time that is specific to the feed.

    Servers make mistakes and caches get stuck. A server that always answers 304 would otherwise be believed for ever.
    It happens once in ``WHOLE``, or sooner if half of the entries that the feed shows would be replaced by then.

    Args:
        url: the address of the feed.
        polled_at: when it was last polled. None if it never was.
        now: the present instant.
        habit: when it publishes, if known.
        shown: the number of entries in its document.
    """
    if polled_at is None:
        return True
    slid = need(habit, trust=1.0, shown=shown).at_most if habit is not None else None
    period = min(WHOLE, max(slid, _SELDOM)) if slid is not None else WHOLE
    offset = period * (int(sha256(url.encode()).hexdigest()[:8], 16) / 0xFFFF_FFFF)
    return (polled_at - _ERA + offset) // period < (now - _ERA + offset) // period


def span(wait: timedelta) -> str:
    """A duration rounded for people: ``45 s``, ``30 min``, ``2 h 10 min``, ``3 d``."""
    if wait < timedelta(minutes=1):
        return f"{round(wait.total_seconds())} s"
    minutes = round(wait / timedelta(minutes=1))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "d"), (hours, "h"), (0 if days else minutes, "min")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
