"""From an entry to what it says of each project."""

from monitor.core.articles import article_of, reports_of, source_of
from monitor.core.model import Entry, Reading
from monitor.core.periods import Period
from monitor.core.state import Report
from tests.builders import NOW, make_claim, make_fact, make_feed


def entry(url: str | None, outlet: str | None = None) -> Entry:
    return Entry(guid="1", url=url, title="T", text="summary", published_at=NOW, outlet=outlet)


def test_an_article_is_its_entry_with_its_canonical_address_and_its_full_text() -> None:
    feed, day = make_feed(), Period.day(NOW.date())
    article = article_of(entry("HTTPS://Example.org/a?utm_source=x"), feed, text="all", published=day, language="en")

    assert (article.url, article.text, article.outlet) == ("https://example.org/a", "all", feed.name)
    assert article_of(entry(None, "Daily"), feed, text="", published=None, language=None).outlet == "Daily"


def test_a_source_is_a_story_of_its_own() -> None:
    article = article_of(entry(None), make_feed(), text="", published=None, language=None)
    source = source_of(article, trust=0.3, published_at=NOW, seen_at=NOW)

    assert source.article == source.story == article.key
    assert (source.url, source.trust) == (None, 0.3)


def test_a_report_holds_what_is_said_of_one_project_and_nothing_makes_none() -> None:
    article = article_of(entry(None), make_feed(), text="", published=None, language=None)
    source = source_of(article, trust=0.5, published_at=NOW, seen_at=NOW)
    claim, fact = make_claim(), make_fact(project="other")
    reading = Reading(language="en", projects=("plant", "other", "idle"), claims=(claim,), facts=(fact,))

    assert reports_of(source, reading) == {
        "plant": Report(source=source, claims=(claim,)),
        "other": Report(source=source, facts=(fact,)),
    }
