"""Lets requests pass to the routes that their actors may use, and refuses what another site makes a browser send."""

import asyncio
import hashlib
import hmac
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from starlette.datastructures import FormData, UploadFile

from monitor.access.door import Door, Visit
from monitor.access.registry import Registry
from monitor.app.build import App
from monitor.core.access import LOCAL, Actor, Role, Scope, is_loopback, name_of
from monitor.core.plain import clean, shorten
from monitor.web.cookies import Cookies
from monitor.web.permissions import OPEN, PEOPLE_ONLY, PERMISSIONS

#: The field of a form that carries the token against forged requests.
CSRF_FIELD = "csrf"
#: Headers of a proxy. A request that passed one may come from anywhere, whatever its last hop is.
_PROXIED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_SAFE = {"GET", "HEAD"}
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
#: No site can have a browser send this to another one without asking it first, and here nobody says yes.
_JSON = "application/json"
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]++\]|[^\[\]:/@\s]++)(?::[0-9]{1,5})?")
_LONGEST_ADDRESS = 60
_KEY = secrets.token_bytes(32)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who makes a request, and what their forms carry."""

    actor: Actor
    #: The token that each form of this visitor must carry. "" if the visitor is a program, which no site can misuse.
    csrf: str
    #: The digest of the session of this browser. "" if there is none.
    session: str = ""
    #: Whether the visitor may change nothing, whatever the role.
    is_read_only: bool = False


#: Finds out who makes a request. None if nobody knows them.
Identify = Callable[[Request], Awaitable[Visitor | None]]


@dataclass(frozen=True, slots=True)
class Gate:
    """A dependency of every route. It refuses whatever the table of permissions does not allow."""

    identify: Identify
    #: The host and port of the public address: a reverse proxy may replace the ``Host`` header. "" if not public.
    public: str = ""

    async def __call__(self, request: Request) -> None:
        """Let the request pass, and note its visitor and its form in ``request.state``.

        Raises:
            HTTPException: 404 for a route without permission in the table; 401 for an unknown visitor; 403 for a
                visitor whose role or token does not suffice, and for a request that another site had a browser send.
        """
        method = "GET" if request.method == "HEAD" else request.method
        path = request.scope["route"].path
        allowed = PERMISSIONS.get(path, {})
        if method not in allowed:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        request.state.public = self.public
        needed = allowed[method]
        if needed is OPEN:
            return
        visitor = await self.identify(request)
        if visitor is None:
            raise HTTPException(HTTPStatus.UNAUTHORIZED, "Log in, or send a token.", {"WWW-Authenticate": "Bearer"})
        request.state.visitor = visitor
        if not visitor.actor.role.includes(needed):
            raise HTTPException(HTTPStatus.FORBIDDEN, f"This needs the role {needed}; yours is {visitor.actor.role}.")
        if not visitor.csrf and path in PEOPLE_ONLY:
            raise HTTPException(HTTPStatus.FORBIDDEN, "This is for people who log in, not for a token.")
        if request.method in _SAFE:
            return
        if visitor.is_read_only:
            raise HTTPException(HTTPStatus.FORBIDDEN, "This token may only read.")
        await take_form(request, visitor.csrf)


def actor_of(request: Request) -> Actor:
    """Who makes this request, on a route that is not open to everybody."""
    visitor: Visitor = request.state.visitor
    return visitor.actor


def form_of(request: Request) -> Mapping[str, str]:
    """The text fields of the form that was sent; the last of those with the same name."""
    return {
        name: value for name, value in _form(request).multi_items() if isinstance(value, str) and name != CSRF_FIELD
    }


def file_of(request: Request, name: str) -> UploadFile | None:
    """The file in this field of the form that was sent. None if there is none, or it is empty."""
    file = _form(request).get(name)
    return file if isinstance(file, UploadFile) and file.size else None


def _form(request: Request) -> FormData:
    form: FormData = getattr(request.state, "form", FormData())
    return form


def csrf_token(secret: str) -> str:
    """The token of the forms of a visitor with this secret, as long as this process lives."""
    return hmac.new(_KEY, secret.encode(), hashlib.sha256).hexdigest()


async def take_form(request: Request, csrf: str) -> None:
    """Note the form in ``request.state``. Refuse what another site had a browser send.

    The headers tell that, and the token, which no other site knows. So a browser must send a form, or JSON to the API.
    A program has no token, and cannot be misused.

    Raises:
        HTTPException: 403 for what was forged, or has no room for the token.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if csrf:
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        if site not in {None, "same-origin"} or (origin is not None and not _is_own(origin, request)):
            raise HTTPException(HTTPStatus.FORBIDDEN, "Another site has sent this.")
        if kind not in _FORMS and not (kind == _JSON and is_for_programs(request)):
            raise HTTPException(HTTPStatus.FORBIDDEN, "Send a form with its token; to the API, or JSON.")
    if kind not in _FORMS:
        return
    request.state.form = await request.form()
    if csrf and not hmac.compare_digest(str(request.state.form.get(CSRF_FIELD, "")).encode(), csrf.encode()):
        raise HTTPException(HTTPStatus.FORBIDDEN, "This form is too old. Load its page again.")


def is_for_programs(request: Request) -> bool:
    """Whether the request is for the API."""
    return request.url.path.startswith("/api/")


def address_of(request: Request, *, is_proxied: bool) -> str:
    """The network address that a request comes from, as far as it is known.

    Behind a proxy, it is the last entry of what the proxy forwards: it has added that one. All else may be made up.
    """
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2] if is_proxied else ""
    address = forwarded.strip() or (request.client.host if request.client is not None else "")
    return shorten(clean(address), _LONGEST_ADDRESS)


def signed(text: str) -> str:
    """The text with a signature that holds as long as this process lives."""
    return f"{text}.{csrf_token(f'signed {text}')}"


def unsigned(text: str) -> str:
    """The text that was signed. "" if the signature is wrong."""
    bare, _, signature = text.rpartition(".")
    return bare if hmac.compare_digest(signature.encode(), csrf_token(f"signed {bare}").encode()) else ""


def _is_own(origin: str, request: Request) -> bool:
    own = {request.headers.get("host", "").lower(), request.state.public} - {""}
    return urlsplit(origin).netloc.lower() in own


# ---------------------------------------------------------------- people on this machine, while there are no accounts


async def local(request: Request) -> Visitor | None:
    """A person on this machine. None unless the request comes from this machine and asks for it by name.

    The name matters: a page elsewhere may lead a browser here under a name of its own (DNS rebinding).
    """
    client = request.client.host if request.client is not None else ""
    is_direct = not any(name in request.headers for name in _PROXIED)
    if is_direct and is_loopback(client) and is_loopback(_named(request.headers.get("host", ""))):
        return Visitor(LOCAL, csrf_token(LOCAL.name))
    return None


def _named(host: str) -> str:
    """The host of a Host header, without its port. "" if it is not written as one."""
    found = _HOST.fullmatch(host)
    return found[1] if found else ""


# Finds out who makes a request: by the cookie of a session, by a token, or by sitting at this machine -----------------


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
