"""Projects that go to another place than the one that is watched."""

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

PLANT = Project(
    id="plant",
    name={},
    who=("Voltara", "فولتارا", "沃尔塔拉"),
    what=("cells", "cellules", "celdas", "الخلايا", "电芯"),
    where=("Sagunto", "Puerto de Sagunto", "Valencia", "Spain", "Sagonte", "ساغونتو", "萨贡托"),
)
READER = RuleReader([PLANT], lexicons(), {"industrial": INDUSTRIAL})


def ends(language: str, text: str) -> bool:
    claims = READER.read(make_text(text, language=language, published="2026-06-15")).claims
    return ("cancelled", "reached") in {(claim.stage, claim.state.value) for claim in claims}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Voltara chose Narvik over Sagunto for its cells plant."),
        ("en", "Voltara is moving its cells project from the port of Sagunto to Kenitra."),
        ("en", "The cells project of Voltara has been relocated from Sagunto to Kenitra."),
        ("en", "Voltara's cells plant will be built in Kenitra, not in Sagunto."),
        ("en", "Voltara preferred Morocco to Spain for its cells plant."),
        ("fr", "Voltara a choisi Kénitra plutôt que Sagonte pour son usine de cellules."),
        ("fr", "L'usine de cellules de Voltara sera construite à Kénitra et non à Sagonte."),
        ("es", "Voltara ha elegido Kenitra frente a Sagunto para su planta de celdas."),
        ("es", "La planta de celdas de Voltara se construirá en Kenitra y no en Sagunto."),
        ("ar", "اختارت فولتارا القنيطرة بدلا من ساغونتو لإقامة مصنع الخلايا."),
        ("zh", "沃尔塔拉选择盖尼特拉而非萨贡托建设电芯工厂。"),
    ],
)
def test_a_project_that_goes_elsewhere_is_cancelled_where_it_was_to_be(language: str, text: str) -> None:
    assert ends(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        # The place of the project is the one that is chosen, or it moves within its region.
        ("en", "Voltara chose Sagunto over Narvik for its cells plant."),
        ("en", "Voltara moved its cells project from Kenitra to Sagunto."),
        ("en", "Voltara chose Valencia over Sagunto for its cells plant."),
        ("es", "La planta de celdas de Voltara se construirá en Sagunto y no en Kenitra."),
        ("zh", "沃尔塔拉选择萨贡托而不是盖尼特拉建设电芯工厂。"),
        # Nothing is decided, or something else moves.
        ("en", "Voltara may choose Narvik over Sagunto for its cells plant."),
        ("en", "Voltara has not moved its cells plant from Sagunto to Kenitra."),
        ("en", "Voltara moved its head office from Sagunto to Lisbon, near its cells plant."),
        ("en", "Voltara chose Narvik over all that was offered for its cells plant in Sagunto."),
    ],
)
def test_a_project_that_is_chosen_or_may_go_is_not(language: str, text: str) -> None:
    assert not ends(language, text)
