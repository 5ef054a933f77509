"""The pages on feeds: how each is doing, trying and adding others, and the exchange with feed readers (OPML)."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException, Query, Request, Response

from monitor.app.build import App
from monitor.app.edits import edit
from monitor.app.trials import find_feeds
from monitor.contracts.opml import opml_of, parse_opml
from monitor.core.message.tongue import Tongue
from monitor.core.model import Feed
from monitor.core.page.polling import Fault, fault
from monitor.errors import ConfigError, FetchError, InputError
from monitor.logs import redact
from monitor.operate.edits import adding_feed, changing_feed, importing_feeds, removing_feed
from monitor.poll.trial import Trial
from monitor.ports import FeedRecord
from monitor.settings.adding import sifted, what_is_wrong
from monitor.settings.listed import is_listed
from monitor.web.access import actor_of, file_of, form_of
from monitor.web.answers import tagged
from monitor.web.pages.feed_rows import Health, feed_id, feed_rows, matching, trial_rows
from monitor.web.pages.rendering import page, tongue_of, turned_to, zone_of
from monitor.web.pages.routing import SHOW, routed

#: Feeds of one page, and the largest page of a form and of an OPML document.
_FEEDS, _FORM, _OPML = 100, 10_000, 2_000_000
#: How far back the articles on projects are counted.
_LATELY = timedelta(days=30)
#: Seconds for trying feeds. A connection does not live much longer.
_PATIENCE = 22

Search = Annotated[str, Query(max_length=200)]
Number = Annotated[int, Query(ge=1, le=100_000)]
Done = Annotated[str, Query(pattern="^[a-z]{0,20}$")]


@dataclass(frozen=True, slots=True)
class FeedPages:
    """The pages on the feeds of one monitor."""

    app: App

    def router(self) -> APIRouter:
        return routed(
            ("/feeds", self.feeds, SHOW),
            ("/feeds.opml", self.opml, SHOW),
            ("/feeds/add", self.adding, SHOW),
            ("/feeds/add", self.add, _FORM),
            ("/feeds/try", self.trying, _FORM),
            ("/feeds/import", self.importing, SHOW),
            ("/feeds/import", self.take_in, _OPML),
            ("/feeds/{feed}", self.feed, SHOW),
            ("/feeds/{feed}", self.change, _FORM),
            ("/feeds/{feed}/remove", self.remove, _FORM),
        )

    # ------------------------------------------------------------ what is there

    def feeds(
        self, request: Request, q: Search = "", health: Health | None = None, number: Number = 1, done: Done = ""
    ) -> Response:
        """How every feed is doing."""
        tongue, first, network = self._tongue(request), (number - 1) * _FEEDS, self.app.poller.network
        all_feeds = self.app.feeds()
        found = matching(all_feeds, q, health)
        return page(
            request,
            "feeds.html.j2",
            tongue,
            feeds=self._rows(request, found[first : first + _FEEDS], tongue),
            total=len(found),
            is_empty=not all_feeds,
            number=number,
            is_more=first + _FEEDS < len(found),
            q=q,
            health=health.value if health else "",
            waiting=network.waiting() if network.is_lost else 0,
            done=done,
        )

    def feed(self, request: Request, feed: str, done: Done = "") -> Response:
        """One feed."""
        return self._shown(request, *self._found(feed), done=done)

    def _shown(self, request: Request, feed: Feed, record: FeedRecord, *, done: str = "", error: str = "") -> Response:
        tongue, folder = self._tongue(request), self.app.config.folder
        return page(
            request,
            "feed.html.j2",
            tongue,
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK,
            feed=self._rows(request, [(feed, record)], tongue)[0],
            name=form_of(request).get("name", feed.name) if error else feed.name,
            trust=form_of(request).get("trust", "") if error else f"{feed.trust:g}",
            is_paused=feed.is_paused,
            is_listed=is_listed(folder, os.environ, feed.url),
            done=done,
            error=error,
        )

    def opml(self, request: Request) -> Response:
        """The feeds for feed readers and other monitors."""
        return tagged(request, opml_of(self.app.config.feeds), media_type="text/x-opml; charset=utf-8")

    # ------------------------------------------------------------ trying and adding

    def adding(self, request: Request) -> Response:
        """Where a feed or a site is tried."""
        return self._offered(request)

    async def trying(self, request: Request) -> Response:
        """Try an address: the feed that it is, or the feeds of its site. Nothing is stored."""
        address = _web_address(form_of(request).get("address", ""))
        found, error, is_cut = list[Trial](), "", False
        try:
            async with asyncio.timeout(_PATIENCE), aclosing(find_feeds(self.app, address)) as trials:
                async for each in trials:
                    found.append(each)
        except TimeoutError:
            is_cut = True
        except FetchError as failure:
            error = failure.reason
        return await asyncio.to_thread(self._offered, request, found=found, tried=address, fault_=error, is_cut=is_cut)

    async def add(self, request: Request) -> Response:
        """Add a feed to the end of feeds.yaml."""
        form, folder = form_of(request), self.app.config.folder
        feed, error = _feed_of(form.get("url", ""), form)
        present = {each.url for each in self.app.config.feeds}
        error = error or ("is configured already" if feed.url in present else what_is_wrong(feed, folder))
        if not error:
            try:
                await edit(self.app, adding_feed(feed), actor_of(request))
            except ConfigError as refused:
                error = redact(str(refused))
        if error:
            return await asyncio.to_thread(self._offered, request, error=error)
        return turned_to(request, f"/feeds/{feed_id(feed.url)}", done="added")

    def _offered(
        self,
        request: Request,
        *,
        found: Sequence[Trial] = (),
        tried: str = "",
        fault_: str = "",
        is_cut: bool = False,
        error: str = "",
    ) -> Response:
        tongue, typed = self._tongue(request), form_of(request) if request.method == "POST" else {}
        names = {id_: tongue.name(project) for id_, project in self.app.watch.projects.items()}
        present = {each.url for each in self.app.config.feeds}
        failed: Fault | None = fault(redact(fault_), tongue) if fault_ else None
        return page(
            request,
            "feed_add.html.j2",
            tongue,
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error or failed else HTTPStatus.OK,
            found=trial_rows(found, present, names, tongue),
            address=typed.get("address", ""),
            tried=tried,
            failed=failed,
            is_cut=is_cut,
            typed=typed,
            error=error,
        )

    # ------------------------------------------------------------ OPML

    def importing(self, request: Request) -> Response:
        """Where an OPML document is chosen."""
        return self._sifted(request, "", is_chosen=False)

    async def take_in(self, request: Request) -> Response:
        """Show what an OPML document would add, or add it."""
        upload = file_of(request, "file")
        data = await upload.read() if upload is not None else b""
        text = data.decode("utf-8", "replace") or form_of(request).get("opml", "")
        if form_of(request).get("do") != "add":
            return await asyncio.to_thread(self._sifted, request, text, is_chosen=True)
        feeds, _ = await asyncio.to_thread(self._sift, text)
        try:
            if feeds:
                await edit(self.app, importing_feeds(feeds), actor_of(request))
        except (ConfigError, InputError) as refused:
            error = redact(str(refused))
            return await asyncio.to_thread(self._sifted, request, text, is_chosen=True, error=error)
        return turned_to(request, "/feeds", done="imported")

    def _sift(self, text: str) -> tuple[tuple[Feed, ...], tuple[InputError, ...]]:
        """The feeds of an OPML document that can be added, and why others cannot."""
        present = {each.url for each in self.app.config.feeds}
        try:
            return sifted(
                parse_opml(text.encode(), name="OPML", trust=0.5), present, self.app.config.folder, source="OPML"
            )
        except InputError as error:
            return (), (error,)

    def _sifted(self, request: Request, text: str, *, is_chosen: bool, error: str = "") -> Response:
        feeds, refused = self._sift(text) if is_chosen else ((), ())
        return page(
            request,
            "feeds_import.html.j2",
            self._tongue(request),
            status=HTTPStatus.UNPROCESSABLE_ENTITY if error or (refused and not feeds) else HTTPStatus.OK,
            opml=text,
            is_chosen=is_chosen,
            feeds=[(each.name, redact(each.url), f"{each.trust:g}") for each in feeds],
            refused=[redact(str(each)) for each in refused],
            error=error,
        )

    # ------------------------------------------------------------ changing and removing

    async def change(self, request: Request, feed: str) -> Response:
        """Give a feed another name and trust, pause it or ask it again."""
        old, record = await asyncio.to_thread(self._found, feed)
        form = form_of(request)
        new, error = _feed_of(old.url, form)
        is_paused = form.get("paused") == "yes"
        if not error:
            try:
                change = changing_feed(old, name=new.name, trust=new.trust, paused=is_paused)
                await edit(self.app, change, actor_of(request))
            except ConfigError as refused:
                error = redact(str(refused))
        if error:
            return await asyncio.to_thread(self._shown, request, old, record, error=error)
        return turned_to(request, f"/feeds/{feed}", done="saved")

    async def remove(self, request: Request, feed: str) -> Response:
        """Take a feed out of feeds.yaml. What it brought stays."""
        old, record = await asyncio.to_thread(self._found, feed)
        try:
            await edit(self.app, removing_feed(old), actor_of(request))
        except ConfigError as refused:
            return await asyncio.to_thread(self._shown, request, old, record, error=redact(str(refused)))
        return turned_to(request, "/feeds", done="removed")

    # ------------------------------------------------------------ helpers

    def _rows(self, request: Request, feeds: Sequence[tuple[Feed, FeedRecord]], tongue: Tongue) -> Sequence[object]:
        network = self.app.poller.network
        relevant = self.app.ledger.relevant_since(self.app.clock() - _LATELY)
        waiting = {feed.url for feed, _ in feeds if network.keeps_waiting(feed.url)}
        return feed_rows(feeds, relevant, waiting, tongue, zone_of(request, self.app.watch))

    def _found(self, id_: str) -> tuple[Feed, FeedRecord]:
        url = next((feed.url for feed in self.app.config.feeds if feed_id(feed.url) == id_), None)
        if url is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return self.app.feeds([url])[0]

    def _tongue(self, request: Request) -> Tongue:
        return tongue_of(request, self.app.watch)


def _feed_of(url: str, form: Mapping[str, str]) -> tuple[Feed, str]:
    """The feed at this address that a form describes, and what is wrong with it."""
    address = _web_address(url)
    name = " ".join(form.get("name", "").split()) or urlsplit(address).hostname or address
    feed = Feed(url=address, name=name, language=form.get("language", "").strip() or None)
    try:
        trust = float(form.get("trust", "").replace(",", ".") or feed.trust)
    except ValueError:
        trust = -1
    return (replace(feed, trust=trust), "") if 0 <= trust <= 1 else (feed, "trust: must be a number between 0 and 1")


def _web_address(typed: str) -> str:
    """What was typed as a web address. A scheme may be left out. Files of the server are not offered here."""
    address = typed.strip()
    is_web = address.lower().startswith(("http://", "https://"))
    return address if is_web else f"https://{address.removeprefix('file:')}"
