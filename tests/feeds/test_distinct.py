"""Guids and links that tell no entry from another."""

import json
from datetime import UTC, datetime

import pytest

from monitor.core.model import Selectors
from monitor.feeds.parse import ParsedFeed, parse_feed

URL = "https://feed.example/dir/feed"
NEWS = "https://feed.example/news"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def parse(body: str, page: Selectors | None = None) -> ParsedFeed:
    return parse_feed(body.encode(), url=URL, content_type="", now=NOW, page=page)


def rss(*names: str, titles: str = "ABCDEFGH") -> str:
    items = (f"<item><title>{title}</title>{each}</item>" for title, each in zip(titles, names, strict=False))
    return f'<rss version="2.0"><channel>{"".join(items)}</channel></rss>'


def atom(*links: str) -> str:
    entries = (
        f'<entry><title>{link}</title><id>tag:{number}</id><link rel="self" href="/x"/><link href="{link}"/></entry>'
        for number, link in enumerate(links)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(entries)}</feed>'


def guid(text: str) -> str:
    return f"<guid isPermaLink='false'>{text}</guid>"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        pytest.param(
            rss(*(f"{guid(str(n))}<link>{NEWS}</link>" for n in range(3))),
            [("0", None), ("1", None), ("2", None)],
            id="one link",
        ),
        pytest.param(rss("<link>/news#a</link>", "<link>/news#b</link>"), [(None, None)] * 2, id="places on one page"),
        pytest.param(
            rss(f"{guid('0')}<link>{NEWS}/1</link>", f"{guid(' 0 ')}<link>{NEWS}/2</link>"),
            [(None, f"{NEWS}/1"), (None, f"{NEWS}/2")],
            id="one guid",
        ),
        pytest.param(
            rss(f"<guid>{NEWS}</guid>", f"<guid>{NEWS}</guid>"), [(None, None)] * 2, id="a guid that is a link"
        ),
        pytest.param(
            rss(guid("1"), guid("1"), guid("2"), guid("3")),
            [("1", None), ("1", None), ("2", None), ("3", None)],
            id="shared by half of them",
        ),
        pytest.param(
            rss(f"<link>{NEWS}</link>", f"<link>{NEWS}</link>", titles="AA"), [(None, NEWS)] * 2, id="the same twice"
        ),
        pytest.param(rss(f"<link>{NEWS}</link>"), [(None, NEWS)], id="one entry"),
        pytest.param(rss("", ""), [(None, None)] * 2, id="neither guid nor link"),
        pytest.param(atom("/news#a", "/news#b"), [("tag:0", None), ("tag:1", None)], id="Atom"),
        pytest.param(
            json.dumps(
                {
                    "version": "https://jsonfeed.org/version/1.1",
                    "items": [{"id": n, "title": f"T{n}", "url": NEWS} for n in range(2)],
                }
            ),
            [("0", None), ("1", None)],
            id="JSON Feed",
        ),
    ],
)
def test_what_most_entries_share_names_none(body: str, named: list[tuple[str | None, str | None]]) -> None:
    assert [(entry.guid, entry.url) for entry in parse(body).entries] == named


def test_what_is_shared_with_entries_that_are_known_names_none() -> None:
    old, new = (rss(*(f"{guid(str(n))}<link>{NEWS}</link>" for n in range(count))) for count in (3, 4))
    known = parse(old).digests
    read = parse_feed(new.encode(), url=URL, content_type="", now=NOW, known=known)

    assert [(entry.guid, entry.url) for entry in read.entries] == [("3", None)]
