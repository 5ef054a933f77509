"""The rules as a witness beside the learnt scores."""

from dataclasses import replace

from monitor.core.model import Claim, Fact, FactKind, Reading, State
from monitor.core.periods import Period
from monitor.core.reading.trained.decoding import Decoder, Found
from monitor.core.reading.trained.layout import Layout, Pieces
from monitor.core.reading.trained.scheme import KINDS
from monitor.core.reading.trained.scores import Calibration, Scored, Scores
from tests.builders import make_claim, make_fact
from tests.core.reading.trained.laid import laid
from tests.core.reading.trained.test_decoding import OPERATING, POOLING, scores

TEXT = "Volta spoke. Its cathode plant has been open since March 2025, with 500 jobs."
SENTENCE = "Its cathode plant has been open since March 2025, with 500 jobs."
#: A score and the rules together are enough, one of them is not.
BOTH = Calibration(
    claim_weights=(1, 0, 2, 0, 0, 0, 0, 0, 0), relevance_weights=(1, 2, 0), fact_weights=(1, 2, 0),
    claim=0.9, relevant=0.9, amount=0.8,
)  # fmt: skip


def rules(*claims: Claim, facts: tuple[Fact, ...] = (), projects: tuple[str, ...] = ("cathode",)) -> Reading:
    return Reading(language="en", projects=projects, claims=claims, facts=facts)


def read_claim(date: str | None = "2024", **changes: object) -> Claim:
    claim = make_claim(
        project="cathode", stage="operating", state=State.REACHED, date=Period.parse(date) if date else None,
        confidence=0.5, evidence=SENTENCE,
    )  # fmt: skip
    return replace(claim, **changes)  # type: ignore[arg-type]


def decode(layout: Layout, pieces: Pieces, told: Scores, by_rules: Reading, calibration: Calibration = BOTH) -> Found:
    return Decoder(POOLING, calibration).decode(Scored("cathode", layout, pieces, told, by_rules))


def open_scores(pieces: Pieces, words: list[str], score: float = 1) -> Scores:
    told = scores(pieces, relevant=-1)
    told.claims[words.index("open"), OPERATING] = score
    return told


def test_what_both_read_is_claimed() -> None:
    layout, pieces, words = laid(TEXT)

    (claim,) = decode(layout, pieces, open_scores(pieces, words), rules(read_claim())).claims

    assert (claim.stage, claim.state, claim.confidence) == ("operating", State.REACHED, 0.95)


def test_what_only_one_of_them_reads_is_not_claimed() -> None:
    layout, pieces, words = laid(TEXT)

    assert decode(layout, pieces, open_scores(pieces, words), rules()).claims == ()
    assert decode(layout, pieces, scores(pieces, relevant=-1), rules(read_claim())).claims == ()


def test_the_date_and_the_sentence_are_those_of_the_rules_where_they_read_the_claim() -> None:
    layout, pieces, words = laid(TEXT)
    told = open_scores(pieces, words)

    same = decode(layout, pieces, told, rules(read_claim("2024"))).claims
    elsewhere = decode(layout, pieces, told, rules(read_claim(None, evidence="Volta spoke."))).claims

    assert [(claim.date, claim.span) for claim in same] == [(Period.parse("2024"), (40, 44))]
    assert [(claim.date, claim.evidence, claim.span) for claim in elsewhere] == [(None, "Volta spoke.", None)]


def test_each_date_of_the_rules_is_a_claim() -> None:
    layout, pieces, words = laid(TEXT)

    found = decode(layout, pieces, open_scores(pieces, words), rules(read_claim("2024"), read_claim("2025"))).claims

    assert [str(claim.date) for claim in found] == ["2024", "2025"]


def test_whom_the_rules_take_for_concerned_is_so_on_a_lower_score() -> None:
    layout, pieces, _ = laid(TEXT)

    assert decode(layout, pieces, scores(pieces, relevant=-1), rules()).is_relevant
    assert not decode(layout, pieces, scores(pieces, relevant=-1), rules(projects=("anode",))).is_relevant


def test_what_the_rules_read_of_another_project_is_no_ground() -> None:
    layout, pieces, words = laid(TEXT)

    assert decode(layout, pieces, open_scores(pieces, words), rules(read_claim(project="anode"))).claims == ()


def test_a_stage_that_the_rules_read_in_another_state_may_speak_against_a_claim() -> None:
    layout, pieces, words = laid(TEXT)
    against = Calibration(claim_weights=(1, 0, 0, 0, -9, 0, 0, 0, 0))
    told = open_scores(pieces, words, score=4)

    assert decode(layout, pieces, told, rules(), against).claims
    assert not decode(layout, pieces, told, rules(read_claim(state=State.DENIED)), against).claims


def test_a_claim_of_a_stage_that_is_not_learnt_is_kept_as_the_rules_read_it() -> None:
    layout, pieces, _ = laid(TEXT)
    berthed = read_claim(stage="berthed")

    assert decode(layout, pieces, scores(pieces), rules(berthed)).claims == (berthed,)


def test_a_fact_of_both_has_the_words_of_its_amount() -> None:
    layout, pieces, words = laid(TEXT)
    told = scores(pieces)
    told.amounts[[words.index("500"), words.index("jobs")], 1 + KINDS.index(FactKind.JOBS)] = 5
    fact = make_fact(project="cathode", kind=FactKind.JOBS, value=500, unit="jobs", evidence=SENTENCE)

    alone = decode(layout, pieces, told, rules()).facts
    (both,) = decode(layout, pieces, told, rules(facts=(fact,))).facts

    assert alone == ()
    assert (both.value, both.span is not None, both.confidence > 0.8) == (500, True, True)


def test_a_fact_for_which_there_is_no_amount_rests_on_the_rules() -> None:
    layout, pieces, _ = laid(TEXT)
    fact = make_fact(project="cathode", kind=FactKind.AREA, value=20, unit="ha", evidence=SENTENCE)
    lenient = Calibration(fact_weights=(1, 2, 0))

    (found,) = decode(layout, pieces, scores(pieces), rules(facts=(fact,)), lenient).facts

    assert found == replace(fact, confidence=0.88)
