"""How the trained reader explains itself: what was found where, and what came of it."""

from monitor.core.model import FactKind, State
from monitor.core.periods import Period
from monitor.core.reading.explanation import DropReason, EventMark, Explanation, HintMark, QuantityMark
from monitor.core.reading.layout import Layout
from monitor.core.reading.trained.decoding import Decoder
from monitor.core.reading.trained.explain import explain
from monitor.core.reading.trained.pieces import Pieces
from monitor.core.reading.trained.scheme import CLAIMS, KINDS
from monitor.core.reading.trained.scores import Calibration, Scored, Scores
from tests.core.reading.texts import make_text
from tests.core.reading.trained.laid import laid
from tests.readers.hits import POOLING, nothing

OPERATING = CLAIMS.index(("operating", State.REACHED))
COMPLETED = CLAIMS.index(("completed", State.REACHED))
TEXT = "Volta spoke in 2024. Its cathode plant has been open since March 2025, with 500 jobs and 20 ha."


def explained(layout: Layout, pieces: Pieces, told: Scores, *, stages: frozenset[str] | None = None) -> Explanation:
    other = nothing(pieces, relevant=-5)
    scored = [Scored("cathode", layout, pieces, told), Scored("anode", layout, pieces, other)]
    decoder = Decoder(POOLING, Calibration())
    return explain(
        make_text(TEXT), scored, decoder, lambda _, stage: stage if stages is None or stage in stages else None
    )


def test_the_words_that_tell_a_claim_are_marked_with_what_they_tell() -> None:
    layout, pieces, words = laid(TEXT)
    told = nothing(pieces)
    told.claims[words.index("open"), OPERATING] = 4

    explanation = explained(layout, pieces, told)

    (event,) = [m for s in explanation.sentences for m in s.marks if isinstance(m, EventMark)]
    (telling,) = event.tellings
    (each,) = explanation.claims
    assert explanation.words(event.place) == "open"
    assert (telling.claim, telling.reason, telling.sureness) == (each, None, 0.98)
    assert each.date == Period.parse("2025-03")


def test_what_is_too_unlikely_to_be_claimed_is_shown_with_the_reason() -> None:
    layout, pieces, words = laid(TEXT)
    told = nothing(pieces)
    told.claims[words.index("open"), [OPERATING, COMPLETED]] = [4, -1]

    explanation = explained(layout, pieces, told)

    (event,) = [m for s in explanation.sentences for m in s.marks if isinstance(m, EventMark)]
    assert [(t.stage, t.reason) for t in event.tellings] == [("completed", DropReason.UNSURE), ("operating", None)]
    assert [each.stage for each in explanation.claims] == ["operating"]


def test_an_amount_is_shown_with_the_fact_that_it_is_or_with_why_it_is_none() -> None:
    layout, pieces, words = laid(TEXT)
    told = nothing(pieces)
    told.amounts[words.index("jobs"), 1 + KINDS.index(FactKind.JOBS)] = 40

    explanation = explained(layout, pieces, told)

    amounts = [m for s in explanation.sentences for m in s.marks if isinstance(m, QuantityMark)]
    said = {explanation.words(amount.place): (amount.facts, amount.reason) for amount in amounts}
    assert said == {"500 jobs": (explanation.facts, None), "20 ha": ((), DropReason.NOT_ITS_OWN)}


def test_an_article_that_concerns_no_candidate_says_so() -> None:
    layout, pieces, _ = laid(TEXT)

    explanation = explained(layout, pieces, nothing(pieces, relevant=-5))

    assert (explanation.projects, explanation.reason) == ((), DropReason.NOT_CONCERNED)


def test_an_article_that_names_nothing_is_shown_as_it_is() -> None:
    article = make_text("All are glad.", title="Nothing")

    explanation = explain(article, [], Decoder(POOLING, Calibration()), lambda _, stage: stage)

    assert (explanation.text, explanation.reason) == ("Nothing\nAll are glad.", DropReason.NOTHING_NAMED)


def test_the_words_that_the_reader_is_told_something_of_are_marked() -> None:
    layout, pieces, _ = laid("Volta has not opened its cathode plant.")

    explanation = explained(layout, pieces, nothing(pieces))

    hints = [m for s in explanation.sentences for m in s.marks if isinstance(m, HintMark)]
    assert ("not", "denied") in [(explanation.words(hint.place), hint.says) for hint in hints]
