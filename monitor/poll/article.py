"""Processes one entry of a feed: match → full text → read."""

from dataclasses import replace
from datetime import UTC, datetime, time

from monitor.core.articles import article_of, publisher_of, source_of
from monitor.core.corrections import is_emptied, says_the_same
from monitor.core.model import MAX_TEXT, Article, Entry, Feed, Reading
from monitor.core.periods import Period
from monitor.errors import DisallowedError, FetchError, HostileError, ParseError
from monitor.poll.context import PollContext
from monitor.ports import (
    Fetched,
    Provisional,
    ReadArticle,
    ReadOutcome,
)
from monitor.watch.watch import Watch


async def read_entry(entry: Entry, context: PollContext) -> tuple[ReadArticle, bool]:
    """Read an entry that may concern a project, on its page where it has one.

    Returns:
        The article, and whether it is final: False if its page could not be fetched and is to be tried again.
    """
    feed, watch, documents = context.feed, context.road.watch, context.road.documents
    now, is_history = context.road.clock(), context.is_history
    declared: datetime | None = None
    is_whole = True
    try:
        text, declared = await _full_text(entry, context)
    except (FetchError, ParseError) as error:
        text = entry.text
        # Not for history: what its page adds later would be reported as news.
        is_whole = is_history or not (isinstance(error, FetchError) and error.transient)
        later = "" if is_whole else ", to be tried again"
        context.problems.append(f"full text not read{later}, the feed's own text stands in: {error}")
    written = entry.published_at or declared or entry.modified_at
    unread = _article(entry, text, feed, watch, now, written=written, is_history=is_history)
    try:
        language, read = await documents.read(unread.article, language=entry.language or feed.language)
    except HostileError as error:
        # It is kept without a reader's name, so that a rebuild reads it again.
        context.problems.append(f"nothing was read in it: {error}")
        return unread, is_whole
    article = replace(unread.article, language=language)
    kind = Provisional.HISTORY if is_history else Provisional.NEWS
    return replace(unread, article=article, reading=read.reading, reader=watch.reader_of(read, kind)), is_whole


def pass_by(
    entry: Entry, feed: Feed, watch: Watch, now: datetime, *, language: str | None, is_history: bool
) -> ReadArticle:
    """Make the article of an entry that concerns no project. Its page is not fetched and it is not read."""
    written = entry.published_at or entry.modified_at
    article = _article(entry, entry.text, feed, watch, now, written=written, is_history=is_history, language=language)
    return replace(article, reader=watch.fingerprint)


def _article(
    entry: Entry,
    text: str,
    feed: Feed,
    watch: Watch,
    now: datetime,
    *,
    written: datetime | None,
    is_history: bool,
    language: str | None = None,
) -> ReadArticle:
    """The article of an entry, with nothing read in it."""
    # Clamp future dates to now; an undated new entry counts as published now.
    published_at = min(written or now, now)
    dated = written is not None or not is_history
    day = Period.day(published_at.astimezone(watch.timezone).date()) if dated else None
    outlet, trust = publisher_of(entry, feed, watch.outlets)
    article = article_of(entry, feed, text=text, published=day, language=language, outlet=outlet)
    source = source_of(article, trust=trust, published_at=published_at, seen_at=now)
    return ReadArticle(article=article, source=source, reading=_nothing(article))


async def read_again(
    entry: Entry, heard: ReadArticle, context: PollContext, *, may_concern: bool
) -> tuple[ReadArticle, ...]:
    """Read an article that its publisher has changed, or whose page could not be fetched before.

    Returns an empty tuple if the article is history or its content is the same.

    Args:
        entry: as it is now.
        heard: the article as it was read last.
        context: of the poll.
        may_concern: whether the entry, as it is now, may concern a project.

    Raises:
        FetchError, ParseError: its page cannot be read now. The feed's own text cannot replace what was read.
    """
    watch, now = context.road.watch, context.road.clock()
    is_concerned = bool(heard.reading.projects) or may_concern
    if not is_concerned or heard.source.published_at < now - watch.alert_horizon:
        return ()
    try:
        text, _ = await _full_text(entry, context)
    except DisallowedError as error:
        context.problems.append(f"not read again though it was changed: {error}")
        return ()
    article = replace(heard.article, title=entry.title, text=text)
    if says_the_same(heard.article, article):
        return ()
    if is_emptied(heard.article, article):
        read = ReadOutcome(reading=_nothing(article))
    else:
        language, read = await context.road.documents.read(article, language=entry.language or context.feed.language)
        article = replace(article, language=language)
    source = replace(heard.source, title=article.title, seen_at=now)
    reader = watch.reader_of(read, Provisional.NEWS)
    return (ReadArticle(article=article, source=source, reading=read.reading, reader=reader),)


def _nothing(article: Article) -> Reading:
    return Reading(language=article.language, projects=(), claims=(), facts=())


async def _full_text(entry: Entry, context: PollContext) -> tuple[str, datetime | None]:
    """The article's text from its page, and the day that the page gives itself, where it does.

    Returns the feed's own text if there is no page or if that text is longer.

    Raises:
        FetchError, ParseError: the page cannot be read.
    """
    text, declared = entry.text, None
    if entry.url and not context.feed.url.startswith("file:"):
        answer = await context.page(entry.url)
        if isinstance(answer, Fetched):
            page = await context.road.documents.extract(answer)
            text = max(page.text, text, key=len)
            declared = datetime.combine(page.published, time(), UTC) if page.published else None
    if len(text) >= MAX_TEXT:
        context.problems.append(f"{entry.url or entry.title}: only the first {MAX_TEXT:,} characters are read")
    return text, declared
