"""The overview of all projects: live in the browser, and on one sheet of paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from monitor.app.build import App
from monitor.core.message.tongue import Tongue
from monitor.web.pages.events import Board
from monitor.web.pages.rendering import LANGUAGE, page, tongue_of, zone_of
from monitor.web.view.overview import Attention, ListOrder, Moved, attentions, chosen, moved, ordered, row, statuses

#: Projects of one page, and of one sheet.
_PROJECTS, _ON_PAPER = 100, 25
#: The changes that the overview shows, of so many that it looks through, and how far back it looks for them.
_LATELY, _LOOKED_AT, _WEEK = 8, 50, timedelta(days=7)

Search = Annotated[str, Query(max_length=200)]
Word = Annotated[str, Query(max_length=60)]
Number = Annotated[int, Query(ge=1, le=100_000)]


@dataclass(frozen=True, slots=True)
class Overview:
    """The overview of one monitor."""

    board: Board

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        for path, route in (("/", self.overview), ("/brief", self.brief)):
            router.add_api_route(path, route, methods=["GET", "HEAD"], response_class=Response)
        return router

    def overview(
        self,
        request: Request,
        *,
        q: Search = "",
        order: ListOrder = ListOrder.GIVEN,
        status: Word = "",
        only: Word = "",
        number: Number = 1,
    ) -> Response:
        """Every project in a row, and what moved in the last week."""
        tongue, board = self._tongue(request), self.board
        # Before anything is read, so that nothing is missed between the page and its first event.
        newest = board.app.ledger.changes(limit=1)
        known = board.known()
        wanted = Attention(only) if only in set(Attention) else None
        found = ordered(chosen(known, words_=q, status=status, only=wanted), order)
        first = (number - 1) * _PROJECTS
        return page(
            request,
            "overview.html.j2",
            tongue,
            rows=board.rows(found[first : first + _PROJECTS], tongue, request.query_params.get(LANGUAGE, "")),
            total=len(found),
            number=number,
            is_more=first + _PROJECTS < len(found),
            q=q,
            order=order.value,
            standing=status,
            only=wanted.value if wanted else "",
            statuses=statuses(known, tongue),
            attentions=attentions(known, tongue),
            lately=self._lately(tongue, zone_of(request, board.app.watch)),
            after=newest[0].id if newest else "",
            unread=board.app.unread_feeds(),
        )

    def brief(self, request: Request) -> Response:
        """What a reader takes along: the projects by urgency, what moved, and what is expected next."""
        tongue, board = self._tongue(request), self.board
        known = board.known()
        urgent = ordered(known, ListOrder.URGENT)[:_ON_PAPER]
        return page(
            request,
            "brief.html.j2",
            tongue,
            rows=[row(each, tongue, board.today()) for each in urgent],
            total=len(known),
            attentions=attentions(known, tongue),
            lately=self._lately(tongue, zone_of(request, board.app.watch)),
            day=board.day(board.today(), tongue),
        )

    def _lately(self, tongue: Tongue, zone: tzinfo) -> Sequence[Moved]:
        app = self.board.app
        news = app.ledger.changes(history=False, limit=_LOOKED_AT)
        recent = [each for each in news if each.at >= app.clock() - _WEEK]
        return moved(recent, app.watch.projects.values(), tongue, zone)[:_LATELY]

    def _tongue(self, request: Request) -> Tongue:
        return tongue_of(request, self.board.app.watch)


# ``/changes``: what has moved -----------------------------------------------------------------------------------------


#: Changes of one page.
_CHANGES = 50

ChangeId = Annotated[str, Query(pattern="^[0-9a-f]{0,64}$")]


@dataclass(frozen=True, slots=True)
class Changes:
    """The page of one monitor."""

    app: App

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/changes", self.changes, methods=["GET", "HEAD"], response_class=Response)
        return router

    def changes(self, request: Request, before: ChangeId = "") -> Response:
        """What has moved, the newest first."""
        watch = self.app.watch
        tongue = tongue_of(request, watch)
        found = self.app.ledger.changes(before=before or None, limit=_CHANGES + 1)
        more = found[1].id if len(found) > _CHANGES else ""
        shown = moved(found[-_CHANGES:], watch.projects.values(), tongue, zone_of(request, watch))
        return page(request, "changes.html.j2", tongue, changes=shown, more=more, before=before)
