"""Response headers, and who answers in place of a site."""

import pytest
from multidict import CIMultiDict

from monitor.feeds.blocking import blocked_by
from monitor.feeds.headers import fresh_for, validator


@pytest.mark.parametrize(
    ("cache_control", "age", "seconds"),
    [
        ("max-age=600", "", 600),
        ("public, max-age=600, stale-while-revalidate=30", "", 600),
        ("MAX-AGE = 600", "", 600),
        ('max-age="600"', "", 600),
        ("max-age=600", "100", 500),
        ("max-age=600", "900", 0),
        ("max-age=600", "soon", 600),
        ("s-maxage=600", "", None),
        ("no-cache", "", None),
        ("max-age=never", "", None),
        ("max-age=-1", "", None),
        ("", "", None),
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
        (403, {}, b"<iframe src=/_Incapsula_Resource?x>", "Imperva"),
        (403, {}, b"<div id=px-captcha>", "HUMAN"),
        (200, {"X-DataDome": "protected", "Server": "AkamaiGHost"}, b"/cdn-cgi/challenge-platform/", None),
        (403, {"Server": "nginx"}, b"<h1>Forbidden</h1>", None),
        (404, {"Server": "AkamaiGHost"}, b"", None),
        (200, {"cf-ray": "1", "Server": "cloudflare"}, b"", None),
    ],
)
def test_bot_protection_is_recognised_and_nothing_else_taken_for_it(
    status: int, headers: dict[str, str], body: bytes, who: str | None
) -> None:
    assert blocked_by(status, CIMultiDict(headers), body) == who
