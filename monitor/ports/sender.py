"""The way to a destination: one message, and how the attempt ended."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from monitor.core.news import Message


class Outcome(StrEnum):
    """How an attempt ended."""

    SENT = "sent"
    #: The destination refused or could not be reached; a later attempt may succeed.
    FAILED = "failed"
    #: It timed out or half-succeeded: the receiver may have the message.
    UNKNOWN = "unknown"
    #: The destination is unusable as written; another attempt would not help.
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    outcome: Outcome
    #: What the service said; free of secrets.
    detail: str = ""
    #: Seconds that the service asked to wait, where it said so.
    retry_after: float | None = None


class Sender(Protocol):
    """Sends one message to one destination."""

    def send(self, url: str, message: Message) -> SendResult:
        """Never raises for what a destination does; blocks at most for the sender's own time limit."""
        ...
