"""Decides which pending deliveries of one destination go out next, and which of them share a message. Pure.

These rules hold even if deliveries were held back, failed or were overtaken:

- The changes of one project are sent in the order in which the ledger learnt them.
- The changes of one project that are due at the same time go in one message: those that one article reports, and those
  that are still pending when a newer one comes. No change is dropped.
- A message that may have arrived is never composed again. It is repeated unchanged, with the same id.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

#: The most changes in one message. Nobody reads further, and every service truncates somewhere.
MOST_TOGETHER = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingDelivery:
    """A pending delivery to the destination that no worker is sending now."""

    id: int
    change: str
    project: str
    subscriber: str
    due_at: datetime
    #: Whether it shares one message with everything else of this kind that is due: a digest, or what was held back.
    together: bool = False
    #: The id of the message that it went out in, if that message may have arrived. It is sent again only in that
    #: message.
    bundle: str | None = None
    #: The number of attempts so far.
    attempts: int = 0
    #: 0 for the first choice. A higher rank is a fallback.
    rank: int = 0

    @property
    def is_held(self) -> bool:
        """Whether it waits for its due time, not for another attempt."""
        return self.attempts == 0 and self.bundle is None


def bundle_id(changes: Sequence[str]) -> str:
    """The id of the message that carries these changes. For a single change it is the id of the change."""
    if len(changes) == 1:
        return changes[0]
    return hashlib.sha256("\x1f".join(changes).encode()).hexdigest()[:32]


def bundles(
    waiting: Sequence[WaitingDelivery], now: datetime, *, limit: int
) -> tuple[tuple[WaitingDelivery, ...], ...]:
    """The messages that may go out now, in the order in which they must be sent.

    Send a message only after the messages before it were sent. If one fails, the rest must wait.

    Args:
        waiting: the pending deliveries of one destination, in the order in which the ledger learnt the changes.
        now: the present instant.
        limit: the most messages to return.
    """
    queue = _Queue(waiting, now)
    found: list[tuple[WaitingDelivery, ...]] = []
    for first in waiting:
        if len(found) == limit:
            break
        if bundle := queue.take(first):
            found.append(bundle)
    return tuple(found)


class _Queue:
    """The deliveries that remain while messages are taken out."""

    def __init__(self, waiting: Sequence[WaitingDelivery], now: datetime) -> None:
        self._now = now
        self._left = {one.id: one for one in waiting}
        self._of_project: dict[str, list[WaitingDelivery]] = defaultdict(list)
        self._of_key: dict[tuple[str, str, str], list[WaitingDelivery]] = defaultdict(list)
        for one in waiting:
            self._of_project[one.project].append(one)
            self._of_key[_key(one)].append(one)

    def take(self, first: WaitingDelivery) -> tuple[WaitingDelivery, ...]:
        """The message that contains ``first``, the first remaining delivery. Empty if it cannot go now."""
        if first.id not in self._left or first.due_at > self._now:
            return ()
        chosen = self._as_it_was(first) if first.bundle is not None else self._anew(first)
        self._remove(chosen)
        return tuple(sorted(chosen, key=_age))

    def _as_it_was(self, first: WaitingDelivery) -> tuple[WaitingDelivery, ...]:
        """The message that may have arrived: the whole of it, or nothing now."""
        again = self._of_key[_key(first)]
        is_ready = all(one.due_at <= self._now and self._before(one, again) is not None for one in again)
        return tuple(again) if is_ready else ()

    def _anew(self, first: WaitingDelivery) -> tuple[WaitingDelivery, ...]:
        """The due deliveries that go together, with the postponed ones that must be sent before them."""
        due = [one for one in self._of_key[_key(first)] if one.due_at <= self._now]
        chosen: list[WaitingDelivery] = []
        for one in due:
            before = self._before(one, chosen)
            if before is None or one in chosen:
                continue
            if chosen and len(chosen) + len(before) >= MOST_TOGETHER:
                break
            chosen += (*before, one)
        return tuple(chosen)

    def _remove(self, chosen: Sequence[WaitingDelivery]) -> None:
        for one in chosen:
            del self._left[one.id]
            self._of_project[one.project].remove(one)
            self._of_key[_key(one)].remove(one)

    def _before(self, one: WaitingDelivery, chosen: Sequence[WaitingDelivery]) -> tuple[WaitingDelivery, ...] | None:
        """The older deliveries of its project that must go along with it. None if it has to wait for another one."""
        along: list[WaitingDelivery] = []
        for other in takewhile(lambda each: each.id < one.id, self._of_project[one.project]):
            if other in chosen:
                continue
            if self._is_passed_by(other, one):
                if not other.is_held:
                    # Untried deliveries after this one wait for it, so none of them can go along.
                    break
                continue
            if not (other.is_held and other.subscriber == one.subscriber):
                return None
            along.append(other)
        return tuple(along)

    def _is_passed_by(self, other: WaitingDelivery, one: WaitingDelivery) -> bool:
        """Whether the older delivery may be sent later: a fallback, or one that another subscriber postponed.

        Of two deliveries that were tried, one always comes first, so they never wait for each other. Neither of them
        waits for an untried delivery: it had already been passed by when they were composed.
        """
        if other.is_held:
            is_put_off = other.due_at > self._now and (other.rank > 0 or other.subscriber != one.subscriber)
            return is_put_off or one.bundle is not None
        return not one.is_held and self._last(other) > self._last(one)

    def _last(self, tried: WaitingDelivery) -> int:
        return max(each.id for each in self._of_key[_key(tried)]) if tried.bundle is not None else tried.id


def _age(one: WaitingDelivery) -> int:
    return one.id


def _key(one: WaitingDelivery) -> tuple[str, str, str]:
    """The grouping key. Due deliveries with the same key go in one message."""
    if one.bundle is not None:
        return ("bundle", one.bundle, "")
    return ("all", one.subscriber, "") if one.together else ("project", one.subscriber, one.project)


# Detects a storm: so many changes for one subscriber that they go as one message and the operator is warned. Pure -----
#
# Two causes look alike here: a feed that republishes its archive, and a word that was added to the vocabulary without
# care. Both bring many changes within minutes. No change is lost. They wait a little, so that related changes can join,
# and go as one message. The same happens beyond the number of messages that a subscriber accepts per hour.


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
