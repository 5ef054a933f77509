"""Spotting the words of a vocabulary in a text."""

import pytest

from monitor.core.reading.text.spotting import Spotter, Word
from monitor.core.reading.text.text import Text
from monitor.core.reading.text.tokens import Tokens


def spotted(text: str, *words: str, prefixes: tuple[str, ...] = ()) -> dict[str, list[tuple[int, int]]]:
    spotter = Spotter({Word.parse(word, "verbs.x"): number for number, word in enumerate(words)}, tuple, prefixes)
    tokens = Tokens.of(Text.of(text))
    places: dict[str, list[tuple[int, int]]] = {}
    for start, end, numbers in spotter.within(tokens, 0, len(tokens.words)):
        for number in numbers:
            places.setdefault(words[number], []).append((start, end))
    return places


@pytest.mark.parametrize(
    ("text", "word", "places"),
    [
        ("Work on works works on", "works", [(2, 3), (3, 4)]),
        ("Workers work", "work*", [(0, 1), (1, 2)]),
        ("the first stone and the first", "first_stone", [(1, 3)]),
        ("the first stones, the first of", "first_ston*", [(1, 3)]),
        ("letter of intent of letter of", "letter_of_intent", [(0, 3)]),
        ("a la calle, à la une", "à_la", [(0, 2), (3, 5)]),
        ("a la calle, à la une", "=à", [(3, 4)]),
        ("签署投资协议", "投资", [(2, 4)]),
    ],
)
def test_a_word_is_spotted_where_all_its_tokens_stand(text: str, word: str, places: list[tuple[int, int]]) -> None:
    assert spotted(text, word) == {word: places}


def test_words_that_begin_or_end_alike_are_all_spotted() -> None:
    words = ("go", "go*", "go_on", "go_o*", "go_on_air")

    assert spotted("go on air", *words) == {
        "go": [(0, 1)],
        "go*": [(0, 1)],
        "go_on": [(0, 2)],
        "go_o*": [(0, 2)],
        "go_on_air": [(0, 3)],
    }


def test_a_prefix_may_be_joined_to_the_first_token() -> None:
    found = spotted("xsigned ysigned xgo on", "sign*", "go_on", prefixes=("x",))

    assert found == {"sign*": [(0, 1)], "go_on": [(2, 4)]}


def test_a_word_that_goes_on_beyond_the_stretch_is_not_in_it() -> None:
    spotter = Spotter({Word.parse("go_on", "verbs.x"): 0}, tuple)

    assert spotter.within(Tokens.of(Text.of("go on")), 0, 1) == []


def test_accents_are_compared_of_one_token_only() -> None:
    assert spotted("à la une", "=à_la") == {}
