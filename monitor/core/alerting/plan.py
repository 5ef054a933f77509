"""Plans deliveries: which subscriber receives which change, where and when. Pure."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from fnmatch import fnmatchcase

from monitor.core.alerting.bundling import Recent, Storm, storm
from monitor.core.alerting.timetable import Follows, SendTime, appoint, clock, opens
from monitor.core.model import FactKind, Project
from monitor.core.news import Change, ChangeType, Choice, Delivery, Destination, Fallback, Subscriber
from monitor.core.state import Confidence

# Decides and explains who receives a change. Pure. One rule does both, so they never differ ---------------------------


#: The prefix of tag patterns. Project ids contain no colon.
TAG = "tag:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """Whether a subscriber receives a change, and why or why not, worded for an operator."""

    told: bool
    reason: str


def explain(change: Change, subscriber: Subscriber, tags: Collection[str] = ()) -> Entitlement:
    """Whether and why this subscriber receives this change, for a project with these tags."""
    if change.retracts is not None:
        return Entitlement(told=False, reason="a correction goes only where the change that it takes back was sent")
    return _explain(change, subscriber, tags)


def _explain(change: Change, subscriber: Subscriber, tags: Collection[str]) -> Entitlement:
    if not answers(change.project, tags, subscriber.projects):
        return Entitlement(
            told=False, reason=f"follows {', '.join(subscriber.projects) or 'no project'}, not {change.project}"
        )
    if subscriber.stages is not None and change.stage is not None and change.stage not in subscriber.stages:
        return Entitlement(
            told=False, reason=f"wants changes of {', '.join(sorted(subscriber.stages))}, not of {change.stage}"
        )
    if subscriber.confidence is Confidence.CONFIRMED and change.confidence is not Confidence.CONFIRMED:
        return Entitlement(told=False, reason="wants confirmed changes only, and this one is reported")
    if change.type in subscriber.changes:
        return Entitlement(told=True, reason=f"follows {change.project} and wants {change.type} changes")
    if _is_awaited_confirmation(change, subscriber):
        return Entitlement(told=True, reason="wants confirmed changes, and this one was held back as reported")
    wanted = ", ".join(kind for kind in ChangeType if kind in subscriber.changes) or "no"
    return Entitlement(told=False, reason=f"wants {wanted} changes, not {change.type}")


def answers(project: str, tags: Collection[str], patterns: Iterable[str]) -> bool:
    """Whether a project with this id and these tags matches one of the patterns."""
    return any(
        any(fnmatchcase(tag, pattern.removeprefix(TAG)) for tag in tags)
        if pattern.startswith(TAG)
        else fnmatchcase(project, pattern)
        for pattern in patterns
    )


def _is_awaited_confirmation(change: Change, subscriber: Subscriber) -> bool:
    """Whether the subscriber was not told while the change was only reported.

    Without this rule, a subscriber that wants confirmed status changes would never receive those that were reported
    first. The confirmation comes as a ``confirmed`` change, which is not in the subscriber's list.
    """
    if change.type is not ChangeType.CONFIRMED or subscriber.confidence is not Confidence.CONFIRMED:
        return False
    matter = {ChangeType.FACT} if isinstance(change.kind, FactKind) else {ChangeType.STATUS, ChangeType.MILESTONE}
    return not matter.isdisjoint(subscriber.changes)


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
    appointment: SendTime
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


def _first(change: Change, subscriber: Subscriber, audience: Audience, now: datetime, on: Storm | None) -> SendTime:
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


# Compares who is told of changes under two sets of settings. Pure -----------------------------------------------------


@dataclass(slots=True)
class Shift:
    """What one subscriber would have been told otherwise."""

    more: list[Change] = field(default_factory=list)
    less: list[Change] = field(default_factory=list)
    #: Told as well, but elsewhere or at another time.
    otherwise: list[Change] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RoutingComparison:
    """Two audiences, and what differs between them. Bundles and storms are not considered: they lose nothing."""

    before: Audience
    after: Audience

    def concerned(self) -> Mapping[str, tuple[Subscriber | None, Subscriber | None]]:
        """The subscribers whose settings differ, by name, before and after. All of them if a project has other tags."""
        were, are = ({each.name: each for each in audience.subscribers} for audience in (self.before, self.after))
        pairs = {name: (were.get(name), are.get(name)) for name in dict.fromkeys((*are, *were))}
        if self._has_same_tags():
            return {name: (was, now) for name, (was, now) in pairs.items() if was != now}
        return pairs

    def shifts(self, changes: Collection[Change]) -> Mapping[str, Shift]:
        """What the concerned subscribers would have been told otherwise of these changes, by name."""
        found: dict[str, Shift] = defaultdict(Shift)
        for name, (was, now) in self.concerned().items():
            for change in changes:
                told, tells = _told(change, was, self.before), _told(change, now, self.after)
                if tells and not told:
                    found[name].more.append(change)
                elif told and not tells:
                    found[name].less.append(change)
                elif told != tells:
                    found[name].otherwise.append(change)
        return dict(found)

    def _has_same_tags(self) -> bool:
        projects = dict.fromkeys((*self.before.projects, *self.after.projects))
        return all(self.before.tags_of(project) == self.after.tags_of(project) for project in projects)


def _told(change: Change, subscriber: Subscriber | None, audience: Audience) -> frozenset[tuple[str, datetime, bool]]:
    """Where and when a subscriber is told of a change, as if it had become known when it did."""
    if subscriber is None or not explain(change, subscriber, audience.tags_of(change.project)).told:
        return frozenset()
    return frozenset(_places(change, subscriber, audience))


def _places(change: Change, subscriber: Subscriber, audience: Audience) -> Iterator[tuple[str, datetime, bool]]:
    for one in wishes(change, subscriber, audience, change.at):
        yield one.destination.id, one.appointment.due_at, one.appointment.together


# Joins the configured subscribers with what readers chose by themselves. Pure -----------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the reader at one destination of a subscriber chose."""

    subscriber: str
    #: ``Destination.id``
    destination: str
    choice: Choice


def joined(
    configured: Iterable[Subscriber], own: Iterable[Subscriber], chosen: Iterable[Chosen]
) -> tuple[Subscriber, ...]:
    """Everybody who is told: those of the configuration, then those who subscribed alone, with their choices.

    Names are unique, since deliveries are recorded under them. The configuration has precedence.
    """
    choices: dict[str, dict[str, Choice]] = defaultdict(dict)
    for each in chosen:
        choices[each.subscriber][each.destination] = each.choice
    first = tuple(configured)
    names = {each.name for each in first}
    everybody = (*first, *(each for each in own if each.name not in names))
    return tuple(
        replace(each, choices=dict(choices[each.name])) if each.name in choices else each for each in everybody
    )


# Why nothing was sent to anybody, in a sentence for the operator. Pure ------------------------------------------------


#: The most subscribers that a sentence names.
_NAMED = 3


def why_no_delivery(changes: Sequence[Change], audience: Audience) -> str:
    """Why there is no delivery at all.

    Args:
        changes: the changes so far.
        audience: who may receive them.
    """
    if not audience.subscribers:
        return "subscribers.yaml names no subscriber"
    if not changes:
        return "no project has moved yet"
    if not any(True for change in changes for _ in audience.told_of(change)):
        return "no subscriber wants what has changed so far; monitor subscribers list shows what each wants"
    return "what has changed so far is history, which alerts nobody"


def why_waiting(deliveries: Iterable[Delivery], audience: Audience) -> str:
    """What holds deliveries of which none was tried, by subscriber. "" if nothing holds them but their turn."""
    by_name = {subscriber.name: subscriber for subscriber in audience.subscribers}
    held: dict[str, str] = {}
    for delivery in deliveries:
        subscriber = by_name.get(delivery.subscriber)
        if subscriber is not None and subscriber.name not in held:
            zone, follows = audience.zones(subscriber.timezone), audience.follows(delivery.change)
            reader = subscriber.at(delivery.destination)
            if reasons := appoint(delivery.change.at, reader, zone, follows).reasons:
                held[subscriber.name] = f"{subscriber.name}: {', '.join(reasons)}"
    more = [f"and {len(held) - _NAMED} more"] if len(held) > _NAMED else []
    return "; ".join([*list(held.values())[:_NAMED], *more])
