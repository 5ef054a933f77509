"""Decides which pending deliveries of one destination go out next, and which of them share a message. Pure.

These rules hold even if deliveries were held back, failed or were overtaken:

- The changes of one project are sent in the order in which the ledger learnt them.
- The changes of one project that are due at the same time go in one message: those that one article reports, and those
  that are still pending when a newer one comes. No change is dropped.
- A message that may have arrived is never composed again. It is repeated unchanged, with the same id.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

#: The most changes in one message. Nobody reads further, and every service truncates somewhere.
MOST_TOGETHER = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
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


def bundles(waiting: Sequence[Waiting], now: datetime, *, limit: int) -> tuple[tuple[Waiting, ...], ...]:
    """The messages that may go out now, in the order in which they must be sent.

    Send a message only after the messages before it were sent. If one fails, the rest must wait.

    Args:
        waiting: the pending deliveries of one destination, in the order in which the ledger learnt the changes.
        now: the present instant.
        limit: the most messages to return.
    """
    queue = _Queue(waiting, now)
    found: list[tuple[Waiting, ...]] = []
    for first in waiting:
        if len(found) == limit:
            break
        if bundle := queue.take(first):
            found.append(bundle)
    return tuple(found)


class _Queue:
    """The deliveries that remain while messages are taken out."""

    def __init__(self, waiting: Sequence[Waiting], now: datetime) -> None:
        self._now = now
        self._left = {one.id: one for one in waiting}
        self._of_project: dict[str, list[Waiting]] = defaultdict(list)
        self._of_key: dict[tuple[str, str, str], list[Waiting]] = defaultdict(list)
        for one in waiting:
            self._of_project[one.project].append(one)
            self._of_key[_key(one)].append(one)

    def take(self, first: Waiting) -> tuple[Waiting, ...]:
        """The message that contains ``first``, the first remaining delivery. Empty if it cannot go now."""
        if first.id not in self._left or first.due_at > self._now:
            return ()
        chosen = self._as_it_was(first) if first.bundle is not None else self._anew(first)
        self._remove(chosen)
        return tuple(sorted(chosen, key=_age))

    def _as_it_was(self, first: Waiting) -> tuple[Waiting, ...]:
        """The message that may have arrived: the whole of it, or nothing now."""
        again = self._of_key[_key(first)]
        is_ready = all(one.due_at <= self._now and self._before(one, again) is not None for one in again)
        return tuple(again) if is_ready else ()

    def _anew(self, first: Waiting) -> tuple[Waiting, ...]:
        """The due deliveries that go together, with the postponed ones that must be sent before them."""
        due = [one for one in self._of_key[_key(first)] if one.due_at <= self._now]
        chosen: list[Waiting] = []
        for one in due:
            before = self._before(one, chosen)
            if before is None or one in chosen:
                continue
            if chosen and len(chosen) + len(before) >= MOST_TOGETHER:
                break
            chosen += (*before, one)
        return tuple(chosen)

    def _remove(self, chosen: Sequence[Waiting]) -> None:
        for one in chosen:
            del self._left[one.id]
            self._of_project[one.project].remove(one)
            self._of_key[_key(one)].remove(one)

    def _before(self, one: Waiting, chosen: Sequence[Waiting]) -> tuple[Waiting, ...] | None:
        """The older deliveries of its project that must go along with it. None if it has to wait for another one."""
        along: list[Waiting] = []
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

    def _is_passed_by(self, other: Waiting, one: Waiting) -> bool:
        """Whether the older delivery may be sent later: a fallback, or one that another subscriber postponed.

        Of two deliveries that were tried, one always comes first, so they never wait for each other. Neither of them
        waits for an untried delivery: it had already been passed by when they were composed.
        """
        if other.is_held:
            is_put_off = other.due_at > self._now and (other.rank > 0 or other.subscriber != one.subscriber)
            return is_put_off or one.bundle is not None
        return not one.is_held and self._last(other) > self._last(one)

    def _last(self, tried: Waiting) -> int:
        return max(each.id for each in self._of_key[_key(tried)]) if tried.bundle is not None else tried.id


def _age(one: Waiting) -> int:
    return one.id


def _key(one: Waiting) -> tuple[str, str, str]:
    """The grouping key. Due deliveries with the same key go in one message."""
    if one.bundle is not None:
        return ("bundle", one.bundle, "")
    return ("all", one.subscriber, "") if one.together else ("project", one.subscriber, one.project)
