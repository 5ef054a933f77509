"""Text from outside, made fit."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.plain import clean, fit, inert, is_plain_address, isolate, shorten, single_spaced


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        pytest.param("Works have started.", "Works have started.", id="harmless text stays"),
        pytest.param("a\r\nb\tc\u2028d  e", "a b c d e", id="one line"),
        pytest.param("a\x00\x1b[31mb\x7f\x9b", "a[31mb", id="no control characters, so no colours"),
        pytest.param("pay\u202egnp.exe", "paygnp.exe", id="no turning of the direction"),
        pytest.param("\u2066a\u2069 \u200fb\u061c", "a b", id="no isolates and marks either"),
        pytest.param("zero\u200bwidth\ufeff", "zerowidth", id="nothing that cannot be seen"),
        pytest.param("a\ud800b", "ab", id="no lone surrogate, which cannot be sent"),
        pytest.param("tag\U000e0041\ue000", "tag", id="no tags, no private use"),
        pytest.param("👩\u200d🔧 می\u200cخواهم", "👩\u200d🔧 می\u200cخواهم", id="joiners are part of words and emoji"),
        pytest.param("الأشغال متوقفة", "الأشغال متوقفة", id="Arabic stays"),
        pytest.param("@everyone come", "@\u2060everyone come", id="nobody is called"),
        pytest.param(
            "<@123> <!channel> <#9>", "<\u2060@\u2060123> <\u2060!channel> <\u2060#9>", id="in no service's way"
        ),
        pytest.param("a@everyone b@HERE.", "a@\u2060everyone b@\u2060HERE.", id="nor from within a word"),
        pytest.param("a@123456789012345678", "a@\u2060123456789012345678", id="nor by number"),
        pytest.param("a@hereford.gov a@163.com", "a@hereford.gov a@163.com", id="what begins alike is not a call"),
        pytest.param("desk@example.org", "desk@example.org", id="a mail address is not a call"),
        pytest.param(" \t ", "", id="nothing is nothing"),
    ],
)
def test_text_is_cleaned(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text())
def test_clean_text_can_be_sent_and_shows_all_it_has(text: str) -> None:
    cleaned = clean(text)

    cleaned.encode()
    assert not {unicodedata.category(char) for char in cleaned} & {"Cc", "Cs", "Co", "Zl", "Zp"}
    assert "\n" not in cleaned


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        pytest.param("Short.", 10, "Short.", id="short text stays"),
        pytest.param("One two. Three four. Five.", 24, "One two. Three four. …", id="at the end of a sentence"),
        pytest.param("One two three four five six", 16, "One two three…", id="else at the end of a word"),
        pytest.param("O. two three four five six", 16, "O. two three…", id="a sentence that is too short is none"),
        pytest.param("Onetwothreefourfivesix", 10, "Onetwoth…", id="else anywhere"),
        pytest.param(
            "工厂已开工。项目进展顺利，预计明年投产。", 12, "工厂已开工。 …", id="Chinese sentences have no space"
        ),
        pytest.param("توقفت الأشغال؟ نعم، منذ شهر.", 20, "توقفت الأشغال؟ …", id="Arabic ones end otherwise"),
        pytest.param("1.5 million and 2.5 million", 20, "1.5 million and…", id="a decimal point ends nothing"),
        pytest.param("abcde\u0301fgh", 7, "abcd…", id="not between a letter and its accent"),
        pytest.param("ab 👩\u200d🔧👩\u200d🔧", 7, "ab…", id="an emoji of several parts whole or not at all"),
        pytest.param("\u0301\u0301\u0301\u0301", 3, "…", id="nothing but accents"),
        pytest.param("abc", 1, "…", id="no room"),
        pytest.param("abc", 0, "", id="no room at all"),
    ],
)
def test_text_is_shortened(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


@given(st.text(), st.integers(0, 50))
def test_short_text_is_within_its_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


@pytest.mark.parametrize(
    ("text", "rtl", "isolated"),
    [
        pytest.param("BTR", False, "BTR", id="the same way"),
        pytest.param("طنجة", True, "طنجة", id="the same way, from right to left"),
        pytest.param("طنجة", False, "\u2068طنجة\u2069", id="Arabic among French"),
        pytest.param("(BTR)", True, "\u2068(BTR)\u2069", id="French among Arabic"),
        pytest.param("2026", True, "2026", id="numbers have no direction"),
        pytest.param("مصنع BTR", True, "\u2068مصنع BTR\u2069", id="a number after it would join the last word"),
        pytest.param("BTR مصنع", False, "\u2068BTR مصنع\u2069", id="and so among French"),
    ],
)
def test_text_that_runs_the_other_way_is_isolated(text: str, rtl: bool, isolated: str) -> None:
    assert isolate(text, rtl=rtl) == isolated


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("https://example.org/a?b=c&d=é", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("https://example.org/a b", False),
        ("https://example.org/\nBcc: x", False),
        ('https://example.org/"onclick', False),
        ("https://example.org/\u202egpj", False),
        ("https://", False),
    ],
)
def test_only_web_addresses_without_tricks_are_shown(text: str, plain: bool) -> None:
    assert is_plain_address(text) is plain


# ---------------------------------------------------------------- links, lines


@pytest.mark.parametrize(
    "text", ["https://evil.example/x", "evil.example", "www.evil.example", "ftp://evil", "me@evil.example"]
)
def test_nothing_in_inert_text_becomes_a_link(text: str) -> None:
    assert re.search(r"://|\w\.[a-z]{2,}", inert(text)) is None


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_what_is_fitted_is_no_longer_than_it_may_be(text: str, limit: int) -> None:
    assert len(fit(text, limit)) <= limit


@given(st.text() | st.lists(st.sampled_from([" ", "\n", "\t", "\xa0", "\x1c", "\u2028", "a", "é"])).map("".join))
def test_white_space_becomes_single_spaces(text: str) -> None:
    assert single_spaced(text) == " ".join(text.split())
