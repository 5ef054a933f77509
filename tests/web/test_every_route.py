"""Every route, asked by a stranger, and by each role with a session and with tokens."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import pytest

from monitor.core.access import Role, Scope
from monitor.web.permissions import OPEN, PEOPLE_ONLY, PERMISSIONS
from tests.fast_passwords import hash_fast
from tests.web.people import Answer, Site, inhabited

DOCUMENT = Path(__file__).parents[2] / "docs/access.md"
HEAD = "| path | method | needs | by a token |\n|---|---|---|---|\n"
ROUTES = [(path, method, needed) for path, methods in PERMISSIONS.items() for method, needed in methods.items()]
OIDC = (
    ", public: 'http://localhost:9', oidc: {issuer: 'http://localhost:9', client_id: x, allow: {a@example.org: admin}}"
)
REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_fast(monkeypatch)


@asynccontextmanager
async def manned(folder: Path) -> AsyncIterator[Site]:
    async with inhabited(folder / "c", more=OIDC) as site:
        for role in Role:
            site.add(role.value, role=role)
        yield site


def concrete(path: str) -> str:
    """The path with a value for each of its parameters."""
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda found: "plant" if found[1] == "project" else "1", path)


def is_turned_away(answer: Answer) -> bool:
    return answer.status in REFUSED or (answer.status == HTTPStatus.SEE_OTHER and answer.location.startswith("/login"))


async def test_a_stranger_gets_nothing_but_what_is_open(tmp_path: Path) -> None:
    async with manned(tmp_path) as site:
        for path, method, needed in ROUTES:
            for asked in ("HEAD", "GET") if method == "GET" else (method,):
                answer = await site.browser().ask(asked, concrete(path), {} if method != "GET" else None)
                if needed is OPEN:
                    is_to_login = answer.location.startswith("/login")
                    assert not is_to_login, (asked, path)
                    assert answer.status != HTTPStatus.UNAUTHORIZED, (asked, path)
                else:
                    # The API knows no HEAD.
                    is_unknown = answer.status == HTTPStatus.METHOD_NOT_ALLOWED and asked == "HEAD"
                    assert is_turned_away(answer) or is_unknown, (asked, path, answer.status)
                    assert "Nemo" not in answer.body


async def test_each_role_gets_what_the_table_gives_it(tmp_path: Path) -> None:
    async with manned(tmp_path) as site:
        for path, method, needed in ROUTES:
            for role in Role:
                secret, csrf = site.session(role.value)
                browser = site.browser()
                browser.cookies = {"session": secret}
                answer = await browser.ask(method, concrete(path), {"csrf": csrf} if method != "GET" else None)
                if needed is OPEN or path == "/logout":
                    continue
                assert is_turned_away(answer) is not role.includes(needed), (role, method, path, answer.status)


async def test_no_form_is_taken_without_its_token(tmp_path: Path) -> None:
    async with manned(tmp_path) as site:
        for path, method, needed in ROUTES:
            if method == "GET" or (needed is OPEN and path != "/login"):
                continue
            secret, csrf = site.session("admin")
            _, of_another = site.session("admin")
            browser = site.browser()
            for form, headers in (
                ({}, {}),
                ({"csrf": of_another}, {}),
                ({"csrf": csrf}, {"Origin": "https://evil.example"}),
                ({"csrf": csrf}, {"Sec-Fetch-Site": "cross-site"}),
            ):
                browser.cookies = {"session": secret}
                answer = await browser.ask(method, concrete(path), form, **headers)
                assert answer.status == HTTPStatus.FORBIDDEN, (path, form, headers)
            for kind in ("application/json", "text/plain", "application/xml"):
                browser.cookies = {"session": secret}
                answer = await browser.ask(method, concrete(path), None, **{"Content-Type": kind})
                is_json = path.startswith("/api/") and kind == "application/json"
                # No site can have a browser send JSON to another one.
                assert (answer.status == HTTPStatus.FORBIDDEN) is not is_json, (path, kind)


async def test_a_program_that_sends_something_else_breaks_nothing(tmp_path: Path) -> None:
    async with manned(tmp_path) as site:
        bearer = {"Authorization": f"Bearer {site.token('admin')}"}
        for path, method, _ in ROUTES:
            for kind in ("application/json", "multipart/form-data", "text/plain") if method == "POST" else ():
                answer = await site.browser().ask(method, concrete(path), None, **bearer, **{"Content-Type": kind})
                assert answer.status < HTTPStatus.INTERNAL_SERVER_ERROR, (path, kind)


@pytest.mark.parametrize("scope", list(Scope))
async def test_each_token_gets_what_the_table_gives_it(tmp_path: Path, scope: Scope) -> None:
    async with manned(tmp_path) as site:
        for role in Role:
            bearer = {"Authorization": f"Bearer {site.token(role.value, scope)}"}
            for path, method, needed in ROUTES:
                if needed is OPEN:
                    continue
                answer = await site.browser().ask(method, concrete(path), {} if method != "GET" else None, **bearer)
                acts_as = Role.VIEWER if scope is Scope.READ else role
                may = acts_as.includes(needed) and path not in PEOPLE_ONLY and (method == "GET" or scope is Scope.WRITE)
                assert is_turned_away(answer) is not may, (role, scope, method, path, answer.status)


def test_the_document_has_the_table() -> None:
    rows = "".join(
        f"| `{path}` | {method} | {needed or 'nothing'} | {_by_token(path, method, needed)} |\n"
        for path, method, needed in ROUTES
    )
    written = DOCUMENT.read_text()
    before, _, rest = written.partition(HEAD)
    after = rest[rest.index("\n", rest.rindex("|")) + 1 :] if rest.startswith("|") else rest
    if os.environ.get("UPDATE_GOLDEN"):
        DOCUMENT.write_text(before + HEAD + rows + after)

    assert DOCUMENT.read_text() == before + HEAD + rows + after, "run this test with UPDATE_GOLDEN=1"


def _by_token(path: str, method: str, needed: Role | None) -> str:
    if needed is OPEN:
        return "–"
    if path in PEOPLE_ONLY:
        return "no"
    return "read, write" if needed is Role.VIEWER and method == "GET" else "write"
