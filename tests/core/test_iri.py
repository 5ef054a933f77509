"""Addresses for reading: what a person can read is decoded, and the address stays the same one."""

from urllib.parse import quote, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.iri import ascii_only, readable


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


def test_what_can_be_read_is_decoded_beside_what_cannot() -> None:
    assert readable("https://example.org/%D8%B7%20%D9%86%FF") == "https://example.org/ط%20ن%FF"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_the_readable_address_leads_to_the_same_place(path: str) -> None:
    url = f"https://example.org/{quote(path)}"

    read = readable(url)

    assert ascii_only(read) == url
    assert read.isprintable()


@given(st.text(st.sampled_from("%aC3é٪ط8")))
def test_what_is_broken_names_the_same_bytes_too(path: str) -> None:
    assert unquote_to_bytes(ascii_only(readable(path))) == unquote_to_bytes(path)
