"""RSS 0.9x to 2.0, RDF and Atom, read by feedparser."""

import io
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import feedparser

from monitor.core.model import Entry
from monitor.errors import ParseError
from monitor.feeds.dates import read_instant
from monitor.feeds.hubs import in_xml
from monitor.feeds.parsed import ParsedFeed, checked, collect, language_tag, web_link
from monitor.feeds.plaintext import one_line, tidy, to_text
from monitor.feeds.prune import Pruned, prune
from monitor.feeds.repair import Markup, UnreadableError, cut_to_size, finished_entries, mend

# A feed that asks for more rest than this has made a mistake.
_LONGEST_TTL = timedelta(days=7)


def parse_xml(markup: Markup, *, url: str, now: datetime, known: Collection[bytes] = ()) -> ParsedFeed:
    """Read a feed, without the entries whose digests are known.

    Raises:
        ParseError: nothing in the document can be read.
    """
    problems: list[str] = []
    text = markup.text
    if markup.is_cut_off:
        text = finished_entries(text)
        problems.append("the document is cut off; its last, unfinished entry was left out")
    if not text:
        raise ParseError(url, "the feed is cut off before the end of its first entry")
    text, left_out = cut_to_size(text, now=now)
    try:
        text, trouble = mend(text)
    except UnreadableError as error:
        raise ParseError(url, str(error)) from error
    if trouble is not None and not markup.is_cut_off:
        problems.append(f"the document is not well-formed and was mended ({trouble})")
    # What was mended or cut to size may have lost an entry by what stands in another; only what is whole is pruned.
    pruned = prune(text, markup.kind, known) if not problems and not left_out else Pruned.whole(text)
    document = _feedparser(pruned.text, url)
    feed: Mapping[str, Any] = document.feed
    language = language_tag(feed.get("language"))

    def convert(item: Mapping[str, Any]) -> Entry:
        return _entry(item, url=url, language=language, now=now)

    hubs = in_xml(markup.text, url)
    entries, told = collect(document.entries, convert, left_out=left_out, problems=problems)
    return ParsedFeed(
        title=one_line(feed.get("title", "")),
        entries=entries,
        problems=told,
        ttl=_ttl(feed.get("ttl", "")),
        is_whole=not markup.is_cut_off,
        known=pruned.known,
        digests=pruned.digests,
        hub=hubs.hub,
        topic=hubs.topic,
    )


def _feedparser(text: str, url: str) -> Any:  # noqa: ANN401 - the library has no types
    # A string would be taken for an address or a file name to open; bytes in a stream are only read.
    stream = io.BytesIO(text.encode())
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        # Text alone is taken out of it, so that it need not be sanitised: three quarters of the time otherwise.
        return feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # what it raises on hostile documents is not documented
        raise ParseError(url, f"the feed cannot be read: {tidy(str(error))[:200]}") from error


def _entry(item: Mapping[str, Any], *, url: str, language: str | None, now: datetime) -> Entry:
    title_detail: Mapping[str, Any] = item.get("title_detail") or {}
    source: Mapping[str, Any] = item.get("source") or {}
    outlet = one_line(source.get("title", "")) or None
    title = one_line(item.get("title", ""))
    if outlet is not None:
        # News searches write the outlet behind the publisher's headline.
        title = title.removesuffix(f" - {outlet}")
    base = title_detail.get("base") or url
    return checked(
        Entry(
            guid=tidy(item.get("id", "")).strip() or None,
            url=web_link(item.get("feedburner_origlink"), base) or web_link(item.get("link"), base),
            title=title,
            text=max((to_text(body) for body in _bodies(item)), key=len, default=""),
            published_at=_published_at(item, now),
            language=language_tag(title_detail.get("language")) or language,
            outlet=outlet,
        )
    )


def _bodies(item: Mapping[str, Any]) -> Sequence[str]:
    """Content and summary, where they are text; Atom may carry pictures in their place."""
    details = [*item.get("content", ()), item.get("summary_detail") or {}]
    return [
        detail["value"]
        for detail in details
        if detail.get("value") and detail.get("type", "text/html").startswith(("text/", "application/xhtml"))
    ]


def _published_at(item: Mapping[str, Any], now: datetime) -> datetime | None:
    """The first date that can be read; feedparser's own reading is not asked, since it takes anything for a date."""
    # "in" first: the mapping gives "published" for an absent "updated", and warns of it.
    written = (item[name] or "" for name in ("published", "updated", "created") if name in item)
    return next((instant for instant in (read_instant(date, now=now) for date in written) if instant), None)


def _ttl(minutes: str) -> timedelta | None:
    text = minutes.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > len("99999"):
        return None
    return min(timedelta(minutes=int(text)), _LONGEST_TTL) or None
