"""From what is published to what is folded: entry → article → source → reports of projects."""

from collections.abc import Mapping
from datetime import datetime

from monitor.core.identity import article_key, canonical_url
from monitor.core.model import Article, Entry, Feed, Reading
from monitor.core.periods import Period
from monitor.core.state import Report, Source


def article_of(entry: Entry, feed: Feed, *, text: str, published: Period | None, language: str | None) -> Article:
    """The article that an entry of this feed is, with the text and the date that are known of it."""
    return Article(
        key=article_key(entry, feed=feed.url),
        url=canonical_url(entry.url) if entry.url else None,
        title=entry.title,
        text=text,
        published=published,
        language=language,
        outlet=entry.outlet or feed.name,
    )


def source_of(article: Article, *, trust: float, published_at: datetime, seen_at: datetime) -> Source:
    """The source that an article is; a story of its own until copies of it are known."""
    return Source(
        article=article.key,
        url=article.url,
        outlet=article.outlet,
        trust=trust,
        published_at=published_at,
        seen_at=seen_at,
        story=article.key,
    )


def reports_of(source: Source, reading: Reading) -> Mapping[str, Report]:
    """What one article says, by project; projects of which it says nothing are left out."""
    reports = {
        project: Report(
            source=source,
            claims=tuple(claim for claim in reading.claims if claim.project == project),
            facts=tuple(fact for fact in reading.facts if fact.project == project),
        )
        for project in reading.projects
    }
    return {project: report for project, report in reports.items() if report.claims or report.facts}
