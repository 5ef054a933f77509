"""The outbox: deliveries that are owed, and how each stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from monitor.core.news import Delivery


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    #: To be sent, now or at its next attempt.
    PENDING = "pending"
    SENT = "sent"
    #: Given up, with its reason; waits for ``monitor retry``.
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRecord:
    """A delivery as an operator sees it."""

    delivery: Delivery
    state: DeliveryState
    due_at: datetime
    sent_at: datetime | None
    #: What the last attempt said; free of secrets.
    last_outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecord:
    """One attempt at a delivery: when it ended, and how."""

    at: datetime
    #: Free of secrets.
    outcome: str


class Outbox(Protocol):
    """Deliveries that are owed. A row is leased, sent, marked; a lease that runs out is free again."""

    def acquire(self, *, worker: str, now: datetime, lease: timedelta, limit: int) -> Sequence[Delivery]:
        """Lease due deliveries to a worker, oldest due first; none is leased to two workers at a time."""
        ...

    def mark_sent(self, delivery: int, *, worker: str, now: datetime, outcome: str) -> None:
        """Record success, even where the lease has run out; does nothing to a row that is finished already."""
        ...

    def mark_failed(
        self, delivery: int, *, worker: str, now: datetime, outcome: str, retry_at: datetime | None
    ) -> None:
        """Record a failed or unknown attempt; ``retry_at`` None means dead.

        Does nothing once the lease is another's.
        """
        ...

    def release(self) -> int:
        """Free every lease; returns how many. Only for a worker that knows that no other one is alive."""
        ...

    def deliveries(self, *, state: DeliveryState | None = None, limit: int | None = None) -> Sequence[DeliveryRecord]:
        """The newest deliveries, newest last."""
        ...

    def attempts(self, delivery: int) -> Sequence[AttemptRecord]:
        """Every attempt at a delivery, the first one first; those before a retry too."""
        ...

    def retry(self, deliveries: Sequence[int] | None, *, now: datetime) -> int:
        """Make dead deliveries (all, or these) due now with their attempts forgotten; returns how many."""
        ...
