"""Everybody who is told: the subscribers of the configuration, with what readers chose, and who subscribed alone."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import overload

from monitor.core.alerting.plan import Chosen, answers, joined
from monitor.core.model import Project
from monitor.core.news import Destination, Subscriber
from monitor.errors import DeliveryError
from monitor.ports import SignUp
from monitor.settings.config import SelfService

#: Returns who subscribed alone, and what readers chose.
More = Callable[[], tuple[Iterable[Subscriber], Iterable[Chosen]]]


class Subscribed(Sequence[Subscriber]):
    """They are joined when they are first needed: most commands tell nobody, and open no database for it."""

    def __init__(self, configured: Sequence[Subscriber], more: More) -> None:
        self._configured = configured
        self._more = more
        self._joined: tuple[Subscriber, ...] | None = None

    def forget(self) -> None:
        """Join them anew at the next use, because readers have chosen something."""
        self._joined = None

    def _all(self) -> tuple[Subscriber, ...]:
        found = self._joined
        if found is None:
            found = self._joined = joined(self._configured, *self._more())
        return found

    def __iter__(self) -> Iterator[Subscriber]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    @overload
    def __getitem__(self, index: int) -> Subscriber: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Subscriber, ...]: ...

    def __getitem__(self, index: int | slice) -> Subscriber | tuple[Subscriber, ...]:
        return self._all()[index]


# Makes subscribers of those who subscribed alone ----------------------------------------------------------------------


def own_subscribers(
    sign_ups: Iterable[SignUp], offer: SelfService | None, projects: Iterable[Project], *, timezone: str
) -> Iterator[Subscriber]:
    """Those who confirmed, within what the operator offers now. None if the operator offers nothing."""
    if offer is None or offer.sender is None:
        return
    offered = [each.id for each in offered_projects(offer, projects)]
    for each in sign_ups:
        if is_welcome(each.address, offer) and (there := mailbox(offer.sender, each.address)) is not None:
            yield Subscriber(
                name=each.address,
                to=(there,),
                projects=tuple(id_ for id_ in each.projects if id_ in offered) if each.projects else offer.projects,
                language=each.language,
                digest=each.digest,
                timezone=timezone,
                is_own=True,
            )


def offered_projects(offer: SelfService, projects: Iterable[Project]) -> tuple[Project, ...]:
    """The projects that those who subscribe alone may follow."""
    return tuple(each for each in projects if answers(each.id, each.tags, offer.projects))


def is_welcome(address: str, offer: SelfService) -> bool:
    """Whether the operator lets mail addresses of this domain subscribe."""
    return "*" in offer.domains or address.rpartition("@")[2].lower() in offer.domains


def mailbox(sender: Destination, address: str) -> Destination | None:
    """The destination of mails from this account to this address. None if it is not an address."""
    from monitor.delivery.apprise import addressed  # noqa: PLC0415 - slow to load, and rarely needed

    try:
        return addressed(sender.url, address)
    except DeliveryError:
        return None
