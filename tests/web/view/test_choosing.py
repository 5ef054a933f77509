"""Which projects a list shows, and in which order."""

from dataclasses import replace
from typing import Any

import pytest

from monitor.core.message.tongue import Tongue
from monitor.core.state import ProjectState
from monitor.web.view.overview import (
    Attention,
    Known,
    ListOrder,
    attention,
    attentions,
    chosen,
    matching,
    ordered,
    statuses,
)
from tests.builders import VOICE, make_claim, make_project
from tests.web.view.test_overview import CONSTRUCTION, expected, known, report

ENGLISH = Tongue.of(VOICE.catalogues, "en")
NONE = known(project=make_project(id="none"))
BUILT = known(report("a", CONSTRUCTION, day=-40), project=make_project(id="built"))
SOON = known(report("b", expected("operating", "2027"), make_claim(), day=-90), project=make_project(id="soon"))
LATER = known(report("c", expected("operating", "2029"), day=-10), project=make_project(id="later"))


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        (ListOrder.GIVEN, ["none", "later", "built", "soon"]),
        (ListOrder.URGENT, ["soon", "later", "built", "none"]),
        (ListOrder.STATUS, ["built", "soon", "none", "later"]),
        (ListOrder.NEXT, ["soon", "later", "none", "built"]),
        (ListOrder.NEWS, ["later", "built", "soon", "none"]),
    ],
)
def test_the_list_has_an_order(order: ListOrder, ids: list[str]) -> None:
    assert [each.project.id for each in ordered([NONE, LATER, BUILT, SOON], order)] == ids


@pytest.mark.parametrize(
    ("words", "ids"),
    [("", ["none", "built"]), ("BUILT", ["built"]), ("construction btr", ["built"]), ("btr hydrogen", [])],
)
def test_a_project_is_found_by_all_of_the_words(words: str, ids: list[str]) -> None:
    assert [each.project.id for each in matching([NONE, BUILT], words)] == ids


def test_an_unknown_status_is_the_lowest() -> None:
    cancelled = replace(BUILT, state=ProjectState(project="built", status="cancelled"))

    assert [each.project.id for each in ordered([cancelled, SOON], ListOrder.STATUS)] == ["soon", "built"]


def in_trouble(name: str, **state: Any) -> Known:
    return replace(BUILT, project=make_project(id=name), state=replace(BUILT.state, project=name, **state))


DELAYED = in_trouble("delayed", condition="delayed")
DISPUTED = in_trouble("disputed", disputed=("operating",))
OVERDUE = known(
    report("d", CONSTRUCTION, expected("operating", "2026-09"), day=-300), project=make_project(id="overdue")
)
MORE_OVERDUE = known(
    report("e", CONSTRUCTION, expected("operating", "2026-05"), day=-300), project=make_project(id="more overdue")
)
QUIET = known(report("f", CONSTRUCTION, day=-400), project=make_project(id="quiet"))
ENDED = in_trouble("ended", status="cancelled", condition="cancelled")
ALL = [NONE, BUILT, SOON, DELAYED, DISPUTED, OVERDUE, MORE_OVERDUE, QUIET, ENDED]


def test_the_most_urgent_is_what_is_overdue_then_what_is_in_trouble() -> None:
    assert [each.project.id for each in ordered(ALL, ListOrder.URGENT)] == [
        "more overdue",
        "overdue",
        "delayed",
        "disputed",
        "soon",
        "built",
        "quiet",
        "none",
        "ended",
    ]


@pytest.mark.parametrize(
    ("project", "reasons"),
    [
        (BUILT, set()),
        (DELAYED, {Attention.DELAYED}),
        (DISPUTED, {Attention.DISPUTED}),
        (OVERDUE, {Attention.OVERDUE, Attention.QUIET}),
        (QUIET, {Attention.QUIET}),
        (ENDED, set()),
    ],
    ids=lambda each: each.project.id if isinstance(each, Known) else "",
)
def test_a_project_needs_attention_for_reasons(project: Known, reasons: set[Attention]) -> None:
    assert attention(project) == reasons


@pytest.mark.parametrize(
    ("words", "status", "only", "ids"),
    [
        ("", "", None, [each.project.id for each in ALL]),
        ("", "cancelled", None, ["ended"]),
        ("", "", Attention.OVERDUE, ["overdue", "more overdue"]),
        ("more", "construction", Attention.OVERDUE, ["more overdue"]),
        ("more", "operating", Attention.OVERDUE, []),
    ],
)
def test_the_list_is_narrowed(words: str, status: str, only: Attention | None, ids: list[str]) -> None:
    assert [each.project.id for each in chosen(ALL, words_=words, status=status, only=only)] == ids


def test_the_filters_say_how_many_projects_they_leave() -> None:
    assert [(each.value, each.label, each.number) for each in statuses(ALL, ENGLISH)] == [
        ("agreed", "agreed", 1),
        ("construction", "construction", 6),
        ("cancelled", "cancelled", 1),
    ]
    assert [(each.value, each.label, each.number) for each in attentions(ALL, ENGLISH)] == [
        ("overdue", "overdue", 2),
        ("delayed", "delayed", 1),
        ("disputed", "disputed", 1),
        ("quiet", "no news for a long time", 3),
    ]
    assert attentions([NONE], ENGLISH) == ()
