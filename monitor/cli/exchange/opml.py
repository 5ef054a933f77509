"""Feeds as OPML 2.0 (http://opml.org/spec2.opml), the form in which feed readers give and take their lists."""

from collections.abc import Iterable, Iterator

from lxml import etree

from monitor.core.model import Feed
from monitor.core.plain import clean
from monitor.errors import InputError

#: OPML lets others add attributes under names of their own.
_TRUST = "{urn:milestone-monitor}trust"
_TITLE = "Feeds of the milestone monitor"


def write_opml(feeds: Iterable[Feed]) -> bytes:
    """The feeds as a flat list."""
    root = etree.Element("opml", version="2.0", nsmap={"monitor": "urn:milestone-monitor"})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _TITLE
    body = etree.SubElement(root, "body")
    for feed in feeds:
        outline = etree.SubElement(body, "outline", type="rss", text=clean(feed.name), xmlUrl=feed.url)
        outline.set(_TRUST, f"{feed.trust:g}")
        if feed.language:
            outline.set("language", feed.language)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return document


def parse_opml(data: bytes, *, name: str, trust: float) -> Iterator[Feed | InputError]:
    """The feeds in the document, in whatever folders they lie, each once; of a bad one what is wrong with it.

    Args:
        data: the document.
        name: of the file, for error messages.
        trust: of feeds of which the document says none.

    Raises:
        InputError: it is no OPML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(data, parser) if data.strip() else None
    if root is None or root.tag != "opml":
        raise InputError(f"{name}: is no OPML document")
    seen: set[str] = set()
    for outline in root.iter("outline"):
        url = (outline.get("xmlUrl") or "").strip()
        if not url or url in seen:
            continue
        seen.add(url)
        title = clean(outline.get("text") or outline.get("title") or "") or url
        try:
            said = float(outline.get(_TRUST, trust))
        except ValueError:
            yield InputError(f"{name}: {title}: trust is no number")
            continue
        language = (outline.get("language") or "").partition("-")[0].lower()
        yield Feed(url=url, name=title, trust=said, language=language or None)
