"""Words that point at projects without naming them."""

import pytest

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


def test_an_empty_vocabulary_points_at_nothing() -> None:
    silent = Pointers.from_section(Section({}, "focus"))
    text = Text.of("both plants in Spain and elsewhere")

    assert silent.find(text) == []
    assert silent.joins(text, Span(0, len(text.bare))) == []
    assert not silent.is_at(text, Span(15, 20))


def test_a_misspelt_key_is_named() -> None:
    with pytest.raises(LexiconError, match=r"focus\.facility"):
        Pointers.from_section(Section({"facility": ["plant"]}, "focus"))
