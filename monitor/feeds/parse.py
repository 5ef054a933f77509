"""Parses documents to entries: RSS, RDF, Atom, JSON Feed, sitemaps, and pages by selectors. No network."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from monitor.core.model import Selectors
from monitor.errors import FetchError, ParseError
from monitor.feeds.charset import decode
from monitor.feeds.inflate import BodyError, unpacked
from monitor.feeds.jsonfeed import parse_json
from monitor.feeds.parsed import ParsedFeed, web_link
from monitor.feeds.plaintext import one_line
from monitor.feeds.repair import FEED_KINDS, Markup, strip_prolog
from monitor.feeds.selected import parse_page
from monitor.feeds.sitemap import SitemapIndex, parse_sitemap, read_index, spans
from monitor.feeds.xmlfeed import parse_xml
from monitor.ports import NO_VALIDATORS, Fetched, Fetcher

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


# Completes the document at a feed's address: the sitemaps of a sitemap index replace the index ------------------------


# Bytes of a document that are searched to recognise an index.
_SNIFFED = 2_000
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A document. If it was a sitemap index, it holds the pages of its sitemaps."""

    answer: Fetched
    #: The parts that could not be fetched or read. The rest is present.
    problems: tuple[str, ...] = ()


def may_be_index(body: bytes) -> bool:
    """Whether a document may be a sitemap index. A cheap test of its first bytes."""
    return b"<sitemapindex" in body[:_SNIFFED] or body.startswith(_GZIP)


def sitemap_index(body: bytes, *, url: str, content_type: str) -> SitemapIndex | None:
    """The sitemaps that an index names. None if the document is not an index.

    Raises:
        ParseError: the index names no sitemap, or the document cannot be decompressed.
    """
    markup = strip_prolog(document_text(body, url=url, content_type=content_type))
    return read_index(markup.text, url=url) if markup.kind == "sitemapindex" else None


def sitemap_pages(body: bytes, *, url: str, content_type: str) -> list[str]:
    """The elements of the pages that a sitemap names, as written.

    Raises:
        ParseError: the document is not a sitemap, or cannot be decompressed.
    """
    markup = strip_prolog(document_text(body, url=url, content_type=content_type))
    if markup.kind != "urlset":
        raise ParseError(url, f"this is not a sitemap (<{markup.kind}>)")
    return list(spans(markup.text, "url"))


class SitemapReader(Protocol):
    """Parses sitemaps, in this process or elsewhere."""

    async def index(self, answer: Fetched) -> SitemapIndex | None:
        """Run ``sitemap_index`` on the document."""
        ...

    async def pages(self, answer: Fetched) -> list[str]:
        """Run ``sitemap_pages`` on the document."""
        ...


async def gather(answer: Fetched, fetcher: Fetcher, reader: SitemapReader) -> Gathered:
    """The document as it was fetched. Some sitemaps of a sitemap index are fetched and joined into one document.

    The sitemaps are fetched one after the other, at most ``sitemap.MAX_SITEMAPS``, and only one level deep. The
    validators are dropped if the index may stay the same while a sitemap changes, or if a sitemap could not be read.

    Args:
        answer: the document.
        fetcher: fetches the sitemaps.
        reader: parses them.

    Raises:
        ParseError: the index names no sitemap, or none of the named documents is one.
        FetchError: no sitemap could be fetched.
    """
    index = await reader.index(answer) if may_be_index(answer.body) else None
    if index is None:
        return Gathered(answer=answer)
    pages: list[str] = []
    errors: list[FetchError | ParseError] = []
    for address in index.addresses:
        try:
            pages += await reader.pages(await _sitemap(address, fetcher))
        except (FetchError, ParseError) as error:
            errors.append(error)
    if len(errors) == len(index.addresses):
        raise errors[0]
    body = f"<urlset>{''.join(pages)}</urlset>".encode(errors="replace")
    is_whole = index.is_dated and not errors
    return Gathered(
        answer=replace(
            answer,
            body=body,
            content_type="application/xml; charset=utf-8",
            validators=answer.validators if is_whole else NO_VALIDATORS,
        ),
        problems=tuple(f"a sitemap of the index was left out: {error}" for error in errors),
    )


async def _sitemap(address: str, fetcher: Fetcher) -> Fetched:
    answer = await fetcher.fetch(address)
    if not isinstance(answer, Fetched):
        # The request has no validators, so a server that answers 304 makes a mistake.
        raise FetchError(address, "304 Not Modified, though nothing was known of it before", transient=True)
    return answer
