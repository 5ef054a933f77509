"""Everything said about a whole project, or about one of its phases. Articles may be heard in any order. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from operator import itemgetter

from monitor.core.folding.amounts import FoldedQuantity, ReportedAmount
from monitor.core.folding.conditions import Force, halt, in_force, report
from monitor.core.folding.sayings import Contest, Expected, Reached, Sayings, contest, going_on
from monitor.core.folding.weighing import NOBODY, FoldPolicy, Order, Origin, Statement, Voices, standing, together
from monitor.core.lifecycle import CONDITIONS, ENDED, PLANNED, Condition, Lifecycle
from monitor.core.model import FactKind, State
from monitor.core.periods import Period
from monitor.core.state import Delay, Evidence, Forecast, Halt, KnownFact, Milestone, Rival, Standing

# The history of forecasts of a stage ----------------------------------------------------------------------------------


def forecasts(expected: Expected, until: datetime | None = None) -> tuple[Forecast, ...]:
    """The believed forecasts of a stage, one after the other, as the articles were published.

    Args:
        expected: the statements that expect the stage.
        until: if given, only statements published by this instant. What is expected of a stage after it was reached
            concerns another part.
    """
    rivalry = expected.no_dates()
    found: list[Forecast] = []
    for dated in expected.dated:
        (said_at, *_), _, statement = dated
        if until is not None and said_at > until:
            break
        expected.weigh(dated, rivalry)
        believed = rivalry.believed()
        if believed is None or (found and found[-1].period == believed):
            continue
        found.append(
            Forecast(
                period=believed,
                said_at=said_at,
                slip=believed.days_after(found[-1].period) if found else None,
                evidence=statement.evidence,
            )
        )
    return tuple(found)


def baseline(found: Sequence[Forecast]) -> Period | None:
    """The first forecast, in the finest form in which it was reported before it moved."""
    first: Period | None = None
    for forecast in found:
        if first is None or first.contains(forecast.period):
            first = forecast.period
    return first


# Finds amounts that are told only with another investment than the believed one: they may be of another plan ----------


def with_plans(known: Iterable[KnownFact], amounts: Iterable[FoldedQuantity]) -> Iterator[KnownFact]:
    """The facts, each with the investment that its articles tell, if none of them tells a believed one.

    Args:
        known: all facts of a project, or of a phase.
        amounts: what they were computed from.
    """
    known = list(known)
    money = [fact for fact in known if fact.kind is FactKind.INVESTMENT and fact.phase is None]
    believed = {each.source.article for fact in money for each in fact.evidence}
    others = _others(amounts, believed)
    for fact in known:
        is_apart = fact.kind not in {FactKind.INVESTMENT, FactKind.PROGRESS} and fact.phase is None
        articles = {each.source.article for each in fact.evidence} if is_apart else set()
        told = [each for each in others if each.source.article in articles]
        is_of_other = bool(told) and articles.isdisjoint(believed)
        yield replace(fact, told_with=(told[0].fact.value, told[0].fact.unit)) if is_of_other else fact


def _others(amounts: Iterable[FoldedQuantity], believed: set[str]) -> list[ReportedAmount]:
    """The investments in articles that tell no believed one, in order of publication."""

    def order(told: ReportedAmount) -> Order:
        return told.order

    told = (each for amount in amounts for each in amount.told() if each.fact.kind is FactKind.INVESTMENT)
    return sorted((each for each in told if each.source.article not in believed), key=order)


# Everything said about a whole project, or about one of its phases. Articles may be heard in any order ----------------


@dataclass(frozen=True, slots=True)
class _ScopeSayings:
    """What is said about one stage or condition, in each sense."""

    reached: Reached
    expected: Expected
    denied: Sayings[Statement]

    def hear(self, state: State, said: Sequence[Statement]) -> None:
        if state is State.REACHED:
            self.reached.hear(said)
        elif state is State.EXPECTED:
            self.expected.hear(said)
        else:
            self.denied.hear(said)

    def forget(self, articles: Collection[str]) -> None:
        self.reached.forget(articles)
        self.expected.forget(articles)
        self.denied.forget(articles)

    def __bool__(self) -> bool:
        """Whether anything is said about it."""
        return any((self.reached, self.expected, self.denied))

    @property
    def versions(self) -> tuple[object, ...]:
        """Differ whenever something else is said. Serve as a cache key."""
        return self.reached, self.reached.version, self.expected, self.expected.version, self.denied.version

    @property
    def expects_last(self) -> bool:
        """Whether the latest statement about it is an expectation."""
        return bool(self.expected) and all(
            sayings.said[-1].order < self.expected.said[-1].order for sayings in (self.reached, self.denied) if sayings
        )


@dataclass(frozen=True, slots=True)
class ScopeOutcome:
    """The result for one stage or condition."""

    contest: Contest
    #: The statements that it was reached, believed or not.
    reached: Reached
    #: Set for a stage of the lifecycle only.
    milestone: Milestone | None
    #: How well it is supported that it was reached. For a stage with a date, at that date.
    standing: Standing
    #: The sentences that say that it was reached, the earliest published first.
    evidence: tuple[Evidence, ...]

    def is_disputed(self, policy: FoldPolicy) -> bool:
        return standing(NOBODY, policy, against=self.contest.against, is_settled=self.contest.is_settled).disputed


class ScopeReports:
    """Everything said about a whole project, or about one of its phases."""

    def __init__(self, lifecycle: Lifecycle, policy: FoldPolicy) -> None:
        self._lifecycle = lifecycle
        self._policy = policy
        self._stages: dict[str, _ScopeSayings] = {}
        #: The keys of the articles that say that the schedule has moved, also of those of which an operator says so.
        self._moved: set[str] = set()
        self._nothing = self._untold()
        self._amounts: dict[tuple[FactKind, str], FoldedQuantity] = {}
        self._made: dict[str, tuple[object, ScopeOutcome]] = {}
        self._walked: tuple[object, Force] | None = None

    def _untold(self) -> _ScopeSayings:
        return _ScopeSayings(Reached(), Expected(self._policy, self._moved), Sayings())

    def hear(self, statements: Iterable[Statement], told: Iterable[ReportedAmount]) -> None:
        """Hear all statements of some articles, in order of publication. None of the articles was heard before."""
        by_sense: dict[tuple[str, State], list[Statement]] = defaultdict(list)
        for statement in statements:
            by_sense[statement.claim.stage, statement.claim.state].append(statement)
        self._moved.update(each.source.about for each in by_sense.get((Condition.DELAYED, State.REACHED), ()))
        for (stage, state), said in by_sense.items():
            if stage not in self._stages:
                self._stages[stage] = self._untold()
            self._stages[stage].hear(state, said)
        by_quantity: dict[tuple[FactKind, str], list[ReportedAmount]] = defaultdict(list)
        for item in told:
            by_quantity[item.fact.kind, item.fact.unit].append(item)
        for (kind, unit), items in by_quantity.items():
            if (kind, unit) not in self._amounts:
                self._amounts[kind, unit] = FoldedQuantity(kind, unit, self._policy)
            self._amounts[kind, unit].hear(items)

    def forget(self, articles: Collection[str]) -> None:
        """Continue as if these articles had never been heard."""
        if not articles:
            return
        for told in self._stages.values():
            told.forget(articles)
        delays = self._stages.get(Condition.DELAYED, self._nothing).reached
        self._moved.intersection_update(each.source.about for each in delays.said)
        for amount in self._amounts.values():
            amount.forget(articles)

    # ------------------------------------------------------------ results

    def outcomes(self, later: Sequence["ScopeReports"] = (), *, in_full: bool) -> dict[str, ScopeOutcome]:
        """The outcome of each stage and condition that something is said about.

        Args:
            later: the accounts of later phases. A stage that only they have reached counts for the whole project. Two
                phases that reach the same stage are two events, and the event of the earlier phase counts for the
                whole.
            in_full: whether to include past forecasts, and dates that are reported but not believed.
        """
        told = dict(self._with(later))
        last = self._lifecycle.stages[-1]
        end = self._end(self._outcome(last, told[last], in_full=in_full)) if last in told else None
        if end is not None:
            lower = [stage for stage in self._lifecycle.stages[:-1] if stage in told]
            told |= {stage: self._before(end, told[stage]) for stage in lower}
        return {stage: self._outcome(stage, each, in_full=in_full) for stage, each in told.items() if each}

    def _end(self, outcome: ScopeOutcome) -> date | None:
        """When the last stage was reached, if that is confirmed."""
        is_sure = not outcome.contest.is_taken_back and self._confirms(outcome.reached.voices)
        return outcome.reached.first.moment if is_sure and outcome.reached.first else None

    def _before(self, end: date, told: _ScopeSayings) -> _ScopeSayings:
        """What is said, without reports of an event long after the end: they concern an extension.

        If one report tells of an earlier event, all of them count.
        """
        first = told.reached.first
        is_later = first is not None and first.moment - end > self._policy.same_time
        return replace(told, reached=self._nothing.reached) if is_later else told

    def reached(self) -> dict[str, Reached]:
        """The stages of the lifecycle that some source says were reached."""
        has = self._lifecycle.has
        return {stage: told.reached for stage, told in self._stages.items() if told.reached and has(stage)}

    def _with(self, later: Sequence["ScopeReports"]) -> Iterator[tuple[str, _ScopeSayings]]:
        ahead: dict[str, Reached] = {}
        for account in later:
            ahead = account.reached() | ahead
        for stage, told in self._stages.items():
            reached = ahead.pop(stage, told.reached)
            known = told if told.reached else replace(told, reached=reached)
            if known:
                yield stage, known
        for stage, reached in ahead.items():
            yield stage, replace(self._nothing, reached=reached)

    def _outcome(self, stage: str, told: _ScopeSayings, *, in_full: bool) -> ScopeOutcome:
        if in_full:
            return self._make(stage, told, in_full=True)
        versions = (*told.versions, *(rung.version for rung in self._rungs(stage)))
        former, made = self._made.get(stage, (None, None))
        if made is None or versions != former:
            made = self._make(stage, told, in_full=False)
            self._made[stage] = versions, made
        return made

    def _rungs(self, stage: str) -> Sequence[Reached]:
        """The stages below this one, beyond a mere plan, that some source says were reached.

        For a condition that ends a project, all such stages.
        """
        rungs = self._lifecycle.stages
        lower = rungs if stage in ENDED else rungs[: rungs.index(stage)] if stage in rungs else ()
        return [self._stages[rung].reached for rung in lower if rung != PLANNED and rung in self._stages]

    def _make(self, stage: str, told: _ScopeSayings, *, in_full: bool) -> ScopeOutcome:
        rungs = self._rungs(stage)
        denied = [*told.denied.said, *(going_on(told.reached, rungs) if stage in ENDED else ())]
        contested = contest(told.reached, denied, self._policy, expected=told.expected, rungs=rungs)
        is_milestone = self._lifecycle.has(stage)
        milestone = self._milestone(stage, told, contested, in_full=in_full) if is_milestone else None
        is_held = milestone is not None and milestone.state is State.REACHED
        if milestone is not None and is_held:
            return ScopeOutcome(contested, told.reached, milestone, milestone.standing, milestone.evidence)
        held = standing(
            told.reached.voices,
            self._policy,
            against=contested.against,
            is_settled=contested.is_settled,
            readings=together(told.reached.said, self._policy),
        )
        return ScopeOutcome(contested, told.reached, milestone, held, told.reached.evidence)

    def _milestone(self, stage: str, told: _ScopeSayings, contested: Contest, *, in_full: bool) -> Milestone:
        bearing: Reached | Expected | None = None
        date, beside, implying = None, NOBODY, NOBODY
        if told.reached and not contested.is_taken_back:
            state, bearing = State.REACHED, told.reached
            date, against, implying = told.reached.dates.believed(), contested.against, told.reached.implying
            # A plan is announced repeatedly. News of it long after a date is about another announcement.
            voices = told.reached.at(date, within=self._policy.same_time if stage == PLANNED else None)
            beside = told.reached.telling
            voices = self._at_date(voices, told.reached.dates.backers(date) if date else voices, beside)
        elif told.expected and (told.expects_last or told.expected.dated):
            state, bearing = State.EXPECTED, told.expected
            date, against = told.expected.dates.believed(), NOBODY
            # A source that expects it at another time does not corroborate the believed date.
            voices = told.expected.dates.backers(date) if date else told.expected.voices
        else:
            state, voices, against = State.DENIED, told.denied.voices, told.reached.voices
        heard = bearing or told.denied
        said = [each for each in heard.said if state is not State.EXPECTED or _agrees(each.claim.date, date)]
        is_reached = state is State.REACHED
        found = forecasts(told.expected, self._since(told) if is_reached else None) if in_full else ()
        return Milestone(
            stage=stage,
            state=state,
            baseline=baseline(found),
            forecast=date if state is State.EXPECTED else None,
            actual=date if is_reached else None,
            promised=found[-1].period if is_reached and found else None,
            by=told.reached.first_told if is_reached and date is None else None,
            standing=standing(
                voices,
                self._policy,
                against=against,
                is_settled=contested.is_settled,
                beside=beside,
                implying=implying,
                readings=together(said, self._policy),
            ),
            evidence=heard.evidence,
            forecasts=found,
            # A plan is announced repeatedly, each time on another day.
            rivals=self._rivals(bearing, date) if in_full and bearing and date and stage != PLANNED else (),
        )

    def _at_date(self, agreeing: Voices, naming: Voices, beside: Voices | None = None) -> Voices:
        """Who bears something out at its date. If those that name the date do not confirm it alone, they alone.

        Then confirmed is that it happened, and not when.

        Args:
            agreeing: who says so without contradicting the date.
            naming: who names the date.
            beside: who says so at all. None for those who agree.
        """
        is_confirmed = self._confirms(agreeing if beside is None else beside)
        return naming if is_confirmed and not self._confirms(naming) else agreeing

    def _confirms(self, voices: Voices) -> bool:
        return voices.weight(self._policy).confirms(self._policy)

    def _since(self, told: _ScopeSayings) -> datetime:
        """When the first report that the stage was reached was published.

        A report that was read surely takes precedence.
        """
        said = told.reached.said
        surely = (s for s in said if s.claim.confidence >= self._policy.sure)
        return next(surely, said[0]).source.published_at

    def _rivals(self, told: Reached | Expected, believed: Period) -> tuple[Rival, ...]:
        """The other dates, each with the standing of the sources that report it.

        What an article without a date reports had happened by the day of the article.
        """
        told_by: dict[Period | None, list[Origin]] = {date: [] for date in told.dates.rivals(believed)}
        for statement in told.said:
            if (origins := told_by.get(statement.claim.date)) is not None:
                origins.append(statement.origin)
        found = [
            Rival(value=str(date), standing=standing(Voices(origins), self._policy))
            for date, origins in told_by.items()
        ]
        if isinstance(told, Reached) and (before := told.before(believed)) is not None:
            day, voices = before
            found.append(Rival(value=str(day), standing=standing(voices, self._policy), is_by=True))
        return tuple(found)

    def in_force(self, outcomes: Mapping[str, ScopeOutcome]) -> Force:
        """The conditions in force."""
        held = [(stage, o.reached) for stage, o in outcomes.items() if o.reached and not o.contest.is_taken_back]
        firsts = [reached.first for stage, reached in held if stage not in CONDITIONS and reached.first]
        befallen = [reached for stage, reached in held if stage in CONDITIONS]
        bearing = firsts, [(reached, reached.version) for reached in befallen]
        if self._walked is None or self._walked[0] != bearing:
            told = (*firsts, *(statement for reached in befallen for statement in reached.said))
            self._walked = bearing, in_force(told, self._lifecycle)
        return self._walked[1]

    def halts(self, outcomes: Mapping[str, ScopeOutcome]) -> tuple[Halt, ...]:
        """The overriding conditions that are over, each with how well it is supported that it began."""
        return tuple(
            halt(began, ended, outcomes[began.claim.stage].reached.said, self._policy)
            for began, ended in self.in_force(outcomes).over
        )

    def delay(self, delayed: Statement, outcomes: dict[str, ScopeOutcome]) -> Delay:
        """The delay in force, with all reports of it.

        Args:
            delayed: the statement that brought it.
            outcomes: those of this account.
        """
        told = outcomes[Condition.DELAYED]
        return report(delayed, told.reached.said, told.contest, self._policy)

    def since(
        self, event: Statement, outcomes: dict[str, ScopeOutcome], *stages: str
    ) -> tuple[Standing, Sequence[Statement]]:
        """How well something that can recur is supported, by what is said of its last occurrence, and these statements.

        Args:
            event: the statement that brought it.
            outcomes: those of this account.
            stages: the stages and conditions whose statements support it.
        """
        heard = [outcomes[stage].reached.said for stage in stages if stage in outcomes]
        said = [each for each in chain.from_iterable(heard) if each.happened >= event.happened]
        contested = outcomes[event.claim.stage].contest
        when, voices = event.claim.date, Voices(each.origin for each in said)
        naming = Voices(e.origin for e in said if when is None or (e.claim.date and when.contains(e.claim.date)))
        held = standing(
            self._at_date(voices, naming),
            self._policy,
            against=contested.against,
            is_settled=contested.is_settled,
            beside=voices,
            readings=together(said, self._policy),
        )
        return held, said

    def facts(self, *, in_full: bool) -> tuple[KnownFact, ...]:
        """The believed value for each kind and unit, then the values of parts that have no account of their own."""
        amounts = [amount for _, amount in sorted(self._amounts.items(), key=itemgetter(0))]
        known = tuple(chain.from_iterable(amount.known(in_full=in_full) for amount in amounts))
        return tuple(with_plans(known, self._amounts.values())) if in_full else known

    def __bool__(self) -> bool:
        """Whether anything is said."""
        return any(self._stages.values()) or bool(self.facts(in_full=False))


def _agrees(told: Period | None, believed: Period | None) -> bool:
    return believed is None or (told is not None and told.overlaps(believed))
