"""Where messages go in tests: a real webhook and a real mail server on loopback, that fail as they are told.

::

    with WebhookSink() as hook, SmtpSink() as mail:
        hook.answers(Reply(status=429, headers={"Retry-After": "7"}), Reply())  # in turn; the last one stays
        mail.answer = "451 try later"
        ...  # send to hook.address and mail.address("desk@example.org")
        assert [event["id"] for event in hook.events] == ["c1", "c1"]
        assert mail.mails[0]["Subject"] == "…"

They record whatever arrives, also what they then answer badly. Each runs in a thread of its own.
"""

import asyncio
import json
import logging
import select
import socket
import threading
from contextlib import suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlencode

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.servers import LoopbackServer, Reply, Request, shut_down

#: Answers with nothing at all: the connection is closed, whatever was asked.
HANG_UP = Reply(raw=b"")
#: Far longer than any test waits.
HANG = Reply(delay=600)


def refusing_port() -> int:
    """A loopback port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return int(closed.getsockname()[1])


class WebhookSink(LoopbackServer):
    """Records events at ``/hook``."""

    def __init__(self) -> None:
        super().__init__()
        self.answers(Reply())

    @property
    def address(self) -> str:
        """As an Apprise address."""
        return f"json://{self.host}:{self.port}/hook"

    def answers(self, *replies: Reply) -> None:
        """Answer with these in turn, then always with the last."""
        waiting = list(replies)
        self.routes["/hook"] = lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]

    @property
    def received(self) -> list[Request]:
        """The requests as they came."""
        return self.asked("/hook")

    @property
    def events(self) -> list[dict[str, Any]]:
        """What they say, oldest first."""
        return [json.loads(request.body) for request in self.received]


class SmtpSink:
    """Records mails."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        #: Recipients of each mail, in the order of ``mails``.
        self.recipients: list[list[str]] = []
        #: What a mail is answered with.
        self.answer = "250 OK"
        #: What these recipients are answered with.
        self.refusals: dict[str, str] = {}
        #: Seconds before a mail is answered.
        self.delay = 0.0
        #: Close the connection instead of answering a mail.
        self.hangs_up = False
        #: Whether a login succeeds; which ones were tried.
        self.accepts_login = True
        self.logins: list[tuple[str, str]] = []
        # The server of another, so to speak: what it logs is not what is tested.
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        self._socket = socket.create_server(("127.0.0.1", 0))
        # Inherited by its connections: else the lines of an answer wait for each other, 40 ms a mail.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port = int(self._socket.getsockname()[1])
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="smtp-sink", daemon=True)

    def address(self, *recipients: str, user: str = "", password: str = "", **options: str) -> str:
        """As an Apprise address."""
        login = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
        options = {"from": "monitor@example.org", "to": ",".join(recipients), **options}
        # Apprise takes a plus sign for one.
        query = urlencode(options, quote_via=quote)
        return f"mailto://{login}127.0.0.1:{self.port}?{query}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        server = await self._loop.create_server(self._session, sock=self._socket)
        await self._stop.wait()
        await shut_down(server)

    def _session(self) -> SMTP:
        return SMTP(
            self,
            hostname="sink.example.org",
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=self._login,
            loop=self._loop,
        )

    def _login(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=self.accepts_login, handled=False)

    # ------------------------------------------------------------ called by aiosmtpd, by these names

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(message_from_bytes(content, policy=default))
        self.recipients.append(list(envelope.rcpt_tos))
        await asyncio.sleep(self.delay)
        if self.hangs_up:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self.answer


class Listener:
    """Counts what arrives at one port of this machine, by TCP over IPv4 and IPv6, and by UDP; requests get ``{}``."""

    _ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
    _LAST, _STOP = b"last", b"stop"

    def __init__(self) -> None:
        self.heads: list[bytes] = []
        self._count = 0
        self._counted = threading.Event()
        tcp = socket.create_server(("127.0.0.1", 0))
        self.port = int(tcp.getsockname()[1])
        self._tcp = [tcp, socket.create_server(("::1", self.port), family=socket.AF_INET6)]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", self.port))
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def arrivals(self) -> int:
        """How much has arrived until now; what is on its way is waited for."""
        self._counted.clear()
        self._tell(self._LAST)
        assert self._counted.wait(10)
        return self._count

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tell(self._STOP)
        self._thread.join()
        for sock in (*self._tcp, self._udp):
            sock.close()

    def _tell(self, what: bytes) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as teller:
            teller.sendto(what, ("127.0.0.1", self.port))

    def _run(self) -> None:
        while True:
            # Connections come first, so that what was begun before a question is counted before its answer.
            for ready in select.select([*self._tcp, self._udp], [], [])[0]:
                if ready is not self._udp:
                    self._take(ready)
                    continue
                said = self._udp.recv(65536)
                if said == self._STOP:
                    return
                if said == self._LAST:
                    self._counted.set()
                else:
                    self._count += 1

    def _take(self, ready: socket.socket) -> None:
        self._count += 1
        connection, _ = ready.accept()
        with connection, suppress(OSError):
            connection.settimeout(0.05)
            self.heads.append(connection.recv(65536))
            connection.sendall(self._ANSWER)
