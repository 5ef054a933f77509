"""Feeds as real software writes them, old and odd: each dialect gives its entries."""

from datetime import UTC, datetime

import pytest

from monitor.feeds.parse import parse_feed

NOW = datetime(2026, 11, 24, tzinfo=UTC)
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
DIV = '<div xmlns="http://www.w3.org/1999/xhtml">'


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(
            f'<rdf:RDF {RDF} xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>Old</title></channel>'
            "<item><title>Port &#8212; works</title><link>/a</link></item></rdf:RDF>",
            ("https://daily.example/a", "Port — works", "", None),
            id="RSS 0.90, items beside the channel",
        ),
        pytest.param(
            '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss.dtd">'
            '<rss version="0.91"><channel><item><title>Caf&eacute; &amp; port</title><link>\n https://daily.example/a\n'
            "</link></item></channel></rss>",
            ("https://daily.example/a", "Café & port", "", None),
            id="RSS 0.91 with entities of its DTD",
        ),
        pytest.param(
            '<rss version="0.92"><channel><item><description>Only &lt;b&gt;text&lt;/b&gt;</description>'
            '<enclosure url="https://daily.example/1.mp3" length="1" type="audio/mpeg"/></item></channel></rss>',
            (None, "", "Only text", None),
            id="RSS 0.92 without titles and links",
        ),
        pytest.param(
            f'<rdf:RDF {RDF} xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><item '
            'rdf:about="https://daily.example/1"><title>مصنع</title><link>https://daily.example/1</link>'
            "<dc:date>2026-11-20T10:00+01:00</dc:date></item></rdf:RDF>",
            ("https://daily.example/1", "مصنع", "", datetime(2026, 11, 20, 9, tzinfo=UTC)),
            id="RSS 1.0",
        ),
        pytest.param(
            '<rss version="2.0" xmlns="http://backend.userland.com/rss2"><channel><item><title>A</title>'
            "<guid>https://daily.example/1</guid><pubDate>20 Nov 26 10:00 +0100</pubDate></item></channel></rss>",
            ("https://daily.example/1", "A", "", datetime(2026, 11, 20, 9, tzinfo=UTC)),
            id="RSS 2.0 in a namespace, its link in the guid",
        ),
        pytest.param(
            '<rss version="2.0"><channel><item><title>A</title><link>https://daily.example/1</link>'
            "<pubDate>vendredi 20 novembre 2026 à 10:30</pubDate></item></channel></rss>",
            ("https://daily.example/1", "A", "", datetime(2026, 11, 20, 10, 30, tzinfo=UTC)),
            id="RSS 2.0 with a date in words",
        ),
        pytest.param(
            '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>A</title><id>tag:1</id>'
            '<link rel="alternate" type="text/html" href="https://daily.example/1"/>'
            "<issued>2026-11-20T10:00:00Z</issued><modified>2026-11-21T10:00:00Z</modified></entry></feed>",
            ("https://daily.example/1", "A", "", datetime(2026, 11, 20, 10, tzinfo=UTC)),
            id="Atom 0.3",
        ),
        pytest.param(
            '<a:feed xmlns:a="http://www.w3.org/2005/Atom" xml:base="https://daily.example/x/"><a:entry><a:title '
            f'type="xhtml">{DIV}A <b>b</b></div></a:title><a:link href="1?a=1&amp;b=2"/><a:id>urn:1</a:id>'
            '<a:updated>2026-11-20T10:00:00.123+01:00</a:updated><a:content type="xhtml">'
            f"{DIV}<p>One</p><p>Two</p></div></a:content></a:entry></a:feed>",
            ("https://daily.example/x/1?a=1&b=2", "A b", "One\nTwo", datetime(2026, 11, 20, 9, tzinfo=UTC)),
            id="Atom with a prefix, a base and XHTML",
        ),
        pytest.param(
            '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 7, "external_url": "/a", "title": "A", '
            '"content_html": "<p>x</p>", "date_modified": "2026-11-20T10:00:00-00:00", "authors": [{"name": "n"}]}]}',
            ("https://daily.example/a", "A", "x", datetime(2026, 11, 20, 10, tzinfo=UTC)),
            id="JSON Feed 1.1",
        ),
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_dialect_gives_its_entries(
    document: str, expected: tuple[str | None, str, str, datetime | None], codec: str
) -> None:
    feed = parse_feed(document.encode(codec), url="https://daily.example/feed", content_type="text/html", now=NOW)

    [entry] = feed.entries
    assert (entry.url, entry.title, entry.text, entry.published_at) == expected
