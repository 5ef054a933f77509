"""Feeds and sitemaps of a page: those that it and its site name, and where they usually are. Pure."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree

from monitor.core.model import Feed
from monitor.feeds.attributes import trimmed
from monitor.feeds.charset import decode
from monitor.feeds.parsed import web_link
from monitor.feeds.plaintext import one_line

#: A page that names more is a directory; nobody wants them all asked.
MAX_NAMED = 20
_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
# JSON Feed 1.0 was named so; most documents of this type are something else, so a title or an address must tell.
_JSON = "application/json"
_USUAL = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json")
# Where sites have the sitemap of their news, the most telling first; robots.txt may name others.
_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/sitemap_index.xml", "/sitemap.xml")
_ROBOTS = re.compile(r"^[^\S\n]*sitemap[^\S\n]*:[^\S\n]*(\S{1,2000})", re.IGNORECASE | re.MULTILINE)
# As much of a robots.txt as search engines read.
_ROBOTS_SIZE = 500_000


def named_feeds(body: bytes, url: str, content_type: str) -> tuple[Feed, ...]:
    """The feeds that a page names for readers (``<link rel="alternate">``), in its order, each address once.

    Args:
        body: the page.
        url: where it came from.
        content_type: the Content-Type header, or "".
    """
    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    markup = trimmed(decode(body, content_type)).encode(errors="replace")
    root = etree.fromstring(markup, parser) if markup.strip() else None
    found = {feed.url: feed for feed in _links(root, url)} if root is not None else {}
    return tuple(found.values())[:MAX_NAMED]


def usual_feeds(url: str) -> tuple[Feed, ...]:
    """Where the site of a page would have its feed if it followed custom, the most usual first."""
    return tuple(Feed(url=address, name=address) for address in (urljoin(url, path) for path in _USUAL))


def robots_of(url: str) -> str:
    """Where the site of a page says what it has for robots."""
    return urljoin(url, "/robots.txt")


def sitemaps(robots: str, url: str) -> tuple[Feed, ...]:
    """The sitemaps of a site: those that its robots.txt names, of news first, else the usual places.

    Args:
        robots: what its robots.txt says, or "".
        url: of a page of the site.
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
