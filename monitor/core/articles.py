"""From what is published to what is folded: entry → article → source → reports on projects."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from monitor.core.identity import article_key, canonical_url, host_of, is_service_link
from monitor.core.model import Article, Entry, Feed, Reading
from monitor.core.periods import Period
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
