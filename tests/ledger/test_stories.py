"""The ledger finds stories as the core does, and tells what it decides on with the stories as they are then."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from monitor.core.model import Reading
from monitor.core.state import Report
from monitor.core.stories import Stories, sketch
from monitor.ledger.engine import writing
from monitor.ledger.store import SQLLedger
from monitor.ledger.stories import Joining, join
from monitor.ports import Decision, ReadArticle
from tests.builders import NOW, make_article, make_claim, make_poll
from tests.ledger.decisions import nothing
from tests.ledger.emptying import empty

FIRST = (
    "At a ceremony at which two ministers spoke, the group has laid the first stone of its cathode plant in Tangier on "
    "Monday, a plant of three billion dirhams."
)
SECOND = (
    "As for the first line, production is expected to begin in September 2026, the minister told reporters "
    "after he had met its chairman."
)
BOTH = f"{FIRST} {SECOND}"


def telling(key: str, text: str, *, day: int = 0, projects: Sequence[str] = ("plant",)) -> ReadArticle:
    claims = tuple(make_claim(project=project) for project in projects)
    item = make_article(key, day=day, reading=Reading(language="en", projects=tuple(projects), claims=claims, facts=()))
    return replace(item, article=replace(item.article, title="", text=text))


ITEMS = [
    telling("b", FIRST),
    telling("a", FIRST, projects=["plant", "other"]),
    telling("second", SECOND, day=2),
    telling("both", BOTH, day=3),
    telling("aside", f"(MAP) {FIRST}", day=-3, projects=["other"]),
    telling("later", FIRST, day=30),
]


def stories(ledger: SQLLedger) -> dict[str, str]:
    return {item.article.key: item.source.story for item in ledger.articles()}


def test_copies_are_one_story_known_by_the_earliest(engine: Engine) -> None:
    ledger = SQLLedger(engine)

    for item in ITEMS:
        ledger.record(make_poll(item), nothing)

    assert stories(ledger) == {**dict.fromkeys(("b", "a", "second", "both", "aside"), "aside"), "later": "later"}


def test_the_decision_knows_the_stories_as_the_new_article_makes_them(engine: Engine) -> None:
    given_: list[tuple[list[str], list[str]]] = []

    def decide(before: Mapping[str, Sequence[Report]], fresh: Mapping[str, Sequence[Report]]) -> Decision:
        given_.append(([r.source.story for r in before["plant"]], [r.source.story for r in fresh["plant"]]))
        return Decision()

    ledger = SQLLedger(engine)
    for item in (ITEMS[2], ITEMS[0], ITEMS[3]):
        ledger.record(make_poll(item), decide)

    assert given_ == [([], ["second"]), (["second"], ["b"]), (["b", "b"], ["b"])]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.permutations(ITEMS), st.lists(st.integers(0, len(ITEMS)), max_size=3))
def test_the_ledger_and_the_core_find_the_same_stories_in_any_order(
    engine: Engine, order: list[ReadArticle], cuts: list[int]
) -> None:
    ledger, core = SQLLedger(engine), Stories()
    empty(engine)
    for start, end in pairwise(sorted({0, len(ITEMS), *cuts})):
        ledger.record(make_poll(*order[start:end]), nothing)
    for item in ITEMS:
        core.add(item.article, item.source, item.reading.projects)

    expected = {item.article.key: core.of(Report(source=item.source)).source.story for item in ITEMS}
    assert stories(ledger) == expected


@pytest.mark.parametrize("projects", [("plant", "plant"), ("plant", "other")], ids=["of one project", "across two"])
def test_copies_that_come_at_once_are_one_story(engine: Engine, projects: tuple[str, str]) -> None:
    ledger = SQLLedger(engine)
    ledger.record(make_poll(telling("z", FIRST, day=1, projects=["plant", "other"])), nothing)
    start = threading.Barrier(2)

    def write(key: str, project: str) -> None:
        start.wait()
        ledger.record(make_poll(telling(key, FIRST, projects=[project]), feed=f"https://example.org/{key}"), nothing)

    threads = [threading.Thread(target=write, args=item) for item in zip("ab", projects, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert stories(ledger) == dict.fromkeys("abz", "a")


def test_an_article_keeps_the_words_it_was_first_joined_by(engine: Engine) -> None:
    ledger = SQLLedger(engine)
    ledger.record(make_poll(telling("a", FIRST)), nothing)
    with writing(engine) as connection:
        again = Joining(article=1, published_at=NOW, sketch=sketch("", SECOND), projects=frozenset({"plant", "other"}))
        join(connection, [again])
    ledger.record(make_poll(telling("b", SECOND, day=1), telling("c", FIRST, day=1, projects=["other"])), nothing)

    assert stories(ledger) == {"a": "a", "b": "b", "c": "a"}


def test_a_cut_copy_is_heard_for_what_it_adds(engine: Engine) -> None:
    ledger = SQLLedger(engine)
    known = FIRST.removesuffix(", a plant of three billion dirhams.")
    whole, cut = telling("a", FIRST), telling("b", f"{known}. Work goes on.", day=1)
    claims = (make_claim(stage="construction", evidence=known), make_claim(stage="operating", evidence="Work goes on."))
    cut = replace(cut, reading=replace(cut.reading, claims=claims))

    ledger.record(make_poll(cut), nothing)
    [alone] = ledger.reports()["plant"]
    ledger.record(make_poll(whole), nothing)
    [_, copy] = ledger.reports()["plant"]

    assert [claim.stage for claim in alone.claims] == ["construction", "operating"]
    assert [claim.stage for claim in copy.claims] == ["operating"]
    assert ledger.articles()[0].reading.claims == claims
