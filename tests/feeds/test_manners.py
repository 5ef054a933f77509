"""How sites are treated: by what they ask for pages, at a distance, and not at all while they want to be left alone."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from monitor.errors import DisallowedError, FetchError
from monitor.feeds.fetch import GuardedFetcher
from monitor.feeds.pacing import Sites
from tests.feeds.conftest import LOOPBACK
from tests.servers import LoopbackServer, Reply, redirect


class World:
    """A fetcher for which all names are this machine, and which sleeps without time going by."""

    def __init__(self, fetcher: GuardedFetcher, server: LoopbackServer) -> None:
        self.fetcher, self.server = fetcher, server
        self.slept: list[float] = []
        self.now = 0.0
        fetcher._sites = Sites(2, clock=lambda: self.now, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def ask(self, path: str, *, host: str = "www.example.org", is_page: bool = False) -> None:
        await self.fetcher.fetch(self.server.url(path, host=host), is_page=is_page)


@asynccontextmanager
async def _world(server: LoopbackServer, spacing: float) -> AsyncIterator[World]:
    async def names(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    async with GuardedFetcher(timeout=5, allow_private=[LOOPBACK], lookup=names, spacing=spacing) as fetcher:
        yield World(fetcher, server)


@pytest.fixture
async def world(server: LoopbackServer) -> AsyncIterator[World]:
    for path in ("/feed", "/page", "/other"):
        server.routes[path] = Reply(body=b"x")
    async with _world(server, spacing=1.0) as it:
        yield it


def paths(world: World) -> list[str]:
    return [request.path for request in world.server.requests]


async def test_a_feed_is_published_to_be_polled_and_nobody_is_asked_whether_it_may_be(world: World) -> None:
    world.server.routes["/robots.txt"] = Reply(body=b"User-agent: *\nDisallow: /")

    await world.ask("/feed")

    assert paths(world) == ["/feed"]


async def test_a_page_is_fetched_where_its_site_lets_it_be(world: World) -> None:
    world.server.routes["/robots.txt"] = Reply(body=b"User-agent: *\nDisallow: /other")

    await world.ask("/page", is_page=True)
    with pytest.raises(DisallowedError):
        await world.ask("/other", is_page=True)

    assert paths(world) == ["/robots.txt", "/page"]


async def test_a_page_that_is_elsewhere_now_is_fetched_where_that_site_lets_it_be(world: World) -> None:
    world.server.routes["/moved"] = redirect(world.server.url("/page", host="www.example.com"))
    world.server.routes["/robots.txt"] = lambda request: Reply(
        body=b"User-agent: *\nDisallow: /page" if "example.com" in request.headers["host"] else b""
    )

    with pytest.raises(DisallowedError):
        await world.ask("/moved", is_page=True)

    assert paths(world) == ["/robots.txt", "/moved", "/robots.txt"]


async def test_a_link_that_a_service_gave_out_is_followed_where_it_is_asked_not_to_be_and_its_end_is_asked(
    world: World,
) -> None:
    world.server.routes["/abc"] = redirect(world.server.url("/page", host="www.example.com"))
    world.server.routes["/def"] = redirect(world.server.url("/other", host="www.example.com"))
    world.server.routes["/robots.txt"] = lambda request: Reply(
        body=b"User-agent: *\nDisallow: /page"
        if "example.com" in request.headers["host"]
        else b"User-agent: *\nDisallow: /"
    )

    with pytest.raises(DisallowedError):
        await world.ask("/abc", host="bit.ly", is_page=True)
    await world.ask("/def", host="bit.ly", is_page=True)

    assert paths(world) == ["/abc", "/robots.txt", "/def", "/other"]


async def test_pages_are_as_far_apart_as_their_site_asks(world: World) -> None:
    world.server.routes["/robots.txt"] = Reply(body=b"User-agent: *\nCrawl-delay: 5")

    await world.ask("/page", is_page=True)
    await world.ask("/other", is_page=True)

    assert world.slept == [1.0, 5.0]


async def test_hosts_of_one_domain_are_one_site_and_others_are_not_kept_waiting(world: World) -> None:
    await world.ask("/feed", host="www.example.org")
    await world.ask("/feed", host="blog.example.org")
    await world.ask("/feed", host="www.example.com")

    assert world.slept == [1.0]


async def test_the_operators_own_servers_are_asked_at_will(world: World) -> None:
    world.server.routes["/busy"] = Reply(status=429)

    for _ in range(3):
        await world.ask("/feed", host="127.0.0.1")
        with pytest.raises(FetchError, match="429"):
            await world.ask("/busy", host="127.0.0.1")

    assert world.slept == []


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds"),
    [
        (429, "120", 120.0),
        (503, "120", 120.0),
        (429, None, 60.0),
        (429, "999999999", 3600.0),
    ],
)
async def test_a_site_that_was_asked_too_much_is_left_alone_with_all_its_hosts(
    world: World, status: int, retry_after: str | None, seconds: float
) -> None:
    world.server.routes["/busy"] = Reply(status=status, headers={"Retry-After": retry_after} if retry_after else {})
    with pytest.raises(FetchError, match=str(status)):
        await world.ask("/busy")

    with pytest.raises(FetchError, match="wants to be left alone") as told:
        await world.ask("/feed", host="blog.example.org")
    await world.ask("/feed", host="www.example.com")

    assert (told.value.transient, told.value.retry_after) == (True, seconds)
    assert paths(world) == ["/busy", "/feed"]
    world.now += seconds
    await world.ask("/feed")
    assert paths(world) == ["/busy", "/feed", "/feed"]


async def test_a_site_may_name_the_instant_until_which_it_wants_to_be_left_alone(world: World) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(hours=9), usegmt=True)
    world.server.routes["/busy"] = Reply(status=503, headers={"Retry-After": at})
    with pytest.raises(FetchError, match="503"):
        await world.ask("/busy")

    with pytest.raises(FetchError, match="wants to be left alone") as told:
        await world.ask("/feed")
    assert told.value.retry_after == 3600.0
