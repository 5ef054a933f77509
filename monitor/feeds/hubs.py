"""Finds a feed's hub and the topic, its own address (WebSub, https://www.w3.org/TR/websub/). Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from monitor.feeds.parsed import web_link

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
