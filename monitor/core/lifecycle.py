"""Lifecycles: the ordered stages that a kind of project goes through, and the conditions that can befall it."""

from dataclasses import dataclass
from enum import StrEnum

#: The stage of a project of which nothing further is told than that there is a plan.
PLANNED = "announced"
#: The stage at which a project is while a part of it is done.
UNDER_WAY = "construction"
#: The stage at which works are over.
FINISHED = "completed"


class Condition(StrEnum):
    """What can befall a project at any stage."""

    #: Later than was expected; the project keeps its stage.
    DELAYED = "delayed"
    #: Works or the project are on hold.
    SUSPENDED = "suspended"
    #: A suspension is over.
    RESUMED = "resumed"
    #: Given up before it was finished.
    CANCELLED = "cancelled"
    #: Ended after it had operated.
    CLOSED = "closed"


#: All of them, to look one up.
CONDITIONS: frozenset[str] = frozenset(Condition)
#: Those that are bad news.
ADVERSE = CONDITIONS - {Condition.RESUMED}
#: Conditions that take the place of the stage in a project's status until they are lifted.
OVERRIDING = frozenset({Condition.SUSPENDED, Condition.CANCELLED, Condition.CLOSED})

#: Those of them of which nothing more is to come.
ENDED = frozenset({Condition.CANCELLED, Condition.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """The stages of a kind of project, in their order."""

    name: str
    stages: tuple[str, ...]

    def rank(self, stage: str) -> int:
        """The stage's place on the ladder, from 0.

        Raises:
            ValueError: the lifecycle has no such stage.
        """
        return self.stages.index(stage)

    def has(self, stage: str) -> bool:
        return stage in self.stages


INDUSTRIAL = Lifecycle(
    name="industrial",
    stages=("announced", "agreed", "approved", "construction", "completed", "commissioning", "operating"),
)
