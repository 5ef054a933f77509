"""Processes one entry of a feed: match → full text → read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from monitor.core.articles import (
    MAX_LOOKS,
    article_of,
    entry_digest,
    is_emptied,
    publisher_of,
    says_the_same,
    source_of,
)
from monitor.core.identity import article_key, canonical_url, entry_key, is_service_link
from monitor.core.model import MAX_TEXT, Article, Entry, Feed, Reading
from monitor.core.periods import Period
from monitor.errors import DisallowedError, FetchError, HostileError, ParseError
from monitor.feeds.parsed import ParsedFeed
from monitor.poll.context import PollContext
from monitor.ports import (
    EntryRecord,
    Fetched,
    Provisional,
    ReadArticle,
    ReadOutcome,
)
from monitor.watch.watch import Watch
from monitor.workers.jobs import ParsedDocument


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


# Compares a document with what is known: finds the entries that are new or changed. Runs off the event loop -----------


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """The entries of a document, and what is new among them."""

    parsed: ParsedFeed
    #: By key, like the mappings that follow.
    entries: Mapping[str, Entry]
    #: The records of the entries before this document.
    seen: Mapping[str, EntryRecord]
    #: The records of the entries from now on.
    said: Mapping[str, EntryRecord]
    #: The keys of the entries that may concern a project.
    may_concern: frozenset[str]
    #: New entries that may concern a project.
    concerning: tuple[Entry, ...]
    #: New articles that concern no project.
    others: tuple[ReadArticle, ...]
    #: Known articles whose entries have changed: article key → entry key.
    rewritten: Mapping[str, str]


def sift(document: ParsedDocument, context: PollContext, now: datetime) -> Sifted:
    """Hold a document beside what is known, and tell what of it is new.

    Args:
        document: as a worker has read it.
        context: of the poll.
        now: the present instant.

    Raises:
        LedgerError: the database refused.
    """
    feed, road = context.feed, context.road
    keys = [entry_key(entry) for entry in document.parsed.entries]
    entries = dict(zip(keys, document.parsed.entries, strict=True))
    languages = dict(zip(keys, document.languages, strict=True))
    concerns = dict(zip(keys, document.concerns, strict=True))
    may_concern = frozenset(key for key, projects in concerns.items() if projects)
    articles = {key: article_key(entry, feed=feed.url) for key, entry in entries.items()}
    seen, known = road.ledger.seen(feed.url, tuple(entries), tuple(articles.values()))
    said = {key: _remember(key, entry, seen.get(key)) for key, entry in entries.items()}
    candidates = {articles[key]: key for key, entry in entries.items() if _is_worth_a_look(said[key], seen, entry)}
    new = [key for article, key in candidates.items() if article not in known]
    return Sifted(
        parsed=document.parsed,
        entries=entries,
        seen=seen,
        said=said,
        may_concern=may_concern,
        concerning=tuple(entries[key] for key in new if key in may_concern),
        others=tuple(
            pass_by(entries[key], feed, road.watch, now, language=languages[key], is_history=context.is_history)
            for key in new
            if key not in may_concern
        ),
        rewritten={article: key for article, key in candidates.items() if article in known and key in seen},
    )


def _remember(key: str, entry: Entry, seen: EntryRecord | None) -> EntryRecord:
    """The record of an entry from now on."""
    digest = entry_digest(entry)
    if seen is None or seen.digest in {"", digest}:
        return EntryRecord(key=key, digest=digest, rewrites=seen.rewrites if seen else 0)
    return EntryRecord(key=key, digest=digest, rewrites=seen.rewrites + 1)


def _is_worth_a_look(record: EntryRecord, seen: Mapping[str, EntryRecord], entry: Entry) -> bool:
    """Whether an entry is new or has changed; after ``MAX_LOOKS`` changes it is ignored.

    An entry with the link of a search service is looked at only once: its link was followed then and is not followed
    again.
    """
    before = seen.get(record.key)
    if before is None:
        return True
    is_rewritten = before.rewrites < record.rewrites <= MAX_LOOKS
    return is_rewritten and not (entry.url and is_service_link(canonical_url(entry.url)))
