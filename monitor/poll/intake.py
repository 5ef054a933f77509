"""What hubs have pushed and nobody has read yet: acknowledged at once, read one after the other, bounded in bytes."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """What a hub pushed of a feed."""

    #: Of the subscription.
    token: str = field(repr=False)
    feed: str
    at: datetime
    #: Empty where the feed is to be asked itself.
    body: bytes = field(repr=False)
    #: The Content-Type header, or "".
    content_type: str


class Intake:
    """A queue with so much room. Belongs to one event loop."""

    def __init__(self, max_bytes: int) -> None:
        self._room = max_bytes
        self._in_hand: Counter[str] = Counter()
        self._queue: asyncio.Queue[Push | None] = asyncio.Queue()

    def reserve(self, token: str, size: int) -> bool:
        """Keep room for a push of this subscription; False where there is none, and the hub is to come again."""
        if size > self._room:
            return False
        self._room -= size
        self._in_hand[token] += 1
        return True

    def release(self, token: str, size: int) -> None:
        """Give the room back: the push was read, or is none."""
        self._room += size
        self._in_hand[token] -= 1
        if not self._in_hand[token]:
            del self._in_hand[token]

    def has(self, token: str) -> bool:
        """Whether something that this subscription brought is waiting, or being read."""
        return token in self._in_hand

    def put(self, push: Push) -> None:
        """Have a push read, for which room was kept."""
        self._queue.put_nowait(push)

    async def next(self) -> Push | None:
        """The next push, as soon as there is one, to be released when it was read; None once the intake is closed."""
        push = await self._queue.get()
        if push is None:
            self._queue.put_nowait(None)  # for whoever else is waiting
        return push

    def close(self) -> None:
        """Nothing is read any more; what is left was not told to be taken, so it is asked for after the next start."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)
