"""What the plug-ins of ours have in common: each is given the whole message, and says itself what came of it.

Apprise passes on no more than a title and a body, and brings back no more than yes or no.
"""

import smtplib
import socket
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from rich.console import Console

from monitor.core.news import Message
from monitor.delivery.connections import Connections
from monitor.ports import Outcome, SendResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What the sender lends to its plug-ins."""

    #: Where ``console://`` prints.
    console: Console
    clock: Callable[[], datetime]
    #: Seconds that a service is waited for.
    time_limit: float
    #: What is left open for the next message: to webhooks, and to mail servers.
    http: Connections[socket.socket]
    smtp: Connections[smtplib.SMTP]


class Direct:
    """To be inherited before Apprise's class. Lives for one message."""

    _message: Message
    _means: Means
    #: What came of it; None before it was sent, or when it took too long.
    result: SendResult | None = None

    def arm(self, message: Message, means: Means) -> None:
        """Give it what Apprise does not pass on. To be called before it is sent."""
        self._message, self._means = message, means

    def send(self, body: str, title: str = "", *_: object, **__: object) -> bool:
        """Deliver, and keep what came of it. Called by Apprise, with the body in the format of the address."""
        self.result = self.deliver(title, body)
        return self.result.outcome is Outcome.SENT

    @abstractmethod
    def deliver(self, title: str, body: str) -> SendResult:
        """Send it. Never raises for what a destination does."""
