"""The web server of the service with its routes."""

import asyncio
from collections.abc import Iterator, Mapping

from fastapi import APIRouter, Depends

from monitor.app.build import App
from monitor.core.access import Role
from monitor.feeds.addresses import AddressPolicy
from monitor.poll.intake import Intake
from monitor.web.access import Gate
from monitor.web.api.routes import Api
from monitor.web.files import files
from monitor.web.health import health
from monitor.web.pages.account import AccountPage
from monitor.web.pages.alerts import AlertPages
from monitor.web.pages.articles import Articles
from monitor.web.pages.audit import AuditPage
from monitor.web.pages.board import Board
from monitor.web.pages.changes import Changes
from monitor.web.pages.configuration import ConfigurationPages
from monitor.web.pages.events import Events
from monitor.web.pages.feeds import FeedPages
from monitor.web.pages.first_run import FirstRun
from monitor.web.pages.items import ItemPages
from monitor.web.pages.login import LogIn
from monitor.web.pages.models import ModelPages
from monitor.web.pages.overview import Overview
from monitor.web.pages.playground import Playground
from monitor.web.pages.project import ProjectPages
from monitor.web.pages.provider import BACK, LogInAtProvider
from monitor.web.pages.reader import ReaderPages
from monitor.web.pages.reviewing import Reviewing
from monitor.web.pages.sign_up import SignUpPages
from monitor.web.pages.subscribers import SubscriberPages
from monitor.web.pages.wrong_project import WrongProject
from monitor.web.reception import Reception
from monitor.web.server import WebServer
from monitor.web.subscriptions import Subscriptions
from monitor.web.ticker import Ticker
from monitor.web.unsubscribe import Unsubscribing
from monitor.web.websub import Callbacks


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
