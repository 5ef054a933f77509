"""Feed documents and pages of made-up outlets, put together from the labelled articles of the tests.

Entry ``n`` of feed ``i`` is always the same but for when it was published, so that nothing need be kept of it. Its
marker, ``F<i>E<n>Z``, stands in its address, and tells at the far end which one arrived.
"""

import html
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from operator import itemgetter

from benchmarks.articles import stories, synthetic, watched
from monitor.core.model import Project
from monitor.core.reading.projects.matching import Matcher
from monitor.core.reading.text.text import Text

LANGUAGES = ("fr", "en", "ar", "zh", "es")
#: Projects of companies that no entry names, beside those of the corpus.
SYNTHETIC_PROJECTS = 2_000
#: Different texts in a language that entries are made of.
_POOL = 200
_SENTENCE = re.compile(r"[^.!?。！？؟]+[.!?。！？؟]+\s*")
_LENGTHS = {"zh": (130, 500)}


@dataclass(frozen=True, slots=True)
class Piece:
    """The words of an entry."""

    title: str
    paragraphs: tuple[str, ...]

    @property
    def plain(self) -> str:
        return "\n".join(self.paragraphs)

    @property
    def markup(self) -> str:
        first, *rest = (html.escape(paragraph, quote=False) for paragraph in self.paragraphs)
        body = "\n".join(f"<p>{paragraph}</p>" for paragraph in rest)
        picture = '<figure><img src="/img/1.jpg" alt="" width="640" height="360"/></figure>'
        return f'{picture}\n<p><strong>{first[:20]}</strong>{first[20:]} <a href="/more?a=1&amp;b=2">…</a></p>\n{body}'


@cache
def others(language: str) -> Sequence[Piece]:
    """Texts of 400 to 1,500 characters that concern no project that is watched, not even at a glance."""
    matcher = Matcher([*watched(), *synthetic(SYNTHETIC_PROJECTS)])
    chance = random.Random(language)
    told = [story for story in stories("fresh/articles") if story["lang"] == language]
    sentences = [
        sentence.strip()
        for story in told
        for sentence in _SENTENCE.findall(story["text"])
        if not matcher.mentions(Text.of(sentence))
    ]
    titles = [story["title"] for story in told if not matcher.mentions(Text.of(story["title"]))]
    found: list[Piece] = []
    low, high = _LENGTHS.get(language, (400, 1500))
    while len(found) < _POOL:
        paragraphs, length = [], chance.randint(low, high)
        while sum(map(len, paragraphs)) < length:
            paragraphs.append(" ".join(chance.choices(sentences, k=3)))
        piece = Piece(chance.choice(titles), tuple(paragraphs))
        if not matcher.may_concern(Text.of(f"{piece.title}\n{piece.plain}")):
            found.append(piece)
    return found


@cache
def news(language: str) -> Sequence[Piece]:
    """News of the projects that are watched, as the press told it."""
    told = [*stories("data/articles-a"), *stories("data/articles-b")]
    return [
        Piece(story["title"], tuple(filter(None, story["text"].split("\n"))))
        for story in told
        if story["lang"] == language and story["text"].strip()
    ]


@cache
def namings(language: str) -> Sequence[tuple[Piece, Project]]:
    """News that names who builds a project, with the project that it names."""
    projects = {project.id: project for project in watched()}
    matcher = Matcher(watched())
    found = ((piece, matcher.may_concern(Text.of(f"{piece.title}\n{piece.plain}"))) for piece in news(language))
    return [(piece, projects[first]) for piece, (first, *_) in filter(itemgetter(1), found) if projects[first].who]


def renamed(piece: Piece, of: Project, other: Project) -> Piece:
    """The same told of another project, who, what and where at its head."""

    def said(text: str) -> str:
        for name in sorted(of.who, key=len, reverse=True):
            text = text.replace(name, other.who[0])
        return text

    head = f"{other.who[0]}, {other.what[0]}, {other.where[0]}"
    return Piece(said(piece.title), (head, *map(said, piece.paragraphs)))


@cache
def unheard() -> Sequence[Project]:
    """The synthetic projects."""
    return synthetic(SYNTHETIC_PROJECTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What outlets write."""

    #: Of the entries, how many are news of a project; and of those that come after the first so many.
    share: float
    later: float
    first: int
    #: Whether what comes later is told of projects of which nothing was told before, so that most of it makes a change.
    unheard: bool = False

    def piece(self, feed: int, entry: int) -> Piece:
        chance = random.Random(feed * 1_000_003 + entry)
        language = LANGUAGES[feed % len(LANGUAGES)]
        is_later = entry >= self.first
        if chance.random() >= (self.later if is_later else self.share):
            return chance.choice(others(language))
        if is_later and self.unheard:
            return renamed(*chance.choice(namings(language)), chance.choice(unheard()))
        return chance.choice(news(language))

    def document(self, feed: int, base: str, entries: Sequence[tuple[int, float]]) -> bytes:
        """The document of a feed; every third is Atom.

        Args:
            feed: its number.
            base: the address of its server.
            entries: their numbers and when they were published, the newest first.
        """
        shape = (_rss_short, _rss_full, _atom)[feed % 3]
        items = "".join(
            shape(f"{base}/article/F{feed}E{number}Z", self.piece(feed, number), datetime.fromtimestamp(at, UTC))
            for number, at in entries
        )
        language = LANGUAGES[feed % len(LANGUAGES)]
        if shape is _atom:
            return _ATOM.format(base=base, feed=feed, language=language, items=items).encode()
        return _RSS.format(base=base, feed=feed, language=language, items=items).encode()

    def page(self, marker: str) -> bytes:
        """The page of an entry: its words among what stands on every page of an outlet."""
        feed, entry = map(int, re.findall(r"\d+", marker))
        piece = self.piece(feed, entry)
        links = "".join(f'<li><a href="/section/{number}">Section {number}</a></li>' for number in range(20))
        return (
            f"<!doctype html><html><head><title>{html.escape(piece.title)}</title></head>"
            f"<body><nav><ul>{links}</ul></nav><article><h1>{html.escape(piece.title)}</h1>{piece.markup}</article><footer>{links}</footer></body></html>"
        ).encode()


_RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
  xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
  <channel>
    <title>Outlet {feed}</title>
    <link>{base}/{feed}/</link>
    <description>All that outlet {feed} writes</description>
    <language>{language}</language>
    <atom:link href="{base}/feed/{feed}.xml" rel="self" type="application/rss+xml"/>
{items}  </channel>
</rss>
"""
_ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">
  <id>{base}/feed/{feed}.xml</id>
  <title>Outlet {feed}</title>
  <link rel="self" type="application/atom+xml" href="{base}/feed/{feed}.xml"/>
  <updated>2026-11-01T00:00:00Z</updated>
{items}</feed>
"""


def _rss_short(link: str, piece: Piece, at: datetime) -> str:
    return f"""    <item>
      <title>{html.escape(piece.title, quote=False)}</title>
      <link>{link}</link>
      <guid isPermaLink="true">{link}</guid>
      <pubDate>{format_datetime(at, usegmt=True)}</pubDate>
      <category>Economy</category>
      <description><![CDATA[{piece.markup}]]></description>
    </item>
"""


def _rss_full(link: str, piece: Piece, at: datetime) -> str:
    summary = html.escape(f"<p>{html.escape(piece.plain[:260], quote=False)}</p>", quote=False)
    return f"""    <item>
      <title><![CDATA[{piece.title}]]></title>
      <link>{link}</link>
      <comments>{link}#comments</comments>
      <dc:creator>The desk</dc:creator>
      <pubDate>{format_datetime(at, usegmt=True)}</pubDate>
      <category><![CDATA[Economy]]></category>
      <guid isPermaLink="false">{link.rpartition("/")[2]}</guid>
      <description>{summary}</description>
      <content:encoded><![CDATA[{piece.markup}]]></content:encoded>
      <media:content url="https://example.org/img/1.jpg" medium="image" width="1200" height="675"/>
      <slash:comments>3</slash:comments>
    </item>
"""


def _atom(link: str, piece: Piece, at: datetime) -> str:
    return f"""  <entry>
    <id>tag:example.org,2026:{link.rpartition("/")[2]}</id>
    <title type="text">{html.escape(piece.title, quote=False)}</title>
    <link rel="alternate" type="text/html" href="{link}"/>
    <published>{at:%Y-%m-%dT%H:%M:%SZ}</published>
    <updated>{at:%Y-%m-%dT%H:%M:%SZ}</updated>
    <author><name>The desk</name></author>
    <summary type="text">{html.escape(piece.plain[:260], quote=False)}</summary>
    <content type="html">{html.escape(piece.markup, quote=False)}</content>
  </entry>
"""
