"""Gives turns to work on passwords, which takes much memory and time. Networks take turns, however much each sends."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

#: Passwords of strangers that are hashed at a time, and of browsers that are known; each takes 64 MB.
_AT_A_TIME = 1
#: The most attempts of one network that wait.
_WAITING = 16


@dataclass(slots=True)
class Turns:
    """The turns of one server. Belongs to one event loop."""

    _known: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_A_TIME))
    _strangers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_A_TIME))
    #: One attempt of each network stands in the line of strangers. The others wait behind it.
    _networks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    _waiting: Counter[str] = field(default_factory=Counter)

    def has_room(self, network: str) -> bool:
        """Whether another attempt of strangers of this network may wait."""
        return self._waiting[network] < _WAITING

    @asynccontextmanager
    async def of_known(self) -> AsyncIterator[None]:
        """Wait for the turn of somebody who is known. Strangers delay nobody here."""
        async with self._known:
            yield

    @asynccontextmanager
    async def of_stranger(self, network: str) -> AsyncIterator[None]:
        """Wait for the turn of a stranger of this network."""
        mine = self._networks.get(network)
        if mine is None:
            mine = self._networks[network] = asyncio.Lock()
        self._waiting[network] += 1
        try:
            async with mine, self._strangers:
                yield
        finally:
            self._waiting[network] -= 1
            if not self._waiting[network]:
                del self._waiting[network]
