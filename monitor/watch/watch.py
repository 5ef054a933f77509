"""What is watched, and what follows from new reports and from the passage of time. Values and pure functions."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from typing import Self
from zoneinfo import ZoneInfo

from monitor.core.alerting.bundling import Recent
from monitor.core.alerting.plan import Audience, Planned, again, plan
from monitor.core.changes.changes import follow, to_come
from monitor.core.changes.revision import Revision
from monitor.core.folding.fold import Folding, fold
from monitor.core.folding.known import known_reports
from monitor.core.folding.listing import Listed, brief
from monitor.core.folding.weighing import DEFAULT_POLICY, FoldPolicy
from monitor.core.lifecycle import Lifecycle
from monitor.core.message.briefing import Voice
from monitor.core.model import Feed, Project
from monitor.core.news import Change, Subscriber
from monitor.core.polling.polling import Polling
from monitor.core.polling.websub import HubSubscription
from monitor.core.reading.projects.matching import Matcher
from monitor.core.state import ProjectState, Report
from monitor.feeds.language import LanguageDetector
from monitor.ports import (
    Decide,
    Decision,
    FeedRecord,
    Folded,
    HubSubscriptions,
    Ledger,
    Outgoing,
    Pacing,
    Provisional,
    Reader,
    ReadOutcome,
)
from monitor.settings.config import Config
from monitor.settings.fingerprints import program_fingerprint

# The watched projects, and what reports mean for them. Values and pure functions --------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The watched projects and how reports on them are weighed: all that is needed to show what is known."""

    projects: Mapping[str, Project]
    lifecycles: Mapping[str, Lifecycle]
    #: The timezone that decides the day of publication.
    timezone: tzinfo
    policy: FoldPolicy = DEFAULT_POLICY
    #: Fingerprint of the program's own rules. With an equal one a project need not be folded again.
    program: str = ""

    @classmethod
    def of(cls, config: Config) -> Self:
        """What this configuration watches."""
        return cls(
            projects={project.id: project for project in config.projects},
            lifecycles=config.lifecycles,
            timezone=ZoneInfo(config.timezone),
            policy=config.weighing,
            program=program_fingerprint(),
        )

    def lifecycle_of(self, project: str) -> Lifecycle:
        return self.lifecycles[self.projects[project].lifecycle]

    def phases_of(self, project: str) -> tuple[str, ...]:
        return tuple(phase.name for phase in self.projects[project].phases)

    def state_of(self, project: str, reports: Iterable[Report], *, as_of: datetime | None = None) -> ProjectState:
        """Fold these reports and those of the configuration (known at ``as_of``) to the state of a project."""
        return fold(
            project,
            (*known_reports(self.projects[project], as_of=as_of), *reports),
            self.lifecycle_of(project),
            self.policy,
            phases=self.phases_of(project),
        )

    def rules(self, *projects: str) -> Mapping[str, str]:
        """For each of these projects, or all, the fingerprint of everything but the reports that affects its state."""
        weighed = f"{self.program}\0{self.policy!r}"
        return {project: self._rules(project, weighed) for project in projects or self.projects}

    def _rules(self, project: str, weighed: str) -> str:
        known, phases, lifecycle = self.projects[project].known, self.phases_of(project), self.lifecycle_of(project)
        return hashlib.sha256(f"{weighed}\0{known!r}\0{phases!r}\0{lifecycle!r}".encode()).hexdigest()[:16]

    def brief_of(self, project: str, reports: Iterable[Report], *, as_of: datetime | None = None) -> ProjectState:
        """Like ``state_of``, reduced to what a list of many projects shows."""
        return brief(self.state_of(project, reports, as_of=as_of))

    def listed(self, project: str, reports: Iterable[Report], *, as_of: datetime | None = None) -> Listed:
        """Like ``state_of``, as a list of many projects has it, for people and for programs."""
        return Listed.of(self.state_of(project, reports, as_of=as_of))

    def to_come(self, state: ProjectState) -> tuple[Change, ...]:
        """The changes that time will bring to a project that stays in this state."""
        quiet_after = self.projects[state.project].quiet_after or self.policy.quiet_after
        return to_come(state, self.lifecycle_of(state.project), quiet_after)

    def inferred(self, state: ProjectState, now: datetime) -> tuple[Change, ...]:
        """The changes that time has brought to a project in this state until now."""
        return tuple(change for change in self.to_come(state) if change.at <= now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(Watched):
    """What is watched and how, according to the configuration. Values, no edges; replaced as a whole by an edit."""

    subscribers: Sequence[Subscriber]
    matcher: Matcher
    reader: Reader
    detector: LanguageDetector
    polling: Polling
    #: Articles published longer ago than this are history and alert nobody.
    alert_horizon: timedelta
    #: What messages are written with.
    voice: Voice
    #: The feeds of single outlets, by host (core.articles). They give outlet and trust to articles that a search
    #: brings.
    outlets: Mapping[str, Feed] = field(default_factory=dict)
    #: Fingerprint of everything that affects a reading. With an equal one an article need not be read again.
    fingerprint: str = ""

    def reader_of(self, read: ReadOutcome, kind: Provisional) -> str:
        """The fingerprint to record for a reading, with a ``Provisional`` prefix if another reader stood in."""
        return f"{kind}{self.fingerprint}" if read.is_provisional else self.fingerprint

    @property
    def audience(self) -> Audience:
        return Audience(subscribers=tuple(self.subscribers), projects=self.projects, zones=ZoneInfo)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Which articles alert: those published at or after ``since``. ``now`` is when their deliveries are created."""

    since: datetime
    now: datetime


def decider(watch: Watch, news: News | None) -> Decide:
    """Make the function that computes what follows from new reports. Pure; for the ledger's transaction.

    Args:
        watch: projects, lifecycles and subscribers.
        news: which articles are news; None if all are history. Of history, what is known in between is not kept.
    """

    def decide(before: Mapping[str, Sequence[Report]], fresh: Mapping[str, Sequence[Report]]) -> Decision:
        changes: list[Change] = []
        told_of: list[Change] = []
        folded: dict[str, Folded] = {}
        revisions: dict[str, Revision] = {}
        for project in sorted(fresh):
            if project not in watch.projects:
                continue
            told = before.get(project, ())
            articles = {report.source.article for report in told}
            editions = [report for report in fresh[project] if report.source.article in articles]
            if editions:
                revisions[project] = revising(watch, project, told, editions)
            past = (*known_reports(watch.projects[project]), *told)
            lifecycle = watch.lifecycle_of(project)
            folding = Folding(project, lifecycle, watch.policy, phases=watch.phases_of(project))
            folding.hear(past)
            for report, change in follow(folding, fresh[project], lifecycle, watch.policy):
                changes.append(change)
                if news is not None and report.source.published_at >= news.since:
                    told_of.append(change)
            if news is not None:
                (rules,) = watch.rules(project).values()
                folded[project] = Folded(rules, Listed.of(folding.state()))
        if news is None:
            decision = Decision(changes=tuple(map(_as_history, changes)))
        else:
            decision = replace(owing(changes, told_of, watch, news.now), folded=folded)
        return replace(decision, revisions=revisions, correct=correcting(watch))

    return decide


def revising(watch: Watch, project: str, told: Sequence[Report], editions: Sequence[Report]) -> Revision:
    """What new editions of known articles correct. It folds when it is first asked: most often nothing was told."""
    again = {report.source.article for report in editions}
    after = [*(report for report in told if report.source.article not in again), *editions]

    @cache
    def states() -> tuple[ProjectState, ProjectState]:
        return watch.state_of(project, told), watch.state_of(project, after)

    known = known_reports(watch.projects[project])
    at = max(report.source.seen_at for report in editions)
    return Revision(states=states, before=(*known, *told), after=(*known, *after), policy=watch.policy, at=at)


def correcting(watch: Watch) -> Callable[[Change, str, str], Outgoing | None]:
    """A function that plans the delivery of a correction (``Decision.correct``)."""

    def correct(change: Change, subscriber: str, destination: str) -> Outgoing | None:
        planned = again(change, subscriber, destination, watch.audience, change.at)
        return None if planned is None else _outgoing([planned])[0]

    return correct


def what_time_brings(watch: Watch, states: Iterable[ProjectState], now: datetime) -> Decision:
    """The overdue forecasts and the quiet projects until now. Those older than the alert horizon alert nobody."""
    due = [change for state in states for change in watch.inferred(state, now)]
    news = [change for change in due if change.at >= now - watch.alert_horizon]
    return owing(due, news, watch, now)


def owing(changes: Iterable[Change], news: Sequence[Change], watch: Watch, now: datetime) -> Decision:
    """A decision with these changes, and deliveries of the news to those who receive them, if they become known now.

    All other changes are history.
    """
    audience, by_id = watch.audience, {change.id: change for change in news}

    def pace(new: Sequence[Outgoing], recent: Mapping[str, Sequence[Recent]]) -> tuple[Outgoing, ...]:
        told = [by_id[number] for number in dict.fromkeys(one.change_id for one in new)]
        return _outgoing(plan(told, audience, now, recent))

    outgoing = _outgoing(plan(news, audience, now))
    marked = tuple(change if change.id in by_id else _as_history(change) for change in changes)
    return Decision(changes=marked, outgoing=outgoing, pacing=Pacing(now=now, pace=pace))


def _as_history(change: Change) -> Change:
    return replace(change, is_history=True)


def _outgoing(planned: Iterable[Planned]) -> tuple[Outgoing, ...]:
    return tuple(
        Outgoing(
            change_id=one.change.id,
            subscriber=one.subscriber.name,
            destination=one.destination.id,
            due_at=one.appointment.due_at,
            together=one.appointment.together,
            chain=one.chain,
            rank=one.rank,
        )
        for one in planned
    )


# The real clock -------------------------------------------------------------------------------------------------------


def utc_now() -> datetime:
    return datetime.now(UTC)


# The configured feeds with what is recorded of them -------------------------------------------------------------------


def recorded(
    feeds: Sequence[Feed], ledger: Ledger, names: Sequence[str] | None = None
) -> tuple[tuple[Feed, FeedRecord], ...]:
    """All of these feeds (or those with these addresses or names), each with its record. Raises LedgerError."""
    records = ledger.feeds()
    return tuple(
        (feed, records.get(feed.url, FeedRecord(url=feed.url)))
        for feed in feeds
        if names is None or feed.url in names or feed.name in names
    )


def hub_subscriptions(hubs: HubSubscriptions) -> Mapping[str, HubSubscription]:
    """The subscription of each feed that has one, by the feed's address. Raises LedgerError."""
    return {each.feed: each for each in hubs.all() if not each.is_leaving}
