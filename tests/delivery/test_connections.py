"""Connections that are kept for the next message."""

import http.server
import threading
import time
from collections.abc import Iterator

import pytest

from monitor.delivery import http as delivery_http
from monitor.delivery.apprise import AppriseSender
from monitor.ports import Outcome
from tests.delivery.conftest import MESSAGE
from tests.sinks import SmtpSink


class Hook(http.server.ThreadingHTTPServer):
    """A webhook that keeps its connections open, as most do."""

    daemon_threads = True

    def __init__(self) -> None:
        self.connections = 0
        self.bodies: list[bytes] = []
        self.headers: list[tuple[str, str]] = [("Content-Length", "2")]
        #: Close the connection after an answer, and say nothing of it.
        self.closes = False
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.server_port}/hook"


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hook

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        for name, value in self.server.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"ok")
        self.close_connection = self.close_connection or self.server.closes

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


def test_messages_that_follow_each_other_go_by_one_connection(sender: AppriseSender, hook: Hook) -> None:
    results = [sender.send(hook.address, MESSAGE) for _ in range(5)]
    sender.close()

    assert [result.outcome for result in results] == [Outcome.SENT] * 5
    assert len(hook.bodies) == 5
    assert hook.connections == 1


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([("Content-Length", "2"), ("Connection", "close")], id="the server says so"),
        pytest.param([("Content-Length", "2000")], id="the answer is not whole"),
        pytest.param([], id="the answer has no end"),
    ],
)
def test_a_connection_that_cannot_be_used_again_is_not(
    sender: AppriseSender, hook: Hook, headers: list[tuple[str, str]]
) -> None:
    hook.headers = headers
    for _ in range(3):
        assert sender.send(hook.address, MESSAGE).outcome is Outcome.SENT

    assert hook.connections == 3


def test_a_server_that_closes_in_between_costs_a_new_connection_and_no_message(
    sender: AppriseSender, hook: Hook
) -> None:
    hook.closes = True
    results = []
    for number in range(1, 4):
        results.append(sender.send(hook.address, MESSAGE).outcome)
        _wait_until_closed(sender)
        assert len(hook.bodies) == number

    assert results == [Outcome.SENT] * 3
    assert hook.connections == 3


def _wait_until_closed(sender: AppriseSender) -> None:
    for kept in sender._means.http._kept.values():
        kept.socket.settimeout(10)
        assert kept.socket.recv(1) == b""


def test_a_connection_is_worn_after_many_messages(
    sender: AppriseSender, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_http, "MOST_MESSAGES", 2)
    for _ in range(4):
        sender.send(hook.address, MESSAGE)

    assert hook.connections == 2


def test_a_connection_that_nobody_uses_is_ended(
    sender: AppriseSender, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_http, "LONGEST_IDLE", 0.05)
    sender.send(hook.address, MESSAGE)
    [kept] = sender._means.http._kept.values()
    deadline = time.monotonic() + 10
    while kept.socket.fileno() != -1 and time.monotonic() < deadline:
        time.sleep(0.01)

    assert kept.socket.fileno() == -1
    assert sender._means.http._kept == {}


def test_mails_that_follow_each_other_go_by_one_connection(sender: AppriseSender, mail: SmtpSink) -> None:
    address = mail.address("desk@example.org", user="monitor", password="pw1234")
    for _ in range(3):
        result = sender.send(address, MESSAGE)
        assert (result.outcome, result.detail) == (Outcome.SENT, "250 OK")

    assert len(mail.mails) == 3
    assert len(mail.logins) == 1
    mail.answer = "451 later"
    assert sender.send(address, MESSAGE).outcome is Outcome.FAILED
    mail.answer = "250 OK"
    assert sender.send(address, MESSAGE).outcome is Outcome.SENT
    # After a refusal it is begun anew.
    assert len(mail.logins) == 2
    sender.close()
