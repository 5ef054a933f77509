"""An article that begins with others: another plant of the company, or several that are not told apart."""

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

PLANT = Project(
    id="plant",
    name={"": "Plant"},
    who=("Altavia", "阿尔塔维亚", "ألتافيا"),
    what=("battery", "batteries", "baterías", "电池", "بطاريات"),
    where=("Cartagena", "Carthagène", "卡塔赫纳", "قرطاجنة"),
)
READER = RuleReader([PLANT], lexicons(), {"industrial": INDUSTRIAL})


@pytest.mark.parametrize(
    ("language", "text", "claim"),
    [
        (
            "en",
            "Altavia opened a battery plant in Rotterdam. The one in Cartagena follows in 2027.",
            "operating expected",
        ),
        (
            "en",
            "Altavia closed a plant in Rotterdam; as for the Cartagena plant, work has begun.",
            "construction reached",
        ),
        (
            "fr",
            "Altavia a ouvert une usine de batteries à Rotterdam. Celle de Carthagène suivra en 2027.",
            "operating expected",
        ),
        (
            "es",
            "Altavia inauguró una planta de baterías en Róterdam; la de Cartagena seguirá en 2027.",
            "operating expected",
        ),
        (
            "ar",
            "افتتحت ألتافيا مصنعا للبطاريات في روتردام. أما مصنع قرطاجنة فسيدخل الخدمة سنة 2027.",
            "operating expected",
        ),
        (
            "en",
            "Several battery plants were cancelled, but work on Altavia's in Cartagena has begun.",
            "construction reached",
        ),
        (
            "fr",
            "Plusieurs usines de batteries sont en retard, celle d'Altavia à Carthagène est en chantier.",
            "construction reached",
        ),
        (
            "es",
            "Varias plantas de baterías fueron canceladas; la de Altavia en Cartagena está en obras.",
            "construction reached",
        ),
        ("ar", "ألغيت عدة مشاريع للبطاريات، فيما انطلقت أشغال مصنع ألتافيا في قرطاجنة.", "construction reached"),
        ("zh", "多个电池项目延期，而阿尔塔维亚在卡塔赫纳的项目正在建设中。", "construction reached"),
    ],
)
def test_only_what_is_told_of_the_project_is_claimed(language: str, text: str, claim: str) -> None:
    reading = READER.read(make_text(text, language=language, published="2026-10-05"))

    told = {f"{each.stage} {each.state}" for each in reading.claims if each.stage != "announced"}
    assert told == {claim}
