"""Parses JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite
from typing import TypeVar

from monitor.core.model import Entry
from monitor.errors import ParseError
from monitor.feeds.dates import read_instant
from monitor.feeds.parsed import (
    MAX_ENTRIES,
    ParsedFeed,
    checked,
    collect,
    distinct,
    in_json,
    language_tag,
    named,
    web_link,
)
from monitor.feeds.plaintext import one_line, tidy, to_text

# Splits an invalid JSON Feed at its brackets and commas, so that each item can be parsed separately. Pure -------------
#
# It scans the tokens of the document once, without recursion, so that neither depth nor length makes it slow.


# A string, possibly unterminated, or a structural character outside strings.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
_ITEMS = '"items"'
_COLON = re.compile(r"\s*:\s*")
_OPENING = {"]": "[", "}": "{"}
# A limit on the time of the scan. No feed comes near it.
_MAX_TOKENS = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescued:
    """The parts of the document."""

    #: The readable members of the feed's own data.
    head: Mapping[str, object]
    #: Each complete item as written.
    items: Sequence[str]
    #: Whether the document is complete.
    is_whole: bool


def rescued(text: str) -> Rescued:
    """The parts of a JSON object. Empty if the document is not an object, or after more tokens than any feed has."""
    opening = len(text) - len(text.lstrip())
    if not text.startswith("{", opening):
        return Rescued(head={}, items=(), is_whole=False)
    cut = _Cut(text)
    members, is_whole = cut.parts(opening)
    head: dict[str, object] = {}
    for member in members:
        if member.lstrip().startswith(_ITEMS):
            continue
        try:
            head |= read_item(f"{{{member}}}")
        except ValueError:
            continue
    return Rescued(head=head, items=cut.items, is_whole=is_whole)


def read_item(text: str) -> dict[str, object]:
    """Parse one object. NaN, infinity and integers with too many digits become None.

    Raises:
        ValueError: it is not an object, or cannot be parsed.
    """
    try:
        # Unescaped control characters do no harm: the text is tidied later.
        found = json.loads(text, strict=False, parse_int=_integer, parse_constant=no_number)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error.msg}") from None
    if not isinstance(found, dict):
        raise ValueError("it is not an object")  # noqa: TRY004 - the fault is in a document, not in the program
    return found


def no_number(_: str) -> None:
    """The value for NaN and Infinity: None."""


def _integer(digits: str) -> int | None:
    try:
        return int(digits)
    except ValueError:
        return None


class _Cut:
    """Splits a document from beginning to end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._tokens = 0
        self.items: Sequence[str] = ()

    def parts(self, opening: int, *, is_document: bool = True) -> tuple[Sequence[str], bool]:
        """The complete parts of the array or object that opens here, and whether it is closed.

        An unclosed bracket within a part ends with the bracket around it, at the latest with the part. A closing
        bracket without an opening one is ignored.
        """
        text = self._text
        parts: list[str] = []
        nest = _Nest(text[opening])
        start = self._at = opening + 1
        # The part's first token if it is the last one so far. Before a colon it is a key.
        key = ""
        while self._tokens < _MAX_TOKENS and (token := _TOKEN.search(text, self._at)):
            self._tokens += 1
            sign, before, self._at = token[0], self._at, token.end()
            is_first, is_key, key = before == start, key == _ITEMS, ""
            if nest.is_empty and (sign == "," or nest.is_closed_by(sign)):
                parts.append(text[start : token.start()])
                start = token.end()
                if sign != ",":
                    return _filled(parts), True
            elif sign == "[" and is_document and is_key and _COLON.fullmatch(text, before, token.start()):
                self.items, is_closed = self.parts(token.start(), is_document=False)
                if not is_closed:
                    break
            else:
                nest.take(sign)
                key = sign if is_first else ""
        return _filled(parts), False


def _filled(parts: Sequence[str]) -> Sequence[str]:
    return [part for part in parts if part and not part.isspace()]


class _Nest:
    """The open brackets within a part."""

    def __init__(self, around: str) -> None:
        self._around = around
        self._open: list[str] = []
        # The number of open brackets of each kind, to avoid a search for one that is not open.
        self._count = Counter[str]()

    @property
    def is_empty(self) -> bool:
        return not self._open

    def is_closed_by(self, sign: str) -> bool:
        return _OPENING.get(sign) == self._around

    def take(self, sign: str) -> None:
        if sign in {"[", "{"}:
            self._open.append(sign)
            self._count[sign] += 1
        elif sign in _OPENING and (self._count[_OPENING[sign]] or self.is_closed_by(sign)):
            closed = ""
            while self._open and closed != _OPENING[sign]:
                closed = self._open.pop()
                self._count[closed] -= 1


T = TypeVar("T")


def parse_json(text: str, *, url: str, now: datetime) -> ParsedFeed:
    """Parse a JSON Feed. If the document as a whole is invalid, each item is parsed separately.

    Raises:
        ParseError: the document is not JSON, not a JSON Feed, or none of its items can be read.
    """
    try:
        document = json.loads(text, parse_constant=no_number)
    except (ValueError, RecursionError) as error:
        return _parse_broken(text, error, url=url, now=now)
    if not isinstance(document, Mapping) or not isinstance(document.get("items"), list):
        raise ParseError(url, "this is JSON, but no JSON Feed")
    items: list[object] = document["items"]
    return _read(document, items, _object, url=url, now=now)


def _parse_broken(text: str, error: Exception, *, url: str, now: datetime) -> ParsedFeed:
    found = rescued(text)
    if found.is_whole:
        problem = f"the document cannot be read whole ({_reason(error)}), but item by item"
    else:
        problem = "the document is cut off; its last, unfinished entry was left out"
    feed = _read(found.head, found.items, read_item, url=url, now=now, problem=problem)
    if not feed.entries:
        raise ParseError(url, "the JSON is broken or cut off") from error
    return replace(feed, is_whole=found.is_whole)


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    # Otherwise it is a ValueError for an integer with too many digits.
    return str(error) if isinstance(error, json.JSONDecodeError) else "a number in it has too many digits"


def _object(item: object) -> Mapping[str, object]:
    if not isinstance(item, Mapping):
        raise TypeError("it is not an object")
    return item


def _read(
    head: Mapping[str, object],
    items: Sequence[T],
    read: Callable[[T], Mapping[str, object]],
    *,
    url: str,
    now: datetime,
    problem: str | None = None,
) -> ParsedFeed:
    """The feed's own data and its items."""
    language = language_tag(_said(head, "language"))

    def convert(item: T) -> Entry:
        return _entry(read(item), base=url, language=language, now=now)

    before = (problem,) if problem else ()
    found, problems = collect(items, convert, left_out=max(0, len(items) - MAX_ENTRIES), problems=before)
    entries, shared = distinct(found, named(found), url=url)
    hubs = in_json(head, url)
    return ParsedFeed(
        title=one_line(_said(head, "title")),
        format="JSON Feed",
        entries=entries,
        problems=(*problems, *shared),
        hub=hubs.hub,
        topic=hubs.topic,
    )


def _entry(item: Mapping[str, object], *, base: str, language: str | None, now: datetime) -> Entry:
    bodies = (to_text(_text(item, name)) for name in ("content_html", "content_text", "summary"))
    written = _text(item, "date_published") or _text(item, "date_modified")
    return checked(
        Entry(
            guid=_guid(item.get("id")),
            url=web_link(_text(item, "url"), base) or web_link(_text(item, "external_url"), base),
            title=one_line(_text(item, "title")),
            text=max(bodies, key=len),
            published_at=read_instant(written, now=now),
            language=language_tag(_text(item, "language")) or language,
        )
    )


def _guid(id_: object) -> str | None:
    """The id of the item. None for infinity and NaN, which do not identify an item."""
    if not isinstance(id_, str | int | float) or (isinstance(id_, float) and not isfinite(id_)):
        return None
    return tidy(str(id_)).strip() or None


def _said(of: Mapping[str, object], name: str) -> str:
    value = of.get(name)
    return value if isinstance(value, str) else ""


def _text(of: Mapping[str, object], name: str) -> str:
    """The text under this name, "" if absent. Raises TypeError for any other type: such an entry is not trusted."""
    value = of.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"its {name} is not a text")
    return value
