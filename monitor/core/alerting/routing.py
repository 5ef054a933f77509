"""Decides and explains who receives a change. Pure. One rule does both, so they never differ."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from monitor.core.model import FactKind
from monitor.core.news import Change, ChangeType, Subscriber
from monitor.core.state import Confidence

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
