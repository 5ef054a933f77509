"""Core values with sensible fields; a test names only what it is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.core.message.briefing import Voice
from monitor.core.model import Article, Claim, Fact, FactKind, Feed, Project, Reading, State
from monitor.core.news import Change, ChangeType, Proof
from monitor.core.periods import Period
from monitor.core.state import Confidence, Source
from monitor.ports import EntryRecord, FeedRecord, Poll, ReadArticle
from monitor.wording.catalogues import catalogues
from monitor.wording.layouts import TemplateLayouts

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def make_feed(**more: Any) -> Feed:
    return replace(Feed(url="https://example.org/feed.xml", name="Example Daily"), **more)


def make_project(**more: Any) -> Project:
    return replace(Project(id="plant", name={"": "Plant"}, who=("BTR",), what=("cathode",)), **more)


def make_claim(**more: Any) -> Claim:
    claim = Claim(
        project="plant",
        stage="agreed",
        state=State.REACHED,
        date=Period.parse("2024-03-29"),
        confidence=0.95,
        evidence="The agreement was signed.",
    )
    return replace(claim, **more)


def make_fact(**more: Any) -> Fact:
    fact = Fact(project="plant", kind=FactKind.INVESTMENT, value=3e9, unit="MAD", evidence="3 billion dirhams.")
    return replace(fact, **more)


VOICE = Voice(catalogues=catalogues(), layouts=TemplateLayouts())


def make_change(**more: Any) -> Change:
    change = Change(
        id="c1",
        type=ChangeType.STATUS,
        project="plant",
        stage="agreed",
        from_="announced",
        to="agreed",
        at=NOW,
        effective=Period.parse("2024-03-29"),
        confidence=Confidence.REPORTED,
        sources=("https://example.org/1",),
        evidence=("The agreement was signed.",),
        proof=(
            Proof(
                sentence="The agreement was signed.",
                url="https://example.org/1",
                outlet="Example Daily",
                title="An agreement",
                published=NOW - timedelta(hours=1),
            ),
        ),
    )
    return replace(change, **more)


def make_article(key: str = "a1", *, day: int = 0, reading: Reading | None = None, **more: Any) -> ReadArticle:
    """An article that was published ``day`` days from now, with the source that it is; ``more`` goes to the source."""
    at = NOW + timedelta(days=day)
    article = Article(
        key=key,
        url=f"https://example.org/{key}",
        title=f"Title of {key}",
        text=f"Text of {key}.",
        published=Period.day(at.date()),
        language="en",
        outlet="Example Daily",
    )
    source = Source(
        article=key,
        url=article.url,
        outlet=article.outlet,
        trust=0.5,
        published_at=at,
        seen_at=at,
        story=key,
        title=article.title,
    )
    claims = (make_claim(),)
    default = Reading(language="en", projects=("plant",), claims=claims, facts=(make_fact(),))
    return ReadArticle(article=article, source=replace(source, **more), reading=reading or default)


def make_poll(*articles: ReadArticle, feed: str = "https://example.org/feed.xml", **more: Any) -> Poll:
    return Poll(
        feed=replace(FeedRecord(url=feed), **more),
        entries=tuple(EntryRecord(key=item.article.key) for item in articles),
        articles=articles,
    )
