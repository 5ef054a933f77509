"""One article in the reader's words."""

from datetime import UTC

import pytest

from monitor.core.belief import Belief, WeighedSaying
from monitor.core.message.told import ToldPlace
from monitor.core.message.tongue import Tongue
from monitor.core.model import Objection, ObjectionKind, Said, State
from monitor.core.periods import Period
from monitor.core.review import Review, Ruling
from monitor.core.state import Correction
from monitor.web.view.article import ArticleWords
from tests.builders import NOW, VOICE, make_article, make_claim, make_fact, make_project

TELLING = ArticleWords(Tongue.of(VOICE.catalogues, "en"), UTC, {"plant": make_project()}, 0.6)
SOURCE = make_article("a1").source


@pytest.mark.parametrize(
    ("said", "belief", "believed", "tone", "why"),
    [
        (make_claim(), Belief.COUNTS, None, "well", "Counts: it agrees with what is believed now"),
        (
            make_claim(),
            Belief.UNVERIFIED,
            None,
            "warn",
            "Reported, not verified: read with less than 60% certainty, and too few others say so",
        ),
        (
            make_claim(objection=Objection(ObjectionKind.UNNAMED, "Umicore")),
            Belief.UNVERIFIED,
            None,
            "warn",
            "another company: Umicore. Watch it?",
        ),
        (make_claim(), Belief.REPEATED, None, "", "A copy of the story says so too; it counts once"),
        (make_claim(), Belief.CONTRADICTED, None, "bad", "Not believed: what others say weighs more"),
        (make_claim(), Belief.OTHERWISE, Period.parse("2027"), "", "Believed is: 2027"),
        (make_fact(), Belief.OTHERWISE, 5e9, "", "Believed is: 5 billion MAD"),
        (make_claim(), Belief.PASSED, None, "", "It was so; since then it has been reached, or is over"),
        (make_claim(), Belief.NO_STAGE, None, "warn", "The lifecycle of the project has no such stage"),
    ],
)
def test_a_claim_says_why_it_counts_or_not(
    said: Said, belief: Belief, believed: Period | float | None, tone: str, why: str
) -> None:
    found = TELLING.claim(WeighedSaying(said=said, belief=belief, believed=believed), SOURCE)

    assert (found.tone, found.why.replace("\u00a0", " ")) == (tone, why)
    assert (found.project, found.name, found.is_decided) == ("plant", "Plant", False)
    assert found.id.startswith("plant:")


def test_the_share_is_rounded_down() -> None:
    said = [make_claim(confidence=share) for share in (0.599, 0.6, 0.57, 1.0)]
    found = [TELLING.claim(WeighedSaying(said=each, belief=Belief.COUNTS), SOURCE).sure for each in said]

    assert found == ["59%", "60%", "57%", "100%"]


def test_a_project_that_is_gone_has_its_id_and_no_page() -> None:
    found = TELLING.claim(WeighedSaying(said=make_claim(project="gone", evidence=""), belief=Belief.UNWATCHED), SOURCE)

    assert (found.project, found.name, found.quote) == ("", "gone", "")
    assert found.why == "This project is not configured any more"


@pytest.mark.parametrize(
    ("ruling", "instead", "words"),
    [
        (Ruling.CONFIRM, None, "Confirmed by ada, 24 November 2026"),
        (Ruling.REJECT, None, "Rejected by ada, 24 November 2026"),
        (
            Ruling.CORRECT,
            make_claim(state=State.EXPECTED, date=None, phase="Line 1"),
            "Corrected by ada, 24 November 2026: agreed: expected, Line 1",
        ),
        (Ruling.ASSIGN, make_claim(), "Assigned to Plant by ada, 24 November 2026"),
        (Ruling.ASSIGN, make_claim(project="gone"), "Assigned to gone by ada, 24 November 2026"),
    ],
)
def test_a_decision_is_told_with_its_author_and_day(ruling: Ruling, instead: Said | None, words: str) -> None:
    review = Review(
        claim=make_claim(), source=SOURCE, verdict=ruling, instead=instead, author="ada", reason="seen", at=NOW
    )

    found = TELLING.claim(WeighedSaying(said=make_claim(), belief=Belief.DECIDED, review=review), SOURCE)

    assert (found.why, found.reason, found.is_decided) == (words, "seen", True)


def test_what_was_withdrawn_is_told_with_its_day() -> None:
    found = TELLING.withdrawn(Correction(source=SOURCE, at=NOW, claims=(make_claim(),), facts=(make_fact(),)))

    assert found.day == "24 November 2026"
    assert [words.replace("\u00a0", " ") for words in found.words] == [
        "agreed: reached, 29 March 2024",
        "investment: 3 billion MAD",
    ]


def test_a_source_has_a_place_whatever_is_known_of_it() -> None:
    unknown = make_article("a1", outlet="", url=None, title="").source
    dated = make_article("a1", day=-1, seen_at=NOW).source

    assert TELLING.place(unknown) == ToldPlace(outlet="unknown outlet", url="", details=())
    assert TELLING.place(dated).details == ("Title of a1", "23 November 2026")
