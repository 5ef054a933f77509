"""Claims and facts in the reader's words."""

import pytest

from monitor.core.message.told import statement
from monitor.core.message.tongue import Tongue
from monitor.core.model import Said, State
from monitor.core.periods import Period
from tests.builders import VOICE, make_claim, make_fact

EXPECTED = make_claim(stage="operating", state=State.EXPECTED, date=Period.parse("2028"))


@pytest.mark.parametrize(
    ("language", "said", "words"),
    [
        ("en", EXPECTED, "operating: expected, 2028"),
        ("fr", EXPECTED, "en exploitation : étape attendue, 2028"),
        ("fr", make_claim(stage="agreed", date=None), "convention signée : étape franchie"),
        ("fr", make_claim(stage="suspended", date=None), "suspendu : constaté"),
        ("en", make_fact(), "investment: 3 billion MAD"),
    ],
)
def test_a_statement_is_punctuated_as_its_language_is(language: str, said: Said, words: str) -> None:
    assert statement(said, Tongue.of(VOICE.catalogues, language)).replace("\N{NO-BREAK SPACE}", " ") == words
