"""Adjectives that say where a project is."""

import pytest

from monitor.core.model import Project
from monitor.core.reading.projects.adjectives import with_adjectives
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.pointers import Pointers
from monitor.core.reading.text.document import Span
from monitor.core.reading.text.text import Text
from monitor.core.reading.text.vocabulary import Section

POINTERS = Pointers.from_section(
    Section({"facilities": ["plant"], "countries": {"Germany": ["German"], "المغرب": ["مغربي"]}}, "focus")
)
GERMAN = Project(id="german", name={}, who=("X",), what=("cells",), where=("Germany",))
SPANISH = Project(id="spanish", name={}, who=("X",), what=("cells",), where=("Spain",))
PROJECTS = {"german": GERMAN, "spanish": SPANISH}


def mention(start: int, end: int, role: Role) -> Mention:
    return Mention(span=Span(start, end), role=role, projects=("german", "spanish"), word="")


def with_place(text: str, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    folded = Text.of(text)
    found = POINTERS.find(folded)
    return with_adjectives(folded, found, mentions, PROJECTS, frozenset(PROJECTS), vocabulary=POINTERS)


@pytest.mark.parametrize("text", ["X and its German plant", "X and its German cells"])
def test_an_adjective_beside_a_facility_or_a_product_is_a_place(text: str) -> None:
    mentions = (mention(0, 1, Role.WHO), mention(17, 22, Role.WHAT)) if "cells" in text else (mention(0, 1, Role.WHO),)
    found = with_place(text, mentions)

    assert [(m.role, m.projects, m.word) for m in found if m not in mentions] == [(Role.WHERE, ("german",), "Germany")]
    assert list(found) == sorted(found, key=lambda m: m.span)


@pytest.mark.parametrize("text", ["X and its French plant", "X and a German minister", "X and its المصنع المغربي"])
def test_other_adjectives_are_no_places(text: str) -> None:
    mentions = (mention(0, 1, Role.WHO),)

    assert with_place(text, mentions) == mentions


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("L'usine tangéroise de X", ["Tanger"]),
        ("Les sites dunkerquois et landais de X", ["Dunkerque", "Landes"]),
        ("Le chantier lyonnais de X", ["Lyon"]),
        # A country's adjective says as often whence a company is; too short a name is in too many words.
        ("Le groupe espagnolois X et ses brestoises", []),
        ("X en train, en romain", []),
    ],
)
def test_the_adjective_of_a_town_is_that_town(text: str, places: list[str]) -> None:
    vocabulary = {"countries": {"Espagnol": []}, "of_towns": ["ois", "ais", "ain"]}
    where = ("Tanger", "Dunkerque", "Landes", "Lyon", "Espagnol", "Tra", "Rome", "Tanger Tech")
    project = Project(id="x", name={}, who=("X",), where=where)
    x = Mention(span=Span(0, 1), role=Role.WHO, projects=("x",), word="X")
    pointers = Pointers.from_section(Section(vocabulary, "focus"))

    found = with_adjectives(Text.of(text), (), (x,), {"x": project}, frozenset({"x"}), vocabulary=pointers)

    assert [mention.word for mention in found if mention is not x] == places
