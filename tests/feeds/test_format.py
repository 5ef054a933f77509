"""The kind of document that a feed is, as people are told it."""

from datetime import UTC, datetime

import pytest

from monitor.core.model import Selectors
from monitor.feeds.parse import parse_feed

NOW = datetime(2026, 11, 24, tzinfo=UTC)
RDF = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><item><title>a</title></item></rdf:RDF>"
NEWS = "<url><loc>https://example.org/a</loc><news><title>a</title><publication_date>2026-11-23</publication_date></news></url>"


@pytest.mark.parametrize(
    ("document", "page", "format_"),
    [
        ("<rss version='2.0'><channel><title>a</title></channel></rss>", None, "RSS"),
        (RDF, None, "RSS"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><title>a</title></feed>", None, "Atom"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": []}', None, "JSON Feed"),
        (f"<urlset>{NEWS}</urlset>", None, "sitemap"),
        ("<ul><li><a href=/a>a</a></li></ul>", Selectors(item="li"), "page"),
    ],
)
def test_a_document_says_of_which_kind_it_is(document: str, page: Selectors | None, format_: str) -> None:
    found = parse_feed(document.encode(), url="https://example.org/", content_type="", now=NOW, page=page)

    assert found.format == format_
