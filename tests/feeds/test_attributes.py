"""Tags with more attributes than any page's lose them before a parser sees them; all else stays as it is."""

from datetime import UTC, datetime

import pytest

from monitor.core.model import Selectors
from monitor.feeds.attributes import MAX_ATTRIBUTES, trimmed
from monitor.feeds.discovery import named_feeds
from monitor.feeds.page import extract_article
from monitor.feeds.plaintext import to_text
from monitor.feeds.selected import parse_page

MANY = " ".join(f"a{number}='x > y'" for number in range(MAX_ATTRIBUTES + 1))
URL = "https://example.org/"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"<p {MANY}>text</p>", "<p>text</p>"),
        (f"<P\n{MANY} />text", "<P>text"),
        (f"</p {MANY}>text", "</p>text"),
        (f"before <br><br/{MANY}> behind", "before <br><br> behind"),
        ("<p" + "\ta" * (MAX_ATTRIBUTES + 1) + ">text", "<p>text"),
        ("<p" + "/a=''b=\"\"" * MAX_ATTRIBUTES + ">text", "<p>text"),
        (f'<a href="<b>"><p {MANY}>text', '<a href="<b>"><p>text'),
        (f"<p {MANY}", "<p"),
        (f"<script {MANY}>if (a<b) run()</script>", "<script>if (a<b) run()</script>"),
        (f"<title>a</title><p {MANY}>", "<title>a</title><p>"),
    ],
)
def test_a_tag_with_more_attributes_than_any_page_s_loses_them(markup: str, expected: str) -> None:
    assert trimmed(markup) == expected


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "no markup at all, a < b and c > d " * 100,
        "<p " + " ".join(f"a{number}=1" for number in range(MAX_ATTRIBUTES)) + ">text</p>",
        f"<!-- <p {MANY}> -->",
        f"<!-- <p {MANY}> never closed",
        f"<?php <p {'a ' * (MAX_ATTRIBUTES + 1)}?>",
        f'<script>write("<p {MANY}>")</script><p>',
        f"<TITLE>\n<p {MANY}>",
        f'<p title="{MANY}">text</p>',
        "<p>text</p>" * 1000,
    ],
)
def test_all_other_markup_stays_as_it_is(markup: str) -> None:
    assert trimmed(markup) == markup


def test_an_article_is_read_from_such_a_page() -> None:
    said = "The cathode plant in Tangier has started production, the company said on Monday. " * 20
    page = f"<html lang='fr' {MANY}><body><article><p>{said}</p></article></body></html>"

    article = extract_article(page.encode(), URL, "text/html")

    assert article.text == said.strip()
    assert article.language is None


def test_a_link_with_so_many_attributes_names_no_feed() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/{}" {}>'
    page = link.format("one", MANY) + link.format("two", "")

    assert [feed.url for feed in named_feeds(page.encode(), URL, "")] == ["https://example.org/two"]


def test_a_link_with_so_many_attributes_is_no_entry() -> None:
    page = f"<li><a href='/one' {MANY}>One</a></li><li><a href='/two'>Two</a></li>"

    found = parse_page(page, Selectors(item="li"), url=URL, now=datetime(2026, 1, 1, tzinfo=UTC))

    assert [entry.title for entry in found.entries] == ["Two"]


def test_the_text_of_an_entry_is_read_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.feeds.plaintext.trimmed", lambda markup: trimmed(markup).replace("<p>", "<p>read: "))

    assert to_text(f"<table><p {MANY}>text</table>") == "read: text"
