"""Detects a storm: so many changes for one subscriber that they go as one message and the operator is warned. Pure.

Two causes look alike here: a feed that republishes its archive, and a word that was added to the vocabulary without
care. Both bring many changes within minutes. No change is lost. They wait a little, so that related changes can join,
and go as one message. The same happens beyond the number of messages that a subscriber accepts per hour.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: Changes within this time belong together. A storm waits this long for further ones.
SETTLING = timedelta(minutes=10)
#: The period to which ``Subscriber.at_most`` applies.
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """A change that was due to a subscriber in the last hour, or is due in the next."""

    #: When the ledger learnt it.
    at: datetime
    due_at: datetime
    project: str
    #: Whether it shares one message with everything else that is due then.
    together: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """How long the immediate changes of a subscriber wait, and why, worded for an operator."""

    until: datetime
    reason: str


def storm(new: Collection[str], recent: Sequence[Recent], *, at_most: int, now: datetime) -> Storm | None:
    """The storm that new changes, due now, belong to. None if there is no storm.

    Args:
        new: the project of each new change.
        recent: what was due to the subscriber in the last hour, and is due in the next.
        at_most: the number of messages that the subscriber accepts per hour.
        now: the present instant.
    """
    lately = len(new) + sum(1 for each in recent if each.at > now - SETTLING)
    # Pending messages count too. Otherwise there would be no room for them when they are due.
    sent = [at for at in _messages(recent) if at > now - HOUR]
    if lately > burst(at_most):
        reason = f"{lately} changes came in {SETTLING // timedelta(minutes=1)} minutes"
    elif len(set(new)) + len(sent) >= at_most:
        reason = f"there is room for {at_most} messages in an hour, of which one is kept for what waits"
    else:
        return None
    waiting = [each.due_at for each in recent if each.together and now < each.due_at <= now + HOUR]
    return Storm(until=min(waiting, default=None) or _next_room(sent, at_most, now + SETTLING), reason=reason)


def burst(at_most: int) -> int:
    """More changes than this within ``SETTLING`` are a storm: half of the hourly limit."""
    return at_most // 2


def _next_room(sent: Sequence[datetime], at_most: int, earliest: datetime) -> datetime:
    """The first instant, not before ``earliest``, that has fewer than ``at_most`` messages in the hour before it."""
    leaving = sorted(at + HOUR for at in sent if at + HOUR > earliest)
    return leaving[-at_most] if len(leaving) >= at_most else earliest


def _messages(recent: Sequence[Recent]) -> list[datetime]:
    """When messages went out or will go out. Changes of one project that are due at the same time are one message."""
    alone = {(each.due_at, each.project) for each in recent if not each.together}
    return [*(at for at, _ in alone), *{each.due_at for each in recent if each.together}]
