"""Guids and links that most entries of a document share: they tell none from another, and are taken for none.

Some sites give each of their news the address of the page on which all of them stand, or the same guid: of all these
only one would ever be heard. Pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from monitor.core.model import Entry
from monitor.feeds.parsed import web_link


@dataclass(frozen=True, slots=True)
class Named:
    """What an entry goes by, as the document writes it."""

    guid: str
    link: str
    title: str


def named(entries: Iterable[Entry]) -> Iterator[Named]:
    """What these entries go by."""
    return (Named(entry.guid or "", entry.url or "", entry.title) for entry in entries)


def named_in(root: etree._Element) -> Iterator[Named]:
    """What the entries of a feed go by, those too that need not be read."""
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
    """The entries, each without what tells it from no other; and what the operator should know of that.

    Args:
        entries: of a document.
        names: what all of its entries go by.
        url: where it came from; links that are relative start there.
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
    """The address without the place on its page, which is no part of what an article is known by."""
    return link.partition("#")[0]


def _shared(borne: Sequence[tuple[str, str]]) -> str | None:
    """What more than half of them bear, though their titles differ."""
    values = sorted(value for value, _ in borne)
    # What more than half of them bear stands in the middle.
    value = values[len(values) // 2] if values else ""
    titles = [title for each, title in borne if each == value]
    return value if value and 2 * len(titles) > len(borne) and len(set(titles)) > 1 else None
