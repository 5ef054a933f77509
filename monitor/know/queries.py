"""Queries: what is known about the watched projects, now or at an earlier time."""

import contextlib
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from monitor.core.articles import reports_of
from monitor.core.belief import WeighedSaying, unwatched, weigh
from monitor.core.folding.known import known_reports
from monitor.core.folding.listing import Listed
from monitor.core.news import Change, Past
from monitor.core.review import bearing
from monitor.core.state import Correction, ProjectState, Report
from monitor.errors import LedgerError
from monitor.ports import ArticleRecord, Decision, FeedRecord, Ledger, Outgoing, Poll, ReadArticle
from monitor.watch.watch import News, Watch, Watched, decider, what_time_brings

#: Projects folded in one transaction. Nobody else can write during it.
_AT_A_TIME = 20
#: Texts dropped in one transaction.
_TEXTS_AT_A_TIME = 500


T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Folds(Protocol[T_co]):
    """(project, its reports at ``as_of`` or now) → what is, or was, known about it."""

    def __call__(self, project: str, reports: Sequence[Report], /, *, as_of: datetime | None) -> T_co: ...


def _at(then: Past | None) -> datetime | None:
    return then.at if then else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Answers from the ledger with the current configuration. All methods raise LedgerError if the database refuses."""

    #: Returns the currently watched projects.
    watch: Callable[[], Watched]
    ledger: Ledger
    #: Returns the present instant, aware, in UTC.
    clock: Callable[[], datetime]
    #: The rules of all projects, for the configuration that they belong to.
    _rules_of: list[tuple[Watched, Mapping[str, str]]] = field(default_factory=list)
    #: Held by the query that stores what is missing.
    _storing: threading.Lock = field(default_factory=threading.Lock)

    def reports(self, project: str, then: Past | None = None) -> tuple[Report, ...]:
        """All reports on a project, oldest first, with those of the configuration; now, or in a view of the past."""
        known = known_reports(self.watch().projects[project], as_of=_at(then))
        return (*known, *self._told(project, then))

    def state(self, project: str, then: Past | None = None) -> ProjectState:
        """Everything that is known about one project, now or in a view of the past."""
        return self.watch().state_of(project, self._told(project, then), as_of=_at(then))

    def brief(self, project: str) -> ProjectState | None:
        """The brief state of one project (core.folding.brief). None if the project is not configured."""
        watch = self.watch()
        if project not in watch.projects:
            return None
        kept = self.ledger.states(watch.rules(project))
        return kept.get(project) or watch.brief_of(project, self._told(project))

    def overview(self, then: Past | None = None) -> tuple[ProjectState, ...]:
        """The brief state (core.folding.brief) of every configured project, in order; now, or in a view of the past."""
        return self._each(self._kept(self.ledger.states, then), self.watch().brief_of, then)

    def listed(self, then: Past | None = None) -> tuple[Listed, ...]:
        """Like ``overview``, in the form for programs too."""
        return self._each(self._kept(self.ledger.listed, then), self.watch().listed, then)

    def _kept(self, ask: Callable[[Mapping[str, str]], Mapping[str, T]], then: Past | None) -> Mapping[str, T]:
        """Load the stored state of each project. If some are missing and it is about now, store them first.

        So the next query needs no fold. Of several queries at a time one stores, and the others wait for it. If the
        database cannot be written, the stored ones are returned nevertheless.
        """
        rules = self._rules()
        kept = ask(rules)
        if then is not None or len(kept) == len(rules):
            return kept
        with self._storing, contextlib.suppress(LedgerError):
            self._keep({project: rule for project, rule in rules.items() if project not in kept})
        return ask(rules)

    def _rules(self) -> Mapping[str, str]:
        """The rules of all projects. Computed once for a configuration: they are hashes of everything in it."""
        watch = self.watch()
        held = next((rules for of, rules in self._rules_of if of is watch), None)
        if held is None:
            held = watch.rules()
            self._rules_of[:] = [(watch, held)]
        return held

    def _each(self, kept: Mapping[str, T], fold: Folds[T], then: Past | None) -> tuple[T, ...]:
        """For every project the stored state if it holds then, otherwise a fold of its reports."""
        projects = self.watch().projects
        moved = self._moved_since(then) if then else frozenset[str]()

        def holds(project: str) -> bool:
            known = projects[project]
            is_same = then is None or known_reports(known, as_of=then.at) == known_reports(known)
            return is_same and project not in moved

        return tuple(
            kept[project]
            if project in kept and holds(project)
            else fold(project, self._told(project, then), as_of=_at(then))
            for project in projects
        )

    def _moved_since(self, then: Past) -> Collection[str]:
        """The projects that may have looked otherwise then."""
        return self.watch().projects.keys() if then.as_published else self.ledger.moved_since(then.at)

    def keep_states(self) -> None:
        """Fold the projects that have changed since their last fold, and store the states for later queries."""
        self._keep(self._rules())

    def _keep(self, rules: Mapping[str, str]) -> None:
        listed = self.watch().listed
        while self.ledger.keep_states(rules, listed, limit=_AT_A_TIME):
            pass

    def drop_texts(self, kept: timedelta | None) -> int:
        """Drop some of the texts that are older than this; none of them if None. Returns how many."""
        return self.ledger.drop_texts(before=self.clock() - kept, limit=_TEXTS_AT_A_TIME) if kept is not None else 0

    def _told(self, project: str, then: Past | None = None) -> Sequence[Report]:
        if then and then.as_published:
            return then.published(self.ledger.reports(project).get(project, ()))
        return self.ledger.reports(project, as_of=_at(then)).get(project, ())


# What the ledger makes of what one article says -----------------------------------------------------------------------


def weighed(knowledge: Knowledge, read: ReadArticle) -> list[WeighedSaying]:
    """Each claim and fact of the article's last reading, project by project. Raises LedgerError."""
    watch, ledger = knowledge.watch(), knowledge.ledger
    found: list[WeighedSaying] = []
    for project, report in reports_of(read.source, read.reading).items():
        if project not in watch.projects:
            found += unwatched(report.said)
            continue
        reviews = bearing(each for each in ledger.reviews(project) if each.is_in_force).get(project, ())
        reports = ledger.reports(project).get(project, ())
        found += weigh(
            report,
            counting=reports,
            reviews=reviews,
            state=watch.state_of(project, reports),
            lifecycle=watch.lifecycle_of(project),
            policy=watch.policy,
        )
    return found


def corrected(ledger: Ledger, article: ArticleRecord) -> Sequence[Correction]:
    """What the publisher of the article has withdrawn. Raises LedgerError."""
    return [
        each
        for project in article.projects
        for each in ledger.corrections(project)
        if each.source.article == article.read.article.key
    ]


# What time alone changes ----------------------------------------------------------------------------------------------


def look_at_the_clock(knowledge: Knowledge, watch: Watch, *, ledger: Ledger, now: datetime) -> tuple[Change, ...]:
    """Raise changes that time alone brings: overdue forecasts and quiet projects. Returns the new changes.

    Raises:
        LedgerError: the database refused.
    """
    due = [knowledge.state(state.project) for state in knowledge.overview() if watch.inferred(state, now)]
    return ledger.note(what_time_brings(watch, due, now))


# What would follow from something that has not happened: a decision, an article. Nothing is stored --------------------


#: No feed has this address.
_NO_FEED = "about:trial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What would follow."""

    #: The state of each project that may be moved, before and after.
    states: Mapping[str, tuple[ProjectState, ProjectState]]
    changes: tuple[Change, ...]
    outgoing: tuple[Outgoing, ...]


def foresee_article(item: ReadArticle, watch: Watch, ledger: Ledger, now: datetime) -> Foreseen:
    """What would follow if a feed brought this article now. Nothing does if it is known. Raises LedgerError."""
    states: dict[str, tuple[ProjectState, ProjectState]] = {}
    follow = decider(watch, News(since=now - watch.alert_horizon, now=now))

    def noted(before: Mapping[str, Sequence[Report]], fresh: Mapping[str, Sequence[Report]]) -> Decision:
        for project in sorted(fresh):
            if project in watch.projects:
                was = before.get(project, ())
                states[project] = watch.state_of(project, was), watch.state_of(project, (*was, *fresh[project]))
        return follow(before, fresh)

    poll = Poll(feed=FeedRecord(url=_NO_FEED, polled_at=now), articles=(item,))
    found = ledger.foresee_poll(poll, noted)
    return Foreseen(states=states, changes=found.changes, outgoing=found.outgoing)
