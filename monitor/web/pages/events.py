"""Tells open pages of changes as they become known: server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import tzinfo
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import StreamingResponse

from monitor.core.message.tongue import Tongue
from monitor.core.news import Change
from monitor.core.page.overview import moved
from monitor.errors import LedgerError
from monitor.logs import get_logger
from monitor.web.pages.board import Board
from monitor.web.pages.rendering import LANGUAGE, piece, tongue_of, zone_of
from monitor.web.ticker import Ticker

#: The most pages that listen at a time. The others stay as they were loaded.
MOST = 100
#: Seconds that one answer lasts. Then the browser asks again, and its right to read is checked again.
LIFE = 300.0
#: Seconds for which the connection outlives the answer, so that its end arrives.
_SPARE = 10.0
#: Seconds between two signs of life, for proxies that end silent connections.
HEARTBEAT = 15.0
#: Milliseconds after which a browser asks again.
_RETRY = 2_000
#: Written events that are kept, for pages in the same language.
_MOST_WRITTEN = 500

ChangeId = Annotated[str | None, Query(pattern="^[0-9a-f]{0,64}$")]

log = get_logger()


@dataclass(slots=True)
class Events:
    """The stream of changes of one monitor. Belongs to one event loop."""

    board: Board
    ticker: Ticker
    most: int = MOST
    life: float = LIFE
    _written: dict[tuple[str, str, str, str], str] = field(default_factory=dict)
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/events", self.events, methods=["GET", "HEAD"], response_class=Response)
        return router

    async def events(self, request: Request, after: ChangeId = None) -> Response:
        """Every change after the one with the id ``after``, or ``Last-Event-ID``; without both, from now on.

        An event has the project, its row, the line on the change, and the words to say. ``stale`` means that too much
        was missed: the page must be loaded again.
        """
        if self.ticker.listeners >= self.most:
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, "Too many pages listen.", {"Retry-After": "60"})
        kind = "text/event-stream; charset=utf-8"
        if request.method == "HEAD":
            return Response(media_type=kind)
        last = request.headers.get("last-event-id", after)
        catalogues = self.board.app.watch.voice.catalogues
        tongue = tongue_of(request, self.board.app.watch)
        chosen = request.query_params.get(LANGUAGE, "")
        lang = chosen if chosen in catalogues else ""
        request.state.prolong(self.life + _SPARE)
        return StreamingResponse(
            self._stream(last, tongue, lang, zone_of(request, self.board.app.watch)),
            media_type=kind,
            headers={"X-Accel-Buffering": "no"},  # a proxy is to pass each event on at once
        )

    async def _stream(self, last: str | None, tongue: Tongue, lang: str, zone: tzinfo) -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        until = loop.time() + self.life
        async with self.ticker.listening():
            yield f"retry: {_RETRY}\n\n"
            while loop.time() < until:
                seen = self.ticker.found
                try:
                    if last is None:
                        last = await self.ticker.latest()
                    new = await self.ticker.after(last)
                    if new is None:
                        last = await self.ticker.latest()
                        yield f"id: {last}\nevent: stale\ndata:\n\n"
                        continue
                    for change in new:
                        yield await self._event(change, tongue, lang, zone)
                        last = change.id
                except LedgerError as error:
                    log.warning("web.events_ended", error=str(error))
                    return  # the browser asks again
                if not await self.ticker.wait(seen, min(HEARTBEAT, until - loop.time())):
                    yield ": \n\n"

    async def _event(self, change: Change, tongue: Tongue, lang: str, zone: tzinfo) -> str:
        key = change.id, tongue.language, lang, str(zone)
        async with self._writing:  # many pages ask for the same at once
            if key not in self._written:
                if len(self._written) >= _MOST_WRITTEN:
                    self._written.clear()
                self._written[key] = await asyncio.to_thread(self._write, change, tongue, lang, zone)
            return self._written[key]

    def _write(self, change: Change, tongue: Tongue, lang: str, zone: tzinfo) -> str:
        known = self.board.one(change.project)
        told = {}
        if known is not None:
            (line,) = moved([change], [known.project], tongue, zone)
            told = {
                "project": change.project,
                "row": self.board.rows([known], tongue, lang)[0],
                # What was past when it became known is no news.
                "moved": "" if change.is_history else piece("moved.html.j2", tongue, lang=lang, change=line),
                "said": tongue.say("{project}: {news}", project=line.name, news=line.news),
            }
        return f"id: {change.id}\nevent: change\ndata: {json.dumps(told)}\n\n"
