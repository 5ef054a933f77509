"""The outbox: the deliveries, and the state of each."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from monitor.core.news import Delivery


class DeliveryState(StrEnum):
    """The state of a delivery."""

    #: To be sent, now or at its next attempt.
    PENDING = "pending"
    SENT = "sent"
    #: Given up, with a reason. ``monitor retry`` can revive it.
    DEAD = "dead"
    #: Not sent: another destination received the change instead (``Outgoing.chain``), its reader has unsubscribed, or a
    #: correction has taken the change back.
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRecord:
    """A delivery as an operator sees it."""

    delivery: Delivery
    state: DeliveryState
    due_at: datetime
    sent_at: datetime | None
    #: The outcome of the last attempt, without secrets.
    last_outcome: str
    #: The id of the message that carried it, or may have. None before.
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecord:
    """One attempt at a delivery: when it ended, and how."""

    at: datetime
    #: The outcome and the answer of the service, without secrets.
    outcome: str
    #: The id of the message. "" if it was not recorded.
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The deliveries that one message brings to one destination."""

    #: The id of the message; of its change if there is only one. Every attempt that may repeat an earlier one has the
    #: same id.
    id: str
    #: All of one subscriber, in the order in which their changes became known.
    deliveries: tuple[Delivery, ...]
    #: Whether they are bundled on purpose, as a digest or because they were held back.
    is_together: bool
    #: Whether the message was sent before and may have arrived.
    is_repeat: bool


#: (delivery) → its due time if it were created now. Pure.
Replan = Callable[[Delivery], datetime]


class Outbox(Protocol):
    """The deliveries. They are leased, sent and marked; an expired lease is free again.

    ``core.alerting.bundling`` decides which deliveries go next, and which go in one message. What may have arrived (an
    expired lease, an attempt with an unknown outcome) is repeated in the same message. What has certainly not arrived
    is bundled anew.
    """

    def acquire(
        self, *, worker: str, now: datetime, lease: timedelta, limit: int, without: Collection[str] = ()
    ) -> Sequence[Bundle]:
        """Lease the next messages to the one destination that has waited longest, in the order in which they must go.

        No other worker gets anything for that destination until all of the messages are marked or given back, or the
        lease expires. If one of them fails, do not send those after it: give them back.

        Args:
            worker: the name of the worker that leases.
            now: the present instant.
            lease: the duration of the lease, at most ``core.backoff.LEASE``: a longer one is not believed.
            limit: the largest number of messages.
            without: destinations to skip now.
        """
        ...

    def give_back(self, bundle: Bundle, *, worker: str) -> None:
        """Release the lease of a message that was not sent. Does nothing if another worker holds the lease by now."""
        ...

    def mark_sent(self, deliveries: Sequence[int], *, message: str, now: datetime, outcome: str) -> None:
        """Record success, even if the lease has expired. Does nothing to finished deliveries.

        Pending deliveries of the same chain at another rank become superseded.
        """
        ...

    def mark_failed(
        self,
        deliveries: Sequence[int],
        *,
        worker: str,
        message: str,
        now: datetime,
        outcome: str,
        retry_at: datetime | None,
        may_have_arrived: bool,
    ) -> None:
        """Record a failed or unknown attempt; ``retry_at`` None means dead.

        Does nothing if another worker holds the lease by now. A delivery becomes superseded instead if another one of
        its chain was sent meanwhile.
        """
        ...

    def bring_forward(self, now: datetime, replan: Replan) -> int:
        """Replan deliveries that are due later than they can rightly be. Returns the number that are now due sooner.

        A clock that ran ahead and was set back since has set their due times. They are attempts that wait longer than
        any may, immediate deliveries that are not due yet, and deliveries of changes that became known in the future.
        None is due later than before.
        """
        ...

    def release(self) -> int:
        """Free all leases and return their number. Call this only if no other worker is alive."""
        ...

    def readdress(self, moves: Mapping[str, Collection[str]]) -> int:
        """Owe what is pending at each of these destinations to others instead, and return how many deliveries that is.

        Those at the other destinations are new deliveries of the same changes, due at the same times. A reader who has
        unsubscribed, and a destination that has the change already, gets none. What was pending becomes superseded.
        """
        ...

    def owing(self, subscribers: Collection[str]) -> frozenset[str]:
        """The destinations of the pending deliveries of these subscribers."""
        ...

    def deliveries(
        self,
        *,
        state: DeliveryState | None = None,
        change: str | None = None,
        project: str | None = None,
        destinations: Collection[str] | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> Sequence[DeliveryRecord]:
        """The newest deliveries, newest last.

        Args:
            state: only those in this state.
            change: only those whose change id, or whose message id, begins with this.
            project: only those of changes of this project.
            destinations: only those to these destinations.
            before: only those older than the delivery with this id.
            limit: the largest number.
        """
        ...

    def attempts(self, deliveries: Sequence[int]) -> Mapping[int, Sequence[AttemptRecord]]:
        """All attempts at each of these deliveries, oldest first, including those before a retry."""
        ...

    def retry(
        self, deliveries: Sequence[int] | None = None, *, destinations: Collection[str] | None = None, now: datetime
    ) -> int:
        """Make dead deliveries due now: all, or these, or those to these destinations. Resets their count of attempts.

        A message that may have arrived is repeated as it was; the rest is bundled anew. Deliveries to readers who have
        unsubscribed stay dead. Returns the number that are due again.
        """
        ...


# Departures: the addresses of subscribers whose readers have unsubscribed ---------------------------------------------


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
