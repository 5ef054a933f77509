"""The web server against clients that behave, and clients that do not."""

import asyncio
import gc
import socket
import warnings
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import aiohttp
import pytest
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse
from structlog.testing import capture_logs

from monitor.errors import ServeError
from monitor.web import application
from monitor.web import server as module
from monitor.web.server import WebServer
from monitor.web.websub import arguments

Serve = Callable[..., AbstractAsyncContextManager[WebServer]]


router = APIRouter()


@router.get("/each/{rest}")
@router.api_route("/echo", methods=["GET", "HEAD"])
@router.post("/echo", max_body_size=10)
async def echo(request: Request, rest: str = "") -> Response:
    word, body = request.headers.get("x-word"), await request.body()
    return PlainTextResponse(f"{rest}|{arguments(request).get('q')}|{word}|{body.decode()}", headers={"X-More": "1"})


@router.get("/bug")
@router.get("/bugs/{rest}")
async def fail() -> Response:
    raise RuntimeError("a secret detail")


@router.get("/wait")
async def wait() -> Response:
    await asyncio.Event().wait()
    raise AssertionError


@router.post("/friends/{rest}", max_body_size=10)
async def admit(request: Request, rest: str) -> Response:
    if rest != "friend":
        raise HTTPException(404)
    return await echo(request, rest)


@asynccontextmanager
async def serving(lifetime: float = 5.0, head_time: float = 5.0) -> AsyncIterator[WebServer]:
    server = WebServer([router], host="127.0.0.1", port=0, lifetime=lifetime, head_time=head_time)
    await server.start()
    try:
        yield server
    finally:
        await server.close()


async def raw(server: WebServer, data: bytes) -> bytes:
    """What comes back until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(data)
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def ask(server: WebServer, path: str, method: str = "GET", **more: object) -> tuple[int, str, Mapping[str, str]]:
    address = f"http://127.0.0.1:{server.port}{path}"
    async with aiohttp.ClientSession() as session, session.request(method, address, **more) as answer:  # type: ignore[arg-type]  # options of aiohttp's
        return answer.status, await answer.text(), answer.headers


async def test_a_route_is_given_the_request_whole_and_answers_it() -> None:
    async with serving() as server:
        status, text, headers = await ask(server, "/echo?q=1", "POST", data=b"0123456789", headers={"X-Word": "w"})

    assert (status, text) == (200, "|1|w|0123456789")
    assert headers["X-More"] == "1"
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_a_route_that_ends_with_a_stroke_takes_just_one_more_part() -> None:
    async with serving() as server:
        assert (await ask(server, "/each/one"))[1].startswith("one|")
        for path in ("/each", "/each/", "/each/one/two"):
            assert (await ask(server, path))[0] == 404


@pytest.mark.parametrize(("path", "method"), [("/", "GET"), ("/nothing", "GET"), ("/each/x", "POST"), ("/echo", "PUT")])
async def test_all_else_is_not_there(path: str, method: str) -> None:
    async with serving() as server:
        assert (await ask(server, path, method))[0] == 404


async def test_head_is_answered_as_get_without_a_body() -> None:
    async with serving() as server:
        status, text, headers = await ask(server, "/echo", "HEAD")

    assert (status, text, headers["X-More"]) == (200, "", "1")


async def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_sent() -> None:
    async with serving() as server:
        answer = await raw(server, b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 11000000000\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_body_without_an_end_is_refused_when_it_is_too_large() -> None:
    async with serving() as server:
        head = b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        answer = await raw(server, head + b"6\r\n012345\r\n6\r\n012345\r\n")

    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_who_is_refused_early_hears_so_though_it_goes_on_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "LINGER", 20.0)
    async with serving(lifetime=3600) as server:
        head = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n"
        answer = await raw(server, head + bytes(3_000_000))

    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_packed_body_is_refused_since_it_might_unpack_to_anything() -> None:
    async with serving() as server:
        assert (await ask(server, "/echo", "POST", data=b"x", headers={"Content-Encoding": "gzip"}))[0] == 415


async def test_who_waits_to_be_told_to_go_on_is_told() -> None:
    async with serving() as server:
        assert (await ask(server, "/echo", "POST", data=b"x", expect100=True))[1] == "|None|None|x"


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET /echo HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_refused_and_nobody_is_told_what_the_server_is_made_of(data: bytes) -> None:
    async with serving() as server:
        answer = (await raw(server, data)).lower()

    assert answer[8:13] == b" 400 "
    assert b"aiohttp" not in answer
    assert b"python" not in answer


async def test_no_answer_names_a_version() -> None:
    async with serving() as server:
        for path in ("/echo", "/nothing", "/bug"):
            assert (await ask(server, path))[2]["Server"] == "milestone-monitor"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /echo HTTP/1.1\r\nHost: x\r\n\r\n", b"200"),
        (b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
        (b"PUT /echo HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
        (b"GET /bug HTTP/1.1\r\nHost: x\r\n\r\n", b"500"),
        (b"GET /bug HTTP/9\r\n\r\n", b"400"),
        (b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", b"400"),
        (b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n01234567890", b"413"),
    ],
)
async def test_every_answer_is_kept_from_frames_caches_and_guesses_and_is_the_last(data: bytes, status: bytes) -> None:
    async with serving() as server:
        answer = (await raw(server, data)).lower()

    assert answer.startswith(b"http/1.1 " + status)
    for header in (b"content-security-policy: default-src 'none'", b"cache-control: no-store", b"connection: close"):
        assert answer.count(b"\r\n" + header) == 1


async def test_a_connection_carries_one_request() -> None:
    async with serving() as server:
        answer = await raw(server, b"GET /echo HTTP/1.1\r\nHost: x\r\n\r\n" * 2)

    assert answer.count(b"HTTP/1.1 ") == 1


async def test_no_page_describes_the_routes() -> None:
    async with serving() as server:
        for path in ("/docs", "/redoc", "/openapi.json"):
            assert (await ask(server, path))[0] == 404


async def test_a_path_holds_no_nul_which_databases_refuse() -> None:
    async with serving() as server:
        assert (await ask(server, "/each/a%00b"))[1].startswith("a\N{REPLACEMENT CHARACTER}b|")


async def test_who_hangs_up_while_sending_is_no_bug() -> None:
    async with serving() as server, asyncio.timeout(20):
        with capture_logs() as logs:
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab")
            await writer.drain()
            await asyncio.sleep(0.1)
            writer.close()
            await asyncio.sleep(0.1)

    assert logs == []


async def test_a_request_that_never_ends_does_not_keep_the_server_from_closing() -> None:
    async with asyncio.timeout(20):
        async with serving(lifetime=3600) as server:
            asking = asyncio.create_task(raw(server, b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"))
            await asyncio.sleep(0.1)
        assert await asking == b""


@pytest.mark.parametrize("turns", range(4))
async def test_a_connection_that_arrives_while_the_server_closes_is_closed_too(turns: int) -> None:
    with warnings.catch_warnings(record=True) as left_open, socket.socket() as client:
        warnings.simplefilter("always")
        async with serving() as server:
            client.connect(("127.0.0.1", server.port))
            # It is accepted in one of these turns of the loop, and made in the next.
            for _ in range(turns):
                await asyncio.sleep(0)
        gc.collect()

    assert [str(warning.message) for warning in left_open] == []


async def test_a_bug_costs_one_answer_and_tells_nothing_but_the_log() -> None:
    async with serving() as server, asyncio.timeout(20):
        with capture_logs() as logs:
            status, text, _ = await ask(server, "/bug")

        assert (status, "secret" in text) == (500, False)
        assert (await ask(server, "/echo"))[0] == 200
    assert [(line["event"], line["path"]) for line in logs] == [("web.failed", "/bug")]


async def test_an_address_that_only_its_sender_may_know_is_not_logged_whatever_fails() -> None:
    async with serving() as server, asyncio.timeout(20):
        with capture_logs() as logs:
            await ask(server, "/bugs/canary")
            await raw(server, b"GET /bugs/canary HTTP/9\r\n\r\n")
            await raw(server, b"GET /bugs/canary\x01 HTTP/1.1\r\n\r\n")

    assert [line["event"] for line in logs] == ["web.failed", "web.refused", "web.refused"]
    assert "canary" not in str(logs)


async def test_of_several_arguments_of_one_name_the_first_counts() -> None:
    async with serving() as server:
        assert (await ask(server, "/echo?q=1&q=2"))[1].startswith("|1|")


async def test_bodies_of_all_together_are_bounded_and_the_room_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "MAX_IN_HAND", 5)  # with the ten that one may bring: fifteen
    head = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"
    async with serving() as server, asyncio.timeout(20):
        _, slow = await asyncio.open_connection("127.0.0.1", server.port)
        slow.write(head + b"012345678")
        await slow.drain()
        await _until(server, 503)  # the server has what the slow one sent

        status, _, headers = await ask(server, "/echo", "POST", data=b"0123456789")
        assert (status, headers["Retry-After"]) == (503, "60")
        assert (await ask(server, "/echo", "POST", data=b"012345"))[0] == 200

        slow.close()
        await _until(server, 200)  # the server knows that it has gone


async def _until(server: WebServer, status: int) -> None:
    """Ask with a body as large as may be, until it is answered so."""
    if (await ask(server, "/echo", "POST", data=b"0123456789"))[0] != status:
        await asyncio.sleep(0.01)
        await _until(server, status)


@pytest.mark.parametrize("data", [b"", b"GET /echo", b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab"])
async def test_who_takes_too_long_is_hung_up_on(data: bytes) -> None:
    async with serving(lifetime=0.2) as server:
        assert await asyncio.wait_for(raw(server, data), 20) == b""


async def test_nothing_is_read_of_what_nobody_wants_to_have_from_a_stranger() -> None:
    async with serving() as server:
        # Its body never comes, and it is answered all the same.
        head = b"POST /friends/%s HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"
        assert (await raw(server, head % b"stranger")).startswith(b"HTTP/1.1 404")
        assert (await raw(server, head % b"friend" + b"abc")).startswith(b"HTTP/1.1 200")


async def test_who_never_ends_the_head_of_a_request_is_hung_up_on_before_others() -> None:
    async with serving(lifetime=3600, head_time=0.2) as server:
        assert await asyncio.wait_for(raw(server, b"GET /echo HTTP/1.1\r\nHost:"), 20) == b""


async def test_who_has_ended_the_head_of_a_request_has_the_rest_of_the_time() -> None:
    async with serving(head_time=1.0) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n")
        await asyncio.sleep(1.2)
        writer.write(b"abc")

        assert (await reader.read()).endswith(b"abc")
        writer.close()


async def test_who_comes_when_too_many_are_there_is_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_CONNECTIONS", 1)
    async with serving() as server:
        _, first = await asyncio.open_connection("127.0.0.1", server.port)
        # Once it is heard of anything, the first one has been taken in.
        first.write(b"GET /echo HTTP/1.1\r\n")
        await first.drain()
        await asyncio.sleep(0.05)

        assert await raw(server, b"GET /echo HTTP/1.1\r\nHost: x\r\n\r\n") == b""
        first.close()


async def test_an_address_that_is_taken_is_said_clearly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(
            ServeError, match=rf"^web: port {port} of 127\.0\.0\.1 is taken by .*change web.host or web.p"
        ):
            await WebServer([router], host="127.0.0.1", port=port).start()


async def test_a_host_that_is_none_of_this_machine_is_said_clearly() -> None:
    with pytest.raises(ServeError, match=r"^web: cannot listen on 203\.0\.113\.1:0: "):
        await WebServer([router], host="203.0.113.1", port=0).start()
