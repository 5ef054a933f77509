"""Changes accounts and tokens, and records who did it. The command line and the pages both do it here."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.access.secrets import digest_of, hash_password, new_token
from monitor.core.access import Role, Scope, fault_of_name, fault_of_password, name_of
from monitor.errors import AccessError
from monitor.ports import Account, Accounts, AuditEntry, AuditLog, Token

#: The most tokens of one account.
MOST_TOKENS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """The accounts, as one person changes them."""

    accounts: Accounts
    audit: AuditLog
    clock: Callable[[], datetime]
    #: The name of that person, for the audit log.
    by: str

    def add(self, written: str, role: Role, password: str) -> Account:
        """Make an account.

        Raises:
            AccessError: the name or the password cannot be used, or the name is taken.
        """
        name = name_of(written)
        fault = fault_of_name(name) or fault_of_password(password, name)
        if fault:
            raise AccessError(f"{written}: {fault}")
        account = Account(name=name, role=role, password=hash_password(password), created_at=self.clock())
        if not self.accounts.add(account):
            raise AccessError(f"{name}: there is an account of this name already")
        self._note("account.add", name, role=role.value)
        return account

    def set_role(self, written: str, role: Role) -> Account:
        """Give an account another role, from its next request on. Raises AccessError."""
        account = self._local(written)
        return self._change(replace(account, role=role), "account.role", before=account.role.value, after=role.value)

    def set_password(self, written: str, password: str) -> Account:
        """Give an account another password, and end its sessions and tokens. Raises AccessError."""
        account = self._local(written)
        fault = fault_of_password(password, account.name)
        if fault:
            raise AccessError(f"{account.name}: {fault}")
        return self._change(replace(account, password=hash_password(password)), "account.password", ends_access=True)

    def disable(self, written: str) -> Account:
        """Let nobody in by this account, and end its sessions and tokens. Raises AccessError."""
        account = self.found(written)
        return self._change(replace(account, is_disabled=True), "account.disable", ends_access=True)

    def enable(self, written: str) -> Account:
        """Let people in again by this account. Raises AccessError."""
        account = self.found(written)
        return self._change(replace(account, is_disabled=False), "account.enable")

    def remove(self, written: str) -> Account:
        """Delete an account with its sessions and tokens. What it did stays in the audit log. Raises AccessError."""
        account = self.found(written)
        self.accounts.remove(account.name)
        self._note("account.remove", account.name)
        return account

    def issue(self, written: str, scope: Scope, days: int | None) -> tuple[Token, str]:
        """Make a token for an account. Returns it with its secret, which is stored nowhere. Raises AccessError."""
        account, now = self.found(written), self.clock()
        if len(self.accounts.tokens(account.name)) >= MOST_TOKENS:
            raise AccessError(f"{account.name}: has {MOST_TOKENS} tokens, and that is the most; revoke one")
        secret = new_token()
        expires = now + timedelta(days=days) if days is not None else None
        token = Token(digest=digest_of(secret), account=account.name, scope=scope, created_at=now, expires_at=expires)
        token = replace(token, id=self.accounts.issue(token))
        self._note("token.add", account.name, token=token.id, scope=scope.value, days=days)
        return token, secret

    def revoke(self, id_: int, *, account: str | None = None) -> Token:
        """Delete a token, of this account if one is given. Raises AccessError."""
        token = self.accounts.revoke(id_, account=account)
        if token is None:
            raise AccessError(f"there is no token {id_}")
        self._note("token.revoke", token.account, token=token.id)
        return token

    def found(self, written: str) -> Account:
        """The account of this name. Raises AccessError if there is none."""
        account = self.accounts.find(name_of(written))
        if account is None:
            raise AccessError(f"{written}: there is no account of this name; see: monitor users list")
        return account

    def _local(self, written: str) -> Account:
        """The account, if the monitor itself keeps its role and password."""
        account = self.found(written)
        if account.password is None:
            raise AccessError(f"{account.name}: logs in at the provider; web.oidc.allow in monitor.yaml gives its role")
        return account

    def _change(self, account: Account, action: str, *, ends_access: bool = False, **detail: object) -> Account:
        self.accounts.change(account, ends_access=ends_access)
        self._note(action, account.name, **detail)
        return account

    def _note(self, action: str, target: str, **detail: object) -> None:
        self.audit.add(AuditEntry(at=self.clock(), actor=self.by, action=action, target=target, detail=detail))
