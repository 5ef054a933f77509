"""The fetcher against a real server that behaves well, and badly."""

import asyncio
import gzip
import socket
import ssl
import zlib
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import pytest

from monitor import __version__
from monitor.errors import FetchError, ForbiddenAddressError
from monitor.feeds import pacing
from monitor.feeds.fetch import GuardedFetcher
from monitor.ports import Fetched, NotModified, Validators
from tests.feeds.conftest import LOOPBACK
from tests.servers import LoopbackServer, Reply, conditional, drip, endless, gzip_bomb, redirect

FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title></channel></rss>'
CERTIFICATE = Path(__file__).parent / "loopback.pem"


async def fetched(fetcher: GuardedFetcher, url: str, validators: Validators | None = None) -> Fetched:
    answer = await (fetcher.fetch(url, validators=validators) if validators else fetcher.fetch(url))
    assert isinstance(answer, Fetched)
    return answer


async def failure(fetcher: GuardedFetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(url)
    return caught.value


# ---------------------------------------------------------------- what is asked, what is given


async def test_a_document_comes_with_all_that_the_server_says_of_it(
    server: LoopbackServer, fetcher: GuardedFetcher
) -> None:
    server.routes["/feed"] = Reply(
        body=FEED,
        headers={
            "Content-Type": "application/rss+xml; charset=utf-8",
            "ETag": 'W/"a,b"',
            "Last-Modified": "Mon, 01 Apr 2024 10:00:00 GMT",
            "Cache-Control": "public, max-age=600",
            "Age": "60",
        },
    )

    answer = await fetcher.fetch(server.url("/feed?page=1#top"))

    assert answer == Fetched(
        url=server.url("/feed?page=1"),
        body=FEED,
        content_type="application/rss+xml; charset=utf-8",
        validators=Validators(etag='W/"a,b"', last_modified="Mon, 01 Apr 2024 10:00:00 GMT"),
        moved_to=None,
        max_age=540.0,
    )
    assert answer.latency is not None
    assert 0 < answer.latency < 30


async def test_requests_say_who_asks_and_what_is_understood(server: LoopbackServer, fetcher: GuardedFetcher) -> None:
    server.routes["/"] = Reply(body=FEED)

    await fetcher.fetch(server.url("/"))

    headers = server.requests[0].headers
    assert headers["user-agent"] == f"milestone-monitor/{__version__} (+ops@example.org)"
    assert headers["accept-encoding"] == "gzip, deflate"
    assert "application/atom+xml" in headers["accept"]
    assert not {"cookie", "authorization", "if-none-match", "if-modified-since", "referer"} & set(headers)


async def test_cookies_are_not_kept(server: LoopbackServer, fetcher: GuardedFetcher) -> None:
    server.routes["/"] = Reply(body=FEED, headers={"Set-Cookie": "track=1"})

    await fetcher.fetch(server.url("/"))
    await fetcher.fetch(server.url("/"))

    assert "cookie" not in server.requests[1].headers


# ---------------------------------------------------------------- conditional


async def test_validators_are_replayed_byte_for_byte(server: LoopbackServer, fetcher: GuardedFetcher) -> None:
    server.routes["/"] = Reply(status=HTTPStatus.NOT_MODIFIED, headers={"Cache-Control": "max-age=300"})
    validators = Validators(etag="W/\"odd 'etag', with ; signs\"", last_modified="yesterday, or so")

    answer = await fetcher.fetch(server.url("/"), validators=validators)

    assert answer == NotModified(max_age=300.0)
    assert server.requests[0].headers["if-none-match"] == validators.etag
    assert server.requests[0].headers["if-modified-since"] == validators.last_modified


async def test_a_second_poll_with_the_first_ones_validators_brings_nothing(
    server: LoopbackServer, fetcher: GuardedFetcher
) -> None:
    server.routes["/"] = conditional(FEED, etag='"7"')
    first = await fetched(fetcher, server.url("/"))

    assert await fetcher.fetch(server.url("/"), validators=first.validators) == NotModified()


@pytest.mark.parametrize(
    "etag", [pytest.param('"é"', id="not ASCII"), pytest.param('"' + "x" * 2000 + '"', id="too long")]
)
async def test_a_validator_that_cannot_be_replayed_is_not_kept(
    etag: str, server: LoopbackServer, fetcher: GuardedFetcher
) -> None:
    server.routes["/"] = Reply(body=FEED, headers={"ETag": etag})

    assert (await fetched(fetcher, server.url("/"))).validators == Validators()


async def test_a_304_that_nobody_asked_for_is_an_error(server: LoopbackServer, fetcher: GuardedFetcher) -> None:
    server.routes["/"] = Reply(status=HTTPStatus.NOT_MODIFIED)

    error = await failure(fetcher, server.url("/"))

    assert error.reason == "the server gave no document (304 Not Modified)"


# ---------------------------------------------------------------- redirects


async def test_permanent_redirects_alone_tell_the_new_address(server: LoopbackServer, fetcher: GuardedFetcher) -> None:
    server.routes["/a"] = redirect("/b", HTTPStatus.MOVED_PERMANENTLY)
    server.routes["/b"] = redirect(server.url("/c"), HTTPStatus.PERMANENT_REDIRECT)
    server.routes["/c"] = Reply(body=FEED)

    answer = await fetched(fetcher, server.url("/a"))

    assert (answer.url, answer.moved_to) == (server.url("/c"), server.url("/c"))


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_one_temporary_redirect_on_the_way_keeps_the_old_address(
    status: int, server: LoopbackServer, fetcher: GuardedFetcher
) -> None:
    server.routes["/a"] = redirect("/b", HTTPStatus.MOVED_PERMANENTLY)
    server.routes["/b"] = redirect("/c", status)
    server.routes["/c"] = Reply(body=FEED)

    answer = await fetched(fetcher, server.url("/a"))

    assert (answer.url, answer.moved_to) == (server.url("/c"), None)


async def test_five_redirects_are_followed_and_a_sixth_is_not(server: LoopbackServer, fetcher: GuardedFetcher) -> None:
    for number in range(1, 7):
        server.routes[f"/{number}"] = redirect(f"/{number - 1}")
    server.routes["/0"] = Reply(body=FEED)

    assert (await fetched(fetcher, server.url("/5"))).body == FEED
    assert (await failure(fetcher, server.url("/6"))).reason == "redirects more than 5 times"


async def test_a_loop_of_redirects_ends(server: LoopbackServer, fetcher: GuardedFetcher) -> None:
    server.routes["/a"] = redirect("/b", HTTPStatus.MOVED_PERMANENTLY)
    server.routes["/b"] = redirect("/a", HTTPStatus.MOVED_PERMANENTLY)

    error = await failure(fetcher, server.url("/a"))

    assert not error.transient
    assert len(server.requests) == 6


@pytest.mark.parametrize("host", ["169.254.169.254", "no-such-host.invalid"])
async def test_what_is_wrong_where_a_redirect_leads_is_said_of_that_host(
    server: LoopbackServer, fetcher: GuardedFetcher, host: str
) -> None:
    server.routes["/"] = redirect(f"http://{host}/")

    assert (await failure(fetcher, server.url("/"))).reason.startswith(f"redirects to {host}: ")


async def test_the_body_of_a_redirect_is_not_waited_for(server: LoopbackServer, fetcher: GuardedFetcher) -> None:
    server.routes["/a"] = Reply(status=HTTPStatus.FOUND, headers={"Location": "/b"}, chunks=endless().chunks)
    server.routes["/b"] = Reply(body=FEED)

    assert (await fetched(fetcher, server.url("/a"))).body == FEED


# ---------------------------------------------------------------- credentials


async def test_credentials_in_the_address_become_a_header_and_are_named_nowhere(
    server: LoopbackServer, fetcher: GuardedFetcher
) -> None:
    server.routes["/a"] = redirect("/b", HTTPStatus.MOVED_PERMANENTLY)
    server.routes["/b"] = Reply(body=FEED)

    answer = await fetched(fetcher, server.url("/a").replace("//", "//us%40er:s%C3%A9cret@"))

    assert [request.headers["authorization"] for request in server.requests] == ["Basic dXNAZXI6c8OpY3JldA=="] * 2
    assert (answer.url, answer.moved_to) == (server.url("/b"), server.url("/b"))


async def test_credentials_do_not_follow_to_another_origin(server: LoopbackServer, fetcher: GuardedFetcher) -> None:
    with LoopbackServer() as other:
        server.routes["/"] = redirect(other.url("/").replace("//", "//planted:password@"))
        other.routes["/"] = Reply(body=FEED)
        await fetcher.fetch(server.url("/").replace("//", "//user:secret@"))

        assert "authorization" in server.requests[0].headers
        assert "authorization" not in other.requests[0].headers


@pytest.mark.parametrize(
    "url",
    [
        "http://user:s3cret@10.0.0.1/",
        "http://user:s3cret@no-such-host.invalid/",
        "http://user:s3cret@127.0.0.1:1/",
        "http://user:s3cret@h:99999/",
        "http://user:s3/cret@example.org/",
        "ftp://user:s3cret@example.org/",
        "http://s3cret@10.0.0.1/feed@home",
    ],
)
async def test_no_error_tells_credentials(url: str, fetcher: GuardedFetcher) -> None:
    error = await failure(fetcher, url)

    assert "s3" not in f"{error} {error.url} {error.reason}"


# ---------------------------------------------------------------- statuses


@pytest.mark.parametrize(
    ("status", "transient", "words"),
    [
        (400, False, "the server gave no document (400 Bad Request)"),
        (401, False, "the server asks for a user name and password (401 Unauthorized)"),
        (403, False, "the server forbids it (403 Forbidden)"),
        (404, False, "there is nothing at this address (404 Not Found)"),
        (408, True, "the server gave no document (408 Request Timeout)"),
        (410, False, "the document is gone for good (410 Gone)"),
        (429, True, "the server asks for fewer requests (429 Too Many Requests)"),
        (500, True, "the server failed (500 Internal Server Error)"),
        (503, True, "the server failed (503 Service Unavailable)"),
        (204, False, "the server gave no document (204 No Content)"),
        (206, False, "the server gave no document (206 Partial Content)"),
        (599, True, "the server failed (599)"),
        (999, True, "the server failed (999)"),
    ],
)
async def test_a_status_is_said_in_words_with_whether_it_will_pass(
    status: int, *, transient: bool, words: str, server: LoopbackServer, fetcher: GuardedFetcher
) -> None:
    server.routes["/"] = Reply(status=status)

    error = await failure(fetcher, server.url("/"))

    assert (error.status, error.transient, error.reason) == (status, transient, words)
    assert error.retry_after is None


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(status=403, chunks=endless().chunks), id="endless"),
        pytest.param(Reply(status=403, body=b"x" * 100, cut_after=10), id="cut off"),
        pytest.param(Reply(status=403, body=b"x", headers={"Content-Encoding": "br"}), id="in an unknown coding"),
    ],
)
async def test_a_refusal_whose_page_cannot_be_read_is_still_that_refusal(
    reply: Reply, server: LoopbackServer, fetcher: GuardedFetcher
) -> None:
    server.routes["/"] = reply

    assert (await failure(fetcher, server.url("/"))).reason == "the server forbids it (403 Forbidden)"


# ---------------------------------------------------------------- bounds


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(body=b"x" * 1_000_001), id="said to be too large"),
        pytest.param(Reply(body=b"", headers={"Content-Length": "50000000"}), id="said to be 50 MB"),
        pytest.param(endless(), id="endless"),
        pytest.param(Reply(chunks=[b"x" * 50_000] * 1000), id="50 MB in chunks"),
        pytest.param(gzip_bomb(50_000_000), id="gzip bomb"),
        pytest.param(
            Reply(chunks=[gzip.compress(b"x" * 300_000)] * 4, headers={"Content-Encoding": "gzip"}),
            id="many gzip members",
        ),
        pytest.param(
            Reply(body=zlib.compress(bytes(50_000_000)), headers={"Content-Encoding": "deflate"}), id="deflate bomb"
        ),
    ],
)
async def test_a_body_larger_than_allowed_is_refused(
    reply: Reply, server: LoopbackServer, fetcher: GuardedFetcher
) -> None:
    server.routes["/"] = reply

    error = await failure(fetcher, server.url("/"))

    assert (error.reason, error.transient) == ("the document is larger than 1,000,000 bytes", False)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("", FEED),
        ("identity", FEED),
        ("gzip", gzip.compress(FEED)),
        ("X-GZIP", gzip.compress(FEED)),
        ("gzip", gzip.compress(FEED[:40]) + gzip.compress(FEED[40:])),
        ("deflate", zlib.compress(FEED)),
        ("deflate", zlib.compress(FEED)[2:-4]),
    ],
    ids=["none", "identity", "gzip", "X-GZIP", "gzip in two members", "deflate", "deflate without a head"],
)
async def test_the_usual_codings_are_undone(
    coding: str, packed: bytes, server: LoopbackServer, fetcher: GuardedFetcher
) -> None:
    server.routes["/"] = Reply(body=packed, headers={"Content-Encoding": coding})
    server.routes["/drip"] = Reply(chunks=drip(packed, pause=0).chunks, headers={"Content-Encoding": coding})

    assert (await fetched(fetcher, server.url("/"))).body == FEED
    assert (await fetched(fetcher, server.url("/drip"))).body == FEED


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        pytest.param(gzip_bomb(1_000_000, layers=2), "only gzip and deflate", id="nested gzip"),
        pytest.param(Reply(body=FEED, headers={"Content-Encoding": "br"}), "packed as 'br'", id="brotli"),
        pytest.param(Reply(body=FEED, headers={"Content-Encoding": "gzip"}), "not the gzip", id="a lie"),
        pytest.param(
            Reply(body=gzip.compress(FEED)[:-9], headers={"Content-Encoding": "gzip"}), "breaks off", id="half a gzip"
        ),
        pytest.param(Reply(body=FEED, cut_after=20), "breaks off", id="line cut"),
        pytest.param(Reply(chunks=[FEED, FEED], cut_after=len(FEED) + 20), "breaks off", id="line cut in a chunk"),
        pytest.param(Reply(raw=b""), "without an answer", id="hung up"),
        pytest.param(Reply(raw=b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), "proper HTTP", id="another protocol"),
        pytest.param(
            Reply(raw=b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n"), "proper HTTP", id="huge header"
        ),
    ],
)
async def test_a_broken_answer_is_an_error_that_may_pass(
    reply: Reply, words: str, server: LoopbackServer, fetcher: GuardedFetcher
) -> None:
    server.routes["/"] = reply

    error = await failure(fetcher, server.url("/"))

    assert words in error.reason
    assert error.transient


async def test_nobody_listens(fetcher: GuardedFetcher) -> None:
    with LoopbackServer() as closed:
        url = closed.url("/")

    error = await failure(fetcher, url)

    assert error.reason.startswith("no connection to 127.0.0.1: ")
    assert error.transient


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(body=FEED, delay=30), id="no first byte"),
        pytest.param(drip(FEED, pause=0.05), id="a byte now and then"),
        pytest.param(redirect("/"), id="redirects that take their time"),
    ],
)
async def test_the_deadline_holds_for_the_whole_answer(reply: Reply, server: LoopbackServer) -> None:
    server.routes["/"] = Reply(status=reply.status, headers=reply.headers, delay=0.15) if reply.headers else reply
    async with GuardedFetcher(timeout=0.5, allow_private=[LOOPBACK]) as fetcher:
        error = await failure(fetcher, server.url("/"))

    assert (error.reason, error.transient) == ("no whole answer within 0.5 seconds", True)


async def test_a_cancelled_fetch_stays_cancelled(server: LoopbackServer, fetcher: GuardedFetcher) -> None:
    server.routes["/"] = Reply(delay=30)
    task = asyncio.ensure_future(fetcher.fetch(server.url("/")))
    await asyncio.wait([task], timeout=0.2)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


# ---------------------------------------------------------------- reaching


async def nobody(host: str, port: int) -> list[str]:
    raise OSError("no such name")


async def test_a_host_is_reached_if_a_connection_can_be_made_and_nothing_is_sent(
    server: LoopbackServer, fetcher: GuardedFetcher
) -> None:
    async def names(host: str, port: int) -> list[str]:
        return ["127.0.0.2", "127.0.0.1"]

    async with GuardedFetcher(allow_private=[LOOPBACK], lookup=names) as named:
        by_name = await named.reaches(server.url("/", host="host.example"))

    assert await fetcher.reaches(server.url("/"))
    assert by_name
    assert await fetcher.reaches("file:history.xml")
    assert server.requests == []


async def test_a_host_is_not_reached_without_a_name_a_listener_or_a_permission(server: LoopbackServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    async with GuardedFetcher(allow_private=[LOOPBACK], lookup=nobody) as fetcher:
        assert not await fetcher.reaches("http://nowhere.example/")
        assert not await fetcher.reaches(f"http://127.0.0.1:{closed}/")
        assert not await fetcher.reaches("gopher://127.0.0.1/")
    async with GuardedFetcher() as guarded:
        assert not await guarded.reaches(server.url("/"))


# ---------------------------------------------------------------- turns


async def _most_at_a_time(server: LoopbackServer, fetcher: GuardedFetcher, urls: list[str]) -> int:
    """How many of these requests the server had before it at the same time."""
    most = 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, server.pending)
            await asyncio.sleep(0.002)

    watcher = asyncio.ensure_future(watch())
    await asyncio.gather(*(fetcher.fetch(url) for url in urls))
    watcher.cancel()
    return most


async def test_a_host_is_asked_by_few_at_a_time_and_waiting_is_not_held_against_it(server: LoopbackServer) -> None:
    server.routes["/"] = Reply(body=FEED, delay=0.15)
    async with GuardedFetcher(timeout=1, allow_private=[LOOPBACK], per_host=2) as fetcher:
        most = await _most_at_a_time(server, fetcher, [server.url("/")] * 16)

    assert most == 2
    assert len(server.requests) == 16


async def test_all_hosts_together_are_bounded_as_well(server: LoopbackServer) -> None:
    async def names(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    server.routes["/"] = Reply(body=FEED, delay=0.1)
    async with GuardedFetcher(timeout=5, allow_private=[LOOPBACK], connections=3, lookup=names) as fetcher:
        urls = [server.url("/", host=f"host{number}.example") for number in range(9)]
        most = await _most_at_a_time(server, fetcher, urls)

    assert most == 3


# ---------------------------------------------------------------- TLS


@pytest.fixture
async def secure() -> AsyncIterator[LoopbackServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with LoopbackServer(tls=context) as running:
        yield running


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    secure: LoopbackServer, fetcher: GuardedFetcher
) -> None:
    secure.routes["/"] = Reply(body=FEED)

    error = await failure(fetcher, secure.url("/"))

    assert error.reason == "the certificate of 127.0.0.1 is refused: self-signed certificate"
    assert secure.requests == []


async def test_a_redirect_from_https_to_http_is_refused(
    secure: LoopbackServer, server: LoopbackServer, fetcher: GuardedFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    secure.routes["/"] = redirect(server.url("/"))

    with pytest.raises(ForbiddenAddressError, match="from https to plain http"):
        await fetcher.fetch(secure.url("/"))
    assert server.requests == []


async def test_a_server_without_tls_behind_an_https_address_is_no_secure_connection(fetcher: GuardedFetcher) -> None:
    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    plain = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with plain:
        error = await failure(fetcher, f"https://127.0.0.1:{plain.sockets[0].getsockname()[1]}/")

    assert error.transient
    assert error.reason == "no secure connection to 127.0.0.1"


async def test_each_redirect_waits_for_its_turn_in_the_budget(
    server: LoopbackServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "_MINUTE", 0.05)
    server.routes |= {"/a": redirect("/b"), "/b": redirect("/c"), "/c": Reply(body=b"here")}
    turns: list[int] = []
    turn = pacing.RequestPace.turn

    async def counted(pace: pacing.RequestPace) -> None:
        await turn(pace)
        turns.append(len(server.requests))

    monkeypatch.setattr(pacing.RequestPace, "turn", counted)
    async with GuardedFetcher(timeout=5, allow_private=[LOOPBACK], per_minute=1) as fetcher:
        answer = await fetcher.fetch(server.url("/a"))

    assert isinstance(answer, Fetched)
    assert (answer.body, turns) == (b"here", [0, 1, 2])
