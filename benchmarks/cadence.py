"""How late news is heard at an equal number of requests: equal intervals, by the rate, ours, and clairvoyant.

    python -m benchmarks.cadence                # 24 requests a day to a feed, on average
    python -m benchmarks.cadence --a-day 6 --phases 5

Plays real times of publication (data/publications.txt) from 2026-08-01 to 2026-11-01; all that was published before is
known to the policies, and nothing of what comes. Delays are in minutes.
"""

import argparse
import heapq
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from monitor.core.polling.cadence import Habit, Need, Share, learn, need, shares, waiting

TRACE = Path(__file__).parent / "data" / "publications.txt"
EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
BEGIN, END = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FASTEST, SLOWEST = timedelta(minutes=5), DAY

#: What is known of each feed, and the requests of a day for all of them → the share of each.
Policy = Callable[[Mapping[str, Habit], float], Mapping[str, Share]]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--a-day", type=float, default=24.0, help="requests to a feed in a day, on average")
    parser.add_argument("--phases", type=int, default=2, help="runs, each with other chances")
    arguments = parser.parse_args()
    feeds = {str(number): times for number, times in enumerate(trace())}
    publications = sum(len(within(times)) for times in feeds.values())
    print(f"{len(feeds)} feeds, {publications} publications, {arguments.phases} runs")
    print(f"{'':14} {'mean':>7} {'p50':>7} {'p90':>7} {'p99':>7}  requests a feed a day")
    means: dict[str, tuple[float, float]] = {}
    for name, (policy, is_bent) in {
        "equal": (equal, False),
        "by the rate": (by_the_rate, False),
        "ours": (ours, True),
        "clairvoyant": (clairvoyant(feeds), True),
    }.items():
        runs = [
            played(feeds, policy, arguments.a_day, Random(seed), is_bent=is_bent) for seed in range(arguments.phases)
        ]
        late = sorted(delay for delays, _ in runs for delay in delays)
        polls = sum(polls for _, polls in runs) / len(runs) / len(feeds) / ((END - BEGIN) / DAY)
        p50, p90, p99 = (late[int(len(late) * part)] for part in (0.5, 0.9, 0.99))
        means[name] = sum(late) / len(late), p99
        print(f"{name:14} {means[name][0]:7.1f} {p50:7.1f} {p90:7.1f} {p99:7.1f}  {polls:.1f}")
    mean, p99 = means["ours"]
    bound = means["clairvoyant"][0] / means["equal"][0]
    print(
        f"ours: mean {mean / means['equal'][0]:.2f} of equal, {mean / means['by the rate'][0]:.2f} of by the rate; "
        f"p99 {p99 / means['by the rate'][1]:.2f} of by the rate"
    )
    print(f"clairvoyant: mean {bound:.2f} of equal")


def trace() -> Iterator[list[datetime]]:
    for line in TRACE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield [EPOCH + timedelta(minutes=at) for at in accumulate(map(int, line.split()))]


def within(times: Sequence[datetime]) -> Sequence[datetime]:
    return times[bisect_left(times, BEGIN) : bisect_left(times, END)]


def played(
    feeds: Mapping[str, Sequence[datetime]], policy: Policy, a_day: float, random: Random, *, is_bent: bool
) -> tuple[list[float], int]:
    """The delay of each publication, and how many requests were made."""
    habits = {feed: past(times) for feed, times in feeds.items()}
    ahead = {feed: list(reversed(within(times))) for feed, times in feeds.items()}
    queue = [(BEGIN + DAY / a_day * 2 * random.random(), feed) for feed in feeds]
    heapq.heapify(queue)
    delays: list[float] = []
    polls = 0
    shared_at, found = BEGIN - DAY, dict[str, Share]()
    while queue and queue[0][0] < END:
        now, feed = heapq.heappop(queue)
        if now - shared_at >= 6 * HOUR:
            shared_at, found = now, dict(policy(habits, a_day * len(feeds)))
        polls += 1
        fresh = []
        while ahead[feed] and ahead[feed][-1] <= now:
            fresh.append(ahead[feed].pop())
            delays.append((now - fresh[-1]) / timedelta(minutes=1))
        # Every publication is as good as another, so that none makes a burst.
        habits[feed] = learn(habits[feed], fresh, relevant=len(fresh), now=now, is_news=False)
        share = found[feed]
        interval = waiting(habits[feed], share.interval, now) if is_bent else share.interval
        interval *= 0.9 + 0.2 * random.random()
        heapq.heappush(queue, (now + min(max(interval, FASTEST), SLOWEST), feed))
    return delays, polls


def past(times: Sequence[datetime]) -> Habit:
    published = times[: bisect_left(times, BEGIN)]
    return learn(Habit(at=BEGIN, since=BEGIN), published, relevant=len(published), now=BEGIN, is_news=False)


def equal(habits: Mapping[str, Habit], a_day: float) -> Mapping[str, Share]:
    return {feed: Share(interval=DAY * len(habits) / a_day, trust=1.0) for feed in habits}


def by_the_rate(habits: Mapping[str, Habit], a_day: float) -> Mapping[str, Share]:
    """As most adaptive readers do; the root is taken of the square."""
    needs = {feed: Need(worth=habit.rate**2) for feed, habit in habits.items()}
    return shares(needs, a_day=a_day, fastest=FASTEST, slowest=SLOWEST)


def ours(habits: Mapping[str, Habit], a_day: float) -> Mapping[str, Share]:
    needs = {feed: need(habit, trust=1.0, shown=0) for feed, habit in habits.items()}
    return shares(needs, a_day=a_day, fastest=FASTEST, slowest=SLOWEST)


def clairvoyant(feeds: Mapping[str, Sequence[datetime]]) -> Policy:
    """As ours, by the rates that are to come: what is left to gain by learning rates better."""
    needs = {feed: Need(worth=max(len(within(times)), 0.1)) for feed, times in feeds.items()}
    return lambda _, a_day: shares(needs, a_day=a_day, fastest=FASTEST, slowest=SLOWEST)


if __name__ == "__main__":
    main()
