"""The contract of ``ports.Ledger`` on what is known: what is kept is what the reports say, whatever has happened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from monitor.core.folding.fold import Folding, fold
from monitor.core.folding.listing import Listed
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Reading, State
from monitor.core.review import Review, Ruling
from monitor.core.state import Report
from monitor.ledger.store import SQLLedger
from monitor.ports import Decision, Folded, Ledger, ReadArticle, ReadFor
from tests.builders import NOW, make_article, make_claim, make_fact, make_poll
from tests.ledger.decisions import nothing
from tests.ledger.emptying import empty

PROJECTS = ("plant", "other", "third")
RULES = dict.fromkeys(PROJECTS, "rules")
OTHERS = dict.fromkeys(PROJECTS, "other rules")


def known(project: str, reports: Sequence[Report]) -> Listed:
    return Listed.of(fold(project, reports, INDUSTRIAL))


def folded(ledger: Ledger) -> dict[str, Listed]:
    reports = ledger.reports()
    return {project: known(project, reports.get(project, ())) for project in PROJECTS}


def keeping(before: Mapping[str, Sequence[Report]], fresh: Mapping[str, Sequence[Report]]) -> Decision:
    """Nothing follows but what is known now: what was known before, and the fresh reports one after the other."""
    told = dict[str, Folded]()
    for project in fresh:
        folding = Folding(project, INDUSTRIAL)
        folding.hear(before.get(project, ()))
        for report in fresh[project]:
            folding.hear([report])
        told[project] = Folded("rules", Listed.of(folding.state()))
    return Decision(folded=told)


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return SQLLedger(engine)


def test_what_is_kept_comes_back_as_it_was_folded(ledger: Ledger) -> None:
    claims = (
        make_claim(phase="first"),
        make_claim(stage="operating", state=State.EXPECTED),
        make_claim(project="other"),
    )
    reading = Reading(language="en", projects=PROJECTS, claims=claims, facts=(make_fact(), make_fact(value=2e9)))
    ledger.record(make_poll(make_article(reading=reading)), nothing)

    kept = [ledger.keep_states(RULES, known, limit=2) for _ in range(3)]

    assert kept == [2, 1, 0]
    assert ledger.listed(RULES) == folded(ledger)
    assert ledger.states(RULES) == {project: each.brief for project, each in ledger.listed(RULES).items()}
    assert ledger.states(OTHERS) == {}
    assert set(ledger.states({"plant": "rules", "other": "other rules", "unheard of": "rules"})) == {"plant"}


def test_a_state_that_has_not_changed_is_not_read_again(ledger: Ledger) -> None:
    ledger.record(make_poll(make_article("a1")), nothing)
    ledger.keep_states(RULES, known, limit=9)
    before = ledger.states(RULES)
    reading = Reading(language="en", projects=("plant",), claims=(make_claim(stage="operating"),), facts=())
    ledger.record(make_poll(make_article("a2", reading=reading)), nothing)
    ledger.keep_states(RULES, known, limit=9)
    after = ledger.states(RULES)

    assert [project for project in PROJECTS if before[project] is after[project]] == ["other", "third"]
    assert after == {project: each.brief for project, each in folded(ledger).items()}


def test_what_was_folded_by_other_rules_is_folded_again(ledger: Ledger) -> None:
    ledger.keep_states(RULES, known, limit=9)
    edited = {**RULES, "plant": "other rules"}

    assert ledger.keep_states(edited, known, limit=9) == 1
    assert set(ledger.states(RULES)) == {"other", "third"}
    assert set(ledger.states(edited)) == set(PROJECTS)


def test_an_article_makes_void_what_was_kept_of_its_projects_alone(ledger: Ledger) -> None:
    ledger.keep_states(RULES, known, limit=9)
    ledger.record(make_poll(make_article()), nothing)

    assert set(ledger.states(RULES)) == {"other", "third"}


def test_a_copy_makes_void_what_was_kept_of_all_projects_that_its_story_concerns(ledger: Ledger) -> None:
    """Its story may be another now, of which articles on other projects are too."""
    words = "The group has laid the first stone of its plant in Tangier on Monday, a plant of three billion dirhams."
    ledger.record(make_poll(telling("later", words, "plant", "other")), nothing)
    ledger.keep_states(RULES, known, limit=9)

    ledger.record(make_poll(telling("earlier", words, "plant", day=-1)), nothing)

    assert set(ledger.states(RULES)) == {"third"}


def test_what_a_poll_has_folded_anyway_is_kept(ledger: Ledger) -> None:
    ledger.record(make_poll(telling("a1", "Words.", "plant")), nothing)
    ledger.record(make_poll(telling("a2", "Other words.", "plant", "other", day=1)), keeping)

    assert set(ledger.states(RULES)) == {"plant", "other"}
    assert ledger.listed(RULES).items() <= folded(ledger).items()


def test_a_project_has_moved_since_it_was_read_of_or_decided_on(ledger: Ledger) -> None:
    ledger.record(make_poll(telling("a", "Words.", "plant"), telling("b", "Other words.", "other", day=1)), nothing)
    [report] = ledger.reports("plant", as_read=True)["plant"]
    review = Review(
        claim=report.claims[0], source=report.source, verdict=Ruling.REJECT, author="zoe", at=NOW + timedelta(days=2)
    )
    ledger.review([review], lambda before, after: Decision())

    moved = [ledger.moved_since(NOW + timedelta(days=days)) for days in (-1, 0, 1, 2)]
    assert moved == [{"plant", "other"}, {"plant", "other"}, {"plant"}, set()]


def telling(key: str, words: str, *projects: str, day: int = 0) -> ReadArticle:
    claims = tuple(make_claim(project=project) for project in projects)
    item = make_article(key, day=day, reading=Reading(language="en", projects=projects, claims=claims, facts=()))
    return replace(item, article=replace(item.article, title="", text=words))


# ---------------------------------------------------------------- promises

WORDS = [f"{' '.join(f'{letter}{number}' for number in range(40))}" for letter in "xy"]
Step = Callable[[Ledger, Random], object]


def _hear(ledger: Ledger, chance: Random) -> None:
    projects = chance.sample(PROJECTS, chance.randint(0, 3))
    item = telling(chance.choice("abcdef"), chance.choice(WORDS), *projects, day=chance.randint(-3, 0))
    stage = chance.choice(["announced", "agreed", "operating", "suspended"])
    claims = tuple(replace(claim, stage=stage) for claim in item.reading.claims)
    decide = chance.choice([nothing, keeping])
    ledger.record(make_poll(replace(item, reading=replace(item.reading, claims=claims))), decide)


def _correct(ledger: Ledger, chance: Random) -> None:
    projects = chance.sample(PROJECTS, chance.randint(0, 3))
    item = telling(chance.choice("abcdef"), chance.choice(WORDS), *projects)
    again = replace(item, source=replace(item.source, seen_at=NOW + timedelta(hours=chance.randint(0, 9))))
    ledger.reread([again], ReadFor.CORRECTION, chance.choice([nothing, keeping]))


def _decide(ledger: Ledger, chance: Random) -> None:
    told = [report for reports in ledger.reports(as_read=True).values() for report in reports]
    if told:
        report = chance.choice(told)
        verdict = chance.choice([Ruling.REJECT, Ruling.CONFIRM, Ruling.ASSIGN])
        instead = replace(report.claims[0], project="third") if verdict is Ruling.ASSIGN else None
        at = NOW + timedelta(days=chance.randint(1, 9))
        claim, source = report.claims[0], report.source
        review = Review(claim=claim, source=source, verdict=verdict, instead=instead, author="zoe", at=at)
        ledger.review([review], lambda before, after: Decision())


def _keep(ledger: Ledger, chance: Random) -> None:
    ledger.keep_states(RULES, known, limit=chance.randint(1, 3))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from([_hear, _hear, _correct, _decide, _keep]), max_size=12), st.integers())
def test_what_is_kept_is_what_the_reports_say(engine: Engine, steps: list[Step], seed: int) -> None:
    empty(engine)
    ledger, chance = SQLLedger(engine), Random(seed)

    for step in steps:
        step(ledger, chance)
        now = folded(ledger)
        assert ledger.listed(RULES).items() <= now.items()

    while ledger.keep_states(RULES, known, limit=2):
        pass
    assert ledger.listed(RULES) == folded(ledger)
    for hours in chance.sample(range(-96, 240), 3):
        then = NOW + timedelta(hours=hours)
        told, still = ledger.reports(as_of=then), set(PROJECTS) - ledger.moved_since(then)
        assert {p: known(p, told.get(p, ())) for p in still} == {p: ledger.listed(RULES)[p] for p in still}
