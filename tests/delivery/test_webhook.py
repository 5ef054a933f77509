"""Webhooks: what arrives, and what is made of the answer."""

import base64
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from monitor.core.news import Message
from monitor.delivery.apprise import AppriseSender, resolve
from monitor.errors import DeliveryError
from monitor.feeds.addresses import AddressPolicy
from monitor.ports import Outcome
from tests.delivery.conftest import MESSAGE
from tests.servers import LoopbackServer, Reply, drip, redirect
from tests.sinks import HANG, HANG_UP, WebhookSink, refusing_port

CERTIFICATE = Path(__file__).parent / "self-signed.pem"


def test_a_webhook_receives_the_event(sender: AppriseSender, hook: WebhookSink) -> None:
    result = sender.send(hook.address, MESSAGE)

    assert (result.outcome, result.detail) == (Outcome.SENT, "HTTP 200 OK")
    assert hook.events == [MESSAGE.event]
    assert hook.received[0].method == "POST"
    assert hook.received[0].headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert hook.received[0].headers["idempotency-key"] == '"c0ffee11"'


def test_the_id_is_the_same_at_every_attempt(sender: AppriseSender, hook: WebhookSink) -> None:
    hook.answers(Reply(status=500), Reply())

    outcomes = [sender.send(hook.address, MESSAGE).outcome for _ in range(2)]

    assert outcomes == [Outcome.FAILED, Outcome.SENT]
    assert [event["id"] for event in hook.events] == ["c0ffee11", "c0ffee11"]


def test_a_message_that_tells_of_no_change_is_an_event_too(sender: AppriseSender, hook: WebhookSink) -> None:
    sender.send(hook.address, Message(title="Test", body="It works.", id="t1"))

    assert hook.events[0]["specversion"] == "1.0"
    assert hook.events[0]["type"] == "monitor.message"
    assert hook.events[0]["data"] == {"title": "Test", "body": "It works."}


def test_the_address_says_who_asks_and_how(sender: AppriseSender, hook: WebhookSink) -> None:
    where = f"json://us%20er:p%40ss@127.0.0.1:{hook.port}/hook?+X-Key=k%201&-q=a%26b&method=put"

    assert sender.send(where, MESSAGE).outcome is Outcome.SENT
    (request,) = hook.requests
    assert request.method == "PUT"
    assert request.path == "/hook?q=a%26b"
    assert request.headers["x-key"] == "k 1"
    assert request.headers["authorization"] == "Basic " + base64.b64encode(b"us er:p@ss").decode()


def test_letters_that_cannot_be_sent_do_no_harm(sender: AppriseSender, hook: WebhookSink) -> None:
    broken = Message(title="x", body="x", id="c1", event={"id": "c1", "data": "half a pair: \ud83c"})

    assert sender.send(hook.address, broken).outcome is Outcome.SENT


@pytest.mark.parametrize(
    ("reply", "outcome", "detail", "retry_after"),
    [
        pytest.param(Reply(status=204), Outcome.SENT, "HTTP 204 No Content", None, id="no content"),
        pytest.param(
            Reply(status=429, headers={"Retry-After": "7"}), Outcome.FAILED, "HTTP 429 Too Many Requests", 7.0, id="429"
        ),
        pytest.param(
            Reply(status=503, headers={"Retry-After": "soon"}),
            Outcome.FAILED,
            "HTTP 503 Service Unavailable",
            None,
            id="503, and when to come again is unreadable",
        ),
        pytest.param(Reply(status=500), Outcome.FAILED, "HTTP 500 Internal Server Error", None, id="500"),
        pytest.param(Reply(status=410), Outcome.FAILED, "HTTP 410 Gone", None, id="410"),
        pytest.param(Reply(status=599), Outcome.FAILED, "HTTP 599", None, id="a status without a name"),
        pytest.param(
            redirect("http://127.0.0.1/elsewhere"),
            Outcome.FAILED,
            "HTTP 302 Found: redirects are not followed, write the final address",
            None,
            id="elsewhere",
        ),
        pytest.param(
            Reply(raw=b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 201 Created\r\n\r\n"),
            Outcome.SENT,
            "HTTP 201 Created",
            None,
            id="hints before the answer",
        ),
        pytest.param(
            HANG_UP,
            Outcome.UNKNOWN,
            "no answer, but it may have arrived: the connection was closed",
            None,
            id="hangs up",
        ),
        pytest.param(HANG, Outcome.UNKNOWN, "no answer, but it may have arrived: timed out", None, id="hangs"),
        pytest.param(
            Reply(raw=b"HTTP/1.1 200"),
            Outcome.UNKNOWN,
            "no answer, but it may have arrived: the connection was closed",
            None,
            id="hangs up in the middle of the answer",
        ),
        pytest.param(
            Reply(raw=b"220 smtp.example.org\r\n\r\n"),
            Outcome.UNKNOWN,
            "no answer, but it may have arrived: the answer is not HTTP",
            None,
            id="speaks something else",
        ),
        pytest.param(
            Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"x: " + b"y" * 200_000),
            Outcome.UNKNOWN,
            "no answer, but it may have arrived: the answer has no end of headers",
            None,
            id="never ends its headers",
        ),
        pytest.param(drip(b"x" * 5000, pause=0.01), Outcome.SENT, "HTTP 200 OK", None, id="a long body is not read"),
    ],
)
def test_the_answer_is_understood(
    *,
    sender: AppriseSender,
    hook: WebhookSink,
    reply: Reply,
    outcome: Outcome,
    detail: str,
    retry_after: float | None,
) -> None:
    hook.answers(reply)

    result = sender.send(f"{hook.address}?rto=0.4", MESSAGE)

    assert (result.outcome, result.detail, result.retry_after) == (outcome, detail, retry_after)
    assert len(hook.requests) == 1


def test_a_server_that_drips_its_headers_holds_nobody(sender: AppriseSender) -> None:
    with dripping_port() as port:
        result = sender.send(f"json://127.0.0.1:{port}/?rto=0.3", MESSAGE)

    assert (result.outcome, result.detail) == (Outcome.UNKNOWN, "no answer, but it may have arrived: timed out")


@contextmanager
def dripping_port() -> Iterator[int]:
    """Each byte comes well within any limit, all of them never."""
    stop = threading.Event()

    def drip_headers() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not stop.wait(0.05):
                connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip_headers)
        thread.start()
        yield int(listener.getsockname()[1])
        stop.set()
        thread.join()


def test_a_closed_port_means_that_nothing_arrived(sender: AppriseSender) -> None:
    result = sender.send(f"json://127.0.0.1:{refusing_port()}/hook", MESSAGE)

    assert (result.outcome, result.detail) == (Outcome.FAILED, "cannot connect: Connection refused")


def test_a_host_that_is_none_means_that_nothing_arrived(sender: AppriseSender) -> None:
    result = sender.send("json://no-such-host.invalid/hook", MESSAGE)

    assert result.outcome is Outcome.FAILED
    assert result.detail.startswith("cannot connect: ")


# ---------------------------------------------------------------- TLS


def test_a_certificate_that_nobody_vouches_for_is_refused(sender: AppriseSender) -> None:
    with LoopbackServer(tls=server_tls()) as server:
        server.routes["/"] = Reply()
        result = sender.send(f"jsons://localhost:{server.port}/", MESSAGE)

    assert result.outcome is Outcome.FAILED
    assert result.detail.startswith("cannot connect: certificate not trusted")
    assert server.requests == []


def test_the_operator_may_trust_any_certificate(sender: AppriseSender) -> None:
    with LoopbackServer(tls=server_tls()) as server:
        server.routes["/"] = Reply()
        result = sender.send(f"jsons://localhost:{server.port}/?verify=no", MESSAGE)

    assert result.outcome is Outcome.SENT
    assert len(server.requests) == 1


def test_a_port_without_tls_gets_nothing_that_is_secret(sender: AppriseSender, hook: WebhookSink) -> None:
    result = sender.send(f"jsons://127.0.0.1:{hook.port}/hook?cto=0.3", MESSAGE)

    assert result.outcome is Outcome.FAILED
    assert hook.requests == []


def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


# ---------------------------------------------------------------- the guard


@pytest.mark.parametrize("scheme", ["json", "xml", "form"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_no_webhook_goes_into_the_network(hook: WebhookSink, scheme: str, host: str) -> None:
    guarded = AppriseSender(refusal=AddressPolicy().refusal)

    result = guarded.send(f"{scheme}://{host}:{hook.port}/hook", MESSAGE)

    assert result.outcome is not Outcome.SENT
    assert hook.requests == []


def test_a_refusal_says_what_was_refused_and_is_for_good(hook: WebhookSink) -> None:
    guarded = AppriseSender(refusal=AddressPolicy().refusal)

    result = guarded.send(hook.address, MESSAGE)

    assert result.outcome is Outcome.REFUSED
    assert "fetch.allow_private" in result.detail


def test_all_addresses_of_this_machine_are_asked_about() -> None:
    asked: list[tuple[str, int | None]] = []

    def refusal(address: str, port: int | None) -> str | None:
        asked.append((address, port))
        return "no"

    result = AppriseSender(refusal=refusal).send("json://localhost:8080/hook", MESSAGE)

    assert (result.outcome, result.detail) == (Outcome.REFUSED, "localhost is at 127.0.0.1: no")
    assert asked == [("127.0.0.1", 8080), ("::1", 8080)]


# ---------------------------------------------------------------- what is refused in the configuration


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("json://example.org/?method=get", "an event needs a request with a body"),
        ("json://example.org/?:extra=1", "no options that begin with a colon"),
        ("json://example.org:70000/", "there is no such port"),
    ],
)
def test_what_cannot_be_kept_is_refused(address: str, reason: str) -> None:
    with pytest.raises(DeliveryError, match=reason):
        resolve(address)
