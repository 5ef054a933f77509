"""What is slow the first time is done before it is needed."""

import gc
from collections.abc import Iterator

import pytest

from monitor.core.model import Reading
from monitor.feeds.page import PageText
from monitor.settings.lexicons import load_lexicons
from monitor.warming import steps


@pytest.fixture(autouse=True)
def nothing_apart() -> Iterator[None]:
    """Other tests are to find their garbage."""
    yield
    gc.unfreeze()


def test_a_page_and_an_article_in_every_language_are_read() -> None:
    taken = [step() for step in steps(dict(load_lexicons()))]

    readings = [each for each in taken if isinstance(each, Reading)]
    assert sorted(str(reading.language) for reading in readings) == ["ar", "en", "es", "fr", "zh"]
    assert all(reading.projects == ("none",) for reading in readings)
    assert [each.title for each in taken if isinstance(each, PageText)] == ["Words"]


def test_what_lasts_is_not_looked_through_for_garbage_again() -> None:
    lexicons = dict(load_lexicons())
    for step in steps(lexicons):
        step()

    assert gc.get_freeze_count() > 0
    assert not any(lexicon is each for each in gc.get_objects() for lexicon in lexicons.values())
