"""What a message is made of."""

from dataclasses import dataclass
from enum import StrEnum

from monitor.core.model import Project
from monitor.core.news import Change
from monitor.core.state import ProjectState


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """A change, with what a reader needs beside it."""

    change: Change
    project: Project
    #: What is known of the project now, in brief; None where that is not known.
    state: ProjectState | None = None


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
