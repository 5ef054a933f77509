"""Runs CPU-bound work off the event loop."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary

P = ParamSpec("P")
T = TypeVar("T")


class Desk:
    """Runs one job at a time, in the order of arrival.

    Python runs one thread at a time. Concurrent CPU-bound threads would lose time to switching: a third of the time of
    a first import.
    """

    def __init__(self) -> None:
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Like ``asyncio.to_thread``, once all earlier jobs are done."""
        async with self._turns.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
            return await asyncio.to_thread(work, *args, **kwargs)
