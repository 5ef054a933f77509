"""One delivery, from the outbox to a destination: lease → message → send → outcome."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from monitor.core.alerting.bundling import burst
from monitor.core.alerting.plan import closed, replan
from monitor.core.alerting.timetable import digest_days
from monitor.core.backoff import LEASE, believed, next_attempt
from monitor.core.event import cloud_event
from monitor.core.message.briefing import Briefing, SharedOccasion, Unmoved
from monitor.core.message.compose import compose, compose_digest, with_link
from monitor.core.model import Project
from monitor.core.news import Change, Delivery, Destination, Message, Subscriber
from monitor.core.state import Confidence, ProjectState
from monitor.delivery.pacing import Pacer
from monitor.errors import LedgerError
from monitor.ports import Bundle, Outbox, Outcome, Sender, SendResult
from monitor.watch.watch import Watch

#: No message begins this shortly before the end of the lease. Longer than the time limit of any sender.
_LAST_START = timedelta(seconds=40)
#: Changes that became known within this time of each other count as simultaneous: none had to wait for another.
_AT_ONCE = timedelta(minutes=1)
_GONE = SendResult(outcome=Outcome.REFUSED, detail="the destination is no longer configured")
#: With more projects that have not moved than this, a digest lists none of them.
MOST_UNMOVED = 30
#: The most messages in one lease.
AT_A_TIME = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class SendContext:
    """What every delivery needs. ``watch`` may change between two messages."""

    outbox: Outbox
    sender: Sender
    watch: Callable[[], Watch]
    #: Returns the current brief state of a project.
    known: Callable[[str], ProjectState | None]
    pacer: Pacer
    #: Returns the address of a project's page; "" if the monitor has no public address.
    page: Callable[[str], str]
    #: Returns the address for unsubscribing from a mail; "" if the monitor has no public address.
    unsubscribe: Callable[[Subscriber, Destination], str]
    #: Returns the address for managing the subscription behind a mail; "" if the monitor has no public address.
    manage: Callable[[Subscriber, Destination], str]
    #: The name that leases are taken under. No two at a time may share it.
    worker: str
    clock: Callable[[], datetime]
    #: Returns a number in [0, 1), for jitter.
    chance: Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt at one delivery, for logs and people."""

    delivery: Delivery
    #: The label of the destination, without secrets; its id if it is no longer configured.
    destination: str
    #: The id of the message, which may bring other deliveries too.
    message: str
    result: SendResult
    #: None if it was sent or given up.
    retry_at: datetime | None
    #: The bug of the monitor that was met. None if there was none.
    fault: Exception | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Leased messages to one destination, in the order in which they are sent."""

    bundles: tuple[Bundle, ...]
    #: No message begins after this: the end of the lease, or of the current minute, since quiet hours may begin at any
    #: minute.
    until: datetime
    #: None if it is no longer configured.
    destination: Destination | None


def relay(context: SendContext) -> tuple[Attempt, ...]:
    """Send what is due to one destination, some messages of it, and record what came of them; empty when nothing is.

    Raises:
        LedgerError: the database refused; the lease expires and the deliveries are due again.
    """
    batch = lease(context)
    if batch is None:
        return ()
    try:
        return tuple(send(batch, context, is_closing=lambda: False))
    finally:
        done(batch, context)


def lease(context: SendContext) -> Batch | None:
    """Lease the next messages to one destination, and occupy it; None when nothing is due that may be sent now.

    Raises:
        LedgerError: the database refused.
    """
    now, watch = context.clock(), context.watch()
    everywhere = [each for subscriber in watch.subscribers for each in subscriber.destinations]
    # What was due before quiet hours and is late, or failed, is not to wake anybody in them.
    without = {*context.pacer.resting(everywhere, now), *closed(watch.audience, now), *_unknown(context)}
    bundles = context.outbox.acquire(worker=context.worker, now=now, lease=LEASE, limit=AT_A_TIME, without=without)
    if not bundles:
        return None
    named = bundles[0].deliveries[0].destination
    destination = next((each for each in everywhere if each.id == named), None)
    if destination is not None:
        context.pacer.occupy(destination)
    minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return Batch(bundles=tuple(bundles), until=min(now + LEASE - _LAST_START, minute), destination=destination)


def _unknown(context: SendContext) -> frozenset[str]:
    """The destinations that a subscriber with an incomplete address may mean by it: what they are owed waits."""
    incomplete = [one for one in context.watch().subscribers if any(each.fault for each in one.destinations)]
    if not incomplete:
        return frozenset()
    known = {each.id for one in context.watch().subscribers for each in one.destinations}
    return context.outbox.owing([one.name for one in incomplete]) - known


def bring_forward(context: SendContext) -> int:
    """Have what a clock that ran ahead has put off sent when it should be; returns how many deliveries are due sooner.

    Raises:
        LedgerError: the database refused.
    """
    now, audience = context.clock(), context.watch().audience
    return context.outbox.bring_forward(now, lambda delivery: replan(delivery, audience, now))


def done(batch: Batch, context: SendContext) -> None:
    """Free what was occupied; to be called in any case."""
    if batch.destination is not None:
        context.pacer.free(batch.destination)


def send(batch: Batch, context: SendContext, *, is_closing: Callable[[], bool]) -> Iterator[Attempt]:
    """Send the messages one after the other and record what came of each; what is not begun is given back.

    It stops after a failure, at the limit of the pace, late in the lease, or if ``is_closing``. A kill between sending
    and recording repeats that one message, with the same id, once its lease has expired.

    Raises:
        LedgerError: the database refused; the lease expires and the deliveries are due again.
    """
    left = [part for bundle in batch.bundles for part in _split(bundle, batch.destination)]
    known = cache(context.known)
    while left:
        now = context.clock()
        if is_closing() or now >= believed(batch.until, now, LEASE) or not _may_go(batch, context, now):
            break
        bundle = left.pop(0)
        result, fault = _send(bundle, replace(context, known=known))
        yield from _record(bundle, result, batch, context, fault)
        if result.outcome is not Outcome.SENT:
            break
    for bundle in left:
        context.outbox.give_back(bundle, worker=context.worker)


def _split(bundle: Bundle, destination: Destination | None) -> Sequence[Bundle]:
    """A program is told each change by itself, under the change's id; a person all of them in one message."""
    if destination is None or not destination.takes_events:
        return (bundle,)
    return [replace(bundle, id=delivery.change.id, deliveries=(delivery,)) for delivery in bundle.deliveries]


def _may_go(batch: Batch, context: SendContext, now: datetime) -> bool:
    return batch.destination is None or context.pacer.take(batch.destination, now)


def _send(bundle: Bundle, context: SendContext) -> tuple[SendResult, Exception | None]:
    """Write the message and send it. A fault of ours in one message is that message's, and is tried again as others."""
    first = bundle.deliveries[0]
    subscriber = next((each for each in context.watch().subscribers if each.name == first.subscriber), None)
    there = subscriber.destinations if subscriber is not None else ()
    destination = next((each for each in there if each.id == first.destination), None)
    if subscriber is None or destination is None:
        return _GONE, None
    try:
        reader = subscriber.at(destination.id)
        message = _event(first.change) if destination.takes_events else _message(bundle, reader, context)
        if destination.is_mail:
            link, voice = context.manage(subscriber, destination), context.watch().voice
            message = with_link(message, link, voice=voice, language=reader.language)
            message = replace(message, unsubscribe=context.unsubscribe(subscriber, destination))
        return context.sender.send(destination.url, message), None
    except LedgerError:
        raise
    except Exception as error:  # noqa: BLE001 - logged; raised, it would block this destination for ever
        detail = f"internal error ({type(error).__name__}); details are in the log"
        return SendResult(outcome=Outcome.UNKNOWN, detail=detail), error


def _event(change: Change) -> Message:
    """The message for a program: only the event, since nobody reads a text."""
    event = cloud_event(change)
    return Message(title=change.id, body="", id=change.id, event=event, events=(event,), thread=change.project)


def _message(bundle: Bundle, subscriber: Subscriber, context: SendContext) -> Message:
    watch = context.watch()
    briefings = [
        replace(brief_on(each.change, watch, context.known, context.page), told_at=_told_at(each, context))
        for each in bundle.deliveries
    ]
    zone = ZoneInfo(subscriber.timezone)
    occasion = _occasion(bundle, subscriber)
    if len(briefings) == 1 and occasion is not SharedOccasion.DIGEST:
        message = compose(briefings[0], voice=watch.voice, language=subscriber.language, zone=zone)
        # The bundle's id is not the change's if it once had several changes and only this one is left.
        return replace(message, id=bundle.id)
    known_at = [delivery.change.at for delivery in bundle.deliveries]
    cron = subscriber.digest if occasion is SharedOccasion.DIGEST else None
    return compose_digest(
        briefings,
        id=bundle.id,
        at=max(known_at),
        occasion=occasion,
        voice=watch.voice,
        language=subscriber.language,
        zone=zone,
        unmoved=_unmoved(briefings, subscriber, context) if cron else (),
        days=digest_days(min(known_at), max(known_at), cron, zone) if cron else None,
        # Whoever wants only what is confirmed does not want doubts.
        with_doubt=cron is not None and subscriber.confidence is Confidence.REPORTED,
    )


def _told_at(delivery: Delivery, context: SendContext) -> datetime | None:
    """When the mistake was sent that a delivery takes back."""
    if (wrong := delivery.change.retracts) is None:
        return None
    sent = context.outbox.deliveries(change=wrong.change, destinations=[delivery.destination])
    return next((each.sent_at for each in sent if each.delivery.change.id == wrong.change), None)


def _unmoved(briefings: Sequence[Briefing], subscriber: Subscriber, context: SendContext) -> tuple[Unmoved, ...]:
    """The other projects that the subscriber follows; none of them where they are too many to be read."""
    watch, told = context.watch(), {briefing.project.id for briefing in briefings}
    others = [each for each in watch.audience.followed_by(subscriber) if each not in told]
    if len(others) > MOST_UNMOVED:
        return ()
    return tuple(Unmoved(project=watch.projects[each], state=context.known(each)) for each in others)


def _occasion(bundle: Bundle, subscriber: Subscriber) -> SharedOccasion:
    if not bundle.is_together:
        told = [each.change.at for each in bundle.deliveries]
        return SharedOccasion.MERGED if max(told) - min(told) > _AT_ONCE else SharedOccasion.AT_ONCE
    if subscriber.digest is not None:
        return SharedOccasion.DIGEST
    is_storm = len(bundle.deliveries) > burst(subscriber.at_most) or not subscriber.has_rest
    return SharedOccasion.STORM if is_storm else SharedOccasion.HELD


def _record(
    bundle: Bundle, result: SendResult, batch: Batch, context: SendContext, fault: Exception | None
) -> Iterator[Attempt]:
    """Write down what came of a message, for each delivery in it."""
    now, destination = context.clock(), batch.destination
    numbers = [delivery.id for delivery in bundle.deliveries]
    outcome = f"{result.outcome}: {result.detail}" if result.detail else str(result.outcome)
    retry_at = None
    if result.outcome is Outcome.SENT:
        context.outbox.mark_sent(numbers, message=bundle.id, now=now, outcome=outcome)
    else:
        tried = 1 + max(delivery.attempts for delivery in bundle.deliveries)
        if result.outcome is not Outcome.REFUSED:
            retry_at = next_attempt(now, tried, result.retry_after, context.chance())
        context.outbox.mark_failed(
            numbers,
            worker=context.worker,
            message=bundle.id,
            now=now,
            outcome=outcome,
            retry_at=retry_at,
            # A message that may have arrived once keeps that mark, whatever happens to its repeat.
            may_have_arrived=bundle.is_repeat or result.outcome is Outcome.UNKNOWN,
        )
    if destination is not None and result.outcome is Outcome.SENT:
        context.pacer.succeeded(destination)
    elif destination is not None and result is not _GONE:
        context.pacer.failed(destination, now, retry_after=result.retry_after, detail=outcome)
    attempt = Attempt(
        delivery=bundle.deliveries[0],
        destination=destination.label if destination is not None else bundle.deliveries[0].destination,
        message=bundle.id,
        result=result,
        retry_at=retry_at,
        fault=fault,
    )
    for delivery in bundle.deliveries:
        yield replace(attempt, delivery=delivery)


def brief_on(
    change: Change, watch: Watch, known: Callable[[str], ProjectState | None], page: Callable[[str], str]
) -> Briefing:
    """The input of a message on a change. A project that is no longer configured is named by its id, without a page."""
    project = watch.projects.get(change.project)
    if project is None:
        return Briefing(change=change, project=Project(id=change.project, name={"": change.project}))
    return Briefing(change=change, project=project, state=known(project.id), page=page(project.id))
