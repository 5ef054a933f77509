"""When so much is told to one subscriber at once that it goes as one message, and the operator is warned. Pure.

A feed that publishes its archive anew and a word that was added to the vocabulary without care look alike from here:
many changes within minutes. None of them is lost; they wait a little, so that what belongs to them can join, and go as
one message. The same happens to what is beyond the messages that a subscriber takes in an hour.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

#: What comes within this time belongs together, and a storm waits so long for what belongs to it.
SETTLING = timedelta(minutes=10)
#: The time in which ``Subscriber.at_most`` messages may be sent.
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """A change that a subscriber was owed in the last hour, or is owed in the next."""

    #: When it came to be known.
    at: datetime
    due_at: datetime
    project: str
    #: Whether it goes, or went, with all else that was due then.
    together: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """What would be told to a subscriber at once waits until then; and why, in words for an operator."""

    until: datetime
    reason: str


def storm(new: Collection[str], recent: Sequence[Recent], *, at_most: int, now: datetime) -> Storm | None:
    """The storm that new changes are part of, which would be told now; None where there is none.

    Args:
        new: the project of each change that comes to be known now.
        recent: what the subscriber was owed in the last hour, and is owed in the next.
        at_most: the messages that the subscriber takes in an hour.
        now: the present instant.
    """
    lately = len(new) + sum(1 for each in recent if each.at > now - SETTLING)
    # Those that wait count as well: else there would be no room for them when their time comes.
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
    """More changes than these within the time of settling are a storm: half of what is taken in an hour."""
    return at_most // 2


def _next_room(sent: Sequence[datetime], at_most: int, earliest: datetime) -> datetime:
    """The first instant from the earliest one on before which, within an hour, fewer messages go than are taken."""
    leaving = sorted(at + HOUR for at in sent if at + HOUR > earliest)
    return leaving[-at_most] if len(leaving) >= at_most else earliest


def _messages(recent: Sequence[Recent]) -> list[datetime]:
    """When messages went out, or will: what goes together is one, and so is what is told of one project at one time."""
    alone = {(each.due_at, each.project) for each in recent if not each.together}
    return [*(at for at, _ in alone), *{each.due_at for each in recent if each.together}]
