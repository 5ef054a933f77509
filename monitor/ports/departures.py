"""Readers who want no more: which of a subscriber's addresses have been unsubscribed by those who read there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Somebody who wants no more."""

    subscriber: str
    #: ``Destination.id``
    destination: str
    at: datetime


class Departures(Protocol):
    """Who may leave by which token, and who has left. Raises ``LedgerError`` where a person can act.

    What comes to be known after somebody has left is not owed to them (``Ledger.record``, ``Ledger.note``).
    """

    def token(self, subscriber: str, destination: str, fresh: str) -> str:
        """By what this address can be unsubscribed: the token that it has; the fresh one where it has none."""
        ...

    def leave(self, token: str, now: datetime) -> Departure | None:
        """Owe this address nothing more, and send nothing of what waits for it; None where nobody has the token.

        Who has left before stays as they were. A token that nobody has is told without waiting for who writes.
        """
        ...

    def all(self) -> Sequence[Departure]:
        """Those who have left, the last one last."""
        ...

    def readmit(self, subscriber: str) -> int:
        """Take back all departures of a subscriber; returns how many. What was not owed meanwhile stays so."""
        ...
