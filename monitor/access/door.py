"""Lets people in by their password or by a provider's word, and recognises who has been let in."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.access.passwords import hash_password, is_password, needs_rehash
from monitor.access.registry import Registry
from monitor.access.secrets import TOKEN_PREFIX, digest_of, new_secret
from monitor.access.throttle import Attempt, Throttle
from monitor.access.turns import Turns
from monitor.core.access import ABSOLUTE, NOTED, Role, fault_of_password, is_over, name_of, network_of
from monitor.errors import AccessError
from monitor.ports import Account, Accounts, AuditEntry, AuditLog, Session, Token

_MOST_SESSIONS = 50
#: Written into the audit log if nobody is known to have acted.
STRANGER = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Where a login comes from."""

    #: The network address, as far as it is known.
    address: str = ""
    #: What the browser calls itself.
    agent: str = ""
    #: The mark of a browser in which somebody has logged in before.
    mark: str = ""
    #: The secret of the session that the browser has so far.
    secret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """Somebody was let in."""

    account: Account
    #: Of the new session; for the cookie.
    secret: str
    #: The mark that the browser is to keep. "" if it keeps the one it has.
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Somebody was not let in."""

    #: How long to wait before the next attempt. Zero if the name or the password was wrong.
    wait: timedelta = timedelta(0)


@dataclass(slots=True, kw_only=True)
class Door:
    """The door of one web server."""

    accounts: Accounts
    audit: AuditLog
    clock: Callable[[], datetime]
    #: The role of everybody whom the provider may vouch for, by name.
    allowed: Callable[[], Mapping[str, Role]]
    throttle: Throttle = field(default_factory=Throttle)
    _turns: Turns = field(default_factory=Turns)

    # ------------------------------------------------------------ logging in and out

    async def enter_by_password(self, written: str, password: str, visit: Visit) -> Entrance | Refusal:
        """Open a session if the password is right. A refusal does not tell whether the account exists."""
        account = await self._tried(name_of(written), password, visit)
        if isinstance(account, Refusal):
            return account
        mark = self.throttle.succeed(_attempt(account.name, visit))
        entrance = await asyncio.to_thread(self._open, account, visit, by="password")
        return replace(entrance, mark=mark) if entrance is not None else Refusal()

    async def change_password(self, name: str, current: str, new: str, visit: Visit) -> Entrance | Refusal:
        """Change a password for who knows the current one. All sessions and tokens end, and a new session opens.

        Raises:
            AccessError: the new password cannot be used.
        """
        if fault := fault_of_password(new, name):
            raise AccessError(fault)
        account = await self._tried(name, current, visit)
        if isinstance(account, Refusal):
            return account
        mark = self.throttle.succeed(_attempt(name, visit))
        registry = Registry(accounts=self.accounts, audit=self.audit, clock=self.clock, by=name)
        async with self._turns.of_known():
            account = await asyncio.to_thread(registry.set_password, name, new)
        entrance = await asyncio.to_thread(self._open, account, visit, by="password")
        return replace(entrance, mark=mark) if entrance is not None else Refusal()

    async def _tried(self, name: str, password: str, visit: Visit) -> Account | Refusal:
        """The account if this is its password. Whoever fails often waits."""
        now, attempt, network = self.clock(), _attempt(name, visit), network_of(visit.address)
        is_known = self.throttle.is_known(attempt)
        wait = self.throttle.wait(attempt, now)
        if not wait and not is_known and not self._turns.has_room(network):
            wait = timedelta(seconds=1)
        if wait:
            return Refusal(wait)
        await asyncio.sleep(self.throttle.begin(attempt, now).total_seconds())
        async with self._turns.of_known() if is_known else self._turns.of_stranger(network):
            return await asyncio.to_thread(self._checked, name, password, visit) or Refusal()

    def enter_by_provider(self, entry: str, role: Role, visit: Visit) -> Entrance:
        """Open a session for a person whom the provider vouches for, by their entry of the allow-list.

        Raises:
            AccessError: the account is disabled, or has a password of its own.
        """
        name = name_of(entry)
        account = Account(name=name, role=role, password=None, created_at=self.clock())
        if self.accounts.add(account):
            self._note("account.add", name, by=name, role=role.value)
        else:
            account = self._known(name)
            if account.role is not role:
                self.accounts.change(replace(account, role=role), ends_access=False)
                self._note("account.role", name, by=name, before=account.role.value, after=role.value)
        entrance = self._open(replace(account, role=role), visit, by="provider")
        if entrance is None:
            raise _unusable(name)
        return entrance

    def leave(self, name: str, digest: str) -> None:
        """End a session of this account."""
        if self.accounts.close(name, only=digest):
            self._note("session.close", name, by=name)

    def leave_others(self, name: str, but: str) -> None:
        """End all sessions of this account but one."""
        if number := self.accounts.close(name, but=but):
            self._note("session.close", name, by=name, number=number)

    def refused_by_provider(self, reason: str, visit: Visit) -> None:
        """Record that a login by the provider failed."""
        self._note("session.refuse", "", by=STRANGER, reason=reason, **_where(visit))

    # ------------------------------------------------------------ recognising

    def session(self, secret: str) -> tuple[Session, Account] | None:
        """The session with this secret and its account. None if it has ended or the account may not come in."""
        found, now = self.accounts.session(digest_of(secret)), self.clock()
        if found is None or is_over(found[0].opened_at, found[0].seen_at, now):
            return None
        account = self._let_in(found[1])
        if account is None:
            return None
        if now - found[0].seen_at >= NOTED:
            self.accounts.seen(found[0].digest, now)
        return found[0], account

    def token(self, secret: str) -> tuple[Token, Account] | None:
        """The token with this secret and its account. None if it has expired or the account may not come in."""
        found = self.accounts.token(digest_of(secret)) if secret.startswith(TOKEN_PREFIX) else None
        now = self.clock()
        if found is None or (found[0].expires_at is not None and found[0].expires_at <= now):
            return None
        account = self._let_in(found[1])
        if account is None:
            return None
        if found[0].used_at is None or now - found[0].used_at >= NOTED:
            self.accounts.used(found[0].id, now)
        return found[0], account

    def _let_in(self, account: Account) -> Account | None:
        """The account with its present role. None if it may not come in."""
        if account.is_disabled:
            return None
        if account.password is not None:
            return account
        role = self.allowed().get(account.name)
        return replace(account, role=role) if role is not None else None

    def _checked(self, name: str, password: str, visit: Visit) -> Account | None:
        """The account if this is its password. Records the failure otherwise."""
        account = self.accounts.find(name)
        hashed = account.password if account is not None else None
        if is_password(hashed, password) and account is not None and hashed is not None and not account.is_disabled:
            if needs_rehash(hashed):
                hashed, before = hash_password(password), hashed
                self.accounts.rehash(name, before, hashed)
            return replace(account, password=hashed)
        # Somebody may type a password in place of a name. So only names of accounts are recorded.
        self._note("session.refuse", account.name if account is not None else "", by=STRANGER, **_where(visit))
        return None

    def _known(self, name: str) -> Account:
        account = self.accounts.find(name)
        if account is None or account.is_disabled or account.password is not None:
            raise _unusable(name)
        return account

    def _open(self, account: Account, visit: Visit, *, by: str) -> Entrance | None:
        """Open a new session. The one that the browser had ends. None if the account has changed meanwhile."""
        now, secret = self.clock(), new_secret()
        before = self.accounts.session(digest_of(visit.secret)) if visit.secret else None
        if before is not None:
            self.accounts.close(before[0].account, only=before[0].digest)
        session = Session(digest=digest_of(secret), account=account.name, opened_at=now, seen_at=now, agent=visit.agent)
        if not self.accounts.open(session, password=account.password, forget=now - ABSOLUTE, most=_MOST_SESSIONS):
            return None
        self._note("session.open", account.name, by=account.name, means=by, **_where(visit))
        return Entrance(account=account, secret=secret)

    def _note(self, action: str, target: str, *, by: str, **detail: object) -> None:
        self.audit.add(AuditEntry(at=self.clock(), actor=by, action=action, target=target, detail=detail))


def _unusable(name: str) -> AccessError:
    return AccessError(f"{name}: the account is disabled, or logs in by a password")


def _attempt(name: str, visit: Visit) -> Attempt:
    return Attempt(name=name, address=visit.address, mark=visit.mark)


def _where(visit: Visit) -> Mapping[str, object]:
    return {"address": visit.address} if visit.address else {}
