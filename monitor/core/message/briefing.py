"""The content of a message."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from monitor.core.lifecycle import Condition
from monitor.core.message.tongue import Catalogue
from monitor.core.model import Project
from monitor.core.news import Change, ChangeType
from monitor.core.periods import Period
from monitor.core.state import Milestone, PhaseState, ProjectState


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """A change, with what a reader needs to know about its project."""

    change: Change
    project: Project
    #: The present state of the project, in brief. None if it is not known.
    state: ProjectState | None = None
    #: The address of the project's page. "" if its readers cannot reach it.
    page: str = ""
    #: For a correction: when the reader was told the mistake. None if it is not known.
    told_at: datetime | None = None

    @property
    def milestone(self) -> Milestone | None:
        """The present milestone of the change's stage: of its phase if it has one, else of the project."""
        change, part = self.change, self.part
        return part.milestone(change.stage) if part and change.stage else None

    @property
    def part(self) -> ProjectState | PhaseState | None:
        """What is known of what the change concerns: its phase if it has one, else the project."""
        if self.state is None or self.change.phase is None:
            return self.state
        return next((phase for phase in self.state.phases if phase.phase == self.change.phase), None)

    @property
    def since(self) -> Period | None:
        """The date, as it is known at present, of the event that the change tells. None if none is known."""
        if self.change.stage == Condition.DELAYED:
            return self.state.delay.since if self.state and self.state.delay else None
        return self.milestone.actual if self.milestone else None

    @property
    def by(self) -> date | None:
        """The day of the first article that reports what changed. None if a source says when, or if it is over."""
        change, state = self.change, self.state
        if state is not None and change.stage == Condition.DELAYED:
            return state.delay.by if state.delay else None
        if state is not None and change.type is ChangeType.STATUS and change.to == state.status:
            return state.by
        return self.milestone.by if self.milestone else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmoved:
    """A project for which a digest has no change."""

    project: Project
    #: As in ``Briefing``.
    state: ProjectState | None = None


class SharedOccasion(StrEnum):
    """Why several changes share one message."""

    #: The subscriber wants them together.
    DIGEST = "digest"
    #: They were held back during quiet hours or while the subscriber was away.
    HELD = "held"
    #: There were too many of them in a short time.
    STORM = "storm"
    #: A newer change came before an older one could be sent.
    MERGED = "merged"
    #: They became known at the same time: one article reports them.
    AT_ONCE = "at_once"


# The catalogues and templates of messages. An outer package makes them and passes them to the core as values ----------


class Layouts(Protocol):
    """The templates of messages."""

    def render(self, template: str, values: Mapping[str, object]) -> str:
        """The text of a template, such as ``change.html``, filled with these values. Raises nothing.

        In HTML and Markdown every value appears as text, whatever it contains.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The catalogues of every language that messages can be written in, and the templates."""

    #: By ISO 639-1 code. English is among them.
    catalogues: Mapping[str, Catalogue]
    layouts: Layouts
