"""Finds the feeds and sitemaps of a page: those that the page or its site names, and the usual addresses. Pure."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree

from monitor.core.model import Feed
from monitor.feeds.charset import decode
from monitor.feeds.parsed import web_link
from monitor.feeds.plaintext import one_line, trimmed

#: A page that names more is a directory. Nobody wants to fetch all of them.
MAX_NAMED = 20
_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
# The type of JSON Feed 1.0. Most documents of this type are not feeds, so the title or the address must say "feed".
_JSON = "application/json"
_USUAL = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json")
# The usual addresses of news sitemaps, the most specific first. robots.txt may name others.
_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/sitemap_index.xml", "/sitemap.xml")
_ROBOTS = re.compile(r"^[^\S\n]*sitemap[^\S\n]*:[^\S\n]*(\S{1,2000})", re.IGNORECASE | re.MULTILINE)
# Search engines read this many bytes of a robots.txt.
_ROBOTS_SIZE = 500_000


def named_feeds(body: bytes, url: str, content_type: str) -> tuple[Feed, ...]:
    """The feeds that a page names for readers (``<link rel="alternate">``), in page order, without duplicates.

    Args:
        body: the page.
        url: the address of the page.
        content_type: the Content-Type header, or "".
    """
    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    markup = trimmed(decode(body, content_type)).encode(errors="replace")
    root = etree.fromstring(markup, parser) if markup.strip() else None
    found = {feed.url: feed for feed in _links(root, url)} if root is not None else {}
    return tuple(found.values())[:MAX_NAMED]


def usual_feeds(url: str) -> tuple[Feed, ...]:
    """The usual addresses of a feed on the page's site, the most usual first."""
    return tuple(Feed(url=address, name=address) for address in (urljoin(url, path) for path in _USUAL))


def robots_of(url: str) -> str:
    """The address of the robots.txt of the page's site."""
    return urljoin(url, "/robots.txt")


def sitemaps(robots: str, url: str) -> tuple[Feed, ...]:
    """The sitemaps that a site's robots.txt names, those of news first. If it names none, the usual addresses.

    Args:
        robots: the text of the robots.txt, or "".
        url: the address of a page of the site.
    """
    named = (web_link(found[1], url) for found in _ROBOTS.finditer(robots[:_ROBOTS_SIZE]))
    addresses = sorted({link for link in named if link}, key=lambda link: ("news" not in link.lower(), link))
    usual = [urljoin(url, path) for path in _SITEMAPS]
    return tuple(Feed(url=link, name=link) for link in (addresses or usual)[:MAX_NAMED])


def _links(root: etree._Element, url: str) -> Iterator[Feed]:
    base = web_link(next((href for tag in root.iter("base") if (href := tag.get("href"))), None), url) or url
    for link in root.iter("link"):
        kind = link.get("type", "").partition(";")[0].strip().lower()
        address = web_link(link.get("href"), base)
        title = one_line(link.get("title", ""))
        is_feed = kind in _TYPES or (kind == _JSON and "feed" in f"{title} {address}".lower())
        if address and is_feed and "alternate" in link.get("rel", "").lower().split():
            yield Feed(url=address, name=title or address)
