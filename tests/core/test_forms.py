"""A word is found in every form in which it may stand, and nowhere else."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitor.core.reading.projects.forms import Finder, forms, plain
from monitor.core.reading.text.text import Text


def found(word: str, text: str, *, inflected: bool = False) -> list[str]:
    folded = Text.of(text)
    finder = Finder(dict.fromkeys(forms(word, inflected=inflected), word))
    return [folded.quote(span.start, span.end) for span, _ in finder.find(folded)]


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        pytest.param("Kénitra", "à KENITRA.", "KENITRA", id="case and accents"),
        pytest.param("Kenitra", "(Kénitra)", "Kénitra", id="accents in the text"),
        pytest.param("Tanger", "l'usine d'Tanger", "Tanger", id="after an elision"),
        pytest.param("BTR", "BTR's plant", "BTR", id="before a possessive"),
        pytest.param("BTR", "贝特瑞BTR在", "BTR", id="short Latin word between Chinese"),
        pytest.param("贝特瑞", "中国贝特瑞公司", "贝特瑞", id="Chinese has no borders"),
        pytest.param("国轩高科", "國軒高科今天", "國軒高科", id="traditional for simplified"),
        pytest.param("國軒", "国轩高科", "国轩", id="simplified for traditional"),
        pytest.param("LG化学", "LG 化学的", "LG 化学", id="a space between scripts"),
        pytest.param("Li-Cycle", "Li Cycle said", "Li Cycle", id="space for hyphen"),
        pytest.param("Li Cycle", "Li-Cycle said", "Li-Cycle", id="hyphen for space"),
        pytest.param("Li-Cycle", "LiCycle said", "LiCycle", id="nothing for hyphen"),
        pytest.param("Jorf Lasfar", "Jorf  \n Lasfar", "Jorf  \n Lasfar", id="broken over lines"),
        pytest.param("Jorf Lasfar", "a  b - Jorf  Lasfar  c", "Jorf  Lasfar", id="after other runs of spaces"),
        pytest.param("Kénitra-Marrakech", "Kenitra\u2013Marrakech", "Kenitra\u2013Marrakech", id="en dash"),
        pytest.param("BTR", "the B.T.R. group", "B.T.R", id="capitals with dots"),
        pytest.param("بي تي آر", "شركة «بي.تي.آر» الصينية", "بي.تي.آر", id="Arabic capitals with dots"),
        pytest.param("المغرب", "وبالمغرب", "المغرب", id="conjunction and preposition"),
        pytest.param("المغرب", "دخل للمغرب", "للمغرب", id="the article swallowed"),
        pytest.param("طنجة", "بطنجه", "طنجه", id="Arabic letter forms"),
        pytest.param("طنجة", "طَنْجَة", "طَنْجَة", id="Arabic diacritics"),
        pytest.param("سيارات كهربائية", "والسيارات الكهربائية", "سيارات الكهربائية", id="article on both words"),
        pytest.param("BTR", "إنتاج لـBTR", "BTR", id="Latin after an Arabic proclitic"),
    ],
)
def test_a_name_is_found_in_all_its_spellings(word: str, text: str, expected: str) -> None:
    assert expected in found(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        pytest.param("ACC", "un accord, un accès", id="inside a word"),
        pytest.param("ACC", "ACCs and accs", id="a name has no plural"),
        pytest.param("BTR", "BTR60", id="before a digit"),
        pytest.param("Li-Cycle", "recycle Lic ycle", id="a space elsewhere"),
        pytest.param("مصر", "مصرف", id="inside an Arabic word"),
        pytest.param("نور", "منشور", id="letters before that are no proclitics"),
        pytest.param("عمان", "ضمان", id="another Arabic letter before"),
        pytest.param("المغرب", "وقت المغربلة", id="the article does not end a word"),
        pytest.param("तेल", "तेलंगाना", id="scripts with spaces have borders"),
        pytest.param("ბათუმი", "ბათუმის", id="as Georgian does"),
        pytest.param("...", "...", id="no letters"),
        pytest.param("", "anything", id="nothing"),
    ],
)
def test_a_name_is_not_found_in_other_words(word: str, text: str) -> None:
    assert [hit for hit in found(word, text) if any(char.isalnum() for char in hit)] == []


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("cathode", "cathodes"),
        ("cathodes", "cathode"),
        ("battery", "batteries"),
        ("batteries", "battery"),
        ("batteries", "batterie"),
        ("canal", "canaux"),
        ("canaux", "canal"),
        ("réseau", "réseaux"),
        ("luz", "luces"),
        ("reactor", "reactores"),
        ("reactores", "reactor"),
        ("bench", "benches"),
        ("four électrique", "fours électriques"),
        ("usine de batteries", "usines de batteries"),
        ("battery plant", "battery plants"),
        ("46-series", "46 series"),
        ("بطارية", "البطاريات"),
        ("بطاريات", "بطارية"),
        ("الأنود", "أنود"),
        ("أنود", "والأنودات"),
    ],
)
def test_a_common_word_is_found_in_its_regular_singular_and_plural(word: str, text: str) -> None:
    assert found(word, text, inflected=True)


@pytest.mark.parametrize(("word", "text"), [("cars", "car il est"), ("acier", "acide"), ("gas", "ga")])
def test_a_common_word_is_not_found_in_others(word: str, text: str) -> None:
    assert not found(word, text, inflected=True)


NAMES = st.text(alphabet="abcÉñø-– 东欧الم0", min_size=1, max_size=12)


@given(NAMES, st.booleans())
def test_a_word_is_found_where_it_stands_as_configured(word: str, inflected: bool) -> None:
    assume(plain(word))

    assert found(word, f"« {word} »", inflected=inflected)


@given(NAMES, st.text())
def test_hits_lie_within_the_text(word: str, text: str) -> None:
    folded = Text.of(text + word + text)
    hits = Finder(dict.fromkeys(forms(word, inflected=True), word)).find(folded)

    assert all(0 <= span.start < span.end <= len(folded.bare) for span, _ in hits)
