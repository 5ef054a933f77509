"""Subscriptions to hubs that push what is new: how they are asked for, where they are kept."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from monitor.core.polling.websub import HubSubscription

#: What a subscription is from now on; None where it stays as it is. Pure; called inside the transaction.
Step = Callable[[HubSubscription], HubSubscription | None]


class Submitter(Protocol):
    """Sends forms, by the same way and under the same guard as documents are fetched."""

    async def submit(self, url: str, form: Mapping[str, str]) -> None:
        """Post a form, redirects that keep the method (307, 308) followed.

        Raises:
            FetchError: it was not taken, with whether it will pass; ``ForbiddenAddressError`` where the guard refused.
        """
        ...


class HubSubscriptions(Protocol):
    """All subscriptions at hubs. Safe to call from several threads and processes; each method is one transaction.

    Every method raises ``LedgerError`` where a person can act (locked, read-only, full, unreachable).
    """

    def all(self) -> Sequence[HubSubscription]:
        """All that there are, by feed."""
        ...

    def named(self) -> Mapping[str, tuple[str, str]]:
        """The hub and the topic of each feed that named both when it was last read, by the feed's address."""
        ...

    def find(self, token: str) -> HubSubscription | None:
        """The one with this token."""
        ...

    def add(self, subscription: HubSubscription) -> None:
        """Keep a new one; its token is of no other."""
        ...

    def change(self, token: str, step: Step) -> HubSubscription | None:
        """Take one a step on, and keep what it is then; no other change of it comes between.

        Returns what it is then; None where there is none of this token, which is told without waiting for who writes,
        or the step left it as it is.
        """
        ...

    def forget(self, token: str) -> None:
        """Keep nothing of it any longer."""
        ...
