"""Drops guids and links that most entries of a document share, since they do not identify an entry.

Some sites give all their news the same guid, or the address of the page that lists them. Only one of these entries
would ever be read. Pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from monitor.core.model import Entry
from monitor.feeds.parsed import web_link


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
