"""The outbox: deliveries that are owed, and how each stands."""

from collections.abc import Callable, Collection, Mapping, Sequence
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
    #: Another destination was told in its place; see ``Outgoing.chain``.
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRecord:
    """A delivery as an operator sees it."""

    delivery: Delivery
    state: DeliveryState
    due_at: datetime
    sent_at: datetime | None
    #: What the last attempt said; free of secrets.
    last_outcome: str
    #: The id of the message in which it went out, or may have; None before.
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecord:
    """One attempt at a delivery: when it ended, and how."""

    at: datetime
    #: What it came to, and what the service said; free of secrets.
    outcome: str
    #: The id under which the message went out; "" where that was not kept.
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The deliveries that go to one destination in one message."""

    #: Of the message; the same at every attempt that may have been another one's repetition. That of its change where
    #: it is one.
    id: str
    #: In the order in which their changes came to be known; of one subscriber.
    deliveries: tuple[Delivery, ...]
    #: Whether they go together because they were to, as a digest or as what was held back.
    is_together: bool
    #: Whether it was sent before, and may have arrived.
    is_repeat: bool


#: A delivery → when it is due if it comes to be owed now. Pure.
Replan = Callable[[Delivery], datetime]


class Outbox(Protocol):
    """Deliveries that are owed. They are leased, sent, marked; a lease that runs out is free again.

    Which of them go out next, and which in one message, ``core.bundling`` says. What may have arrived (a lease that ran
    out, an attempt of unknown outcome) goes again in the same message; what has surely not is put together anew.
    """

    def acquire(
        self, *, worker: str, now: datetime, lease: timedelta, limit: int, without: Collection[str] = ()
    ) -> Sequence[Bundle]:
        """Lease the next messages to the one destination that has waited longest, in the order in which they must go.

        Nobody else is given anything for that destination until all of them are marked or given back, or the lease has
        run out. Where one of them fails, those after it must not be sent, but given back.

        Args:
            worker: who leases.
            now: the present instant.
            lease: how long it may take; no longer than ``core.timing.LEASE``, for no lease is believed to.
            limit: messages at most.
            without: destinations that are not to be sent to now.
        """
        ...

    def give_back(self, bundle: Bundle, *, worker: str) -> None:
        """Free a lease of which nothing was sent; does nothing once the lease is another's."""
        ...

    def mark_sent(self, deliveries: Sequence[int], *, message: str, now: datetime, outcome: str) -> None:
        """Record success, even where the lease has run out; does nothing to what is finished already.

        What stands in the same chain at another rank, and is still to be sent, is superseded.
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

        Does nothing once the lease is another's. What stands in the same chain as something that was sent meanwhile is
        superseded instead.
        """
        ...

    def bring_forward(self, now: datetime, replan: Replan) -> int:
        """Plan anew what is due later than it can rightly be; returns how many are due sooner by that.

        Their due times are those of a clock that ran ahead and was set back since: an attempt that waits longer than
        any does, a delivery that is told at once and not yet, a change that came to be known later than now. Nothing is
        due later than before.
        """
        ...

    def release(self) -> int:
        """Free every lease; returns how many. Only for a worker that knows that no other one is alive."""
        ...

    def deliveries(
        self,
        *,
        state: DeliveryState | None = None,
        change: str | None = None,
        destinations: Collection[str] | None = None,
        limit: int | None = None,
    ) -> Sequence[DeliveryRecord]:
        """The newest deliveries, newest last.

        Args:
            state: in this state only.
            change: of changes whose id begins so, or that were told in a message whose id does.
            destinations: to these only.
            limit: no more than so many.
        """
        ...

    def attempts(self, deliveries: Sequence[int]) -> Mapping[int, Sequence[AttemptRecord]]:
        """Every attempt at each of these, the first one first; those before a retry too."""
        ...

    def retry(
        self, deliveries: Sequence[int] | None = None, *, destinations: Collection[str] | None = None, now: datetime
    ) -> int:
        """Make dead deliveries (all, or these, or those to these destinations) due now, with their attempts forgotten.

        What may have arrived goes again as it was, the rest is put together anew. Nobody's who has unsubscribed is due
        again. Returns how many are.
        """
        ...
