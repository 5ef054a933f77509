"""From an entry to what it says of each project."""

from datetime import datetime, timedelta

import pytest

from monitor.core.articles import (
    EARLIEST,
    LATEST_AHEAD,
    article_of,
    may_be_published,
    outlets_of,
    publisher_of,
    reports_of,
    source_of,
)
from monitor.core.model import Entry, Feed, Reading
from monitor.core.state import Report
from tests.builders import NOW, make_claim, make_fact, make_feed


def entry(url: str | None, outlet: str | None = None) -> Entry:
    return Entry(guid="1", url=url, title="T", text="summary", published_at=NOW, outlet=outlet)


def test_a_report_holds_what_is_said_of_one_project_and_nothing_makes_none() -> None:
    article = article_of(entry(None), make_feed(), text="", published=None, language=None)
    source = source_of(article, trust=0.5, published_at=NOW, seen_at=NOW)
    claim, fact = make_claim(), make_fact(project="other")
    reading = Reading(language="en", projects=("plant", "other", "idle"), claims=(claim,), facts=(fact,))

    assert reports_of(source, reading) == {
        "plant": Report(source=source, claims=(claim,)),
        "other": Report(source=source, facts=(fact,)),
    }


DAILY = Feed(url="https://www.daily.example/feed", name="The Daily", trust=0.5)
SEARCH = Feed(url="https://news.google.com/rss/search?q=x", name="Search", trust=0.3)


@pytest.mark.parametrize(
    ("outlet", "url", "site", "expected"),
    [
        pytest.param(None, "https://daily.example/a", None, ("Search", 0.3), id="the feed's own word"),
        pytest.param("Daily", "https://daily.example/a", None, ("The Daily", 0.5), id="known by its address"),
        pytest.param(
            "Daily", "https://news.google.com/x", "https://daily.example", ("The Daily", 0.5), id="by its site"
        ),
        pytest.param("Weekly", "https://weekly.example/a", None, ("Weekly", 0.3), id="not known"),
    ],
)
def test_an_article_is_its_publishers_word(
    outlet: str | None, url: str, site: str | None, expected: tuple[str, float]
) -> None:
    entry = Entry(guid=None, url=url, title="T", text="", published_at=None, outlet=outlet, site=site)

    assert publisher_of(entry, SEARCH, outlets_of([DAILY, SEARCH])) == expected


def test_of_an_outlets_feeds_the_least_trusted_counts_and_searches_are_none() -> None:
    opinion = Feed(url="https://daily.example/opinion", name="Opinion", trust=0.2)

    assert outlets_of([DAILY, opinion, DAILY, SEARCH, Feed(url="file:a.xml", name="A")]) == {"daily.example": opinion}


@pytest.mark.parametrize(
    ("at", "may_be"),
    [
        (NOW, True),
        (EARLIEST, True),
        (EARLIEST - timedelta(seconds=1), False),
        (NOW + LATEST_AHEAD, True),
        (NOW + LATEST_AHEAD + timedelta(seconds=1), False),
    ],
)
def test_no_article_is_older_than_any_feed_or_many_years_ahead(at: datetime, *, may_be: bool) -> None:
    assert may_be_published(at, NOW) is may_be
