"""Reads the entries of a page without a feed by the operator's CSS selectors. Pure."""

from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from monitor.core.model import Entry, Selectors
from monitor.errors import ParseError
from monitor.feeds.dates import read_instant
from monitor.feeds.parsed import MAX_ENTRIES, ParsedFeed, checked, collect, distinct, named, web_link
from monitor.feeds.plaintext import one_line, to_text, trimmed
from monitor.feeds.selectors import Element, selector

# Pages that list news are smaller.
_MAX_CHARACTERS = 3_000_000
_MAX_TAGS = 40_000
# Attributes that hold an instant for machines, the most reliable first.
_MACHINE_DATES = ("datetime", "content", "data-date", "data-datetime", "title")
# Characters of a date element that are searched for a date.
_DATE_WORDS = 300


def parse_page(text: str, selectors: Selectors, *, url: str, now: datetime) -> ParsedFeed:
    """Parse the entries of a page. Each is identified by its link; an item without a link is left out.

    Raises:
        ParseError: a selector finds nothing, or the page cannot be read.
    """
    if len(text) > _MAX_CHARACTERS or text.count("<") > _MAX_TAGS:
        raise ParseError(url, "the page holds more markup than any list of news")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(trimmed(text).encode(errors="replace"), parser)
    if root is None:
        raise ParseError(url, "this is not a page")
    # Nested items are skipped, so that all items together are no larger than the page.
    items = list(selector(selectors.item).find(root, nested=False))
    if not items:
        raise _nothing(url, "item", selectors.item)
    parts = [_Item(item, selectors) for item in items[:MAX_ENTRIES]]
    for name, css, is_found in (
        ("link", selectors.link or "a[href]", any(part.link is not None for part in parts)),
        ("title", selectors.title, selectors.title is None or any(part.title for part in parts)),
    ):
        if not is_found:
            raise _nothing(url, name, css or "")
    base = web_link(next((href for tag in root.iter("base") if (href := tag.get("href"))), None), url) or url
    entries, problems = collect(
        parts,
        lambda part: part.entry(base, now),
        left_out=max(0, len(items) - MAX_ENTRIES),
        problems=_undated(parts, selectors, now),
    )
    title = one_line(next((tag.text or "" for tag in root.iter("title")), ""))
    firsts = tuple(_first_of_each(entries))
    entries, shared = distinct(firsts, named(firsts), url=url)
    return ParsedFeed(title=title, format="page", entries=entries, problems=(*problems, *shared))


class _Item:
    """One item of the page, and what the selectors find in it."""

    def __init__(self, element: Element, selectors: Selectors) -> None:
        self._element = element
        self._selectors = selectors
        self.link = self._link()
        self.title = self._title()

    def entry(self, base: str, now: datetime) -> Entry:
        url = web_link(self.link.get("href"), base) if self.link is not None else None
        if url is None:
            raise ValueError(f"it has no link ({self.title[:60] or 'nor a title'})")
        return checked(
            Entry(guid=None, url=url, title=self.title, text=self._text(), published_at=self.date(now), language=None)
        )

    def date(self, now: datetime) -> datetime | None:
        """The instant in a machine-readable attribute, else the one in the visible text."""
        element = self._first(self._selectors.date)
        if element is None:
            return None
        written = [value for name in _MACHINE_DATES if (value := element.get(name))]
        words = " ".join("".join(element.itertext())[:_DATE_WORDS].split())
        return next((at for each in (*written, words) if (at := read_instant(each, now=now))), None)

    def _link(self) -> Element | None:
        if self._selectors.link is None and self._element.tag == "a":
            return self._element
        found = self._first(self._selectors.link or "a[href]")
        if found is None or found.get("href"):
            return found
        # The found element may be inside the link, or contain it.
        around = (each for each in (*found.iterancestors("a"), *found.iter("a")) if each.get("href"))
        return next(around, None)

    def _title(self) -> str:
        named = self._first(self._selectors.title) if self._selectors.title else self.link
        if named is None:
            return ""
        return _words(named) or one_line(named.get("title", "") or named.get("aria-label", ""))

    def _text(self) -> str:
        found = self._first(self._selectors.text)
        return to_text(etree.tostring(found, encoding="unicode", with_tail=False)) if found is not None else ""

    def _first(self, css: str | None) -> Element | None:
        return next(selector(css).find(self._element), None) if css else None


def _words(element: Element) -> str:
    return one_line(etree.tostring(element, encoding="unicode", with_tail=False))


def _undated(parts: list[_Item], selectors: Selectors, now: datetime) -> Iterator[str]:
    """A problem if a date selector is configured and finds no date in any item. The entries are read all the same."""
    if selectors.date and not any(part.date(now) for part in parts):
        yield f"page.date: {selectors.date!r} finds no date in any item; what is new counts as of now"


def _first_of_each(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    """One entry per address. A picture and a headline may link to the same article; one with a title wins."""
    seen: dict[str | None, Entry] = {}
    for entry in entries:
        if entry.url not in seen or (entry.title and not seen[entry.url].title):
            seen[entry.url] = entry
    yield from seen.values()


def _nothing(url: str, name: str, css: str) -> ParseError:
    return ParseError(url, f"page.{name}: {css!r} finds nothing on the page; if it was rebuilt, write another selector")
