"""The web server of the service with its routes."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import cache
from http import HTTPStatus
from importlib import resources

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse

from monitor.app.build import App
from monitor.core.access import Role
from monitor.feeds.addresses import AddressPolicy
from monitor.poll.push import Intake
from monitor.web.access import Gate, Reception
from monitor.web.answers import tagged
from monitor.web.api.routes import Api
from monitor.web.pages.account import AccountPage
from monitor.web.pages.alerts import AlertPages
from monitor.web.pages.articles import Articles, WrongProject
from monitor.web.pages.audit import AuditPage
from monitor.web.pages.configuration import ConfigurationPages
from monitor.web.pages.events import Board, Events, Ticker
from monitor.web.pages.feeds import FeedPages
from monitor.web.pages.first_run import FirstRun
from monitor.web.pages.items import ItemPages
from monitor.web.pages.login import BACK, LogIn, LogInAtProvider
from monitor.web.pages.models import ModelPages
from monitor.web.pages.overview import Changes, Overview
from monitor.web.pages.playground import Playground
from monitor.web.pages.project import ProjectPages
from monitor.web.pages.reviewing import Reviewing
from monitor.web.pages.subscribers import SubscriberPages
from monitor.web.pages.subscription import ReaderPages, SignUpPages, Unsubscribing
from monitor.web.server import WebServer
from monitor.web.subscriptions import Subscriptions
from monitor.web.websub import Callbacks

# ``/static/NAME``: the style sheet, the scripts and the icon. They are part of the program: anybody may have them -----


_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


def files() -> APIRouter:
    """The files of the pages."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/static/{name}", methods=["GET", "HEAD"], response_class=Response)
    def file(request: Request, name: str) -> Response:
        found = _files().get(name)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        body, kind = found
        return tagged(request, body, media_type=kind)

    return router


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    folder = resources.files("monitor.web.static")
    return {
        file.name: (file.read_bytes(), kind)
        for file in folder.iterdir()
        for ending, kind in _KINDS.items()
        if file.name.endswith(ending)
    }


# ``/health``: whether the service works, for monitoring systems -------------------------------------------------------


#: Seconds for which an answer is cached, so that requests cannot keep the database busy.
_STANDS = 2.0


def health(check: Callable[[], Awaitable[bool]], *, clock: Callable[[], float] = time.monotonic) -> APIRouter:
    """200 and ``ok`` while the check succeeds, else 503. It says no more, because anybody may ask.

    Args:
        check: whether all is well.
        clock: returns monotonic seconds.
    """
    last: tuple[float, bool] | None = None
    looking = asyncio.Lock()
    router = APIRouter(include_in_schema=False)

    @router.api_route("/health", methods=["GET", "HEAD"])
    async def answer() -> PlainTextResponse:
        nonlocal last
        async with looking:
            if last is None or clock() - last[0] >= _STANDS:
                last = (clock(), await check())
        if last[1]:
            return PlainTextResponse("ok\n")
        return PlainTextResponse("not well; see the log\n", HTTPStatus.SERVICE_UNAVAILABLE)

    return router


def site(app: App, intake: Intake) -> WebServer:
    """Make the server for this monitor, not started yet. Pushes from hubs go to the intake."""
    settings, reception = app.config.web, Reception.of(app)
    every = APIRouter(dependencies=[Depends(Gate(reception.identify, reception.public))])
    for router in routes(app, intake, reception):
        every.include_router(router)
    return WebServer([every], host=settings.host, port=settings.port)


def routes(app: App, intake: Intake, reception: Reception) -> Iterator[APIRouter]:
    settings, login = app.config.web, LogIn(reception)
    yield health(lambda: asyncio.to_thread(app.is_well))
    yield files()
    if settings.public is not None:
        callbacks = Callbacks(hubs=app.hubs, intake=intake, clock=app.clock, chance=app.chance)
        yield callbacks.router(max_bytes=app.config.fetch.max_bytes)
        yield Unsubscribing(departures=app.departures, clock=app.clock, forget=app.forget_own).router()
        yield ReaderPages(app).router()
        if settings.subscribe is not None:
            yield SignUpPages(app, settings.subscribe, settings.public).router()
    yield login.router()
    if settings.oidc is not None:
        yield _provider(app, login).router()
    yield AccountPage(login).router()
    yield AuditPage(app).router()
    board, ticker = Board(app), Ticker(lambda: app.ledger)
    app.on_commit(ticker.wake)
    yield Api(app).router()
    yield Overview(board).router()
    yield FirstRun(app).router()
    yield ProjectPages(board, settings.subscribe if settings.public is not None else None).router()
    yield Changes(app).router()
    yield Events(board, ticker).router()
    yield ConfigurationPages(app).router()
    yield ItemPages(app).router()
    yield AlertPages(app).router()
    yield SubscriberPages(app).router()
    yield FeedPages(app).router()
    yield Subscriptions(app).router()
    yield Articles(app).router()
    yield WrongProject(app).router()
    yield Reviewing(app).router()
    yield Playground(app).router()
    yield ModelPages(app).router()


def _provider(app: App, login: LogIn) -> LogInAtProvider:
    from monitor.access.provider import ProviderClient  # noqa: PLC0415 - its library is an extra

    settings = app.config.web
    assert settings.oidc is not None
    assert settings.public is not None  # settings.checks

    def refusal(address: str, port: int | None) -> str | None:
        return AddressPolicy(tuple(app.config.fetch.allow_private)).refusal(address, port)

    def allow() -> Mapping[str, Role]:
        provider = app.config.web.oidc
        return provider.allow if provider is not None else {}

    client = ProviderClient(
        provider=settings.oidc, allow=allow, back=f"{settings.public}{BACK}", refusal=refusal, clock=app.clock
    )
    return LogInAtProvider(login, client)
