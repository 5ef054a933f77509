"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

import json
from collections.abc import Mapping
from datetime import datetime

from monitor.core.model import Entry
from monitor.errors import ParseError
from monitor.feeds.dates import read_instant
from monitor.feeds.distinct import distinct, named
from monitor.feeds.hubs import in_json
from monitor.feeds.parsed import MAX_ENTRIES, ParsedFeed, checked, collect, language_tag, web_link
from monitor.feeds.plaintext import one_line, tidy, to_text


def parse_json(text: str, *, url: str, now: datetime) -> ParsedFeed:
    """Read a JSON Feed.

    Raises:
        ParseError: the document is no JSON, or no JSON Feed.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ParseError(url, "the JSON is broken or cut off") from error
    if not isinstance(document, Mapping) or not isinstance(document.get("items"), list):
        raise ParseError(url, "this is JSON, but no JSON Feed")
    items: list[object] = document["items"]
    language = language_tag(_said(document, "language"))

    def convert(item: object) -> Entry:
        if not isinstance(item, Mapping):
            raise TypeError("it is no object")
        return _entry(item, base=url, language=language, now=now)

    read, problems = collect(items, convert, left_out=max(0, len(items) - MAX_ENTRIES), problems=())
    entries, shared = distinct(read, named(read), url=url)
    hubs = in_json(document, url)
    return ParsedFeed(
        title=one_line(_said(document, "title")),
        entries=entries,
        problems=(*problems, *shared),
        hub=hubs.hub,
        topic=hubs.topic,
    )


def _entry(item: Mapping[str, object], *, base: str, language: str | None, now: datetime) -> Entry:
    bodies = (to_text(_text(item, name)) for name in ("content_html", "content_text", "summary"))
    number = item.get("id")
    written = _text(item, "date_published") or _text(item, "date_modified")
    return checked(
        Entry(
            guid=tidy(str(number)).strip() or None if isinstance(number, str | int | float) else None,
            url=web_link(_text(item, "url"), base) or web_link(_text(item, "external_url"), base),
            title=one_line(_text(item, "title")),
            text=max(bodies, key=len),
            published_at=read_instant(written, now=now),
            language=language_tag(_text(item, "language")) or language,
        )
    )


def _said(of: Mapping[str, object], name: str) -> str:
    value = of.get(name)
    return value if isinstance(value, str) else ""


def _text(of: Mapping[str, object], name: str) -> str:
    """A text, "" where it is absent; an entry with anything else in its place is not to be trusted."""
    value = of.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"its {name} is no text")
    return value
