"""Makes subscribers of those who subscribed alone."""

from collections.abc import Iterable, Iterator

from monitor.core.alerting.routing import answers
from monitor.core.model import Project
from monitor.core.news import Destination, Subscriber
from monitor.errors import DeliveryError
from monitor.ports import SignUp
from monitor.settings.config import SelfService


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
