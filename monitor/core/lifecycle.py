"""Lifecycles: the ordered stages of a kind of project, and the conditions that can occur at any stage."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

#: The stage of a project about which only a plan is known.
PLANNED = "announced"
#: The stage of a project while a part of it is done.
UNDER_WAY = "construction"
#: The stage of a project when works are over.
FINISHED = "completed"


class Condition(StrEnum):
    """What can happen to a project at any stage."""

    #: Later than expected. The project keeps its stage.
    DELAYED = "delayed"
    #: Works or the project are on hold.
    SUSPENDED = "suspended"
    #: A suspension is over.
    RESUMED = "resumed"
    #: Given up before it was finished.
    CANCELLED = "cancelled"
    #: Ended after it had operated.
    CLOSED = "closed"


#: All conditions, for lookups.
CONDITIONS: frozenset[str] = frozenset(Condition)
#: The conditions that are bad news.
ADVERSE = CONDITIONS - {Condition.RESUMED}
#: Conditions that replace the stage in a project's status until they are lifted.
OVERRIDING = frozenset({Condition.SUSPENDED, Condition.CANCELLED, Condition.CLOSED})

#: Conditions after which nothing more is expected.
ENDED = frozenset({Condition.CANCELLED, Condition.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """The ordered stages of a kind of project."""

    name: str
    stages: tuple[str, ...]
    #: Stage → the stage of ``INDUSTRIAL`` that is told by the same words, for those that have another name.
    like: Mapping[str, str] = field(default_factory=dict)

    def called(self, stage: str) -> str | None:
        """What the lifecycle calls a stage of ``INDUSTRIAL``, or a condition. None if it has none like it."""
        if self.has(stage) or stage in CONDITIONS:
            return stage
        return next((own for own in self.stages if self.like.get(own) == stage), None)

    def rank(self, stage: str) -> int:
        """The stage's place on the ladder, from 0.

        Raises:
            ValueError: the lifecycle has no such stage.
        """
        return self.stages.index(stage)

    def has(self, stage: str) -> bool:
        return stage in self.stages

    def is_over(self, status: str | None) -> bool:
        """Whether the works are over in this status: they are finished, or the project has ended."""
        if status is None or not self.has(status):
            return status in ENDED
        return self.rank(status) >= self.rank(FINISHED if self.has(FINISHED) else self.stages[-1])


INDUSTRIAL = Lifecycle(
    name="industrial",
    stages=("announced", "agreed", "approved", "construction", "completed", "commissioning", "operating"),
)
