"""Entries that are read from the tree read as the feed library reads them, whatever stands in them."""

from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.feeds import xmlfeed
from monitor.feeds.ordinary import Ordinary
from monitor.feeds.parse import parse_feed
from monitor.feeds.parsed import ParsedFeed

NOW = datetime(2026, 11, 24, tzinfo=UTC)
URL = "https://feed.example/sub/feed.xml"
DATA = Path(__file__).parent / "data"


def read(text: str) -> ParsedFeed | str:
    try:
        return parse_feed(text.encode(), url=URL, content_type="", now=NOW)
    except ParseError as error:
        return error.reason


def by_the_library(text: str) -> ParsedFeed | str:
    with patch.object(xmlfeed, "ordinary", lambda *_, **__: Ordinary()):
        return read(text)


def left_to_the_library(text: str) -> int | None:
    """How many of the entries of a document the library is given; None where it is not asked at all."""
    with patch.object(xmlfeed, "_feedparser", wraps=xmlfeed._feedparser) as library:
        read(text)
    if not library.called:
        return None
    cut: str = library.call_args_list[0].args[0]
    return cut.count("<item") + cut.count("<entry")


# ---------------------------------------------------------------- what documents are made of

TEXTS = st.sampled_from(
    [
        "Plain words",
        "",
        "  \n around  ",
        "a &amp;amp; b &lt;b&gt;bold&lt;/b&gt; &#8217;",
        "<![CDATA[<p>One</p><p>two &eacute; &amp; <a href='/x'>three</a></p>]]>",
        "before<![CDATA[ inside ]]>behind",
        "حجر الأساس 奠基 été",
        "Ã©tÃ© taken twice",
        "caf\u00e9",
        "\u0093quoted\u0094",
        "&lt;script&gt;alert(1)&lt;/script&gt;seen",
        "&amp;nbsp;&amp;hellip;",
        "&#13;return",
        "a<!-- comment -->b",
        "a<?instruction?>b",
        "a<b xmlns='http://www.w3.org/1999/xhtml'>c</b>d",
        "PHA+YmFzZTY0PC9wPg==",
        "x" * 30,
    ]
)
ADDRESSES = st.sampled_from(
    [
        "https://e.example/1",
        "https://e.example",
        "HTTPS://E.Example/1",
        " https://e.example/2 ",
        "https://e.example/a/../b/./c",
        "https://e.example/?a=1&amp;b=2",
        "https://e.example/?a=1&amp;amp;b=2",
        "https://e.example/?a=1&amp;copy;=2",
        "https://e.example/?",
        "https://e.example/#part",
        "https://e.example/p;q",
        "https://e.example/مقال/奠基",
        "https://e.example/a b",
        "https:///e.example/3",
        "http://user@e.example:80/",
        "//e.example/4",
        "/relative",
        "relative",
        "#fragment",
        "7",
        "tag:e.example,2026:1",
        "urn:uuid:60a76c80-d399-11d9-b93C-0003939e0af6",
        "mailto:a@e.example",
        "javascript:alert(1)",
        "http://[broken",
        "",
    ]
)
DATES = st.sampled_from(
    ["Mon, 02 Nov 2026 10:00:00 GMT", "2026-11-02T10:00:00Z", "2 novembre 2026", "no date", "", "\u0665 2026"]
)
SCOPES = ["", ' xml:lang="fr"', ' xml:base="https://other.example/"', ' lang="fr"', ' base="https://b.example/"']
TYPES = ["", ' type="html"', ' type="text"', ' type="HTML"', ' type="xhtml"', ' type="image/png"', ' mode="base64"']


def element(name: str, texts: st.SearchStrategy[str], *attributes: str) -> st.SearchStrategy[str]:
    # What is ordinary comes first, and most often.
    usual = list(attributes or [""])
    kinds = st.sampled_from([*usual, *usual, *SCOPES])
    return st.builds(lambda text, kind: f"<{name}{kind}>{text}</{name}>", texts, kinds)


def empty(name: str, *attributes: str) -> st.SearchStrategy[str]:
    return st.sampled_from([f"<{name}{kind}/>" for kind in attributes])


LINKS = [
    ' href="https://e.example/5"',
    ' rel="alternate" type="text/html" href="https://e.example/6"',
    ' rel="ALTERNATE" type="TEXT/HTML" href="https://e.example/7"',
    ' rel="alternate" type="application/json" href="https://e.example/8"',
    ' rel="enclosure" type="audio/mpeg" length="1" href="https://e.example/9.mp3"',
    ' rel="self" href="https://e.example/10"',
    ' rel="edit" href="relative"',
    ' url="https://e.example/11"',
    "",
]
#: Names that mean nothing to anybody, something to the library, or what it takes for something else.
STRANGERS = st.sampled_from(
    [
        "comments", "thumbnail", "date", "guid", "id", "url", "body", "abstract", "language", "image", "source",
        "title", "issued", "modified", "created", "tagline", "wfw:commentRss", "slash:comments", "media:title",
        "media:description", "media:group", "dc:title", "dc:language", "dc:source", "dc:description",
        "dcterms:issued", "dcterms:modified", "itunes:summary", "itunes:subtitle", "itunes:title", "own:title",
        "own:date", "own:link", "content:encoded", "content:item", "title:detail", "summary:detail",
        "xhtml:body", "atom:link", "atom:title", "atom:updated", "feedburner:origLink", "link:x",
        "media:keywords", "source:url", "geo:lat", "georss:point",
    ]
)  # fmt: skip
OTHERS = st.one_of(
    element("category", TEXTS, "", ' domain="d"', ' term="t"'),
    element("author", TEXTS),
    element("author", st.just("<name>N</name><uri>u</uri><email>e@e.example</email>")),
    element("author", st.just("<name>N</name><title>of a person</title>")),
    element("dc:creator", TEXTS),
    element("dc:subject", TEXTS),
    empty("enclosure", ' url="https://e.example/a.mp3" length="1" type="audio/mpeg"'),
    empty("media:content", ' url="https://e.example/a.jpg"', ' url="a.jpg" xml:lang="fr"'),
    element("media:content", st.just("<media:title>inside</media:title>")),
    element("media:thumbnail", TEXTS, ' url="a.jpg"', ""),
    STRANGERS.flatmap(lambda name: element(name, st.one_of(TEXTS, ADDRESSES, DATES), "", ' a="b"', ' url="c"')),
)
ITEM = st.one_of(
    element("title", TEXTS, "", ' type="html"'),
    element("link", ADDRESSES),
    empty("link", *LINKS),
    element("guid", ADDRESSES, "", ' isPermaLink="false"', ' isPermaLink="true"', ' ispermalink="false"'),
    element("pubDate", DATES),
    element("dc:date", DATES),
    element("description", TEXTS, "", ' type="xhtml"'),
    element("content:encoded", TEXTS),
    element("source", TEXTS, ' url="https://s.example/"', ""),
    element("feedburner:origLink", ADDRESSES),
    OTHERS,
)
ENTRY = st.one_of(
    element("title", TEXTS, *TYPES),
    empty("link", *LINKS),
    element("link", ADDRESSES),
    element("id", ADDRESSES),
    element("published", DATES),
    element("updated", DATES),
    element("summary", TEXTS, *TYPES),
    element("content", TEXTS, *TYPES, ' src="https://e.example/c"'),
    OTHERS,
)
SOUND = st.sampled_from(["https://e.example/1", "https://e.example/مقال?a=1&amp;b=2", "http://e.example:80"])


def tidy(*parts: tuple[str, st.SearchStrategy[str]]) -> st.SearchStrategy[str]:
    """Each at most once, in any order, and nothing odd but what it says."""
    return st.lists(st.sampled_from(parts), unique_by=lambda part: part[0], max_size=7).flatmap(
        lambda chosen: st.tuples(*(text.map(part.format) for part, text in chosen)).map("".join)
    )


TIDY_ITEM = tidy(
    ("<title>{}</title>", TEXTS),
    ("<link>{}</link>", SOUND),
    ("<guid>{}</guid>", SOUND),
    ("<pubDate>{}</pubDate>", DATES),
    ("<dc:date>{}</dc:date>", DATES),
    ("<description>{}</description>", TEXTS),
    ("<content:encoded>{}</content:encoded>", TEXTS),
    ('<source url="https://s.example/">{}</source>', TEXTS),
    ("<own:thing>{}</own:thing>", TEXTS),
)
TIDY_ENTRY = tidy(
    ("<title>{}</title>", TEXTS),
    ('<link href="{}"/>', SOUND),
    ("<id>{}</id>", SOUND),
    ("<published>{}</published>", DATES),
    ("<updated>{}</updated>", DATES),
    ("<summary>{}</summary>", TEXTS),
    ('<content type="html">{}</content>', TEXTS),
    ("<own:thing>{}</own:thing>", TEXTS),
)
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "georss": "http://www.georss.org/georss",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "link": "urn:link",
    "media": "http://search.yahoo.com/mrss/",
    "own": "https://own.example/ns",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "source": "urn:source",
    "summary": "urn:summary",
    "title": "urn:title",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
#: Other names for what all others call otherwise, now and then.
NO_NAMES: dict[str, str] = {}
RENAMED = st.one_of(
    st.just(NO_NAMES),
    st.just(NO_NAMES),
    st.dictionaries(st.sampled_from(sorted(NAMESPACES)), st.sampled_from(sorted(NAMESPACES.values())), max_size=2),
)


def declared(renamed: dict[str, str]) -> str:
    return "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in (NAMESPACES | renamed).items())


#: What a feed says of itself, and where it may say something else than is asked.
PICTURES = ["<title>I</title>", "<url>u</url>", "<link>l</link>", "<width>1</width>", "<foo>x</foo>", "<name>n</name>"]
HEADS = st.one_of(
    element("title", TEXTS, "", ' type="html"', ' type="xhtml"'),
    element("title", TEXTS),
    element("language", st.sampled_from(["fr", "", "ar-MA", "fr<b>x</b>"])),
    element("ttl", st.sampled_from(["60", " 15 ", "", "x"]), "", ' a="b"'),
    element("description", TEXTS, "", ' type="xhtml"'),
    st.lists(st.sampled_from(PICTURES), max_size=3).map(lambda parts: f"<image>{''.join(parts)}</image>"),
    element("image", st.sampled_from([*PICTURES, "", "u"]), ' href="u"'),
    element("textInput", st.sampled_from(PICTURES)),
    element("author", st.sampled_from(["N", "<name>N</name>", "<name>N</name><title>of a person</title>"])),
    st.sampled_from(
        [
            *(f"<{name}>x</{name}>" for name in (
                "link", "lastBuildDate", "pubDate", "generator", "docs", "managingEditor", "webMaster", "copyright",
                "subtitle", "tagline", "id", "updated", "logo", "icon", "rights", "category", "cloud", "skipHours",
                "info", "sy:updatePeriod", "itunes:owner", "itunes:title", "dc:title", "dc:language", "atom:title",
                "atom:ttl", "own:ttl", "media:title", "content", "summary", "source", "dc:date", "ITEM", "TITLE",
            )),
            '<atom:link rel="self" href="https://e.example/feed"/>',
            '<link rel="self" href="https://e.example/feed"/>',
            '<cloud domain="d" port="80"/>',
            '<category term="t"/>',
            '<language xml:lang="es">fr</language>',
            "<source><title>S</title></source>",
            "<foo><title>in another</title></foo>",
        ]
    ),
)  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> str:
    is_rss = draw(st.booleans())
    before, behind = ("".join(draw(st.lists(HEADS, max_size=most))) for most in (4, 2))
    # Whether the library takes a title behind entries for the feed's depends on theirs, and those may be cut out.
    assume("<title" not in behind)
    name, tidy_, odd = ("item", TIDY_ITEM, ITEM) if is_rss else ("entry", TIDY_ENTRY, ENTRY)
    entry = st.one_of(tidy_, st.lists(odd, max_size=7).map("".join))
    root = draw(st.sampled_from([*[""] * 12, *SCOPES])) + declared(draw(RENAMED))
    own = st.sampled_from([*[""] * 12, *SCOPES, ' rdf-about="x"', ' href="https://e.example/h"'])
    entries = "".join(f"<{name}{draw(own)}>{draw(entry)}</{name}>" for _ in range(draw(st.integers(1, 3))))
    if is_rss:
        return f'<rss version="2.0"{root}><channel>{before}{entries}{behind}</channel></rss>'
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{root}>{before}{entries}{behind}</feed>'


@settings(max_examples=400, deadline=None)
@given(documents())
@example('<rss version="2.0"><channel><item><title>a</title><date>2026-11-02</date></item></channel></rss>')
@example('<rss version="2.0"><channel><item><title>a</title></item><title>T</title></channel></rss>')
def test_what_is_read_from_the_tree_is_what_the_library_reads(text: str) -> None:
    # Told by a flag, since documents are long.
    is_equal = read(text) == by_the_library(text)
    assert is_equal


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.xml")))
def test_a_feed_reads_as_the_library_reads_it(name: str) -> None:
    text = (DATA / name).read_text(encoding="utf-8", errors="replace")

    assert read(text) == by_the_library(text)


def rss(*entries: str, root: str = "") -> str:
    items = "".join(f"<item>{entry}</item>" for entry in entries)
    return f'<rss version="2.0"{root or declared({})}><channel><title>T</title>{items}</channel></rss>'


def atom(*entries: str, root: str = "") -> str:
    items = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{root}><title>T</title>{items}</feed>'


USUAL = (
    "<title>A &amp;amp; b</title><link>https://e.example/1</link><guid>https://e.example/1</guid>"
    "<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate><dc:creator>The desk</dc:creator><category>x</category>"
    "<description>&lt;p&gt;Été&lt;/p&gt;</description><content:encoded><![CDATA[<p>奠基</p>]]></content:encoded>"
    '<enclosure url="https://e.example/1.mp3"/><media:content url="https://e.example/1.jpg"/>'
    "<slash:comments>3</slash:comments><own:thing>4</own:thing><comments>https://e.example/1#comments</comments>"
)
USUAL_ATOM = (
    '<id>tag:e.example,2026:1</id><title type="html">A</title><link rel="alternate" href="https://e.example/1"/>'
    "<updated>2026-11-02T10:00:00Z</updated><author><name>N</name></author><category term='x'/>"
    '<summary>S</summary><content type="html">&lt;p&gt;C&lt;/p&gt;</content>'
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param(rss(USUAL, "<title>One</title><title>Two</title>", USUAL), 1, id="two titles"),
        pytest.param(rss("<title>A</title><link>/relative</link>"), 1, id="a relative link"),
        pytest.param(rss("<title>caf\u00c3\u00a9</title>"), 1, id="letters that were taken for others"),
        pytest.param(rss("<title>A</title><date>2026-11-02</date>"), 1, id="what the library takes for a date"),
        pytest.param(rss(USUAL, root=' xmlns:x="http://purl.org/dc/elements/1.1/"'), 1, id="a name of one's own"),
        pytest.param(rss(USUAL, '<title xmlns:y="urn:y">A</title>'), 2, id="names in the middle"),
        pytest.param(atom(USUAL_ATOM, root=' xml:base="https://b.example/"'), 1, id="another base"),
        pytest.param(atom('<title type="xhtml"><div>A</div></title>'), 1, id="markup that is not escaped"),
    ],
)
def test_what_is_odd_is_left_to_the_library(text: str, left: int) -> None:
    assert left_to_the_library(text) == left
    assert read(text) == by_the_library(text)
