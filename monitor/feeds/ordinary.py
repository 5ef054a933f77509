"""Ordinary entries, read from the tree of the document in a tenth of the time that the feed library takes for them.

An entry of RSS 2.0 or Atom is ordinary where it holds what nearly all hold, each thing once, as text, with absolute
addresses, in a document that says nothing odd of names and bases. It comes out as the library would read it; every
other entry is left to the library. That the two agree is what ``tests/feeds/test_ordinary.py`` is for.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

from lxml import etree

#: An entry with those of the library's keys that are asked for.
Item = dict[str, Any]

#: What asks the library: a namespace → the prefix that it knows it by; None where it does not know it.
Prefix = Callable[[str], str | None]
#: What asks the library: a key → whether an element of that key means anything to it.
IsRead = Callable[[str], bool]
#: What takes an element of an entry into what is asked for.
Taker = Callable[[Any, Item], None]

_ATOM, _LANG = "{http://www.w3.org/2005/Atom}", "{http://www.w3.org/XML/1998/namespace}lang"
# What the library leaves as it is: it resolves, splits and joins addresses, and mends what looks like an entity.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[^\s<>\"#;?\\^`{|}\[\]]*)?(?:\?[^\s<>\"#;?\\^`{|}\[\]]+)?")
_NAME = re.compile(r"(?:tag|urn):[A-Za-z0-9,:._/=@-]+")
_PREFIX = re.compile(r"[a-z][a-z0-9]*")
# Taken by the library for letters of Windows.
_CONTROLS = re.compile("[\x80-\x9f]")
_TEXT_TYPES = frozenset({None, "text", "html", "text/html", "text/plain"})
_HTML_TYPES = frozenset({None, "html", "xhtml", "text/html", "application/xhtml+xml"})
# What moves the base or the language of all that is in it.
_SCOPES = frozenset({"base", "lang"})
# Elements that the library has rules for, and that touch nothing that is asked for.
_HARMLESS = frozenset({"category", "enclosure", "dc_creator", "dc_subject", "media_content", "media_thumbnail"})
# People: the library has rules for what is in them, too.
_PEOPLE = frozenset({"author", "contributor"})
_OF_PEOPLE = frozenset({"name", "uri", "email"})
# Keys that are asked for, and those that the library takes for them.
_ASKED = frozenset(
    {
        "content", "created", "date", "description", "description_detail", "feedburner_origlink", "guid", "id",
        "issued", "language", "link", "links", "modified", "news_source", "published", "source", "summary",
        "summary_detail", "title", "title_detail", "updated",
    }
)  # fmt: skip


class _OddError(Exception):
    """The entry is not ordinary."""


def ordinary(
    root: etree._Element, wanted: Sequence[int], *, count: int, url: str, text: str, prefix: Prefix, is_read: IsRead
) -> Mapping[int, Item]:
    """Those of these entries of a document that are ordinary, by their numbers.

    None where the document itself is not ordinary, or does not hold so many entries.

    Args:
        root: of the document.
        wanted: the numbers of entries, from 0 on.
        count: how many entries its text shows.
        url: where it came from.
        text: the document as it is written.
        prefix: what the library knows a namespace by.
        is_read: whether the library has a rule for elements of this key.
    """
    if not wanted or not _is_customary(root, text, prefix):
        return {}
    language = None
    if root.tag == "rss" and set(root.attrib) <= {"version"} and len(root) == 1 and _is_plain(root[0], "channel"):
        entries, takers = root[0].findall("item"), _RSS
    elif root.tag == f"{_ATOM}feed" and set(root.attrib) <= {_LANG}:
        entries, takers = root.findall(f"{_ATOM}entry"), _ATOM_ENTRY
        language = root.get(_LANG, "").replace("_", "-") or None
    else:
        return {}
    # Where the tree and the text do not show the same entries, neither is sure.
    if len(entries) != count:
        return {}
    names = _Names(prefix, is_read)
    found = {number: _read(entries[number], takers, names, url, language) for number in wanted}
    return {number: item for number, item in found.items() if item is not None}


def _is_plain(element: etree._Element, tag: str) -> bool:
    return element.tag == tag and not element.attrib


def _is_customary(root: etree._Element, text: str, prefix: Prefix) -> bool:
    """Whether every namespace is declared once, at the root, and each known one by the prefix that all others use."""
    start = text.index("<" + (f"{root.prefix}:" if root.prefix else "") + etree.QName(root).localname)
    if "xmlns" in text[text.index(">", start) :]:
        return False
    known = {name: prefix(uri) for name, uri in root.nsmap.items()}
    customary = set(known.values())
    unknown = [uri for name, uri in root.nsmap.items() if known[name] is None]
    return len(unknown) == len(set(unknown)) and all(
        # The namespace of Atom is known by no prefix, and has any.
        name == value or not (value or name in customary)
        for name, value in known.items()
        if name is not None
    )


class _Names:
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
                raise _OddError
            prefix = given
        return f"{prefix}_{name}".lower() if prefix else name.lower()

    def _is_idle(self, key: str) -> bool:
        """Whether an element of this key touches nothing that is asked for."""
        return key in _HARMLESS or not (key in _ASKED or self._is_read(key))


def _read(
    entry: etree._Element, takers: Mapping[str, Taker], names: _Names, url: str, language: str | None
) -> Item | None:
    """The entry as the library gives it; None where it is not ordinary."""
    item: Item = {}
    if entry.attrib:
        return None
    try:
        for element in entry.iterchildren(etree.Element):
            _take(element, names.key(element.tag, element.prefix), item, takers, names)
    except _OddError:
        return None
    if "title" in item:
        item["title_detail"] = {"base": url, "language": language}
    # Where there is no link, what the entry is known by stands in for it if it is one.
    own = item.pop("permalink", None)
    link = item.pop("alternate", own)
    return item if link is None else item | {"link": link}


def _take(element: etree._Element, key: str, item: Item, takers: Mapping[str, Taker], names: _Names) -> None:
    """Take what an element says, or nothing where it says nothing that is asked for."""
    if key in _PEOPLE:
        _check_person(element)
        return
    if len(element) or not _SCOPES.isdisjoint(name.rpartition("}")[2].lower() for name in element.attrib):
        raise _OddError
    if key in takers:
        takers[key](element, item)
    elif not names.is_idle(key):
        raise _OddError


def _into(key: str, value: Callable[[etree._Element], object]) -> Taker:
    """Takes the value under this key, once."""

    def take(element: etree._Element, item: Item) -> None:
        if key in item:
            raise _OddError
        item[key] = value(element)

    return take


def _guid(element: etree._Element, item: Item) -> None:
    _check_attributes(element, {"isPermaLink"})
    own = _text(element)
    if element.get("isPermaLink", "true") == "true":
        item["permalink"] = _address(own)
    _OWN(element, item)


def _id(element: etree._Element, item: Item) -> None:
    own = _bare(element)
    item["permalink"] = own if _NAME.fullmatch(own) else _address(own)
    _OWN(element, item)


def _link(element: etree._Element, item: Item) -> None:
    _check_attributes(element, {"rel", "type", "href", "title", "length", "hreflang"})
    address = _address(element.get("href", ""))
    relation, kind = element.get("rel", "alternate").lower(), element.get("type")
    if relation == "alternate" and (kind is None or kind.lower() in _HTML_TYPES):
        item["alternate"] = address  # the last one counts


def _source(element: etree._Element) -> Item:
    _check_attributes(element, {"url"})
    title = {"title": _text(element)}
    return title | {"href": _address(element.get("url", ""))} if "url" in element.attrib else title


def _bare(element: etree._Element) -> str:
    _check_attributes(element, frozenset())
    return _text(element)


def _typed(element: etree._Element) -> str:
    _check_attributes(element, {"type"})
    if element.get("type") not in _TEXT_TYPES:
        raise _OddError
    return _text(element)


def _body(text: str) -> Item:
    return {"value": text, "type": "text/html"}


def _check_attributes(element: etree._Element, known: AbstractSet[str]) -> None:
    if not known >= set(element.attrib):
        raise _OddError


def _check_person(element: etree._Element) -> None:
    if element.attrib or any(len(part) or part.attrib or not _is_of_person(part) for part in element):
        raise _OddError


def _is_of_person(part: etree._Element) -> bool:
    return isinstance(part.tag, str) and part.tag.removeprefix(_ATOM) in _OF_PEOPLE


def _text(element: etree._Element) -> str:
    """The text of an element, where the library does not take its letters for others."""
    text = (element.text or "").strip()
    if text.isascii():
        return text
    if _CONTROLS.search(text) or _is_mistaken(text):
        raise _OddError
    return text


def _is_mistaken(text: str) -> bool:
    """Whether it looks like UTF-8 that was taken for Latin-1: the library would take it back."""
    try:
        text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return False
    return True


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise _OddError
    return text


_OWN = _into("id", _text)
_RSS: Mapping[str, Taker] = {
    "title": _into("title", _bare),
    "link": _into("alternate", lambda element: _address(_bare(element))),
    "guid": _guid,
    "pubdate": _into("published", _bare),
    "dc_date": _into("updated", _bare),
    "description": _into("summary_detail", lambda element: _body(_bare(element))),
    "content_encoded": _into("content", lambda element: [_body(_bare(element))]),
    "source": _into("source", _source),
    "news_source": _into("news_source", _bare),
    "feedburner_origlink": _into("feedburner_origlink", lambda element: _address(_bare(element))),
}
_ATOM_ENTRY: Mapping[str, Taker] = {
    "title": _into("title", _typed),
    "link": _link,
    "id": _id,
    "published": _into("published", _bare),
    "updated": _into("updated", _bare),
    "summary": _into("summary_detail", lambda element: _body(_typed(element))),
    "content": _into("content", lambda element: [_body(_typed(element))]),
}
