"""Takes people off who subscribed alone, and sends mails again to those who left."""

import secrets
from typing import TYPE_CHECKING

from monitor.core.access import Actor
from monitor.core.news import Subscriber
from monitor.ports import AuditEntry

if TYPE_CHECKING:
    from monitor.app.archive import Archive


def remove(archive: "Archive", subscriber: Subscriber, actor: Actor) -> None:
    """Take somebody off who subscribed alone, and forget the address. What is owed to them is not sent."""
    assert subscriber.is_own
    for there in subscriber.destinations:
        token = archive.departures.token(subscriber.name, there.id, secrets.token_urlsafe(24))
        archive.departures.leave(token, archive.clock())
    archive.forget_own(subscriber.name)
    archive.audit.add(
        AuditEntry(at=archive.clock(), actor=actor.name, action="subscribers.remove", target=subscriber.name)
    )


def readmit(archive: "Archive", subscriber: str, actor: Actor) -> int:
    """Send mails again to those at a subscriber's addresses who have left. Returns how many addresses these are."""
    number = archive.departures.readmit(subscriber)
    detail = {"readmitted": number}
    archive.audit.add(
        AuditEntry(at=archive.clock(), actor=actor.name, action="subscribers.readmit", target=subscriber, detail=detail)
    )
    return number
