"""Phrases found by their characters."""

import pytest

from monitor.core.reading.text.alternation import Alternation, _compiled


def found(phrases: Alternation[int], text: str) -> list[tuple[str, int]]:
    return [(text[start:end], value) for start, end, value in phrases.find(text, 0, len(text))]


def test_the_longest_phrase_is_found() -> None:
    money = Alternation.of({"million": 1, "million euros": 2, "m": 3, "m€": 4})

    assert found(money, "a million euros, a million, 5 m€, 5 m") == [
        ("million euros", 2),
        ("million", 1),
        ("m€", 4),
        ("m", 3),
    ]


def test_case_and_accents_of_a_phrase_do_not_matter() -> None:
    assert found(Alternation.of({"Année": 1}), "annee") == [("annee", 1)]


@pytest.mark.parametrize("text", ["armes", "mesure", "m2", "m\u00e9tier"])
def test_a_phrase_is_no_part_of_a_word(text: str) -> None:
    assert not found(Alternation.of({"m": 1, "mes": 2}), text)


def test_a_script_without_spaces_has_no_word_edges() -> None:
    assert found(Alternation.of({"亿元": 1, "gwh": 2}), "投资26亿元年产20gwh电池") == [("亿元", 1), ("gwh", 2)]


def test_a_stem_goes_on_to_the_end_of_the_word() -> None:
    assert found(Alternation.of({"subvention*": 1, "sub": 2}), "subventions sub subtil") == [
        ("subventions", 1),
        ("sub", 2),
    ]


def test_a_proclitic_may_be_joined_to_the_front() -> None:
    assert found(Alternation.of({"مليار": 1}, ["و", "ال", "وال"]), "ومليار والمليار سمليار") == [
        ("مليار", 1),
        ("مليار", 1),
    ]


def test_white_space_within_a_phrase_may_be_of_any_length() -> None:
    assert found(Alternation.of({"par an": 1}), "par \n an") == [("par \n an", 1)]


def test_a_phrase_is_found_at_a_place_or_before_it() -> None:
    units = Alternation.of({"gwh": 1, "us$": 2})

    assert units.at("20gwh", 2) == (5, 1)
    assert units.at("20gwh", 0) is None
    assert units.before("only us$ 5", 9) == (5, 2)
    assert units.before("bus$5", 4) is None


def test_no_phrases_find_nothing() -> None:
    nothing: Alternation[int] = Alternation.of({}, ["و"])

    assert not found(nothing, "و")
    assert nothing.at("x", 0) is None
    assert nothing.before("x", 1) is None


def test_a_star_may_end_any_word_of_a_phrase() -> None:
    words = Alternation.of({"rais* money": 1, "rais*": 2, "plant* in spain*": 3}, ["re"])
    text = "raising money, raised, plants in spainish, reraise money"
    assert [(text[start:end], value) for start, end, value in words.find(text, 0, len(text))] == [
        ("raising money", 1),
        ("raised", 2),
        ("plants in spainish", 3),
        ("raise money", 1),
    ]


def test_what_is_prepared_is_compiled_once() -> None:
    phrases = Alternation.of({"a phrase of this test alone": 1})

    phrases.prepare()
    compiled = _compiled.cache_info().misses

    assert found(phrases, "a phrase of this test alone") == [("a phrase of this test alone", 1)]
    assert _compiled.cache_info().misses == compiled
