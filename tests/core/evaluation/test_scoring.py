"""Readings beside labels: what counts as right, as invented and as missed, and what as neither."""

from collections.abc import Iterable

import pytest

from monitor.core.evaluation.scoring import (
    By,
    Evaluation,
    Label,
    LabelledClaim,
    LabelledFact,
    ReadingMistake,
    Subject,
    evaluate,
)
from monitor.core.model import Claim, FactKind, Reading, State
from monitor.core.periods import Period
from tests.builders import make_claim, make_fact


def want(what: str) -> LabelledClaim:
    """``plant agreed reached 2024-03``"""
    project, stage, state, *date = what.split()
    return LabelledClaim(project=project, stage=stage, state=State(state), date=Period.parse(date[0]) if date else None)


def read(what: str, confidence: float = 0.9) -> Claim:
    claim = want(what)
    return make_claim(
        project=claim.project,
        stage=claim.stage,
        state=claim.state,
        date=claim.date,
        confidence=confidence,
        evidence=f"It says {what}.",
    )


def score(
    labelled: Iterable[str] = (), found: Iterable[str] = (), *, skip: Iterable[str] = (), language: str = "fr"
) -> Evaluation:
    label = Label(article="a", language=language, claims=tuple(map(want, labelled)))
    reading = Reading(language=language, projects=(), claims=tuple(map(read, found)), facts=())
    return evaluate([(label, reading)], skip=frozenset(skip))


def score_facts(
    labelled: Iterable[tuple[float, str]], found: Iterable[tuple[float, str]], kind: FactKind = FactKind.CAPACITY
) -> Evaluation:
    facts = tuple(LabelledFact(project="plant", kind=kind, value=value, unit=unit) for value, unit in labelled)
    said = tuple(make_fact(kind=kind, value=value, unit=unit) for value, unit in found)
    label = Label(article="a", language="fr", facts=facts)
    return evaluate([(label, Reading(language="fr", projects=(), claims=(), facts=said))])


def counted(evaluation: Evaluation, subject: Subject, by: By = By.ALL, name: str = "") -> tuple[int, int, int]:
    count = evaluation.count(subject, by, name)
    return count.right, count.wrong, count.missed


# ---------------------------------------------------------------- relevance


def test_projects_are_right_invented_or_missed() -> None:
    label = Label(article="a", language="fr", relevant=frozenset({"one", "two", "sum"}))
    reading = Reading(language="fr", projects=("one", "three"), claims=(read("three agreed reached"),), facts=())

    found = evaluate([(label, reading)], skip=frozenset({"sum"}))

    assert counted(found, Subject.RELEVANCE) == (1, 1, 1)
    assert counted(found, Subject.RELEVANCE, By.LANGUAGE, "fr") == (1, 1, 1)
    assert [m for m in found.mistakes if m.subject is Subject.RELEVANCE] == [
        ReadingMistake(
            article="a",
            subject=Subject.RELEVANCE,
            is_invented=True,
            what="three",
            sentence="It says three agreed reached.",
        ),
        ReadingMistake(article="a", subject=Subject.RELEVANCE, is_invented=False, what="two"),
    ]


# ---------------------------------------------------------------- claims


def test_an_invention_is_told_with_its_sentence_and_a_miss_with_what_was_read_instead() -> None:
    found = score(["plant agreed expected"], ["plant agreed reached"])

    assert found.mistakes == (
        ReadingMistake(
            article="a",
            subject=Subject.CLAIMS,
            is_invented=False,
            what="plant agreed expected",
            instead="reached",
            sentence="It says plant agreed reached.",
        ),
        ReadingMistake(
            article="a",
            subject=Subject.CLAIMS,
            is_invented=True,
            what="plant agreed reached",
            sentence="It says plant agreed reached.",
            confidence=0.9,
        ),
    )


def test_a_plan_is_neither_right_nor_wrong_where_more_is_known_as_reached() -> None:
    further = score(["plant agreed reached", "plant announced reached 2024"], ["plant announced reached 2024"])
    expected = score(["plant agreed expected", "plant announced reached"], ["plant announced reached"])
    other = score(["plant agreed reached", "other announced reached"], ["plant agreed reached"])

    assert counted(further, Subject.CLAIMS) == (0, 0, 1)
    assert counted(further, Subject.DATES) == (0, 0, 0)
    assert counted(expected, Subject.CLAIMS) == (1, 0, 1)
    assert counted(other, Subject.CLAIMS) == (1, 0, 1)


def test_what_goes_beyond_plans_is_counted_by_itself_and_told_once() -> None:
    found = score(["plant announced reached", "plant agreed expected"])

    assert counted(found, Subject.CLAIMS) == (0, 0, 2)
    assert counted(found, Subject.BEYOND) == (0, 0, 1)
    assert counted(found, Subject.BEYOND, By.LANGUAGE, "fr") == (0, 0, 1)
    assert len(found.mistakes) == 2


def test_a_skipped_project_is_neither_right_nor_wrong() -> None:
    found = score(["sum agreed reached 2024"], ["sum agreed reached 2025", "sum closed denied"], skip=["sum"])

    assert found.counts == ()
    assert found.bands == ()


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("labelled", "found"),
    [
        ("2026", "2026-09"),
        ("2026-Q3", "2026-09-15"),
        ("2026-09-01", "2026-09-30"),
        ("2026-09-01", "2026"),
        ("2026-09-01", "2026-H2"),
    ],
)
def test_dates_agree_when_they_may_mean_the_same_month(labelled: str, found: str) -> None:
    result = score([f"plant operating expected {labelled}"], [f"plant operating expected {found}"])

    assert counted(result, Subject.DATES) == (1, 0, 0)
    assert counted(result, Subject.DATES, By.STAGE, "operating") == (1, 0, 0)


def test_a_claim_without_its_date_is_told() -> None:
    (missed,) = score(["plant agreed reached 2024"], ["plant agreed reached"]).mistakes

    assert missed.instead == "no date"


# ---------------------------------------------------------------- facts


@pytest.mark.parametrize(
    ("labelled", "found"),
    [
        ((50_000, "t/yr"), (50_000, "t")),
        ((20, "GWh/yr"), (20, "GW")),
        ((20, "GW/yr"), (20, "GWh")),
        ((6_000_000, "units"), (6_000_000, "units/yr")),
        ((100, "MW"), (98, "MW")),
        ((100, "MW"), (102, "MW")),
    ],
)
def test_facts_are_the_same_by_the_year_and_within_rounding(
    labelled: tuple[float, str], found: tuple[float, str]
) -> None:
    assert counted(score_facts([labelled], [found]), Subject.FACTS) == (1, 0, 0)


@pytest.mark.parametrize(
    ("labelled", "found"), [((100, "MW"), (97, "MW")), ((100, "MW"), (103, "MW")), ((20, "GWh/yr"), (20, "MW"))]
)
def test_other_values_and_units_are_wrong(labelled: tuple[float, str], found: tuple[float, str]) -> None:
    assert counted(score_facts([labelled], [found]), Subject.FACTS) == (0, 1, 1)
