"""No writing of an address, and no trick with names, leads inside."""

import asyncio
from collections.abc import Sequence

import pytest

from monitor.errors import FetchError, ForbiddenAddressError
from monitor.feeds.fetch import GuardedFetcher
from monitor.feeds.guard import system_lookup
from monitor.ports import Fetched
from tests.feeds.conftest import LOOPBACK
from tests.servers import LoopbackServer, Reply, redirect

HOSTILE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.00.0.1/",
    "http://0177.0.0.1/",
    "http://0x7f.0.0.1/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://0/",
    "http://0.0.0.0/",
    "http://１２７.０.０.１/",
    "http://127。0。0。1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://[::]/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[0:0:0:0:0:ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fe80::1%25lo]/",
    "http://[fd00:ec2::254]/",
    "http://[ff02::1]/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://example.com@127.0.0.1/",
    "http://127.0.0.1#@example.com/",
    "http://127.0.0.1?@example.com/",
    "http://127.0.0.1\\@example.com/",
    "http://%31%32%37.0.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://10.0.0.1/",
    "http://127.0.0.1:22/",
    "http://8.8.8.8:22/",
    "http://8.8.8.8:6379/",
    "https://8.8.8.8:8443/",
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "ftp://8.8.8.8/",
    "gopher://127.0.0.1:6379/_INFO",
    "javascript:alert(1)",
    "data:text/xml,<rss/>",
    "unix:/var/run/docker.sock",
    "//127.0.0.1/",
    "http:///etc/passwd",
    "http://",
    "http:127.0.0.1",
    "http://[::1",
    "http://h:99999/",
    "http://ex ample.com/",
    "http://h\r\nX-Injected: 1/",
    "http://\udcff/",
    "http://\u202e/",
    "http://xn--/",
    "",
]


@pytest.mark.parametrize("url", HOSTILE)
async def test_a_hostile_address_is_refused_before_anything_is_connected_to(url: str) -> None:
    async with GuardedFetcher(timeout=5) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(url)

    assert not caught.value.transient or "cannot be resolved" in caught.value.reason


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "//10.0.0.1/",
        "http://localhost.localdomain:1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://0x0a000001/",
        "http://167772161/",
        "http://8.8.8.8:22/",
        "https://10.0.0.1/",
        "file:///etc/passwd",
        "ftp://8.8.8.8/",
        "javascript:alert(1)",
        "http://[::1",
        "http://evil.example\\@127.0.0.1/",
        "http://ex%20ample.com/",
    ],
)
async def test_a_redirect_to_a_hostile_address_is_refused_as_well(
    location: str, server: LoopbackServer, fetcher: GuardedFetcher
) -> None:
    server.routes["/start"] = redirect(location)

    with pytest.raises(FetchError):
        await fetcher.fetch(server.url("/start"))
    assert [request.path for request in server.requests] == ["/start"]


async def test_a_backslash_in_a_redirect_stays_on_the_server(server: LoopbackServer, fetcher: GuardedFetcher) -> None:
    server.routes["/start"] = redirect("/\\10.0.0.1/")

    with pytest.raises(FetchError, match="nothing at this address"):
        await fetcher.fetch(server.url("/start"))
    assert [request.path for request in server.requests] == ["/start", "/%5C10.0.0.1/"]


class Names:
    """A resolver that answers as told, and counts."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]


async def test_a_name_is_resolved_once_and_the_checked_address_connected_to(server: LoopbackServer) -> None:
    server.routes["/"] = Reply(body=b"<rss/>")
    names = Names(["127.0.0.1"], ["127.0.0.2"])
    async with GuardedFetcher(timeout=5, allow_private=[LOOPBACK], lookup=names) as fetcher:
        answer = await fetcher.fetch(server.url("/", host="rebinding.example"))

    assert isinstance(answer, Fetched)
    assert names.asked == 1
    assert server.requests[0].headers["host"] == f"rebinding.example:{server.port}"


@pytest.mark.parametrize("position", [0, 1])
async def test_one_forbidden_address_among_several_condemns_the_name(position: int, server: LoopbackServer) -> None:
    answers = ["127.0.0.1"]
    answers.insert(position, "10.0.0.1")
    async with GuardedFetcher(timeout=5, allow_private=[LOOPBACK], lookup=Names(answers)) as fetcher:
        with pytest.raises(ForbiddenAddressError, match=r"half\.example is at 10\.0\.0\.1"):
            await fetcher.fetch(server.url("/", host="half.example"))

    assert server.requests == []


async def test_a_name_that_turns_inside_between_two_redirects_is_refused(server: LoopbackServer) -> None:
    server.routes["/start"] = redirect(server.url("/inside", host="turning.example"))
    names = Names(["127.0.0.1"], ["192.168.0.1"])
    async with GuardedFetcher(timeout=5, allow_private=[LOOPBACK], lookup=names) as fetcher:
        with pytest.raises(ForbiddenAddressError):
            await fetcher.fetch(server.url("/start", host="first.example"))

    assert [request.path for request in server.requests] == ["/start"]


async def test_a_name_without_an_address_may_have_one_later() -> None:
    async with GuardedFetcher(timeout=5, lookup=Names([])) as fetcher:
        with pytest.raises(FetchError, match=r"the name nowhere\.example cannot be resolved") as caught:
            await fetcher.fetch("http://nowhere.example/")

    assert (caught.value.transient, caught.value.is_unreached) == (True, True)


async def test_a_resolver_that_hangs_is_given_up_at_the_deadline() -> None:
    async def never(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(60)
        return ()

    async with GuardedFetcher(timeout=0.1, lookup=never) as fetcher:
        with pytest.raises(FetchError, match=r"no connection to slow\.example within 0\.05") as caught:
            await fetcher.fetch("http://slow.example/")
        is_reached = await fetcher.reaches("http://slow.example/")

    assert (caught.value.transient, caught.value.is_unreached, is_reached) == (True, True, False)


@pytest.mark.parametrize("host", ["does-not-exist.invalid", "a" * 70 + ".example", "\udcff"])
async def test_the_system_says_when_it_does_not_know_a_name(host: str) -> None:
    with pytest.raises(OSError, match=r"."):
        await system_lookup(host, 80)


def test_a_lookup_that_outlives_its_loop_is_forgotten() -> None:
    async def give_up_at_once() -> None:
        task = asyncio.ensure_future(system_lookup("localhost", 80))
        await asyncio.sleep(0)
        task.cancel()

    asyncio.run(give_up_at_once())


async def test_variables_that_name_a_proxy_are_not_obeyed(
    server: LoopbackServer, fetcher: GuardedFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.routes["/"] = Reply(body=b"direct")

    answer = await fetcher.fetch(server.url("/"))

    assert isinstance(answer, Fetched)
    assert answer.body == b"direct"
