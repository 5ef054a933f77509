"""Amounts of a part of a project, which are not those of the whole."""

import pytest

from monitor.core.model import Project
from monitor.readers.plug import survey
from tests.core.reading.texts import lexicons, make_text

PLANTS = [
    Project(
        id="plant",
        name={"": "Plant"},
        who=("Verdemar", "海绿", "فيردمار"),
        what=("hydrogen", "hidrógeno", "hydrogène", "氢", "الهيدروجين"),
        where=("Cartagena", "卡塔赫纳", "قرطاجنة"),
    ),
    Project(id="quay", name={"": "Quay"}, who=("Portalis",), what=("second phase quay",), where=("Almería",)),
]


def parts(text: str, language: str) -> list[tuple[float, str | None]]:
    layout = survey(PLANTS, lexicons()).lay_out(make_text(text, language=language))
    assert layout is not None
    (project,) = layout.candidates
    return [(amount.values[-1], layout.phase(project, amount)) for amount in layout.amounts]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param(
            "en",
            "Verdemar has broken ground on the first phase of its hydrogen plant in Cartagena, with a capacity of "
            "20,000 tonnes a year and an investment of 300 million euros.",
            [(20_000, "first phase"), (300e6, "first phase")],
            id="en: behind the part",
        ),
        pytest.param(
            "en",
            "Verdemar will invest 300 million euros in phase one of the hydrogen plant in Cartagena.",
            [(300e6, "phase one")],
            id="en: before the part",
        ),
        pytest.param(
            "en",
            "Verdemar will invest 300 million euros in later phases of the hydrogen plant in Cartagena.",
            [(300e6, "later phases")],
            id="en: phases to come",
        ),
        pytest.param(
            "fr",
            "Verdemar investira 300 millions d'euros dans les phases ultérieures de l'usine d'hydrogène de Cartagena.",
            [(300e6, "phases ultérieures")],
            id="fr: phases to come",
        ),
        pytest.param(
            "es",
            "Verdemar invertirá 300 millones de euros en fases posteriores de la planta de hidrógeno de Cartagena.",
            [(300e6, "fases posteriores")],
            id="es: phases to come",
        ),
        pytest.param(
            "ar",
            "ستستثمر فيردمار 300 مليون يورو في المراحل اللاحقة من مصنع الهيدروجين في قرطاجنة.",
            [(300e6, "المراحل اللاحقة")],
            id="ar: phases to come",
        ),
        pytest.param(
            "zh",
            "海绿将在卡塔赫纳氢能工厂后续阶段投资3亿欧元。",
            [(300e6, "后续阶段")],
            id="zh: phases to come",
        ),
        pytest.param(
            "en",
            "Verdemar has opened the first phase of a 900 million euro hydrogen plant in Cartagena.",
            [(900e6, None)],
            id="en: the whole, of which it is a part",
        ),
        pytest.param(
            "en",
            "After the first phase, the hydrogen plant of Verdemar in Cartagena will have a capacity of "
            "60,000 tonnes a year.",
            [(60_000, None)],
            id="en: after the part",
        ),
        pytest.param(
            "en",
            "Verdemar says the second phase will bring the capacity of its hydrogen plant in Cartagena to "
            "60,000 tonnes a year.",
            [(60_000, None)],
            id="en: with the part",
        ),
        pytest.param(
            "en",
            "In the first phase Verdemar builds a quay, while the hydrogen plant in Cartagena will have a capacity of "
            "60,000 tonnes a year.",
            [(60_000, None)],
            id="en: the whole is spoken of again",
        ),
        pytest.param(
            "en",
            "Verdemar has opened the first phase of its hydrogen plant in Cartagena. "
            "Its capacity is 60,000 tonnes a year.",
            [(60_000, None)],
            id="en: another sentence",
        ),
        pytest.param(
            "en",
            "Portalis builds the second phase quay in Almería with an investment of 80 million euros.",
            [(80e6, None)],
            id="en: part of the project's own name",
        ),
        pytest.param(
            "fr",
            "Verdemar lance les travaux de la première phase de son usine d'hydrogène de Cartagena, qui produira "
            "20 000 tonnes par an.",
            [(20_000, "première phase")],
            id="fr: behind the part",
        ),
        pytest.param(
            "fr",
            "Verdemar a inauguré la première phase de son projet de 900 millions d'euros, "
            "une usine d'hydrogène à Cartagena.",
            [(900e6, None)],
            id="fr: right behind the whole",
        ),
        pytest.param(
            "fr",
            "L'usine d'hydrogène de Verdemar à Cartagena aura une capacité de 20 000 tonnes par an, et à terme de "
            "60 000 tonnes.",
            [(20_000, None), (60_000, "in the end")],
            id="fr: what may come one day",
        ),
        pytest.param(
            "fr",
            "À terme, l'usine d'hydrogène de Verdemar à Cartagena produira 60 000 tonnes par an.",
            [(60_000, None)],
            id="fr: once all of it works",
        ),
        pytest.param(
            "es",
            "La primera fase de la planta de hidrógeno de Verdemar en Cartagena producirá 20.000 toneladas al año.",
            [(20_000, "primera fase")],
            id="es",
        ),
        pytest.param(
            "ar",
            "أطلقت فيردمار المرحلة الأولى من مصنع الهيدروجين في قرطاجنة باستثمار 300 مليون يورو.",
            [(300e6, "مرحلة الأولى")],
            id="ar",
        ),
        pytest.param(
            "zh",
            "海绿卡塔赫纳氢工厂一期年产能2万吨，远期年产能6万吨。",
            [(20_000, "一期"), (60_000, "in the end")],
            id="zh",
        ),
        pytest.param(
            "en",
            "Verdemar's hydrogen plant in Cartagena will create 500 direct and 1,500 indirect jobs.",
            [(500.0, None), (1500.0, "indirect")],
            id="jobs-en",
        ),
        pytest.param(
            "en",
            "Verdemar's hydrogen plant in Cartagena will create 2,000 direct and indirect jobs.",
            [(2000.0, None)],
            id="jobs-together-en",
        ),
        pytest.param(
            "fr",
            "L'usine d'hydrogène de Verdemar à Cartagena créera 500 emplois directs et 1 500 indirects.",
            [(500.0, None), (1500.0, "indirect")],
            id="jobs-fr",
        ),
        pytest.param(
            "es",
            "La planta de hidrógeno de Verdemar en Cartagena creará 500 empleos directos y 1.500 empleos indirectos.",
            [(500.0, None), (1500.0, "indirect")],
            id="jobs-es",
        ),
        pytest.param(
            "ar",
            "سيوفر مصنع الهيدروجين لشركة فيردمار في قرطاجنة 500 فرصة عمل مباشرة و1500 غير مباشرة.",
            [(500.0, None), (1500.0, "indirect")],
            id="jobs-ar",
        ),
        pytest.param(
            "zh",
            "海绿卡塔赫纳氢能工厂将创造500个直接就业岗位和1500个间接就业岗位。",
            [(500.0, None), (1500.0, "indirect")],
            id="jobs-zh",
        ),
        pytest.param(
            "en",
            "Verdemar's hydrogen plant in Cartagena will have an initial capacity of about 20,000 tonnes a year.",
            [(20_000, "at first")],
            id="en: what it has at first",
        ),
        pytest.param(
            "en",
            "The initial capacity of the hydrogen plant that Verdemar builds in Cartagena was told in 2024: "
            "60,000 tonnes a year in all.",
            [(60_000, None)],
            id="en: what it has at first is told elsewhere",
        ),
        pytest.param(
            "en",
            "Verdemar's hydrogen plant in Cartagena has two phases that are to make 20,000 tonnes a year each.",
            [(20_000, "each")],
            id="en: several parts have it each",
        ),
        pytest.param(
            "en",
            "Verdemar's hydrogen plant in Cartagena makes 60,000 tonnes (2 lines each).",
            [(60_000, None)],
            id="en: each of something else",
        ),
        pytest.param(
            "en",
            "Verdemar is shifting about 300 million euros, some $330 million, to its hydrogen plant in Cartagena.",
            [(300e6, "part"), (330e6, None)],
            id="en: money that was meant for something else",
        ),
        pytest.param(
            "en",
            "Verdemar is moving ahead with a 300 million euro hydrogen plant in Cartagena.",
            [(300e6, None)],
            id="en: what moves is not money",
        ),
        pytest.param(
            "en",
            "The first line of Verdemar's hydrogen plant in Cartagena is in operation. "
            "Its capacity is 20,000 tonnes a year.",
            [(20_000, "first line")],
            id="en: the subject of the sentence before",
        ),
        pytest.param(
            "en",
            "The first line of Verdemar's hydrogen plant in Cartagena is in operation. "
            "The plant will have a capacity of 60,000 tonnes a year.",
            [(60_000, None)],
            id="en: another subject",
        ),
        pytest.param(
            "fr",
            "L'usine d'hydrogène de Verdemar à Cartagena produira d'abord 20 000 tonnes par an, puis 60 000 tonnes.",
            [(20_000, "at first"), (60_000, None)],
            id="fr: what it has at first",
        ),
        pytest.param(
            "fr",
            "Cartagena : 20 000 tonnes par an d'abord, 60 000 tonnes ensuite pour l'usine d'hydrogène de Verdemar",
            [(20_000, "at first"), (60_000, None)],
            id="fr: behind the amount",
        ),
        pytest.param(
            "fr",
            "L'usine d'hydrogène de Verdemar à Cartagena créera 17 000 emplois, dont 2 300 qualifiés.",
            [(17_000, None), (2_300, "part")],
            id="fr: of which",
        ),
        pytest.param(
            "fr",
            "La première ligne de l'usine d'hydrogène de Verdemar à Cartagena tourne. "
            "Sa capacité est de 20 000 tonnes par an.",
            [(20_000, "première ligne")],
            id="fr: the subject of the sentence before",
        ),
        pytest.param(
            "es",
            "Verdemar construye una planta de hidrógeno en Cartagena. Su capacidad inicial será de 20.000 toneladas al "
            "año.",
            [(20_000, "at first")],
            id="es: what it has at first",
        ),
        pytest.param(
            "zh",
            "海绿卡塔赫纳氢工厂分两期建设，每期年产能2万吨。",
            [(20_000, "each")],
            id="zh: several parts have it each",
        ),
        pytest.param(
            "ar",
            "أعلنت فيردمار تحويل 300 مليون يورو إلى مصنع الهيدروجين في قرطاجنة.",
            [(300e6, "part")],
            id="ar: money that was meant for something else",
        ),
    ],
)
def test_an_amount_is_that_of_the_part_of_which_it_is_told(
    language: str, text: str, expected: list[tuple[float, str | None]]
) -> None:
    assert parts(text, language) == expected
