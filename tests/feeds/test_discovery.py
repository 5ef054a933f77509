"""Which feeds a page has."""

import pytest

from monitor.feeds.discovery import MAX_NAMED, named_feeds, robots_of, sitemaps, usual_feeds

PAGE = "https://example.org/news/today.html"


def named(head: str) -> list[tuple[str, str]]:
    page = f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body>News</body></html>"
    return [(feed.url, feed.name) for feed in named_feeds(page.encode(), PAGE, "text/html")]


def test_a_page_names_its_feeds_with_their_titles_each_once() -> None:
    assert named(
        '<link rel="alternate" type="application/rss+xml" title="Actualités &amp; avis" href="/feed.xml">'
        '<LINK REL="Alternate home" TYPE="application/atom+xml; charset=utf-8" HREF="atom.xml">'
        '<link rel="alternate" type="application/feed+json" href="https://other.example/feed.json">'
        '<link rel="alternate" type="application/atom+xml" href="atom.xml">'
    ) == [
        ("https://example.org/feed.xml", "Actualités & avis"),
        ("https://example.org/news/atom.xml", "https://example.org/news/atom.xml"),
        ("https://other.example/feed.json", "https://other.example/feed.json"),
    ]


def test_addresses_are_told_from_the_base_that_the_page_names() -> None:
    base = '<base target="_blank"><base href="https://cdn.example/x/">'
    [(url, _)] = named(f'{base}<link rel="alternate" type="application/rss+xml" href="feed">')

    assert url == "https://cdn.example/x/feed"


@pytest.mark.parametrize(
    "link",
    [
        pytest.param('<link rel="alternate" hreflang="fr" href="/fr/">', id="another language of the page"),
        pytest.param('<link rel="stylesheet" type="application/rss+xml" href="/feed">', id="another relation"),
        pytest.param('<link rel="alternate" type="application/rss+xml">', id="no address"),
        pytest.param('<link rel="alternate" type="application/rss+xml" href="file:///etc/passwd">', id="a file"),
        pytest.param('<link rel="alternate" type="application/rss+xml" href="http://[bad">', id="no address at all"),
    ],
)
def test_what_is_no_feed_is_left_out(link: str) -> None:
    assert named(link) == []


@pytest.mark.parametrize("body", [b"", b"  \n", b"\x00\xff\xfe", b"no markup", b"<", b"<!-- -->"])
def test_any_page_is_survived(body: bytes) -> None:
    assert named_feeds(body, PAGE, "text/html") == ()


def test_a_directory_of_feeds_is_cut_short() -> None:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{n}">' for n in range(MAX_NAMED + 5))

    assert len(named(links)) == MAX_NAMED


def test_the_usual_places_are_those_of_the_site() -> None:
    assert usual_feeds(PAGE)[0].url == "https://example.org/feed"
    assert len({feed.url for feed in usual_feeds(PAGE)}) == len(usual_feeds(PAGE))


def test_sitemaps_are_those_that_the_site_names_those_of_news_first_else_the_usual() -> None:
    robots = (
        "User-agent: *\nDisallow: /\nSITEMAP : https://example.org/all.xml\n"
        "Sitemap: /news.xml.gz\nSitemap: ftp://x/\n# Sitemap: https://example.org/no.xml"
    )

    assert robots_of(PAGE) == "https://example.org/robots.txt"
    assert [feed.url for feed in sitemaps(robots, PAGE)] == [
        "https://example.org/news.xml.gz",
        "https://example.org/all.xml",
    ]
    assert sitemaps("", PAGE)[0].url == "https://example.org/news-sitemap.xml"
