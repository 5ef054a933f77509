"""Which of the changes that wait for one destination go out next, and which of them in one message. Pure.

What holds, whatever was held back, failed or overtaken:

- Of one project the changes are told in the order in which they came to be known.
- What of one project is due at one time is told in one message: what one article tells, and what still waits when
  something newer comes. None is dropped.
- A message that may have arrived is never composed anew: it is repeated as it was, under the same id.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

#: No message tells more changes than these: nobody reads on, and every service cuts somewhere.
MOST_TOGETHER = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A delivery that is owed to the destination and that nobody is sending now."""

    id: int
    change: str
    project: str
    subscriber: str
    due_at: datetime
    #: Whether it goes with all else of this kind that is due, as one message: a digest, or what was held back.
    together: bool = False
    #: The message that it went out in, where that may have arrived; it goes again in that one alone.
    bundle: str | None = None
    #: How often it was tried.
    attempts: int = 0
    #: 0 for the first choice; else it only stands in for another one.
    rank: int = 0

    @property
    def is_held(self) -> bool:
        """Whether it only waits for its hour, and not for another attempt."""
        return self.attempts == 0 and self.bundle is None


def bundle_id(changes: Sequence[str]) -> str:
    """The id of the message that tells these changes: the change's own where it is one."""
    if len(changes) == 1:
        return changes[0]
    return hashlib.sha256("\x1f".join(changes).encode()).hexdigest()[:32]


def bundles(waiting: Sequence[Waiting], now: datetime, *, limit: int) -> tuple[tuple[Waiting, ...], ...]:
    """The messages that may go out now, in the order in which they must.

    Each can be sent once those before it were; where one fails, what follows waits.

    Args:
        waiting: what waits for one destination, in the order in which it came to be known.
        now: the present instant.
        limit: no more than so many messages.
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
    """What is left of it while messages are taken out."""

    def __init__(self, waiting: Sequence[Waiting], now: datetime) -> None:
        self._now = now
        self._left = {one.id: one for one in waiting}
        self._of_project: dict[str, list[Waiting]] = defaultdict(list)
        self._of_key: dict[tuple[str, str, str], list[Waiting]] = defaultdict(list)
        for one in waiting:
            self._of_project[one.project].append(one)
            self._of_key[_key(one)].append(one)

    def take(self, first: Waiting) -> tuple[Waiting, ...]:
        """The message that this one, which is the first of those left, goes in; empty where it cannot go now."""
        if first.id not in self._left or first.due_at > self._now:
            return ()
        chosen = self._as_it_was(first) if first.bundle is not None else self._anew(first)
        self._remove(chosen)
        return tuple(sorted(chosen, key=_age))

    def _as_it_was(self, first: Waiting) -> tuple[Waiting, ...]:
        """The message that may have arrived: whole, or not now."""
        again = self._of_key[_key(first)]
        is_ready = all(one.due_at <= self._now and self._before(one, again) is not None for one in again)
        return tuple(again) if is_ready else ()

    def _anew(self, first: Waiting) -> tuple[Waiting, ...]:
        """What is due and goes together, with what was put off and must be told before it."""
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
        """What of its project must be told before it and goes along; None where it has to wait for something else."""
        along: list[Waiting] = []
        for other in takewhile(lambda each: each.id < one.id, self._of_project[one.project]):
            if other in chosen:
                continue
            if self._is_passed_by(other, one):
                if not other.is_held:
                    # It keeps what was not tried yet waiting.
                    break
                continue
            if not (other.is_held and other.subscriber == one.subscriber):
                return None
            along.append(other)
        return tuple(along)

    def _is_passed_by(self, other: Waiting, one: Waiting) -> bool:
        """Whether what is older may be told later: a substitute, or what another subscriber has put off.

        Of two that were tried, one always is the first, so that they never wait for each other; and neither of them
        waits for what was not tried, since that had been passed by when they were composed.
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
    """What is due and has the same key goes in one message."""
    if one.bundle is not None:
        return ("bundle", one.bundle, "")
    return ("all", one.subscriber, "") if one.together else ("project", one.subscriber, one.project)
