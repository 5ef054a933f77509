"""Plans deliveries: which subscriber receives which change, where and when. Pure."""

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
    """The subscribers, with what is needed to evaluate their settings."""

    subscribers: Sequence[Subscriber]
    projects: Mapping[str, Project]
    #: Name of a time zone → the zone.
    zones: Callable[[str], tzinfo]

    def tags_of(self, project: str) -> tuple[str, ...]:
        """The tags of a project. Empty if it is no longer watched."""
        return self.projects[project].tags if project in self.projects else ()

    def follows(self, change: Change) -> Follows:
        """A function that says whether the project of the change matches one of some patterns."""
        tags = self.tags_of(change.project)
        return lambda patterns: answers(change.project, tags, patterns)

    def told_of(self, change: Change) -> Iterator[Subscriber]:
        """The subscribers that are to receive a change."""
        tags = self.tags_of(change.project)
        return (each for each in self.subscribers if explain(change, each, tags).told)

    def followed_by(self, subscriber: Subscriber) -> tuple[str, ...]:
        """The projects that a subscriber follows, in the order of the configuration."""
        return tuple(id_ for id_, each in self.projects.items() if answers(id_, each.tags, subscriber.projects))


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A change that a subscriber is to receive at one destination."""

    change: Change
    subscriber: Subscriber
    destination: Destination
    appointment: Appointment
    #: As in ``ports.Outgoing``.
    chain: str
    rank: int


def plan(
    changes: Iterable[Change], audience: Audience, now: datetime, recent: Mapping[str, Sequence[Recent]] | None = None
) -> tuple[Planned, ...]:
    """The deliveries that these new changes require, ordered by change and then by subscriber.

    A destination receives a change once, even if several subscribers share it. A first choice takes precedence over a
    fallback, then the earlier due time.

    Args:
        changes: the new changes. A duplicate is delivered once.
        audience: who may receive them.
        now: the present instant.
        recent: the recent deliveries of each subscriber, by name, to detect a storm. None if there are none.
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
    """The storms that these changes belong to, by the name of the subscriber that would receive them at once."""
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
    """Where and when this subscriber wants a change, regardless of other subscribers there. Fallbacks come last.

    Args:
        change: the new change.
        subscriber: who receives it.
        audience: what the settings are evaluated against.
        now: the present instant.
        on: the storm that the change belongs to. A change that would go alone waits for the end of the storm.
    """
    for destination in subscriber.to:
        if subscriber.wants(change.project, destination.id):
            yield Planned(
                change=change,
                subscriber=subscriber,
                destination=destination,
                appointment=_first(change, subscriber.at(destination.id), audience, now, on),
                chain=destination.id,
                rank=0,
            )
    zone, follows = audience.zones(subscriber.timezone), audience.follows(change)
    for fallback in subscriber.fallbacks:
        there = fallback.destination
        if not all(subscriber.wants(change.project, each) for each in (fallback.instead_of, there.id)):
            continue
        first = _first(change, subscriber.at(fallback.instead_of), audience, now, on)
        earliest = first.due_at + fallback.after
        due_at = opens(earliest, subscriber.at(there.id), zone, follows)
        yield Planned(
            change=change,
            subscriber=subscriber,
            destination=there,
            appointment=replace(first, due_at=due_at, together=first.together or due_at > earliest),
            chain=fallback.instead_of,
            rank=_rank(fallback, subscriber),
        )


def again(change: Change, name: str, destination: str, audience: Audience, now: datetime) -> Planned | None:
    """When a correction reaches the destination where this subscriber was told the mistake, whatever they want told.

    None if they are no longer configured there, or have turned the project off.
    """
    ordered = sorted(audience.subscribers, key=lambda each: each.name != name)
    places = ((each, there) for each in ordered for there in each.destinations if there.id == destination)
    for subscriber, there in places:
        if subscriber.wants(change.project, destination):
            return Planned(
                change=change,
                subscriber=subscriber,
                destination=there,
                appointment=_first(change, subscriber.at(destination), audience, now, None),
                chain=destination,
                rank=0,
            )
    return None


def _first(change: Change, subscriber: Subscriber, audience: Audience, now: datetime, on: Storm | None) -> Appointment:
    """When a first choice is told, as its reader wants it."""
    zone, follows = audience.zones(subscriber.timezone), audience.follows(change)
    first = appoint(now, subscriber, zone, follows)
    if on is None or first.together:
        return first
    calm = appoint(on.until, subscriber, zone, follows)
    reasons = (f"waits until {clock(on.until, zone)}: {on.reason}", *calm.reasons)
    return replace(calm, together=True, reasons=reasons)


def replan(delivery: Delivery, audience: Audience, now: datetime) -> datetime:
    """The correct due time of a delivery that was planned by a wrong clock: as if its change were new now.

    A delivery that was tried is due now. So is one that its subscriber no longer wants there. A change that becomes
    known later is never due earlier, so a delivery that was planned by a correct clock never becomes due earlier.
    """
    subscriber = next((each for each in audience.subscribers if each.name == delivery.subscriber), None)
    if subscriber is None or delivery.attempts:
        return now
    planned = wishes(delivery.change, subscriber, audience, now)
    return min((one.appointment.due_at for one in planned if one.destination.id == delivery.destination), default=now)


def closed(audience: Audience, now: datetime) -> frozenset[str]:
    """The destinations that may receive nothing now, not even late messages.

    The causes are quiet hours, days away and mutes of all projects, and an incomplete address. A destination that
    several subscribers share is closed only if it is closed for all of them.
    """
    is_open: dict[str, bool] = defaultdict(bool)
    for subscriber in audience.subscribers:
        zone = audience.zones(subscriber.timezone)
        for destination in subscriber.destinations:
            opened = opens(now, subscriber.at(destination.id), zone, lambda patterns: "*" in patterns) == now
            is_open[destination.id] |= opened and not destination.fault
    return frozenset(destination for destination, opened in is_open.items() if not opened)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Whether, where and when one subscriber receives a change, and why or why not."""

    subscriber: Subscriber
    entitlement: Entitlement
    #: What the subscriber wants. Each has the name of the subscriber that is served there instead, or None if it is
    #: this one.
    wishes: tuple[tuple[Planned, str | None], ...]


def hearings(
    change: Change, audience: Audience, now: datetime, recent: Mapping[str, Sequence[Recent]] | None = None
) -> tuple[Hearing, ...]:
    """What ``plan`` decides for this change, for each subscriber, whether or not they receive it."""
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
    """The rank of a fallback among those of one first choice. Fallbacks with the same delay have the same rank."""
    waits = {each.after for each in subscriber.fallbacks if each.instead_of == fallback.instead_of}
    return 1 + sum(1 for wait in waits if wait < fallback.after)


def _precedence(one: Planned) -> tuple[bool, datetime]:
    return one.rank > 0, one.appointment.due_at
