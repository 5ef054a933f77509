"""A misbehaving server and a fetcher that may go to it, and nowhere else inside."""

from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_network

import pytest

from monitor.feeds.fetch import GuardedFetcher
from tests.servers import LoopbackServer

LOOPBACK = ip_network("127.0.0.1/32")


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as running:
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[GuardedFetcher]:
    async with GuardedFetcher(
        timeout=5, max_bytes=1_000_000, contact="ops@example.org", allow_private=[LOOPBACK]
    ) as it:
        yield it
