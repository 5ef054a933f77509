"""Quantities in five languages: the phrases of ``phrases/quantities.yaml``, and what no phrase shows."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from monitor.core.reading.quantities.quantities import Quantity, quantities
from tests.core.reading.texts import lay_out, lexicons

PHRASES = YAML(typ="safe").load(Path(__file__).with_name("phrases") / "quantities.yaml")


def read(language: str, text: str, title: str = "", places: Sequence[str] = ()) -> tuple[Quantity, ...]:
    lexicon = lexicons()[language]
    return quantities(lay_out(text, title=title, language=language), lexicon.numbers, lexicon.quantities, places)


def brief(found: tuple[Quantity, ...]) -> list[tuple[float, float, str]]:
    return [(quantity.low, quantity.high, quantity.unit) for quantity in found]


def expected(line: str) -> list[tuple[float, float, str]]:
    parts = [part.split() for part in line.split("; ") if part]
    ranges = [(value.split(".."), unit) for value, unit in parts]
    return [(float(ends[0]), float(ends[-1]), unit) for ends, unit in ranges]


@pytest.mark.parametrize(
    ("language", "text", "line"),
    [
        pytest.param(language, text, line, id=f"{language}: {text}")
        for language, lines in PHRASES.items()
        for phrase in lines
        for text, line in phrase.items()
    ],
)
def test_a_phrase_is_read_as_people_mean_it(language: str, text: str, line: str) -> None:
    found, wanted = brief(read(language, text)), expected(line)

    assert [unit for _, _, unit in found] == [unit for _, _, unit in wanted]
    assert [value for low, high, _ in found for value in (low, high)] == pytest.approx(
        [value for low, high, _ in wanted for value in (low, high)]
    )


@pytest.mark.parametrize(
    ("title", "text", "unit"),
    [
        ("Ontario plant paused", "Spending on the $2.76-billion plant was halted.", "CAD"),
        ("Kansas plant paused", "Spending on the $2.76-billion plant was halted.", "USD"),
        ("Kansas plant paused", "Work stopped. Later it bought a mine in Canada for $3 billion.", "USD"),
        ("Ontario plant paused", "It costs $5 billion (C$7 billion).", "USD"),
    ],
)
def test_the_place_at_the_top_says_whose_dollars_they_are(title: str, text: str, unit: str) -> None:
    assert read("en", text, title)[0].unit == unit


@pytest.mark.parametrize(
    ("text", "places", "unit"),
    [
        ("The kiln cost Rs 24 billion.", ["Palpa", "Nepal"], "NPR"),
        ("The kiln cost Rs 24 billion.", ["Palpa"], "INR"),
        ("In Pakistan the kiln cost Rs 24 billion.", ["Nepal"], "PKR"),
        ("The kiln cost $24 billion.", ["Canada"], "USD"),
    ],
)
def test_where_the_project_is_says_whose_rupees_they_are_and_no_dollars(
    text: str, places: list[str], unit: str
) -> None:
    assert read("en", text, places=places)[0].unit == unit


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("500 to 1.2 billion dollars", [(500, 1.2e9, "USD")]),
        ("from 100 MW to 20 MW", [(20, 100, "MW")]),
        ("20 MW to 30 hectares", [(20, 20, "MW"), (30, 30, "ha")]),
        ("10 MW to 20 MW to 30 MW", [(10, 20, "MW"), (30, 30, "MW")]),
        ("in 2025 to 30,000 tonnes", [(30_000, 30_000, "t")]),
        ("5 MW and 6 MW", [(5, 5, "MW"), (6, 6, "MW")]),
    ],
)
def test_a_range_joins_two_ends_of_one_thing(text: str, found: list[tuple[float, float, str]]) -> None:
    assert brief(read("en", text)) == found


@given(text=st.text(max_size=200))
def test_whatever_the_text_quantities_stand_in_order(text: str) -> None:
    for language in ("ar", "fr", "zh"):
        found = read(language, text)
        assert all(one.span.start <= other.span.start for one, other in pairwise(found))
        assert all(quantity.low <= quantity.high for quantity in found)
