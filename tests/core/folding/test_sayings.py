"""What is said of one stage in one sense, and what is left of it when an article is taken back."""

from collections.abc import Callable

import pytest

from monitor.core.folding.sayings import Expected, Reached
from monitor.core.folding.weighing import DEFAULT_POLICY, Statement, origin
from monitor.core.state import Source
from tests.core.folding.test_fold import claim, source

MAKERS: dict[str, Callable[[], Reached | Expected]] = {
    "reached": Reached,
    "expected": lambda: Expected(DEFAULT_POLICY, frozenset()),
}


def statement(state: str, said_in: Source, date: str) -> Statement:
    """The first one of its article."""
    order = said_in.published_at, said_in.article, 0
    return Statement(claim("construction", state, date), said_in, origin(said_in), order)


def three(state: str) -> list[Statement]:
    """By articles a, b and c, in this order."""
    dates = {"a": "2023-03", "b": "2022", "c": "2024"}
    return [statement(state, source(name, day=day), date) for day, (name, date) in enumerate(dates.items())]


@pytest.mark.parametrize("state", MAKERS)
def test_an_article_that_is_taken_back_leaves_nothing(state: str) -> None:
    heard, without = MAKERS[state](), MAKERS[state]()
    first, second, third = three(state)
    heard.hear([first, second, third])
    without.hear([first, third])

    heard.forget({"b"})

    assert heard.said == without.said
    assert heard.evidence == without.evidence
    assert heard.articles == without.articles
    assert heard.dates.believed() == without.dates.believed()
