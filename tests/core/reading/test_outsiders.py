"""News of somebody else's plant is not news of the project, although its product and its town are named."""

import pytest

from monitor.core.folding.weighing import ALERT_FROM
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.projects.doubts import DOUBTFUL
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

PLANT = Project(
    id="plant",
    name={"": "Plant"},
    who=("Altavia",),
    what=("module", "modules", "módulos"),
    where=("Cartagena", "Carthagène"),
)


def sure_of(text: str, language: str, *, title: str = "", project: Project = PLANT) -> float:
    """How sure the surest halt or start of production is; 0 if none is claimed."""
    reader = RuleReader([project], lexicons(), {"industrial": INDUSTRIAL})
    claims = reader.read(make_text(text, title=title, language=language)).claims
    return max(
        (claim.confidence for claim in claims if claim.stage in {"operating", "cancelled", "suspended"}), default=0
    )


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("en", "", "Jingtuo Solar has started production at its module plant in Cartagena. Altavia is still building."),
        ("en", "", "But Jingtuo Solar has cancelled its module plant in Cartagena. Altavia goes on."),
        ("en", "Module plant opens", "Jingtuo Solar has opened its module plant in Cartagena. Altavia is building."),
        ("fr", "", "Atlas Phos a annoncé l'abandon de son usine de modules à Carthagène. Altavia n'est pas concerné."),
        (
            "en",
            "",
            "Brightvale has cancelled its module plant in Cartagena, leaving it to Altavia, whose own works go on.",
        ),
        (
            "es",
            "Lusovidro paraliza su planta",
            "La española Lusovidro, gran rival de Altavia, ha paralizado su fábrica de módulos en Cartagena.",
        ),
        ("fr", "", "Modules du Zerrar a suspendu vendredi la construction de son usine de Carthagène. Altavia bâtit."),
        ("es", "Adiós: Nordhav cancela", "Nordhav canceló su fábrica de módulos en Cartagena. Altavia sigue."),
    ],
)
def test_a_rivals_plant_in_the_same_town_alerts_nobody_by_itself(language: str, title: str, text: str) -> None:
    assert sure_of(text, language, title=title) < ALERT_FROM


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Altavia has cancelled its module plant in Cartagena."),
        ("en", "Jingtuo Solar is a subsidiary of Altavia. Jingtuo Solar has cancelled its module plant in Cartagena."),
        ("en", "Jingtuo Solar has cancelled the module plant in Cartagena. Altavia is sorry."),
        (
            "en",
            "Villalba Solar has cancelled its module plant in Cartagena, a joint venture with Altavia, they say.",
        ),
        ("fr", "Altavia renonce à son usine de modules à Carthagène."),
        ("es", "La empresa ha cancelado su fábrica de módulos en Cartagena. Altavia lo confirma."),
    ],
)
def test_the_plant_of_the_projects_company_or_its_partner_is_sure(language: str, text: str) -> None:
    assert sure_of(text, language) > DOUBTFUL


def test_anybody_may_build_a_project_whose_company_is_unknown() -> None:
    project = Project(id="plant", name={"": "Plant"}, what=PLANT.what, where=PLANT.where)

    assert sure_of("Jingtuo Solar has cancelled its module plant in Cartagena.", "en", project=project) > DOUBTFUL
