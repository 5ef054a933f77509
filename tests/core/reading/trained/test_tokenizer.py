"""Pieces: the likeliest way to put a text together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.reading.trained.pieces import Tokenizer, normalized

PIECES = [
    ("<s>", 0.0),
    ("<unk>", 0.0),
    ("\u2581the", -2.0),
    ("\u2581", -3.0),
    ("\u2581plant", -6.0),
    ("plan", -4.0),
    ("t", -3.5),
    ("s", -3.0),
    ("é", -5.0),
    ("工厂", -5.0),
    ("工", -6.0),
    ("<", -7.0),
]
TOKENIZER = Tokenizer(PIECES, unknown=1)


def pieces(text: str) -> list[tuple[str, str]]:
    ids, offsets = TOKENIZER.tokenize(text)
    return [(PIECES[number][0], text[start:end]) for number, (start, end) in zip(ids, offsets, strict=True)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("  \n", []),
        ("the plants", [("\u2581the", "the"), ("\u2581plant", "plant"), ("s", "s")]),
        ("the \n\t plant ", [("\u2581the", "the"), ("\u2581plant", "plant")]),
        ("plan", [("\u2581", "p"), ("plan", "plan")]),
        ("the\u200bs", [("\u2581the", "the"), ("s", "s")]),
        ("the ＳS", [("\u2581the", "the"), ("\u2581", " "), ("<unk>", "ＳS")]),
        ("the e\u0301", [("\u2581the", "the"), ("\u2581", " "), ("é", "e")]),
    ],
)
def test_a_text_falls_into_its_likeliest_pieces(text: str, found: list[tuple[str, str]]) -> None:
    assert pieces(text) == found


@given(st.text(max_size=100))
def test_pieces_stand_in_the_order_of_the_text(text: str) -> None:
    ids, offsets = TOKENIZER.tokenize(text)

    assert len(ids) == len(offsets)
    assert all(0 <= start < end <= len(text) for start, end in offsets)
    assert [end for _, end in offsets] == sorted(end for _, end in offsets)
    assert [start for start, _ in offsets] == sorted(start for start, _ in offsets)


@given(st.text(max_size=100))
def test_each_character_of_the_plain_form_has_its_place(text: str) -> None:
    plain, origins = normalized(text)

    assert len(plain) == len(origins)
    assert origins == sorted(origins)
