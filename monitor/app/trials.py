"""Tries feeds: fetches, parses and matches them as a poll would, and stores nothing."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.core.model import Feed
from monitor.errors import FetchError, ParseError
from monitor.feeds.discovery import robots_of, sitemaps, usual_feeds
from monitor.feeds.gathering import gather
from monitor.poll.trial import Trial
from monitor.ports import Fetched, Fetcher, NotModified

if TYPE_CHECKING:
    from monitor.app.build import App


async def try_feeds(app: "App", feeds: Sequence[Feed]) -> AsyncGenerator[Trial, None]:
    """Try these feeds concurrently and yield each result as it comes. A feed that fails is a result too."""
    async with app.fetcher() as fetcher:
        tasks = [asyncio.create_task(_try(app, feed, fetcher)) for feed in feeds]
        try:
            for done in asyncio.as_completed(tasks):
                yield await done
        finally:
            for task in tasks:
                task.cancel()


async def find_feeds(app: "App", url: str) -> AsyncGenerator[Trial, None]:
    """Try the feeds of a page one after the other and yield each result as it comes.

    They are the document itself if it is a feed; else the feeds that the page names; else the first working feed at the
    usual addresses; else the first sitemap of the site that says what is new, news sitemaps first.

    Raises:
        FetchError: the page itself could not be fetched.
    """
    async with app.fetcher() as fetcher:
        page = await _fetch(url, fetcher)
        itself = await _told(app, Feed(url=page.url, name=url), page, fetcher)
        named = await app.documents_on_trial().named_feeds(page) if itself.error else ()
        if not itself.error:
            yield itself
        for feed in named:
            yield await _try(app, feed, fetcher)
        if not itself.error or named:
            return
        for feed in usual_feeds(page.url):
            tried = await _try(app, feed, fetcher)
            if not tried.error:
                yield tried
                return
        for feed in sitemaps(await _robots(app, page.url, fetcher), page.url):
            tried = await _try(app, feed, fetcher)
            if not tried.error:
                yield tried
                return


async def _robots(app: "App", url: str, fetcher: Fetcher) -> str:
    """Return the text of the site's robots.txt; "" if it cannot be fetched or parsed."""
    try:
        return await app.documents_on_trial().plain(await _fetch(robots_of(url), fetcher))
    except (FetchError, ParseError):
        return ""


async def _try(app: "App", feed: Feed, fetcher: Fetcher) -> Trial:
    try:
        answer = await _fetch(feed.url, fetcher)
    except FetchError as error:
        return Trial(feed=feed, error=str(error))
    return await _told(app, feed, answer, fetcher)


async def _fetch(url: str, fetcher: Fetcher) -> Fetched:
    answer = await fetcher.fetch(url)
    if isinstance(answer, NotModified):
        # No validators were sent, so a 304 is an error of the server.
        raise FetchError(url, "304 Not Modified, though nothing was known of it before", transient=False)
    return answer


async def _told(app: "App", feed: Feed, answer: Fetched, fetcher: Fetcher) -> Trial:
    """Parse the document and match its entries."""
    documents = app.documents_on_trial()
    try:
        gathered = await gather(answer, fetcher, documents)
        document = await documents.parse(replace(gathered.answer, url=answer.url), now=app.clock(), page=feed.page)
    except (FetchError, ParseError) as error:
        return Trial(feed=feed, error=str(error))
    entries = tuple(zip(document.parsed.entries, document.concerns, strict=True))
    return Trial(
        feed=feed,
        title=document.parsed.title,
        format=document.parsed.format,
        entries=entries,
        problems=(*gathered.problems, *document.parsed.problems),
    )
