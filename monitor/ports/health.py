"""What is remembered of the monitor's own health."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.core.health import Ailment, FeedHealth


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What is owed, and does not get through."""

    #: Deliveries that were due before the instant that was asked about and were never tried.
    waiting: int = 0
    #: Destinations at which the last attempt failed of all that is owed to them, with what it said.
    failing: tuple[tuple[str, str], ...] = ()


class HealthRecord(Protocol):
    """Ailments, and what they are found by. Raises ``LedgerError`` where a person can act."""

    def ailments(self) -> Sequence[Ailment]:
        """All that are known, the oldest first."""
        ...

    def keep_ailments(self, ailments: Sequence[Ailment]) -> None:
        """Know these, and no others."""
        ...

    def feeds(self) -> Sequence[FeedHealth]:
        """All feeds that were ever polled, named by their address."""
        ...

    def backlog(self, before: datetime) -> Backlog:
        """What has been owed since before this instant."""
        ...
