"""The vocabulary of a language: checked when it is built, proven by its own examples."""

import pytest

from monitor.core.reading.examples import misreadings
from monitor.core.reading.lexicon import Form, Lexicon
from monitor.core.reading.text.vocabulary import LexiconError
from tests.core.reading.texts import lexicons


@pytest.mark.parametrize("language", sorted(lexicons()))
def test_each_example_of_a_shipped_vocabulary_is_read_as_it_says(language: str) -> None:
    assert list(misreadings(lexicons()[language])) == []


def test_every_language_has_examples_of_every_stage_and_condition() -> None:
    stages = {
        "agreed", "approved", "construction", "completed", "commissioning", "operating",
        "delayed", "suspended", "resumed", "cancelled", "closed",
    }  # fmt: skip
    for language, lexicon in lexicons().items():
        shown = {claim.partition(" ")[0] for example in lexicon.examples for claim in example.claims}
        assert stages <= shown, language


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"evnts": {}}, "evnts"),
        ({"events": {"agreed": ["SIGN it"]}}, "events.agreed[0]"),
        ({"events": {"agreed": "x y <> z <> w"}}, "events.agreed[0]"),
        ({"verbs": {"sign": ["si*gn"]}}, "verbs.sign[0]"),
        ({"verbs": {"sign": ["sign"]}, "nouns": {"sign": ["sign"]}}, "nouns.sign"),
        ({"scope": {"far": 3}}, "scope.far"),
        ({"clauses": {"word": ["but"]}}, "clauses.word"),
        ({"cues": {"perhaps": {}}}, "cues.perhaps"),
        ({"cues": {"denied": {"near": ["not"]}}}, "cues.denied.near"),
        ({"tenses": {"future": ["*ra"]}}, "tenses.future"),
        ({"outcomes": {"build": {"maybe": []}}}, "outcomes.build.maybe"),
        ({"outcomes": {"build": {"reached": ["construction now"]}}}, "outcomes.build.reached"),
    ],
)
def test_a_wrong_vocabulary_names_the_key_at_fault(data: dict[str, object], key: str) -> None:
    with pytest.raises(LexiconError) as error:
        Lexicon.from_mapping({"language": "xx", **data}, {})
    assert error.value.key == key


def test_an_empty_vocabulary_is_one() -> None:
    lexicon = Lexicon.from_mapping({"language": "xx"}, {})

    assert lexicon.language == "xx"
    assert lexicon.form("word") is Form.PRESENT


def test_the_first_tense_that_fits_a_verb_holds() -> None:
    lexicon = Lexicon.from_mapping({"language": "xx", "tenses": {"present": ["entrée"], "past": ["*ée"]}}, {})

    assert lexicon.form("signée") is Form.PAST
    assert lexicon.form("entrée") is Form.PRESENT
