"""Things that stand beside a project: what is told of them is not told of it."""

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
    where=("Sagunto", "Sagonte", "萨贡托", "ساغونتو"),
)
READER = RuleReader([PLANT], lexicons(), {"industrial": INDUSTRIAL})


def told(text: str, language: str) -> set[str]:
    reading = READER.read(make_text(text, language=language, published="2025-03-10"))
    return {claim.stage for claim in reading.claims if claim.stage != "announced"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The port of Sagunto has completed its new quay, which will serve Voltara's cells plant."),
        ("en", "The region has approved a water pipeline that will supply Voltara's cells plant in Sagunto."),
        ("en", "Kesling has cancelled its cells plant, a rival to the one of Voltara in Sagunto."),
        ("fr", "Le port de Sagonte a achevé son nouveau quai, qui desservira l'usine de cellules de Voltara."),
        ("fr", "Plusieurs projets sont à l'arrêt en Espagne, tandis que celui de Voltara à Sagonte avance."),
        ("es", "Kesling ha iniciado las obras de una planta de celdas en Huelva, similar a la de Voltara en Sagunto."),
        ("ar", "أنجز ميناء ساغونتو رصيفه الجديد الذي سيخدم مصنع فولتارا للخلايا."),
        ("zh", "萨贡托港新码头竣工，将服务沃尔塔拉电芯工厂。"),
    ],
)
def test_what_is_told_of_a_neighbour_is_not_told_of_the_project(language: str, text: str) -> None:
    assert told(text, language) == set()


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Voltara has completed its cells plant in Sagunto, similar to the one of Kesling.", "completed"),
        ("Voltara has cancelled the cells plant that will supply Voltara's customers from Sagunto.", "cancelled"),
        (
            "A line that will supply Voltara's cells plant in Sagunto is planned. Voltara has opened the plant.",
            "operating",
        ),
        (
            "A line that will supply power to the cells plant in Sagunto was approved, and Voltara opened it.",
            "operating",
        ),
    ],
)
def test_what_is_told_of_the_project_beside_something_else_is(text: str, stage: str) -> None:
    assert stage in told(text, "en")
