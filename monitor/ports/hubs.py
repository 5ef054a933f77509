"""Subscriptions to hubs that push news: how they are requested and where they are stored."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from monitor.core.polling.websub import HubSubscription

#: (subscription) → its next value; None if it stays as it is. Pure; called inside the transaction.
Step = Callable[[HubSubscription], HubSubscription | None]


class Submitter(Protocol):
    """Sends forms over the same guarded way as fetches."""

    async def submit(self, url: str, form: Mapping[str, str]) -> None:
        """Post a form. Follows redirects that keep the method (307, 308).

        Raises:
            FetchError: the form was not accepted; the error says whether this is temporary. ``ForbiddenAddressError``
                if the guard refused.
        """
        ...


class HubSubscriptions(Protocol):
    """All subscriptions at hubs. Safe to call from several threads and processes; each method is one transaction.

    Every method raises ``LedgerError`` if a person can act (locked, read-only, full, unreachable).
    """

    def all(self) -> Sequence[HubSubscription]:
        """All subscriptions, ordered by feed."""
        ...

    def named(self) -> Mapping[str, tuple[str, str]]:
        """The hub and topic of each feed that named both when it was last read, by the feed's address."""
        ...

    def find(self, token: str) -> HubSubscription | None:
        """Find the subscription with this token."""
        ...

    def add(self, subscription: HubSubscription) -> None:
        """Store a new subscription. No other may have its token."""
        ...

    def change(self, token: str, step: Step) -> HubSubscription | None:
        """Apply a step to one subscription and store the result. No other change of it happens in between.

        Returns the result. None if no subscription has this token or if the step left it as it was. An unknown token is
        reported without waiting for writers.
        """
        ...

    def forget(self, token: str) -> None:
        """Delete the subscription."""
        ...
