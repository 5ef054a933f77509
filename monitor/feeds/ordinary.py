"""Reads ordinary feeds from the document tree, in a tenth of the feed library's time.

An entry of RSS 2.0 or Atom is ordinary if it holds only the usual elements, each once, as text, with absolute
addresses, in a document with usual namespaces and bases. The same applies to the feed's own data. The result equals
that of the library. Everything else is left to the library. ``tests/feeds/test_ordinary.py`` tests that both agree.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lxml import etree

# Reads single feed elements as the feed library does, and refuses those that it may read otherwise. Pure --------------


#: An entry, or the feed's own data, with the library's keys that are needed.
Item = dict[str, Any]

#: Asks the library for its prefix of a namespace. None if it does not know the namespace.
Prefix = Callable[[str], str | None]
#: Asks the library whether it handles elements with this key.
IsRead = Callable[[str], bool]
#: Reads an element into an item.
Taker = Callable[[Any, Item], None]

ATOM = "{http://www.w3.org/2005/Atom}"

# Addresses that the library leaves unchanged. It resolves, splits and joins others, and repairs apparent entities.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[^\s<>\"#;?\\^`{|}\[\]]*)?(?:\?[^\s<>\"#;?\\^`{|}\[\]]+)?")
_PREFIX = re.compile(r"[a-z][a-z0-9]*")
# The library reads these as characters of Windows-1252.
_CONTROLS = re.compile("[\x80-\x9f]")
_TEXT_TYPES = frozenset({None, "text", "html", "text/html", "text/plain"})
# Attributes that change the base or the language of their content.
_SCOPES = frozenset({"base", "lang"})
# Elements that the library handles without effect on the keys that are needed.
_HARMLESS = frozenset({"category", "enclosure", "dc_creator", "dc_subject", "media_content", "media_thumbnail"})
# The keys that are needed, and those that the library maps to them.
_ASKED = frozenset(
    {
        "content", "created", "date", "description", "description_detail", "feedburner_origlink", "guid", "id",
        "issued", "language", "link", "links", "modified", "news_source", "published", "source", "summary",
        "summary_detail", "title", "title_detail", "updated",
    }
)  # fmt: skip


class OddError(Exception):
    """The element is not ordinary: the feed library may read it otherwise."""


class ElementNames:
    """The library's keys of elements."""

    def __init__(self, prefix: Prefix, is_read: IsRead) -> None:
        self._prefix, self._is_read = prefix, is_read
        self.key = lru_cache(256)(self._key)
        self.is_idle = lru_cache(256)(self._is_idle)

    def _key(self, tag: str, given: str | None) -> str:
        space, _, name = tag.rpartition("}")
        if not space:
            return name.lower()
        prefix = self._prefix(space[1:])
        if prefix is None:
            if given is None or not _PREFIX.fullmatch(given):
                raise OddError
            prefix = given
        return f"{prefix}_{name}".lower() if prefix else name.lower()

    def _is_idle(self, key: str) -> bool:
        """Whether an element with this key has no effect on the keys that are needed."""
        return key in _HARMLESS or not (key in _ASKED or self._is_read(key))


def read(
    elements: Iterable[etree._Element],
    takers: Mapping[str, Taker],
    names: ElementNames,
    wholes: Mapping[str, frozenset[str]],
) -> Item:
    """The needed values of these elements.

    Args:
        elements: all child elements of an entry or of a feed.
        takers: by key, the readers of the needed elements.
        names: the library's keys of elements.
        wholes: by key, the elements that contain others, with the names of the allowed children. They have no effect on
            needed keys.

    Raises:
        OddError: the library may read an element otherwise.
    """
    item: Item = {}
    for element in elements:
        key = names.key(element.tag, element.prefix)
        if key in wholes:
            _check_parts(element, wholes[key])
        elif len(element) or _moves_a_scope(element):
            raise OddError
        elif key in takers:
            takers[key](element, item)
        elif not names.is_idle(key):
            raise OddError
    return item


def into(key: str, value: Callable[[etree._Element], object]) -> Taker:
    """A taker that stores the value under this key. It refuses a second one."""

    def take(element: etree._Element, item: Item) -> None:
        if key in item:
            raise OddError
        item[key] = value(element)

    return take


def bare(element: etree._Element) -> str:
    """The text of an element. Refuses an element with attributes."""
    check_attributes(element, frozenset())
    return plain(element)


def typed(element: etree._Element) -> str:
    """The text of an element that may declare its type."""
    check_attributes(element, {"type"})
    if element.get("type") not in _TEXT_TYPES:
        raise OddError
    return plain(element)


def plain(element: etree._Element) -> str:
    """The text of an element. Refuses text whose characters the library would replace."""
    text = (element.text or "").strip()
    if text.isascii():
        return text
    if _CONTROLS.search(text) or _is_mistaken(text):
        raise OddError
    return text


def address(text: str) -> str:
    """The address. Refuses one that the library would change."""
    if not _ADDRESS.fullmatch(text):
        raise OddError
    return text


def check_attributes(element: etree._Element, known: AbstractSet[str]) -> None:
    if not known >= set(element.keys()):
        raise OddError


def _moves_a_scope(element: etree._Element) -> bool:
    names = element.keys()
    return bool(names) and not _SCOPES.isdisjoint(name.rpartition("}")[2].lower() for name in names)


def _check_parts(element: etree._Element, names: AbstractSet[str]) -> None:
    if element.attrib or any(len(part) or part.attrib or not _is_one_of(names, part) for part in element):
        raise OddError


def _is_one_of(names: AbstractSet[str], part: etree._Element) -> bool:
    return isinstance(part.tag, str) and part.tag.removeprefix(ATOM) in names


def _is_mistaken(text: str) -> bool:
    """Whether the text looks like UTF-8 that was decoded as Latin-1. The library would decode it again."""
    try:
        text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return False
    return True


_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NAME = re.compile(r"(?:tag|urn):[A-Za-z0-9,:._/=@-]+")
_HTML_TYPES = frozenset({None, "html", "xhtml", "text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True)
class Ordinary:
    """The ordinary parts of a document."""

    #: The feed's own data. None if it is not ordinary.
    head: Item | None = None
    #: Ordinary entries by number.
    entries: Mapping[int, Item] = field(default_factory=dict)


def ordinary(
    root: etree._Element, wanted: Sequence[int], *, count: int, url: str, text: str, prefix: Prefix, is_read: IsRead
) -> Ordinary:
    """The feed's own data and those of the wanted entries that are ordinary.

    Empty if the document itself is not ordinary, or if its number of entries differs from ``count``.

    Args:
        root: the root of the document.
        wanted: the numbers of the entries to read, from 0.
        count: the number of entries in the text.
        url: the address of the document.
        text: the document as written.
        prefix: the library's prefix of a namespace.
        is_read: whether the library handles elements with this key.
    """
    if not _is_customary(root, text, prefix):
        return Ordinary()
    if root.tag == "rss" and set(root.attrib) <= {"version"} and len(root) == 1 and _is_plain(root[0], "channel"):
        feed, tag, takers, head_takers, language = root[0], "item", _ITEM, _CHANNEL, None
    elif root.tag == f"{ATOM}feed" and set(root.attrib) <= {_LANG}:
        feed, tag, takers, head_takers = root, f"{ATOM}entry", _ENTRY, _FEED
        language = root.get(_LANG, "").replace("_", "-") or None
    else:
        return Ordinary()
    entries = feed.findall(tag)
    # If tree and text differ in their number of entries, neither is reliable.
    if len(entries) != count:
        return Ordinary()
    names = ElementNames(prefix, is_read)
    found = {number: _entry(entries[number], takers, names, url, language) for number in wanted}
    return Ordinary(
        head=_head(feed, tag, head_takers, names, language),
        entries={number: item for number, item in found.items() if item is not None},
    )


def _is_plain(element: etree._Element, tag: str) -> bool:
    return element.tag == tag and not element.attrib


def _is_customary(root: etree._Element, text: str, prefix: Prefix) -> bool:
    """Whether all namespaces are declared once, at the root, and known ones with their customary prefix."""
    start = text.index("<" + (f"{root.prefix}:" if root.prefix else "") + root.tag.rpartition("}")[2])
    if "xmlns" in text[text.index(">", start) :]:
        return False
    known = {name: prefix(uri) for name, uri in root.nsmap.items()}
    customary = set(known.values())
    unknown = [uri for name, uri in root.nsmap.items() if known[name] is None]
    return len(unknown) == len(set(unknown)) and all(
        # The library maps the Atom namespace to an empty prefix, so it may have any.
        name == value or not (value or name in customary)
        for name, value in known.items()
        if name is not None
    )


def _head(
    feed: etree._Element, entry: str, takers: Mapping[str, Taker], names: ElementNames, language: str | None
) -> Item | None:
    """The feed's own data as the library returns it. None if it is not ordinary."""
    said = (element for element in feed.iterchildren(etree.Element) if element.tag != entry)
    try:
        head = read(said, takers, names, _IN_FEEDS)
    except OddError:
        return None
    return head if language is None else head | {"language": language}


def _entry(
    entry: etree._Element, takers: Mapping[str, Taker], names: ElementNames, url: str, language: str | None
) -> Item | None:
    """The entry as the library returns it. None if it is not ordinary."""
    if entry.attrib:
        return None
    try:
        item = read(entry.iterchildren(etree.Element), takers, names, _IN_ENTRIES)
    except OddError:
        return None
    if "title" in item:
        item["title_detail"] = {"base": url, "language": language}
    # If there is no link, the permalink from the entry's id replaces it.
    own = item.pop("permalink", None)
    link = item.pop("alternate", own)
    return item if link is None else item | {"link": link}


def _guid(element: etree._Element, item: Item) -> None:
    check_attributes(element, {"isPermaLink"})
    own = plain(element)
    if element.get("isPermaLink", "true") == "true":
        item["permalink"] = address(own)
    _OWN(element, item)


def _id(element: etree._Element, item: Item) -> None:
    own = bare(element)
    item["permalink"] = own if _NAME.fullmatch(own) else address(own)
    _OWN(element, item)


def _link(element: etree._Element, item: Item) -> None:
    check_attributes(element, {"rel", "type", "href", "title", "length", "hreflang"})
    target = address(element.get("href", ""))
    relation, kind = element.get("rel", "alternate").lower(), element.get("type")
    if relation == "alternate" and (kind is None or kind.lower() in _HTML_TYPES):
        item["alternate"] = target  # the last one counts


def _source(element: etree._Element) -> Item:
    check_attributes(element, {"url"})
    title = {"title": plain(element)}
    return title | {"href": address(element.get("url", ""))} if "url" in element.attrib else title


def _body(text: str) -> Item:
    return {"value": text, "type": "text/html"}


def _nothing(element: etree._Element, item: Item) -> None:
    """Ignore the element. An element of the same name matters in an entry but not in a feed."""


# The allowed children of a person, and of a feed's image.
_PERSON = frozenset({"name", "uri", "email"})
_IN_ENTRIES = {"author": _PERSON, "contributor": _PERSON}
_IN_FEEDS = {**_IN_ENTRIES, "image": frozenset({"title", "link", "url", "description", "width", "height"})}

_OWN = into("id", plain)
_ITEM: Mapping[str, Taker] = {
    "title": into("title", bare),
    "link": into("alternate", lambda element: address(bare(element))),
    "guid": _guid,
    "pubdate": into("published", bare),
    "dc_date": into("updated", bare),
    "description": into("summary_detail", lambda element: _body(bare(element))),
    "content_encoded": into("content", lambda element: [_body(bare(element))]),
    "source": into("source", _source),
    "news_source": into("news_source", bare),
    "feedburner_origlink": into("feedburner_origlink", lambda element: address(bare(element))),
}
_ENTRY: Mapping[str, Taker] = {
    "title": into("title", typed),
    "link": _link,
    "id": _id,
    "published": into("published", bare),
    "updated": into("updated", bare),
    "summary": into("summary_detail", lambda element: _body(typed(element))),
    "content": into("content", lambda element: [_body(typed(element))]),
}
# Elements of a feed whose handling in the library has no effect on the needed keys.
_OF_FEEDS = (
    "cloud copyright description docs generator icon id lastbuilddate link logo managingeditor pubdate rights subtitle "
    "updated webmaster"
)
_CHANNEL: Mapping[str, Taker] = {
    **dict.fromkeys(_OF_FEEDS.split(), _nothing),
    "title": into("title", bare),
    "language": into("language", bare),
    "ttl": into("ttl", bare),
}
_FEED: Mapping[str, Taker] = {
    **dict.fromkeys(_OF_FEEDS.split(), _nothing),
    "title": into("title", typed),
    "ttl": into("ttl", bare),
}
