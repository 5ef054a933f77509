"""The road from the outbox to a destination: lease → message → send → outcome."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.core.message.briefing import Briefing
from monitor.core.message.compose import compose
from monitor.core.model import Project
from monitor.core.news import Change, Delivery, Destination, Subscriber
from monitor.core.state import ProjectState
from monitor.core.timing import next_attempt
from monitor.ports import (
    Outbox,
    Outcome,
    Sender,
    SendResult,
)
from monitor.watch import Watch

#: How long a worker may hold a delivery; longer than any sender's own time limit.
LEASE = timedelta(seconds=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt at one delivery, for logs and people."""

    delivery: Delivery
    #: Without secrets; the destination's id where it is no longer configured.
    destination: str
    result: SendResult
    #: None when it was sent, or given up.
    retry_at: datetime | None


def relay(
    outbox: Outbox,
    sender: Sender,
    watch: Watch,
    *,
    known: Callable[[str], ProjectState | None],
    worker: str,
    clock: Callable[[], datetime],
    chance: Callable[[], float],
) -> Attempt | None:
    """Lease the next delivery that is due, send it to its one destination, record the outcome; None when none is due.

    ``known`` says in few words what is known of a project now.

    A kill between sending and recording repeats this one message, with the same id, when its lease has run out.

    Raises:
        LedgerError: the database refused; the lease runs out and the delivery is due again.
    """
    leased = outbox.acquire(worker=worker, now=clock(), lease=LEASE, limit=1)
    if not leased:
        return None
    delivery = leased[0]
    subscriber, destination = _addressee(delivery, watch)
    if subscriber is None or destination is None:
        result = SendResult(outcome=Outcome.REFUSED, detail="the destination is no longer configured")
    else:
        briefing = brief_on(delivery.change, watch, known)
        message = compose(briefing, voice=watch.voice, language=subscriber.language, zone=ZoneInfo(subscriber.timezone))
        result = sender.send(destination.url, message)
    now, label = clock(), destination.label if destination else delivery.destination
    detail = f"{result.outcome}: {result.detail}" if result.detail else str(result.outcome)
    if result.outcome is Outcome.SENT:
        outbox.mark_sent(delivery.id, worker=worker, now=now, outcome=detail)
        return Attempt(delivery=delivery, destination=label, result=result, retry_at=None)
    refused = result.outcome is Outcome.REFUSED
    retry_at = None if refused else next_attempt(now, delivery.attempts + 1, result.retry_after, chance())
    outbox.mark_failed(delivery.id, worker=worker, now=now, outcome=detail, retry_at=retry_at)
    return Attempt(delivery=delivery, destination=label, result=result, retry_at=retry_at)


def _addressee(delivery: Delivery, watch: Watch) -> tuple[Subscriber | None, Destination | None]:
    subscriber = next((s for s in watch.subscribers if s.name == delivery.subscriber), None)
    destination = (
        next((d for d in subscriber.destinations if d.id == delivery.destination), None) if subscriber else None
    )
    return subscriber, destination


def brief_on(change: Change, watch: Watch, known: Callable[[str], ProjectState | None]) -> Briefing:
    """What a message of the change is made of; a project that is no longer configured goes by its id."""
    project = watch.projects.get(change.project) or Project(id=change.project, name={"": change.project})
    return Briefing(change=change, project=project, state=known(change.project))
