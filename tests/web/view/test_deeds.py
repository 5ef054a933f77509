"""The audit log in words."""

import pytest

from monitor.core.message.tongue import Tongue
from monitor.web.pages.audit import deed, details
from tests.builders import VOICE

FRENCH = Tongue.of(VOICE.catalogues, "fr")


def bare(text: str) -> str:
    """The text without the marks around what comes from outside, and with plain spaces."""
    return text.translate({0x2068: None, 0x2069: None, 0x2060: None, 0xA0: " ", 0x202F: " "})


def test_an_action_is_told_as_a_sentence_about_its_actor() -> None:
    assert deed("claims.assign", FRENCH) == "a attribué une affirmation à un autre projet"


def test_an_action_of_another_version_keeps_its_name() -> None:
    assert bare(deed("moons.add", FRENCH)) == "moons.add"


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ({"role": "operator"}, ["rôle : opérateur"]),
        ({"before": "viewer", "after": "admin"}, ["avant : lecteur", "maintenant : administrateur"]),
        ({"means": "password", "address": "192.0.2.7"}, ["par : mot de passe", "depuis l’adresse : 192.0.2.7"]),
        ({"project": "*", "until": "2027-01-31"}, ["projet : *", "jusqu’au : 31 janvier 2027"]),
        (
            {"said": {"stage": "agreed", "state": "reached", "date": "2026-05"}},
            ["lu : (étape : convention signée, état : étape franchie, date : mai 2026)"],
        ),
        ({"instead": {"kind": "jobs", "value": 200}}, ["juste : (chiffre : emplois, montant : 200)"]),
        ({"added": ["a", "b"]}, ["ajouté : a, b"]),
        ({"quiet": True, "reason": "", "instead": None, "changes": [], "paused": False}, ["personne n’a été alerté"]),
        ({"number": 0}, ["nombre : 0"]),
        ({"role": "emperor", "moons": 2}, ["rôle : emperor", "moons : 2"]),
    ],
)
def test_what_is_known_of_an_action_is_told_in_the_readers_words(detail: dict[str, object], said: list[str]) -> None:
    assert [bare(each) for each in details(detail, FRENCH)] == said
