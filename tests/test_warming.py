"""What is slow the first time is done before it is needed."""

from monitor.core.model import Reading
from monitor.feeds.page import PageText
from monitor.settings.lexicons import load_lexicons
from monitor.warming import steps


def test_a_page_and_an_article_in_every_language_are_read() -> None:
    taken = [step() for step in steps(dict(load_lexicons()))]

    readings = [each for each in taken if isinstance(each, Reading)]
    assert sorted(str(reading.language) for reading in readings) == ["ar", "en", "es", "fr", "zh"]
    assert all(reading.projects == ("none",) for reading in readings)
    assert [each.title for each in taken if isinstance(each, PageText)] == ["Words"]
