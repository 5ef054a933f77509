"""Lets people in by their password or by a provider's word, and recognises who has been let in."""

import asyncio
import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from monitor.access.registry import Registry
from monitor.access.secrets import TOKEN_PREFIX, digest_of, hash_password, is_password, needs_rehash, new_secret
from monitor.core.access import (
    ABSOLUTE,
    NOTED,
    OF_ACCOUNT,
    OF_STRANGERS,
    Failures,
    Role,
    fault_of_password,
    is_over,
    name_of,
    network_of,
)
from monitor.errors import AccessError
from monitor.ports import Account, Accounts, AuditEntry, AuditLog, Session, Token

# Counts failed logins in memory, and says how long the next attempt must wait -----------------------------------------
#
# A browser in which somebody has logged in before has a counter of its own: strangers who guess make its owner wait for
# nothing (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies). It proves that with a
# mark, signed with a key that lives as long as the process. A restart forgets marks and counters alike.
#
# Strangers are counted by network and name, so that they make only themselves wait. Beyond that all of one network, and
# all who try one name, stand in one line: who tries often delays the others there by a turn, and keeps nobody out.


#: The most counters. Beyond them, the one that failed longest ago is forgotten.
_COUNTERS = 30_000
_MARK = 22
#: The characters of a name that are counted by. No account has so long a name.
_LONGEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginAttempt:
    """A login, as it is counted."""

    #: Of the account, as it is stored.
    name: str
    #: The network address that it comes from, as far as it is known.
    address: str = ""
    #: The mark of a browser in which somebody has logged in before.
    mark: str = ""


@dataclass(slots=True)
class LoginThrottle:
    """The failed logins of one server."""

    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _counters: dict[str, Failures] = field(default_factory=dict)

    def wait(self, attempt: LoginAttempt, now: datetime) -> timedelta:
        """How long this attempt is refused. Zero if it may be made now, or stand in line."""
        own = self._failures(self._own(attempt)).wait(OF_ACCOUNT, now)
        line = self._line(attempt, now)
        return max(own, line) if line > OF_STRANGERS.line else own

    def begin(self, attempt: LoginAttempt, now: datetime) -> timedelta:
        """Count an attempt as failed until it turns out right, so that many at once gain nothing.

        Returns how long it stands in line before it is made.
        """
        own, line = self._own(attempt), self._line(attempt, now)
        self._keep(own, self._failures(own).and_one(OF_ACCOUNT, now))
        for counter in self._shared(attempt):
            self._keep(counter, self._failures(counter).and_one(OF_STRANGERS, now + line))
        while len(self._counters) > _COUNTERS:
            del self._counters[next(iter(self._counters))]
        return line

    def succeed(self, attempt: LoginAttempt) -> str:
        """Forget the failures of this account in this browser. Returns the mark that the browser is to keep."""
        self._counters.pop(self._own(attempt), None)
        if self.is_known(attempt):
            return attempt.mark
        for counter in self._shared(attempt):
            before = self._failures(counter)
            self._keep(counter, Failures(max(0, before.number - 1), before.last))
        fresh = secrets.token_urlsafe(16)
        return f"{fresh}.{self._proof(fresh, attempt.name)}"

    def is_known(self, attempt: LoginAttempt) -> bool:
        """Whether somebody has logged in to this account in this browser before."""
        fresh, _, proof = attempt.mark.partition(".")
        return hmac.compare_digest(proof.encode(), self._proof(fresh, attempt.name).encode())

    def _line(self, attempt: LoginAttempt, now: datetime) -> timedelta:
        """How long the lines are in which the attempt would stand."""
        waits = (self._failures(counter).wait(OF_STRANGERS, now) for counter in self._shared(attempt))
        return max(waits, default=timedelta(0))

    def _own(self, attempt: LoginAttempt) -> str:
        if self.is_known(attempt):
            return f"mark {attempt.mark[:_MARK]}"
        return f"attempt {network_of(attempt.address)} {attempt.name[:_LONGEST]}"

    def _shared(self, attempt: LoginAttempt) -> tuple[str, ...]:
        """The counters that a stranger shares with others."""
        if self.is_known(attempt):
            return ()
        return f"network {network_of(attempt.address)}", f"name {attempt.name[:_LONGEST]}"

    def _failures(self, counter: str) -> Failures:
        return self._counters.get(counter, Failures())

    def _keep(self, counter: str, failures: Failures) -> None:
        self._counters.pop(counter, None)  # the last one stands last
        self._counters[counter] = failures

    def _proof(self, fresh: str, name: str) -> str:
        return hmac.new(self._key, f"{fresh}\0{name}".encode(), hashlib.sha256).hexdigest()


# Gives turns to work on passwords, which takes much memory and time. Networks take turns, however much each sends -----


#: Passwords of strangers that are hashed at a time, and of browsers that are known; each takes 64 MB.
_AT_A_TIME = 1
#: The most attempts of one network that wait.
_WAITING = 16


@dataclass(slots=True)
class PasswordTurns:
    """The turns of one server. Belongs to one event loop."""

    _known: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_A_TIME))
    _strangers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_A_TIME))
    #: One attempt of each network stands in the line of strangers. The others wait behind it.
    _networks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    _waiting: Counter[str] = field(default_factory=Counter)

    def has_room(self, network: str) -> bool:
        """Whether another attempt of strangers of this network may wait."""
        return self._waiting[network] < _WAITING

    @asynccontextmanager
    async def of_known(self) -> AsyncIterator[None]:
        """Wait for the turn of somebody who is known. Strangers delay nobody here."""
        async with self._known:
            yield

    @asynccontextmanager
    async def of_stranger(self, network: str) -> AsyncIterator[None]:
        """Wait for the turn of a stranger of this network."""
        mine = self._networks.get(network)
        if mine is None:
            mine = self._networks[network] = asyncio.Lock()
        self._waiting[network] += 1
        try:
            async with mine, self._strangers:
                yield
        finally:
            self._waiting[network] -= 1
            if not self._waiting[network]:
                del self._waiting[network]


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
    throttle: LoginThrottle = field(default_factory=LoginThrottle)
    _turns: PasswordTurns = field(default_factory=PasswordTurns)

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


def _attempt(name: str, visit: Visit) -> LoginAttempt:
    return LoginAttempt(name=name, address=visit.address, mark=visit.mark)


def _where(visit: Visit) -> Mapping[str, object]:
    return {"address": visit.address} if visit.address else {}
