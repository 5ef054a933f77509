"""The examples of a vocabulary, read."""

import pytest

from monitor.core.reading.examples import misreadings
from monitor.core.reading.lexicon import Lexicon

GROUND = "They broke ground."
DEAL = "They signed the deal."


def vocabulary(**examples: list[str]) -> Lexicon:
    data = {
        "language": "en",
        "events": {"construction": ["broke ground"], "announced": ["a plan"]},
        "examples": {
            {"ground": GROUND, "deal": DEAL, "plan": "There is a plan."}[key]: e for key, e in examples.items()
        },
    }
    return Lexicon.from_mapping(data, {})


@pytest.mark.parametrize(
    ("examples", "misread"),
    [
        pytest.param({"ground": ["construction reached"]}, [], id="as it says"),
        pytest.param({"deal": []}, [], id="nothing, as it says"),
        pytest.param({"plan": []}, [], id="that there is a plan needs no saying"),
        pytest.param({"deal": ["announced reached"]}, [], id="and may be said"),
        pytest.param({"deal": ["agreed reached"]}, [(DEAL, {"agreed reached"}, set())], id="missed"),
        pytest.param({"ground": []}, [(GROUND, set(), {"construction reached"})], id="invented"),
        pytest.param(
            {"ground": ["construction expected"], "deal": ["agreed reached"]},
            [(GROUND, {"construction expected"}, {"construction reached"}), (DEAL, {"agreed reached"}, set())],
            id="several, in the order of the file",
        ),
    ],
)
def test_examples_that_are_not_read_as_they_say_are_told(
    examples: dict[str, list[str]], misread: list[tuple[str, set[str], set[str]]]
) -> None:
    found = misreadings(vocabulary(**examples))

    assert [(m.example.text, set(m.missed), set(m.invented)) for m in found] == misread
