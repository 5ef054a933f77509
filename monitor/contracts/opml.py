"""Reads and writes feeds as OPML 2.0 (http://opml.org/spec2.opml), the exchange format of feed readers."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields, replace
from datetime import timedelta

from lxml import etree

from monitor.core.model import Feed, Selectors
from monitor.core.plain import clean
from monitor.errors import InputError
from monitor.feeds.charset import decode
from monitor.feeds.repair import UnreadableError, mend, strip_prolog
from monitor.logs import redact

#: OPML allows additional attributes in a namespace of their own.
_OURS = "{urn:milestone-monitor}"
_TRUST, _EVERY, _PAGE = f"{_OURS}trust", f"{_OURS}every", f"{_OURS}page-"
#: The selectors of a page, each as an attribute.
_SELECTORS = tuple(field.name for field in fields(Selectors))
_SECONDS = re.compile(r"(\d{1,7})s")
_TITLE = "Feeds of the milestone monitor"


def opml_of(feeds: Iterable[Feed]) -> bytes:
    """The feeds for other programs: without secrets, and without files of the configuration folder."""
    return write_opml(replace(feed, url=redact(feed.url)) for feed in feeds if not feed.url.startswith("file:"))


def write_opml(feeds: Iterable[Feed]) -> bytes:
    """Write the feeds as a flat list."""
    root = etree.Element("opml", version="2.0", nsmap={"monitor": "urn:milestone-monitor"})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _TITLE
    body = etree.SubElement(root, "body")
    for feed in feeds:
        outline = etree.SubElement(body, "outline", type="rss", text=clean(feed.name), xmlUrl=feed.url)
        outline.set(_TRUST, f"{feed.trust:g}")
        if feed.every is not None:
            outline.set(_EVERY, f"{feed.every.total_seconds():.0f}s")
        for name, value in asdict(feed.page).items() if feed.page else ():
            if value is not None:
                outline.set(_PAGE + name, clean(value))
        if feed.language:
            outline.set("language", feed.language)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return document


def parse_opml(data: bytes, *, name: str, trust: float) -> Iterator[Feed | InputError]:
    """Yield the feeds of the document, in any folder, each once; for a bad one the error.

    Args:
        data: the document.
        name: the file's name, for error messages.
        trust: the trust of feeds for which the document states none.

    Raises:
        InputError: it is not OPML.
    """
    markup = strip_prolog(decode(data, ""))
    if markup.root != "opml":
        raise InputError(f"{name}: is not an OPML document")
    try:
        root = mend(markup.text).root
    except UnreadableError as error:
        raise InputError(f"{name}: is not an OPML document: {error}") from error
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
            yield InputError(f"{name}: {title}: trust is not a number")
            continue
        every = _SECONDS.fullmatch(outline.get(_EVERY, ""))
        if outline.get(_EVERY) and not every:
            yield InputError(f"{name}: {title}: every is not a number of seconds: 900s")
            continue
        page = {name: value for name in _SELECTORS if (value := clean(outline.get(_PAGE + name, "")).strip())}
        if page and "item" not in page:
            yield InputError(f"{name}: {title}: the page has no page-item")
            continue
        language = (outline.get("language") or "").partition("-")[0].lower()
        yield Feed(
            url=url,
            name=title,
            trust=said,
            language=language or None,
            every=timedelta(seconds=int(every[1])) if every else None,
            page=Selectors(**page) if page else None,
        )
