"""Documents that broke the process that read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class HostileDocument:
    """A document that was given up."""

    #: SHA-256 of what was read, and of what it was read as; hex.
    digest: str
    #: Where it came from.
    url: str
    #: What it did.
    reason: str
    #: When it was given up; aware, UTC.
    at: datetime


class Quarantine(Protocol):
    """Which documents were given up. Raises ``LedgerError`` where a person can act."""

    def add(self, document: HostileDocument) -> None:
        """Remember it, in place of what was known by its digest."""
        ...

    def since(self, at: datetime) -> Sequence[HostileDocument]:
        """Those that were given up at or after this instant, the oldest first."""
        ...

    def forget(self, before: datetime) -> None:
        """Forget those that were given up before this instant."""
        ...
