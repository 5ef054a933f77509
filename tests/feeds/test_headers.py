"""What headers, hosts and the first bytes of an answer say."""

from datetime import UTC, datetime

import pytest
from multidict import CIMultiDict

from monitor.core.model import Selectors
from monitor.feeds.addresses import site_of
from monitor.feeds.fetch import blocked_by, fresh_for, validator
from monitor.feeds.parse import parse_feed

# ---------------------------------------------------------------- headers


@pytest.mark.parametrize(
    ("cache_control", "age", "seconds"),
    [
        ("max-age=600", "", 600),
        ("public, max-age=600, stale-while-revalidate=30", "", 600),
        ("MAX-AGE = 600", "", 600),
        ('max-age="600"', "", 600),
        ("max-age=600", "100", 500),
        ("max-age=600", "900", 0),
        ("s-maxage=600", "", None),
    ],
)
def test_freshness_is_what_is_left_of_max_age(cache_control: str, age: str, seconds: float | None) -> None:
    assert fresh_for({"Cache-Control": cache_control, "Age": age}) == seconds


def test_a_validator_is_kept_only_if_it_can_be_sent_back() -> None:
    assert validator({"ETag": 'W/"1"'}, "ETag") == 'W/"1"'
    assert validator({"ETag": ""}, "ETag") is None
    assert validator({"ETag": '"\x07"'}, "ETag") is None
    assert validator({"ETag": '"\udce9"'}, "ETag") is None
    assert validator({}, "ETag") is None


@pytest.mark.parametrize(
    ("status", "headers", "body", "who"),
    [
        (403, {"CF-Mitigated": "challenge"}, b"", "Cloudflare challenge"),
        (200, {"cf-mitigated": "challenge"}, b"", "Cloudflare challenge"),
        (202, {"x-amzn-waf-action": "challenge"}, b"", "AWS WAF challenge"),
        (429, {"X-Vercel-Mitigated": "challenge"}, b"", "Vercel"),
        (403, {"X-DataDome": "protected"}, b"", "DataDome"),
        (403, {"Server": "AkamaiGHost"}, b"Access Denied", "Akamai"),
        (503, {"Server": "cloudflare"}, b"<script>/cdn-cgi/challenge-platform/h</script>", "Cloudflare challenge"),
        (403, {}, b"<div id=cf-error-details>", "Cloudflare"),
    ],
)
def test_bot_protection_is_recognised_and_nothing_else_taken_for_it(
    status: int, headers: dict[str, str], body: bytes, who: str | None
) -> None:
    assert blocked_by(status, CIMultiDict(headers), body) == who


# ---------------------------------------------------------------- sites


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("example.org", "example.org"),
        ("www.example.org", "example.org"),
        ("a.b.EXAMPLE.org.", "example.org"),
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("one.blogspot.com", "one.blogspot.com"),
        ("a.one.blogspot.com", "one.blogspot.com"),
        ("192.0.2.1", "192.0.2.1"),
    ],
)
def test_hosts_of_one_registrable_domain_are_one_site(host: str, site: str) -> None:
    assert site_of(host) == site


# ---------------------------------------------------------------- kinds of documents


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
