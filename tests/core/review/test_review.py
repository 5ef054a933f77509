"""What an operator decides of claims, and what is known by it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitor.core.folding.fold import fold
from monitor.core.folding.known import is_operators_word
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Claim, Fact, FactKind, Said, State
from monitor.core.news import Mistake
from monitor.core.periods import Period
from monitor.core.review import Review, Ruling, bearing, is_wrong_project, review_of, reviewed
from monitor.core.state import Confidence, ProjectState, Report, Source

START = datetime(2024, 1, 1, tzinfo=UTC)
DECIDED = START + timedelta(days=100)


def source(article: str, *, day: int = 0, trust: float = 0.5, story: str = "") -> Source:
    at = START + timedelta(days=day)
    return Source(
        article=article,
        url=f"https://example.org/{article}",
        outlet=f"Outlet of {article}",
        trust=trust,
        published_at=at,
        seen_at=at,
        story=story or article,
    )


def claim(stage: str, state: str = "reached", date: str | None = None, **more: object) -> Claim:
    said = Claim(
        project="plant",
        stage=stage,
        state=State(state),
        date=Period.parse(date) if date else None,
        confidence=0.9,
        evidence=f"It is {stage}, {state}, {date}.",
    )
    return replace(said, **more)  # type: ignore[arg-type]  # as replace itself


def report(article: str, *claims: Claim, day: int = 0, story: str = "") -> Report:
    return Report(source=source(article, day=day, story=story), claims=claims)


def decide(verdict: Ruling, of: Report, *, claim: Said | None = None, day: int = 0, **more: object) -> Review:
    """A decision on the first claim of a report, or on this one."""
    review = Review(
        claim=claim or of.claims[0],
        source=of.source,
        verdict=verdict,
        author="zoe",
        at=DECIDED + timedelta(days=day),
    )
    return replace(review, **more)  # type: ignore[arg-type]  # as replace itself


def known(reports: tuple[Report, ...], *reviews: Review, project: str = "plant") -> ProjectState:
    return fold(project, reviewed(project, reports, reviews), INDUSTRIAL)


AGREED = report("a", claim("agreed", date="2023-05"))
BUILT = report("b", claim("construction", date="2024-02"), day=40)


def test_a_rejected_claim_counts_no_longer_and_the_rest_of_its_article_does() -> None:
    both = Report(
        source=BUILT.source,
        claims=(claim("construction"), claim("approved")),
        facts=(Fact(project="plant", kind=FactKind.JOBS, value=5, unit="jobs", evidence="Five."),),
    )

    state = known((AGREED, both), decide(Ruling.REJECT, both))

    assert state.status == "approved"
    assert [fact.value for fact in state.facts] == [5]


def test_a_decision_hits_copies_of_the_story_those_that_come_later_too() -> None:
    copies = tuple(report(f"copy{day}", claim("construction"), day=50 + day, story="b") for day in range(3))

    assert known((AGREED, BUILT, *copies), decide(Ruling.REJECT, BUILT)).status == "agreed"
    assert known((AGREED, BUILT, *copies), decide(Ruling.REJECT, BUILT, source=copies[2].source)).status == "agreed"


def test_another_story_that_says_the_same_needs_a_decision_of_its_own() -> None:
    other = report("c", claim("construction"), day=60)

    assert known((AGREED, BUILT, other), decide(Ruling.REJECT, BUILT)).status == "construction"


def test_a_confirmed_claim_counts_as_official_however_unsure_the_reader_was() -> None:
    unsure = report("a", claim("operating", date="2025-06", confidence=0.2))

    state = known((unsure,), decide(Ruling.CONFIRM, unsure))

    assert (state.status, str(state.since), state.confidence) == ("operating", "2025-06", Confidence.CONFIRMED)
    assert {evidence.sentence for evidence in state.evidence} == {unsure.claims[0].evidence}


def test_what_is_confirmed_stays_so_when_the_reading_no_longer_tells_it() -> None:
    assert known((), decide(Ruling.CONFIRM, AGREED)).status == "agreed"


def test_a_corrected_claim_is_what_the_operator_says() -> None:
    right = claim("agreed", date="2023-06-01")

    state = known((AGREED,), decide(Ruling.CORRECT, AGREED, instead=right))

    assert (state.status, str(state.since), state.confidence) == ("agreed", "2023-06-01", Confidence.CONFIRMED)
    assert [is_operators_word(evidence.source) for evidence in state.evidence] == [True]
    assert [(each.source.decided_by, each.source.outlet) for each in state.evidence] == [("zoe", "Outlet of a")]


def test_a_decision_is_told_apart_from_official_sources() -> None:
    """Also if an outlet has the name of the operator."""
    right = claim("agreed", date="2023-06-01")
    zoe = replace(AGREED, source=replace(AGREED.source, outlet="zoe"))

    states = [
        known((AGREED,)),
        known((AGREED,), decide(Ruling.CORRECT, AGREED, instead=right)),
        known((zoe,), decide(Ruling.CONFIRM, zoe)),
    ]

    assert [(each.standing.sources, each.standing.official, each.standing.decided) for each in states] == [
        (1, 0, 0),
        (1, 1, 1),
        (2, 1, 1),
    ]


@pytest.mark.parametrize("told_there", [(), (report("a", claim("announced", project="other")),)])
def test_an_assigned_claim_moves_with_the_weight_of_its_article(told_there: tuple[Report, ...]) -> None:
    moved = decide(Ruling.ASSIGN, AGREED, instead=replace(AGREED.claims[0], project="other"))

    here, there = known((AGREED,), moved), known(told_there, moved, project="other")

    assert (here.status, there.status) == (None, "agreed")
    assert there.confidence is Confidence.REPORTED
    assert [evidence.source for evidence in there.evidence] == [AGREED.source]
    assert moved.projects == ("plant", "other")


def amount(value: float, **more: object) -> Fact:
    said = Fact(project="plant", kind=FactKind.INVESTMENT, value=value, unit="MAD", evidence=f"{value:g} dirhams.")
    return replace(said, **more)  # type: ignore[arg-type]  # as replace itself


def investment(reports: tuple[Report, ...], *reviews: Review, project: str = "plant") -> list[tuple[float, int]]:
    return [(fact.value, fact.standing.official) for fact in known(reports, *reviews, project=project).facts]


TOLD = replace(AGREED, facts=(amount(3e9), amount(5e9, kind=FactKind.JOBS, unit="jobs")))


@pytest.mark.parametrize(
    ("verdict", "instead", "expected"),
    [
        pytest.param(Ruling.CONFIRM, None, [(3e9, 1), (5e9, 0)], id="confirmed"),
        pytest.param(Ruling.REJECT, None, [(5e9, 0)], id="rejected"),
        pytest.param(Ruling.CORRECT, amount(4e9), [(4e9, 1), (5e9, 0)], id="corrected"),
        pytest.param(Ruling.ASSIGN, amount(3e9, project="other"), [(5e9, 0)], id="assigned"),
    ],
)
def test_amounts_are_decided_on_as_claims_are(
    verdict: Ruling, instead: Fact | None, expected: list[tuple[float, int]]
) -> None:
    review = decide(verdict, TOLD, claim=TOLD.facts[0], instead=instead)

    assert investment((TOLD,), review) == expected
    assert known((TOLD,), review).status == "agreed"
    assert investment((), review, project="other") == ([(3e9, 0)] if verdict is Ruling.ASSIGN else [])


def test_of_two_decisions_on_one_claim_the_later_counts() -> None:
    confirmed, rejected = decide(Ruling.CONFIRM, AGREED), decide(Ruling.REJECT, AGREED, day=1)

    assert known((AGREED,), rejected, confirmed).status is None
    assert known((AGREED,), confirmed, replace(rejected, at=START)).status == "agreed"


def test_a_later_decision_takes_an_assigned_claim_back_from_where_it_was_assigned_to() -> None:
    moved = decide(Ruling.ASSIGN, AGREED, instead=replace(AGREED.claims[0], project="other"))
    rejected = decide(Ruling.REJECT, AGREED, day=1)

    decided = bearing([moved, rejected])

    assert decided == {"plant": (moved, rejected), "other": (moved, rejected)}
    assert reviewed("other", [], decided["other"]) == ()


def test_a_decision_is_in_force_until_it_is_undone() -> None:
    review = decide(Ruling.REJECT, AGREED)

    assert review.is_in_force
    assert not replace(review, undone_at=DECIDED, undone_by="kim").is_in_force


# ---------------------------------------------------------------- promises

STAGES = st.sampled_from(["announced", "agreed", "construction", "operating", "suspended", "cancelled", "delayed"])
said = st.builds(
    claim,
    STAGES,
    st.sampled_from(["reached", "expected", "denied"]),
    st.sampled_from([None, "2023", "2024-02", "2026"]),
)
reports = st.lists(
    st.builds(
        report,
        st.sampled_from("abcdefgh"),
        said,
        said,
        day=st.integers(0, 90),
        story=st.sampled_from(["", "a", "b"]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda each: each.source.article,
)


@given(reports, st.data())
def test_a_rejected_claim_leaves_no_trace_in_what_is_known(told: list[Report], data: st.DataObject) -> None:
    aimed = data.draw(st.sampled_from(told))
    unwanted = aimed.claims[0]
    without = [
        replace(each, claims=tuple(c for c in each.claims if c != unwanted))
        if each.source.story == aimed.source.story and unwanted in each.claims
        else each
        for each in told
    ]
    review = decide(Ruling.REJECT, aimed)
    # A copy that tells the same of another date alone is hit too, but this is about the claim itself.
    assume(not any(review_of(claim, each, [review]) for each in without for claim in each.claims))

    assert known(tuple(told), review) == known(tuple(without))


@given(
    reports,
    st.lists(st.tuples(st.integers(0, 7), st.sampled_from(list(Ruling)), st.integers(0, 5)), max_size=5),
    st.randoms(),
)
def test_neither_the_order_of_reports_nor_that_of_decisions_matters(
    told: list[Report], decisions: list[tuple[int, Ruling, int]], chance: Random
) -> None:
    reviews = []
    for index, verdict, day in decisions:
        aimed = told[index % len(told)]
        instead = None if verdict in {Ruling.CONFIRM, Ruling.REJECT} else claim("operating", date="2025")
        reviews.append(decide(verdict, aimed, instead=instead, day=day))
    shuffled = chance.sample(told, len(told)), chance.sample(reviews, len(reviews))

    assert reviewed("plant", told, reviews) == reviewed("plant", *shuffled)


BEGUN, COSTS = (
    claim("construction", date="2024"),
    Fact(project="plant", kind=FactKind.INVESTMENT, value=3e9, unit="MAD", evidence="3 billion.", confidence=1.0),
)


@pytest.mark.parametrize(
    ("said", "verdict", "instead", "because", "cause"),
    [
        (BEGUN, Ruling.REJECT, None, None, None),
        (BEGUN, Ruling.REJECT, None, Mistake.REPORT, Mistake.REPORT),
        (BEGUN, Ruling.ASSIGN, replace(BEGUN, project="other"), None, Mistake.PROJECT),
        (BEGUN, Ruling.CORRECT, replace(BEGUN, date=Period.parse("2025")), None, Mistake.DATE),
        (BEGUN, Ruling.CORRECT, replace(BEGUN, stage="operating"), None, Mistake.READING),
        (COSTS, Ruling.CORRECT, replace(COSTS, value=4e9), None, Mistake.AMOUNT),
    ],
)
def test_a_decision_says_or_shows_what_was_wrong(
    said: Said, verdict: Ruling, instead: Said | None, because: Mistake | None, cause: Mistake | None
) -> None:
    made = Review(
        claim=said,
        source=source("a1"),
        verdict=verdict,
        instead=instead,
        author="zoe",
        because=because,
        at=DECIDED,
    )

    assert made.cause is cause
    assert replace(made, undone_at=DECIDED, undone_by="zoe").cause is None
    assert is_wrong_project(made) is (verdict is Ruling.REJECT and because is Mistake.PROJECT)
    assert is_wrong_project(replace(made, verdict=Ruling.REJECT, because=Mistake.PROJECT))
