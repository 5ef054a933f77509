"""Finds out who makes a request: by the cookie of a session, by a token, or by sitting at this machine."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request

from monitor.access.door import Door, Visit
from monitor.access.registry import Registry
from monitor.app.build import App
from monitor.core.access import Actor, Role, Scope, is_loopback, name_of
from monitor.core.plain import clean, shorten
from monitor.web.access import Visitor, actor_of, address_of, csrf_token, local
from monitor.web.cookies import Cookies

_LONGEST_AGENT = 200


@dataclass(slots=True, kw_only=True)
class Reception:
    """Where every request of one web server comes in."""

    app: App
    door: Door
    cookies: Cookies
    #: Whether a person on this machine may do everything while there are no accounts.
    trusts_this_machine: bool
    _has_accounts: bool = False

    @classmethod
    def of(cls, app: App) -> "Reception":
        web = app.config.web
        return cls(
            app=app,
            door=Door(accounts=app.accounts, audit=app.audit, clock=app.clock, allowed=lambda: _allowed(app)),
            cookies=Cookies((web.public or "").startswith("https://")),
            # A reverse proxy would let everybody in, and its last hop is from here.
            trusts_this_machine=is_loopback(web.host) and web.public is None,
        )

    @property
    def public(self) -> str:
        """The host and port of the public address. "" if there is none."""
        return urlsplit(self.app.config.web.public or "").netloc.lower()

    async def identify(self, request: Request) -> Visitor | None:
        """Who makes the request. None if nobody knows them. Raises LedgerError."""
        secret = self.cookies.get(request, "session")
        entered = await asyncio.to_thread(self.door.session, secret) if secret else None
        if entered is not None:
            session, account = entered
            return Visitor(Actor(account.name, account.role), csrf_token(session.digest), session=session.digest)
        if "authorization" in request.headers:
            return await self._program(request.headers["authorization"])
        if self.trusts_this_machine and not await self.has_accounts():
            return await local(request)
        return None

    async def has_accounts(self) -> bool:
        """Whether there are accounts. Once there are, this machine is not trusted again before the next start."""
        if not self._has_accounts:
            self._has_accounts = await asyncio.to_thread(self.app.accounts.exist)
        return self._has_accounts

    async def _program(self, authorization: str) -> Visitor | None:
        scheme, _, secret = authorization.partition(" ")
        found = await asyncio.to_thread(self.door.token, secret.strip()) if scheme.lower() == "bearer" else None
        if found is None:
            return None
        token, account = found
        is_read_only = token.scope is Scope.READ
        return Visitor(
            Actor(account.name, Role.VIEWER if is_read_only else account.role), "", is_read_only=is_read_only
        )

    def visit(self, request: Request) -> Visit:
        """Where this request comes from, for a login."""
        return Visit(
            address=address_of(request, is_proxied=bool(self.public)),
            agent=shorten(clean(request.headers.get("user-agent", "")), _LONGEST_AGENT),
            mark=self.cookies.get(request, "mark"),
            secret=self.cookies.get(request, "session"),
        )

    def registry(self, request: Request) -> Registry:
        """The accounts, as this visitor changes them."""
        app = self.app
        return Registry(accounts=app.accounts, audit=app.audit, clock=app.clock, by=actor_of(request).name)


def _allowed(app: App) -> dict[str, Role]:
    provider = app.config.web.oidc
    return {name_of(entry): role for entry, role in provider.allow.items()} if provider is not None else {}
