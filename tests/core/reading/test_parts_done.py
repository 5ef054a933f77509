"""That a part of what is built is done tells that works are under way, not that they are over."""

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

PLANT = Project(id="plant", name={"": "Plant"}, who=("Nordcell",), what=("cathode",), where=("Lulea",))
READER = RuleReader([PLANT], lexicons(), {"industrial": INDUSTRIAL})


def claims(text: str, language: str = "en") -> list[str]:
    reading = READER.read(make_text(text, language=language, published="2025-03-10"))
    return sorted(
        f"{c.stage} {c.state}{f' {c.date}' if c.date else ''}" for c in reading.claims if c.stage != "announced"
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The foundations of Nordcell's cathode plant in Lulea were completed in January."),
        ("en", "Nordcell has finished the main building of its cathode plant in Lulea."),
        ("fr", "Les fondations de l'usine cathode de Nordcell à Lulea ont été achevées en janvier."),
        ("es", "Nordcell terminó en enero la losa de la planta cathode en Lulea."),
        ("ar", "اكتملت في يناير أساسات مصنع Nordcell cathode في Lulea."),
        ("zh", "Nordcell位于Lulea的cathode项目已完成桩基施工。"),
    ],
)
def test_works_are_under_way_since_whatever_day(language: str, text: str) -> None:
    assert claims(text, language) == ["construction reached"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Nordcell's cathode plant in Lulea is now 80% finished."),
        ("fr", "L'usine cathode de Nordcell à Lulea est désormais achevée à 80 %."),
        ("es", "La planta cathode de Nordcell en Lulea está terminada al 80 %."),
        ("ar", "اكتمل بناء مصنع Nordcell cathode في Lulea بنسبة 80 في المئة."),
    ],
)
def test_a_plant_that_is_finished_by_a_share_is_under_way(language: str, text: str) -> None:
    assert claims(text, language) == ["construction reached"]


def test_all_of_it_is_no_share() -> None:
    assert claims("In Lulea, Nordcell's cathode plant is now 100% finished.") == ["completed reached"]


def test_a_part_that_is_still_to_be_finished_tells_nothing() -> None:
    assert claims("The foundations of Nordcell's cathode plant in Lulea are to be finished in May.") == []


def test_when_the_walls_were_up_is_not_when_works_began() -> None:
    text = "Construction of Nordcell's cathode plant in Lulea began in 2023. The roof was completed in January."

    assert claims(text) == ["construction reached 2023"]


def test_what_is_done_before_a_comma_is_not_what_is_told_behind_it() -> None:
    text = "With its foundations in, Nordcell's cathode plant in Lulea was completed in January."

    assert claims(text) == ["completed reached 2025-01"]
