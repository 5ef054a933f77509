"""What every match of a regular expression holds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.reading.text.required import required


@pytest.mark.parametrize(
    ("pattern", "strings"),
    [
        ("year", {"year"}),
        ("year|month", {"year", "month"}),
        ("year|", set()),
        ("", set()),
        (r"of\s+the\s+year", {"year"}),
        ("(?:mi|half)-year", {"mi-year", "half-year"}),
        ("years?", {"year"}),
        ("ye*ar+s", {"ar"}),
        ("(?:half)?year", {"year", "halfyear"}),
        ("a{2}bc", {"bc"}),
        ("(?:the){0,2} end{1,}", {" end"}),
        (r"\.x", {".x"}),
        (r"[hq](?P<number>[1-2])", {"h1", "h2", "q1", "q2"}),
        (r"[^ab]c", {"c"}),
        (r"[\d]c", {"c"}),
        (r"[\u0600-\u06ff]c", {"c"}),
        ("h(?=1).", {"h1"}),
        ("(?<=x)h(?!2)1", {"h1"}),
        (r"(?P<a>x)(?P=a)", set()),
        ("(?i:x)", set()),
        ("^.$", set()),
        ("年|quarter", {"年", "quarter"}),
        ("(?:aa|bb)cc年", {"aacc年", "bbcc年"}),
        ("(?:" + "|".join(f"{number:02}" for number in range(61)) + ")x", {f"{number:02}" for number in range(61)}),
    ],
)
def test_the_strings_are_those_of_which_every_match_holds_one(pattern: str, strings: set[str]) -> None:
    assert next(iter(required(pattern)), set()) == strings


@pytest.mark.parametrize(
    ("pattern", "sets"),
    [
        (r"(?:end|close) of\s+(?P<year>20\d\d)", [{"end of", "close of"}, {"20"}]),
        (r"(?:in|by)\s+q[12]\s+a", [{"in", "by"}, {"q1", "q2"}]),
        (r"(?:the\s+year|a\s+month)\s+ahead", [{"ahead"}, {"year", "month"}]),
        (r"day\s+(?:of\s+)?day", [{"day"}]),
    ],
)
def test_a_match_holds_one_of_each_set_that_is_told(pattern: str, sets: list[set[str]]) -> None:
    assert [set(strings) for strings in required(pattern)] == sets


PATTERNS = (
    r"(?:in|by)\s+h(?=1)(?:1|[1-4]st)",
    r"(?:the\s+)?(?P<year>(?:19[89]|20[0-5])\d)(?![\d%])",
    r"(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)(?:er)?[/.](?P<month>1[0-2]|0?[1-9])",
    r"ab?c{2}d*(?:e|fg)+h",
    r"(?:year|mid-?year)(?:\s*'?\d\d)?|末[底前]?",
)


@given(st.sampled_from(PATTERNS).flatmap(lambda pattern: st.tuples(st.just(pattern), st.from_regex(pattern))))
def test_no_match_is_without_them(drawn: tuple[str, str]) -> None:
    pattern, text = drawn

    found = re.search(pattern, text)

    assert found is None or all(any(string in text for string in strings) for strings in required(pattern))
