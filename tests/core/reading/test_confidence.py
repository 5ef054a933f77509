"""How sure a claim is follows from few grounds, and means how many of such claims are right."""

import pytest

from monitor.core.folding.weighing import ALERT_FROM
from monitor.core.lifecycle import Condition
from monitor.core.model import State
from monitor.core.reading.claims.confidence import Ground, confidence, end_of, grounds
from monitor.core.reading.events.events import Told
from monitor.core.reading.text.document import Span
from tests.core.reading.texts import lay_out

DOCUMENT = lay_out("One. Two. Three. Four. Five. Six.", title="A headline", published="2024-06-15")


def told(sentence: int = 1, *, is_open: bool = False) -> Told:
    return Told(
        stage="agreed",
        state=State.REACHED,
        sentence=sentence,
        span=Span(0, 1),
        head=Span(0, 1),
        sureness=0.9,
        superseded=False,
        hearsay=False,
        is_open=is_open,
    )


def on(
    *events: Told,
    stage: str = "agreed",
    state: State = State.REACHED,
    is_dated: bool = False,
    is_disputed: bool = False,
    is_named: bool = False,
    is_doubtful: bool = False,
    end: int = 7,
) -> set[Ground]:
    found = grounds(
        stage,
        state,
        events or (told(),),
        DOCUMENT,
        end=end,
        is_dated=is_dated,
        is_disputed=is_disputed,
        is_named=is_named,
        is_doubtful=is_doubtful,
    )
    return set(found)


def test_what_one_sentence_says_in_so_many_words_stands_on_nothing_more() -> None:
    assert on() == set()


def test_it_counts_how_often_and_where_it_is_told() -> None:
    assert on(told(0)) == {Ground.HEADLINE}
    assert on(told(1), told(2)) == {Ground.TWICE}
    assert on(told(1), told(1)) == set()
    assert on(told(0), told(1), told(2)) == {Ground.HEADLINE, Ground.AGAIN_AND_AGAIN}


def test_what_the_end_of_an_article_alone_tells_may_be_of_another_plant() -> None:
    assert on(told(5), end=5) == on(told(6), end=5) == {Ground.LATE}
    assert on(told(4), end=5) == set()
    assert on(told(1), told(6), end=5) == {Ground.TWICE}


def test_an_article_ends_with_the_last_sentences_that_anything_is_found_in() -> None:
    sentences = [sentence.span for sentence in DOCUMENT.sentences]

    assert end_of(DOCUMENT, sentences) == 5
    assert end_of(DOCUMENT, reversed(sentences[:6])) == 4
    assert end_of(DOCUMENT, [*sentences[:4], *sentences[:4]]) == len(sentences), "it is short"


def test_it_counts_what_is_claimed() -> None:
    assert on(is_dated=True) == {Ground.DATED}
    assert on(is_disputed=True) == {Ground.DISPUTED}
    assert on(stage="operating") == {Ground.COMMON}
    assert on(stage="operating", is_named=True) == {Ground.COMMON_NAMED}
    assert on(stage="operating", state=State.EXPECTED, is_dated=True) == {Ground.DATED}
    assert on(stage=Condition.CANCELLED, state=State.EXPECTED, is_dated=True) == {Ground.DATED, Ground.VAGUE}
    assert on(state=State.EXPECTED) == {Ground.VAGUE}
    assert on(state=State.DENIED, is_dated=True) == {Ground.DATED, Ground.PASSING}


def test_what_no_word_decides_on_is_doubtful_until_one_does() -> None:
    assert on(told(is_open=True)) == {Ground.UNMARKED}
    assert on(told(is_open=True), told()) == set()


@pytest.mark.parametrize("for_it", [Ground.HEADLINE, Ground.TWICE, Ground.AGAIN_AND_AGAIN, Ground.DATED])
def test_each_ground_for_a_claim_makes_it_surer(for_it: Ground) -> None:
    assert confidence([for_it]) > confidence([])


@pytest.mark.parametrize(
    "against",
    [
        Ground.DESCRIBED,
        Ground.UNMARKED,
        Ground.LATE,
        Ground.DISPUTED,
        Ground.COMMON,
        Ground.COMMON_NAMED,
        Ground.VAGUE,
        Ground.PASSING,
    ],
)
def test_each_ground_against_it_makes_it_less_sure(against: Ground) -> None:
    assert confidence([against]) < confidence([])
    assert confidence([against]) >= 0.5, "one ground alone hides no claim"


def test_a_share_lies_between_none_and_all() -> None:
    against = [g for g in Ground if confidence([g]) < confidence([])]
    against.remove(Ground.COMMON_NAMED)

    assert 0 < confidence(against) < 0.5
    assert 0.9 < confidence([g for g in Ground if confidence([g]) > confidence([])]) <= 1


def test_what_is_told_of_another_kind_of_plant_is_doubtful_even_as_a_headline() -> None:
    assert on(is_doubtful=True) == {Ground.OTHER_PLANT}
    assert confidence([Ground.OTHER_PLANT, Ground.HEADLINE]) < ALERT_FROM
