"""Decoding: what scores say of an article."""

from dataclasses import replace

import numpy as np
import pytest

from monitor.core.model import FactKind, State
from monitor.core.periods import Period
from monitor.core.reading.layout import Layout
from monitor.core.reading.trained.decoding import DecodedCandidate, Decoder
from monitor.core.reading.trained.pieces import Pieces
from monitor.core.reading.trained.scheme import CLAIMS, KINDS, Trait
from monitor.core.reading.trained.scores import Calibration, Scored, Scores
from tests.core.reading.trained.laid import laid
from tests.readers.hits import POOLING as NEAREST
from tests.readers.hits import nothing

#: Dates near a claim, in its sentence, are likelier; no date is as likely as one somewhere else.
POOLING = replace(
    NEAREST, traits=np.array([[1 if trait is Trait.SAME_SENTENCE else -1 for trait in Trait]] * 3, np.float32)
)
OPERATING = CLAIMS.index(("operating", State.REACHED))
EXPECTED = CLAIMS.index(("operating", State.EXPECTED))


def decode(layout: Layout, pieces: Pieces, found: Scores, calibration: Calibration | None = None) -> DecodedCandidate:
    return Decoder(POOLING, calibration or Calibration()).decode(Scored("cathode", layout, pieces, found))


@pytest.mark.parametrize(("what", "told_of"), [("land purchase agreement", 0), ("investment agreement", 1)])
def test_an_agreement_on_land_is_none_on_the_plant(what: str, told_of: int) -> None:
    layout, pieces, words = laid(f"Volta builds a cathode plant in Tanger. It signed a {what}.")
    told = nothing(pieces)
    told.claims[words.index("signed"), CLAIMS.index(("agreed", State.REACHED))] = 4

    assert len(decode(layout, pieces, told).claims) == told_of


@pytest.mark.parametrize(
    ("sentence", "word", "claim", "told"),
    [
        # What is put off has not been reached.
        ("The start, due on Thursday, was postponed.", "start", ("operating", State.REACHED), []),
        ("The start was postponed to 2027.", "start", ("operating", State.REACHED), []),
        ("The start was announced in 2024.", "start", ("operating", State.REACHED), ["2024"]),
        # What comes earlier is not delayed.
        ("It opens in May 2026 instead of March 2028.", "instead", ("delayed", State.REACHED), []),
        # The end of a delay or a halt does not date it.
        ("It was delayed to 2027.", "delayed", ("delayed", State.REACHED), [None]),
        ("It is idle until Thursday.", "idle", ("suspended", State.REACHED), [None]),
        ("It was suspended in 2024.", "suspended", ("suspended", State.REACHED), ["2024"]),
    ],
)
def test_a_plan_that_moves_is_no_claim_of_its_former_day(
    sentence: str, word: str, claim: tuple[str, State], told: list[str | None]
) -> None:
    layout, pieces, words = laid(f"Volta builds a cathode plant in Tanger. {sentence}")
    found = nothing(pieces)
    found.claims[words.index(word), CLAIMS.index(claim)] = 4
    found.queries[words.index(word)] = [0, 9]
    for time in pieces.times[:1]:
        found.keys[time.start : time.stop] = [0, 9]

    claims = decode(layout, pieces, found).claims

    assert [claim.date and str(claim.date) for claim in claims] == told


def test_a_claim_has_the_sentence_of_the_piece_that_tells_it() -> None:
    layout, pieces, words = laid("Volta spoke. Its plant is open. All are glad.")
    told = nothing(pieces)
    told.claims[words.index("open"), OPERATING] = 4

    (claim,) = decode(layout, pieces, told).claims

    assert (claim.project, claim.stage, claim.state) == ("cathode", "operating", State.REACHED)
    assert (claim.evidence, claim.date) == ("Its plant is open.", None)
    assert claim.confidence == 0.98


def test_the_words_of_a_claim_are_those_that_tell_it_nearly_as_well_in_its_sentence() -> None:
    layout, pieces, words = laid("Volta is so. Its plant has been open for long. All are glad.")
    told = nothing(pieces)
    for word, score in {"Volta": 3.5, "has": 3, "been": 4, "open": 3.5, "long": 3.5}.items():
        told.claims[words.index(word), OPERATING] = score

    (claim,) = decode(layout, pieces, told).claims

    assert claim.span is not None
    assert layout.document.text.original[slice(*claim.span)] == "has been open"


def test_of_what_does_not_concern_the_project_nothing_is_told() -> None:
    layout, pieces, words = laid("Volta is open with 300 jobs.")
    told = nothing(pieces, relevant=-5)
    told.claims[words.index("open"), OPERATING] = 4
    told.amounts[:, 1 + KINDS.index(FactKind.JOBS)] = 9

    found = decode(layout, pieces, told)

    assert (found.is_relevant, found.claims, found.facts) == (False, (), ())
    assert found.relevance < 0.1


def test_a_plan_goes_without_saying_where_more_is_reached() -> None:
    layout, pieces, words = laid("Volta announced its plant, and it is open.")
    planned, told = CLAIMS.index(("announced", State.REACHED)), nothing(pieces)
    told.claims[words.index("announced"), planned] = 4

    alone = decode(layout, pieces, told).claims
    told.claims[words.index("open"), OPERATING] = 4
    beside = decode(layout, pieces, told).claims

    assert [claim.stage for claim in alone] == ["announced"]
    assert [claim.stage for claim in beside] == ["operating"]


def test_a_claim_takes_the_date_that_its_words_ask_for() -> None:
    layout, pieces, words = laid("Volta begins in 2027 and opens in 2028 or 2029.")
    told = nothing(pieces)
    told.claims[words.index("opens"), EXPECTED] = 4
    told.queries[words.index("opens")] = [0, 9]
    told.keys[words.index("2028")] = [0, 9]

    (claim,) = decode(layout, pieces, told).claims

    assert claim.date == Period.parse("2028")


def test_an_amount_is_a_fact_where_its_kind_is_likely() -> None:
    layout, pieces, words = laid("Volta spends 300 million euros on 500 jobs. It has 500 jobs.")
    told = nothing(pieces)
    told.amounts[[n for n, word in enumerate(words) if word == "jobs"], 1 + KINDS.index(FactKind.JOBS)] = 40

    (fact,) = decode(layout, pieces, told).facts

    assert (fact.project, fact.kind, fact.value, fact.unit) == ("cathode", FactKind.JOBS, 500, "jobs")
    assert fact.evidence == "Volta spends 300 million euros on 500 jobs."


@pytest.mark.parametrize(("slope", "shift", "sure"), [(1.0, 0.0, 0.98), (0.5, 0.0, 0.88), (1.0, -4.0, None)])
def test_calibration_says_how_sure_a_score_is(slope: float, shift: float, sure: float | None) -> None:
    layout, pieces, words = laid("Volta is open.")
    told = nothing(pieces)
    told.claims[words.index("open"), OPERATING] = 4

    found = decode(layout, pieces, told, Calibration(claim_weights=(slope, 0, 0, 0, shift), claim=0.51))

    assert [claim.confidence for claim in found.claims] == ([] if sure is None else [sure])
