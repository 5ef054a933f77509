"""How the trained reader explains itself: what was found where, and what came of it."""

from dataclasses import replace

import numpy as np

from monitor.core.model import FactKind, Reading, State
from monitor.core.periods import Period
from monitor.core.reading.explanation import DateMark, EventMark, Explanation, NameMark, QuantityMark, Reason
from monitor.core.reading.trained.decoding import Decoder
from monitor.core.reading.trained.explain import explain
from monitor.core.reading.trained.layout import Layout, Pieces
from monitor.core.reading.trained.scheme import CLAIMS, KINDS
from monitor.core.reading.trained.scores import Calibration, Scored, Scores
from tests.builders import make_claim
from tests.core.reading.texts import make_text
from tests.core.reading.trained.laid import laid
from tests.core.reading.trained.test_decoding import NOTHING, OPERATING, POOLING, scores

#: A date in the sentence of a claim is its own.
NEAREST = replace(POOLING, traits=np.array([[1, 0, 0, 0, 0, 0, 0]] * 3, np.float32))
COMPLETED = CLAIMS.index(("completed", State.REACHED))
TEXT = "Volta spoke in 2024. Its cathode plant has been open since March 2025, with 500 jobs and 20 ha."


def explained(
    layout: Layout, pieces: Pieces, told: Scores, *, stages: frozenset[str] | None = None, rules: Reading = NOTHING
) -> Explanation:
    other = scores(pieces, relevant=-5)
    scored = [Scored("cathode", layout, pieces, told, rules), Scored("anode", layout, pieces, other, rules)]
    decoder = Decoder(NEAREST, Calibration())
    return explain(make_text(TEXT), scored, decoder, lambda _, stage: stages is None or stage in stages)


def marked(explanation: Explanation, kind: type) -> list[str]:
    marks = [mark for sentence in explanation.sentences for mark in sentence.marks if isinstance(mark, kind)]
    return [explanation.words(mark.place) for mark in marks]


def test_the_words_that_tell_a_claim_are_marked_with_what_they_tell() -> None:
    layout, pieces, words = laid(TEXT)
    told = scores(pieces)
    told.claims[words.index("open"), OPERATING] = 4

    explanation = explained(layout, pieces, told)

    (event,) = [m for s in explanation.sentences for m in s.marks if isinstance(m, EventMark)]
    (telling,) = event.tellings
    (each,) = explanation.claims
    assert explanation.words(event.place) == "open"
    assert (telling.claim, telling.reason, telling.sureness) == (each.claim, None, 0.98)
    assert (each.claim.date, each.places) == (Period.parse("2025-03"), (event.place,))


def test_what_is_too_unlikely_to_be_claimed_is_shown_with_the_reason() -> None:
    layout, pieces, words = laid(TEXT)
    told = scores(pieces)
    told.claims[words.index("open"), [OPERATING, COMPLETED]] = [4, -1]

    explanation = explained(layout, pieces, told)

    (event,) = [m for s in explanation.sentences for m in s.marks if isinstance(m, EventMark)]
    assert [(t.stage, t.reason) for t in event.tellings] == [("completed", Reason.UNSURE), ("operating", None)]
    assert [each.claim.stage for each in explanation.claims] == ["operating"]


def test_a_stage_that_the_lifecycle_lacks_is_not_shown() -> None:
    layout, pieces, words = laid(TEXT)
    told = scores(pieces)
    told.claims[words.index("open"), OPERATING] = 4

    explanation = explained(layout, pieces, told, stages=frozenset({"completed"}))

    assert (explanation.claims, marked(explanation, EventMark)) == ((), [])


def test_the_date_that_was_tied_to_a_claim_is_told_from_the_others() -> None:
    layout, pieces, words = laid(TEXT)
    told = scores(pieces)
    told.claims[words.index("open"), OPERATING] = 4

    explanation = explained(layout, pieces, told)

    dates = [m for s in explanation.sentences for m in s.marks if isinstance(m, DateMark)]
    said = [(explanation.words(date.place), date.is_used) for date in dates]
    assert said == [("2024", False), ("since March 2025", True)]


def test_an_amount_is_shown_with_the_fact_that_it_is_or_with_why_it_is_none() -> None:
    layout, pieces, words = laid(TEXT)
    told = scores(pieces)
    told.amounts[words.index("jobs"), 1 + KINDS.index(FactKind.JOBS)] = 40

    explanation = explained(layout, pieces, told)

    amounts = [m for s in explanation.sentences for m in s.marks if isinstance(m, QuantityMark)]
    said = {explanation.words(amount.place): (amount.facts, amount.reason) for amount in amounts}
    assert said == {"500 jobs": (explanation.facts, None), "20 ha": ((), Reason.NOT_ITS_OWN)}


def test_it_says_how_likely_each_candidate_is_concerned() -> None:
    layout, pieces, _ = laid(TEXT)

    explanation = explained(layout, pieces, scores(pieces))

    assert explanation.relevance == (("cathode", 1.0), ("anode", 0.03))
    assert (explanation.projects, explanation.reason) == (("cathode",), None)
    assert marked(explanation, NameMark)


def test_an_article_that_concerns_no_candidate_says_so() -> None:
    layout, pieces, _ = laid(TEXT)

    explanation = explained(layout, pieces, scores(pieces, relevant=-5))

    assert (explanation.projects, explanation.reason) == ((), Reason.NOT_CONCERNED)


def test_an_article_that_names_nothing_is_shown_as_it_is() -> None:
    article = make_text("All are glad.", title="Nothing")

    explanation = explain(article, [], Decoder(POOLING, Calibration()), lambda *_: True)

    assert (explanation.text, explanation.reason) == ("Nothing\nAll are glad.", Reason.NOTHING_NAMED)


def test_a_claim_of_a_stage_that_only_the_rules_know_is_shown() -> None:
    layout, pieces, _ = laid(TEXT)
    berthed = make_claim(project="cathode", stage="berthed", evidence="Volta spoke in 2024.")
    rules = Reading(language="en", projects=("cathode",), claims=(berthed,), facts=())

    explanation = explained(layout, pieces, scores(pieces), rules=rules)

    assert [each.claim for each in explanation.claims] == [berthed]
