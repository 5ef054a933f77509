"""A verb that stands far behind a long subject: what it says is not lost, nor is another's taken for it."""

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

PLANT = Project(
    id="plant",
    name={"": "Plant"},
    who=("Altavia", "阿尔塔维亚", "ألتافيا"),
    where=("Cartagena", "Carthagène", "卡塔赫纳", "قرطاجنة"),
)
READER = RuleReader([PLANT], lexicons(), {"industrial": INDUSTRIAL})

EN = "the battery plant that Altavia wants to build near the port of Cartagena with two Korean partners"
FR = "l'usine de batteries que le groupe Altavia a annoncée il y a trois ans pour un terrain du port de Carthagène"
ES = "la planta de baterías que el grupo Altavia quiere levantar junto al puerto de Cartagena con dos socios coreanos"
AR = "مصنع البطاريات الذي تريد شركة ألتافيا إقامته قرب ميناء قرطاجنة مع شريكين كوريين"
ZH = "阿尔塔维亚计划与两家韩国合作伙伴在卡塔赫纳港附近兴建的电池厂"


@pytest.mark.parametrize(
    ("language", "text", "claim"),
    [
        ("en", f"Construction of {EN} has not yet begun.", "construction denied"),
        ("en", f"Construction of {EN} has already begun.", "construction reached"),
        ("en", f"Construction of {EN} is slow to start.", "construction denied"),
        ("en", f"Construction of {EN} began in May.", "construction reached"),
        ("en", f"Production at {EN} is still waiting to begin.", "operating denied"),
        ("en", f"Trial production at {EN} has never started.", "commissioning denied"),
        ("en", f"The environmental permit for {EN} has yet to be granted.", "approved denied"),
        ("en", f"The construction contract for {EN} has been signed.", "agreed reached"),
        ("fr", f"Les travaux de {FR} n'ont toujours pas commencé.", "construction denied"),
        ("fr", f"Les travaux de {FR} ont désormais commencé.", "construction reached"),
        ("fr", f"La production de {FR} tarde à débuter.", "operating denied"),
        ("fr", f"La production d'essai de {FR} débutera en 2027.", "commissioning expected"),
        ("fr", f"L'autorisation environnementale de {FR} n'a pas été délivrée.", "approved denied"),
        ("es", f"Las obras de {ES} no han empezado todavía.", "construction denied"),
        ("es", f"Las obras de {ES} empezaron en mayo.", "construction reached"),
        ("es", f"La producción de {ES} sigue sin arrancar.", "operating denied"),
        ("es", f"La producción de prueba de {ES} ya ha arrancado.", "commissioning reached"),
        ("es", f"El contrato de construcción de {ES} está lejos de haberse firmado.", "agreed denied"),
        ("ar", f"أشغال {AR} لم تنطلق بعد.", "construction denied"),
        ("ar", f"أشغال {AR} انطلقت بالفعل.", "construction reached"),
        ("ar", f"الإنتاج في {AR} لا يزال ينتظر البدء.", "operating denied"),
        ("ar", f"الرخصة البيئية الخاصة ب{AR} لم تصدر بعد.", "approved denied"),
        ("ar", f"أشغال بناء {AR} بعيدة عن الانتهاء.", "completed denied"),
        ("zh", f"{ZH}的建设还没有完成。", "completed denied"),
        ("zh", f"{ZH}的生产至今未开始。", "operating denied"),
        ("zh", f"{ZH}的生产将于2027年开始。", "operating expected"),
    ],
)
def test_a_verb_is_heard_behind_a_long_subject(language: str, text: str, claim: str) -> None:
    reading = READER.read(make_text(text, language=language, published="2026-10-05"))

    told = {f"{each.stage} {each.state}" for each in reading.claims if each.stage != "announced"}
    assert told - {"delayed reached"} == {claim}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "Construction of Altavia's plant in Cartagena costs 900 million euros, and the new tram has begun to run.",
        ),
        (
            "en",
            "Production at Altavia's plant in Cartagena matters to the region, said the mayor, as a rival has begun.",
        ),
        ("fr", "La construction de l'usine d'Altavia à Carthagène coûte cher, dit le maire, et le tramway a commencé."),
        (
            "es",
            "La construcción de la planta de Altavia en Cartagena cuesta mucho y el tranvía ha empezado a rodar.",
        ),
        ("zh", "阿尔塔维亚卡塔赫纳工厂的竞争对手生产尚未开始。"),
    ],
)
def test_what_another_does_is_not_told_of_a_subject_far_before_it(language: str, text: str) -> None:
    reading = READER.read(make_text(text, language=language, published="2026-10-05"))
    assert {claim.stage for claim in reading.claims} <= {"announced"}
