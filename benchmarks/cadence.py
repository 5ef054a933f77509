"""How late news is heard at an equal number of requests: equal intervals, by the rate, ours, and clairvoyant.

    python -m benchmarks.cadence                # 24 requests a day to a feed, on average
    python -m benchmarks.cadence --a-day 6 --phases 5
    python -m benchmarks.cadence news fresh --phases 40
    python -m benchmarks.cadence news --undated

Plays real times of publication (data/*.txt) over three months, or a day; what was published before is known to the
policies, or only how many entries that were, and nothing of what comes. Delays are in minutes.
"""

import argparse
import heapq
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from monitor.core.polling.cadence import BudgetShare, Habit, Need, learn, shares, waiting

DATA = Path(__file__).parent / "data"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FASTEST, SLOWEST = timedelta(minutes=5), DAY


@dataclass(frozen=True, slots=True)
class Trace:
    """When each of some sources published, and the part of it that is played."""

    sources: Mapping[str, Sequence[datetime]]
    begin: datetime
    end: datetime
    #: Whether it is known when that was published which was published before.
    is_dated: bool = True

    @classmethod
    def of(cls, name: str, *, since: datetime, begin: datetime, end: datetime) -> "Trace":
        """From a file of minutes, the first since that instant."""
        lines = (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        minutes = (accumulate(map(int, line.split())) for line in lines if not line.startswith("#"))
        times = ([since + timedelta(minutes=at) for at in each] for each in minutes)
        return cls({str(number): each for number, each in enumerate(times)}, begin, end)

    def before(self, source: str) -> Sequence[datetime]:
        return self.sources[source][: bisect_left(self.sources[source], self.begin)]

    def within(self, source: str) -> Sequence[datetime]:
        return self.sources[source][len(self.before(source)) : bisect_left(self.sources[source], self.end)]


def traces() -> Iterator[tuple[str, Trace]]:
    """By their names; README.md tells how each was drawn."""
    for name, *days in (
        ("releases", (2024, 1, 1), (2026, 8, 1), (2026, 11, 1)),
        ("uploads", (2022, 1, 1), (2024, 10, 1), (2025, 1, 1)),
        ("news", (2023, 1, 28), (2023, 2, 8), (2023, 2, 9)),
        ("fresh", (2023, 6, 13), (2023, 6, 14), (2023, 6, 15)),
        ("blogs", (2001, 1, 1), (2026, 2, 4), (2026, 2, 18)),
    ):
        since, begin, end = (datetime(*day, tzinfo=UTC) for day in days)
        yield name, Trace.of(name, since=since, begin=begin, end=end)


#: What is known of each feed, and the requests of a day for all of them → the share of each.
Policy = Callable[[Mapping[str, Habit], float], Mapping[str, BudgetShare]]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", help="traces to play, all where none is named")
    parser.add_argument("--a-day", type=float, default=24.0, help="requests to a feed in a day, on average")
    parser.add_argument("--phases", type=int, default=2, help="runs, each with other chances")
    parser.add_argument("--undated", action="store_true", help="nothing tells when the entries before were published")
    arguments = parser.parse_args()
    for name, trace in traces():
        if arguments.names and name not in arguments.names:
            continue
        compare(name, replace(trace, is_dated=not arguments.undated), arguments.a_day, arguments.phases)


def compare(name: str, trace: Trace, a_day: float, phases: int) -> None:
    publications = sum(len(trace.within(source)) for source in trace.sources)
    print(f"{name}: {len(trace.sources)} feeds, {publications} publications, {phases} runs")
    print(f"{'':14} {'mean':>7} {'p50':>7} {'p90':>7} {'p99':>7}  requests a feed a day")
    means: dict[str, tuple[float, float]] = {}
    for way, (policy, is_bent) in {
        "equal": (equal, False),
        "by the rate": (by_the_rate, False),
        "ours": (ours, True),
        "clairvoyant": (clairvoyant(trace), True),
    }.items():
        # Bent to hours and silences, more requests are made than were shared out, or fewer: so share fewer, or more.
        _, polls = runs(trace, policy, a_day, phases, is_bent=is_bent)
        late, polls = runs(trace, policy, a_day**2 / polls, phases, is_bent=is_bent)
        p50, p90, p99 = (late[int(len(late) * part)] for part in (0.5, 0.9, 0.99))
        means[way] = sum(late) / len(late), p99
        print(f"{way:14} {means[way][0]:7.1f} {p50:7.1f} {p90:7.1f} {p99:7.1f}  {polls:.1f}")
    mean, p99 = means["ours"]
    bound = means["clairvoyant"][0] / means["equal"][0]
    print(
        f"ours: mean {mean / means['equal'][0]:.2f} of equal, {mean / means['by the rate'][0]:.2f} of by the rate; "
        f"p99 {p99 / means['by the rate'][1]:.2f} of by the rate"
    )
    print(f"clairvoyant: mean {bound:.2f} of equal\n", flush=True)


def runs(trace: Trace, policy: Policy, a_day: float, phases: int, *, is_bent: bool) -> tuple[Sequence[float], float]:
    """The delays of all runs, the least first, and how many requests were made to a feed in a day."""
    done = [played(trace, policy, a_day, Random(seed), is_bent=is_bent) for seed in range(phases)]
    feed_days = phases * len(trace.sources) * ((trace.end - trace.begin) / DAY)
    return sorted(delay for delays, _ in done for delay in delays), sum(polls for _, polls in done) / feed_days


def played(trace: Trace, policy: Policy, a_day: float, random: Random, *, is_bent: bool) -> tuple[list[float], int]:
    """The delay of each publication, and how many requests were made."""
    habits = {feed: past(trace, feed) for feed in trace.sources}
    ahead = {feed: list(reversed(trace.within(feed))) for feed in trace.sources}
    queue = [(trace.begin + DAY / a_day * 2 * random.random(), feed) for feed in trace.sources]
    heapq.heapify(queue)
    delays: list[float] = []
    polls = 0
    shared_at, found = trace.begin - DAY, dict[str, BudgetShare]()
    while queue:
        now, feed = heapq.heappop(queue)
        fresh = []
        while ahead[feed] and ahead[feed][-1] <= now:
            fresh.append(ahead[feed].pop())
            delays.append((now - fresh[-1]) / timedelta(minutes=1))
        if now >= trace.end:  # What was left is heard, by a request that is not counted.
            continue
        polls += 1
        if now - shared_at >= HOUR:
            shared_at, found = now, dict(policy(habits, a_day * len(trace.sources)))
        # Every publication is as good as another, so that none makes a burst.
        habits[feed] = learn(habits[feed], fresh, relevant=0, now=now)
        share = found[feed]
        interval = waiting(habits[feed], share.interval, now) if is_bent else share.interval
        interval *= 0.9 + 0.2 * random.random()
        heapq.heappush(queue, (now + min(max(interval, FASTEST), SLOWEST), feed))
    return delays, polls


def past(trace: Trace, source: str) -> Habit:
    published = trace.before(source) if trace.is_dated else [None] * len(trace.before(source))
    return learn(Habit(at=trace.begin, since=trace.begin), published, relevant=0, now=trace.begin)


def equal(habits: Mapping[str, Habit], a_day: float) -> Mapping[str, BudgetShare]:
    return {feed: BudgetShare(interval=DAY * len(habits) / a_day, trust=1.0) for feed in habits}


def by_the_rate(habits: Mapping[str, Habit], a_day: float) -> Mapping[str, BudgetShare]:
    """As most adaptive readers do; the root is taken of the square."""
    needs = {feed: Need(worth=habit.rate**2) for feed, habit in habits.items()}
    return shares(needs, a_day=a_day, fastest=FASTEST, slowest=SLOWEST)


def ours(habits: Mapping[str, Habit], a_day: float) -> Mapping[str, BudgetShare]:
    """As the service does with feeds of which every entry is worth as much."""
    needs = {feed: Need(worth=habit.rate, known=habit.known) for feed, habit in habits.items()}
    return shares(needs, a_day=a_day, fastest=FASTEST, slowest=SLOWEST)


def clairvoyant(trace: Trace) -> Policy:
    """As ours, by the rates that are to come: what is left to gain by learning rates better."""
    needs = {feed: Need(worth=max(len(trace.within(feed)), 0.1)) for feed in trace.sources}
    return lambda _, a_day: shares(needs, a_day=a_day, fastest=FASTEST, slowest=SLOWEST)


if __name__ == "__main__":
    main()
