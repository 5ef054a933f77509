"""A hub on a loopback port, as the recommendation (https://www.w3.org/TR/websub/) wants one, or worse.

It takes subscriptions by form, asks the callback back, keeps leases, and pushes signed documents.
"""

import hmac
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs, urlencode

from tests.servers import LoopbackServer, Reply, Request


@dataclass
class Lease:
    topic: str
    secret: str
    seconds: int


class Hub:
    """Answers at ``/hub`` of a server; asks back by itself, in a thread, unless told not to."""

    def __init__(self, server: LoopbackServer) -> None:
        self.leases: dict[str, Lease] = {}
        self.server = server
        #: Questions that get lost on the way before one arrives.
        self.lost_questions = 0
        #: What is answered to a form.
        self.status: int = HTTPStatus.ACCEPTED
        #: The lease that is given; None for the one that is asked for.
        self.seconds: int | None = None
        self.asks_back = True
        #: What callbacks answered, in order.
        self.answers: list[tuple[int, bytes]] = []
        self.forms: list[dict[str, str]] = []
        self._threads: list[threading.Thread] = []
        server.routes["/hub"] = self._take

    @property
    def url(self) -> str:
        return self.server.url("/hub")

    def settle(self) -> None:
        """Wait until all that was asked back was answered."""
        for thread in self._threads:
            thread.join()

    def push(self, body: bytes, *, to: str | None = None, signature: str | None = None, method: str = "sha256") -> int:
        """Push to a callback (the only one), signed as it should be, or so; returns what was answered."""
        callback = to or next(iter(self.leases))
        key = self.leases[callback].secret if callback in self.leases else ""
        signed = f"{method}={hmac.new(key.encode(), body, method).hexdigest()}" if signature is None else signature
        headers = {"Content-Type": "application/rss+xml", "Link": f'<{self.url}>; rel="hub"'}
        return self._ask(callback, body, headers | ({"X-Hub-Signature": signed} if signed else {}))[0]

    def question(self, callback: str, **said: str) -> tuple[int, bytes]:
        """Ask a callback."""
        return self._ask(f"{callback}?{urlencode({f'hub.{name}': value for name, value in said.items()})}")

    def _take(self, request: Request) -> Reply:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        self.forms.append(form)
        if self.status == HTTPStatus.ACCEPTED and self.asks_back:
            thread = threading.Thread(target=self._verify, args=[form])
            self._threads.append(thread)
            thread.start()
        return Reply(status=self.status)

    def _verify(self, form: dict[str, str]) -> None:
        callback, seconds = form["hub.callback"], self.seconds or int(form.get("hub.lease_seconds", "0"))
        said = {
            "mode": form["hub.mode"],
            "topic": form["hub.topic"],
            "challenge": "ch<b>",
            "lease_seconds": str(seconds),
        }
        for _ in range(self.lost_questions):
            self.question(callback, **said)  # the answer is lost
        answer = self.question(callback, **said)
        self.answers.append(answer)
        if answer != (HTTPStatus.OK, b"ch<b>"):
            return
        if form["hub.mode"] == "subscribe":
            self.leases[callback] = Lease(topic=form["hub.topic"], secret=form["hub.secret"], seconds=seconds)
        else:
            self.leases.pop(callback, None)

    def _ask(self, url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, headers or {}), timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()
        except (urllib.error.URLError, ConnectionError):
            return 0, b""
