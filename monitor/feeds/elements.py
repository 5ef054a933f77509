"""Single elements of a feed, as the feed library reads them; whatever it might read otherwise is odd, and refused."""

import re
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

from lxml import etree

#: An entry, or what a feed says of itself, with those of the library's keys that are asked for.
Item = dict[str, Any]

#: What asks the library: a namespace → the prefix that it knows it by; None where it does not know it.
Prefix = Callable[[str], str | None]
#: What asks the library: a key → whether an element of that key means anything to it.
IsRead = Callable[[str], bool]
#: What takes an element into what is asked for.
Taker = Callable[[Any, Item], None]

ATOM = "{http://www.w3.org/2005/Atom}"

# What the library leaves as it is: it resolves, splits and joins addresses, and mends what looks like an entity.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[^\s<>\"#;?\\^`{|}\[\]]*)?(?:\?[^\s<>\"#;?\\^`{|}\[\]]+)?")
_PREFIX = re.compile(r"[a-z][a-z0-9]*")
# Taken by the library for letters of Windows.
_CONTROLS = re.compile("[\x80-\x9f]")
_TEXT_TYPES = frozenset({None, "text", "html", "text/html", "text/plain"})
# What moves the base or the language of all that is in it.
_SCOPES = frozenset({"base", "lang"})
# Elements that the library has rules for, and that touch nothing that is asked for.
_HARMLESS = frozenset({"category", "enclosure", "dc_creator", "dc_subject", "media_content", "media_thumbnail"})
# Keys that are asked for, and those that the library takes for them.
_ASKED = frozenset(
    {
        "content", "created", "date", "description", "description_detail", "feedburner_origlink", "guid", "id",
        "issued", "language", "link", "links", "modified", "news_source", "published", "source", "summary",
        "summary_detail", "title", "title_detail", "updated",
    }
)  # fmt: skip


class OddError(Exception):
    """The element is not ordinary."""


class Names:
    """What the library calls an element."""

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
        """Whether an element of this key touches nothing that is asked for."""
        return key in _HARMLESS or not (key in _ASKED or self._is_read(key))


def read(
    elements: Iterable[etree._Element], takers: Mapping[str, Taker], names: Names, wholes: Mapping[str, frozenset[str]]
) -> Item:
    """What these elements say that is asked for.

    Args:
        elements: all that stand in an entry, or in a feed.
        takers: by their keys, those that say what is asked for.
        names: what the library calls them.
        wholes: by their keys, those that hold others, and the names of what may stand in them: it touches nothing else.

    Raises:
        OddError: the library may read them otherwise.
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
    """Takes the value under this key, once."""

    def take(element: etree._Element, item: Item) -> None:
        if key in item:
            raise OddError
        item[key] = value(element)

    return take


def bare(element: etree._Element) -> str:
    """The text of an element that has no attributes."""
    check_attributes(element, frozenset())
    return plain(element)


def typed(element: etree._Element) -> str:
    """The text of an element that may say of which kind it is."""
    check_attributes(element, {"type"})
    if element.get("type") not in _TEXT_TYPES:
        raise OddError
    return plain(element)


def plain(element: etree._Element) -> str:
    """The text of an element, where the library does not take its letters for others."""
    text = (element.text or "").strip()
    if text.isascii():
        return text
    if _CONTROLS.search(text) or _is_mistaken(text):
        raise OddError
    return text


def address(text: str) -> str:
    """An address that the library leaves as it is."""
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
    """Whether it looks like UTF-8 that was taken for Latin-1: the library would take it back."""
    try:
        text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return False
    return True
