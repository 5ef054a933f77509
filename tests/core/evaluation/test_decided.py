"""Readings beside the decisions of operators: what counts as right, what as said again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.evaluation.decided import DecidedArticle, DecidedScores, evaluate_decided, material
from monitor.core.evaluation.scoring import By, Judged
from monitor.core.model import Reading, Said, State
from monitor.core.periods import Period
from monitor.core.review import Review, Ruling
from tests.builders import NOW, make_article, make_claim, make_fact

CLAIM = make_claim(confidence=0.8)
OTHER = make_claim(stage="construction", confidence=0.6)
FACT = make_fact(confidence=0.7)


def decision(verdict: Ruling, claim: Said = CLAIM, instead: Said | None = None, *, key: str = "a1") -> Review:
    source = make_article(key).source
    return Review(claim=claim, source=source, verdict=verdict, instead=instead, author="zoe", at=NOW)


def reading(*said: Said) -> Reading:
    claims = tuple(each for each in said if isinstance(each, type(CLAIM)))
    facts = tuple(each for each in said if isinstance(each, type(FACT)))
    return Reading(language="en", projects=("plant",), claims=claims, facts=facts)


def evaluated(reviews: Review | list[Review], *said: Said, language: str | None = "en") -> DecidedScores:
    reviews = reviews if isinstance(reviews, list) else [reviews]
    article = replace(make_article().article, language=language)
    return evaluate_decided([(DecidedArticle(article=article, reviews=reviews), reading(*said))])


def on(date: str | None, **more: object) -> Said:
    return make_claim(date=Period.parse(date) if date else None, confidence=0.5, **more)


EXPECTED = on("2026-09", state=State.EXPECTED)
ELSEWHERE = make_claim(project="other", confidence=0.9)


@pytest.mark.parametrize(
    ("review", "said", "right", "again"),
    [
        (decision(Ruling.CONFIRM), [CLAIM], 1, 0),
        (decision(Ruling.CONFIRM), [on("2025")], 1, 0),
        (decision(Ruling.CONFIRM), [OTHER], 0, 0),
        (decision(Ruling.CONFIRM), [ELSEWHERE], 0, 0),
        (decision(Ruling.REJECT), [CLAIM], 0, 1),
        (decision(Ruling.REJECT), [on(None)], 0, 1),
        (decision(Ruling.REJECT), [OTHER], 1, 0),
        (decision(Ruling.REJECT), [], 1, 0),
        # The state was wrong.
        (decision(Ruling.CORRECT, CLAIM, EXPECTED), [EXPECTED], 1, 0),
        (decision(Ruling.CORRECT, CLAIM, EXPECTED), [CLAIM], 0, 1),
        (decision(Ruling.CORRECT, CLAIM, EXPECTED), [CLAIM, EXPECTED], 1, 1),
        (decision(Ruling.CORRECT, CLAIM, EXPECTED), [OTHER], 0, 0),
        # A day of the same month was wrong, and may mean the same month.
        (decision(Ruling.CORRECT, on("2024-03-29"), on("2024-03-15")), [on("2024-03-29")], 0, 1),
        # In the phase that is meant.
        (decision(Ruling.CORRECT, OTHER, on(None)), [on(None, phase="first line")], 0, 0),
        (decision(Ruling.REJECT, FACT), [FACT], 0, 1),
        (decision(Ruling.CORRECT, FACT, make_fact(value=4e9)), [make_fact(value=4.01e9), CLAIM], 1, 0),
    ],
)
def test_what_a_reader_says_of_what_was_decided(review: Review, said: list[Said], right: int, again: int) -> None:
    tally = evaluated(review, *said).tally(review.verdict)

    assert (tally.decisions, tally.right, tally.again) == (1, right, again)


def test_decisions_are_counted_by_language_and_by_state_or_kind_of_amount() -> None:
    found = evaluated([decision(Ruling.CONFIRM), decision(Ruling.CONFIRM, FACT)], CLAIM)

    assert [(tally.by, tally.name, tally.decisions, tally.right) for tally in found.tallies] == [
        (By.ALL, "", 2, 1),
        (By.LANGUAGE, "en", 2, 1),
        (By.STATE, "reached", 1, 1),
        (By.KIND, "investment", 1, 0),
    ]
    assert found.names(By.STATE) == ("reached",)
    assert found.tally(Ruling.REJECT).decisions == 0
    assert evaluated(decision(Ruling.CONFIRM), language=None).names(By.LANGUAGE) == ("unknown",)


def test_claims_that_were_decided_on_say_how_far_confidence_can_be_trusted_and_others_do_not() -> None:
    reviews = [decision(Ruling.CONFIRM), decision(Ruling.REJECT, OTHER), decision(Ruling.CONFIRM, FACT)]

    found = evaluated(reviews, CLAIM, OTHER, FACT, make_claim(stage="operating"))

    assert found.judged == (Judged(0.8, is_right=True), Judged(0.6, is_right=False))


# ---------------------------------------------------------------- what is measured on


def test_decisions_go_with_their_articles() -> None:
    one, two = make_article("a1").article, make_article("a2").article
    reviews = [decision(Ruling.CONFIRM), decision(Ruling.REJECT, FACT), decision(Ruling.REJECT, key="a2")]

    given = material(reviews, {"a1": one, "a2": two}, {"plant"})

    assert [(each.article, list(each.reviews)) for each in given.articles] == [(one, reviews[:2]), (two, reviews[2:])]
    assert (given.decisions, given.on_claims, given.without_text, given.unwatched) == (3, 2, 0, 0)


def test_only_the_last_decision_on_a_claim_counts_and_none_that_was_taken_back() -> None:
    first = decision(Ruling.REJECT)
    last = replace(first, verdict=Ruling.CONFIRM, at=NOW + timedelta(days=1))
    undone = replace(decision(Ruling.REJECT, OTHER), undone_at=NOW, undone_by="zoe")

    given = material([last, first, undone], {"a1": make_article().article}, {"plant"})

    assert [list(each.reviews) for each in given.articles] == [[last]]


def test_articles_without_their_text_and_projects_that_are_not_watched_are_counted_and_left_out() -> None:
    reviews = [
        decision(Ruling.CONFIRM),
        decision(Ruling.CONFIRM, OTHER),
        decision(Ruling.CONFIRM, key="a2"),
        decision(Ruling.ASSIGN, OTHER, ELSEWHERE, key="a2"),
    ]

    given = material(reviews, {"a1": None, "a2": make_article("a2").article}, {"plant"})

    assert (given.decisions, given.without_text, given.unwatched) == (1, 1, 1)
