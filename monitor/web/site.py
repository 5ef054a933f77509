"""The web server of the service with its routes."""

import asyncio
from collections.abc import Iterator

from fastapi import APIRouter, Depends

from monitor.app.build import App
from monitor.poll.intake import Intake
from monitor.web.access import Gate, is_loopback, local
from monitor.web.api.routes import Api
from monitor.web.files import files
from monitor.web.health import health
from monitor.web.pages.alerts import AlertPages
from monitor.web.pages.articles import Articles
from monitor.web.pages.board import Board
from monitor.web.pages.changes import Changes
from monitor.web.pages.configuration import ConfigurationPages
from monitor.web.pages.events import Events
from monitor.web.pages.feeds import FeedPages
from monitor.web.pages.overview import Overview
from monitor.web.pages.project import ProjectPages
from monitor.web.pages.reviewing import Reviewing
from monitor.web.pages.subscribers import SubscriberPages
from monitor.web.server import WebServer
from monitor.web.subscriptions import Subscriptions
from monitor.web.ticker import Ticker
from monitor.web.unsubscribe import Unsubscribing
from monitor.web.websub import Callbacks


def site(app: App, intake: Intake) -> WebServer:
    """Make the server for this monitor, not started yet. Pushes from hubs go to the intake."""
    settings = app.config.web
    every = APIRouter(dependencies=[Depends(Gate(local))])
    for router in routes(app, intake):
        every.include_router(router)
    return WebServer([every], host=settings.host, port=settings.port)


def routes(app: App, intake: Intake) -> Iterator[APIRouter]:
    settings = app.config.web
    yield health(lambda: asyncio.to_thread(app.is_well))
    yield files()
    if settings.public is not None:
        callbacks = Callbacks(hubs=app.hubs, intake=intake, clock=app.clock, chance=app.chance)
        yield callbacks.router(max_bytes=app.config.fetch.max_bytes)
        yield Unsubscribing(departures=app.departures, clock=app.clock).router()
    elif is_loopback(settings.host):
        # A reverse proxy would let everybody in, and its last hop is from here.
        board, ticker = Board(app), Ticker(lambda: app.ledger)
        app.on_commit(ticker.wake)
        yield Api(app).router()
        yield Overview(board).router()
        yield ProjectPages(board).router()
        yield Changes(app).router()
        yield Events(board, ticker).router()
        yield ConfigurationPages(app).router()
        yield AlertPages(app).router()
        yield SubscriberPages(app).router()
        yield FeedPages(app).router()
        yield Subscriptions(app).router()
        yield Articles(app).router()
        yield Reviewing(app).router()
