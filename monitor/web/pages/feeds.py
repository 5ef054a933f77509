"""The pages on feeds: how each is doing, trying and adding others, and the exchange with feed readers (OPML)."""

import asyncio
import hashlib
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from babel.dates import format_datetime
from babel.numbers import format_decimal
from fastapi import APIRouter, HTTPException, Query, Request, Response

from monitor.app.build import App, edit
from monitor.app.trials import find_feeds
from monitor.contracts.opml import opml_of, parse_opml
from monitor.core.message.tongue import Tongue, mark
from monitor.core.model import Feed
from monitor.core.plain import clean
from monitor.errors import ConfigError, FetchError, InputError
from monitor.logs import redact
from monitor.operate.configuration import last_edit
from monitor.operate.edits import adding_feed, changing_feed, importing_feeds, removing_feed
from monitor.poll.poll import PollOutcome
from monitor.poll.trial import FeedTrial
from monitor.ports import FeedRecord
from monitor.settings.edits import is_listed, sifted, what_is_wrong
from monitor.settings.files import FEEDS
from monitor.settings.vocabularies import languages
from monitor.web.access import actor_of, file_of, form_of
from monitor.web.answers import tagged
from monitor.web.pages.form_words import editions_of
from monitor.web.pages.rendering import SHOW, page, routed, tongue_of, turned_to, zone_of
from monitor.web.view.feeds import FeedFault, fault, seconds, why

# Rows of the pages on feeds -------------------------------------------------------------------------------------------


#: Entries of a feed on trial that are shown.
_SHOWN = 5


class Health(StrEnum):
    """How a feed is doing."""

    WELL = "well"
    FAILING = "failing"
    #: Never polled.
    NEW = "new"
    PAUSED = "paused"


_OUTCOMES: Mapping[str, str] = {
    PollOutcome.NOT_MODIFIED: mark("outcome", "not modified (304)"),
    PollOutcome.UNCHANGED: mark("outcome", "unchanged, byte for byte"),
    PollOutcome.READ: mark("outcome", "read"),
    PollOutcome.PUSHED: mark("outcome", "pushed by its hub"),
    PollOutcome.FAILED: mark("outcome", "failed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView:
    """One feed and how it is doing, in the reader's words."""

    id: str
    name: str
    address: str
    trust: str
    health: str
    words: str
    #: The last error. None if there is none.
    error: FeedFault | None
    polled: str
    next: str
    #: Why it is polled then, each rule in a line.
    reasons: tuple[str, ...]
    #: How many articles on projects it was the first to bring lately.
    relevant: str
    #: What else is known of its answers.
    answer: tuple[str, ...] = ()
    #: Why it is not polled though it is due. "" if it is.
    waits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """A feed that was tried."""

    address: str
    name: str
    #: What kind of document it is, how many entries it has and how many of them concern a project.
    words: str
    error: FeedFault | None
    entries: tuple[tuple[str, str], ...]
    #: The id of its page if it is configured already. "" if it is not.
    present: str


def feed_id(url: str) -> str:
    """What names a feed in addresses of pages. It reveals nothing of the feed's address, which may hold a secret."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]


def health_of(feed: Feed, record: FeedRecord) -> Health:
    if feed.is_paused:
        return Health.PAUSED
    if record.polled_at is None:
        return Health.NEW
    return Health.FAILING if record.failures else Health.WELL


def matching(
    feeds: Iterable[tuple[Feed, FeedRecord]], q: str, health: Health | None
) -> tuple[tuple[Feed, FeedRecord], ...]:
    """The feeds whose name or address has all of these words, and that are doing so."""
    words = q.casefold().split()
    return tuple(
        (feed, record)
        for feed, record in feeds
        if (health is None or health_of(feed, record) is health)
        and all(word in f"{feed.name} {redact(feed.url)}".casefold() for word in words)
    )


def feed_rows(
    feeds: Iterable[tuple[Feed, FeedRecord]],
    relevant: Mapping[str, int],
    waiting: Collection[str],
    tongue: Tongue,
    zone: tzinfo,
) -> tuple[FeedView, ...]:
    """The feeds in the order given.

    Args:
        feeds: each with its record.
        relevant: how many articles on projects each brought lately, by address.
        waiting: the addresses that are not asked because there is no network.
        tongue: the reader's.
        zone: the time zone of instants.
    """
    return tuple(
        replace(
            _feed(feed, record, tongue, zone),
            relevant=format_decimal(relevant.get(feed.url, 0), locale=tongue.locale),
            waits=tongue.say("waits for the network") if feed.url in waiting else "",
        )
        for feed, record in feeds
    )


def _feed(feed: Feed, record: FeedRecord, tongue: Tongue, zone: tzinfo) -> FeedView:
    health = health_of(feed, record)
    return FeedView(
        id=feed_id(feed.url),
        name=tongue.foreign(feed.name),
        address=clean(redact(feed.url)),
        trust=f"{feed.trust:g}",
        health=health.value,
        words=_words(health, record, tongue),
        error=fault(redact(record.last_error), tongue) if record.last_error else None,
        polled=instant(record.polled_at, tongue, zone),
        next="–" if feed.is_paused else instant(record.next_poll_at, tongue, zone),
        reasons=() if feed.is_paused else why(record.reasons, tongue),
        relevant="",
        answer=tuple(_answer(record, tongue)),
    )


def _words(health: Health, record: FeedRecord, tongue: Tongue) -> str:
    if health is Health.PAUSED:
        return tongue.say("paused")
    if health is Health.NEW:
        return tongue.say("not polled yet")
    if health is Health.FAILING:
        return tongue.count("failed once", "failed {n} times in a row", record.failures)
    return tongue.count("one entry", "{n} entries", record.last_entries or 0)


def _answer(record: FeedRecord, tongue: Tongue) -> Iterable[str]:
    if record.last_status in _OUTCOMES:
        yield tongue.say("Last answer: {outcome}", outcome=tongue.say_in("outcome", _OUTCOMES[record.last_status]))
    if record.latency is not None:
        yield tongue.say("Answered in: {time}", time=seconds(record.latency, tongue))
    if record.size:
        yield tongue.count("Size: one byte", "Size: {n} bytes", record.size)
    if record.last_entries is not None:
        entries = tongue.count("one entry", "{n} entries", record.last_entries)
        new = tongue.count("one of them new", "{n} of them new", record.last_new or 0)
        yield tongue.say("Last document: {entries}", entries=tongue.listed(entries, new))
    if record.habit is not None:
        rate = format_decimal(round(record.habit.rate, 1), locale=tongue.locale)
        yield tongue.say("Entries a day: {number}", number=rate)
    if record.moved_to:
        yield tongue.say("It says that it has moved to {address}", address=tongue.foreign(redact(record.moved_to)))


def trial_rows(
    trials: Iterable[FeedTrial], present: Collection[str], names: Mapping[str, str], tongue: Tongue
) -> tuple[TrialRow, ...]:
    """What was tried, those that work first.

    Args:
        trials: the results.
        present: the addresses of configured feeds.
        names: those of projects, by id.
        tongue: the reader's.
    """
    return tuple(
        TrialRow(
            address=trial.feed.url,
            name=clean(trial.name),
            words="" if trial.error else _offer(trial, tongue),
            error=fault(redact(_reason(trial)), tongue) if trial.error else None,
            entries=tuple(
                (tongue.foreign(entry.title), ", ".join(names.get(each, each) for each in projects))
                for entry, projects in trial.entries[:_SHOWN]
            ),
            present=feed_id(trial.feed.url) if trial.feed.url in present else "",
        )
        for trial in sorted(trials, key=lambda trial: bool(trial.error))
    )


def _offer(trial: FeedTrial, tongue: Tongue) -> str:
    entries = tongue.count("one entry", "{n} entries", len(trial.entries))
    relevant = tongue.count("one of them on a project", "{n} of them on projects", trial.relevant)
    return tongue.listed(tongue.foreign(trial.format), entries, relevant)


def _reason(trial: FeedTrial) -> str:
    """The error without the address, which stands beside it."""
    return trial.error.removeprefix(f"{trial.feed.url}: ")


def instant(at: datetime | None, tongue: Tongue, zone: tzinfo) -> str:
    return format_datetime(at.astimezone(zone), "short", locale=tongue.locale) if at else "–"


#: Feeds of one page, and the largest page of a form and of an OPML document.
_FEEDS, _FORM, _OPML = 100, 10_000, 2_000_000
#: How far back the articles on projects are counted.
_LATELY = timedelta(days=30)
#: Seconds for trying feeds. A connection does not live much longer.
_PATIENCE = 22

#: What is wrong with a trust; its form says it in the reader's language.
_TRUST = "trust"

Search = Annotated[str, Query(max_length=200)]
Number = Annotated[int, Query(ge=1, le=100_000)]
Removed = Annotated[int, Query(ge=0, le=2**53)]
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
        self,
        request: Request,
        *,
        q: Search = "",
        health: Health | None = None,
        number: Number = 1,
        done: Done = "",
        removed: Removed = 0,
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
            removed=removed,
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
            languages_=self._languages(tongue),
            language_=form_of(request).get("language", "") if error else feed.language or "",
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
        found, error, is_cut = list[FeedTrial](), "", False
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
        found: Sequence[FeedTrial] = (),
        tried: str = "",
        fault_: str = "",
        is_cut: bool = False,
        error: str = "",
    ) -> Response:
        tongue, typed = self._tongue(request), form_of(request) if request.method == "POST" else {}
        names = {id_: tongue.name(project) for id_, project in self.app.watch.projects.items()}
        present = {each.url for each in self.app.config.feeds}
        failed: FeedFault | None = fault(redact(fault_), tongue) if fault_ else None
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
            languages_=self._languages(tongue),
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
                change = changing_feed(
                    old, name=new.name, trust=new.trust, language=new.language or "", paused=is_paused
                )
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
        number = await asyncio.to_thread(last_edit, self.app.configuration.editions, FEEDS)
        return turned_to(request, "/feeds", done="removed", removed=number)

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

    def _languages(self, tongue: Tongue) -> Sequence[tuple[str, str]]:
        """The languages that articles are read in, by their names."""
        return sorted(editions_of(sorted(languages(self.app.config.folder)), tongue), key=lambda each: each[1])

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
    return (replace(feed, trust=trust), "") if 0 <= trust <= 1 else (feed, _TRUST)


def _web_address(typed: str) -> str:
    """What was typed as a web address. A scheme may be left out. Files of the server are not offered here."""
    address = typed.strip()
    is_web = address.lower().startswith(("http://", "https://"))
    return address if is_web else f"https://{address.removeprefix('file:')}"
