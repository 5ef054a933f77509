"""Words that point at a project, a phase of it or its place."""

import pytest

from monitor.core.model import Phase, Project
from monitor.core.reading.projects.matching import Mention, MentionRole, PhaseNames
from monitor.core.reading.projects.pointers import Pointers
from monitor.core.reading.subject import with_adjectives
from monitor.core.reading.text.text import Span, Text
from monitor.core.reading.text.vocabulary import VocabularySection
from tests.core.reading.texts import lay_out, lexicons

# ---------------------------------------------------------------- words that point


VOCABULARY = {
    "facilities": ["plant", "factory", "مصنع", "محطة"],
    "owners": ["company"],
    "several": ["both"],
    "all": ["both of them"],
    "examples": ["such as"],
    "works": ["building"],
    "other": ["another"],
    "articles": ["the", "ال"],
    "of": ["of"],
    "at": ["in", "ب", "在"],
    "countries": {"Germany": ["German"], "Spain": ["Spanish"], "المغرب": ["مغربي"], "西班牙": [], "Royaume-Uni": []},
}
POINTERS = Pointers.from_section(VocabularySection(VOCABULARY, "focus"))


def pointing(text: str) -> list[tuple[str, str]]:
    folded = Text.of(text)
    return [
        (str(p.sense), folded.quote(p.span.start, p.span.end)) for p in POINTERS.beside(folded, POINTERS.find(folded))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The plants open", [("facilities", "plants")]),
        ("Both plants open", [("several", "Both"), ("facilities", "plants")]),
        ("Both governments", []),
        ("The plant delights both", [("facilities", "plant")]),
        ("Both of them", [("all", "Both of them")]),
        ("another plant", [("other", "another"), ("facilities", "plant")]),
        ("another, plant", [("facilities", "plant")]),
        ("the factory of the German company", [("facilities", "factory"), ("owners", "company")]),
        ("المصنع المغربي", [("facilities", "مصنع"), ("adjectives", "مغربي")]),
    ],
)
def test_words_point_and_some_only_beside_a_facility(text: str, expected: list[tuple[str, str]]) -> None:
    assert pointing(text) == expected


def test_a_country_is_known_by_all_its_names() -> None:
    assert lexicons()["en"].focus.countries_of(["United States"]) == {"United States", "America"}


# ---------------------------------------------------------------- adjectives


ADJECTIVES = Pointers.from_section(
    VocabularySection({"facilities": ["plant"], "countries": {"Germany": ["German"], "المغرب": ["مغربي"]}}, "focus")
)
GERMAN = Project(id="german", name={}, who=("X",), what=("cells",), where=("Germany",))
SPANISH = Project(id="spanish", name={}, who=("X",), what=("cells",), where=("Spain",))
PROJECTS = {"german": GERMAN, "spanish": SPANISH}


def mention(start: int, end: int, role: MentionRole) -> Mention:
    return Mention(span=Span(start, end), role=role, projects=("german", "spanish"), word="")


def with_place(text: str, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    folded = Text.of(text)
    found = ADJECTIVES.find(folded)
    return with_adjectives(folded, found, mentions, PROJECTS, frozenset(PROJECTS), vocabulary=ADJECTIVES)


@pytest.mark.parametrize("text", ["X and its German plant", "X and its German cells"])
def test_an_adjective_beside_a_facility_or_a_product_is_a_place(text: str) -> None:
    mentions = (
        (mention(0, 1, MentionRole.WHO), mention(17, 22, MentionRole.WHAT))
        if "cells" in text
        else (mention(0, 1, MentionRole.WHO),)
    )
    found = with_place(text, mentions)

    assert [(m.role, m.projects, m.word) for m in found if m not in mentions] == [
        (MentionRole.WHERE, ("german",), "Germany")
    ]
    assert list(found) == sorted(found, key=lambda m: m.span)


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
    x = Mention(span=Span(0, 1), role=MentionRole.WHO, projects=("x",), word="X")
    pointers = Pointers.from_section(VocabularySection(vocabulary, "focus"))

    found = with_adjectives(Text.of(text), (), (x,), {"x": project}, frozenset({"x"}), vocabulary=pointers)

    assert [mention.word for mention in found if mention is not x] == places


# ---------------------------------------------------------------- phases


FIRST = Phase(name="first", words=("first phase", "phase one", "première phase", "一期", "المرحلة الأولى"))
SECOND = Phase(name="second", words=("second phase", "deuxième phase", "二期", "المرحلة الثانية"))
PLANT = Project(id="plant", name={"": "Plant"}, who=("Voltara",), phases=(FIRST, SECOND))
OTHER = Project(id="other", name={"": "Other"}, who=("Acme",))


def phase_at(words: str, text: str, language: str, *, project: str = "plant") -> str | None:
    """The phase that some words of a text are about."""
    document = lay_out(text, language=language)
    start = document.text.bare.index(words)
    return PhaseNames((PLANT, OTHER)).within(document).at(project, Span(start, start + len(words)))


@pytest.mark.parametrize(
    ("language", "words", "text", "phase"),
    [
        ("en", "started", "The plant has started its first phase. Work on the second phase begins in 2027.", "first"),
        ("en", "work", "The plant has started its first phase. Work on the second phase begins in 2027.", "second"),
        ("en", "built", "The first phase went into production in 2025, while the second phase is built.", "second"),
        ("fr", "travaux", "Voltara a lancé les travaux de la deuxième phase de son usine.", "second"),
        ("zh", "投产", "项目一期已投产。", "first"),
        ("en", "signed", "Voltara signed the investment agreement.", None),
    ],
)
def test_words_are_about_the_phase_that_their_sentence_names(
    language: str, words: str, text: str, phase: str | None
) -> None:
    assert phase_at(words, text, language) == phase


def test_the_phase_of_another_project_is_not_this_ones() -> None:
    assert phase_at("started", "Acme has started the first phase.", "en", project="other") is None
