"""Who hears of what, where and when: what is owed when changes come to be known. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from monitor.core.alerting.routing import Entitlement, answers, explain
from monitor.core.alerting.storm import Recent, Storm, storm
from monitor.core.alerting.timetable import Appointment, Follows, appoint, clock, opens
from monitor.core.model import Project
from monitor.core.news import Change, Delivery, Destination, Fallback, Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Those who may hear of something, and what their wishes are held against."""

    subscribers: Sequence[Subscriber]
    projects: Mapping[str, Project]
    #: Name of a time zone → the zone.
    zones: Callable[[str], tzinfo]

    def tags_of(self, project: str) -> tuple[str, ...]:
        """The tags of a project; none where it is watched no more."""
        return self.projects[project].tags if project in self.projects else ()

    def follows(self, change: Change) -> Follows:
        """Whether the change is of a project that answers to one of some patterns."""
        tags = self.tags_of(change.project)
        return lambda patterns: answers(change.project, tags, patterns)

    def told_of(self, change: Change) -> Iterator[Subscriber]:
        """Those that are to hear of a change."""
        tags = self.tags_of(change.project)
        return (each for each in self.subscribers if explain(change, each, tags).told)

    def followed_by(self, subscriber: Subscriber) -> tuple[str, ...]:
        """The projects that a subscriber follows, in the order of the configuration."""
        return tuple(id_ for id_, each in self.projects.items() if answers(id_, each.tags, subscriber.projects))


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A change that a subscriber is to hear of at one destination."""

    change: Change
    subscriber: Subscriber
    destination: Destination
    appointment: Appointment
    #: As ``ports.Outgoing``.
    chain: str
    rank: int


def plan(
    changes: Iterable[Change], audience: Audience, now: datetime, recent: Mapping[str, Sequence[Recent]] | None = None
) -> tuple[Planned, ...]:
    """What is owed when these changes come to be known now, in their order and that of the subscribers.

    A destination hears of a change once, whoever shares it: as a first choice rather than as a fallback, and as early
    as it may.

    Args:
        changes: what came to be known; one that is given twice is owed once.
        audience: who may hear of it.
        now: the present instant.
        recent: what each subscriber was owed lately, by name: whether there is a storm; None for nothing.
    """
    changes = tuple({change.id: change for change in changes}.values())
    storms = weather(changes, audience, now, recent or {})
    best: dict[tuple[str, str], Planned] = {}
    for change in changes:
        for subscriber in audience.told_of(change):
            for one in wishes(change, subscriber, audience, now, storms.get(subscriber.name)):
                key = (change.id, one.destination.id)
                if key not in best or _precedence(one) < _precedence(best[key]):
                    best[key] = one
    return tuple(best.values())


def weather(
    changes: Iterable[Change], audience: Audience, now: datetime, recent: Mapping[str, Sequence[Recent]]
) -> Mapping[str, Storm]:
    """The storms that these changes are part of, by the names of the subscribers who would be told of them at once."""
    alone: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        for subscriber in audience.told_of(change):
            zone, follows = audience.zones(subscriber.timezone), audience.follows(change)
            if subscriber.digest is None and opens(now, subscriber, zone, follows) == now:
                alone[subscriber.name].append(change.project)
    found = {
        each.name: storm(alone[each.name], recent.get(each.name, ()), at_most=each.at_most, now=now)
        for each in audience.subscribers
        if each.name in alone
    }
    return {name: each for name, each in found.items() if each is not None}


def wishes(
    change: Change, subscriber: Subscriber, audience: Audience, now: datetime, on: Storm | None = None
) -> Iterator[Planned]:
    """Where and when this subscriber wants to hear of a change, whoever else is told there; fallbacks last.

    Args:
        change: what came to be known.
        subscriber: who is told of it.
        audience: what wishes are held against.
        now: the present instant.
        on: the storm that it is part of; what is told alone waits for its end.
    """
    zone, follows = audience.zones(subscriber.timezone), audience.follows(change)
    first = appoint(now, subscriber, zone, follows)
    if on is not None and not first.together:
        calm = appoint(on.until, subscriber, zone, follows)
        reasons = (f"waits until {clock(on.until, zone)}: {on.reason}", *calm.reasons)
        first = replace(calm, together=True, reasons=reasons)
    for destination in subscriber.to:
        yield Planned(
            change=change,
            subscriber=subscriber,
            destination=destination,
            appointment=first,
            chain=destination.id,
            rank=0,
        )
    for fallback in subscriber.fallbacks:
        earliest = first.due_at + fallback.after
        due_at = opens(earliest, subscriber, zone, follows)
        yield Planned(
            change=change,
            subscriber=subscriber,
            destination=fallback.destination,
            appointment=replace(first, due_at=due_at, together=first.together or due_at > earliest),
            chain=fallback.instead_of,
            rank=_rank(fallback, subscriber),
        )


def replan(delivery: Delivery, audience: Audience, now: datetime) -> datetime:
    """When a delivery is due that was planned by a wrong clock: as if its change came to be known now.

    What was tried is due now, and so is what its subscriber wants there no more. Since nobody is told sooner of what
    comes to be known later, what was planned by a right clock is never due sooner by this.
    """
    subscriber = next((each for each in audience.subscribers if each.name == delivery.subscriber), None)
    if subscriber is None or delivery.attempts:
        return now
    planned = wishes(delivery.change, subscriber, audience, now)
    return min((one.appointment.due_at for one in planned if one.destination.id == delivery.destination), default=now)


def closed(audience: Audience, now: datetime) -> frozenset[str]:
    """The destinations to which nothing may go now, not even what is late: quiet hours, days away, mutes of all.

    One that several subscribers share is closed while it is for each of them.
    """
    is_open: dict[str, bool] = defaultdict(bool)
    for subscriber in audience.subscribers:
        opened = opens(now, subscriber, audience.zones(subscriber.timezone), lambda patterns: "*" in patterns) == now
        for destination in subscriber.destinations:
            is_open[destination.id] |= opened
    return frozenset(destination for destination, opened in is_open.items() if not opened)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Whether, where and when one subscriber hears of a change, and why or why not."""

    subscriber: Subscriber
    entitlement: Entitlement
    #: What the subscriber wants; each with the name of the one who is told there instead, where that is another one.
    wishes: tuple[tuple[Planned, str | None], ...]


def hearings(
    change: Change, audience: Audience, now: datetime, recent: Mapping[str, Sequence[Recent]] | None = None
) -> tuple[Hearing, ...]:
    """What ``plan`` decides of this change, told of each subscriber, whether or not they hear of it."""
    owed = {one.destination.id: one.subscriber.name for one in plan([change], audience, now, recent)}
    storms = weather([change], audience, now, recent or {})
    found = []
    for subscriber in audience.subscribers:
        entitlement = explain(change, subscriber, audience.tags_of(change.project))
        wanted = wishes(change, subscriber, audience, now, storms.get(subscriber.name)) if entitlement.told else ()
        told = [(one, owed[one.destination.id]) for one in wanted]
        found.append(
            Hearing(
                subscriber=subscriber,
                entitlement=entitlement,
                wishes=tuple((one, name if name != subscriber.name else None) for one, name in told),
            )
        )
    return tuple(found)


def _rank(fallback: Fallback, subscriber: Subscriber) -> int:
    """The place of a fallback among those of one first choice; those that wait as long have the same."""
    waits = {each.after for each in subscriber.fallbacks if each.instead_of == fallback.instead_of}
    return 1 + sum(1 for wait in waits if wait < fallback.after)


def _precedence(one: Planned) -> tuple[bool, datetime]:
    return one.rank > 0, one.appointment.due_at
