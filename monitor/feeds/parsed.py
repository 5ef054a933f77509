"""The result of parsing a feed document, and the rules that all formats share. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import unescape
from itertools import islice
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from lxml import etree

from monitor.core.model import Entry
from monitor.feeds.plaintext import tidy

#: The maximum number of entries of a document. The rest is left out and reported.
MAX_ENTRIES = 500

# The maximum number of problems with single entries that are listed.
_TOLD = 20
_URL_LENGTH = 4_096
# An absolute address that needs no change, like nearly all.
_ABSOLUTE = re.compile(
    r"https?://[a-z0-9][a-z0-9.-]{0,250}(?::\d{1,5})?(?:/[A-Za-z0-9._~/%-]{0,3000}(?:\?[A-Za-z0-9._~/%=&+-]{1,800})?)?"
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """The contents of a feed document."""

    #: Plain text, or "".
    title: str
    #: What kind of document it is, for people: RSS, Atom, JSON Feed, sitemap or page.
    format: str = field(default="", compare=False)
    #: In document order.
    entries: tuple[Entry, ...]
    #: Defects in spite of which the document was read, for the operator.
    problems: tuple[str, ...] = ()
    #: The shortest polling interval that the publisher accepts. None if it does not say.
    ttl: timedelta | None = None
    #: Whether the document is complete. If not, another answer with the same validators may contain more.
    is_whole: bool = True
    #: The number of entries that were left out because they were known byte for byte.
    known: int = 0
    #: Digests of all entries of the document, including known ones. Empty if the document is read whole each time.
    #: They depend on how the entries are written, so two equal results may have different ones.
    digests: tuple[bytes, ...] = field(default=(), compare=False)
    #: The hub that the feed names for pushes, and the topic, its own address (core.websub).
    hub: str | None = None
    topic: str | None = None


def collect(
    items: Iterable[T], convert: Callable[[T], Entry], *, left_out: int, problems: Iterable[str]
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Convert each item on its own. A bad item is left out, and the others are converted.

    Args:
        items: the items of the document; those beyond the limit are ignored.
        convert: makes an entry of an item. Raises ValueError, TypeError or LookupError if it is bad.
        left_out: how many items were over the limit and are not in ``items``.
        problems: problems of the document that were found before.

    Returns:
        The entries, and all problems.
    """
    entries: list[Entry] = []
    bad: list[str] = []
    for number, item in enumerate(islice(items, MAX_ENTRIES), start=1):
        try:
            entries.append(convert(item))
        except (ValueError, TypeError, LookupError) as error:
            bad.append(f"entry {number} left out: {tidy(str(error)) or type(error).__name__}")
    told = [*problems, *bad[:_TOLD]]
    if len(bad) > _TOLD:
        told.append(f"{len(bad) - _TOLD} more entries left out")
    if left_out:
        told.append(f"{left_out} entries left out: no more than {MAX_ENTRIES} are read of one document")
    return tuple(entries), tuple(told)


def checked(entry: Entry) -> Entry:
    """The entry. Raises ValueError if it has neither title, text nor link."""
    if not (entry.title or entry.text or entry.url):
        raise ValueError("it has no title, text or link")
    return entry


def web_link(link: str | None, base: str) -> str | None:
    """The link as an absolute http(s) address. None if there is none, as for a script or a mail address."""
    if not link or _ABSOLUTE.fullmatch(link):
        return link or None
    try:
        absolute = urljoin(base, tidy(link).strip())
        parts = urlsplit(absolute)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(absolute) > _URL_LENGTH:
        return None
    return "".join(absolute.split())


def language_tag(tag: str | None) -> str | None:
    """The language of a tag (``fr`` of ``fr-MA``). None if it is not a language tag."""
    language = (tag or "").strip().replace("_", "-").partition("-")[0].lower()
    return language if language.isascii() and language.isalpha() and len(language) in {2, 3} else None


# Drops guids and links that most entries of a document share, since they do not identify an entry ---------------------
#
# Some sites give all their news the same guid, or the address of the page that lists them. Only one of these entries
# would ever be read. Pure.


@dataclass(frozen=True, slots=True)
class Named:
    """The identifiers of an entry, as the document writes them."""

    guid: str
    link: str
    title: str


def named(entries: Iterable[Entry]) -> Iterator[Named]:
    """The identifiers of these entries."""
    return (Named(entry.guid or "", entry.url or "", entry.title) for entry in entries)


def named_in(root: etree._Element) -> Iterator[Named]:
    """The identifiers of all entries of a feed, including those that need not be read."""
    for item in root.iter("{*}item", "{*}entry"):
        guid = link = title = ""
        for element in item.iterchildren(etree.Element):
            name = element.tag.rpartition("}")[2]
            if name in {"guid", "id"}:
                guid = guid or element.text or ""
            elif name == "link" and element.get("rel", "alternate") == "alternate":
                link = link or element.get("href") or element.text or ""
            elif name == "title":
                title = title or element.text or ""
        yield Named(guid.strip(), link.strip(), title)


def distinct(
    entries: Sequence[Entry], names: Iterable[Named], *, url: str
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """The entries without shared guids and links, and the problems to report to the operator.

    Args:
        entries: entries of a document.
        names: the identifiers of all its entries.
        url: the address of the document; relative links are resolved against it.
    """
    names = tuple(names)
    guid = _shared([(name.guid, name.title) for name in names])
    link = web_link(_shared([(_page(name.link), name.title) for name in names]), url)
    if guid is None and link is None:
        return tuple(entries), ()
    shared = {guid, link} - {None}
    told = (
        f"most entries have the guid or link {' and '.join(sorted(filter(None, shared)))}, which names none of them",
    )
    return tuple(_without(entry, shared) for entry in entries), told


def _without(entry: Entry, shared: set[str | None]) -> Entry:
    return replace(
        entry,
        guid=None if entry.guid in shared else entry.guid,
        url=None if entry.url and _page(entry.url) in shared else entry.url,
    )


def _page(link: str) -> str:
    """The address without its fragment, which does not help to identify an article."""
    return link.partition("#")[0]


def _shared(borne: Sequence[tuple[str, str]]) -> str | None:
    """The value that more than half of the entries share although their titles differ. None if there is none."""
    values = sorted(value for value, _ in borne)
    # A value that more than half share is the median.
    value = values[len(values) // 2] if values else ""
    titles = [title for each, title in borne if each == value]
    return value if value and 2 * len(titles) > len(borne) and len(set(titles)) > 1 else None


# Finds a feed's hub and the topic, its own address (WebSub, https://www.w3.org/TR/websub/). Pure ----------------------


# RFC 8288: an address in angle brackets, and its parameters up to the next address.
_LINK = re.compile(r"<([^<>\s]{1,4096})>([^<]*)")
_REL = re.compile(r"(?:^|[;\s])rel\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)

# A link element in any namespace. RSS feeds contain those of Atom.
_ELEMENT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?link\s([^<>]*)>")
_ATTRIBUTE = re.compile(r"(?:^|\s)(rel|href)\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)')")
_NOTHING = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_BEGIN = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:item|entry)[\s/>]")
_END = re.compile(r"</(?:[A-Za-z_][\w.-]*:)?(?:item|entry)\s*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hubs:
    """The first hub and the first topic that are named."""

    hub: str | None = None
    topic: str | None = None


def in_headers(values: Iterable[str], url: str) -> Hubs:
    """The hub and topic in Link headers of the answer from ``url``."""
    links = [link for value in values for link in _LINK.finditer(value)]
    return _named([(rel[1] or rel[2] or "", link[1]) for link in links if (rel := _REL.search(link[2]))], url)


def in_xml(text: str, url: str) -> Hubs:
    """The hub and topic in an XML feed, before its first entry or after its last. Entries have their own links."""
    if "hub" not in text:
        return Hubs()
    first = _BEGIN.search(text)
    last = max((end.end() for end in _END.finditer(text)), default=len(text))
    around = text if first is None else f"{text[: first.start()]} {text[last:]}"
    return _named(_elements(_NOTHING.sub(" ", around)), url)


def in_json(document: Mapping[str, object], url: str) -> Hubs:
    """The hub and topic in a JSON Feed (jsonfeed.org, ``hubs`` and ``feed_url``)."""
    hubs = document.get("hubs")
    named = [("self", document.get("feed_url"))]
    named += [
        ("hub", hub.get("url"))
        for hub in (hubs if isinstance(hubs, list) else ())
        if isinstance(hub, Mapping) and str(hub.get("type")).lower() in {"websub", "pubsubhubbub"}
    ]
    return _named([(relation, target) for relation, target in named if isinstance(target, str)], url)


def _elements(text: str) -> Iterator[tuple[str, str]]:
    for element in _ELEMENT.finditer(text):
        said = {name: unescape(double or single) for name, double, single in _ATTRIBUTE.findall(element[1])}
        yield said.get("rel", ""), said.get("href", "")


def _named(links: Iterable[tuple[str, str]], url: str) -> Hubs:
    """The first valid address of each relation."""
    found: dict[str, str] = {}
    for relations, target in links:
        address = web_link(target, url)
        for relation in relations.lower().split() if address else ():
            found.setdefault(relation, address or "")
    return Hubs(hub=found.get("hub"), topic=found.get("self"))
