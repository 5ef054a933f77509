"""Text in Markdown: what stands there is what is read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.message.markup import Markdown, address, escaped


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


def test_what_is_markdown_already_stays_as_it_is() -> None:
    assert escaped(Markdown("**x**")) == "**x**"


@given(st.text())
def test_without_the_backslashes_it_is_the_text(text: str) -> None:
    assert re.sub(r"\\(.)", r"\1", escaped(text), flags=re.DOTALL) == text


def test_an_address_cannot_end_its_link() -> None:
    assert address("https://example.org/a_(b)|c?d=[e]*") == "https://example.org/a_%28b%29%7Cc?d=%5Be%5D%2A"
