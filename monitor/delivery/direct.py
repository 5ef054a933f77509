"""The base of our plug-ins: each gets the whole message and returns a complete result.

Apprise passes only a title and a body, and returns only success or failure.
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
    """What the sender gives to its plug-ins."""

    #: Where ``console://`` prints.
    console: Console
    clock: Callable[[], datetime]
    #: Seconds to wait for a service.
    time_limit: float
    #: Connections kept open for the next message, to webhooks and to mail servers.
    http: Connections[socket.socket]
    smtp: Connections[smtplib.SMTP]


class Direct:
    """Inherit this before Apprise's class. An instance is used for one message."""

    _message: Message
    _means: Means
    #: The result. None before sending, or if it took too long.
    result: SendResult | None = None

    def arm(self, message: Message, means: Means) -> None:
        """Set what Apprise does not pass on. Call this before sending."""
        self._message, self._means = message, means

    def send(self, body: str, title: str = "", *_: object, **__: object) -> bool:
        """Deliver and store the result. Called by Apprise, with the body in the format of the address."""
        self.result = self.deliver(title, body)
        return self.result.outcome is Outcome.SENT

    @abstractmethod
    def deliver(self, title: str, body: str) -> SendResult:
        """Send the message. Never raises for what a destination does."""
