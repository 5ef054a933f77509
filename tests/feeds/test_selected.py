"""Pages without a feed, by selectors of the operator's."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from monitor.core.model import Entry, Selectors
from monitor.errors import ParseError
from monitor.feeds.parse import parse_feed
from monitor.feeds.parsed import ParsedFeed
from monitor.feeds.selectors import Selector

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://port.example/news/index.html"
NEWS = Selectors(item="article.news", title="h2", link="h2 a", date="time, .date", text=".teaser")


def parse(body: str, selectors: Selectors = NEWS) -> ParsedFeed:
    return parse_feed(body.encode(), url=URL, content_type="text/html; charset=utf-8", now=NOW, page=selectors)


def article(title: str, *, link: str = "1", date: str = "") -> str:
    return f'<article class="big news"><h2><a href="{link}">{title}</a></h2>{date}<p class=teaser>Short</p></article>'


def reason(body: str, selectors: Selectors = NEWS) -> str:
    with pytest.raises(ParseError) as caught:
        parse(body, selectors)
    return caught.value.reason


def test_a_page_gives_its_titles_links_dates_and_teasers() -> None:
    feed = parse(
        "<title>Port &mdash; news</title><nav><a href=/>Home</a></nav>"
        + article(
            "Works &amp; <b>more</b>",
            link="../2026/works?a=1&amp;b=2",
            date='<time datetime="2026-11-23T10:00+01:00">x',
        )
    )

    assert feed.title == "Port — news"
    assert feed.entries == (
        Entry(
            guid=None,
            url="https://port.example/2026/works?a=1&b=2",
            title="Works & more",
            text="Short",
            published_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
        ),
    )


def test_all_but_the_item_may_be_left_to_the_link() -> None:
    page = "<ul><li><a href=/a>First of them</a></li><li><a href=/b><img alt=x></a></li></ul>"

    assert [(e.url, e.title) for e in parse(page, Selectors(item="li")).entries] == [
        ("https://port.example/a", "First of them"),
        ("https://port.example/b", ""),
    ]
    assert [e.title for e in parse(page, Selectors(item="li > a")).entries] == ["First of them", ""]


def test_links_are_told_from_the_base_that_the_page_names_and_lead_nowhere_else() -> None:
    page = "<base href=https://cdn.example/x/>" + article("A", link="a") + article("B", link="javascript:alert(1)")
    feed = parse(page, Selectors(item="article"))

    assert [entry.url for entry in feed.entries] == ["https://cdn.example/x/a"]
    assert feed.problems == ("entry 2 left out: it has no link (B)",)


def test_the_link_may_be_around_what_is_named() -> None:
    page = "<div class=i><a href=/a><h3>Title</h3></a></div>"
    [entry] = parse(page, Selectors(item=".i", title="h3", link="h3")).entries

    assert (entry.url, entry.title) == ("https://port.example/a", "Title")


def test_an_address_is_one_entry_the_one_with_a_title() -> None:
    page = "<p><a href=/a><img></a></p><p><a href=/a>Title</a></p><p><a href=/a>Read on</a></p>"

    assert [entry.title for entry in parse(page, Selectors(item="p")).entries] == ["Title"]


@pytest.mark.parametrize(
    ("selectors", "name"),
    [
        (Selectors(item="section"), "page.item: 'section' finds nothing"),
        (Selectors(item="article", link="h3 a"), "page.link: 'h3 a' finds nothing"),
        (Selectors(item="article", title="h4"), "page.title: 'h4' finds nothing"),
    ],
)
def test_a_selector_that_finds_nothing_is_told(selectors: Selectors, name: str) -> None:
    assert name in reason(article("A"), selectors)


def test_a_date_that_is_nowhere_found_is_told_and_the_rest_read() -> None:
    feed = parse(article("A", date="<time>yesterday</time>"))

    assert [entry.published_at for entry in feed.entries] == [None]
    assert "page.date: 'time, .date' finds no date in any item" in feed.problems[0]


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("<div>" * 30_000, id="deep"),
        pytest.param("<article class=news>" * 30_000 + "<h2><a href=x>" * 9_000, id="items in items"),
        pytest.param("<p>" * 50_000, id="more than any"),
        pytest.param("<" * 39_000, id="signs"),
        pytest.param("x" * 3_000_001, id="long"),
    ],
)
def test_a_hostile_page_is_bounded(page: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(page, Selectors(item="article.news article div article", link="a a a"))
    assert caught.value.url == URL


@given(st.text(max_size=200), st.sampled_from(["*", "a", "div a", "[href]"]))
def test_any_page_is_read_or_refused(page: str, item: str) -> None:
    try:
        feed = parse(f"<p>x<a href=/1>{page}</a>".encode("utf-8", "replace").decode(), Selectors(item=item))
    except ParseError:
        return
    assert all(entry.url for entry in feed.entries)


# ---------------------------------------------------------------- selectors

_NAMES = st.sampled_from(["a", "b", "p", "div"])
_COMPOUND = st.builds(
    lambda tag, more: tag + more, _NAMES | st.just("*"), st.sampled_from(["", ".x", "#i", "[k]", "[k=v]", ":not(.x)"])
)
_SELECTORS = st.builds(
    lambda first, rest: first + "".join(sign + each for sign, each in rest),
    _COMPOUND,
    st.lists(st.tuples(st.sampled_from([" ", " > "]), _COMPOUND), max_size=3),
)
_ATTRIBUTES = st.sampled_from(["", ' class="x y"', ' id="i"', ' k=""', ' k="v"'])
_TREES = st.recursive(
    st.builds(lambda n, a: f"<{n}{a}/>", _NAMES, _ATTRIBUTES),
    lambda inner: st.builds(
        lambda n, a, kids: f"<{n}{a}>{''.join(kids)}</{n}>", _NAMES, _ATTRIBUTES, st.lists(inner, max_size=3)
    ),
    max_leaves=15,
)


@given(_TREES, st.lists(_SELECTORS, min_size=1, max_size=2).map(", ".join))
def test_selectors_find_what_the_usual_translation_finds(tree: str, css: str) -> None:
    from cssselect import GenericTranslator  # noqa: PLC0415 - the other way to do it, for this test alone

    root = etree.fromstring(f"<root>{tree}</root>")
    expected = root.xpath(GenericTranslator().css_to_xpath(css, prefix="descendant::"))

    assert list(Selector(css).find(root)) == expected


@pytest.mark.parametrize(
    ("css", "words"),
    [
        ("a[", "is not a CSS selector"),
        ("", "is not a CSS selector"),
        ("a::text", "pseudo-element"),
        ("a + b", "holds '\\+', which is not known here"),
        ("li:nth-child(2)", "holds what is not known here"),
        ("a:hover", "holds what is not known here"),
    ],
)
def test_what_is_not_known_of_selectors_is_told(css: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Selector(css)
