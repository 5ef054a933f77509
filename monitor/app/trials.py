"""Tries feeds and articles: fetches, parses, matches and reads them as a poll would, and stores nothing."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.core.articles import article_of, source_of
from monitor.core.model import Article, Entry, Feed
from monitor.core.periods import Period
from monitor.errors import FetchError, ParseError
from monitor.feeds.discovery import robots_of, sitemaps, usual_feeds
from monitor.feeds.gathering import gather
from monitor.know.foreseen import Foreseen, foresee_article
from monitor.poll.trial import Trial
from monitor.ports import Fetched, Fetcher, NotModified, ReadArticle
from monitor.workers.jobs import Tried

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An article to try."""

    title: str
    text: str
    published: Period | None = None
    #: As its publisher states it. Detected if None.
    language: str | None = None
    url: str | None = None
    outlet: str = ""
    trust: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleTrial:
    """What is read in an article, and what would follow if a feed brought it now."""

    article: Article
    #: Whether it is in the ledger: then nothing would follow.
    is_known: bool
    tried: Tried
    foreseen: Foreseen


async def try_page(app: "App", url: str) -> Given:
    """Fetch the page at an address, under guard.

    Raises:
        FetchError: it could not be fetched.
        ParseError: it is no article, or exceeds the limits of the workers (HostileError).
    """
    async with app.fetcher() as fetcher:
        answer = await _fetch(url, fetcher, is_page=True)
    page = await app.documents_on_trial().extract(answer)
    published = Period.day(page.published) if page.published else None
    return Given(title=page.title, text=page.text, published=published, language=page.language, url=answer.url)


async def try_article(app: "App", given: Given) -> ArticleTrial:
    """Read an article.

    Raises:
        HostileError: it exceeds the limits of the workers.
        LedgerError: the database refused.
    """
    now, watch = app.clock(), app.watch
    feed = Feed(url="", name=given.outlet, trust=given.trust)
    entry = Entry(guid=None, url=given.url, title=given.title, text=given.text, published_at=None)
    article = article_of(entry, feed, text=given.text, published=given.published, language=None)
    language, tried = await app.documents_on_trial().try_out(article, language=given.language)
    article = replace(article, language=language)
    # An article of today, or of this month, is news against what is known by now.
    is_past = given.published is not None and given.published.until <= now
    published_at = given.published.since if given.published and is_past else now
    source = source_of(article, trust=given.trust, published_at=published_at, seen_at=now)

    def follow() -> ArticleTrial:
        item = ReadArticle(article=article, source=source, reading=tried.reading)
        return ArticleTrial(
            article=article,
            is_known=bool(app.ledger.known([article.key])),
            tried=tried,
            foreseen=foresee_article(item, watch, app.ledger, now),
        )

    return await asyncio.to_thread(follow)


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


async def _fetch(url: str, fetcher: Fetcher, *, is_page: bool = False) -> Fetched:
    answer = await fetcher.fetch(url, is_page=is_page)
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
