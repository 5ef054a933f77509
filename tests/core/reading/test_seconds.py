"""A second plant beside the project: what is told of it is not told of the project."""

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

WHAT = ("cells", "cellules", "celdas", "电芯", "خلايا")
SAGUNTO = Project(
    id="sagunto",
    name={"": "Sagunto"},
    who=("Voltara", "沃尔塔拉", "فولتارا"),
    what=WHAT,
    where=("Sagunto", "Sagonte", "萨贡托", "ساغونتو"),
)
HUELVA = Project(id="huelva", name={"": "Huelva"}, who=("Voltara",), what=WHAT, where=("Huelva",))


def told(text: str, language: str, *projects: Project, title: str = "") -> set[tuple[str, str]]:
    reader = RuleReader(projects or [SAGUNTO], lexicons(), {"industrial": INDUSTRIAL})
    reading = reader.read(make_text(text, language=language, published="2025-03-10", title=title))
    return {(claim.project, claim.stage) for claim in reading.claims if claim.stage != "announced"}


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("en", "Voltara opens Sagunto cells plant, puts off second plant", "Voltara said so on Monday."),
        ("en", "Voltara opens Sagunto cells plant and delays a second one", "Voltara said so on Monday."),
        ("en", "", "Voltara has opened its cells plant in Sagunto. It has put off a second plant until 2027."),
        ("en", "", "Voltara has opened its cells plant in Sagunto and will drop plans for a separate plant in Lugo."),
        ("en", "", "Voltara opened its cells plant in Sagunto and cancelled another it had planned in France."),
        ("fr", "Voltara inaugure son usine de cellules de Sagonte, la deuxième repoussée à 2027", "C'est fait."),
        ("fr", "", "Voltara a inauguré son usine de cellules à Sagonte et abandonné un second projet à Brest."),
        ("en", "", "Voltara opened its cells plant in Sagunto and the second plant was delayed."),
        ("fr", "", "Voltara a inauguré son usine de cellules à Sagonte. Une deuxième usine est suspendue."),
        ("es", "Voltara inaugura su planta de celdas de Sagunto y aplaza la segunda", "Lo dijo el lunes."),
        ("ar", "فولتارا تدشن مصنع الخلايا في ساغونتو وتؤجل الثاني", "قالت ذلك فولتارا."),
        ("ar", "", "دشنت فولتارا مصنع الخلايا في ساغونتو. وأجلت مصنعا ثانيا إلى 2027."),
        ("zh", "沃尔塔拉萨贡托电芯工厂投产 第二工厂推迟", "沃尔塔拉昨日宣布。"),
        ("zh", "", "沃尔塔拉萨贡托电芯工厂已投产，另一家工厂被取消。"),
    ],
)
def test_what_is_told_of_a_second_plant_is_not_told_of_the_project(language: str, title: str, text: str) -> None:
    assert told(text, language, title=title) == {("sagunto", "operating")}


@pytest.mark.parametrize(
    ("language", "text", "stage"),
    [
        ("en", "Voltara has delayed a second plant in Sagunto, also for cells.", "delayed"),
        ("en", "Voltara's cells are from Sagunto. In Sagunto, a second plant is delayed.", "delayed"),
        (
            "en",
            "Voltara's cells plant in Sagunto has two lines. One runs, the second was suspended.",
            "suspended",
        ),
        ("en", "Voltara's cells plant in Sagunto was delayed for a second time.", "delayed"),
        ("en", "Voltara announced two plants. The second plant, for cells in Sagunto, is delayed.", "delayed"),
        ("fr", "L'usine de cellules de Voltara à Sagonte ouvrira au deuxième trimestre.", "operating"),
        ("ar", "تأجل افتتاح مصنع فولتارا للخلايا في ساغونتو إلى الربع الثاني.", "delayed"),
        ("ar", "دشنت فولتارا مصنع الخلايا في ساغونتو. وأجلت المصنع الثاني إلى 2027.", "delayed"),
        ("zh", "沃尔塔拉萨贡托电芯工厂将于第二季度投产。", "operating"),
        ("zh", "沃尔塔拉萨贡托电芯工厂已投产，但第二季度停产。", "suspended"),
    ],
)
def test_a_second_that_is_the_projects_own_leaves_what_is_told(language: str, text: str, stage: str) -> None:
    assert ("sagunto", stage) in told(text, language)


def test_of_two_projects_the_second_is_the_other() -> None:
    text = "Voltara has opened its cells plant in Sagunto and puts off a second plant. Huelva is a year late."

    assert told(text, "en", SAGUNTO, HUELVA) == {("sagunto", "operating"), ("huelva", "delayed")}
