"""A project on one line of a list: what is expected next, how late it is, and how urgent. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from monitor.core.folding.lateness import Late, lateness
from monitor.core.periods import Period
from monitor.core.state import Milestone, ProjectState


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A project on one line of a list."""

    state: ProjectState
    #: The stage that is expected first, with its date. None if nothing is expected.
    expected: tuple[Milestone, Period] | None
    #: Whether that date has passed.
    is_overdue: bool
    #: How late it is, or the next stage that is late. None if nothing is known to be late.
    late: Late | None

    @classmethod
    def at(cls, state: ProjectState, overdue: Collection[str | None], today: date) -> "Glance":
        """The project as it is seen today.

        Args:
            state: what is known about it; a brief state will do.
            overdue: the stages whose date has passed.
            today: the day of the look.
        """
        expected = min(state.to_come, key=lambda each: (each[1].end, each[1].start), default=None)
        late = lateness(state, today)
        is_overdue = expected is not None and expected[0].stage in overdue
        return cls(
            state=state,
            expected=expected,
            is_overdue=is_overdue,
            late=late[1] if late else None,
        )

    @property
    def rank(self) -> int:
        """Where it belongs in a list, least first: the overdue and the disputed; the others; the unknown."""
        if self.is_overdue or self.state.disputed:
            return 0
        return 1 if self.state.status else 2
