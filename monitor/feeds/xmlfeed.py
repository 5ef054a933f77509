"""Parses RSS 0.9x to 2.0, RDF and Atom with feedparser."""

import io
import re
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import feedparser
from feedparser.api import StrictFeedParser
from lxml import etree

from monitor.core.model import Entry
from monitor.errors import ParseError
from monitor.feeds.dates import read_instant
from monitor.feeds.ordinary import Item, ordinary
from monitor.feeds.parsed import ParsedFeed, checked, collect, distinct, in_xml, language_tag, named_in, web_link
from monitor.feeds.plaintext import longest_text, one_line, tidy
from monitor.feeds.repair import Markup, UnreadableError, cut_to_size, finished_entries, mend
from monitor.ports import DIGEST_SIZE

# Cuts known entries out of a document, so that the feed library need not read them. Reading them costs most time ------
#
# It works on the text and keeps the rest byte for byte, so that the rest reads the same as in the whole document. If
# it cannot find the entries reliably, it cuts nothing.


# Constructs that may contain apparent tags, and the tags of entries. An attribute with ">" ends a start tag too early.
# That does no harm, since only the beginnings and ends of entries count. Most of a document is skipped, so skipping
# must be fast: a lazy quantifier, which checks at each letter for the end, takes ten times as long.
_TOKEN = re.compile(
    r"<!--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->|\Z)"
    r"|<!\[CDATA\[[^\]]*+(?:\](?!\]>)[^\]]*+)*+(?:\]\]>|\Z)"
    r"|<\?[^?]*+(?:\?(?!>)[^?]*+)*+(?:\?>|\Z)"
    r"|<(?P<end>/?)(?P<name>item|entry)(?=[\s/>])[^<>]*?(?P<empty>/?)>"
)
# The entry element by the kind of the document.
_ENTRY = {"rss": "item", "rdf": "item", "feed": "entry"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """The positions of the entries of a document."""

    text: str
    #: Start and end of each entry. Empty if the entries cannot be found reliably.
    spans: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, text: str, kind: str) -> "Cuts":
        """Find the entries.

        Args:
            text: well-formed XML.
            kind: the root's name without prefix, in lower case.
        """
        return cls(text=text, spans=tuple(_entries(text, _ENTRY.get(kind, ""))))

    @property
    def digests(self) -> tuple[bytes, ...]:
        """A digest of the text of each entry."""
        return tuple(
            blake2b(self.text[start:end].encode(), digest_size=DIGEST_SIZE).digest() for start, end in self.spans
        )

    def without(self, entries: Container[int]) -> str:
        """The document without the entries of these numbers."""
        kept: list[str] = []
        last = 0
        for number, (start, end) in enumerate(self.spans):
            if number in entries:
                kept.append(self.text[last:start])
                last = end
        return "".join((*kept, self.text[last:]))


def _entries(text: str, name: str) -> list[tuple[int, int]]:
    """Start and end of each entry. Empty if the entries are not a plain sequence."""
    found: list[tuple[int, int]] = []
    begun: int | None = None
    for token in _TOKEN.finditer(text):
        if token["name"] != name:
            continue
        if token["end"]:
            if begun is None:
                return []
            found.append((begun, token.end()))
            begun = None
        elif begun is not None or token["empty"]:
            return []
        else:
            begun = token.start()
    return found if begun is None else []


# A longer TTL is a mistake of the feed.
_LONGEST_TTL = timedelta(days=7)
# The library's prefixes of namespaces, taken from the library so that they match its installed version.
_PREFIXES: Mapping[str, str] = {uri.lower(): prefix for uri, prefix in StrictFeedParser.namespaces.items() if uri}

# For each document feedparser would look for a driver that does not exist. That takes a sixth of a poll with one new
# entry.
feedparser.api.PREFERRED_XML_PARSERS.clear()


def parse_xml(markup: Markup, *, url: str, now: datetime, known: Collection[bytes] = ()) -> ParsedFeed:
    """Parse a feed, without the entries whose digests are known.

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
        mended = mend(text)
    except UnreadableError as error:
        raise ParseError(url, str(error)) from error
    if mended.trouble is not None and not markup.is_cut_off:
        problems.append(f"the document is not well-formed and was mended ({mended.trouble})")
    # After a repair or a cut an entry may be lost because of another one. Only an unchanged document is pruned.
    is_whole = not problems and not left_out
    cuts = Cuts.of(mended.text, markup.kind) if is_whole else Cuts(text=mended.text)
    digests = cuts.digests
    unknown = [number for number, digest in enumerate(digests) if digest not in known]
    feed, items = _read(cuts, unknown, mended.root, url)
    language = language_tag(_said(feed, "language"))

    def convert(item: Mapping[str, Any]) -> Entry:
        return _entry(item, url=url, language=language, now=now)

    hubs = in_xml(markup.text, url)
    read, told = collect(items, convert, left_out=left_out, problems=problems)
    entries, shared = distinct(read, named_in(mended.root), url=url)
    return ParsedFeed(
        title=one_line(_said(feed, "title")),
        format="Atom" if markup.kind == "feed" else "RSS",
        entries=entries,
        problems=(*told, *shared),
        ttl=_ttl(_said(feed, "ttl")),
        is_whole=not markup.is_cut_off,
        known=len(digests) - len(unknown),
        digests=digests,
        hub=hubs.hub,
        topic=hubs.topic,
    )


def _read(
    cuts: Cuts, unknown: Sequence[int], root: etree._Element, url: str
) -> tuple[Mapping[str, Any], Sequence[Item]]:
    """The feed's own data and its unknown entries. The library reads what is not ordinary."""
    count = len(cuts.spans)
    plain = ordinary(root, unknown, count=count, url=url, text=cuts.text, prefix=_prefix, is_read=_is_read)
    read = plain.entries
    if plain.head is not None and len(read) == len(unknown):
        return plain.head, [read[number] for number in unknown]
    known = set(range(count)).difference(unknown)
    document = _feedparser(cuts.without(known | read.keys()), url)
    rest = iter(document.entries)
    if len(document.entries) + len(read) == len(unknown):
        return document.feed, [read[number] if number in read else next(rest) for number in unknown]
    document = _feedparser(cuts.without(known), url)
    return document.feed, document.entries


def _prefix(namespace: str) -> str | None:
    return _PREFIXES.get(namespace.lower())


def _is_read(key: str) -> bool:
    return hasattr(StrictFeedParser, f"_start_{key}") or hasattr(StrictFeedParser, f"_end_{key}")


def _feedparser(text: str, url: str) -> Any:  # noqa: ANN401 - the library has no types
    # feedparser takes a string for an address or file name to open. It only reads a stream of bytes.
    stream = io.BytesIO(text.encode())
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        # Only plain text is taken from the result, so it need not be sanitised. Sanitising would take three quarters of
        # the time.
        return feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # feedparser does not document what it raises on hostile documents
        raise ParseError(url, f"the feed cannot be read: {tidy(str(error))[:200]}") from error


def _entry(item: Mapping[str, Any], *, url: str, language: str | None, now: datetime) -> Entry:
    title_detail = _detail(item, "title_detail")
    source = _detail(item, "source")
    # One news search has its own element for the outlet.
    outlet = one_line(_said(source, "title") or _said(item, "news_source")) or None
    title = one_line(_said(item, "title"))
    if outlet is not None:
        # News searches append the outlet to the publisher's headline.
        title = title.removesuffix(f" - {outlet}")
    base = title_detail.get("base") or url
    return checked(
        Entry(
            guid=tidy(_said(item, "id")).strip() or None,
            url=web_link(_said(item, "feedburner_origlink"), base) or web_link(_said(item, "link"), base),
            title=title,
            text=longest_text(_bodies(item)),
            published_at=_published_at(item, now),
            language=language_tag(title_detail.get("language")) or language,
            outlet=outlet,
            site=web_link(_said(source, "href"), url) if outlet is not None else None,
        )
    )


def _said(of: Mapping[str, Any], name: str) -> str:
    """The text under this name. "" if it is absent, or the document puts another type in its place."""
    value = of.get(name)
    return value if isinstance(value, str) else ""


def _detail(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = of.get(name)
    return value if isinstance(value, Mapping) else {}


def _bodies(item: Mapping[str, Any]) -> Sequence[str]:
    """The content and summary, if they are text. Atom content may also be a picture."""
    details = [*item.get("content", ()), _detail(item, "summary_detail")]
    return [
        body
        for detail in details
        if (body := _said(detail, "value"))
        and (_said(detail, "type") or "text/html").startswith(("text/", "application/xhtml"))
    ]


def _published_at(item: Mapping[str, Any], now: datetime) -> datetime | None:
    """The first valid date. feedparser's own dates are not used, since it accepts almost anything as a date."""
    # Check "in" first: for an absent "updated" the mapping returns "published" with a warning.
    written = (_said(item, name) for name in ("published", "updated", "created") if name in item)
    return next((instant for instant in (read_instant(date, now=now) for date in written) if instant), None)


def _ttl(minutes: str) -> timedelta | None:
    text = minutes.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > len("99999"):
        return None
    return min(timedelta(minutes=int(text)), _LONGEST_TTL) or None
