"""From what is published to what is folded: entry → article → source → reports on projects."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from monitor.core.identity import article_key, canonical_url, host_of, is_service_link
from monitor.core.model import Article, Entry, Feed, Reading
from monitor.core.periods import Period
from monitor.core.plain import single_spaced
from monitor.core.state import Report, Source

#: Older than any feed. Software uses such dates to mean "no date".
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
#: No publisher misdates an article this far ahead. Such a value is not a date.
LATEST_AHEAD = timedelta(days=3653)


def may_be_published(at: datetime, now: datetime) -> bool:
    """Whether an article can have this date. The one rule for feeds, pages, and files that are read or imported."""
    return at >= EARLIEST and at - now <= LATEST_AHEAD


def publisher_of(entry: Entry, feed: Feed, outlets: Mapping[str, Feed]) -> tuple[str, float]:
    """The outlet that publishes an entry, and the trust in it.

    The publisher is the feed, unless the entry names another outlet (a feed that carries the articles of many
    publishers). If that outlet has a feed of its own here, its name and trust are used, so that it is the same
    publisher by whichever feed an article comes. Any other outlet gets the trust of the feed that brought the entry.

    Args:
        entry: the entry, with the address of its publisher if known.
        feed: the feed that brought it.
        outlets: the feeds of this configuration, by host.
    """
    if entry.outlet is None:
        return feed.name, feed.trust
    own = next((outlets[host] for url in (entry.url, entry.site) if (host := host_of(url)) in outlets), None)
    return (own.name, own.trust) if own is not None else (entry.outlet, feed.trust)


def outlets_of(feeds: Iterable[Feed]) -> Mapping[str, Feed]:
    """The feeds by host. The first of the least trusted ones counts for each host. Search feeds belong to no outlet."""
    found: dict[str, Feed] = {}
    for feed in feeds:
        host = host_of(feed.url)
        if host and not is_service_link(feed.url) and (host not in found or feed.trust < found[host].trust):
            found[host] = feed
    return found


def article_of(
    entry: Entry, feed: Feed, *, text: str, published: Period | None, language: str | None, outlet: str | None = None
) -> Article:
    """The article of an entry of this feed, with the known text and date."""
    return Article(
        key=article_key(entry, feed=feed.url),
        url=canonical_url(entry.url) if entry.url else None,
        title=entry.title,
        text=text,
        published=published,
        language=language,
        outlet=outlet or entry.outlet or feed.name,
    )


def source_of(article: Article, *, trust: float, published_at: datetime, seen_at: datetime) -> Source:
    """The source for an article. It is a story of its own until copies of it are known."""
    return Source(
        article=article.key,
        url=article.url,
        outlet=article.outlet,
        trust=trust,
        published_at=published_at,
        seen_at=seen_at,
        story=article.key,
        language=article.language,
        title=article.title,
    )


def reports_of(source: Source, reading: Reading) -> Mapping[str, Report]:
    """What one article says, by project. Projects without a claim or fact are left out."""
    reports = {
        project: Report(
            source=source,
            claims=tuple(claim for claim in reading.claims if claim.project == project),
            facts=tuple(fact for fact in reading.facts if fact.project == project),
        )
        for project in reading.projects
    }
    return {project: report for project, report in reports.items() if report.claims or report.facts}


# Edits that publishers make to published entries: which of them are worth another look --------------------------------


#: The most looks at one entry. An entry that changes at every poll is not fetched for ever.
MAX_LOOKS = 5
#: The digest of an entry whose page could not be fetched. No entry has this digest, so it is looked at again.
UNREAD = "unread"

# Reader counters, which carry no news, with the number on either side: "12 comments", "Vues : 3", "评论(4)".
_READERS = (
    "comments?|commentaires?|comentarios?|条?评论|條?評論|تعليقات|تعليق|views|vues|vistas|阅读|閱讀|مشاهدات|مشاهدة"
)
# A number matches possessively, whatever follows it, so that the search does not restart at each of its digits.
_COUNTER = re.compile(
    rf"(?P<number>\d[\d.,]*+)(?:\s?(?P<readers>{_READERS})(?![^\W\d_]))?"
    rf"|(?<![^\W\d_])(?:{_READERS})\s?[:：(（]\s?\d[\d.,]*+",
    re.IGNORECASE,
)
# Every counter contains one of these. Few texts do, and searching for them first is faster.
_TRACES = ("comment", "comentario", "view", "vue", "vista", "阅读", "閱讀", "评论", "評論", "تعليق", "مشاهد")
# Letters that a case-insensitive pattern matches as "i", but case folding does not.
_OTHER_I = "ıİ"


def entry_digest(entry: Entry) -> str:
    """64 bits over the text and the address of an entry, without white space, tracking parameters and counters."""
    said = _plain(entry.title), _plain(entry.text), canonical_url(entry.url) if entry.url else ""
    return sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def says_the_same(one: Article, other: Article) -> bool:
    """Whether two editions of an article have the same title and text, apart from white space and counters."""
    return _plain(one.title) == _plain(other.title) and _plain(one.text) == _plain(other.text)


def is_emptied(before: Article, after: Article) -> bool:
    """Whether a publisher has withdrawn an article by removing its text."""
    return bool(before.text.strip()) and not after.text.strip()


def _plain(text: str) -> str:
    return single_spaced(_COUNTER.sub(_uncounted, text) if _may_count(text) else text)


def _uncounted(found: re.Match[str]) -> str:
    is_mere_number = found["number"] and not found["readers"]
    return found[0] if is_mere_number else " "


def _may_count(text: str) -> bool:
    folded = text.casefold()
    return any(trace in folded for trace in _TRACES) or any(letter in text for letter in _OTHER_I)
