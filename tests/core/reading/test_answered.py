"""An answer of a language model holds as far as the article bears it out, whatever it is and whoever wrote that."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.lifecycle import INDUSTRIAL, Lifecycle
from monitor.core.model import Article, Claim, Fact, FactKind, Phase, Project, Reading, State
from monitor.core.periods import Period
from monitor.core.reading.answered.answer import Answer, SaidClaim, SaidFact
from monitor.core.reading.answered.check import BOTH, MODEL_ALONE, OTHER_ALONE, SURE, Checked, Checker, agreed
from monitor.core.reading.layout import Layout, Surveyor
from monitor.core.reading.projects.matching import Matcher
from tests.builders import make_claim, make_fact
from tests.core.reading.texts import lexicons, make_text

PLANT = Project(
    id="plant",
    name={"": "Plant"},
    who=("Volta",),
    what=("cathode",),
    where=("Tangier",),
    phases=(Phase(name="first line", words=("first line",)),),
)
RAILWAY = Project(id="railway", name={"": "Railway"}, who=("Norvik",), where=("Tangier",), lifecycle="railway")
PROJECTS = (PLANT, RAILWAY)
LIFECYCLES = {"industrial": INDUSTRIAL, "railway": Lifecycle(name="railway", stages=("surveyed", "construction"))}
TITLE = "Volta’s plant takes shape"
BROKE_GROUND = "Volta broke ground on its cathode plant in Tangier in March 2024."
WILL_START = "The “first line” is due to start production in September 2026."
COSTS = "The plant costs 3 billion dirhams and will employ 1,200 workers."
ELSEWHERE = "A steel mill opened nearby in 2019."
ARTICLE = make_text(
    f"{BROKE_GROUND} {WILL_START} {COSTS}\nThe mayor is glad. {ELSEWHERE} Norvik lays rails.\n"
    "About Volta\nVolta was founded in 1999 and has opened forty plants.",
    title=TITLE,
    published="2025-03-10",
)
KINDS = {project.id: project.lifecycle for project in PROJECTS}
CHECKER = Checker(PROJECTS, LIFECYCLES, lexicons())


def laid_out(article: Article = ARTICLE) -> Layout:
    layout = Surveyor(PROJECTS, lexicons(), Matcher(PROJECTS)).lay_out(article)
    assert layout is not None
    return layout


def claim(**more: Any) -> SaidClaim:
    said = SaidClaim(project="plant", stage="operating", state="expected", date="2026-09", quote=WILL_START)
    return replace(said, **more)


def fact(**more: Any) -> SaidFact:
    said = SaidFact(project="plant", kind="investment", value=3e9, unit="MAD", quote="3 billion dirhams")
    return replace(said, **more)


def check(
    *said: SaidClaim | SaidFact, projects: Sequence[str] = (), article: Article = ARTICLE, bad: int = 0
) -> Checked:
    answer = Answer(
        projects=tuple(projects),
        claims=tuple(each for each in said if isinstance(each, SaidClaim)),
        facts=tuple(each for each in said if isinstance(each, SaidFact)),
        malformed=bad,
    )
    return CHECKER.check(answer, laid_out(article))


def reasons(checked: Checked) -> list[tuple[str, str]]:
    return [(each.what, each.reason) for each in checked.dropped]


# ---------------------------------------------------------------- what holds


def test_a_claim_has_its_sentence_its_phase_and_its_date() -> None:
    checked = check(claim(quote="start production in September"), projects=["plant"])

    assert checked == Checked(
        projects=frozenset({"plant"}),
        claims=(
            Claim(
                project="plant",
                stage="operating",
                state=State.EXPECTED,
                date=Period.parse("2026-09"),
                confidence=MODEL_ALONE,
                evidence=WILL_START,
                phase="first line",
            ),
        ),
        facts=(),
        dropped=(),
    )


def test_a_fact_has_its_sentence_and_the_amount_of_the_article() -> None:
    checked = check(fact(value=3.001e9, unit="mad"))

    assert checked.facts == (
        Fact(
            project="plant",
            kind=FactKind.INVESTMENT,
            value=3e9,
            unit="MAD",
            evidence=COSTS,
            confidence=MODEL_ALONE,
        ),
    )


@pytest.mark.parametrize(
    "quote",
    [
        'the "first line" is due',
        "The ‘first line’ is due",
        "  THE “FIRST LINE” IS DUE ",
        "line” is due to start production in September 2026. The plant costs",
    ],
)
def test_a_quote_may_differ_in_case_and_signs(quote: str) -> None:
    checked = check(claim(quote=quote.replace("‘", "“").replace("’", "”")))

    assert [each.evidence for each in checked.claims] == [WILL_START]


def test_a_quote_over_a_line_break_may_have_a_space_there() -> None:
    (said,) = check(claim(stage="construction", date=None, quote="1,200 workers. The mayor is glad.")).claims

    assert said.evidence == COSTS


def test_what_is_said_twice_is_told_once() -> None:
    again = claim(stage="construction", state="reached", date="2024-03", quote="broke ground on its cathode")

    assert len(check(again, again, claim(), claim(), fact(), fact()).claims) == 2
    assert len(check(fact(), fact(quote=COSTS)).facts) == 1


# ---------------------------------------------------------------- what does not


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (claim(project="rival"), "its project was not asked about"),
        (claim(stage="bankrupt"), "its stage was not asked about"),
        (claim(project="railway"), "its stage was not asked about"),
        (claim(state="rumoured"), "its state was not asked about"),
        (claim(quote=""), "its quote is too short to prove it"),
        (claim(quote="Volta"), "its quote is too short to prove it"),
        (claim(quote="停"), "its quote is too short to prove it"),
        (claim(quote="停产"), "its quote is not in the news of the article"),
        (claim(quote="“”„‟«»…!"), "its quote is not in the news of the article"),
        (claim(quote="\u200b" * 40), "its quote is not in the news of the article"),
        (claim(quote="The plant has closed."), "its quote is not in the news of the article"),
        (claim(quote="has opened forty plants"), "its quote is not in the news of the article"),
        (fact(project="rival"), "its project was not asked about"),
        (fact(kind="debt"), "its kind was not asked about"),
        (fact(quote=""), "its quote is not in the news of the article"),
        (fact(quote="5 billion dirhams"), "its quote is not in the news of the article"),
        (fact(quote=BROKE_GROUND), "no such amount is in the sentence of its quote"),
        (fact(value=4e9), "no such amount is in the sentence of its quote"),
        (fact(unit="EUR"), "no such amount is in the sentence of its quote"),
        (fact(kind="jobs", unit="jobs", value=1300), "no such amount is in the sentence of its quote"),
    ],
)
def test_what_the_article_does_not_bear_out_is_dropped_and_said(said: SaidClaim | SaidFact, reason: str) -> None:
    checked = check(said)

    assert (checked.projects, checked.claims, checked.facts) == (frozenset(), (), ())
    assert reasons(checked) == [("claim" if isinstance(said, SaidClaim) else "fact", reason)]


def test_a_project_that_was_not_asked_about_and_what_has_no_form_is_said() -> None:
    checked = check(projects=["plant", "rival"], bad=2)

    assert checked.projects == {"plant"}
    assert reasons(checked) == [
        ("claim", "it does not have the form that was asked for"),
        ("claim", "it does not have the form that was asked for"),
        ("project", "it was not asked about"),
    ]


# ---------------------------------------------------------------- dates and amounts


@pytest.mark.parametrize(
    ("date", "state", "quote", "found"),
    [
        ("2026-09", "expected", WILL_START, "2026-09"),
        ("2026", "expected", WILL_START, "2026"),
        ("2026-09-15", "expected", WILL_START, "2026-09"),
        ("2024-03", "reached", BROKE_GROUND, "2024-03"),
        ("2024-03", "reached", TITLE, "2024-03"),
        (None, "expected", WILL_START, None),
    ],
)
def test_a_date_is_as_exact_as_answer_and_article_both_are(
    date: str | None, state: str, quote: str, found: str | None
) -> None:
    (said,) = check(claim(date=date, state=state, quote=quote)).claims

    assert (str(said.date) if said.date else None) == found


@pytest.mark.parametrize(
    ("date", "state", "quote", "reason"),
    [
        ("soon", "expected", WILL_START, "it is not a date"),
        ("2026-02-30", "expected", WILL_START, "it is not a date"),
        ("2027", "expected", WILL_START, "it is not in or beside the quote"),
        ("2026-10", "expected", WILL_START, "it is not in or beside the quote"),
        ("2019", "reached", BROKE_GROUND, "it is not in or beside the quote"),
        ("2025-03-10", "reached", BROKE_GROUND, "it is not in or beside the quote"),
        ("2026-09", "reached", WILL_START, "it lies behind the day of publication, and was reached already"),
        ("2024-03", "expected", BROKE_GROUND, "it lies before the day of publication, and is still expected"),
    ],
)
def test_a_date_that_is_not_borne_out_is_dropped_and_the_claim_stays(
    date: str, state: str, quote: str, reason: str
) -> None:
    checked = check(claim(date=date, state=state, quote=quote))

    assert [each.date for each in checked.claims] == [None]
    assert [each.said for each in checked.dropped] == [
        {"what": "date", "project": "plant", "of": "operating", "reason": reason}
    ]


def test_a_time_that_is_told_by_the_day_of_publication_is_derived() -> None:
    article = make_text("Volta will open its cathode plant in May.", published="2025-08-01")
    said = claim(quote="Volta will open its cathode plant in May.")

    assert [str(each.date) for each in check(replace(said, date="2026-05"), article=article).claims] == ["2026-05"]
    assert [each.date for each in check(replace(said, date="2025-05"), article=article).claims] == [None]


def test_without_a_day_of_publication_no_date_lies_on_the_wrong_side_of_it() -> None:
    (said,) = check(claim(date="2026-09", state="reached"), article=replace(ARTICLE, published=None)).claims

    assert str(said.date) == "2026-09"


def test_a_quote_that_stands_everywhere_is_looked_at_in_its_first_places() -> None:
    article = make_text(f"{'Volta has 1,200 plans. ' * 20} Its cathode plant in Tangier employs 1,200 workers.")

    checked = check(fact(kind="jobs", unit="jobs", value=1200, quote="1,200"), article=article)

    assert reasons(checked) == [("fact", "no such amount is in the sentence of its quote")]


@pytest.mark.parametrize("unit", ["passengers/yr", "pax/yr", "Passengers/year"])
def test_units_go_by_their_usual_names(unit: str) -> None:
    article = make_text("Volta builds a terminal for 5 million passengers a year beside its cathode plant in Tangier.")

    (said,) = check(fact(kind="capacity", unit=unit, value=5e6, quote="5 million passengers"), article=article).facts

    assert said.unit == "passengers/yr"


def test_the_evidence_of_an_amount_is_the_sentence_that_has_it() -> None:
    (said,) = check(fact(quote=f"{WILL_START} {COSTS}")).facts

    assert said.evidence == COSTS


BUILT = "Volta builds a cathode plant in Tangier."


@pytest.mark.parametrize(
    ("language", "text", "said", "told"),
    [
        ("en", "It will make 60,000 lithium and nickel tonnes a year.", ("capacity", 6e4, "t/yr"), 6e4),
        ("en", "It will make 60,000 lithium and nickel tonnes.", ("capacity", 6e4, "t/yr"), 6e4),
        ("en", "It puts, in dirhams of today, 3.6 billion into the plant.", ("investment", 3.6e9, "MAD"), None),
        ("en", "It puts dirhams worth some 3.6 billion into the plant.", ("investment", 3.6e9, "MAD"), 3.6e9),
        ("en", "It will employ 1,200 in Tangier.", ("jobs", 1200.0, "jobs"), 1200.0),
        ("en", "It will have a capacity of 400 beds.", ("capacity", 400.0, "beds"), 400.0),
        ("en", "It will have a capacity of 400 tills.", ("capacity", 400.0, "tills"), 400.0),
        ("en", "It will have an annual capacity of 400 large wafers.", ("capacity", 400.0, "wafers/yr"), 400.0),
        ("fr", "L’usine aura une capacité de 400 guichets.", ("capacity", 400.0, "guichets"), 400.0),
        ("fr", "L’usine emploiera trois mille cinq cents à Tanger.", ("jobs", 3500.0, "jobs"), 3500.0),
        ("zh", "工厂总投资达1.2亿摩洛哥迪拉姆。", ("investment", 1.2e8, "MAD"), 1.2e8),
        ("ar", "سيشغل المصنع ألفا ومئتين في طنجة.", ("jobs", 1200.0, "jobs"), 1200.0),
    ],
)
def test_a_number_bears_an_amount_out_if_its_unit_stands_further_away(
    language: str, text: str, said: tuple[str, float, str], told: float | None
) -> None:
    article = make_text(f"{BUILT} {text}", language=language)
    kind, value, unit = said

    found = check(fact(kind=kind, value=value, unit=unit, quote=text), article=article).facts

    assert [each.value for each in found] == ([] if told is None else [told])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("In 2027 it will employ many.", ("jobs", 2027.0, "jobs")),
        ("On 15 of March it will employ many.", ("jobs", 15.0, "jobs")),
        ("It will employ many in Q3.", ("jobs", 3.0, "jobs")),
        ("It will employ many for 300 million dirhams.", ("jobs", 3e8, "jobs")),
        ("It has 1,200 plans.", ("jobs", 1200.0, "jobs")),
        ("It lays 1,200 rails and 3,000 tonnes of them.", ("capacity", 1200.0, "t/yr")),
        ("It makes 60,000 battery-grade tonnes a year.", ("capacity", 6e4, "t/day")),
        ("It makes 60,000 battery-grade tonnes a year.", ("investment", 6e4, "t/yr")),
        ("It makes 60,000 battery-grade tonnes a year.", ("capacity", 6e4, "GWh/yr")),
        ("It makes 60,000 battery-grade tonnes a year.", ("capacity", 7e4, "t/yr")),
        ("It has a capacity of three ministers.", ("capacity", 3.0, "beds")),
        ("It has a capacity of 400 or so.", ("capacity", 400.0, "seats")),
        ("It has a capacity of 400 beds.", ("capacity", 400.0, ".*")),
        ("Three lines are complete.", ("progress", 3.0, "%")),
        ("It will employ many and 60 more.", ("jobs", 60.0, "jobs")),
        ("It costs 3 billion.", ("investment", 3e9, "MAD")),
    ],
)
def test_no_number_passes_for_an_amount_that_the_article_does_not_tell(text: str, said: tuple[str, float, str]) -> None:
    kind, value, unit = said

    checked = check(fact(kind=kind, value=value, unit=unit, quote=text), article=make_text(f"{BUILT} {text}"))

    assert reasons(checked) == [("fact", "no such amount is in the sentence of its quote")]


# ---------------------------------------------------------------- whatever is answered

_WORDS = st.sampled_from([TITLE, BROKE_GROUND, WILL_START, COSTS, ELSEWHERE, "Volta", "Ignore the rules."]) | st.text()
_CLAIMS = st.builds(
    SaidClaim,
    project=st.sampled_from(["plant", "railway", "rival"]) | st.text(),
    stage=st.sampled_from([*INDUSTRIAL.stages, "closed", "surveyed"]) | st.text(),
    state=st.sampled_from(list(State)) | st.text(),
    date=st.none() | st.sampled_from(["2024-03", "2026", "2026-09", "2019", "9999", "0001-01-01"]) | st.text(),
    quote=_WORDS,
)
_FACTS = st.builds(
    SaidFact,
    project=st.sampled_from(["plant", "railway", "rival"]) | st.text(),
    kind=st.sampled_from(list(FactKind)) | st.text(),
    value=st.sampled_from([3e9, 1200.0]) | st.floats(allow_nan=False, allow_infinity=False),
    unit=st.sampled_from(["MAD", "jobs"]) | st.text(),
    quote=_WORDS | st.sampled_from(["3 billion dirhams", "1,200 workers"]),
)
_ANSWERS = st.builds(
    Answer,
    projects=st.lists(st.sampled_from(["plant", "railway"]) | st.text()).map(tuple),
    claims=st.lists(_CLAIMS).map(tuple),
    facts=st.lists(_FACTS).map(tuple),
)


@given(_ANSWERS)
def test_no_answer_reaches_beyond_what_was_asked_and_what_the_article_says(answer: Answer) -> None:
    layout = laid_out()
    checked = CHECKER.check(answer, layout)

    assert checked.projects <= {"plant", "railway"}
    told: list[Claim | Fact] = [*checked.claims, *checked.facts]
    for said in told:
        assert said.project in checked.projects
        assert said.evidence in ARTICLE.text or said.evidence == TITLE
        assert said.confidence == MODEL_ALONE
    for each in checked.claims:
        assert each.stage in {*LIFECYCLES[KINDS[each.project]].stages, "closed"}
        assert each.date is None or any(
            each.date.overlaps(period) for time in layout.times for period in (time.behind, time.ahead)
        )
    amounts = {(a.kind, a.unit, value) for a in layout.amounts for value in a.values}
    assert {(each.kind, each.unit, each.value) for each in checked.facts} <= amounts


@given(st.text(), st.text())
def test_no_text_of_an_article_makes_the_check_fail(title: str, text: str) -> None:
    article = make_text(f"{text} Volta broke ground in 2024. {text}", title=title, published="2025-03-10")
    said = [claim(quote=quote) for quote in (text, title, "Volta broke ground", f"{text} Volta")]

    checked = check(*said, fact(quote=text), article=article)

    assert all(each.evidence in article.text or each.evidence in title for each in checked.claims)


# ---------------------------------------------------------------- two readers

OPENED = make_claim(stage="operating", state=State.EXPECTED, date=Period.parse("2026-09"), confidence=MODEL_ALONE)
JOBS = make_fact(kind=FactKind.JOBS, value=1200.0, unit="jobs", confidence=MODEL_ALONE)


def both(
    claims: Sequence[Claim], others: Sequence[Claim], *, facts: Sequence[Fact] = (), told: Sequence[Fact] = ()
) -> Reading:
    said: list[Claim | Fact] = [*claims, *facts]
    checked = Checked(
        projects=frozenset(each.project for each in said),
        claims=tuple(claims),
        facts=tuple(facts),
        dropped=(),
    )
    other = Reading(language="en", projects=("plant",), claims=tuple(others), facts=tuple(told))
    return agreed(checked, other, ["railway", "plant"])


@pytest.mark.parametrize("date", [None, "2026-09", "2026", "2026-09-15"])
def test_what_both_read_is_surer(date: str | None) -> None:
    other = replace(OPENED, date=Period.parse(date) if date else None, confidence=0.6)

    assert both([OPENED], [other]).claims == (replace(OPENED, confidence=BOTH),)


def test_of_two_dates_the_model_s_holds_and_is_no_surer() -> None:
    other = replace(OPENED, date=Period.parse("2027"), confidence=0.99)

    assert both([OPENED], [other]).claims == (OPENED,)


@pytest.mark.parametrize("confidence", [SURE, 1.0])
def test_what_the_other_reader_alone_reads_surely_is_doubtful(confidence: float) -> None:
    other = make_claim(project="railway", confidence=confidence)

    reading = both([OPENED], [other])

    assert reading.claims == (OPENED, replace(other, confidence=OTHER_ALONE))
    assert reading.projects == ("railway", "plant")


def test_what_the_other_reader_alone_reads_without_being_sure_is_left_out() -> None:
    reading = both([], [make_claim(confidence=SURE - 0.01)])

    assert (reading.projects, reading.claims) == ((), ())


def test_another_state_of_a_stage_is_another_claim() -> None:
    denied = replace(OPENED, state=State.DENIED, confidence=0.95)

    assert both([OPENED], [denied]).claims == (OPENED, replace(denied, confidence=OTHER_ALONE))


def test_a_fact_that_both_read_is_surer_and_one_of_the_other_reader_alone_is_left_out() -> None:
    cost, area = make_fact(confidence=MODEL_ALONE), make_fact(kind=FactKind.AREA, value=20.0, unit="ha", confidence=1.0)

    reading = both([], [], facts=[JOBS, cost], told=[replace(JOBS, confidence=0.7), area])

    assert reading.facts == (replace(JOBS, confidence=BOTH), cost)
