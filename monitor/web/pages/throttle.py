"""Bounds work that costs much: one piece at a time, and few within a minute."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

T = TypeVar("T")

#: The most pieces of work within a minute, over all visitors.
A_MINUTE = 10


@dataclass(slots=True)
class WorkThrottle(Generic[T]):
    """Lets one piece of work run at a time, and few within a minute. Belongs to one event loop."""

    #: Returns the present instant.
    clock: Callable[[], datetime]
    _begun: deque[datetime] = field(init=False, default_factory=deque)
    _running: asyncio.Task[T] | None = field(init=False, default=None)

    def has_room(self) -> bool:
        """Whether another piece may begin now."""
        now = self.clock()
        while self._begun and not timedelta(0) <= now - self._begun[0] < timedelta(minutes=1):
            self._begun.popleft()
        is_idle = self._running is None or self._running.done()
        return is_idle and len(self._begun) < A_MINUTE

    async def run(self, work: Coroutine[Any, Any, T], patience: float) -> T:
        """Do the work, and wait for it no longer than this.

        What takes longer goes on until a limit of the workers ends it, and nothing else may start before.

        Raises:
            TimeoutError: it takes longer.
        """
        self._begun.append(self.clock())
        task = asyncio.create_task(work)
        self._running = task
        # Nobody may wait for it any more when it ends.
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        done, _ = await asyncio.wait({task}, timeout=patience)
        if not done:
            raise TimeoutError
        return task.result()
