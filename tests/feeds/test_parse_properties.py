"""Whatever comes in, a feed or a ParseError comes out, and nothing that a database or a terminal would choke on."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.feeds.parse import ParsedFeed, parse_feed

NOW = datetime(2026, 11, 24, tzinfo=UTC)

_TAGS = [
    "rss",
    "channel",
    "item",
    "entry",
    "feed",
    "title",
    "link",
    "guid",
    "pubDate",
    "description",
    "content:encoded",
    "div",
]
_PIECES = st.sampled_from(
    [
        *(f"<{tag}>" for tag in _TAGS),
        *(f"</{tag}>" for tag in _TAGS),
        '<?xml version="1.0" encoding="windows-1256"?>',
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item>',
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry>',
        '<content type="xhtml" xml:base="http://[">',
        '<link href="http://a.example/" rel="alternate"/>',
        "<!DOCTYPE rss [<!ENTITY a 'b'>]>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "&a;",
        "&eacute;",
        "&#0;",
        "&#xD800;",
        "Mon, 01 Apr 2024 10:00:00 GMT",
        "\x00",
        "\ufffe",
    ]
)
_MARKUP = st.lists(_PIECES | st.text(max_size=8), max_size=30).map("".join)
_HEADERS = st.sampled_from(["", "text/xml; charset=utf-16", "application/json", "text/html; charset=gb2312", "\x00"])


def parsed(body: bytes, content_type: str = "") -> ParsedFeed | None:
    try:
        return parse_feed(body, url="https://feed.example/", content_type=content_type, now=NOW)
    except ParseError:
        return None


def check(feed: ParsedFeed | None) -> None:
    for entry in feed.entries if feed else ():
        texts = [text for text in asdict(entry).values() if isinstance(text, str)]
        assert not any("\x00" in text for text in texts)
        assert "".join(texts).encode() or entry.title == ""
        assert entry.url is None or entry.url.startswith(("http://", "https://"))
        assert entry.published_at is None or entry.published_at.utcoffset() == timedelta()
        assert entry.title or entry.text or entry.url


@given(st.binary(max_size=400), _HEADERS)
@example(b"<rss>\xff", "")
def test_any_bytes_are_a_feed_or_a_parse_error(body: bytes, content_type: str) -> None:
    check(parsed(body, content_type))


@given(_MARKUP, _HEADERS)
def test_any_markup_is_a_feed_or_a_parse_error(markup: str, content_type: str) -> None:
    check(parsed(markup.encode("utf-8", "surrogatepass"), content_type))


@given(st.lists(_PIECES | st.text(max_size=8), max_size=10).map("".join))
def test_any_markup_inside_an_entry_costs_at_most_that_document(markup: str) -> None:
    body = (
        f'<rss version="2.0"><channel><item><title>{markup}</title></item><item><title>B</title></item></channel></rss>'
    )

    check(parsed(body.encode("utf-8", "surrogatepass")))


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_FIELDS = st.sampled_from(
    ["id", "url", "external_url", "title", "content_html", "content_text", "summary", "date_published", "language"]
)


@given(
    st.dictionaries(st.sampled_from(["title", "language", "version"]), _VALUES),
    st.lists(st.dictionaries(_FIELDS, _VALUES) | _VALUES, max_size=5),
)
def test_any_json_feed_is_read_or_refused(head: dict[str, object], items: list[object]) -> None:
    feed = parsed(json.dumps({**head, "items": items}).encode())

    assert feed is not None
    assert len(feed.entries) + len(feed.problems) == len(items)
    check(feed)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=50), st.integers(0, 3))
def test_good_entries_beside_bad_ones_are_all_read(title: str, bad: int) -> None:
    good = {"title": f"x{title}"}
    feed = parsed(json.dumps({"items": [good, *[{"title": 1}] * bad, good]}).encode())

    assert feed is not None
    assert len(feed.entries) == 2
    assert len(feed.problems) == bad
