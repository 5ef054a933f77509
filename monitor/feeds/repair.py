"""Repairs feed documents and cuts them to size before they are parsed. Pure.

The feed library parses ill-formed documents with a second, lenient parser. It is so slow that an attacker can use it.
This module makes documents well-formed, so that the library never needs that parser.
"""

import html
import re
import sys
from dataclasses import dataclass
from datetime import datetime
from html.entities import html5

from lxml import etree

from monitor.feeds.dates import read_instant
from monitor.feeds.parsed import MAX_ENTRIES
from monitor.feeds.plaintext import tidy

# Characters that XML 1.0 forbids.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# White space, declarations, instructions, comments, and a DOCTYPE with its entity declarations.
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<![^\[>]*(?:\[[^\]]*\]\s*)?>", re.DOTALL)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_FEED_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
FEED_KINDS = frozenset({"rss", "feed", "rdf", "channel"})
# Warnings of a broken server precede the document. A feed tag farther in is quoted by another document.
_PREAMBLE = 20_000

_ITEM_END = re.compile(r"</(?:[A-Za-z_][\w.-]*:)?(?:item|entry)\s*>")
_DATE = re.compile(r"<(?:pubDate|published|updated|dc:date)\b[^<>]*>([^<]{4,100})<")

_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)"  # nothing is special inside
    r"|&(?:#\d{1,7};|#[xX][0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9]{0,31};)?",
    re.DOTALL,
)
_XML_ENTITIES = frozenset({"&lt;", "&gt;", "&amp;", "&quot;", "&apos;"})
_PREFIX = re.compile(r"(?:</?|\s)([A-Za-z_][\w.-]*):[\w.-]+")
_DECLARED = re.compile(r"\sxmlns:([A-Za-z_][\w.-]*)\s*=")
# Prefixes that feeds use without declaring them, with the namespaces that the feed library knows.
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
}
# Limits on the time of parsing. No feed comes near them.
_MAX_MARKS = 400_000
_MAX_ELEMENTS = 60_000
_MAX_PREFIXES = 50
# The parser compares each attribute of an element with the others.
_MAX_ATTRIBUTES = 100
_ELEMENTS = etree.XPath("count(//*)")
_HAS_TOO_MANY_ATTRIBUTES = etree.XPath(f"boolean(//*[count(@*) > {_MAX_ATTRIBUTES}])")


class UnreadableError(ValueError):
    """The document contains too much markup, or cannot be repaired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """A document without declaration, DOCTYPE, its entities, and characters that XML forbids."""

    #: The first element and all that follows. Only empty lines precede it, which keep the line numbers.
    text: str
    #: The first element's name, as written. "" if there is none.
    root: str

    @property
    def kind(self) -> str:
        """The root's name without its prefix, in lower case."""
        return self.root.rpartition(":")[2].lower()

    @property
    def is_cut_off(self) -> bool:
        """Whether the root's end tag is missing."""
        return self.text.rfind(f"</{self.root}") < 0


def strip_prolog(text: str) -> Markup:
    """Find the document's first element, even after the warnings of a broken server."""
    text = _ILLEGAL.sub("", text)
    start = 0
    while skipped := _PROLOG.match(text, start):
        start = skipped.end()
    root = _ROOT.match(text, start)
    markup = Markup(text="\n" * text.count("\n", 0, start) + text[start:], root=root[1] if root else "")
    if markup.kind in FEED_KINDS or markup.kind == "html":
        return markup
    feed = _FEED_ROOT.search(markup.text, 0, _PREAMBLE)
    if feed is None or "<html" in markup.text[: feed.start()].lower():
        return markup
    return strip_prolog("\n" * markup.text.count("\n", 0, feed.start()) + markup.text[feed.start() :])


def finished_entries(text: str) -> str:
    """A cut-off document without its last, unfinished entry. "" if no entry is complete."""
    ends = [found.end() for found in _ITEM_END.finditer(text)]
    return text[: ends[-1]] if ends else ""


def cut_to_size(text: str, *, now: datetime) -> tuple[str, int]:
    """The document with its newest ``MAX_ENTRIES`` entries, and how many were left out."""
    ends = [found.end() for found in _ITEM_END.finditer(text)]
    extra = len(ends) - MAX_ENTRIES
    if extra <= 0:
        return text, 0
    # The first entry is not compared: its text includes the head of the feed, which has its own dates. Both stay.
    first, last = (_date(text[ends[i] : ends[i + 1]], now) for i in (0, -2))
    is_oldest_first = first is not None and last is not None and first < last
    start, stop = (ends[0], ends[extra]) if is_oldest_first else (ends[-1 - extra], ends[-1])
    return text[:start] + text[stop:], extra


def _date(item: str, now: datetime) -> datetime | None:
    found = _DATE.search(item)
    return read_instant(found[1], now=now) if found else None


@dataclass(frozen=True, slots=True)
class Mended:
    """A well-formed document."""

    text: str
    root: etree._Element
    #: What was wrong with the document. None if it was well-formed.
    trouble: str | None


def mend(text: str) -> Mended:
    """Make the document well-formed. If it is well-formed already, it stays unchanged.

    Raises:
        UnreadableError: the document contains more markup than any feed, or cannot be repaired.
    """
    if text.count("<") + text.count("&") > _MAX_MARKS:
        raise UnreadableError("the document holds more markup than any feed")
    trouble = None
    try:
        root = _parse(text)
    except etree.XMLSyntaxError as error:
        trouble = tidy(error.msg or "unknown")[:200]
        root = _parse(_declare_prefixes(_AMPERSAND.sub(_escape, text)), recover=True)
    if root is None:
        raise UnreadableError(f"the document is broken beyond repair ({trouble})")
    if _ELEMENTS(root) > _MAX_ELEMENTS:
        raise UnreadableError("the document holds more elements than any feed")
    if _HAS_TOO_MANY_ATTRIBUTES(root):
        raise UnreadableError("the document holds more attributes than any feed")
    return Mended(text if trouble is None else etree.tostring(root, encoding="unicode"), root, trouble)


def _parse(text: str, *, recover: bool = False) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, recover=recover)
    root: etree._Element | None = etree.fromstring(text.encode(), parser)
    return root


def _escape(found: re.Match[str]) -> str:
    """Replace an HTML entity by its character. Escape a bare ampersand and an undeclared entity."""
    reference = found[0]
    if reference.startswith("<") or reference in _XML_ENTITIES:
        return reference
    if reference.startswith("&#"):
        code = int(reference[3:-1], 16) if reference[2] in "xX" else int(reference[2:-1])
        return "" if code > sys.maxunicode or _ILLEGAL.match(chr(code)) else f"&#{code};"
    return html.escape(html5.get(reference[1:]) or reference, quote=False)


def _declare_prefixes(text: str) -> str:
    missing = set(_PREFIX.findall(text)) - set(_DECLARED.findall(text)) - {"xml", "xmlns"}
    if len(missing) > _MAX_PREFIXES:
        raise UnreadableError("the document uses more undeclared prefixes than any feed")
    root = _ROOT.search(text)
    if not missing or root is None:
        return text
    declarations = (f' xmlns:{prefix}="{_NAMESPACES.get(prefix, "urn:" + prefix)}"' for prefix in sorted(missing))
    return text[: root.end()] + "".join(declarations) + text[root.end() :]
