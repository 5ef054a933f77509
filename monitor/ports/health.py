"""The stored health of the monitor itself."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from monitor.core.health import Ailment, FeedHealth


class HealthRecord(Protocol):
    """Ailments, and the data for finding them. Raises ``LedgerError`` if a person can act."""

    def ailments(self) -> Sequence[Ailment]:
        """All known ailments, oldest first."""
        ...

    def keep_ailments(self, ailments: Sequence[Ailment]) -> None:
        """Replace the known ailments with these."""
        ...

    def feeds(self) -> Iterator[FeedHealth]:
        """Yield every feed that was ever polled, one at a time, named by its address."""
        ...

    def waiting(self, before: datetime) -> int:
        """Count the deliveries that were due before this instant and were never tried."""
        ...
