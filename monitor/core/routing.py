"""Who is owed which change. Pure; one rule decides and explains, so that the two never differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from monitor.core.model import FactKind
from monitor.core.news import Change, ChangeType, Destination, Subscriber
from monitor.core.state import Confidence

#: A change, who is to hear of it, and where.
Owed = tuple[Change, Subscriber, Destination]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a subscriber is told of a change, and why or why not, in words for an operator."""

    told: bool
    reason: str


def route(changes: Iterable[Change], subscribers: Iterable[Subscriber]) -> tuple[Owed, ...]:
    """The messages owed, in the order of changes, subscribers and destinations.

    A destination that a subscriber names twice, and a change that is given twice, are owed once.
    """
    owed: dict[tuple[str, str, str], Owed] = {}
    everyone = tuple(subscribers)
    for change in changes:
        for subscriber in everyone:
            if explain(change, subscriber).told:
                for destination in subscriber.to:
                    key = (change.id, subscriber.name, destination.id)
                    owed.setdefault(key, (change, subscriber, destination))
    return tuple(owed.values())


def explain(change: Change, subscriber: Subscriber) -> Verdict:
    """Why this subscriber is, or is not, told of this change."""
    if not any(fnmatchcase(change.project, pattern) for pattern in subscriber.projects):
        return Verdict(
            told=False, reason=f"follows {', '.join(subscriber.projects) or 'no project'}, not {change.project}"
        )
    if subscriber.confidence is Confidence.CONFIRMED and change.confidence is not Confidence.CONFIRMED:
        return Verdict(told=False, reason="wants confirmed changes only, and this one is reported")
    if change.type in subscriber.changes:
        return Verdict(told=True, reason=f"follows {change.project} and wants {change.type} changes")
    if _is_awaited_confirmation(change, subscriber):
        return Verdict(told=True, reason="wants confirmed changes, and this one was held back as reported")
    wanted = ", ".join(kind for kind in ChangeType if kind in subscriber.changes) or "no"
    return Verdict(told=False, reason=f"wants {wanted} changes, not {change.type}")


def _is_awaited_confirmation(change: Change, subscriber: Subscriber) -> bool:
    """Whether the subscriber was not told of the matter while it was only reported.

    Without this, one who asks for status changes once they are confirmed would never hear of those that were reported
    first: what comes later is a ``confirmed`` change, which is not in the list.
    """
    if change.type is not ChangeType.CONFIRMED or subscriber.confidence is not Confidence.CONFIRMED:
        return False
    matter = {ChangeType.FACT} if isinstance(change.kind, FactKind) else {ChangeType.STATUS, ChangeType.MILESTONE}
    return not matter.isdisjoint(subscriber.changes)
