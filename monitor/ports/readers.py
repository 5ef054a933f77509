"""Readers: what those at single addresses chose by themselves, and who subscribed alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.core.alerting.choices import Chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """What somebody asked for who subscribed alone."""

    #: Their mail address, in lower case.
    address: str
    #: Ids of projects.
    projects: tuple[str, ...]
    language: str
    #: Cron expression. None to be told at once.
    digest: str | None
    #: Aware, UTC.
    requested_at: datetime
    #: None until they have opened the link in the mail.
    confirmed_at: datetime | None = None


class Readers(Protocol):
    """Stored outside the configuration. Raises ``LedgerError`` if a person can act."""

    def choose(self, chosen: Chosen) -> None:
        """Store what a reader chose, in place of what they chose before."""
        ...

    def chosen(self) -> Sequence[Chosen]:
        """What all readers chose."""
        ...

    def request(self, sign_up: SignUp, token_hash: str, *, forget_before: datetime) -> None:
        """Store what somebody asks for. Drops what was asked before that instant and never confirmed."""
        ...

    def requests(self, since: datetime) -> Sequence[SignUp]:
        """What was asked for since this instant, confirmed or not."""
        ...

    def confirm(self, token_hash: str, now: datetime, *, since: datetime) -> SignUp | None:
        """Confirm what was asked for since this instant with this token, in place of what the address confirmed before.

        A second call returns the same. None if there is no such token, or if it is too old.
        """
        ...

    def confirmed(self) -> Sequence[SignUp]:
        """Everybody who subscribed alone, in the order of their addresses."""
        ...

    def forget(self, address: str) -> None:
        """Forget what this address asked for and chose."""
        ...
