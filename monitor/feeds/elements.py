"""Reads single feed elements as the feed library does, and refuses those that it may read otherwise. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

from lxml import etree

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


class Names:
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
    elements: Iterable[etree._Element], takers: Mapping[str, Taker], names: Names, wholes: Mapping[str, frozenset[str]]
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
