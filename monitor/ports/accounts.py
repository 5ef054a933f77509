"""Accounts, and what lets somebody act for one: sessions of browsers, tokens of programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.core.access import Role, Scope


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
