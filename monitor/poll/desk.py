"""Where work for the processor alone is done, off the event loop."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary

P = ParamSpec("P")
T = TypeVar("T")


class Desk:
    """Does one thing at a time, in the order in which they come.

    Python runs one thread at a time however many have something to do; those that take turns at it take from each other
    what each change of turns costs, which is a third of a first import.
    """

    def __init__(self) -> None:
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``asyncio.to_thread`` does, once all that came before is done."""
        async with self._turns.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
            return await asyncio.to_thread(work, *args, **kwargs)
