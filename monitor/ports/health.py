"""What is remembered of the monitor's own health."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from monitor.core.health import Ailment, FeedHealth


class HealthRecord(Protocol):
    """Ailments, and what they are found by. Raises ``LedgerError`` where a person can act."""

    def ailments(self) -> Sequence[Ailment]:
        """All that are known, the oldest first."""
        ...

    def keep_ailments(self, ailments: Sequence[Ailment]) -> None:
        """Know these, and no others."""
        ...

    def feeds(self) -> Iterator[FeedHealth]:
        """All feeds that were ever polled, named by their address; one after the other."""
        ...

    def waiting(self, before: datetime) -> int:
        """How many deliveries were due before this instant and were never tried."""
        ...
