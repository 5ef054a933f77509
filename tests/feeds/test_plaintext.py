"""Markup as a reader sees it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import MAX_TEXT
from monitor.feeds.plaintext import MAX_TITLE, one_line, to_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("<p>one\n  and</p>\n\n<p>two</p>", "one and\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("before<div>in</div>after", "before\nin\nafter"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<table><tr><th>Jobs<td>2,500</tr><tr><td>Area<td>30 ha</table>", "Jobs 2,500\nArea 30 ha"),
        ("<b>bo</b>ld", "bold"),
        ("caf&eacute; &amp; th&#233; &#x1F600; 5 &lt; 6", "café & thé 😀 5 < 6"),
        ("<p>caf&eacute; &amp; th&#233; 5 &lt; 6</p>", "café & thé 5 < 6"),
        ("AT&T &unknown; 100%", "AT&T &unknown; 100%"),
        ("a&nbsp;b\u00a0c", "a b c"),
        ("<script>alert(1)</script>hello<style>p{}</style>", "hello"),
        ("<p>a</p><noscript><img src=x></noscript><iframe src=x>no</iframe><p>b</p>", "a\nb"),
        ("<svg><text>drawn</text></svg>seen", "seen"),
        ("<!-- said to editors -->said", "said"),
        ("<img src=x onerror=alert(1)>", ""),
        ("x <y and z> w", "x <y and z> w"),
        ("5 < 6 > 4", "5 < 6 > 4"),
        ("<p>unclosed <b>tags", "unclosed tags"),
        ("</p></div>closed twice</p>", "closed twice"),
        ("<P CLASS='x'>loud</P>", "loud"),
        ("one\n\ntwo\nand\n \nthree", "one\ntwo and\nthree"),
        ("<p>المصنع &amp; <b>طنجة</b></p>", "المصنع & طنجة"),
        ("<p>贝特瑞<br>工厂</p>", "贝特瑞\n工厂"),
        ("<p>a\x00b\ud800c\u202ed\x1be</p>", "abcde"),
        ("<html><head><title>T</title></head><body>B</body></html>", "B"),
    ],
)
def test_a_reader_sees(markup: str, text: str) -> None:
    assert to_text(markup) == text


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("  A &amp; B\n <b>bold</b> ", "A & B bold"),
        ("<p>one</p><p>two</p>", "one two"),
        ("x" * 2000, "x" * MAX_TITLE),
    ],
)
def test_a_headline_stands_on_one_line(markup: str, title: str) -> None:
    assert one_line(markup) == title


def test_a_text_without_an_end_is_cut() -> None:
    assert len(to_text("word " * 100_000)) == MAX_TEXT


@pytest.mark.parametrize(
    "markup", ["<div>" * 100_000, "<b>" * 100_000 + "x", "<" * 200_000, "<p" * 100_000, "&" * 200_000, "<!--" * 50_000]
)
def test_nesting_without_an_end_does_no_harm(markup: str) -> None:
    assert isinstance(to_text(markup), str)


_PIECES = st.sampled_from(
    ["<p>", "</p>", "<br>", "<script>", "</script>", "<!--", "-->", "&amp;", "&#0;", "<", ">", "\x00"]
)


@given(st.lists(_PIECES | st.text(max_size=10), max_size=20).map("".join))
def test_any_markup_becomes_text_that_a_database_can_hold(markup: str) -> None:
    text = to_text(markup)

    assert "\x00" not in text
    text.encode()
    assert all(line == line.strip() != "" for line in text.split("\n") if text)
