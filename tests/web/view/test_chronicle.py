"""Everything that was said of a project, story by story."""

from dataclasses import replace
from datetime import UTC

from monitor.core.folding.known import operators_word
from monitor.core.message.tongue import Tongue
from monitor.core.periods import Period
from monitor.core.state import Correction, Report
from monitor.web.view.chronicle import Chronicle, Citing, chronicle
from tests.builders import NOW, VOICE, make_article, make_claim, make_fact

CITING = Citing(Tongue.of(VOICE.catalogues, "en"), UTC)
LATER = make_claim(date=Period.parse("2024-06"))


def report(key: str, *, day: int, story: str | None = None, outlet: str = "", said: bool = True) -> Report:
    source = make_article(key, day=day, outlet=outlet or f"Outlet {key}").source
    return Report(source=replace(source, story=story or key), claims=(make_claim(),) if said else ())


def of(*reports: Report, corrections: tuple[Correction, ...] = (), first: int = 0, most: int = 9) -> Chronicle:
    return chronicle(reports, corrections, CITING, first=first, most=most)


def test_copies_of_a_story_stand_below_its_first_telling() -> None:
    found = of(
        report("b", day=-2, story="a", said=False),
        report("c", day=-1),
        report("a", day=-3),
    )

    assert [(entry.place.outlet, entry.article) for entry in found.entries if entry.place] == [
        ("Outlet c", "c"),
        ("Outlet a", "a"),
    ]
    (copy,) = found.entries[1].copies
    assert copy.place is not None
    assert (copy.place.outlet, copy.day, copy.article, copy.said) == ("Outlet b", "22 November 2026", "b", ())
    assert found.entries[0].copies == ()
    assert found.total == 2


def test_a_copy_tells_what_it_adds() -> None:
    more = replace(report("b", day=-2, story="a"), claims=(LATER,), facts=(make_fact(),))

    (entry,) = of(report("a", day=-3), more).entries

    assert [each.words for each in entry.copies[0].said] == [
        "agreed: reached, June 2024",
        "investment: 3 billion\xa0MAD",
    ]


def test_the_first_article_with_a_statement_leads_its_story() -> None:
    (entry,) = of(report("a", day=-3, said=False), report("b", day=-2, story="a")).entries

    assert (entry.article, [copy.article for copy in entry.copies]) == ("b", ["a"])


def test_a_story_without_a_statement_is_left_out() -> None:
    assert of(report("a", day=-3, said=False)) == Chronicle(entries=(), total=0)


def test_a_page_has_some_of_them_and_says_how_many_there_are() -> None:
    reports = [report(key, day=-number) for number, key in enumerate("abcde")]

    found = of(*reports, first=2, most=2)

    assert [entry.article for entry in found.entries] == ["c", "d"]
    assert found.total == 5
    assert of(*reports, first=9).entries == ()


def test_a_correction_stands_by_itself_at_the_day_on_which_it_was_seen() -> None:
    told = report("a", day=-9)
    correction = Correction(source=told.source, at=NOW, claims=(LATER,), facts=())

    corrected, first = of(told, corrections=(correction,)).entries

    assert (corrected.is_withdrawn, corrected.day, corrected.article) == (True, "24 November 2026", "a")
    assert (first.is_withdrawn, first.day) == (False, "15 November 2026")


def test_the_word_of_an_operator_has_no_article() -> None:
    source = operators_word(make_article("a", day=-9).source, claim="c1", by="Nadia", at=NOW)

    (entry,) = of(Report(source=source, claims=(make_claim(),))).entries

    assert (entry.article, entry.place, entry.decided_by) == ("", None, "Nadia")
