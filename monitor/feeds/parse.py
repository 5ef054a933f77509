"""Parses documents to entries: RSS, RDF, Atom, JSON Feed, sitemaps, and pages by selectors. No network."""

import re
from collections.abc import Collection
from datetime import datetime

from monitor.core.model import Selectors
from monitor.errors import ParseError
from monitor.feeds.charset import decode
from monitor.feeds.inflate import BodyError, unpacked
from monitor.feeds.jsonfeed import parse_json
from monitor.feeds.parsed import ParsedFeed, web_link
from monitor.feeds.plaintext import one_line
from monitor.feeds.repair import FEED_KINDS, Markup, strip_prolog
from monitor.feeds.selected import parse_page
from monitor.feeds.sitemap import parse_sitemap
from monitor.feeds.xmlfeed import parse_xml

__all__ = ["ParsedFeed", "parse_feed"]

# Documents that servers sometimes send instead of a feed, by their first bytes.
_BINARY = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip file"),
    (b"\x89PNG", "a picture"),
)
_TITLE = re.compile(r"<title[^<>]*>([^<]{1,200})", re.IGNORECASE)
_FEED_LINK = re.compile(r"<link\b[^<>]{0,500}?application/(?:rss|atom|feed)\+(?:xml|json)[^<>]{0,500}>", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
# The limit in bytes for a document that is itself a gzip file. It exceeds the default limit of other documents.
_MAX_UNPACKED = 20_000_000
# Characters of a document that are searched to recognise a page.
_HEAD = 50_000


def parse_feed(
    body: bytes,
    *,
    url: str,
    content_type: str,
    now: datetime,
    known: Collection[bytes] = (),
    page: Selectors | None = None,
) -> ParsedFeed:
    """Parse a feed document. A bad entry is left out, and the others are read.

    Takes up to a second of CPU for the largest documents: call it off the event loop.

    Args:
        body: the document.
        url: the address of the document; relative links are resolved against it.
        content_type: the Content-Type header, or "".
        now: the current instant, to reject impossible dates.
        known: ``ParsedFeed.digests`` of earlier documents. Entries with these digests are skipped. The other entries
            read the same as without ``known``.
        page: the selectors of entries on a page. None for a feed.

    Raises:
        ParseError: the document is not a feed, or nothing in it can be read. The message says what it is instead.
    """
    for start, what in _BINARY:
        if body.startswith(start):
            raise ParseError(url, f"this is {what}, not a feed")
    text = document_text(body, url=url, content_type=content_type)
    if not text.strip():
        raise ParseError(url, "the document is empty")
    if page is not None:
        return parse_page(text, page, url=url, now=now)
    if text.lstrip()[0] in "{[":
        return parse_json(text, url=url, now=now)
    markup = strip_prolog(text)
    if markup.kind == "urlset":
        return parse_sitemap(markup, url=url, now=now)
    if markup.kind not in FEED_KINDS:
        raise ParseError(url, _other(markup, url))
    return parse_xml(markup, url=url, now=now, known=known)


def document_text(body: bytes, *, url: str, content_type: str) -> str:
    """The text of a document, decompressed if it is a gzip file.

    Raises:
        ParseError: it cannot be decompressed.
    """
    try:
        return decode(unpacked(body, limit=_MAX_UNPACKED), content_type)
    except BodyError as error:
        raise ParseError(url, f"this is a gzip file that cannot be unpacked: {error}") from error


def _other(markup: Markup, url: str) -> str:
    """A description of a document that is not a feed, with the address of a feed that it names."""
    head = markup.text[:_HEAD]
    if markup.kind != "html" and "<body" not in head.lower():
        return (
            f"this is XML (<{markup.kind}>), not a feed" if markup.root else "this is neither XML nor JSON, so no feed"
        )
    title = _TITLE.search(head)
    named = f" ({one_line(title[1])!r})" if title else ""
    link = _FEED_LINK.search(head)
    href = _HREF.search(link[0]) if link else None
    feed = web_link(href[1], url) if href else None
    return f"this is an HTML page{named}, not a feed" + (f"; it names one at {feed}" if feed else "")
