"""What a message is made of."""

from dataclasses import dataclass
from enum import StrEnum

from monitor.core.model import Project
from monitor.core.news import Change
from monitor.core.state import Milestone, PhaseState, ProjectState


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """A change, with what a reader needs beside it."""

    change: Change
    project: Project
    #: What is known of the project now, in brief; None where that is not known.
    state: ProjectState | None = None

    @property
    def milestone(self) -> Milestone | None:
        """The stage that the change is of, as it is known now, of its phase where it is of one."""
        change, part = self.change, self._part
        return part.milestone(change.stage) if part and change.stage else None

    @property
    def _part(self) -> ProjectState | PhaseState | None:
        if self.state is None or self.change.phase is None:
            return self.state
        return next((phase for phase in self.state.phases if phase.phase == self.change.phase), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmoved:
    """A project of which a digest has nothing to tell."""

    project: Project
    #: As in a briefing.
    state: ProjectState | None = None


class Occasion(StrEnum):
    """Why several changes come in one message."""

    #: The subscriber wants them together.
    DIGEST = "digest"
    #: They were held back in quiet hours or while the subscriber was away.
    HELD = "held"
    #: There were too many of them in a short time.
    STORM = "storm"
    #: A newer change came before an older one could be sent.
    MERGED = "merged"
    #: They came to be known at one time: one article tells them.
    AT_ONCE = "at_once"
