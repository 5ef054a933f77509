"""Sending: the Protocol for one message to one destination, and the result of an attempt."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from monitor.core.news import Message


class Outcome(StrEnum):
    """How an attempt ended."""

    SENT = "sent"
    #: The destination refused or was unreachable. A later attempt may succeed.
    FAILED = "failed"
    #: It timed out or partly succeeded: the receiver may have the message.
    UNKNOWN = "unknown"
    #: The destination is unusable as written. Another attempt would not help.
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    outcome: Outcome
    #: The answer of the service, without secrets.
    detail: str = ""
    #: The seconds that the service asked to wait, if it did.
    retry_after: float | None = None


class Sender(Protocol):
    """Sends one message to one destination."""

    def send(self, url: str, message: Message) -> SendResult:
        """Send the message. Never raises for what a destination does. Blocks at most for the sender's time limit."""
        ...
