"""News of the company's plant in another place is not news of the project."""

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.projects.doubts import DOUBTFUL
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

PLANT = Project(
    id="plant",
    name={"": "Plant"},
    who=("Altavia", "阿尔塔维亚"),
    what=("battery", "batteries", "baterías", "电池", "组件"),
    where=("Kenitra", "Kénitra", "Morocco", "Maroc", "Marruecos", "摩洛哥"),
)


def sure_of(text: str, language: str, *, title: str = "", project: Project = PLANT) -> float:
    """How sure the surest claim of a halt, an end or a start of production is; 0 if there is none."""
    reader = RuleReader([project], lexicons(), {"industrial": INDUSTRIAL})
    claims = reader.read(make_text(text, title=title, language=language)).claims
    return max(
        (claim.confidence for claim in claims if claim.stage in {"operating", "cancelled", "suspended"}), default=0
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Altavia has scrapped its battery plant in Big Rapids, Michigan, the state said."),
        ("en", "Altavia has opened its battery plant in Hefei, eastern China. The one in Morocco is being built."),
        ("en", "Altavia has opened a battery plant in Indonesia."),
        ("fr", "Altavia a renoncé à son usine de batteries de Big Rapids, dans le Michigan."),
        ("es", "Altavia ha cancelado su planta de baterías en la ciudad de Saltillo."),
        ("zh", "阿尔塔维亚合肥电池工厂昨日投产。"),
        ("zh", "阿尔塔维亚合肥电池工厂昨日停产。公司摩洛哥项目不受影响。"),
    ],
)
def test_a_plant_in_another_place_alerts_nobody_by_itself(language: str, text: str) -> None:
    assert sure_of(text, language) <= DOUBTFUL


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Altavia has scrapped its battery plant in Kenitra."),
        ("en", "Altavia has opened its battery plant. A delegation from Indonesia was there."),
        ("en", "Altavia has scrapped its battery plant, the company said."),
        ("en", "Altavia has scrapped its Moroccan battery plant, after one in Indonesia."),
        ("fr", "L'usine de batteries d'Altavia est entrée en production à Kénitra, au Maroc."),
        ("es", "Altavia ha cancelado su planta de baterías en Marruecos."),
        ("zh", "阿尔塔维亚摩洛哥电池工厂昨日投产。"),
    ],
)
def test_the_plant_in_the_projects_place_or_in_none_that_is_named_is_sure(language: str, text: str) -> None:
    assert sure_of(text, language) > DOUBTFUL


def test_a_project_without_a_country_may_be_in_any_place() -> None:
    project = Project(id="plant", name={"": "Plant"}, who=PLANT.who, what=PLANT.what, where=("Kenitra",))

    assert sure_of("Altavia has scrapped its battery plant in Morocco.", "en", project=project) > DOUBTFUL
