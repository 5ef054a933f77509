"""What a sentence tells once and means of several projects."""

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

PROJECTS = (
    Project(
        id="gdansk",
        name={"": "Gdansk"},
        who=("Voltara", "فولتارا", "沃尔塔拉"),
        what=("cells", "cellules", "celdas", "خلايا", "电芯"),
        where=("Gdansk", "Poland", "Pologne", "Polonia", "بولندا", "波兰"),
    ),
    Project(
        id="sagunto",
        name={"": "Sagunto"},
        who=("Voltara", "فولتارا", "沃尔塔拉"),
        what=("cells", "cellules", "celdas", "خلايا", "电芯"),
        where=("Sagunto", "Sagonte", "Spain", "إسبانيا", "西班牙"),
    ),
    Project(
        id="huelva",
        name={"": "Huelva"},
        who=("Nordfuel", "نوردفيول", "诺福"),
        what=("hydrogen", "hydrogène", "hidrógeno", "هيدروجين", "氢"),
        where=("Huelva", "ويلبا", "韦尔瓦"),
    ),
    Project(
        id="lyon",
        name={"": "Lyon"},
        who=("Motorix", "موتوريكس", "莫托"),
        what=("cars", "voitures", "coches", "سيارات", "汽车"),
        where=("Lyon", "ليون", "里昂"),
    ),
)
READER = RuleReader(PROJECTS, lexicons(), {"industrial": INDUSTRIAL})


def claims(text: str, *, language: str = "en", title: str = "") -> list[str]:
    """What is claimed beyond plans: ``lyon cancelled reached 2024``."""
    reading = READER.read(make_text(text, title=title, language=language, published="2025-03-01"))
    return sorted(
        f"{c.project} {c.stage} {c.state}{f' {c.date}' if c.date else ''}"
        for c in reading.claims
        if c.stage != "announced"
    )


GIVEN_UP = ["gdansk cancelled reached", "huelva cancelled reached", "lyon cancelled reached"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "After Voltara in Gdansk, and then Nordfuel in Huelva, it is Motorix that gave up its Lyon cars plant.",
        ),
        (
            "fr",
            "Après Voltara à Gdansk, Nordfuel à Huelva, c'est Motorix qui renonce à son usine de voitures de Lyon.",
        ),
        (
            "es",
            "Tras Voltara en Gdansk y Nordfuel en Huelva, es Motorix quien renuncia a su planta de coches de Lyon.",
        ),
        (
            "ar",
            "بعد فولتارا في بولندا ثم نوردفيول في ويلبا، جاء الدور على موتوريكس التي تخلت عن مصنع السيارات في ليون.",
        ),
        ("zh", "继沃尔塔拉的波兰电芯厂和诺福的韦尔瓦氢能项目之后，莫托也放弃了里昂汽车工厂。"),
    ],
)
def test_those_who_went_before_did_the_same(language: str, text: str) -> None:
    assert claims(text, language=language) == GIVEN_UP


@pytest.mark.parametrize(
    "text",
    [
        # Nobody follows anybody, or nothing is told of whoever comes next.
        "After Nordfuel in Huelva chose hydrogen, Motorix gave up its Lyon cars plant.",
        "After long talks with Nordfuel on Huelva hydrogen, it is Motorix that has given up its Lyon cars plant.",
        "After hours, Motorix gave up its Lyon cars plant. Nordfuel makes hydrogen in Huelva.",
    ],
)
def test_not_all_that_comes_after_a_name_follows_it(text: str) -> None:
    assert claims(text) == ["lyon cancelled reached"]


def test_a_succession_without_news_is_none() -> None:
    assert claims("After Nordfuel in Huelva, it is the turn of Motorix and its Lyon cars plant.") == []


def test_a_headline_need_not_say_that_somebody_follows() -> None:
    text = "Motorix has given up its Lyon cars plant. Nordfuel had a hydrogen plant in Huelva in mind."

    assert claims(text, title="After Nordfuel, Motorix gives up cars plant") == [
        "huelva cancelled reached",
        "lyon cancelled reached",
    ]


def test_the_first_two_of_three_are_told_of_together() -> None:
    text = (
        "Voltara in Gdansk, Nordfuel in Huelva and Motorix in Lyon make cells, hydrogen and cars. "
        "The first two have halted construction."
    )

    assert claims(text) == [
        "gdansk construction reached",
        "gdansk suspended reached",
        "huelva construction reached",
        "huelva suspended reached",
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "Motorix opened its Lyon cars plant in May 2024. Nordfuel followed suit in Huelva in January.",
            ["huelva operating reached 2025-01", "lyon operating reached 2024-05"],
        ),
        (
            "en",
            "Motorix will close its Lyon cars plant, and Nordfuel is to do the same in Huelva.",
            ["huelva closed expected", "lyon closed expected"],
        ),
        (
            "en",
            "Motorix has not closed its Lyon cars plant. Nordfuel did the same in Huelva.",
            ["huelva closed denied", "lyon closed denied"],
        ),
        (
            "fr",
            "Motorix a suspendu son usine de Lyon en mai 2024. Nordfuel en a fait autant en janvier à Huelva.",
            ["huelva suspended reached 2025-01", "lyon suspended reached 2024-05"],
        ),
        (
            "es",
            "Motorix paralizó su planta de Lyon en mayo de 2024. Nordfuel hizo lo propio en enero en Huelva.",
            ["huelva suspended reached 2025-01", "lyon suspended reached 2024-05"],
        ),
        (
            "ar",
            "تخلت موتوريكس عن مصنع السيارات في ليون في ماي 2024. وحذت نوردفيول حذوها في ويلبا في يناير.",
            ["huelva cancelled reached 2025-01", "lyon cancelled reached 2024-05"],
        ),
        (
            "zh",
            "莫托于2024年5月放弃里昂汽车工厂。诺福的韦尔瓦氢能项目随后如法炮制。",
            ["huelva cancelled reached", "lyon cancelled reached 2024-05"],
        ),
        ("en", "Nordfuel is far away. Motorix did the same with its Lyon cars plant.", []),
        (
            "en",
            "Nordfuel closed its Huelva hydrogen plant. So be it. Motorix did the same with its Lyon cars plant.",
            ["huelva closed reached"],
        ),
    ],
)
def test_a_verb_that_stands_for_another_tells_what_that_one_did(language: str, text: str, expected: list[str]) -> None:
    assert claims(text, language=language) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "Voltara's cells plant in Sagunto will open in 2026 and the one in Gdansk in 2028.",
            ["gdansk operating expected 2028", "sagunto operating expected 2026"],
        ),
        (
            "es",
            "La planta de celdas de Voltara en Sagunto abrirá en 2026 y la de Gdansk en 2028.",
            ["gdansk operating expected 2028", "sagunto operating expected 2026"],
        ),
        (
            "fr",
            "L'usine de cellules de Voltara à Sagonte ouvrira en 2026 et celle de Gdansk en 2028.",
            ["gdansk operating expected 2028", "sagunto operating expected 2026"],
        ),
        (
            "en",
            "Voltara's cells plant in Sagunto is to open in 2026, after the one in Gdansk in 2023.",
            ["gdansk operating reached 2023", "sagunto operating expected 2026"],
        ),
        (
            "en",
            # The part tells something of its own, or names nobody else.
            "Voltara's cells plant in Sagunto will open in 2026 and the one in Gdansk was closed in 2024.",
            ["sagunto operating expected 2026"],
        ),
        (
            "en",
            "Voltara's cells plant in Sagunto will open in 2026, a far cry from Huelva in 2028.",
            ["sagunto operating expected 2026"],
        ),
    ],
)
def test_a_part_that_names_but_a_project_and_a_time_goes_on_with_what_was_told(
    language: str, text: str, expected: list[str]
) -> None:
    assert claims(text, language=language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "Voltara plans cells plants in Sagunto and Gdansk. Production will start in 2026 and 2028 respectively.",
        ),
        (
            "fr",
            "Voltara prévoit des usines à Sagonte et Gdansk. La production commencera respectivement en 2026 et 2028.",
        ),
        ("zh", "沃尔塔拉的西班牙和波兰电芯工厂将分别于2026年和2028年投产。"),
    ],
)
def test_of_several_dates_each_project_has_its_own(language: str, text: str) -> None:
    assert claims(text, language=language) == ["gdansk operating expected 2028", "sagunto operating expected 2026"]


def test_of_whom_it_is_not_said_which_is_first_each_has_all() -> None:
    text = "Voltara plans cells plants in Sagunto and Gdansk. So be it. Both are to open in 2026 and 2028 respectively."

    assert len(claims(text)) == 4
