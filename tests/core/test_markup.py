"""What articles say is inert wherever it is shown."""

import re
from urllib.parse import quote, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.message.compose import with_link
from monitor.core.news import Message
from monitor.core.plain import address, ascii_only, escaped, readable
from tests.builders import VOICE

# ---------------------------------------------------------------- Markdown


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("*bold* _it_ `code`", r"\*bold\* \_it\_ \`code\`"),
        ("[a](https://b)", r"\[a\](https://b)"),
        ("<b> & ~x~ |y| #z", r"\<b\> \& \~x\~ \|y\| \#z"),
        ("- no item", r"\- no item"),
        ("1. no item", r"1\. no item"),
        ("2) no item", r"2\) no item"),
        ("2026-09", "2026-09"),
        ("a - b + c", "a - b + c"),
    ],
)
def test_signs_of_markup_are_escaped(text: str, written: str) -> None:
    assert escaped(text) == written


@given(st.text())
def test_without_the_backslashes_it_is_the_text(text: str) -> None:
    assert re.sub(r"\\(.)", r"\1", escaped(text), flags=re.DOTALL) == text


def test_an_address_cannot_end_its_link() -> None:
    assert address("https://example.org/a_(b)|c?d=[e]*") == "https://example.org/a_%28b%29%7Cc?d=%5Be%5D%2A"


# ---------------------------------------------------------------- readable addresses


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("https://24saa.com/%D8%B7%D9%86%D8%AC%D8%A9-btr", "https://24saa.com/طنجة-btr"),
        ("https://example.cn/%e8%b4%9d%e7%89%b9?q=%E6%91%A9", "https://example.cn/贝特?q=摩"),
        ("https://example.org/K%C3%A9nitra#f%C3%A9", "https://example.org/Kénitra#fé"),
        ("https://example.org/", "https://example.org/"),
    ],
)
def test_letters_of_other_scripts_are_decoded(url: str, read: str) -> None:
    assert readable(url) == read


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://example.org/a%2Fb%20c%3Fd%25", id="a separator would change its meaning"),
        pytest.param("https://example.org/%41", id="an ASCII letter"),
        pytest.param("https://example.org/%E2%80%AEa%E2%80%8B", id="a direction and an invisible character"),
        pytest.param("https://example.org/%E2%80%9Ca%E2%80%9D%C2%A0", id="quotation marks and a space"),
        pytest.param("https://example.org/%FF%C3", id="no UTF-8"),
        pytest.param("https://example.org/e%CC%81", id="a letter that programs may write otherwise"),
        pytest.param("https://example.org/100%", id="no encoding"),
    ],
)
def test_what_would_not_be_the_same_address_stays_as_it_is(url: str) -> None:
    assert readable(url) == url


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_the_readable_address_leads_to_the_same_place(path: str) -> None:
    url = f"https://example.org/{quote(path)}"

    read = readable(url)

    assert ascii_only(read) == url
    assert read.isprintable()


@given(st.text(st.sampled_from("%aC3é٪ط8")))
def test_what_is_broken_names_the_same_bytes_too(path: str) -> None:
    assert unquote_to_bytes(ascii_only(readable(path))) == unquote_to_bytes(path)


# ---------------------------------------------------------------- the link at the end of a mail


LINK = "https://m.example/subscription/a&b"
MESSAGE = Message(title="T", body="Text.\n", id="m", html="<html><body><p>Text</p></body></html>")


def test_the_link_ends_the_text_and_the_html() -> None:
    message = with_link(MESSAGE, LINK, voice=VOICE, language="en")

    assert message.body == f"Text.\n\nPause, change or end this subscription: {LINK}"
    assert message.html.endswith("</a></p></body></html>")
    assert 'href="https://m.example/subscription/a&amp;b"' in message.html


def test_without_an_address_a_message_stays_as_it_is() -> None:
    assert with_link(MESSAGE, "", voice=VOICE, language="en") is MESSAGE


def test_a_message_of_text_alone_gets_no_html() -> None:
    assert with_link(Message(title="T", body="b", id="m"), LINK, voice=VOICE, language="ar").html == ""
