"""Documents to entries: RSS, RDF, Atom, JSON Feed, sitemaps, and pages by selectors. No network."""

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

# What is sometimes served in place of a feed, by its first bytes.
_BINARY = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip file"),
    (b"\x89PNG", "a picture"),
)
_TITLE = re.compile(r"<title[^<>]*>([^<]{1,200})", re.IGNORECASE)
_FEED_LINK = re.compile(r"<link\b[^<>]{0,500}?application/(?:rss|atom|feed)\+(?:xml|json)[^<>]{0,500}>", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
# Of a document that is a gzip file itself: more than any of the others may hold by default.
_MAX_UNPACKED = 20_000_000
# As much of a page as is looked at for what it is.
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
    """Read a feed document; one bad entry costs one entry.

    Takes up to a second of CPU for the largest documents: call it off the event loop.

    Args:
        body: the document.
        url: where it came from; relative links are resolved against it.
        content_type: the Content-Type header, or "".
        now: the present instant, for what cannot be a date.
        known: ``ParsedFeed.digests`` of documents before, whose entries need not be read again; those that are not
            known read as they would without.
        page: where on the document, which is a page then, its entries stand; None for a feed.

    Raises:
        ParseError: the document is no feed, or none of it can be read; says what it is instead.
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
    """The text of a document, unpacked where it is a gzip file.

    Raises:
        ParseError: it cannot be unpacked.
    """
    try:
        return decode(unpacked(body, limit=_MAX_UNPACKED), content_type)
    except BodyError as error:
        raise ParseError(url, f"this is a gzip file that cannot be unpacked: {error}") from error


def _other(markup: Markup, url: str) -> str:
    """What the document is, if no feed, with what helps to find one."""
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
