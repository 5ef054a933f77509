"""Words that point at projects without naming them."""

import pytest

from monitor.core.model import Project
from monitor.core.reading.projects.mention import Mention, Role
from monitor.core.reading.projects.pointers import Pointers
from monitor.core.reading.projects.senses import Sense
from monitor.core.reading.text.document import Span
from monitor.core.reading.text.text import Text
from monitor.core.reading.text.vocabulary import LexiconError, Section
from tests.core.reading.layout import lexicon

VOCABULARY = {
    "facilities": ["plant", "factory", "مصنع", "محطة"],
    "owners": ["company"],
    "several": ["both"],
    "all": ["both of them"],
    "former": ["the former"],
    "latter": ["the latter"],
    "examples": ["such as"],
    "works": ["building"],
    "other": ["another"],
    "articles": ["the", "ال"],
    "of": ["of"],
    "at": ["in", "ب", "在"],
    "joins": ["and", "و"],
    "asides": ["after"],
    "countries": {"Germany": ["German"], "Spain": ["Spanish"], "المغرب": ["مغربي"], "西班牙": [], "Royaume-Uni": []},
}
POINTERS = Pointers.from_section(Section(VOCABULARY, "focus"))


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
        ("the former, the latter", [("former", "the former"), ("latter", "the latter")]),
        ("another plant", [("other", "another"), ("facilities", "plant")]),
        ("another, plant", [("facilities", "plant")]),
        ("its German factory", [("adjectives", "German"), ("facilities", "factory")]),
        ("the factory of the German company", [("facilities", "factory"), ("owners", "company")]),
        ("the German company's factory", [("owners", "company"), ("facilities", "factory")]),
        ("a German minister", []),
        ("in Spain", [("countries", "Spain")]),
        ("firms such as X", [("examples", "such as")]),
        ("building starts", [("works", "building")]),
        ("مصنعها في محطتها", [("facilities", "مصنعها"), ("facilities", "محطتها")]),
        ("المصنع المغربي", [("facilities", "مصنع"), ("adjectives", "مغربي")]),
    ],
)
def test_words_point_and_some_only_beside_a_facility(text: str, expected: list[tuple[str, str]]) -> None:
    assert pointing(text) == expected


def test_a_pointer_to_a_country_names_it() -> None:
    assert [p.country for p in POINTERS.find(Text.of("a German plant in Spain"))] == ["Germany", "", "Spain"]


@pytest.mark.parametrize(
    ("text", "is_at"),
    [
        ("plant in Spain", True),
        ("exports to Spain", False),
        ("Berlin Spain", False),
        ("工厂在西班牙", True),
        ("بالمغرب", True),
    ],
)
def test_a_place_is_one_where_something_is_or_only_named(text: str, is_at: bool) -> None:
    folded = Text.of(text)
    country = next(p for p in POINTERS.find(folded) if p.sense is Sense.COUNTRY)

    assert POINTERS.is_at(folded, country.span) is is_at


@pytest.mark.parametrize(
    ("text", "begins_with_it"),
    [
        ("The plant opened.", True),
        ("He says the plant opened.", True),
        ("المصنع افتتح.", True),
        ("The plant of Acme opened.", False),
        ("A plant opened.", False),
        ("In the first quarter of the year the plant opened.", False),
        ("قدرة المصنع ارتفعت.", False),
        ("It opened.", False),
    ],
)
def test_a_sentence_may_begin_with_the_plant_that_was_spoken_of(text: str, begins_with_it: bool) -> None:
    folded = Text.of(f"{text}\nThe plant.")
    sentence = Span(0, len(text))

    assert POINTERS.begins_with_it(folded, POINTERS.find(folded), sentence) is begins_with_it


def test_the_countries_among_places_are_known_in_any_spelling() -> None:
    assert POINTERS.countries_of(["Tanger", "GERMANY", "Royaume Uni"]) == {"Germany", "Royaume-Uni"}


def test_a_country_is_known_by_all_its_names() -> None:
    assert lexicon("en").focus.countries_of(["United States"]) == {"United States", "America"}


def test_joins_open_what_comes_next_or_an_aside() -> None:
    assert POINTERS.joins(Text.of("a and b after c"), Span(0, 15)) == [(2, False), (8, True)]


def test_the_arabic_and_is_joined_to_its_word() -> None:
    assert POINTERS.joins(Text.of("طنجة والقنيطرة"), Span(0, 14)) == [(5, False)]


GERMAN = Project(id="german", name={}, who=("X",), what=("cells",), where=("Germany",))
SPANISH = Project(id="spanish", name={}, who=("X",), what=("cells",), where=("Spain",))
PROJECTS = {"german": GERMAN, "spanish": SPANISH}


def mention(start: int, end: int, role: Role) -> Mention:
    return Mention(span=Span(start, end), role=role, projects=("german", "spanish"), word="")


@pytest.mark.parametrize("text", ["X and its German plant", "X and its German cells"])
def test_an_adjective_beside_a_facility_or_a_product_is_a_place(text: str) -> None:
    mentions = (mention(0, 1, Role.WHO), mention(17, 22, Role.WHAT)) if "cells" in text else (mention(0, 1, Role.WHO),)
    found = POINTERS.with_adjectives(
        Text.of(text), POINTERS.find(Text.of(text)), mentions, PROJECTS, frozenset(PROJECTS)
    )

    assert [(m.role, m.projects, m.word) for m in found if m not in mentions] == [(Role.WHERE, ("german",), "Germany")]
    assert list(found) == sorted(found, key=lambda m: m.span)


@pytest.mark.parametrize("text", ["X and its French plant", "X and a German minister", "X and its المصنع المغربي"])
def test_other_adjectives_are_no_places(text: str) -> None:
    mentions = (mention(0, 1, Role.WHO),)

    pointers = POINTERS.find(Text.of(text))

    assert POINTERS.with_adjectives(Text.of(text), pointers, mentions, PROJECTS, frozenset(PROJECTS)) == mentions


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

    found = pointers.with_adjectives(Text.of(text), (), (x,), {"x": project}, frozenset({"x"}))

    assert [mention.word for mention in found if mention is not x] == places


def test_an_empty_vocabulary_points_at_nothing() -> None:
    silent = Pointers.from_section(Section({}, "focus"))
    text = Text.of("both plants in Spain and elsewhere")

    assert silent.find(text) == []
    assert silent.joins(text, Span(0, len(text.bare))) == []
    assert not silent.is_at(text, Span(15, 20))


def test_a_misspelt_key_is_named() -> None:
    with pytest.raises(LexiconError, match=r"focus\.facility"):
        Pointers.from_section(Section({"facility": ["plant"]}, "focus"))
