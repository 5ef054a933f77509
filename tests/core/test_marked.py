"""A text with marked sentences, and with what is hidden in it made visible."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.explained import MarkedPiece, marked

OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"


def test_a_sentence_is_marked_where_it_stands_first() -> None:
    assert marked("A. B.\nB.", ["B.", "C.", ""]) == (
        (MarkedPiece(words="A. "), MarkedPiece(words="B.", sentences=(0,))),
        (MarkedPiece(words="B."),),
    )


def test_sentences_may_nest_overlap_and_stand_on_several_lines() -> None:
    assert marked("one two\nthree", ["one two", "two\nthree", "two", "one two"]) == (
        (MarkedPiece(words="one ", sentences=(0, 3)), MarkedPiece(words="two", sentences=(0, 3, 1, 2))),
        (MarkedPiece(words="three", sentences=(1,)),),
    )


def test_what_is_hidden_is_shown_by_its_number_and_name() -> None:
    assert marked(f"a{OVERRIDE}b\x00", [f"a{OVERRIDE}"]) == (
        (
            MarkedPiece(words="a", sentences=(0,)),
            MarkedPiece(words="U+202E", hidden="RIGHT-TO-LEFT OVERRIDE", sentences=(0,)),
            MarkedPiece(words="b"),
            MarkedPiece(words="U+0000", hidden="control character"),
        ),
    )


def test_empty_lines_are_left_out() -> None:
    assert marked("\n \na\n", []) == ((MarkedPiece(words="a"),),)
    assert marked("", ["a"]) == ()
    assert marked(OVERRIDE, []) == ((MarkedPiece(words="U+202E", hidden="RIGHT-TO-LEFT OVERRIDE"),),)


@given(st.text("ab \n\u202e", max_size=30), st.lists(st.text("ab \n", max_size=4), max_size=5))
def test_nothing_is_lost_and_nothing_hidden_is_left(text: str, sentences: list[str]) -> None:
    pieces = [piece for line in marked(text, sentences) for piece in line]

    shown = "".join(piece.words for piece in pieces)
    assert shown.replace(" ", "") == text.replace("\n", "").replace(" ", "").replace(OVERRIDE, "U+202E")
    for index, sentence in enumerate(sentences):
        words = "".join(piece.words for piece in pieces if index in piece.sentences)
        assert words.replace(" ", "") in {"", sentence.replace("\n", "").replace(" ", "")}
