"""Who may use which route, and what another site cannot have a browser do."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from unittest.mock import patch

import aiohttp
import pytest
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse
from fastapi.routing import APIRoute

from monitor.app.build import App
from monitor.app.opening import load_folder
from monitor.core.access import LOCAL, Actor, Role
from monitor.poll.push import Intake
from monitor.web.access import CSRF_FIELD, Gate, Reception, Visitor, actor_of, csrf_token, form_of
from monitor.web.permissions import OPEN, PERMISSIONS
from monitor.web.server import WebServer
from monitor.web.site import routes

TOKEN = csrf_token("secret")
TABLE: Mapping[str, Mapping[str, Role | None]] = {
    "/open": {"GET": OPEN, "POST": OPEN},
    "/look": {"GET": Role.VIEWER},
    "/edit": {"GET": Role.VIEWER, "POST": Role.OPERATOR},
}


@asynccontextmanager
async def gated(role: Role | None, *, is_program: bool = False, is_read_only: bool = False) -> AsyncIterator[str]:
    """A server whose visitors have this role. Its address."""

    async def identify(request: Request) -> Visitor | None:
        assert request
        csrf = "" if is_program else TOKEN
        return None if role is None else Visitor(Actor("ada", role), csrf, is_read_only=is_read_only)

    async def answer(request: Request) -> Response:
        if request.url.path == "/open":
            return PlainTextResponse("open")
        form = form_of(request) if request.method == "POST" and not is_program else {}
        return PlainTextResponse(f"{actor_of(request).name} {dict(form)}")

    router = APIRouter(dependencies=[Depends(Gate(identify))])
    for path in (*TABLE, "/forgotten"):
        router.add_api_route(path, answer, methods=["GET", "HEAD", "POST"])
    server = WebServer([router], host="127.0.0.1", port=0)
    with patch("monitor.web.access.PERMISSIONS", TABLE):
        await server.start()
        try:
            yield f"http://127.0.0.1:{server.port}"
        finally:
            await server.close()


async def ask(address: str, method: str = "GET", form: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, address, data=form, headers=sent, allow_redirects=False) as answer,
    ):
        return answer.status, await answer.text()


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("path", [*TABLE, "/forgotten"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
async def test_only_what_the_table_allows_is_answered(role: Role | None, path: str, method: str) -> None:
    allowed = TABLE.get(path, {})
    needed = allowed.get("GET" if method == "HEAD" else method, "nothing")

    async with gated(role) as address:
        status, _ = await ask(address + path, method, {CSRF_FIELD: TOKEN} if method == "POST" else None)

    if needed is OPEN:
        assert status == HTTPStatus.OK
    elif not isinstance(needed, Role):
        assert status == HTTPStatus.NOT_FOUND
    elif role is None:
        assert status == HTTPStatus.SEE_OTHER
    else:
        assert status == (HTTPStatus.OK if role.includes(needed) else HTTPStatus.FORBIDDEN)


async def test_a_form_arrives_with_its_actor_and_without_its_token() -> None:
    async with gated(Role.OPERATOR) as address:
        answered = await ask(f"{address}/edit", "POST", {CSRF_FIELD: TOKEN, "name": "x"}, Origin=address)

    assert answered == (HTTPStatus.OK, "ada {'name': 'x'}")


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        ({"name": "x"}, {}),
        ({CSRF_FIELD: "", "name": "x"}, {}),
        ({CSRF_FIELD: csrf_token("another"), "name": "x"}, {}),
        ({CSRF_FIELD: TOKEN}, {"Origin": "https://evil.example"}),
        ({CSRF_FIELD: TOKEN}, {"Origin": "null"}),
        ({CSRF_FIELD: TOKEN}, {"Sec_Fetch_Site": "cross-site"}),
        ({CSRF_FIELD: TOKEN}, {"Sec_Fetch_Site": "same-site"}),
    ],
)
async def test_a_forged_form_is_refused(form: dict[str, str], headers: dict[str, str]) -> None:
    async with gated(Role.ADMIN) as address:
        status, _ = await ask(f"{address}/edit", "POST", form, **headers)

    assert status == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/octet-stream", "", "x"])
async def test_no_other_kind_of_content_is_a_way_around_the_token(kind: str) -> None:
    async with gated(Role.ADMIN) as address:
        status, _ = await ask(f"{address}/edit", "POST", Content_Type=kind)

    assert status == HTTPStatus.FORBIDDEN


async def test_a_program_needs_no_form_token() -> None:
    async with gated(Role.OPERATOR, is_program=True) as address:
        status, _ = await ask(f"{address}/edit", "POST", {"name": "x"})

    assert status == HTTPStatus.OK


async def test_who_may_only_read_changes_nothing_whatever_the_role() -> None:
    async with gated(Role.ADMIN, is_program=True, is_read_only=True) as address:
        asked, _ = await ask(f"{address}/edit")
        sent, _ = await ask(f"{address}/edit", "POST", {"name": "x"})

    assert (asked, sent) == (HTTPStatus.OK, HTTPStatus.FORBIDDEN)


def served(folder: Path, settings: str) -> set[tuple[str, str]]:
    """The routes of a monitor with these settings of its web server, each with its methods."""
    folder.mkdir()
    (folder / "monitor.yaml").write_text(f"reader: {{use: 'tests.readers.hits:HitReader'}}\nweb: {{{settings}}}\n")
    (folder / "projects.yaml").write_text("projects:\n  - {id: plant, name: Plant, who: [Nemo]}\n")
    app = App(*load_folder(folder))
    try:
        return {
            (route.path, method)
            for router in routes(app, Intake(1_000), Reception.of(app))
            for route in router.routes
            if isinstance(route, APIRoute)
            for method in (route.methods or set()) - {"HEAD"}
        }
    finally:
        app.close()


def test_the_table_names_each_route_and_nothing_else(tmp_path: Path) -> None:
    here = served(tmp_path / "here", "port: 0")
    oidc = "oidc: {issuer: https://login.example.org, client_id: x, allow: {ada@example.org: admin}}"
    subscribe = "subscribe: {from: 'mailto://m@example.org', domains: '*'}"
    public = served(tmp_path / "public", f"port: 0, public: 'https://monitor.example.org', {oidc}, {subscribe}")

    assert here | public == {(path, method) for path, methods in PERMISSIONS.items() for method in methods}


def test_a_person_on_this_machine_may_do_everything_while_there_are_no_accounts() -> None:
    assert LOCAL.role is Role.ADMIN
