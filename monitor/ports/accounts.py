"""Accounts, and what lets somebody act for one: sessions of browsers, tokens of programs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from monitor.core.access import Role, Scope
from monitor.core.alerting.plan import Chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may use the pages and the API."""

    #: As ``core.access.name_of`` gives it.
    name: str
    role: Role
    #: The hash of the password. None if a provider of the organisation vouches for this account.
    password: str | None
    created_at: datetime
    is_disabled: bool = False

    def __repr__(self) -> str:
        """Without the hash."""
        return f"Account({self.name!r}, {self.role})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser in which somebody has logged in."""

    #: SHA-256 of the secret in the cookie.
    digest: str
    account: str
    opened_at: datetime
    seen_at: datetime
    #: What the browser calls itself.
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a program sends to act for an account."""

    #: SHA-256 of the secret.
    digest: str
    account: str
    scope: Scope
    created_at: datetime
    #: None if it never expires.
    expires_at: datetime | None
    #: None if it was never used.
    used_at: datetime | None = None
    #: 0 for a token that is not stored yet.
    id: int = 0


class Accounts(Protocol):
    """Accounts by name, with their sessions and tokens. Raises ``LedgerError`` if a person can act."""

    def exist(self) -> bool:
        """Whether there is any account, disabled or not."""
        ...

    def all(self) -> Sequence[Account]:
        """All accounts, by name."""
        ...

    def find(self, name: str) -> Account | None:
        """The account of this name."""
        ...

    def add(self, account: Account) -> bool:
        """Store a new account. False if the name is taken."""
        ...

    def change(self, account: Account, *, ends_access: bool) -> bool:
        """Replace the account of this name, and end its sessions and tokens if asked. False if there is none."""
        ...

    def rehash(self, name: str, before: str, after: str) -> None:
        """Replace the hash of a password by another one of the same password, unless it has changed meanwhile."""
        ...

    def remove(self, name: str) -> bool:
        """Delete an account with its sessions and tokens. False if there is none."""
        ...

    def open(self, session: Session, *, password: str | None, forget: datetime, most: int) -> bool:
        """Store a new session. Deletes sessions opened before ``forget``, and the account's oldest beyond ``most``.

        False, and nothing is stored, if the account is gone or disabled, or has another hash than this one by now.
        """
        ...

    def session(self, digest: str) -> tuple[Session, Account] | None:
        """The session with this digest and its account, however old it is."""
        ...

    def sessions(self, account: str) -> Sequence[Session]:
        """The sessions of an account, last used first."""
        ...

    def seen(self, digest: str, at: datetime) -> None:
        """Record that a session was used."""
        ...

    def close(self, account: str, *, only: str | None = None, but: str = "") -> int:
        """Delete sessions of an account: one of them, or all but one. Returns how many."""
        ...

    def issue(self, token: Token) -> int:
        """Store a new token. Returns its id."""
        ...

    def token(self, digest: str) -> tuple[Token, Account] | None:
        """The token with this digest and its account, expired or not."""
        ...

    def tokens(self, account: str | None = None) -> Sequence[Token]:
        """The tokens of an account, or of all, by id."""
        ...

    def used(self, id_: int, at: datetime) -> None:
        """Record that a token was used."""
        ...

    def revoke(self, id_: int, *, account: str | None = None) -> Token | None:
        """Delete a token and return it. None if there is no such token, or it is of another account than this one."""
        ...


# The audit log: who changed what, and when ----------------------------------------------------------------------------


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


# The former contents of the configuration's files ---------------------------------------------------------------------


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


# Readers: what those at single addresses chose by themselves, and who subscribed alone --------------------------------


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
