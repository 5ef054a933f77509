"""The vocabulary of a language: checked when it is built."""

from importlib import resources

import pytest
from ruamel.yaml import YAML

from monitor.core.reading.flags import STAGES
from monitor.core.reading.lexicon import Lexicon
from monitor.core.reading.text.vocabulary import LexiconError
from tests.core.reading.texts import lexicons


def test_every_language_has_phrases_of_every_stage_and_condition() -> None:
    for language in lexicons():
        file = resources.files("monitor.lexicons") / f"{language}.yaml"
        events = YAML(typ="safe").load(file.read_text(encoding="utf-8"))["events"]
        assert set(STAGES) == {stage for key in events for stage in key.split()}, language


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
        ({"cues": {"denied": {"near": ["not"]}}}, "cues.denied"),
        ({"dates": {"patterns": {"(": "year"}}}, "dates.patterns.("),
        ({"dates": {"patterns": {"{century}": "year"}}}, "dates.patterns.{century}"),
        ({"dates": {"patterns": {"x": "year soon"}}}, "dates.patterns.x"),
        ({"dates": {"months": {"may": "five"}}}, "dates.months.may"),
        ({"dates": {"moths": {}}}, "dates.moths"),
        ({"focus": {"facility": ["plant"]}}, "focus.facility"),
        ({"numbers": {"words": {"two": ["deux"]}}}, "numbers.words.two"),
        ({"numbers": {"thousands": {"plain": ["dot"]}}}, "numbers.thousands.plain[0]"),
        ({"numbers": {"scales": ["mille"]}}, "numbers.scales"),
        ({"purposes": {"power": {"near": ["solar"]}}}, "purposes.power.near"),
        ({"quantities": {"units": {"stone": ["stone"]}}}, "quantities.units.stone"),
        ({"quantities": {"shared": {"dollar": {"coin": ["$"]}}}}, "quantities.shared.dollar.coin"),
        ({"quantities": {"money_scales": {"k": ["k"]}}}, "quantities.money_scales.k"),
    ],
)
def test_a_wrong_vocabulary_names_the_key_at_fault(data: dict[str, object], key: str) -> None:
    with pytest.raises(LexiconError) as error:
        Lexicon.from_mapping({"language": "xx", **data}, {})
    assert error.value.key == key
