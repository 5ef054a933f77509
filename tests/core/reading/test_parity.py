"""Plain statements, which mean the same in every language."""

from collections.abc import Mapping

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

STATEMENTS: Mapping[str, tuple[set[str], Mapping[str, str]]] = {
    "a power purchase agreement is not a stage": (
        set(),
        {
            "en": "Altavia signed a power purchase agreement for its plant in Cartagena.",
            "fr": "Altavia a signé un contrat d'achat d'électricité pour son usine de Carthagène.",
            "es": "Altavia firmó un contrato de compraventa de energía para su planta de Cartagena.",
            "ar": "وقعت ألتافيا اتفاقية شراء الكهرباء لمصنعها في قرطاجنة.",
            "zh": "阿尔塔维亚为其卡塔赫纳工厂签署了购电协议。",
        },
    ),
    "nor is a supply contract": (
        set(),
        {
            "en": "Altavia signed a supply contract for its plant in Cartagena.",
            "fr": "Altavia a signé un contrat de fourniture pour son usine de Carthagène.",
            "es": "Altavia firmó un acuerdo de suministro para su planta de Cartagena.",
            "ar": "وقعت ألتافيا عقد إمداد لمصنعها في قرطاجنة.",
            "zh": "阿尔塔维亚为其卡塔赫纳工厂签署了供货合同。",
        },
    ),
    "what will be ready will be completed": (
        {"completed expected"},
        {
            "en": "Altavia's plant in Cartagena will be ready in 2027.",
            "fr": "L'usine d'Altavia à Carthagène sera prête en 2027.",
            "es": "La planta de Altavia en Cartagena estará lista en 2027.",
            "ar": "سيكون مصنع ألتافيا في قرطاجنة جاهزا سنة 2027.",
            "zh": "阿尔塔维亚卡塔赫纳工厂将于2027年就绪。",
        },
    ),
    "what is not ready is not": (
        {"completed denied"},
        {
            "en": "Altavia's plant in Cartagena is not ready yet.",
            "fr": "L'usine d'Altavia à Carthagène n'est pas encore prête.",
            "es": "La planta de Altavia en Cartagena no está lista todavía.",
            "ar": "مصنع ألتافيا في قرطاجنة غير جاهز بعد.",
            "zh": "阿尔塔维亚卡塔赫纳工厂尚未就绪。",
        },
    ),
    "a permit is expected": (
        {"approved expected"},
        {
            "en": "Altavia expects the permit for its plant in Cartagena in May 2027.",
            "fr": "Altavia attend le permis de son usine à Carthagène en mai 2027.",
            "es": "Altavia espera el permiso para su planta en Cartagena en mayo de 2027.",
            "ar": "تنتظر ألتافيا ترخيص مصنعها في قرطاجنة في مايو 2027.",
            "zh": "阿尔塔维亚预计2027年5月获得卡塔赫纳工厂的许可。",
        },
    ),
    "trial production is none yet": (
        {"commissioning reached"},
        {
            "en": "Altavia's plant in Cartagena started trial production.",
            "fr": "L'usine d'Altavia à Carthagène a démarré la production d'essai.",
            "es": "La planta de Altavia en Cartagena inició la producción de prueba.",
            "ar": "بدأ مصنع ألتافيا في قرطاجنة الإنتاج التجريبي.",
            "zh": "阿尔塔维亚卡塔赫纳工厂开始试生产。",
        },
    ),
    "at full capacity": (
        {"operating reached"},
        {
            "en": "Altavia's plant in Cartagena runs at full capacity.",
            "fr": "L'usine d'Altavia à Carthagène tourne à pleine capacité.",
            "es": "La planta de Altavia en Cartagena funciona a plena capacidad.",
            "ar": "يعمل مصنع ألتافيا في قرطاجنة بكامل طاقته.",
            "zh": "阿尔塔维亚卡塔赫纳工厂满负荷运行。",
        },
    ),
}


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "zh"])
@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_same_statement_is_read_alike(statement: str, language: str) -> None:
    claims, texts = STATEMENTS[statement]

    reading = READER.read(make_text(texts[language], language=language, published="2026-10-05"))

    assert {f"{claim.stage} {claim.state}" for claim in reading.claims} - {"announced reached"} == claims
