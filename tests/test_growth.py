"""What meets foreign text makes at most about twice as many calls for twice the text, whatever the text.

Calls are counted, not seconds. What one call of a library does is not seen here; for regular expressions see
``test_patterns``.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from types import FrameType, SimpleNamespace
from typing import Any

import pytest

from monitor.core import plain
from monitor.core.identity import canonical_url
from monitor.core.model import Article, Project
from monitor.core.periods import Period
from monitor.core.reading.layout import Surveyor
from monitor.core.reading.projects.matching import Matcher
from monitor.errors import MonitorError
from monitor.feeds import page
from monitor.feeds.discovery import sitemaps
from monitor.feeds.parse import parse_feed
from monitor.feeds.plaintext import to_text
from monitor.feeds.robots import parse_robots
from monitor.logs import Redactor
from monitor.settings.lexicons import load_lexicons

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_URL = "https://example.org/"
#: Work that grows with the square of the text is four times as much for twice the text.
_LINEAR = 2.2
#: Shorter texts tell more of what is done once than of what is done for each character.
_CHARACTERS = 6_000


def _calls(function: Callable[[Any], object], given: object) -> int:
    """How many calls it takes, of Python and of libraries."""
    count = 0

    def counted(frame: FrameType, event: str, what: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        with suppress(MonitorError):
            function(given)
    finally:
        sys.setprofile(before)
    return count


def _growth(
    function: Callable[[Any], object], start: str, piece: str, end: str, characters: int = _CHARACTERS
) -> float:
    once, twice = (start + piece * (length // len(piece)) + end for length in (characters, 2 * characters))
    _calls(function, once)  # What is prepared at the first call is no part of it.
    return _calls(function, twice) / _calls(function, once)


def test_what_grows_with_the_square_is_caught() -> None:
    def pairs(text: str) -> int:
        return sum(one == other for one in text for other in text)

    def once(text: str) -> int:
        return sum(one == "a" for one in text)

    assert _growth(pairs, "", "a", "", characters=100) > _LINEAR
    assert _growth(once, "", "a", "", characters=100) < _LINEAR


_ITEM = "<item><title>One</title><link>https://example.org/1</link></item>"


@pytest.mark.parametrize(
    ("start", "piece", "end"),
    [
        ("<rss><channel>", _ITEM, "</channel></rss>"),
        ("<rss><channel>", _ITEM, ""),
        ("<rss><channel>", "<item>", "</channel></rss>"),
        ("<rss><channel>", "</item>", "</channel></rss>"),
        ("<rss><channel><item>", "<title>One</title>", "</item></channel></rss>"),
        ("<rss><channel><item><title>One</title><description>", "&lt;td&gt;", "</description></item></channel></rss>"),
        ("<rss><channel><item><title>", "&amp;", "</title></item></channel></rss>"),
        ("<rss><channel>hub", "<!--", "</channel></rss>"),
        ("<rss><channel>hub", "<link rel='hub' href='/hub'/>", "</channel></rss>"),
        ("", "<!-- a -->", f"<rss><channel>{_ITEM}</channel></rss>"),
        ("", "<?a b?>", f"<rss><channel>{_ITEM}</channel></rss>"),
        ("<urlset>", "<url><loc>https://example.org/a-b</loc><lastmod>2025-12-31</lastmod></url>", "</urlset>"),
        ("<urlset>", "<url>", "</urlset>"),
        ('{"version": "https://jsonfeed.org/version/1", "items": [{}', ',{"id": "1", "title": "One"}', "]}"),
        ("<html>", "<title ", ""),
    ],
)
def test_feeds(start: str, piece: str, end: str) -> None:
    def parse(text: str) -> object:
        return parse_feed(text.encode(), url=_URL, content_type="", now=_NOW)

    assert _growth(parse, start, piece, end) < _LINEAR


@pytest.mark.parametrize("piece", ["<p>", "<", "<title ", "| a |\n", "- a\n", "<?xml ", "\n", "<p a b c=''>"])
def test_pages(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "_trafilatura", lambda markup, url: SimpleNamespace(text=markup, title="", date=None))

    assert _growth(lambda text: page.extract_article(text.encode(), _URL, "text/html"), "", piece, "") < _LINEAR


def _as_many_names(rules: str) -> str:
    """A group that starts with as many names as it has rules."""
    return "".join(f"User-agent: bot{number}\n" for number in range(rules.count("\n")))


@pytest.mark.parametrize(
    ("function", "pieces"),
    [
        (to_text, ("<p>", "<td>", "<b><i>", "<!--", "&amp;", "\n", "<ul><li>", "<p a='")),
        (parse_robots, ("User-agent: *\n", "User-agent: *\nDisallow: /a*b\n", "#", ":\n")),
        (lambda text: parse_robots(text).allows(_URL), ("User-agent: *\nDisallow: /a*b\n",)),
        (lambda rules: parse_robots(_as_many_names(rules) + rules), ("Allow: /\n",)),
        (lambda text: sitemaps(text, _URL), ("Sitemap: /a\n", "Sitemap:", "\n")),
        (Redactor(frozenset({"secret"})).redact, ("?token", "secret", "://a:b@c ", "&key=value", "\n")),
        (plain.clean, ("@everyone ", "<@", "\u200b")),
        (plain.tidy, ("\n", " \n")),
        (lambda text: plain.shorten(text, len(text) // 2), ("a", "a. ", "\u0301", "。")),
        (canonical_url.__wrapped__, ("https://www.google.com/url?q=", "https://a/../", "?a=b&", "%25")),
    ],
)
def test_other_text(function: Callable[[str], object], pieces: tuple[str, ...]) -> None:
    assert [piece for piece in pieces if _growth(function, "", piece, "") > _LINEAR] == []


_TEXTS = {
    "en": (
        "BTR ", "BTR, ", "the plant ", "123 ", "300 million dirhams, ", "50,000 tonnes a year ", "2026 ", '"', "a. ",
        "in March 2026, ", "will start production ", "has been postponed from 2025 to 2026 ", ".", "\n", "a", "签aب ",
        "Tangier, Kenitra and ", "the second phase of the plant, ", "500 jobs ",
        "production of the plant started in 2026 and ", "build time is estimated at ",
    ),
    "zh": ("工厂投产", "2026年3月", "贝特瑞", "。", "，"),
    "ar": ("المصنع ", "بدأ الإنتاج في 2026، ", "و"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "piece"), [(language, piece) for language in _TEXTS for piece in _TEXTS[language]]
)
def test_articles(language: str, piece: str) -> None:
    project = Project(
        id="plant",
        name={"en": "BTR cathode plant"},
        who=("BTR", "贝特瑞", "بي تي آر"),
        what=("cathode", "正极", "كاثود"),
        where=("Tangier", "丹吉尔", "طنجة"),
    )
    surveyor = Surveyor([project], load_lexicons(), Matcher([project]))

    def read(text: str) -> object:
        article = Article(
            key="1", url=None, title="", text=text, published=Period.parse("2025-06-01"), language=language
        )
        return surveyor.lay_out(article)

    start = "BTR cathode plant in Tangier 贝特瑞 正极 丹吉尔 بي تي آر كاثود طنجة. "
    assert _growth(read, start, piece, "") < _LINEAR
