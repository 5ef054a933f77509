"""Folding keeps its way back to the text as published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.reading.text.text import Text, bare


@pytest.mark.parametrize(
    ("original", "lower", "without_accents"),
    [
        ("L’usine inaugurée", "l'usine inaugurée", "l'usine inauguree"),
        ("Überherrn, Łódź, Straße", "überherrn, łódź, straße", "uberherrn, lodz, strase"),
        ("حالياً ـــ ٢٠٢٦", "حاليا  2026", "حاليا  2026"),
        ("إلى المدينة", "إلى المدينة", "الي المدينه"),
        ("ﬁn de 50 000 ㎡", "fin de 50 000 m2", "fin de 50 000 m2"),
        ("２０２６年", "2026年", "2026年"),
        ("well\u2011known \u2212 soft\u00adhyphen", "well-known - softhyphen", "well-known - softhyphen"),
        ("한국", "한국", "한국"),
        ("國軒高科", "國軒高科", "国轩高科"),
        ("İZMİR, ΣΑΣ", "izmir, σασ", "izmir, σασ"),
        ("｀½ … ﷺ", "'1⁄2 ... ﷺ", "'1⁄2 ... ﷺ"),
    ],
)
def test_a_text_has_two_folded_forms(original: str, lower: str, without_accents: str) -> None:
    text = Text.of(original)

    assert (text.lower, text.bare) == (lower, without_accents)


def test_words_are_quoted_as_they_were_published() -> None:
    text = Text.of("«المشروعُ» ﬁni: 50 000 ㎡ ")

    start = text.bare.index("المشروع")
    assert text.quote(start, start + len("المشروع")) == "المشروعُ"
    start = text.bare.index("fini")
    assert text.quote(start, start + 4) == "ﬁni"
    assert text.quote(start, start) == ""


def test_what_is_folded_stays_as_it_is() -> None:
    every = "".join(map(chr, range(0x10000)))
    once = Text.of(every)

    assert Text.of(once.lower).lower == once.lower


def test_a_character_is_folded_alike_among_few_and_among_many() -> None:
    many = "".join(map(chr, range(0x80, 0x3000)))

    assert bare(many) == "".join(map(bare, many))


@given(st.text(max_size=200), st.data())
def test_any_span_leads_back_into_the_original(original: str, data: st.DataObject) -> None:
    text = Text.of(original)
    start = data.draw(st.integers(0, len(text.bare)))
    end = data.draw(st.integers(start, len(text.bare)))

    assert len(text.lower) == len(text.bare)
    assert text.quote(start, end) in original
    assert bare(original) == text.bare


def test_half_a_character_is_read_as_an_unknown_one() -> None:
    text = Text.of("a\ud800b")
    assert text.lower == "a\ufffdb"
    assert text.quote(0, 3) == "a\ud800b"
