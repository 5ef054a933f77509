"""What is said about one thing in one sense (a stage reached, expected, denied; an amount), heard in any order.

The cost of hearing more does not grow with what was heard before. What is rarely asked for is computed on request, and
only for what came since.
"""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from math import inf
from operator import attrgetter
from typing import Generic, Protocol, TypeVar

from monitor.core.folding.weighing import NOBODY, FoldPolicy, Order, Origin, Rivalry, Statement, Voices
from monitor.core.periods import Period, shifted
from monitor.core.state import Evidence, Source


class Saying(Protocol):
    """One thing that an article says."""

    @property
    def source(self) -> Source: ...

    @property
    def origin(self) -> Origin: ...

    @property
    def order(self) -> Order: ...

    @property
    def evidence(self) -> Evidence: ...


S = TypeVar("S", bound=Saying)


class Sayings(Generic[S]):
    """What articles say about one thing in one sense, in order of publication, and their origins."""

    def __init__(self) -> None:
        #: Increases with each change, so that results can be cached.
        self.version = 0
        self._forget_all()

    def _forget_all(self) -> None:
        self._said: list[S] = []
        #: The evidence of the first statements, as many as were asked for so far.
        self._evidence: list[Evidence] = []
        self.voices = Voices()
        #: The keys of the articles that say so.
        self.articles: set[str] = set()

    def hear(self, said: Sequence[S]) -> None:
        """Hear all that some articles say, in order of publication. None of the articles was heard before."""
        self.version += 1
        if not self._said or self._said[-1].order < said[0].order:
            self._said += said
        else:
            for each in said:
                self._hear_late(each)
        self.voices.hear([each.origin for each in said])
        self.articles.update([each.source.article for each in said])

    def _hear_late(self, said: S) -> None:
        at = bisect_right(self._said, said.order, key=attrgetter("order"))
        self._said.insert(at, said)
        if at < len(self._evidence):
            self._evidence.insert(at, said.evidence)

    def forget(self, articles: Collection[str]) -> None:
        """Continue as if these articles had never been heard. Costs as much as hearing all others again."""
        if self.articles.isdisjoint(articles):
            return
        others = [each for each in self._said if each.source.article not in articles]
        self._forget_all()
        self.version += 1
        if others:
            self.hear(others)

    def __bool__(self) -> bool:
        return bool(self._said)

    @property
    def said(self) -> Sequence[S]:
        """The statements in order of publication."""
        return self._said

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The evidence, the earliest published first."""
        self._evidence += [each.evidence for each in self._said[len(self._evidence) :]]
        return tuple(self._evidence)


class Reached(Sayings[Statement]):
    """Statements that a stage was reached, or that a condition affects the project."""

    def _forget_all(self) -> None:
        super()._forget_all()
        self.dates = dates()
        #: The origins of statements that say it, and of those that only imply it.
        self.telling = Voices()
        self.implying = Voices()
        #: For each origin with statements without a date, the days of their articles, in order. The configuration has
        #: no day: it knows of no time before.
        self._undated: dict[Origin, list[date]] = {}
        #: The highest confidence of a reader in any of them.
        self.surest = 0.0
        #: When each origin said so first.
        self.firsts: dict[str, datetime] = {}
        #: The statement of the earliest event.
        self.first: Statement | None = None

    @property
    def first_told(self) -> date | None:
        """The day of the first article that says so. None if only the configuration does."""
        return next(filter(None, (each.told_on for each in self._said)), None)

    def hear(self, said: Sequence[Statement]) -> None:
        super().hear(said)
        for each in said:
            name, at = each.origin.name, each.source.published_at
            self.firsts[name] = min(at, self.firsts.get(name, at))
        self.surest = max(self.surest, *(each.claim.confidence for each in said))
        by_date: dict[Period | None, list[Statement]] = defaultdict(list)
        for each in said:
            by_date[each.claim.date].append(each)
        # Among statements with the same date, the one published first.
        firsts = [same[0] for same in by_date.values()]
        self.first = min([self.first, *firsts] if self.first else firsts, key=attrgetter("happened"))
        for when, same in by_date.items():
            if when is not None:
                self.dates.hear(when, [(each.origin, each.order, 1.0) for each in same])
        self.telling.hear([each.origin for each in said if not each.is_implied])
        self.implying.hear([each.origin for each in said if each.is_implied])
        for each in by_date.get(None, ()):
            if not each.is_implied:
                insort(self._undated.setdefault(each.origin, []), each.told_on or date.max)

    def at(self, when: Period | None, *, within: timedelta | None = None) -> Voices:
        """The origins that say so without contradicting a date.

        They name it, or name none in an article that is not from before.

        Args:
            when: the date. None for any.
            within: if given, an article without a date agrees only if it is at most this much later.
        """
        dated = self.dates.backers(when) if when else Voices()
        first, last = (when.start, date.max) if when else (date.min, date.max)
        if when and within is not None:
            last = shifted(when.end, within)
        undated = Voices(each for each, days in self._undated.items() if _has_any(days, first, last))
        return Voices.together((dated, undated))

    def before(self, when: Period) -> tuple[date, Voices] | None:
        """The origins that say, without a date, that it had happened before a date; and the first day of an article."""
        earlier = {each: days[0] for each, days in self._undated.items() if days[0] < when.start}
        return (min(earlier.values()), Voices(earlier)) if earlier else None


#: The place of a statement, the date that it expects, and the statement.
Dated = tuple[Order, Period, Statement]


class Expected(Sayings[Statement]):
    """Statements that something is still to come."""

    def __init__(self, policy: FoldPolicy, moved: Collection[str]) -> None:
        """Begin with nothing said.

        Args:
            policy: how expectations age.
            moved: the articles that say that the schedule has moved, read when dates are asked for.
        """
        self._policy = policy
        self._moved = moved
        super().__init__()

    def _forget_all(self) -> None:
        super()._forget_all()
        #: In order of publication, one for each article.
        self.dated: list[Dated] = []
        #: The dates that are not weighed yet.
        self._waiting: list[Dated] = []
        self._dates = self.no_dates()

    def no_dates(self) -> Rivalry[Period]:
        """The rivalry of the expected dates, before any date is heard."""
        return dates(half_life=self._policy.half_life, most=self._policy.confirming_weight)

    def hear(self, said: Sequence[Statement]) -> None:
        super().hear(said)
        # An article with several dates for one stage speaks of phases. The earliest date is that of the stage.
        firsts: dict[str, Dated] = {}
        for each in said:
            date, article = each.claim.date, each.order[1]
            if date is not None and (article not in firsts or date < firsts[article][1]):
                firsts[article] = each.order, date, each
        for dated in firsts.values():
            insort(self.dated, dated)
        self._waiting += firsts.values()

    def weigh(self, dated: Dated, among: Rivalry[Period]) -> None:
        """Add a date to those that rival it."""
        order, date, statement = dated
        # An article that says that the schedule has moved knows both dates.
        times = self._policy.moved if order[1] in self._moved else 1.0
        among.hear(date, [(statement.origin, order, times)])

    @property
    def dates(self) -> Rivalry[Period]:
        """The rivalry of all expected dates."""
        for dated in self._waiting:
            self.weigh(dated, self._dates)
        self._waiting.clear()
        return self._dates


def _has_any(days: Sequence[date], first: date, last: date) -> bool:
    """Whether one of these days, which are in order, is one of these two or between them. The last of all days is."""
    at = bisect_left(days, first)
    return at < len(days) and (days[at] <= last or days[-1] == date.max)


def dates(*, half_life: timedelta | None = None, most: float = inf) -> Rivalry[Period]:
    """A rivalry of dates for one thing. Dates that overlap may be the same one."""
    return Rivalry(Period.overlaps, is_within=_is_finer, half_life=half_life, most=most)


def _is_finer(one: Period, other: Period) -> bool:
    return other.contains(one) and one != other


# Reports that something happened against later denials or expectations: decides which side is believed ----------------
#
# A denial answers what was said before it. A denial before the first report contradicts nothing: what had not begun in
# June may have begun in September. A denial that is followed by new reports loses weight with age, as they may report
# what came later.
#
# A report of continued works also denies that a project was cancelled or closed. So one outlet's misread word does not
# outlast the continued reports of others, even if no source reports a resumption.
#
# A stage has not happened if a source still expects it and reports a lower stage as reached. The same may be said of
# the second line of a running plant. So this withdraws only what a single source was read to say, and not surely.


@dataclass(frozen=True, slots=True)
class Contest:
    """The reports of a stage or condition against its denials."""

    #: The denials that count, weighted by age.
    against: Voices
    #: Whether the denials are believed, or the stage is still awaited. Then it was not reached.
    is_taken_back: bool
    #: Whether it is decided: they are believed, or a source that did not say so before has said so since.
    is_settled: bool
    #: The denials themselves.
    denials: Sequence[Statement] = ()


UNCONTESTED = Contest(NOBODY, is_taken_back=False, is_settled=True)


def contest(
    reached: Reached,
    denied: Sequence[Statement],
    policy: FoldPolicy,
    *,
    expected: Expected,
    rungs: Sequence[Reached] = (),
) -> Contest:
    """Weigh the reports that a stage or condition was reached against later contradictions.

    Args:
        reached: the reports to weigh.
        denied: the denials.
        policy: the rules of weighing.
        expected: the statements that still expect it.
        rungs: for each lower stage, the statements that it was reached.
    """
    if not reached:
        return UNCONTESTED
    is_awaited = _is_awaited(reached, expected, rungs, policy)
    if not denied:
        return Contest(NOBODY, is_taken_back=True, is_settled=True) if is_awaited else UNCONTESTED
    first, last = reached.said[0].source.published_at, reached.said[-1].source.published_at
    answers = [s for s in denied if s.source.published_at >= first and s.source.article not in reached.articles]
    against = Voices(_aged(s, last - s.source.published_at, policy) for s in answers)
    denying, saying = against.weight(policy), reached.voices.weight(policy)
    overruled = denying.official > 0 and saying.official == 0
    is_taken_back = is_awaited or overruled or denying.total > saying.total
    is_settled = is_taken_back or _is_borne_out(reached, answers, policy)
    return Contest(against, is_taken_back, is_settled, answers)


def going_on(ended: Reached, rungs: Sequence[Reached]) -> Iterator[Statement]:
    """What happened after the reported end: a stage first reached later, or statements dated later.

    Args:
        ended: the statements that the project was cancelled or closed.
        rungs: for each stage, the statements that it was reached.
    """
    if ended.first is None:
        return
    end = ended.first.moment
    for rung in rungs:
        is_climbed = rung.first is not None and rung.first.moment > end
        for statement in rung.said:
            date = statement.claim.date
            if date.start > end if date else is_climbed:
                yield statement


def _is_borne_out(reached: Reached, answers: Sequence[Statement], policy: FoldPolicy) -> bool:
    """Whether a credible source that had not said so before has said so after the last denial."""
    if not answers:
        return True
    end = max([s.source.published_at for s in answers])
    since = [name for name, first in reached.firsts.items() if first > end]
    return any(reached.voices.trust[name] >= policy.credible_weight for name in since)


def _is_awaited(reached: Reached, expected: Expected, rungs: Sequence[Reached], policy: FoldPolicy) -> bool:
    """Whether a single unsure source reports it, and a later one still expects it and reports a lower stage."""
    if reached.surest >= policy.sure or reached.voices.weight(policy).confirms(policy):
        return False
    last = reached.said[-1].source.published_at
    later = takewhile(lambda s: s.source.published_at > last, reversed(expected.said))
    return any(
        s.claim.date is not None
        and s.claim.date.start > s.source.published_at.date()
        and any(s.source.article in rung.articles for rung in rungs)
        for s in later
    )


def _aged(denial: Statement, since: timedelta, policy: FoldPolicy) -> Origin:
    """The origin of a denial. Its weight halves with each half-life between the denial and the last report."""
    if since <= timedelta(0):
        return denial.origin
    return Origin(denial.origin.name, denial.origin.trust * 0.5 ** (since / policy.half_life))
