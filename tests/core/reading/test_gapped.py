"""What a sentence tells of a second stage by its noun and time alone."""

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

PROJECTS = (
    Project(
        id="lyon",
        name={"": "Lyon"},
        who=("Motorix", "موتوريكس", "莫托"),
        what=("cars", "voitures", "coches", "سيارات", "汽车"),
        where=("Lyon", "ليون", "里昂"),
    ),
)
READER = RuleReader(PROJECTS, lexicons(), {"industrial": INDUSTRIAL})
LEADS = {
    "en": "Motorix has a cars plant in Lyon.",
    "fr": "Motorix a une usine de voitures à Lyon.",
    "es": "Motorix tiene una planta de coches en Lyon.",
    "ar": "لدى موتوريكس مصنع سيارات في ليون.",
}


def claims(language: str, text: str) -> list[str]:
    """What is claimed beyond plans: ``construction reached 2024``."""
    article = make_text(f"{LEADS[language]} {text}", language=language, published="2026-03-12")
    return sorted(
        f"{c.stage} {c.state}{f' {c.date}' if c.date else ''}"
        for c in READER.read(article).claims
        if c.stage != "announced"
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Construction began in March 2024 and production in December 2025."),
        ("fr", "Les travaux ont débuté en mars 2024 et la production en décembre 2025."),
        ("es", "Las obras empezaron en marzo de 2024 y la producción, de 900 coches, en diciembre de 2025."),
        ("ar", "بدأت الأشغال في مارس 2024 والإنتاج في دجنبر 2025."),
    ],
)
def test_a_noun_with_its_own_time_has_the_verb_before_it(language: str, text: str) -> None:
    assert claims(language, text) == ["construction reached 2024-03", "operating reached 2025-12"]


def test_what_is_yet_to_come_goes_on_as_yet_to_come() -> None:
    text = "El inicio de las obras está previsto para septiembre y el de la producción para 2028."

    assert claims("es", text) == ["construction expected 2026-09", "operating expected 2028"]


@pytest.mark.parametrize(
    "text",
    [
        # Between the noun and the time is more than a preposition, or before the noun more than an "and".
        "Construction began in March 2024 and production of cheap steel elsewhere fell in December 2025.",
        "Construction began in March 2024 with a loan that will help production in December 2025.",
        # The second time is far off, is no noun's, or was planned once.
        f"Construction began in March 2024, {'very ' * 20}late, and output in 2025.",
        "Construction began in March 2024 and a report came in December 2025.",
        "Construction began in March 2024, a stage initially planned for December 2025.",
        # Of the same stage nothing more is told.
        "Construction began in March 2024 and building work in December 2025.",
    ],
)
def test_other_times_are_of_no_stage(text: str) -> None:
    assert claims("en", text) == ["construction reached 2024-03"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The sun shone in March 2024 and production in December 2025.", []),
        ("The plant was shut down in March 2024 and output in December 2025.", ["closed reached 2024-03"]),
        (
            "Construction began in March 2024, the plant was approved in May 2023 and production in December 2025.",
            ["approved reached 2023-05", "construction reached 2024-03", "operating reached 2025-12"],
        ),
    ],
)
def test_only_a_step_is_gone_on_from(text: str, expected: list[str]) -> None:
    assert claims("en", text) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Phase one went into production in January and phase two will in 2028."),
        ("fr", "La première phase est entrée en production en janvier et la deuxième doit l'être en 2028."),
        ("es", "La primera fase entró en producción en enero; la segunda, en 2028."),
        ("ar", "ودخل الخط الأول حيز الإنتاج في يناير الماضي، على أن يدخل الثاني في 2028."),
    ],
)
def test_a_further_part_does_the_same_at_its_own_time(language: str, text: str) -> None:
    assert claims(language, text) == ["operating expected 2028", "operating reached 2026-01"]
