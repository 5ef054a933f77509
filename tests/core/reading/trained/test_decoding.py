"""Decoding: what scores say of an article."""

from dataclasses import replace

import numpy as np
import pytest

from monitor.core.model import Claim, FactKind, Reading, State
from monitor.core.periods import Period
from monitor.core.reading.projects.doubts import DOUBTFUL
from monitor.core.reading.trained.decoding import Decoder, Found
from monitor.core.reading.trained.layout import Layout, Pieces
from monitor.core.reading.trained.scheme import CLAIMS, DISTANCES, KINDS, Trait
from monitor.core.reading.trained.scores import Calibration, Pooling, Scored, Scores, whole
from tests.core.reading.trained.laid import laid

KEY = 2
#: Dates near a claim, in its sentence, are likelier; no date is as likely as one somewhere else.
POOLING = Pooling(
    claim_bias=np.zeros(len(CLAIMS), np.float32),
    relevance_bias=np.float32(0),  # type: ignore[arg-type]
    claim_query=np.zeros((len(CLAIMS), KEY), np.float32),
    no_date=np.zeros(KEY, np.float32),
    no_date_bias=np.zeros(3, np.float32),
    near=np.zeros(DISTANCES, np.float32),
    traits=np.array([[1 if trait is Trait.SAME_SENTENCE else -1 for trait in Trait]] * 3, np.float32),
)
NOTHING = Reading(language="en", projects=(), claims=(), facts=())
OPERATING = CLAIMS.index(("operating", State.REACHED))
EXPECTED = CLAIMS.index(("operating", State.EXPECTED))


def scores(pieces: Pieces, *, relevant: float = 5) -> Scores:
    """Of an article that says nothing."""
    size = len(pieces)
    amounts = np.zeros((size, 1 + len(KINDS)), np.float32)
    amounts[:, 0] = 5
    return Scores(
        claims=np.full((size, len(CLAIMS)), -9, np.float32),
        relevant=np.full(size, relevant, np.float32),
        amounts=amounts,
        keys=np.zeros((size, KEY), np.float32),
        queries=np.zeros((size, KEY), np.float32),
    )


def decode(layout: Layout, pieces: Pieces, found: Scores, calibration: Calibration | None = None) -> Found:
    return Decoder(POOLING, calibration or Calibration()).decode(Scored("cathode", layout, pieces, found, NOTHING))


def test_an_article_that_says_nothing_is_relevant_and_no_more() -> None:
    layout, pieces, _ = laid("Volta spoke in March 2025 of 300 million euros.")

    found = decode(layout, pieces, scores(pieces))

    assert (found.is_relevant, found.claims, found.facts) == (True, (), ())


@pytest.mark.parametrize(("what", "told_of"), [("land purchase agreement", 0), ("investment agreement", 1)])
def test_an_agreement_on_land_is_none_on_the_plant(what: str, told_of: int) -> None:
    layout, pieces, words = laid(f"Volta builds a cathode plant in Tanger. It signed a {what}.")
    told = scores(pieces)
    told.claims[words.index("signed"), CLAIMS.index(("agreed", State.REACHED))] = 4

    assert len(decode(layout, pieces, told).claims) == told_of


@pytest.mark.parametrize(("expected", "is_sure"), [(6, False), (1, True)])
def test_a_step_that_is_more_surely_still_to_come_is_not_sure_to_be_reached(expected: float, *, is_sure: bool) -> None:
    layout, pieces, words = laid("Volta builds a cathode plant in Tanger. It opened it. It will open.")
    told = scores(pieces)
    told.claims[words.index("opened"), OPERATING] = 1
    told.claims[words.index("open"), EXPECTED] = expected

    found = {claim.state: claim.confidence for claim in decode(layout, pieces, told).claims}
    assert (found[State.REACHED] > DOUBTFUL) is is_sure


@pytest.mark.parametrize(("score", "told_of"), [(0.2, 0), (0.6, 1)])
def test_bad_news_that_the_rules_do_not_read_is_told_only_if_it_is_likely(score: float, told_of: int) -> None:
    layout, pieces, words = laid("Volta builds a cathode plant in Tanger. Its plant is late.")
    told = scores(pieces)
    told.claims[words.index("late"), CLAIMS.index(("delayed", State.REACHED))] = score

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
    found = scores(pieces)
    found.claims[words.index(word), CLAIMS.index(claim)] = 4
    found.queries[words.index(word)] = [0, 9]
    for time in pieces.times[:1]:
        found.keys[time.start : time.stop] = [0, 9]

    claims = decode(layout, pieces, found).claims

    assert [claim.date and str(claim.date) for claim in claims] == told


@pytest.mark.parametrize(("rules", "told_of"), [((), 1), (("delayed",), 0)])
def test_what_was_due_on_a_former_day_is_not_expected_if_the_rules_read_that_something_is_amiss(
    rules: tuple[str, ...], told_of: int
) -> None:
    layout, pieces, words = laid("Volta builds a cathode plant in Tanger. It was originally due in 2026.")
    found = scores(pieces)
    found.claims[words.index("due"), EXPECTED] = 4
    found.queries[words.index("due")] = [0, 9]
    found.keys[words.index("2026")] = [0, 9]
    amiss = tuple(
        Claim(project="cathode", stage=stage, state=State.REACHED, date=None, confidence=0.9, evidence="")
        for stage in rules
    )
    reading = Reading(language="en", projects=("cathode",), claims=amiss, facts=())

    claims = Decoder(POOLING, Calibration()).decode(Scored("cathode", layout, pieces, found, reading)).claims

    assert len([claim for claim in claims if claim.stage == "operating"]) == told_of


def test_the_day_of_an_old_plan_is_never_chosen_beside_that_of_the_new_one() -> None:
    layout, pieces, words = laid(
        "Volta builds a cathode plant in Tanger. It was originally due in 2026: now it is 2027."
    )
    found = scores(pieces)
    found.claims[words.index("due"), EXPECTED] = 4
    found.queries[words.index("due")] = [0, 9]
    found.keys[words.index("2026")] = [0, 9]
    found.keys[words.index("2027")] = [0, 1]

    (claim,) = decode(layout, pieces, found).claims

    assert str(claim.date) == "2027"


def test_a_claim_has_the_sentence_of_the_piece_that_tells_it() -> None:
    layout, pieces, words = laid("Volta spoke. Its plant is open. All are glad.")
    told = scores(pieces)
    told.claims[words.index("open"), OPERATING] = 4

    (claim,) = decode(layout, pieces, told).claims

    assert (claim.project, claim.stage, claim.state) == ("cathode", "operating", State.REACHED)
    assert (claim.evidence, claim.date) == ("Its plant is open.", None)
    assert claim.confidence == 0.98


def test_the_words_of_a_claim_are_those_that_tell_it_nearly_as_well_in_its_sentence() -> None:
    layout, pieces, words = laid("Volta is so. Its plant has been open for long. All are glad.")
    told = scores(pieces)
    for word, score in {"Volta": 3.5, "has": 3, "been": 4, "open": 3.5, "long": 3.5}.items():
        told.claims[words.index(word), OPERATING] = score

    (claim,) = decode(layout, pieces, told).claims

    assert claim.span is not None
    assert layout.document.text.original[slice(*claim.span)] == "has been open"


def test_of_what_does_not_concern_the_project_nothing_is_told() -> None:
    layout, pieces, words = laid("Volta is open with 300 jobs.")
    told = scores(pieces, relevant=-5)
    told.claims[words.index("open"), OPERATING] = 4
    told.amounts[:, 1 + KINDS.index(FactKind.JOBS)] = 9

    found = decode(layout, pieces, told)

    assert (found.is_relevant, found.claims, found.facts) == (False, (), ())
    assert found.relevance < 0.1


def test_a_plan_goes_without_saying_where_more_is_reached() -> None:
    layout, pieces, words = laid("Volta announced its plant, and it is open.")
    planned, told = CLAIMS.index(("announced", State.REACHED)), scores(pieces)
    told.claims[words.index("announced"), planned] = 4

    alone = decode(layout, pieces, told).claims
    told.claims[words.index("open"), OPERATING] = 4
    beside = decode(layout, pieces, told).claims

    assert [claim.stage for claim in alone] == ["announced"]
    assert [claim.stage for claim in beside] == ["operating"]


def test_a_claim_takes_the_date_of_its_sentence() -> None:
    layout, pieces, words = laid("Volta spoke in 2024. Its plant has been open since March 2025.")
    told = scores(pieces)
    told.claims[words.index("open"), OPERATING] = 4
    plain = replace(POOLING, traits=np.array([[1, 0, 0, 0, 0, 0, 0]] * 3, np.float32))

    (claim,) = Decoder(plain, Calibration()).decode(Scored("cathode", layout, pieces, told, NOTHING)).claims

    assert claim.date == Period.parse("2025-03")


def test_a_claim_takes_the_date_that_its_words_ask_for() -> None:
    layout, pieces, words = laid("Volta begins in 2027 and opens in 2028 or 2029.")
    told = scores(pieces)
    told.claims[words.index("opens"), EXPECTED] = 4
    told.queries[words.index("opens")] = [0, 9]
    told.keys[words.index("2028")] = [0, 9]

    (claim,) = decode(layout, pieces, told).claims

    assert claim.date == Period.parse("2028")


def test_a_claim_has_no_date_where_none_is_likelier() -> None:
    layout, pieces, words = laid("Volta spoke in 2024. Its plant is open.")
    told = scores(pieces)
    told.claims[words.index("open"), OPERATING] = 4

    assert decode(layout, pieces, told).claims[0].date is None


def test_an_amount_is_a_fact_where_its_kind_is_likely() -> None:
    layout, pieces, words = laid("Volta spends 300 million euros on 500 jobs. It has 500 jobs.")
    told = scores(pieces)
    told.amounts[[n for n, word in enumerate(words) if word == "jobs"], 1 + KINDS.index(FactKind.JOBS)] = 40

    (fact,) = decode(layout, pieces, told).facts

    assert (fact.project, fact.kind, fact.value, fact.unit) == ("cathode", FactKind.JOBS, 500, "jobs")
    assert fact.evidence == "Volta spends 300 million euros on 500 jobs."


@pytest.mark.parametrize(("slope", "shift", "sure"), [(1.0, 0.0, 0.98), (0.5, 0.0, 0.88), (1.0, -4.0, None)])
def test_calibration_says_how_sure_a_score_is(slope: float, shift: float, sure: float | None) -> None:
    layout, pieces, words = laid("Volta is open.")
    told = scores(pieces)
    told.claims[words.index("open"), OPERATING] = 4

    found = decode(layout, pieces, told, Calibration(claim_weights=(slope, *[0] * 7, shift), claim=0.51))

    assert [claim.confidence for claim in found.claims] == ([] if sure is None else [sure])


def test_what_the_encoder_gives_is_split_into_its_scores() -> None:
    size = len(CLAIMS) + 2 + len(KINDS) + 2 * KEY
    joined = np.arange(2 * size, dtype=np.float32).reshape(2, size)

    found = Scores.of(joined)

    assert np.array_equal(np.column_stack(found), joined)
    assert (found.relevant.shape, found.keys.shape, found.queries.shape) == ((2,), (2, KEY), (2, KEY))


def test_pooling_is_read_by_its_names() -> None:
    arrays = {name: getattr(POOLING, name) for name in Pooling.__slots__}

    assert np.array_equal(Pooling.from_mapping(arrays).traits, POOLING.traits)


def test_the_pieces_of_a_window_that_was_not_read_say_nothing() -> None:
    width = len(CLAIMS) + 2 + len(KINDS) + 2 * KEY
    read = np.ones((2, width), np.float32)

    found = Scores.of(whole({1: read}, [3, 2]))

    assert np.array_equal(found.claims[3:], read[:, : len(CLAIMS)])
    assert (found.claims[:3] < -20).all()
    assert (found.relevant[:3] < -20).all()
    assert (found.amounts[:3].argmax(1) == 0).all()
    assert found.keys.shape == found.queries.shape == (5, KEY)
