"""Claims and facts in the reader's words."""

import pytest

from monitor.core.message.statements import statement
from monitor.core.message.tongue import Tongue
from monitor.core.model import Portion, Said, State
from monitor.core.periods import Period
from tests.builders import VOICE, make_claim, make_fact

EXPECTED = make_claim(stage="operating", state=State.EXPECTED, date=Period.parse("2028"))


@pytest.mark.parametrize(
    ("language", "said", "words"),
    [
        ("en", EXPECTED, "operating: expected, 2028"),
        ("fr", EXPECTED, "en exploitation : étape attendue, 2028"),
        ("fr", make_claim(stage="agreed", date=None), "convention signée : étape franchie"),
        ("es", make_claim(stage="completed", date=None), "construcción terminada: hito alcanzado"),
        ("fr", make_claim(stage="suspended", date=None), "suspendu : constaté"),
        ("fr", make_claim(stage="commissioning", date=None), "en essais : étape franchie"),
        ("en", make_claim(stage="closed", state=State.DENIED, date=None), "closed: denied"),
        ("zh", EXPECTED, "已投产：预计，2028年"),
        ("en", make_fact(), "investment: 3 billion MAD"),
    ],
)
def test_a_statement_is_punctuated_as_its_language_is(language: str, said: Said, words: str) -> None:
    assert statement(said, Tongue.of(VOICE.catalogues, language)).replace("\N{NO-BREAK SPACE}", " ") == words


@pytest.mark.parametrize(
    ("language", "phase", "words"),
    [("en", Portion.PART, "part"), ("fr", Portion.LAST, "à terme"), ("fr", "first phase", "first phase")],
)
def test_a_part_without_a_name_is_told_in_the_readers_language(language: str, phase: str, words: str) -> None:
    assert Tongue.of(VOICE.catalogues, language).part(phase) == words
