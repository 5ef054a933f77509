"""Parses JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import isfinite
from typing import TypeVar

from monitor.core.model import Entry
from monitor.errors import ParseError
from monitor.feeds.dates import read_instant
from monitor.feeds.distinct import distinct, named
from monitor.feeds.hubs import in_json
from monitor.feeds.parsed import MAX_ENTRIES, ParsedFeed, checked, collect, language_tag, web_link
from monitor.feeds.plaintext import one_line, tidy, to_text
from monitor.feeds.rescue import no_number, read_item, rescued

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
