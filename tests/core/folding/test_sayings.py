"""What is said of one stage in one sense, and what is left of it when an article is taken back."""

import pytest

from monitor.core.folding.sayings import Sayings
from monitor.core.folding.statement import Statement
from monitor.core.folding.weighing import DEFAULT_POLICY, origins
from monitor.core.model import State
from monitor.core.state import Source
from tests.core.folding.test_fold import claim, source


def statements(state: str, *said: tuple[Source, str]) -> dict[str, list[Statement]]:
    """By article, a date each."""
    whose = origins(each for each, _ in said)
    return {
        each.article: [Statement(claim("construction", state, date), each, whose[each.story], 0)] for each, date in said
    }


@pytest.mark.parametrize("state", ["reached", "expected"])
def test_an_article_that_is_taken_back_leaves_nothing(state: str) -> None:
    told = statements(state, (source("a"), "2026-03"), (source("b", day=1), "2025"), (source("c", day=2), "2027"))
    heard, without = (Sayings(State(state), DEFAULT_POLICY) for _ in range(2))
    for article in ("a", "b", "c"):
        heard.hear(told[article])
    for article in ("a", "c"):
        without.hear(told[article])

    heard.forget("b")

    assert list(heard.statements) == list(without.statements)
    assert heard.articles == without.articles
    assert heard.first == without.first


def test_to_take_back_what_was_never_said_changes_nothing() -> None:
    told = statements("reached", (source("a"), "2026-03"))
    heard = Sayings(State.REACHED, DEFAULT_POLICY)
    heard.hear(told["a"])
    before = heard.version

    heard.forget("b")

    assert heard.version == before
    assert list(heard.statements) == told["a"]
