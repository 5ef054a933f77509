"""What is known of the projects that are watched, now or then; and what time alone brings them."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from monitor.core.folding.known import known_reports
from monitor.core.folding.listing import Listed
from monitor.core.news import Change
from monitor.core.state import ProjectState, Report
from monitor.errors import LedgerError
from monitor.ports import Ledger
from monitor.watch.setup import Setup
from monitor.watch.watch import what_time_brings

#: Projects that are folded in one transaction: nobody else writes meanwhile.
_AT_A_TIME = 20
#: Projects that are looked at in one question for whether they are to be folded.
_LOOKED_AT = 200
#: Texts that are dropped in one transaction.
_TEXTS_AT_A_TIME = 500


T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Folds(Protocol[T_co]):
    """(project, its reports as of then or now) → what is, or was, known of it."""

    def __call__(self, project: str, reports: Sequence[Report], /, *, as_of: datetime | None) -> T_co: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What the ledger tells by the configuration of the moment. All methods raise LedgerError: the database refused."""

    #: What is worked by now.
    setup: Callable[[], Setup]
    ledger: Ledger
    #: The present instant, aware, in UTC.
    clock: Callable[[], datetime]

    def reports(self, project: str, *, as_of: datetime | None = None) -> tuple[Report, ...]:
        """All reports on a project (that were known then), what the configuration knows included, oldest first."""
        known = known_reports(self.setup().watch.projects[project], as_of=as_of)
        return (*known, *self._told(project, as_of=as_of))

    def state(self, project: str, *, as_of: datetime | None = None) -> ProjectState:
        """All that is known (or was known then) of one project."""
        return self.setup().watch.state_of(project, self._told(project, as_of=as_of), as_of=as_of)

    def brief(self, project: str) -> ProjectState | None:
        """What is known of one project in few words (core.brief); None where it is none of the configuration."""
        watch = self.setup().watch
        if project not in watch.projects:
            return None
        kept = self.ledger.states(watch.rules(project))
        return kept.get(project) or watch.brief_of(project, self._told(project))

    def overview(self, *, as_of: datetime | None = None) -> tuple[ProjectState, ...]:
        """What is known (or was then) of every project of the configuration in few words (core.brief), in its order."""
        return self._each(self._kept(self.ledger.states, as_of), self.setup().watch.brief_of, as_of)

    def listed(self, *, as_of: datetime | None = None) -> tuple[Listed, ...]:
        """The same for programs too."""
        return self._each(self._kept(self.ledger.listed, as_of), self.setup().watch.listed, as_of)

    def _kept(self, ask: Callable[[Mapping[str, str]], Mapping[str, T]], as_of: datetime | None) -> Mapping[str, T]:
        """What is kept of each project; where something is missing that is to be told now, all of it first.

        So the next to ask need fold nothing. Where the database lets nobody write, what is known is told all the same.
        """
        rules = self.setup().watch.rules()
        kept = ask(rules)
        if as_of is not None or len(kept) == len(rules):
            return kept
        with contextlib.suppress(LedgerError):
            self.keep_states()
        return ask(rules)

    def _each(self, kept: Mapping[str, T], fold: Folds[T], as_of: datetime | None) -> tuple[T, ...]:
        """Of every project what was kept, where that is (or was then) so; else what folding its reports comes to."""
        projects = self.setup().watch.projects
        moved = self.ledger.moved_since(as_of) if as_of else frozenset[str]()

        def holds(project: str) -> bool:
            known = projects[project]
            is_same = as_of is None or known_reports(known, as_of=as_of) == known_reports(known)
            return is_same and project not in moved

        return tuple(
            kept[project]
            if project in kept and holds(project)
            else fold(project, self._told(project, as_of=as_of), as_of=as_of)
            for project in projects
        )

    def keep_states(self) -> None:
        """Fold what has changed since it was folded last, and keep it, so that nobody need wait for it later."""
        watch = self.setup().watch
        projects = tuple(watch.projects)
        for start in range(0, len(projects), _LOOKED_AT):
            some = projects[start : start + _LOOKED_AT]
            while self.ledger.keep_states(watch.rules(*some), watch.listed, limit=_AT_A_TIME):
                pass

    def look_at_the_clock(self) -> tuple[Change, ...]:
        """Raise what time alone has brought: forecasts gone by, and silences; returns what was not raised before."""
        watch, now = self.setup().watch, self.clock()
        due = [self.state(state.project) for state in self.overview() if watch.inferred(state, now)]
        return self.ledger.note(what_time_brings(watch, due, now))

    def drop_texts(self) -> int:
        """Drop some of the texts that have been kept for as long as the configuration says; returns how many."""
        kept = self.setup().config.keep_texts
        return self.ledger.drop_texts(before=self.clock() - kept, limit=_TEXTS_AT_A_TIME) if kept is not None else 0

    def _told(self, project: str, *, as_of: datetime | None = None) -> Sequence[Report]:
        return self.ledger.reports(project, as_of=as_of).get(project, ())
