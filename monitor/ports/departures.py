"""Departures: the addresses of subscribers whose readers have unsubscribed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """A reader who has unsubscribed."""

    subscriber: str
    #: ``Destination.id``
    destination: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose token it is."""

    subscriber: str
    #: ``Destination.id``
    destination: str
    #: Whether they have unsubscribed.
    has_left: bool


class Departures(Protocol):
    """The tokens for unsubscribing, and who has unsubscribed. Raises ``LedgerError`` if a person can act.

    Changes that become known after a departure create no delivery for it (``Ledger.record``, ``Ledger.note``).
    """

    def token(self, subscriber: str, destination: str, fresh: str) -> str:
        """Return the token that unsubscribes this address: its stored one, else ``fresh``, which is stored."""
        ...

    def holder(self, token: str) -> Holder | None:
        """Whose token this is. None if it is unknown."""
        ...

    def leave(self, token: str, now: datetime) -> Departure | None:
        """Record a departure and cancel the pending deliveries to its address. None if the token is unknown.

        A second call keeps the first departure. An unknown token is reported without waiting for writers.
        """
        ...

    def all(self) -> Sequence[Departure]:
        """All departures, newest last."""
        ...

    def readmit(self, subscriber: str) -> int:
        """Undo all departures of a subscriber and return their number. Deliveries skipped meanwhile stay skipped."""
        ...
