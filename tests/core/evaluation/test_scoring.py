"""Readings beside labels: what counts as right, as invented and as missed, and what as neither."""

from collections.abc import Iterable

import pytest

from monitor.core.evaluation.evaluation import By, Count, Evaluation, Mistake, Subject
from monitor.core.evaluation.scoring import Label, LabelledClaim, LabelledFact, evaluate, is_same_fact
from monitor.core.model import Claim, Fact, FactKind, Reading, State
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
        Mistake(
            article="a",
            subject=Subject.RELEVANCE,
            is_invented=True,
            what="three",
            sentence="It says three agreed reached.",
        ),
        Mistake(article="a", subject=Subject.RELEVANCE, is_invented=False, what="two"),
    ]


def test_a_label_knows_all_projects_that_it_speaks_of() -> None:
    fact = LabelledFact(project="three", kind=FactKind.JOBS, value=1, unit="jobs")

    label = Label(
        article="a",
        language="fr",
        relevant=frozenset({"one"}),
        claims=(want("two agreed reached"),),
        facts=(fact,),
    )

    assert label.projects == {"one", "two", "three"}


# ---------------------------------------------------------------- claims


def test_a_claim_is_counted_in_its_language_stage_and_state() -> None:
    found = score(["plant agreed reached", "plant operating expected"], ["plant agreed reached", "plant closed denied"])

    assert counted(found, Subject.CLAIMS) == (1, 1, 1)
    assert counted(found, Subject.CLAIMS, By.LANGUAGE, "fr") == (1, 1, 1)
    assert counted(found, Subject.CLAIMS, By.STAGE, "agreed") == (1, 0, 0)
    assert counted(found, Subject.CLAIMS, By.CLAIM, "closed denied") == (0, 1, 0)
    assert counted(found, Subject.CLAIMS, By.CLAIM, "operating expected") == (0, 0, 1)


def test_an_invention_is_told_with_its_sentence_and_a_miss_with_what_was_read_instead() -> None:
    found = score(["plant agreed expected"], ["plant agreed reached"])

    assert found.mistakes == (
        Mistake(
            article="a",
            subject=Subject.CLAIMS,
            is_invented=False,
            what="plant agreed expected",
            instead="reached",
            sentence="It says plant agreed reached.",
        ),
        Mistake(
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


def test_several_dates_of_one_claim_are_one_claim() -> None:
    found = score(["plant operating expected 2026"], ["plant operating expected 2026", "plant operating expected 2028"])

    assert counted(found, Subject.CLAIMS) == (1, 0, 0)


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


@pytest.mark.parametrize(
    ("labelled", "found"),
    [("2026", "2027"), ("2026-Q3", "2026-10"), ("2026-09-30", "2026-10-01"), ("2026-09-01", "2026-08-31")],
)
def test_other_dates_are_told_with_what_was_read(labelled: str, found: str) -> None:
    result = score([f"plant operating expected {labelled}"], [f"plant operating expected {found}"])

    assert counted(result, Subject.DATES) == (0, 0, 1)
    assert result.mistakes == (
        Mistake(
            article="a",
            subject=Subject.DATES,
            is_invented=False,
            what=f"plant operating expected {labelled}",
            instead=found,
            sentence=f"It says plant operating expected {found}.",
        ),
    )


def test_a_claim_without_its_date_is_told() -> None:
    (missed,) = score(["plant agreed reached 2024"], ["plant agreed reached"]).mistakes

    assert missed.instead == "no date"


def test_one_of_several_dates_is_enough_and_each_labelled_one_counts() -> None:
    labelled = ["plant operating expected 2026", "plant operating expected 2028"]

    found = score(labelled, ["plant operating expected", "plant operating expected 2028"])

    assert counted(found, Subject.DATES) == (1, 0, 1)


def test_dates_count_only_where_the_claim_was_found_and_the_label_has_one() -> None:
    found = score(["plant operating expected 2026", "plant agreed reached"], ["plant agreed reached 2024"])

    assert counted(found, Subject.DATES) == (0, 0, 0)


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


def test_a_wrong_fact_is_told_and_stands_beside_the_one_that_was_missed() -> None:
    result = score_facts([(3e9, "MAD")], [(3.6e9, "MAD")], FactKind.INVESTMENT)

    assert counted(result, Subject.FACTS, By.KIND, "investment") == (0, 1, 1)
    assert result.mistakes == (
        Mistake(
            article="a",
            subject=Subject.FACTS,
            is_invented=False,
            what="plant investment 3,000,000,000 MAD",
            instead="3,600,000,000 MAD",
            sentence="3 billion dirhams.",
        ),
        Mistake(
            article="a",
            subject=Subject.FACTS,
            is_invented=True,
            what="plant investment 3,600,000,000 MAD",
            sentence="3 billion dirhams.",
            confidence=1.0,
        ),
    )


def test_the_same_fact_said_twice_is_one() -> None:
    assert counted(score_facts([(50, "ha"), (50, "ha")], [(50, "ha"), (50, "ha")]), Subject.FACTS) == (1, 0, 0)


def test_two_readings_within_rounding_are_one_right_fact() -> None:
    assert counted(score_facts([(100, "MW")], [(99, "MW"), (101, "MW")]), Subject.FACTS) == (1, 0, 0)


@pytest.mark.parametrize(
    ("kind", "value", "unit", "is_same"),
    [
        (FactKind.CAPACITY, 100, "MW", True),
        (FactKind.CAPACITY, 100.4, "MW", True),
        (FactKind.CAPACITY, 140, "MW", False),
        (FactKind.CAPACITY, 100, "MWh", False),
        (FactKind.JOBS, 100, "MW", False),
    ],
)
def test_a_fact_is_what_was_labelled_within_rounding(kind: FactKind, value: float, unit: str, is_same: bool) -> None:
    labelled = LabelledFact(project="plant", kind=FactKind.CAPACITY, value=100, unit="MW")

    assert is_same_fact(labelled, make_fact(kind=kind, value=value, unit=unit)) is is_same


def test_a_sum_over_two_plants_is_no_mistake_on_either() -> None:
    def amount(project: str, value: float) -> LabelledFact:
        return LabelledFact(project=project, kind=FactKind.INVESTMENT, value=value, unit="MAD")

    def said(project: str, value: float) -> Fact:
        return make_fact(project=project, value=value)

    label = Label(article="a", language="fr", facts=(amount("both", 6), amount("one", 3), amount("two", 6)))
    reading = Reading(
        language="fr", projects=(), claims=(), facts=(said("one", 6), said("two", 6), said("one", 5), said("both", 7))
    )

    skipping = evaluate([(label, reading)], skip=frozenset({"both"}))
    counting = evaluate([(label, reading)])

    assert counted(skipping, Subject.FACTS) == (1, 1, 1)
    assert counted(counting, Subject.FACTS) == (1, 3, 2)


# ---------------------------------------------------------------- the whole


def test_bands_tell_how_often_the_reader_is_right_when_it_is_so_sure() -> None:
    label = Label(article="a", language="fr", claims=(want("plant agreed reached"), want("plant closed expected")))
    claims = (
        read("plant agreed reached", 0.95),
        read("plant closed reached", 1.0),
        read("plant closed expected", 0.7),
        read("plant announced reached", 0.1),  # neither right nor wrong
    )

    found = evaluate([(label, Reading(language="fr", projects=(), claims=claims, facts=()))])

    assert [(b.least, b.claims, b.right, b.confidence) for b in found.bands] == [
        (0.7, 1, 1, 0.7),
        (0.9, 2, 1, pytest.approx(0.975)),
    ]


def test_articles_add_up_in_their_order() -> None:
    pairs = [
        (Label(article=name, language=language, relevant=frozenset({"plant"})), Reading(
            language=language, projects=("plant",), claims=(), facts=()
        ))
        for name, language in (("b", "fr"), ("a", "ar"))
    ]  # fmt: skip

    found = evaluate(pairs)

    assert found.articles == ("b", "a")
    assert found.counts == (
        Count(subject=Subject.RELEVANCE, right=2),
        Count(subject=Subject.RELEVANCE, by=By.LANGUAGE, name="ar", right=1),
        Count(subject=Subject.RELEVANCE, by=By.LANGUAGE, name="fr", right=1),
    )


def test_nothing_compared_is_nothing_found() -> None:
    assert evaluate([]) == Evaluation(articles=(), counts=(), mistakes=(), bands=())
