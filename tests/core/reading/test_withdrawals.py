"""Partners who leave a project, and projects that are given up by whoever builds them."""

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

PLANT = Project(
    id="plant",
    name={"": "Plant"},
    who=("Voltara", "沃尔塔拉", "فولتارا"),
    what=("cells", "cellules", "celdas", "电芯", "خلايا"),
    where=("Sagunto", "Sagonte", "西班牙", "إسبانيا"),
)
READER = RuleReader([PLANT], lexicons(), {"industrial": INDUSTRIAL})


def is_given_up(text: str, language: str) -> bool:
    reading = READER.read(make_text(text, language=language, published="2025-03-10"))
    assert reading.projects == ("plant",)
    return any(claim.stage == "cancelled" for claim in reading.claims)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Kesling has pulled out of the venture with Voltara for a cells plant in Sagunto."),
        ("en", "Voltara's partner in the Sagunto cells plant is pulling out of the project."),
        ("en", "Voltara has withdrawn from a joint venture with Kesling for a cells plant in Sagunto."),
        ("fr", "Voltara prévoit une usine de cellules à Sagonte. Kesling se retire du projet."),
        ("es", "Voltara prevé una planta de celdas en Sagunto. Kesling abandona el proyecto y le vende su parte."),
        ("zh", "合作方凯斯林退出沃尔塔拉西班牙电芯工厂项目。"),
        ("ar", "انسحبت شركة كيسلينغ، شريكة فولتارا، من مشروع مصنع الخلايا في إسبانيا."),
    ],
)
def test_a_partner_who_leaves_gives_up_no_project(language: str, text: str) -> None:
    assert not is_given_up(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Voltara has pulled out of the cells plant in Sagunto."),
        ("en", "Voltara plans a cells plant in Sagunto. It has pulled out of the project."),
        ("en", "Voltara plans a cells plant in Sagunto. The company's head, Ann Kesling, pulled out of the project."),
        ("en", "Voltara plans a cells plant in Sagunto. Kesling has scrapped the project."),
        ("es", "Voltara abandona el proyecto de la planta de celdas en Sagunto."),
        ("zh", "沃尔塔拉退出西班牙电芯工厂项目。"),
    ],
)
def test_whoever_builds_it_does(language: str, text: str) -> None:
    assert is_given_up(text, language)
