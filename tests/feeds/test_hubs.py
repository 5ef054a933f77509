"""Which hub a feed names, and what it calls itself."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.parse import parse_feed
from monitor.feeds.parsed import Hubs, in_headers, in_json, in_xml

URL = "https://example.org/feed"
BOTH = Hubs(hub="https://hub.example.org/", topic="https://example.org/feed.xml")
NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "values",
    [
        ['<https://hub.example.org/>; rel="hub"', '<https://example.org/feed.xml>; rel="self"'],
        ["<https://hub.example.org/>; rel=hub, <https://example.org/feed.xml>; rel=self"],
        ['</feed.xml>;type="a,b";rel="alternate SELF",<https://hub.example.org/>; title="x"; REL = "hub"'],
        ["<https://hub.example.org/>; rel=hub", "<https://other.example.org/>; rel=hub", "</feed.xml>; rel=self"],
    ],
    ids=["two headers", "one header", "relative, several relations", "the first hub"],
)
def test_link_headers_name_hub_and_self(values: list[str]) -> None:
    assert in_headers(values, URL) == BOTH


@pytest.mark.parametrize(
    "values",
    [
        [],
        [""],
        ["<>; rel=hub"],
        ["https://hub.example.org/; rel=hub"],
        ["<https://h/>; xrel=hub"],
        ['<https://h/>; rel=""'],
        ["<javascript:x>; rel=hub"],
    ],
    ids=str,
)
def test_other_headers_name_nothing(values: list[str]) -> None:
    assert in_headers(values, URL) == Hubs()


@given(st.text(alphabet="<>;=\"' ,rel hub/:", max_size=200))
def test_no_header_and_no_text_makes_it_raise(text: str) -> None:
    in_headers([text], URL)
    in_xml(f"hub{text}", URL)


ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>
<link rel='hub' href='https://hub.example.org/'/><link href="https://example.org/feed.xml" rel="self" />
<entry><id>1</id><title>One</title><link rel="self" href="https://example.org/1"/></entry></feed>"""
RSS = """<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>t</title><link>https://example.org</link>
{before}<item><title>One</title><a:link rel="self" href="https://example.org/1"/></item>{after}</channel></rss>"""
LINKS = '<a:link rel="self" href="/feed.xml"/><a:link href="https://hub.example.org/" rel="hub"/>'


@pytest.mark.parametrize(
    "text",
    [ATOM, RSS.format(before=LINKS, after=""), RSS.format(before="", after=LINKS)],
    ids=["Atom", "RSS", "RSS, behind the items"],
)
def test_a_feed_names_hub_and_self_but_its_entries_do_not(text: str) -> None:
    parsed = parse_feed(text.encode(), url=URL, content_type="", now=NOW)

    assert Hubs(hub=parsed.hub, topic=parsed.topic) == BOTH


def test_a_json_feed_names_hub_and_self() -> None:
    hubs = [
        {"type": "rssCloud", "url": "https://cloud.example.org"},
        {"type": "WebSub", "url": "https://hub.example.org/"},
    ]

    assert in_json({"hubs": hubs, "feed_url": "https://example.org/feed.xml"}, URL) == BOTH


@pytest.mark.parametrize("hubs", [None, 1, [], ["x"], [{"type": "WebSub"}], [{"type": "WebSub", "url": 5}]], ids=str)
def test_a_json_feed_with_odd_hubs_names_none(hubs: object) -> None:
    assert in_json({"hubs": hubs}, URL).hub is None
