"""The budget of requests: so many in any minute, whoever asks."""

import asyncio
from collections import deque

_MINUTE = 60.0


class Pace:
    """Lets requests go one by one, at most so many in any sixty seconds. Belongs to one event loop."""

    def __init__(self, per_minute: int) -> None:
        #: When the last so many requests began.
        self._begun: deque[float] = deque(maxlen=per_minute)
        self._queue = asyncio.Lock()

    async def turn(self) -> None:
        """Wait until another request may begin, first come, first served, and count it."""
        async with self._queue:
            now = asyncio.get_running_loop().time()
            if len(self._begun) == self._begun.maxlen:
                await asyncio.sleep(max(0.0, self._begun[0] + _MINUTE - now))
            self._begun.append(asyncio.get_running_loop().time())
