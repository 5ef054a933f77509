"""The watched projects, and what reports mean for them. Values and pure functions."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Self
from zoneinfo import ZoneInfo

from monitor.core.changes.clock import to_come
from monitor.core.folding.brief import brief
from monitor.core.folding.fold import fold
from monitor.core.folding.known import known_reports
from monitor.core.folding.listing import Listed
from monitor.core.folding.weighing import DEFAULT_POLICY, FoldPolicy
from monitor.core.lifecycle import Lifecycle
from monitor.core.model import Project
from monitor.core.news import Change
from monitor.core.state import ProjectState, Report
from monitor.settings.config import Config
from monitor.settings.program import program_fingerprint


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
