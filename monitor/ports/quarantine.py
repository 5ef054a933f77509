"""The quarantine: documents that broke the process that read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class HostileDocument:
    """A document that was given up."""

    #: SHA-256, in hex, of the content and of the kind of job that read it.
    digest: str
    #: The address it came from.
    url: str
    #: The limit that it broke.
    reason: str
    #: When it was given up; aware, UTC.
    at: datetime


class Quarantine(Protocol):
    """The documents that were given up. Raises ``LedgerError`` if a person can act."""

    def add(self, document: HostileDocument) -> None:
        """Store a document. Replaces the one with the same digest."""
        ...

    def since(self, at: datetime) -> Sequence[HostileDocument]:
        """The documents that were given up at or after this instant, oldest first."""
        ...

    def forget(self, before: datetime) -> None:
        """Delete the documents that were given up before this instant."""
        ...
