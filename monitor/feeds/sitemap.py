"""Reads sitemaps (sitemaps.org) as feeds: their news extension, else recently changed pages. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml import etree

from monitor.core.model import Entry
from monitor.errors import ParseError
from monitor.feeds.dates import read_instant
from monitor.feeds.parsed import MAX_ENTRIES, ParsedFeed, collect, language_tag, web_link
from monitor.feeds.plaintext import one_line
from monitor.feeds.repair import Markup, UnreadableError, mend
from monitor.feeds.selectors import Element

#: How many sitemaps of an index are fetched at each poll. Some indexes name hundreds.
MAX_SITEMAPS = 3
# A page that changed earlier is no news, and its address alone says too little to keep it for later.
_RECENT = timedelta(days=7)

_EDGE = re.compile(r"<(?P<end>/?)(?:[A-Za-z_][\w.-]*:)?(?P<name>url|sitemap)(?=[\s>])[^<>]{0,500}>", re.IGNORECASE)
_PUBLISHED = re.compile(r"publication_date\s*>\s*([^<]{4,40})<")
_CHANGED = re.compile(r"lastmod\s*>\s*([^<]{4,40})<")
# Sitemaps of list pages and of other pages that are not articles.
_NO_ARTICLES = re.compile(
    r"(?<![a-z])(?:author|auteur|categor(?:y|ie)|image|page|product|section|tag|taxonomy|topic|video)s?(?![a-z])",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_FILE_ENDING = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapIndex:
    """The sitemaps of an index that are worth fetching."""

    #: First those whose address says that they hold news, then the last changed ones.
    addresses: tuple[str, ...]
    #: Whether the index dates each of them. If so, the index changes whenever one of them does.
    is_dated: bool


def read_index(text: str, *, url: str) -> SitemapIndex:
    """Choose sitemaps of an index.

    Raises:
        ParseError: the index names no sitemap with a valid address.
    """
    named = {
        link: changed[1].strip() if (changed := _CHANGED.search(span)) else ""
        for span in spans(text, "sitemap")
        if (link := web_link(_location(span), url))
    }
    if not named:
        raise ParseError(url, "the sitemap index names no sitemap")
    articles = [link for link in named if not _NO_ARTICLES.search(urlsplit(link).path)] or list(named)
    # Otherwise the last ones win: such sitemaps are numbered in order of time.
    order = {link: ("news" in link.lower(), named[link], number) for number, link in enumerate(articles)}
    chosen = tuple(sorted(articles, key=order.__getitem__, reverse=True)[:MAX_SITEMAPS])
    return SitemapIndex(addresses=chosen, is_dated=all(named[link] for link in chosen))


def spans(text: str, name: str) -> Iterator[str]:
    """The elements of this name as written. Only elements that follow one another are found, not nested ones."""
    begun: int | None = None
    for edge in _EDGE.finditer(text):
        if edge["name"].lower() != name:
            continue
        if not edge["end"]:
            begun = edge.start()
        elif begun is not None:
            yield text[begun : edge.end()]
            begun = None


def parse_sitemap(markup: Markup, *, url: str, now: datetime) -> ParsedFeed:
    """Parse a sitemap: the pages with news data. If there are none, the pages that changed in the last days.

    A changed page has no title. The words of its address replace it, and a page without such words is left out.

    Raises:
        ParseError: the sitemap does not show what is new.
    """
    told = list(spans(markup.text, "url"))
    news = [span for span in told if _PUBLISHED.search(span)]
    changed = [span for span in told if _CHANGED.search(span)]
    if told and not news and not changed:
        raise ParseError(url, "the sitemap says of no page that it is news, or when it changed")
    dated, pattern = (news, _PUBLISHED) if news else (changed, _CHANGED)
    newest = sorted(dated, key=lambda span: _written(pattern, span), reverse=True)
    problems: list[str] = []
    if markup.is_cut_off:
        problems.append("the document is cut off; its last, unfinished entry was left out")
    try:
        # The prefixes that the root declares are always missing here, so a repair is no problem to report.
        mended = mend(f"<urlset>{''.join(newest[:MAX_ENTRIES])}</urlset>")
    except UnreadableError as error:
        raise ParseError(url, str(error)) from error
    pages = [_SitemapPage.of(element, url, now) for element in mended.root.iterchildren(tag=etree.Element)]
    if not news:
        pages = [page for page in pages if page.changed is None or page.changed >= now - _RECENT]
        mute = sum(1 for page in pages if not page.title)
        if mute:
            problems.append(f"{mute} pages left out: nothing in their addresses tells what they are about")
        pages = [page for page in pages if page.title]
    entries, problems_told = collect(
        pages, _SitemapPage.entry, left_out=max(0, len(newest) - MAX_ENTRIES) if news else 0, problems=problems
    )
    return ParsedFeed(
        title="", format="sitemap", entries=entries, problems=problems_told, is_whole=not markup.is_cut_off
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _SitemapPage:
    """The data of one page in a sitemap."""

    link: str | None
    title: str
    published: datetime | None
    changed: datetime | None
    language: str | None

    @classmethod
    def of(cls, element: Element, base: str, now: datetime) -> "_SitemapPage":
        said = _said(element)
        link = web_link(said.get("loc"), base)
        return cls(
            link=link,
            title=one_line(said.get("title", "")) or _words(link or ""),
            published=read_instant(said.get("publication_date", ""), now=now),
            changed=read_instant(said.get("lastmod", ""), now=now),
            language=language_tag(said.get("language")),
        )

    def entry(self) -> Entry:
        if self.link is None:
            raise ValueError("it has no address")
        return Entry(
            guid=None,
            url=self.link,
            title=self.title,
            text="",
            published_at=self.published,
            modified_at=None if self.published else self.changed,
            language=self.language,
        )


def _said(element: Element) -> Mapping[str, str]:
    """The texts of the page's own elements and of its news data, by name. Picture addresses are ignored."""
    found: dict[str, str] = {}
    for child in element.iterchildren(tag=etree.Element):
        inner = islice(child.iter(tag=etree.Element), 20) if _name(child) == "news" else [child]
        for each in inner:
            found.setdefault(_name(each), (each.text or "").strip())
    return found


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def _location(span: str) -> str | None:
    found = re.search(r"<(?:[\w.-]{1,20}:)?loc\s*>\s*(?:<!\[CDATA\[)?\s*([^<\]]{1,4096})", span, re.IGNORECASE)
    return found[1].replace("&amp;", "&").strip() if found else None


def _written(pattern: re.Pattern[str], span: str) -> str:
    """The date as written. Dates of sitemaps sort correctly as text."""
    found = pattern.search(span)
    return found[1].strip() if found else ""


def _words(link: str) -> str:
    """The words in the last part of an address: "btr-cathode-plant-12345.html" → "btr cathode plant"."""
    parts = [part for part in unquote(urlsplit(link).path).split("/") if part]
    words = _WORD.findall(_FILE_ENDING.sub("", parts[-1])) if parts else []
    text = one_line(" ".join(words))
    # A single short word is the name of a section.
    return text if len(words) > 1 or len(text.encode()) >= len("a-long-enough-word") else ""
