"""Feeds of a page: those that it names, and where they usually are. Pure."""

from collections.abc import Iterator
from urllib.parse import urljoin

from lxml import etree

from monitor.core.model import Feed
from monitor.feeds.charset import decode
from monitor.feeds.parsed import web_link
from monitor.feeds.plaintext import one_line

#: A page that names more is a directory; nobody wants them all asked.
MAX_NAMED = 20
_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
_USUAL = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json")


def named_feeds(body: bytes, url: str, content_type: str) -> tuple[Feed, ...]:
    """The feeds that a page names for readers (``<link rel="alternate">``), in its order, each address once.

    Args:
        body: the page.
        url: where it came from.
        content_type: the Content-Type header, or "".
    """
    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    root = etree.fromstring(decode(body, content_type).encode(errors="replace"), parser) if body.strip() else None
    found = {feed.url: feed for feed in _links(root, url)} if root is not None else {}
    return tuple(found.values())[:MAX_NAMED]


def usual_feeds(url: str) -> tuple[Feed, ...]:
    """Where the site of a page would have its feed if it followed custom, the most usual first."""
    return tuple(Feed(url=address, name=address) for address in (urljoin(url, path) for path in _USUAL))


def _links(root: etree._Element, url: str) -> Iterator[Feed]:
    base = web_link(next((href for tag in root.iter("base") if (href := tag.get("href"))), None), url) or url
    for link in root.iter("link"):
        kind = link.get("type", "").partition(";")[0].strip().lower()
        address = web_link(link.get("href"), base)
        if address and kind in _TYPES and "alternate" in link.get("rel", "").lower().split():
            yield Feed(url=address, name=one_line(link.get("title", "")) or address)
