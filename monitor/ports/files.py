"""The former contents of the configuration's files."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

#: As many editions of each file are kept.
KEPT_EDITIONS = 100
#: The actor of an edition that was found in the folder: edited by hand or by another program.
OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEdition:
    """The content of a file from one edit on."""

    #: When it was written, or found; aware, UTC.
    at: datetime
    #: Who wrote it: the name of an account, ``local`` (also by a command) or ``OUTSIDE``.
    actor: str
    #: The name of the file within the configuration folder.
    file: str
    #: May contain secrets that an operator has written into the file. Empty if there was no file.
    content: bytes
    #: Grows with each edition. 0 for one that is not stored yet.
    id: int = 0


class FileEditions(Protocol):
    """Keeps the last ``KEPT_EDITIONS`` editions of each file. Raises ``LedgerError`` if a person can act."""

    def add(self, edition: FileEdition) -> None:
        """Store an edition, and drop the oldest of this file if there are too many."""
        ...

    def files(self) -> Collection[str]:
        """The names of the files that have editions."""
        ...

    def edition(self, number: int) -> FileEdition | None:
        """The edition with this id. None if there is none, or no longer."""
        ...

    def last(self, file: str, *, before: int | None = None) -> FileEdition | None:
        """The newest edition of a file; with ``before``, an id, the newest that is older. None if there is none."""
        ...

    def editions(self, *, file: str | None = None, before: int | None = None, limit: int) -> Sequence[FileEdition]:
        """The newest editions (of a file), newest first. ``before`` is an id: only older ones."""
        ...
