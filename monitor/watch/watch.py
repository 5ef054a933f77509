"""What is watched, and what follows from new reports and from the passage of time. Values and pure functions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from monitor.core.alerting.plan import Audience, Planned, again, plan
from monitor.core.alerting.storm import Recent
from monitor.core.changes.changes import follow
from monitor.core.changes.revision import Revision
from monitor.core.folding.fold import Folding
from monitor.core.folding.known import known_reports
from monitor.core.folding.listing import Listed
from monitor.core.message.voice import Voice
from monitor.core.model import Feed
from monitor.core.news import Change, Subscriber
from monitor.core.polling.polling import Polling
from monitor.core.reading.projects.matching import Matcher
from monitor.core.state import ProjectState, Report
from monitor.feeds.language import LanguageDetector
from monitor.ports import (
    Decide,
    Decision,
    Folded,
    Outgoing,
    Pacing,
    Provisional,
    Reader,
    ReadOutcome,
)
from monitor.watch.watched import Watched


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
