"""The audit log: who changed what, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One thing that somebody did."""

    #: When; aware, UTC.
    at: datetime
    #: The name of the account, ``local`` for a person on this machine without one.
    actor: str
    #: What was done, as a dotted name: ``feeds.add``, ``claims.reject``, ``configuration.save``.
    action: str
    #: To what: a project's id, a feed's name, a file. "" if the action says it all.
    target: str = ""
    #: What else tells what happened, without secrets: values before and after, reasons. JSON.
    detail: Mapping[str, object] = field(default_factory=dict)
    #: Grows with each entry. 0 for an entry that is not stored yet.
    id: int = 0


class AuditLog(Protocol):
    """Entries are added, and neither changed nor deleted. Raises ``LedgerError`` if a person can act."""

    def add(self, entry: AuditEntry) -> None:
        """Store an entry."""
        ...

    def entries(self, *, before: int | None = None, limit: int) -> Sequence[AuditEntry]:
        """The newest entries, newest first. ``before`` is an id: only older ones."""
        ...
