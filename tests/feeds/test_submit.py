"""Forms are sent by the way of documents: the same guard, the same bounds."""

import pytest

from monitor.errors import FetchError, ForbiddenAddressError
from monitor.feeds.fetch import GuardedFetcher
from tests.servers import LoopbackServer, Reply, endless, redirect

FORM = {"hub.mode": "subscribe", "hub.topic": "https://example.org/?a=é&b"}


@pytest.mark.parametrize("status", [200, 202, 204])
async def test_a_form_is_sent_as_forms_are(server: LoopbackServer, fetcher: GuardedFetcher, status: int) -> None:
    server.routes["/hub"] = Reply(status=status)

    await fetcher.submit(server.url("/hub"), FORM)

    (asked,) = server.requests
    assert asked.method == "POST"
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.headers["user-agent"].startswith("milestone-monitor/")
    assert asked.body == b"hub.mode=subscribe&hub.topic=https%3A%2F%2Fexample.org%2F%3Fa%3D%C3%A9%26b"


@pytest.mark.parametrize(("status", "passes"), [(400, False), (404, False), (429, True), (503, True)])
async def test_a_refusal_says_whether_it_will_pass(
    server: LoopbackServer, fetcher: GuardedFetcher, status: int, *, passes: bool
) -> None:
    server.routes["/hub"] = Reply(status=status, headers={"Retry-After": "60"})

    with pytest.raises(FetchError, match=str(status)) as told:
        await fetcher.submit(server.url("/hub"), FORM)

    assert (told.value.transient, told.value.status, told.value.retry_after) == (passes, status, 60.0)


@pytest.mark.parametrize("status", [307, 308])
async def test_a_redirect_that_keeps_the_method_is_followed(
    server: LoopbackServer, fetcher: GuardedFetcher, status: int
) -> None:
    server.routes["/hub"] = redirect("/other", status)
    server.routes["/other"] = Reply(status=202)

    await fetcher.submit(server.url("/hub"), FORM)

    (asked,) = server.asked("/other")
    assert (asked.method, asked.body[:8]) == ("POST", b"hub.mode")


@pytest.mark.parametrize("status", [301, 302, 303])
async def test_a_redirect_that_drops_the_form_is_a_refusal(
    server: LoopbackServer, fetcher: GuardedFetcher, status: int
) -> None:
    server.routes["/hub"] = redirect("/other", status)

    with pytest.raises(FetchError, match=str(status)):
        await fetcher.submit(server.url("/hub"), FORM)
    assert server.asked("/other") == []


async def test_the_guard_has_the_last_word(server: LoopbackServer, fetcher: GuardedFetcher) -> None:
    server.routes["/hub"] = redirect("http://10.0.0.1/hub", 307)

    for address in ("http://10.0.0.1/hub", "ftp://example.org", "http://[::1]/hub", server.url("/hub")):
        with pytest.raises(ForbiddenAddressError):
            await fetcher.submit(address, FORM)


async def test_an_answer_without_an_end_is_not_read(server: LoopbackServer, fetcher: GuardedFetcher) -> None:
    server.routes["/hub"] = endless()

    await fetcher.submit(server.url("/hub"), FORM)


async def test_an_answer_that_does_not_come_is_not_waited_for(server: LoopbackServer, fetcher: GuardedFetcher) -> None:
    server.routes["/hub"] = Reply(delay=60)
    fetcher._timeout = 0.1

    with pytest.raises(FetchError, match="no whole answer within") as told:
        await fetcher.submit(server.url("/hub"), FORM)
    assert told.value.transient
