"""Folds the reports of one project into its state: milestones, status and facts. Pure.

The reports are the log, and a state is only a view of them. Reports count in order of publication, independent of the
order of arrival. So an old article that arrives late fills in the past and never sets a project back. An article that
is heard twice counts once, in the edition that was seen last.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from operator import itemgetter

from monitor.core.folding.amounts import ReportedAmount
from monitor.core.folding.known import is_known, is_operators
from monitor.core.folding.scope import ScopeOutcome, ScopeReports
from monitor.core.folding.verifying import Verification
from monitor.core.folding.weighing import DEFAULT_POLICY, OPERATOR, FoldPolicy, Origin, Statement, origin, origins
from monitor.core.identity import address_key
from monitor.core.lifecycle import ENDED, PLANNED, Condition, Lifecycle
from monitor.core.model import Claim, Fact, FactKind, State
from monitor.core.state import Milestone, PhaseState, ProjectState, Report, Source, Standing, Unverified
from monitor.core.stories import told_once

#: What a report contributes to its story: statements on stages and conditions, and amounts.
_Sayings = tuple[Sequence[Statement], Sequence[ReportedAmount]]


def publication_order(report: Report) -> tuple[datetime, str]:
    """The order in which reports count: by publication, ties by the article's key."""
    return report.source.published_at, report.source.article


def fold(
    project: str,
    reports: Iterable[Report],
    lifecycle: Lifecycle,
    policy: FoldPolicy = DEFAULT_POLICY,
    *,
    phases: Sequence[str] = (),
) -> ProjectState:
    """The state of a project from these reports, whatever their order and however often each comes.

    Claims on stages that the lifecycle does not have are ignored, and so is what is unverified
    (``core.folding.verifying``). The project stands where its furthest phase does. Everything else said about a phase
    other than the first belongs to that phase alone.
    """
    folding = Folding(project, lifecycle, policy, phases=phases)
    folding.hear(reports)
    return folding.state()


class Folding:
    """The reports of one project, heard one after the other. The state can be asked for at any time.

    The same reports give the same state, in any order. The cost of one more report depends on its story and on what it
    affects, not on the number of reports heard before.
    """

    def __init__(
        self, project: str, lifecycle: Lifecycle, policy: FoldPolicy = DEFAULT_POLICY, *, phases: Sequence[str] = ()
    ) -> None:
        self._project = project
        self._lifecycle = lifecycle
        self._policy = policy
        self._later = phases[1:]
        self._whole = ScopeReports(lifecycle, policy)
        self._phases = {phase: ScopeReports(lifecycle, policy) for phase in phases}
        #: The report of each article in the edition that was seen last.
        self._editions: dict[str, Report] = {}
        #: The reports of each story, in order of publication.
        self._stories: dict[str, list[Report]] = defaultdict(list)
        #: For each ``known:`` entry with an address, by its story, the key of the article at that address.
        self._cited: dict[str, str] = {}
        #: What each article says.
        self._sayings: dict[str, _Sayings] = {}
        self._claims = Verification[Statement](policy)
        self._facts = Verification[ReportedAmount](policy)
        self._latest: Source | None = None

    def edition(self, article: str) -> Report | None:
        """The report of this article that counts. None if the article was not heard."""
        return self._editions.get(article)

    def hear(self, reports: Iterable[Report]) -> None:
        """Hear these reports. An article that was heard before counts in the edition that was seen last."""
        stories = dict.fromkeys(story for report in reports for story in self._put(report))
        # The origin of a ``known:`` entry depends on the article at its address.
        stories |= dict.fromkeys(self._cited)
        told = sorted((each for story in stories for each in self._told(story)), key=itemgetter(0))
        sayings = {article: says for (_, article), says in told}
        self._note_latest(sayings)
        self._count(sayings)

    def _put(self, report: Report) -> Sequence[str]:
        """Add the report to its story. Returns the stories that changed."""
        source = report.source
        former = self._editions.get(source.article)
        if former is not None:
            if _edition(former) >= _edition(report):
                return ()
            self._stories[former.source.story].remove(former)
        self._editions[source.article] = report
        if source.url and is_known(source):
            self._cited[source.story] = address_key(source.url)
        insort(self._stories[source.story], report, key=publication_order)
        return (source.story, former.source.story) if former else (source.story,)

    def _note_latest(self, articles: Collection[str]) -> None:
        """Update the latest source among those that say something, without the operator's own word.

        Args:
            articles: the articles that say something else now, or belong to another story.
        """
        held = self._latest
        is_held = held is None or held.article not in articles
        among = map(self._editions.__getitem__, articles) if is_held else self._editions.values()
        news = [edition.source for edition in among if _is_news(edition)]
        if held is not None and is_held:
            news.append(held)
        self._latest = max(news, key=_order, default=None)

    def _told(self, story: str) -> Iterator[tuple[tuple[datetime, str], _Sayings]]:
        """What each article of the story says, with its origin."""
        reports = self._stories[story]
        if not reports:
            # Its articles now belong to another story.
            return
        whose = self._origin(story)
        for report in reports if len(reports) == 1 else told_once(reports):
            source = report.source
            at, article = publication_order(report)
            said = [
                Statement(
                    claim,
                    source,
                    whose,
                    (at, article, place),
                    part=self._part(claim),
                    is_implied=_is_implied(claim, report.claims),
                )
                for place, claim in enumerate(report.claims)
            ]
            told = [
                ReportedAmount(
                    fact,
                    source,
                    whose,
                    (at, article, place),
                    is_of_part=self._is_of_part(fact),
                    is_conversion=is_conversion,
                )
                for place, (fact, is_conversion) in enumerate(_converted(report.facts))
            ]
            yield (at, article), (said, told)

    def _origin(self, story: str) -> Origin:
        """The origin that all articles of a story count for."""
        first, *others = (report.source for report in self._stories[story])
        if is_known(first):
            return self._origin_of_known(first)
        return origins((first, *others))[story] if others else origin(first)

    def _origin_of_known(self, known: Source) -> Origin:
        """The origin of the article at the address of a ``known:`` entry.

        If the article was not heard, the page itself if it is official, else the operator.
        """
        cited = self._cited.get(known.story)
        article = self._editions.get(cited) if cited else None
        if article is not None:
            name, trust = self._origin(article.source.story)
            return Origin(name, max(trust, known.trust))
        if known.trust:
            return Origin(cited or known.story, known.trust)
        return Origin(OPERATOR, self._policy.credible_weight)

    def _part(self, claim: Claim) -> str | None:
        """The later phase that the claim concerns. None for the first phase, whose claims count for the project too."""
        return claim.phase if claim.phase in self._later else None

    def _is_of_part(self, fact: Fact) -> bool:
        """Whether it concerns a part that has no account of its own."""
        return fact.phase is not None and fact.phase not in self._phases

    def _count(self, sayings: Mapping[str, _Sayings]) -> None:
        """Replace what each of these articles says, and count everything that is verified by now, in any article."""
        others = {article: says for article, says in sayings.items() if self._sayings.get(article) != says}
        fresh = others.keys() - self._sayings.keys()
        self._sayings |= others
        moved = set(others)
        moved |= self._claims.hear({article: said for article, (said, _) in others.items()})
        moved |= self._facts.hear({article: told for article, (_, told) in others.items()})
        former = moved - fresh
        in_order = sorted(moved, key=lambda article: publication_order(self._editions[article]))
        counting = [self._sayings[article] for article in in_order]
        statements = [s for said, _ in counting for s in said if self._claims.is_verified(s)]
        told = [t for _, facts in counting for t in facts if self._facts.is_verified(t)]
        of_whole = [s for s in statements if s.part is None]
        _replace(self._whole, former, of_whole, [t for t in told if t.fact.phase not in self._phases])
        for phase, account in self._phases.items():
            of_phase = [s for s in statements if s.claim.phase == phase]
            _replace(account, former, of_phase, [t for t in told if t.fact.phase == phase])

    # ------------------------------------------------------------ what is known

    def state(self, *, in_full: bool = True) -> ProjectState:
        """The state from what was heard so far.

        Args:
            in_full: whether to include past forecasts with the baseline, and what is reported but not believed. Without
                them it costs less than hearing everything again.
        """
        outcomes = self._whole.outcomes([self._phases[phase] for phase in self._later], in_full=in_full)
        milestones = self._milestones(outcomes)
        force = self._whole.in_force(outcomes)
        overriding, delayed, resumed = force.overriding, force.delayed, force.resumed
        highest = _highest(milestones)
        status = _status(overriding, highest)
        told = outcomes.get(status or "")
        standing, evidence = (told.standing, told.evidence) if told else (Standing(), ())
        # What is said of an earlier stop, or of the first time that the stage was reached, proves nothing of now.
        if overriding:
            standing, said = self._whole.since(overriding, outcomes, overriding.claim.stage)
            evidence = tuple(each.evidence for each in said)
        elif resumed and status:
            standing, _ = self._whole.since(resumed, outcomes, Condition.RESUMED, status)
        condition = overriding or delayed
        since, by = (overriding.claim.date, overriding.told_on) if overriding else (None, None)
        if overriding is None and highest is not None:
            since, by = highest.actual, highest.by
        disputed = [stage for stage, told in outcomes.items() if told.is_disputed(self._policy)]
        denied = [stage for stage, told in outcomes.items() if told.contest.is_taken_back]
        return ProjectState(
            project=self._project,
            status=status,
            since=since,
            by=by if since is None else None,
            standing=standing,
            evidence=evidence,
            condition=condition.claim.stage if condition else None,
            delay=self._whole.delay(delayed, outcomes) if delayed and not overriding else None,
            halts=self._whole.halts(outcomes),
            milestones=milestones,
            facts=self._whole.facts(in_full=in_full),
            is_over=self._lifecycle.is_over(status),
            disputed=tuple(sorted(disputed)),
            denied=tuple(sorted(denied)),
            denials={
                stage: tuple(each.evidence for each in outcomes[stage].contest.denials)
                for stage in (*disputed, *denied)
            },
            phases=tuple(
                self._phase(phase, account, status, in_full=in_full)
                for phase, account in self._phases.items()
                if account
            ),
            latest=self._latest,
            unverified=self._unverified(),
        )

    def _unverified(self) -> tuple[Unverified, ...]:
        """What is unverified and has no effect yet, in order of publication."""
        heard: Iterator[tuple[Statement | ReportedAmount, tuple[float, ...]]] = chain(self._claims, self._facts)
        waiting = sorted(heard, key=lambda each: each[0].order)
        return tuple(Unverified(said=each.said, source=each.source, readings=readings) for each, readings in waiting)

    def _phase(self, phase: str, account: ScopeReports, of_project: str | None, *, in_full: bool) -> PhaseState:
        """The state of one phase, only from what names it. It ends with the project, whose status is ``of_project``."""
        outcomes = account.outcomes(in_full=in_full)
        milestones = self._milestones(outcomes)
        overriding = account.in_force(outcomes).overriding
        status = _status(overriding, _highest(milestones))
        return PhaseState(
            phase=phase,
            status=status,
            milestones=milestones,
            facts=account.facts(in_full=in_full),
            is_over=self._lifecycle.is_over(of_project if of_project in ENDED else status),
        )

    def _milestones(self, outcomes: Mapping[str, ScopeOutcome]) -> tuple[Milestone, ...]:
        """The milestones in the order of the lifecycle."""
        found = (outcomes[stage].milestone for stage in self._lifecycle.stages if stage in outcomes)
        return _bounded([milestone for milestone in found if milestone is not None])


def _is_implied(claim: Claim, claims: Iterable[Claim]) -> bool:
    """Whether a plan is only implied: its sentence says when a stage is expected."""
    is_plan = claim.stage == PLANNED and claim.state is State.REACHED and claim.date is None
    return is_plan and any(c.state is State.EXPECTED and c.evidence == claim.evidence for c in claims)


def _converted(facts: Iterable[Fact]) -> Iterator[tuple[Fact, bool]]:
    """The facts, each with whether it is the sum before it in another currency: 3 billion dirhams ($300 million).

    A conversion of an amount of a part is of the same part.
    """
    before: Fact | None = None
    for fact in facts:
        is_conversion = (
            before is not None
            and fact.kind is before.kind is FactKind.INVESTMENT
            and fact.unit != before.unit
            and fact.evidence == before.evidence
        )
        before = replace(fact, phase=fact.phase or before.phase) if before and is_conversion else fact
        yield before, is_conversion


def _replace(
    account: ScopeReports, former: Collection[str], statements: Sequence[Statement], told: Sequence[ReportedAmount]
) -> None:
    account.forget(former)
    account.hear(statements, told)


def _edition(report: Report) -> tuple[datetime, str]:
    """The order of two reports of one article: the one seen later counts.

    The text breaks ties, so that order cannot.
    """
    return report.source.seen_at, repr(report)


def _order(source: Source) -> tuple[datetime, str]:
    return source.published_at, source.article


def _is_news(report: Report) -> bool:
    return bool(report.claims or report.facts) and not is_operators(report.source)


def _bounded(milestones: Sequence[Milestone]) -> tuple[Milestone, ...]:
    """These milestones. What nobody dates had happened by the day of any later stage."""
    bounded: list[Milestone] = []
    earliest = date.max
    for milestone in reversed(milestones):
        day = milestone.actual.end if milestone.actual else milestone.by
        earliest = min(earliest, day or earliest)
        bounded.append(replace(milestone, by=earliest) if milestone.by and earliest < milestone.by else milestone)
    return tuple(reversed(bounded))


def _highest(milestones: Sequence[Milestone]) -> Milestone | None:
    return next((m for m in reversed(milestones) if m.state is State.REACHED), None)


def _status(overriding: Statement | None, highest: Milestone | None) -> str | None:
    return overriding.claim.stage if overriding else highest.stage if highest else None
