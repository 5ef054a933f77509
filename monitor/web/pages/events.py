"""Tells open pages of changes as they become known: server-sent events."""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import StreamingResponse
from markupsafe import Markup

from monitor.app.build import App
from monitor.core.message.tongue import Tongue
from monitor.core.news import Change
from monitor.core.periods import Period
from monitor.core.state import ProjectState
from monitor.errors import LedgerError
from monitor.logs import get_logger
from monitor.ports import Ledger
from monitor.web.pages.rendering import LANGUAGE, piece, tongue_of, zone_of
from monitor.web.view.overview import Known, moved, row

# The projects as the pages show them. Each is worked out again only when something about it has changed ---------------


#: The end of time: a project that nothing is expected of.
_NEVER = datetime.max.replace(tzinfo=UTC)
#: Rendered rows that are kept.
_MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class _Held:
    """A project, as it is until time alone changes it."""

    known: Known
    since: datetime
    until: datetime


#: What a rendered row depends on, besides its project and language.
_Basis = tuple[Known, date, str]


@dataclass(slots=True)
class Board:
    """Every project of one monitor. Safe to use from several threads."""

    app: App
    _held: dict[str, _Held] = field(default_factory=dict)
    #: By project, language, and language in the address.
    _rows: dict[tuple[str, str, str], tuple[_Basis, Markup]] = field(default_factory=dict)

    def known(self) -> list[Known]:
        """Every project as it is known now, in the order of the configuration."""
        return list(map(self._of, self.app.knowledge.overview()))

    def one(self, project: str) -> Known | None:
        """One project as it is known now. None if it is not watched."""
        state = self.app.knowledge.brief(project)
        return self._of(state) if state is not None else None

    def rows(self, some: Sequence[Known], tongue: Tongue, lang: str) -> list[Markup]:
        """These projects as the rows of a list.

        Args:
            some: the projects.
            tongue: the language of the reader.
            lang: the language that the reader chose in the address. "" if none.
        """
        last = self.app.ledger.last_changes([each.project.id for each in some])
        return [self._row(each, last.get(each.project.id, ()), tongue, lang) for each in some]

    def today(self) -> date:
        return self.app.clock().astimezone(self.app.watch.timezone).date()

    def day(self, day: date, tongue: Tongue) -> str:
        return tongue.date(Period.day(day))

    def _row(self, known: Known, last: Sequence[Change], tongue: Tongue, lang: str) -> Markup:
        key = known.project.id, tongue.language, lang
        basis = known, self.today(), last[-1].id if last else ""
        held = self._rows.get(key)
        if held is not None and held[0][0] is known and held[0][1:] == basis[1:]:
            return held[1]
        shown = row(known, tongue, self.today(), zone=self.app.watch.timezone, last=last)
        html = piece("row.html.j2", tongue, lang=lang, row=shown)
        if len(self._rows) >= _MOST_ROWS:
            self._rows.clear()
        self._rows[key] = basis, html
        return html

    def _of(self, state: ProjectState) -> Known:
        watch, now = self.app.watch, self.app.clock()
        project = watch.projects[state.project]
        held = self._held.get(state.project)
        is_same = held is not None and held.known.state is state and held.known.project is project
        if held is not None and is_same and held.since <= now < held.until:
            return held.known
        coming = watch.to_come(state)
        known = Known(
            project=project,
            state=state,
            lifecycle=watch.lifecycle_of(project.id),
            inferred=tuple(change for change in coming if change.at <= now),
        )
        until = min((change.at for change in coming if change.at > now), default=_NEVER)
        self._held[state.project] = _Held(known=known, since=now, until=until)
        return known


# Finds changes as they become known, for all who listen, with one query at a time -------------------------------------


#: Seconds between two looks at the ledger. Another process may have written. A commit of this one is seen at once.
PERIOD = 5.0
#: The last changes held in memory. A listener that has missed more must begin anew.
KEPT = 200

log = get_logger()


class Ticker:
    """Looks for new changes as long as somebody listens. Belongs to one event loop, except ``wake``."""

    def __init__(self, ledger: Callable[[], Ledger], *, period: float = PERIOD) -> None:
        """Prepare.

        Args:
            ledger: returns the ledger. It is opened when somebody listens.
            period: seconds between two looks.
        """
        self._ledger = ledger
        self._period = period
        #: The last changes, the newest last.
        self._recent: deque[Change] = deque(maxlen=KEPT)
        self._looking = asyncio.Lock()
        self._woken = asyncio.Event()
        self._moved = asyncio.Condition()
        #: How often something was found.
        self.found = 0
        self.listeners = 0
        self._has_begun = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self) -> None:
        """Look now. Any thread may call this."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # closed since
                loop.call_soon_threadsafe(self._woken.set)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Somebody listens within this context. The first one starts the looking, and the last one ends it."""
        self.listeners += 1
        if self.listeners == 1:
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.create_task(self._look_on())
        try:
            yield
        finally:
            self.listeners -= 1
            if self.listeners == 0:
                self._loop = None
                self._task.cancel()

    async def latest(self) -> str:
        """The id of the last change. "" if there is none."""
        await self._look()
        return self._recent[-1].id if self._recent else ""

    async def after(self, last: str) -> Sequence[Change] | None:
        """The changes after the one with this id; all of them for "". None if they are too many, or the id is unknown.

        Raises:
            LedgerError: the database refused.
        """
        found = self._since(last)
        if found is None:
            await self._look()
            found = self._since(last)
        if found is None:
            found = await asyncio.to_thread(self._ledger().changes, after=last or None, limit=KEPT + 1)
            # Whoever has the last change is found above. So nothing after an id means that there is no such change.
            return found if (found or not last) and len(found) <= KEPT else None
        return found

    async def wait(self, found: int, seconds: float) -> bool:
        """Wait until something was found since ``found`` was this. False if nothing was in so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._moved:
                await self._moved.wait_for(lambda: self.found != found)
        return self.found != found

    def _since(self, last: str) -> Sequence[Change] | None:
        for place, change in enumerate(self._recent):
            if change.id == last:
                return list(self._recent)[place + 1 :]
        return None

    async def _look_on(self) -> None:
        while True:
            try:
                await self._look()
            except LedgerError as error:
                log.warning("web.no_changes_seen", error=str(error))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._period):
                    await self._woken.wait()
            self._woken.clear()

    async def _look(self) -> None:
        """Find what is new and tell the listeners."""
        async with self._looking:
            last = self._recent[-1].id if self._recent else None
            # The first time, only the last one: what came before is on the pages of the listeners.
            limit = KEPT if self._has_begun else 1
            new = await asyncio.to_thread(self._ledger().changes, after=last, limit=limit)
            self._has_begun = True
            if not new:
                return
            if len(new) == KEPT:
                self._recent.clear()  # there may be a gap
            self._recent.extend(new)
            self.found += 1
        async with self._moved:
            self._moved.notify_all()


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
