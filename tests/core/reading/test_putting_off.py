"""What is put off is not reached. Its new date is that of the plan, and not that of the delay."""

import pytest

from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Project
from monitor.core.reading.reader import RuleReader
from tests.core.reading.texts import lexicons, make_text

PLANT = Project(
    id="plant",
    name={"": "Plant"},
    who=("Altavia", "阿尔塔维亚", "ألتافيا"),
    what=("battery", "batteries", "batterie", "baterías", "البطاريات", "电池"),
    where=("Cartagena", "Carthagène", "卡塔赫纳", "قرطاجنة"),
)
OPENING = {
    "en": "Altavia is present in Cartagena with a battery plant.",
    "fr": "Altavia est présent à Carthagène avec une usine de batteries.",
    "es": "Altavia está presente en Cartagena con una planta de baterías.",
    "ar": "ألتافيا حاضرة في قرطاجنة بمصنع البطاريات.",
    "zh": "阿尔塔维亚在卡塔赫纳有电池工厂。",
}
READER = RuleReader([PLANT], lexicons(), {"industrial": INDUSTRIAL})


def claims(language: str, text: str) -> set[str]:
    """The claims of a text of a Monday, beside that the plant is announced: stage, state, and date if there is one."""
    reading = READER.read(make_text(f"{OPENING[language]} {text}", language=language, published="2026-11-30"))
    return {
        " ".join(filter(None, (claim.stage, claim.state, str(claim.date or ""))))
        for claim in reading.claims
        if claim.stage != "announced"
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The groundbreaking, which was to be held on Thursday, has been put off to January."),
        ("fr", "La pose de la première pierre, qui devait avoir lieu jeudi, a été reportée à janvier."),
        ("es", "La colocación de la primera piedra, que debía celebrarse el jueves, se ha aplazado a enero."),
        ("ar", "تأجل وضع حجر الأساس للمصنع، الذي كان مقررا يوم الخميس، إلى يناير."),
        ("ar", "أرجئ حفل وضع حجر الأساس الذي كان مقررا يوم الخميس إلى شهر يناير المقبل."),
        ("zh", "工厂奠基仪式原定于周四举行，现已推迟到1月。"),
        ("en", "The groundbreaking ceremony was postponed from Thursday to January."),
    ],
)
def test_what_was_to_be_done_on_a_day_and_is_put_off_is_expected_on_the_new_one(language: str, text: str) -> None:
    assert claims(language, text) == {"delayed reached", "construction expected 2027-01"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The plant's groundbreaking, planned for Thursday, was pushed back by a month."),
        ("fr", "La pose de la première pierre, qui devait avoir lieu jeudi, a été reportée sine die."),
        ("fr", "La pose de la première pierre, prévue jeudi, a été reportée à une date ultérieure."),
        ("fr", "Prévue mardi dernier, la pose de la première pierre de l'usine a été repoussée d'un mois."),
        ("es", "La colocación de la primera piedra, prevista para el jueves, se pospone sin fecha."),
        ("es", "Prevista para el pasado martes, la colocación de la primera piedra ha sido aplazada un mes."),
    ],
)
def test_what_is_put_off_to_no_day_is_delayed_on_none_and_not_expected_on_the_old_one(language: str, text: str) -> None:
    assert claims(language, text) == {"delayed reached"}


def test_a_step_put_off_in_words_that_are_not_read_is_not_reached_either() -> None:
    text = "وضع حجر الأساس للمصنع، الذي كان مقررا يوم الخميس الماضي، أُجّل إلى أجل غير مسمى."
    assert claims("ar", text) == set()


@pytest.mark.parametrize(
    ("language", "text", "date"),
    [
        ("en", "Start of production is delayed to May.", "2027-05"),
        ("en", "The start of production has been pushed back from March next year to May.", "2027-05"),
        ("en", "Production, due in October, has been postponed to the end of December.", "2026-12"),
        ("fr", "La mise en service de l'usine est reportée à janvier.", "2027-01"),
        ("fr", "L'entrée en production est reportée de mars à septembre.", "2027-09"),
        ("es", "La inauguración se retrasa hasta mayo.", "2027-05"),
        ("es", "El inicio de la producción se aplaza de marzo a septiembre.", "2027-09"),
        ("ar", "تأجل بدء الإنتاج إلى شهر ماي.", "2027-05"),
        ("ar", "تأجل بدء الإنتاج في المصنع من مارس إلى سبتمبر.", "2027-09"),
        ("zh", "工厂投产推迟至3月。", "2027-03"),
        ("zh", "工厂投产时间由明年3月推迟至5月。", "2027-05"),
        ("zh", "工厂投产时间由10月推迟至12月底。", "2026-12"),
    ],
)
def test_a_step_is_expected_on_the_day_to_which_it_is_put_off(language: str, text: str, date: str) -> None:
    assert claims(language, text) == {"delayed reached", f"operating expected {date}"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "El proyecto se había aplazado a fines de 2023."),
        ("en", "The project was delayed in late 2023."),
    ],
)
def test_a_time_that_is_over_is_that_of_the_delay(language: str, text: str) -> None:
    assert claims(language, text) == {"delayed reached 2023-Q4"}


@pytest.mark.parametrize(
    ("language", "sooner", "later"),
    [
        (
            "en",
            "The plant will start production in October 2027 instead of March 2028.",
            "The plant will start production in March 2028 instead of October 2027.",
        ),
        (
            "ar",
            "سيبدأ المصنع الإنتاج في أكتوبر 2027 بدلا من مارس 2028.",
            "سيبدأ المصنع الإنتاج في مارس 2028 بدلا من أكتوبر 2027.",
        ),
    ],
)
def test_instead_of_a_later_day_is_no_delay(language: str, sooner: str, later: str) -> None:
    assert claims(language, sooner) == {"operating expected 2027-10"}
    assert claims(language, later) == {"operating expected 2028-03", "delayed reached"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "L'usine entrera en production en octobre 2027 au lieu de mars 2028."),
        ("es", "La planta iniciará la producción en octubre de 2027 en lugar de marzo de 2028."),
        ("ar", "سيدخل المصنع طور الإنتاج في أكتوبر 2027 عوضا عن بداية سنة 2028."),
        ("zh", "工厂将于2027年10月投产，而不是2028年3月。"),
    ],
)
def test_the_day_that_another_one_replaces_is_not_expected(language: str, text: str) -> None:
    assert claims(language, text) == {"operating expected 2027-10"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Production at the plant is suspended until Thursday."),
        ("fr", "La production de l'usine est suspendue jusqu'à jeudi."),
        ("es", "La producción está suspendida hasta el jueves."),
        ("ar", "تم تعليق الإنتاج في المصنع حتى يوم الخميس."),
        ("zh", "工厂停产至周四。"),
    ],
)
def test_the_day_until_which_a_halt_lasts_is_not_its_day(language: str, text: str) -> None:
    assert claims(language, text) == {"suspended reached"}


def test_a_step_that_was_due_on_another_day_is_reached_on_none_that_is_told() -> None:
    assert claims("en", "Start of production at the plant: originally 2024.") == {"operating reached"}


def test_what_was_to_happen_on_a_day_to_come_is_no_longer_expected_then() -> None:
    assert claims("ar", "بدء الإنتاج، الذي كان مقررا في 2027، موضع تساؤل.") == set()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The plant will not start production in 2028: the new target is 2029."),
        ("fr", "L'usine n'entrera pas en production en 2028 ; l'objectif est désormais 2029."),
        ("es", "La planta no iniciará la producción en 2028: la nueva meta es 2029."),
        ("ar", "لن يبدأ المصنع الإنتاج في 2028، والموعد الجديد هو 2029."),
        ("zh", "工厂不会在2028年投产，新目标是2029年。"),
        ("en", "The plant will not start production in 2028 but in 2029."),
        ("fr", "L'usine n'entrera pas en production en 2028 mais en 2029."),
        ("es", "La planta no iniciará la producción en 2028, como estaba previsto, sino en 2029."),
        ("ar", "لن يبدأ المصنع الإنتاج في 2028 بل في 2029."),
        ("zh", "工厂不是在2028年投产，而是2029年。"),
    ],
)
def test_a_day_that_a_new_one_replaces_is_not_expected(language: str, text: str) -> None:
    assert "operating expected 2028" not in claims(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Altavia had promised the first cell from the battery plant in Cartagena, Spain, for September."),
        ("fr", "Altavia avait promis pour septembre la première cellule de l'usine de batteries de Carthagène."),
        ("es", "Altavia había prometido la primera celda de la planta en Cartagena, Murcia, para septiembre."),
        ("ar", "وكانت ألتافيا قد وعدت ببدء الإنتاج في سبتمبر."),
    ],
)
def test_what_was_promised_for_a_month_that_is_over_is_not_expected_a_year_later(language: str, text: str) -> None:
    assert not any(claim.endswith("2027-09") for claim in claims(language, text))


def test_the_last_of_several_days_is_expected() -> None:
    text = "The battery plant was first to open in May 2026, then in October; now the company speaks of March 2027."
    assert claims("en", text) == {"delayed reached", "operating expected 2027-03"}
