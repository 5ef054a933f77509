"""Changes as an Atom feed (RFC 4287), for feed readers."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo

from lxml import etree

from monitor.contracts.syndication import NAME, identity, told
from monitor.core.message.briefing import Voice
from monitor.core.model import Project
from monitor.core.news import Change
from monitor.core.plain import is_plain_address

_ATOM = "http://www.w3.org/2005/Atom"


def atom(
    changes: Iterable[Change],
    projects: Mapping[str, Project],
    *,
    voice: Voice,
    language: str,
    zone: tzinfo,
    now: datetime,
) -> bytes:
    """Write the changes, newest first, each as the message that its subscribers read.

    ``now`` is the date of the feed if there are no changes. The other arguments are those of ``told``.
    """
    newest_first = list(told(changes, projects, voice=voice, language=language, zone=zone))
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    _add(feed, "id", "urn:milestone-monitor:changes")
    _add(feed, "title", NAME)
    _add(feed, "updated", _instant(newest_first[0][0].at if newest_first else now))
    _add(_add(feed, "author"), "name", NAME)
    for change, message in newest_first:
        entry = _add(feed, "entry")
        _add(entry, "id", identity(change))
        _add(entry, "title", message.title)
        _add(entry, "updated", _instant(change.at))
        for url in filter(is_plain_address, change.sources):
            _add(entry, "link", rel="related", href=url)
        _add(entry, "category", term=change.type.value)
        _add(entry, "content", message.body, type="text")
    document: bytes = etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return document


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text
    return element


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
