"""Numbers in five languages: digits, words, scales and mixtures."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.reading.quantities.numerals import Number
from monitor.core.reading.text.text import Text
from tests.core.reading.texts import lexicons

LANGUAGES = ("ar", "en", "es", "fr", "zh")


def numbers(language: str, text: str) -> list[Number]:
    return list(lexicons()[language].numbers.find(Text.of(text).bare))


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("fr", "vingt et un", [21]),
        ("fr", "quatre-vingt-dix mille", [90_000]),
        ("fr", "un milliard et demi", [1.5e9]),
        ("fr", "un demi-milliard", [5e8]),
        ("fr", "3 milliards 684 millions", [3.684e9]),
        ("fr", "trois millions et deux usines", [3e6, 2]),
        ("fr", "3,684 milliards", [3.684e9]),
        ("fr", "2.600 millions", [2.6e9]),
        ("fr", "1.250 milliards", [1.25e12]),
        ("fr", "1 234 567,8", [1_234_567.8]),
        ("fr", "deux trois", [2, 3]),
        ("fr", "des milliards", []),
        ("fr", "plusieurs cent", []),
        # In digits it says how many: "les 6,5 milliards que coûtera l'usine"; but not the how many-th.
        ("fr", "les 6,5 milliards", [6.5e9]),
        ("zh", "第1万", []),
        ("en", "1,234.5", [1234.5]),
        ("en", "3.535 billion", [3.535e9]),
        ("en", "twenty-five", [25]),
        ("en", "two hundred and fifty thousand", [250_000]),
        ("en", "three and a half billion", [3.5e9]),
        ("en", "half a billion", [5e8]),
        ("en", "tens of thousands", []),
        ("en", "5 million 7", [5e6, 7]),
        ("en", "5\nmillion", [5]),
        ("es", "mil 200 millones", [1.2e9]),
        ("es", "5 mil millones", [5e9]),
        ("es", "dos millones y medio", [2.5e6]),
        ("es", "2,5 millones", [2.5e6]),
        ("ar", "3,684 مليار", [3.684e9]),
        ("ar", "مليارا", [2e9]),
        ("ar", "مليارا ونصف", [1.5e9]),
        ("ar", "مليارا دولار و200 وظيفة", [2e9, 200]),
        ("ar", "بمليارين ونصف المليار", [2.5e9]),
        ("ar", "خمسة وعشرون ألف", [25_000]),
        ("ar", "ألف وخمسمائة", [1500]),
        ("ar", "٣٫٥ مليار", [3.5e9]),
        ("ar", "عشرات الآلاف", []),
        ("zh", "三十五", [35]),
        ("zh", "一百二十万", [1_200_000]),
        ("zh", "1亿2000万", [1.2e8]),
        ("zh", "1,200百万", [1.2e9]),
        ("zh", "1200千瓦", [1200]),
        ("zh", "1.2万亿", [1.2e12]),
        ("zh", "数十亿", []),
    ],
)
def test_a_number_is_worth_what_it_says(language: str, text: str, values: list[float]) -> None:
    assert [number.value for number in numbers(language, text)] == pytest.approx(values)


@pytest.mark.parametrize("language", LANGUAGES)
@given(text=st.text(alphabet=st.sampled_from("0123456789.,' -千万亿半三مليارونصف deuxmil hundredandet"), max_size=60))
def test_numbers_stand_in_order_whatever_the_text(language: str, text: str) -> None:
    found = numbers(language, text)

    assert all(number.value >= 0 for number in found)
    assert all(one.span.end <= other.span.start for one, other in pairwise(found))


@pytest.mark.parametrize(("language", "text"), [("fr", "00 cent"), ("zh", "0百万"), ("zh", "00百")])
def test_nothing_times_a_scale_does_not_raise(language: str, text: str) -> None:
    assert all(number.value >= 0 for number in numbers(language, text))
