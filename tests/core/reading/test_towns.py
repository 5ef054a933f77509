"""Facilities in towns that are none of the projects', in scripts that show no names by capitals."""

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

WHAT = ("خلايا", "电芯")
READER = RuleReader(
    [
        Project(id="yanbu", name={}, who=("فولتارا",), what=WHAT, where=("ينبع", "السعودية")),
        Project(id="wuhu", name={}, who=("沃尔塔拉",), what=WHAT, where=("安徽", "芜湖")),
        Project(id="morocco", name={}, who=("ماروفولت",), what=WHAT, where=("المغرب",)),
    ],
    lexicons(),
    {"industrial": INDUSTRIAL},
)
YANBU = "تبني فولتارا مصنع الخلايا في ينبع. "
WUHU = "沃尔塔拉在芜湖建设电芯工厂。"


def is_closed(text: str, language: str) -> bool:
    reading = READER.read(make_text(text, language=language, published="2025-03-10"))
    assert len(reading.projects) == 1
    return any(claim.stage == "closed" for claim in reading.claims)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", YANBU + "وقد أغلق مصنعها القديم في الدمام سنة 2024."),
        ("ar", YANBU + "يشار إلى أن محطة صلالة أغلقت سنة 2024."),
        ("zh", WUHU + "公司位于江苏的常州工厂已于2024年关闭。"),
        ("zh", WUHU + "另外，公司常州电芯工厂已于2024年关闭。"),
        ("zh", WUHU + "公司最大的工厂位于常州，已于2024年关闭。"),
        ("zh", WUHU + "常州工厂已于2024年关闭。"),
        # Towns that are not listed.
        ("zh", WUHU + "其位于青岭的工厂已于2024年关闭。"),
        ("zh", WUHU + "其达纳工厂已于2024年关闭。"),
        ("zh", WUHU + "卡尔梅萨工厂已于2024年关闭。"),
        ("ar", YANBU + "وقد أغلق مصنعها في دبرتسيا سنة 2024."),
        # Beside the place of the project in the lead.
        ("zh", "继常州工厂2024年关闭后，沃尔塔拉在芜湖建设电芯工厂。"),
    ],
)
def test_a_facility_in_a_town_of_no_project_is_another(language: str, text: str) -> None:
    assert not is_closed(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        # The town of the project; one in the region that is named for it; one that the lead names.
        ("ar", YANBU + "وقد أغلق المصنع في ينبع سنة 2024."),
        ("zh", WUHU + "公司芜湖工厂已于2024年关闭。"),
        ("zh", WUHU + "公司合肥工厂已于2024年关闭。"),
        ("ar", "تبني فولتارا مصنع الخلايا في ينبع قرب جدة. وقد أغلق المصنع في جدة سنة 2024."),
        ("ar", YANBU + "وقد أغلق مصنعها في مارس 2024."),
        ("zh", "沃尔塔拉在芜湖卡尔梅萨建设电芯工厂。卡尔梅萨工厂已于2024年关闭。"),
        # Where in its country the project is, nobody says.
        ("ar", "تبني ماروفولت مصنع الخلايا في المغرب. وقد أغلق المصنع في القنيطرة سنة 2024."),
        # Too far from the facility, or nowhere near one.
        ("ar", YANBU + "وقد أغلق المصنع الذي زاره وزير الصناعة خلال جولته في الدمام سنة 2024."),
        ("ar", YANBU + "وقد أغلق المصنع سنة 2024، حسب صحيفة في الدمام."),
        ("ar", YANBU + "وفي الدمام أغلق المصنع سنة 2024."),
        ("zh", WUHU + "公司在常州举行的股东大会上宣布工厂已于2024年关闭。"),
    ],
)
def test_a_town_beside_no_facility_or_known_for_the_project_changes_nothing(language: str, text: str) -> None:
    assert is_closed(text, language)
