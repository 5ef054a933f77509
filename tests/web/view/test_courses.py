"""The amounts of a project over time."""

from datetime import UTC

from monitor.core.folding.fold import fold
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.message.tongue import Tongue
from monitor.core.model import Fact, FactKind
from monitor.core.state import Report
from monitor.web.view.chronicle import Citing
from monitor.web.view.dossier import Course, courses
from tests.builders import VOICE, make_article, make_fact

CITING = Citing(Tongue.of(VOICE.catalogues, "en"), UTC)


def report(key: str, day: int, *facts: Fact) -> Report:
    return Report(source=make_article(key, day=day, outlet=f"Outlet {key}").source, facts=facts)


def of(*reports: Report) -> tuple[Course, ...]:
    return courses(fold("plant", reports, INDUSTRIAL, phases=("Line 1",)), reports, CITING)


def test_each_amount_has_the_days_on_which_it_was_told_and_its_sources() -> None:
    (course,) = of(
        report("c", -10, make_fact(value=3.6e9)),
        report("a", -300, make_fact(value=3e9)),
        report("b", -200, make_fact(value=3e9)),
        report("d", -5, make_fact(value=3.6e9)),
    )

    assert course.label == "investment"
    assert [(told.value, told.first, told.last, told.sources, told.is_believed) for told in course.told] == [
        ("3 billion\xa0MAD", "28 January 2026", "8 May 2026", "2 sources", False),
        ("3.6 billion\xa0MAD", "14 November 2026", "19 November 2026", "2 sources", True),
    ]


def test_an_amount_that_was_told_once_has_one_day() -> None:
    (course,) = of(report("a", -30, make_fact(value=3e9)), report("b", -9, make_fact(value=3.6e9)))

    assert [told.last for told in course.told] == ["", ""]
    assert course.told[0].sources == "one source"


def test_an_amount_that_never_changed_is_no_course() -> None:
    assert of(report("a", -30, make_fact()), report("b", -9, make_fact())) == ()


def test_parts_stand_apart_from_the_whole() -> None:
    found = of(
        report("a", -30, make_fact(value=1e9, phase="Line 1"), make_fact(value=3e9)),
        report("b", -9, make_fact(value=2e9, phase="Line 1"), make_fact(value=4e9)),
    )

    assert [course.label for course in found] == ["investment", "investment (Line 1)"]
    assert [told.is_believed for told in found[1].told] == [False, True]


def test_kinds_and_units_stand_apart() -> None:
    capacity = {"kind": FactKind.CAPACITY, "unit": "t/yr"}
    found = of(
        report("a", -30, make_fact(value=100.0, **capacity), make_fact(value=3e9), make_fact(value=3e8, unit="USD")),
        report("b", -9, make_fact(value=200.0, **capacity), make_fact(value=4e9), make_fact(value=4e8, unit="USD")),
    )

    assert [(course.label, len(course.told)) for course in found] == [
        ("investment", 2),
        ("investment", 2),
        ("capacity", 2),
    ]


def test_of_many_amounts_the_last_told_are_shown() -> None:
    (course,) = of(*[report(f"a{number}", number - 99, make_fact(value=number * 1e9)) for number in range(1, 12)])

    assert [told.value.partition(" ")[0] for told in course.told] == [str(number) for number in range(4, 12)]
