"""Valid inputs of each kind, what their pieces are, and what means something in them."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

LANGUAGES = ("ar", "en", "es", "fr", "zh")
FILES = ("monitor.yaml", "feeds.yaml", "projects.yaml", "subscribers.yaml", "lifecycles.yaml", "reading.yaml")
_TESTS = Path(__file__).parent.parent
ROOT = _TESTS.parent


def _with_choice(choices: int, documents: Iterable[bytes]) -> Sequence[bytes]:
    return [bytes([number % choices]) + document for number, document in enumerate(documents)]


def _data(*names: str) -> list[bytes]:
    return [(_TESTS / "feeds" / "data" / name).read_bytes() for name in names]


@cache
def feeds() -> Sequence[bytes]:
    sitemap = (
        b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/"
        b"sitemap-news/0.9'><url><loc>https://a.example/btr-plant</loc><lastmod>2026-11-20</lastmod><news:news>"
        b"<news:publication_date>2026-11-20</news:publication_date><news:title>T</news:title></news:news></url></urlset>"
    )
    item = b"<item><title>T &amp; U</title><link>/a</link><pubDate>Mon, 01 Apr 2024 10:00:00 GMT</pubDate></item>"
    small = [
        b"<rss version='2.0'><channel><title>F</title><ttl>60</ttl>" + item * 3 + b"</channel></rss>",
        (
            b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='html'>T</title><updated>2024-04-01T10:00:00Z"
            b"</updated><link rel='alternate' href='/a'/><content type='xhtml'><div>x<br/></div></content></entry></feed>"
        ),
        sitemap,
    ]
    names = ("rss20.xml", "rss091.xml", "rdf.xml", "atom.xml", "news_search.xml", "sloppy.xml")
    return [b"\0" + document for document in (*small * 3, *_data(*names))]


@cache
def json_feeds() -> Sequence[bytes]:
    small = (
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "F", "language": "fr", "hubs": [{"type": "WebSub", '
        b'"url": "https://hub.example/"}], "items": [{"id": 1, "title": "T", "content_html": "<p>x</p>", "url": "/a", '
        b'"date_published": "2024-04-01T10:00:00Z"}, {"id": "2", "content_text": "y"}]}'
    )
    return [b"\5" + document for document in (small, small, *_data("jsonfeed.feed"))]


@cache
def listings() -> Sequence[bytes]:
    page = (
        b"<html><head><base href='/news/'><title>News</title></head><body><ul><li class=item><h2>"
        b"<a href='a?x=1'>One</a></h2><time datetime='2024-04-01'>1 April 2024</time><p>Text</p></li><li><a href='b'>Two</a></li></ul>"
        b'<article><h2>Three</h2><a href="c">more</a></article></body></html>'
    )
    return _with_choice(3, [page] * 3)


@cache
def pages() -> Sequence[bytes]:
    told = [f"<p>{article['text'][:400]}</p>" for article in _articles()[:12]]
    head = (
        '<!DOCTYPE html><html lang="fr-MA"><head><title>T</title><meta property="article:published_time" '
        'content="2024-04-01T10:00:00Z"><script type="application/ld+json">{"@type": "NewsArticle", "datePublished": '
        '"2024-04-01", "isAccessibleForFree": true, "author": [{"name": "A"}]}</script></head><body><article><h1>T</h1>'
    )
    end = "<ul><li>one</li></ul><table><tr><td>a</td></tr></table></article><footer>f</footer></body></html>"
    return [b"\0" + f"{head}{''.join(told[at : at + 3])}{end}".encode() for at in range(0, len(told), 3)]


@cache
def _articles() -> Sequence[Mapping[str, str]]:
    lines = [
        line
        for path in sorted((_TESTS / "corpus").glob("*/articles*.jsonl"))
        for line in path.read_text("utf-8").splitlines()[:8]
    ]
    return [json.loads(line) for line in lines]


@cache
def stories() -> Sequence[bytes]:
    return [
        bytes([LANGUAGES.index(article["lang"]) + len(LANGUAGES)])
        + f"{article['title']}\n{article['text'][:700]}".encode("utf-8", "surrogatepass")
        for article in _articles()
        if article.get("lang") in LANGUAGES
    ]


def _phrases(name: str) -> Sequence[bytes]:
    written: Mapping[str, Mapping[str, object]] = YAML(typ="safe").load(
        _TESTS / "core" / "reading" / "phrases" / f"{name}.yaml"
    )
    return [
        bytes([LANGUAGES.index(language) + len(LANGUAGES)]) + b"\n" + str(phrase).encode()
        for language, lines in written.items()
        for phrase in lines
    ]


@cache
def date_phrases() -> Sequence[bytes]:
    dates = (
        "Mon, 01 Apr 2024 10:00:00 +0100",
        "2024-04-01T10:00:00Z",
        "1 avril 2024 à 10:00",
        "1711965600",
        "2024年4月1日",
    )
    return [*(b"\0\n" + date.encode() for date in dates), *_phrases("dates")]


@cache
def number_phrases() -> Sequence[bytes]:
    return _phrases("quantities")


@cache
def folders() -> Sequence[bytes]:
    example = [(number, (ROOT / "config" / name)) for number, name in enumerate(FILES)]
    small = (
        (
            "timezone: Africa/Casablanca\npolling: {every: 30m}\nfetch: {max_bytes: 5MB, allow_private: [127.0.0.0/8]}\n"
            "reader: {use: 'tests.readers.hits:HitReader'}\nweb: {port: 8080}\nretention: {texts: 90d}\n"
        ),
        (
            "feeds:\n  - url: https://example.org/feed.xml\n    name: Example\n    trust: 0.5\n    every: 15m\n"
            "    page: {item: li, link: a}\n"
        ),
        (
            "projects:\n  - id: plant\n    name: {en: Plant, fr: Usine}\n    who: [BTR, 贝特瑞]\n    what: [cathode]\n"
            "    not: [build-to-rent]\n    known: [{stage: agreed, state: reached, date: 2024-03-29}]\n"
            "    phases: [{name: first, words: [first phase]}]\n"
        ),
        (
            "subscribers:\n  - name: Desk\n    to: ['mailto://u:${PW}@example.org?to=a@example.org', 'json://h/']\n"
            "    projects: [btr-*]\n    send: {digest: '0 8 * * 1-5'}\n    quiet_hours: 22:00-07:00\n"
            "    timezone: Africa/Casablanca\n    away: [{from: 2026-12-01, to: 2026-12-24}]\n"
        ),
        "lifecycles:\n  - name: railway\n    stages: [announced, agreed, construction, operating]\n",
        (
            "phrases:\n  - language: fr\n    words: [coup de pioche]\n    always: construction reached\n"
            "    projects: [btr-*]\n    examples: [{text: Un coup de pioche., claims: [construction reached]}]\n"
        ),
    )
    return [
        *(bytes([number]) + text.encode() for number, text in enumerate(small)),
        *(bytes([number]) + path.read_bytes()[:3_000] for number, path in example if path.exists()),
    ]


@cache
def line_files() -> Sequence[bytes]:
    told = [json.dumps({**article, "text": article["text"][:80]}) for article in _articles()[:10]]
    exported = {
        "article": "a",
        "url": None,
        "outlet": "O",
        "trust": 0.5,
        "published": "2024-03-30T00:00:00Z",
        "story": "a",
        "seen": "2024-03-31T00:00:00Z",
        "project": "p",
        "stage": "agreed",
        "state": "reached",
        "date": "2024-03-29",
        "phase": None,
        "confidence": 0.9,
        "evidence": "signed",
    }
    decided = {**exported, "verdict": "confirm", "by": "A", "reason": "", "at": "2024-04-01T00:00:00Z"}
    amount = {**exported, "stage": None, "state": None, "date": None, "kind": "jobs", "value": 900, "unit": "jobs"}
    lines = [*told, json.dumps(exported), json.dumps(decided), json.dumps(amount)]
    return [f"{one}\n{other}\n".encode() for one, other in zip(lines, reversed(lines), strict=True)]


ROBOTS = (
    b"User-agent: *\nDisallow: /private/*.pdf$\nAllow: /private/a\nCrawl-delay: 2.5\n\nSitemap: https://a.example/s.xml\n",
    b"# note\nUSER-AGENT: milestone-monitor\nuser-agent: other\nDisallow:\nDisallow: /*/a*b*c\nCrawl-delay: 1\n",
)
HEADERS = (
    b'<https://hub.example/>; rel="hub", <https://feed.example/feed>; rel=self',
    b"max-age=3600, must-revalidate, public",
    b"Wed, 21 Oct 2026 07:28:00 GMT",
    b"120",
    b'W/"abc-123"',
    b"https://www.example.org:443/a/../b/?utm_source=x&b=%e4#top",
    b"https://news.example.org/articles/CBMiQ2h0dHBzOi8vZXhhbXBsZS5vcmcvYQ?oc=5",
)
_OUTLINE = (
    b'<?xml version="1.0"?><opml version="2.0" xmlns:monitor="urn:milestone-monitor"><head><title>F</title></head>'
    b'<body><outline text="Folder"><outline type="rss" text="A" xmlUrl="https://a.example/f" language="fr" '
    b'monitor:trust="0.7" monitor:every="900s" monitor:page-item="li" monitor:page-link="a"/></outline></body></opml>'
)
OUTLINES = (_OUTLINE,)
DESTINATIONS = (
    b"mailto://user:pass%20word@example.org:587?to=a@example.org&secret=abc#frag\nsent by user: pass word",
    b"slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#channel\nfailed at A1BRTD4JD",
    b"jsons://user@host.example/path?secret=s3cret&+X-Token=tok\nfailed",
    b"tgram://123456789:abcdefg_hijklmnop/12315544/\n",
)

MARKUP = re.compile(rb"(<[^<>]*>|&[^;&\s]{1,10};)")
JSON = re.compile(rb"([\[\]{},:]|\"[^\"]*\")")
WORDS = re.compile(rb"(\s+|[.,;:()])")
SIGNS = re.compile(rb"([\s:/?&=#@%.,;\[\]{}<>\"'|*-]+)")
TAGS = (
    b"""
<item> </item> <entry> </entry> <title> </title> <link/> <guid> <content:encoded> <![CDATA[ ]]> <!-- --> &nbsp; &a; &#0;
&#xD800; &#99999999; <x:y> <dc:date> <rss> <feed> <rdf:RDF> <urlset> <sitemapindex> <p> <br> <div> </div> <script> <svg>
<template> <table> xmlns:x='z' xml:base='http://[' a='b' <outline xmlUrl='x'
""".split()
    + [b"<!DOCTYPE r [<!ENTITY a 'b'>]>", b"<?xml version='1.0' encoding='utf-16'?>", b"<meta charset=utf-7>"]
)
SIGNS_OF_JSON = rb"""
{ } [ ] , : " "items" "id" "title" null true 1e9 \u \ud83d "date_published" "published" "evidence" "verdict" "\ud800" [[[[
{} {"items":[
""".split()
SIGNS_OF_YAML = [
    *b"""{ } [ ] ~ null yes 0o17 0x1F 1_000 .inf .nan ' 2024-13-40 2024-03-29T25:00 12:30:45 ${A} ${file:/} $$ projects: feeds:
    known: &a *a !!binary""".split(),
    *(b"\n", b"\n  ", b"- ", b": ", b"? ", b"<<: *a", b"!!python/object:x ", b"|\n", b">\n", b"---\n", b"...\n", b"\t"),
]
TOLD = [
    word.encode()
    for word in """
two years later|last Friday|in 2026|by the end of the decade|three weeks earlier|the following|1.5 billion|25.000 tonnes|
50 GWh|trois cents|milliards de dirhams|per cent|%|$|€|MAD|二〇二六年|下半年|30亿元|第一期|2025年底|مليار درهم|السنة المقبلة|
بي تي آر|طنجة|贝特瑞|摩洛哥|BTR|cathode|Tanger Tech|Maroc|began|will start|was not|suspended|denied|. |, and |el año pasado|
dentro de dos años|l'an prochain|d'ici à 2030|T3 2026|Q3'26|民國115年|« | »
""".replace("\n", "").split("|")
]
