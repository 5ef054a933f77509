"""The ladder of a project: the stages of its lifecycle in order, and how far it has come."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from monitor.core.lifecycle import Lifecycle
from monitor.core.message import words
from monitor.core.message.tongue import Tongue
from monitor.core.model import State
from monitor.core.state import ProjectState


class Progress(StrEnum):
    """How a stage stands."""

    #: Told to be reached.
    REACHED = "reached"
    #: Nobody told it, but it must have been: a later stage is reached, or the plan has a date.
    IMPLIED = "implied"
    #: A date is expected, and is still to come.
    EXPECTED = "expected"
    #: The expected date has passed.
    OVERDUE = "overdue"
    #: Nothing is known.
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One stage."""

    label: str
    progress: Progress
    #: The same in words. "" if nothing is known.
    stands: str


def ladder(
    state: ProjectState, lifecycle: Lifecycle, *, overdue: Collection[str | None], tongue: Tongue
) -> tuple[Rung, ...]:
    """The stages of a project from the first to the last.

    Args:
        state: what is known about it.
        lifecycle: its stages.
        overdue: the stages whose expected date has passed.
        tongue: the language of the reader.
    """
    known = {milestone.stage: milestone for milestone in state.milestones}
    reached = [stage for stage, milestone in known.items() if milestone.state is State.REACHED and lifecycle.has(stage)]
    height = max(map(lifecycle.rank, reached), default=-1)
    told = {stage for stage in reached if known[stage].standing.is_told}

    def progress(rank: int, stage: str) -> Progress:
        if rank <= height:
            return Progress.REACHED if stage in told else Progress.IMPLIED
        if stage in overdue:
            return Progress.OVERDUE
        return Progress.EXPECTED if stage in known and known[stage].forecast else Progress.OPEN

    def rung(rank: int, stage: str) -> Rung:
        stands = progress(rank, stage)
        said = {
            Progress.REACHED: words.state(tongue, State.REACHED, stage),
            Progress.IMPLIED: tongue.say("must have been reached, nobody said so"),
            Progress.EXPECTED: words.state(tongue, State.EXPECTED, stage),
            Progress.OVERDUE: words.overdue(tongue),
            Progress.OPEN: "",
        }
        return Rung(label=words.status(tongue, stage), progress=stands, stands=said[stands])

    return tuple(rung(rank, stage) for rank, stage in enumerate(lifecycle.stages))
