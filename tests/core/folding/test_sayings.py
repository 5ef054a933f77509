"""What is said of one stage in one sense, and what is left of it when an article is taken back."""

from collections.abc import Callable
from itertools import permutations

import pytest

from monitor.core.folding.sayings import Expected, Reached, Sayings
from monitor.core.folding.statement import Statement
from monitor.core.folding.weighing import DEFAULT_POLICY, origin
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


def test_of_what_was_taken_back_nothing_has_happened_first() -> None:
    heard = Reached()
    first, second, third = three("reached")
    heard.hear([first, second, third])
    assert heard.first == second

    heard.forget({"b"})
    assert heard.first == first


def test_to_take_back_what_was_never_said_changes_nothing() -> None:
    heard = Reached()
    heard.hear(three("reached")[:1])
    before = heard.version

    heard.forget({"b"})

    assert heard.version == before
    assert heard.said == three("reached")[:1]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_comes_late_stands_where_it_was_published(order: tuple[int, ...]) -> None:
    told, heard = three("reached"), Sayings[Statement]()
    for place in order:
        heard.hear([told[place]])
        assert len(heard.evidence) == len(heard.said)

    assert heard.said == told
    assert heard.evidence == tuple(each.evidence for each in told)
