"""A monitor with accounts, and browsers and programs that use it."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import aiohttp

from monitor.access.secrets import digest_of, hash_password, new_secret, new_token
from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.core.access import ABSOLUTE, Role, Scope
from monitor.poll.push import Intake
from monitor.ports import Account, AuditEntry, Session, Token
from monitor.web.access import csrf_token
from monitor.web.site import site
from tests.builders import NOW

PASSWORD = "correct horse battery"
SETTINGS = (
    "reader: {{use: 'tests.readers.hits:HitReader'}}\nweb: {{port: 0{more}}}\nfetch: {{allow_private: [127.0.0.0/8]}}\n"
)
#: The kind of an answer that has no end.
STREAM = "text/event-stream"
PROJECTS = "projects:\n  - {id: plant, name: Nemo plant, who: [Nemo]}\n"


@dataclass
class Answer:
    """What the server answered."""

    status: int
    body: str
    headers: Mapping[str, str]
    set_cookies: tuple[str, ...]

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


@dataclass
class Browser:
    """Keeps cookies as a browser does, and follows no redirect."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.ask("GET", path, None, **headers)

    async def ask(self, method: str, path: str, form: Mapping[str, str] | None = None, **headers: str) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.request(method, self.address + path, data=form, headers=sent, allow_redirects=False) as answer,
        ):
            set_cookies = tuple(answer.headers.getall("Set-Cookie", []))
            for each in set_cookies:
                for name, morsel in SimpleCookie(each).items():
                    self.cookies[name] = morsel.value
                    if morsel["max-age"] == "0":
                        del self.cookies[name]
            # A stream goes on for minutes.
            body = "" if answer.content_type == STREAM else await answer.text()
            return Answer(answer.status, body, answer.headers, set_cookies)

    async def submit(self, page: str, action: str, **form: str) -> Answer:
        """Load the page, and send its form with these fields."""
        shown = await self.get(page)
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', shown.body)
        assert found is not None, shown.body
        return await self.ask("POST", action, {"csrf": found[1], **form})

    async def log_in(self, name: str = "ada", password: str = PASSWORD, **form: str) -> Answer:
        return await self.submit("/login", "/login", name=name, password=password, **form)


@dataclass
class Site:
    """A monitor that is served, whose time stands still unless a test moves it."""

    app: App
    address: str
    now: datetime = NOW

    def browser(self) -> Browser:
        return Browser(self.address)

    def entries(self, action: str = "") -> list[AuditEntry]:
        """The audit log, the oldest first."""
        return [each for each in self.app.audit.entries(limit=500)[::-1] if each.action.startswith(action)]

    def add(self, name: str = "ada", role: Role = Role.VIEWER, password: str | None = PASSWORD) -> Account:
        hashed = hash_password(password) if password is not None else None
        account = Account(name=name, role=role, password=hashed, created_at=self.now)
        assert self.app.accounts.add(account)
        return account

    def session(self, name: str = "ada") -> tuple[str, str]:
        """The secret of a new session of this account, and the token of its forms."""
        account, secret = self.app.accounts.find(name), new_secret()
        assert account is not None
        session = Session(digest=digest_of(secret), account=name, opened_at=self.now, seen_at=self.now)
        assert self.app.accounts.open(session, password=account.password, forget=self.now - ABSOLUTE, most=1_000)
        return secret, csrf_token(session.digest)

    def token(self, name: str = "ada", scope: Scope = Scope.WRITE, days: int | None = None) -> str:
        """The secret of a new token of this account."""
        secret = new_token()
        expires = self.now + timedelta(days=days) if days is not None else None
        self.app.accounts.issue(
            Token(digest=digest_of(secret), account=name, scope=scope, created_at=self.now, expires_at=expires)
        )
        return secret


def _written(folder: Path, more: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "monitor.yaml").write_text(SETTINGS.format(more=more))
    (folder / "projects.yaml").write_text(PROJECTS)
    return folder


@asynccontextmanager
async def inhabited(folder: Path, *, more: str = "") -> AsyncIterator[Site]:
    """A monitor with one project, and more settings of its web server."""
    config, lexicons = load_folder(_written(folder, more))
    made: list[Site] = []
    app = App(config, lexicons, clock=lambda: made[0].now if made else NOW)
    server = site(app, Intake(1_000))
    await server.start()
    made.append(Site(app, f"http://127.0.0.1:{server.port}"))
    try:
        yield made[0]
    finally:
        await server.close()
        app.close()
