"""A queue of pushes from hubs: acknowledged at once, read one after the other, bounded in bytes."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A push from a hub for a feed."""

    #: The token of the subscription.
    token: str = field(repr=False)
    feed: str
    at: datetime
    #: Empty if the feed itself is to be polled.
    body: bytes = field(repr=False)
    #: The Content-Type header, or "".
    content_type: str


class Intake:
    """A queue bounded in bytes. Belongs to one event loop."""

    def __init__(self, max_bytes: int) -> None:
        self._room = max_bytes
        self._in_hand: Counter[str] = Counter()
        self._queue: asyncio.Queue[Push | None] = asyncio.Queue()

    def reserve(self, token: str, size: int) -> bool:
        """Reserve room for a push of this subscription. False if there is no room; the hub has to send it again."""
        if size > self._room:
            return False
        self._room -= size
        self._in_hand[token] += 1
        return True

    def release(self, token: str, size: int) -> None:
        """Free the room of a push that was read or rejected."""
        self._room += size
        self._in_hand[token] -= 1
        if not self._in_hand[token]:
            del self._in_hand[token]

    def has(self, token: str) -> bool:
        """Whether a push of this subscription is waiting or being read."""
        return token in self._in_hand

    def put(self, push: Push) -> None:
        """Enqueue a push for which room was reserved."""
        self._queue.put_nowait(push)

    async def next(self) -> Push | None:
        """Wait for the next push and return it; release it once it was read. None once the intake is closed."""
        push = await self._queue.get()
        if push is None:
            self._queue.put_nowait(None)  # for other waiting readers
        return push

    def close(self) -> None:
        """Stop reading. Pushes that remain are not marked as taken, so their feeds are polled after the next start."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)
